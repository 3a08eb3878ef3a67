"""Rules that every platform shares."""

from __future__ import annotations

from pbxsim.core.platform import DELETE, RELEASE, Rule

RULES = (
    Rule(
        "pbx.blf-key.taken",
        "A key of a phone is programmed once.",
        "KAZOO: combo_keys of a device, an object by the key's number",
        "tests/scenarios/test_staleness.py",
    ),
    Rule(
        "pbx.user.delete.directory",
        "A deleted user's entry in a directory that keeps names is deleted with him. Switched to release, it stays and "
        "is nobody's.",
        "decided: the article leaves the directory to the service desk",
        "tests/rules/test_policies.py",
        policy=DELETE,
        choices=(RELEASE, DELETE),
    ),
    Rule(
        "pbx.account.taken",
        "An account's id is unique on the server.",
        "KAZOO: accounts, 'Account realm already in use' (the realm is made of the id)",
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
        "pbx.number.national",
        "A number is kept as E.164; as it is dialled in a country it is understood where the account has a country.",
        "ITU-T E.164; libphonenumber's metadata of every country",
        "tests/rules/test_numbers.py",
    ),
    Rule(
        "pbx.number.in-use",
        "A number that a callflow answers to is not deleted. Switched off, it is.",
        "decided: KAZOO would leave the number in the callflow's list; we refuse instead of leaving a dead end",
        "tests/rules/test_refusals.py",
        policy=True,
    ),
    Rule(
        "pbx.callflow.incomplete",
        "A callflow in service has every node configured: percent = configured nodes / nodes, and it must be 100. An "
        "account may be content with fewer.",
        "Jet article ('Your callflow should now be at 100%'); the formula is decided",
        "tests/rules/test_refusals.py",
        policy=100,
    ),
    Rule(
        "pbx.callflow.version.fixed",
        "Only a draft can be changed.",
        "Jet article: saving a callflow creates a new version",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.seats.exhausted",
        "Users beyond the seats that were bought cannot be added; deleting never lowers the seats. Switched off, they "
        "can.",
        "Jet article ('does not reduce the number of phone users you pay for'); refusing is decided",
        "tests/rules/test_refusals.py",
        policy=True,
    ),
    Rule(
        "pbx.seats.system",
        "A system user, who stands for a part of the routing, takes no seat. Switched on, he takes one.",
        "users page article (system users are told apart); that they cost nothing is decided",
        "tests/scenarios/test_users_page_rows.py",
        policy=False,
    ),
    Rule(
        "pbx.users.import.whole",
        "A file of users is taken whole or not at all, and every bad line is named with its reason. Switched off, the "
        "good lines are taken, and history says which were left out.",
        "users page article (Import users); all or nothing is decided",
        "tests/scenarios/test_users_page_rows.py",
        policy=True,
    ),
    Rule(
        "pbx.label",
        "A phone's label is the device's name if that is not blank, else the user's, else the account's. Switched to "
        "user, the user's name comes first.",
        "KAZOO: the provisioner's display name; decided for the others",
        "tests/scenarios/test_name_rule.py",
        policy="device",
        choices=("device", "user"),
    ),
    Rule(
        "pbx.role",
        "What somebody may ask follows from his role's table, and nobody gives away a role above his own. Switched "
        "off, every user of the account may do everything in it.",
        "KAZOO: priv_level; NetSapiens: scopes; customer portal's public help; users page article (licence type); the "
        "single rows are decided",
        "tests/rules/test_roles.py",
        policy=True,
    ),
    Rule(
        "pbx.app.password",
        "An app logs in with the user's password, and only while the user exists.",
        "Jet article ('the Jet app login will no longer be accepted')",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.login.end",
        "The service desk ends a login: a phone that is still configured registers again at its next refresh, an app "
        "does not come back by itself.",
        "Jet article ('if this is not possible, please contact Jet Support')",
        "tests/articles/jet.py",
    ),
    Rule(
        "pbx.history",
        "Call records and the history keep the names of their moment, and outlive whoever they name.",
        "Jet article ('This will not remove them from any reports or other historical information')",
        "tests/scenarios/test_calls.py",
    ),
    Rule(
        "pbx.dial-by-name",
        "Dial by name matches the last name, or the first where the node says so.",
        "users page article ('can match on this field but will by default match Last Name')",
        "tests/scenarios/test_call_nodes.py",
    ),
    Rule(
        "pbx.call.not-ringing",
        "Only a call that rings is answered, where it rings.",
        "RFC 3261: an invitation is accepted while it is pending",
        "tests/scenarios/test_calls.py",
    ),
    Rule(
        "pbx.call.busy",
        "Whoever is in a call is busy: none of his phones ring. Switched off, those that are not in a call do.",
        "decided: KAZOO has a switch for it, call_waiting",
        "tests/scenarios/test_calls.py",
        policy=True,
    ),
    Rule(
        "pbx.call.outside-seconds",
        "A telephone outside rings for 30 s.",
        "decided: about what public networks do",
        "tests/scenarios/test_forwarding.py",
        policy=30,
    ),
    Rule(
        "pbx.call.silent-seconds",
        "A call ends when nothing has been heard from one of its phones for 300 s: a phone that loses its power does "
        "not hang up. Its record says which it was.",
        "decided: FreeSWITCH's stock profiles (rtp-timeout-sec, 300); others watch SIP session timers (RFC 4028)",
        "tests/world/test_calls.py",
        policy=300,
    ),
    Rule(
        "pbx.ring-group.ignores-forwarding",
        "Ring groups ring the phones of their users, whatever these forward.",
        "KAZOO: ring groups, ignore_forward",
        "tests/scenarios/test_forwarding.py",
        policy=True,
    ),
    Rule(
        "pbx.queue.agent-seconds",
        "An agent rings for 15 s, then the next one does.",
        "KAZOO: queues, agent_ring_timeout",
        "tests/scenarios/test_queues.py",
        policy=15,
    ),
    Rule(
        "pbx.voicemail.message-seconds",
        "A caller who does not hang up speaks to a mailbox for 10 s.",
        "decided",
        "tests/scenarios/test_call_nodes.py",
        policy=10,
    ),
    Rule(
        "pbx.voicemail.off",
        "A user whose voicemail is switched off gets no message, whichever way a call comes to his mailbox. Switched "
        "off, a callflow's voicemail node takes one all the same.",
        "users page article (voicemail on or off); that it binds callflows too is decided",
        "tests/rules/test_mailboxes.py",
        policy=True,
    ),
    Rule(
        "pbx.voicemail.email",
        "Voicemail to e-mail is a setting of its own: the address stays when the user's name, e-mail or log-in "
        "changes, and the change warns of it. Switched to follows, it becomes the user's new e-mail address.",
        "customer portal article (a tab of its own); KAZOO: notify_email_addresses of a mailbox; else decided",
        "tests/rules/test_mailboxes.py",
        policy="stays",
        choices=("stays", "follows"),
    ),
    Rule(
        "pbx.mailbox.pin",
        "A voicemail log-in needs the mailbox's PIN; a mailbox without one asks for none.",
        "KAZOO: vmboxes, pin and require_pin (false)",
        "tests/rules/test_mailboxes.py",
    ),
    Rule(
        "pbx.mailbox.messages",
        "A mailbox's messages are read through the mailbox, and go with it.",
        "KAZOO: /vmboxes/V/messages; NetSapiens: users/U/voicemails/{folder}",
        "tests/rules/test_mailboxes.py",
    ),
    Rule(
        "pbx.mailbox.full",
        "A mailbox takes no message while it holds 1,000 that are new or saved.",
        "decided: real ones are bounded by space",
        "tests/rules/test_mailboxes.py",
        policy=1000,
    ),
    Rule(
        "pbx.message.delete",
        "A deleted message is kept in the deleted folder; deleted there, it goes for good. Switched off, it goes at "
        "once.",
        "KAZOO: folder deleted of a message; NetSapiens: folder trash; that a second delete is for good is decided",
        "tests/rules/test_mailboxes.py",
        policy=True,
    ),
    Rule(
        "pbx.phone.taken",
        "There is one emulated phone with a MAC address in a world.",
        "IEEE 802: a MAC address is given to one piece of hardware",
        "tests/rules/test_refusals.py",
    ),
    Rule(
        "pbx.setup-code",
        "A QR code logs its app in, once, and lives 10 minutes.",
        "users page article (QR codes for the apps); how long one lives is decided",
        "tests/rules/test_codes.py",
        policy=10,
    ),
    Rule(
        "pbx.invitation",
        "A link by which a password is chosen works once, and lives 3 days (4,320 minutes).",
        "users page article (an invitation is mailed); how long one lives is decided",
        "tests/rules/test_codes.py",
        policy=4320,
    ),
    Rule(
        "pbx.user.no-email",
        "Who has no e-mail address is not written to.",
        "NetSapiens: POST .../users/{user}/email sends the welcome mail to the user's email-address",
        "tests/rules/test_reset.py",
    ),
    Rule(
        "pbx.user.reset.unknown",
        "Users are reset and recycled on NetSapiens only.",
        "the five help articles: one alone knows resets",
        "tests/rules/test_reset.py",
    ),
    Rule(
        "pbx.bulk.unknown",
        "What is done to many users at once is the platform's list; deleting is in none.",
        "NetSapiens: deleting, resetting and recycling users (Reset Users, Send Welcome Email, Force Password Reset)",
        "tests/rules/test_jobs.py",
    ),
    Rule(
        "pbx.job.status",
        "A job is confirmed before it runs, and runs once.",
        "NetSapiens: deleting, resetting and recycling users ('You will be asked to verify your selected action')",
        "tests/rules/test_jobs.py",
    ),
)
