"""Rules that every platform shares."""

from __future__ import annotations

from pbxsim.core.platform import Rule

RULES = (
    Rule(
        "pbx.account.taken",
        "An account's id is unique on the server.",
        "decided",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.extension.taken",
        "An extension belongs to one user of an account, and no callflow answers to it besides.",
        "KAZOO: extensions and callflow numbers are unique in an account",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.mailbox.taken",
        "A mailbox number is unique in its account.",
        "KAZOO: vmboxes, 'Invalid mailbox number or already exists'",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.mac.taken",
        "A MAC address belongs to one device on the server.",
        "KAZOO: devices, 'MAC address already in use'; the provisioner looks it up over all accounts",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.login.taken",
        "What somebody logs in to the portal with is unique on the server.",
        "NetSapiens: login-username, 'UID already exists'; users page article (e-mail is the log-in)",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.number.taken",
        "An E.164 number is on one account only; a code is answered by one callflow of an account.",
        "KAZOO: phone_numbers, 'number already exists'",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.number.in-use",
        "A number that a callflow answers to is not deleted.",
        "decided: KAZOO would leave the number in the callflow's list; we refuse instead of leaving a dead end",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.callflow.incomplete",
        "A callflow in service has every node configured: percent = configured nodes / nodes, and it must be 100.",
        "Jet article ('Your callflow should now be at 100%'); the formula is decided",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.callflow.version.fixed",
        "Only a draft can be changed.",
        "Jet article: saving a callflow creates a new version",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.callflow.version.outdated",
        "A draft is not made Available once a newer version is in service: the newest is always the one that counts.",
        "decided",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.seats.exhausted",
        "Users beyond the seats that were bought cannot be added; deleting never lowers the seats.",
        "Jet article ('does not reduce the number of phone users you pay for'); refusing is decided",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.role",
        "What somebody may ask follows from his role's table.",
        "decided",
        "tests/rules/test_roles.py",
    ),
    Rule(
        "pbx.app.password",
        "An app logs in with the user's password, and only while the user exists.",
        "Jet article ('the Jet app login will no longer be accepted')",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.phone.taken",
        "There is one emulated phone with a MAC address in a world.",
        "decided",
        "tests/rules/test_refusals.py",
    ),
)
