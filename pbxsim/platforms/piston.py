"""PISTON: a portal over KAZOO. Nothing is refused when a user is deleted, nothing cascades, and files are rendered when
a device or user is saved, but for an Aastra's, which is written when somebody logs in at it.

Sources: Voxter's help article on removing and renaming a phone user; KAZOO 4.3's public source.
"""

from __future__ import annotations

from pbxsim.core.nodes import CheckVoicemail, HotDesking
from pbxsim.core.platform import FATES, KEEP, Platform, Rule
from pbxsim.platforms.alike import boot_files, directory, registrar
from pbxsim.platforms.general import RULES as GENERAL
from pbxsim.platforms.roles import ADMINISTRATOR, SERVICE_DESK, USER

_ARTICLE = "PISTON: remove a phone user"
_STORY = "tests/articles/piston.py"
_POLICIES = "tests/rules/test_policies.py"

PISTON = Platform(
    name="piston",
    title="PISTON",
    words={
        "user": "User",
        "callflow": "Callflow",
        "number": "phone number",
        "mailbox": "Voicemail",
        "setup_done": "Already Setup",
        "first_name": "firstname",
        "last_name": "lastname",
        "email": "email address",
        "admin": "admin user",
    },
    default_role="user",
    rendering={"*": "at_save", "aastra": "at_login"},
    dialled_callflows=True,
    number_states=("reserved", "in_service", "in_service", "in_service"),  # KAZOO: states of phone_numbers
    callflow_needs_number=True,
    feature_codes={  # KAZOO's stock numbers
        "*11": HotDesking("log-in"),
        "*12": HotDesking("log-out"),
        "*13": HotDesking("toggle"),
        "*97": CheckVoicemail(),
    },
    numbers_move_directly=False,
    roles={
        "service-desk": SERVICE_DESK,
        "admin": ADMINISTRATOR,
        "user": USER,
    },
    rules=(
        Rule(
            "piston.user.add.callflow",
            "Adding a user makes a callflow of his extension (user, then voicemail) and a mailbox. Switched off, the "
            "mailbox alone.",
            f"{_ARTICLE}; that a bare user gets them too, as the set-up wizard makes them, is decided",
            _STORY,
            policy=True,
        ),
        Rule(
            "piston.user.rename",
            "A rename is stored at once, and renames neither callflow, mailbox, device nor caller ID.",
            f"{_ARTICLE}; KAZOO: each is a document of its own",
            "tests/scenarios/test_piston_rows.py",
        ),
        Rule(
            "piston.hot-desk",
            "*11 logs somebody in at the phone that he calls from, *12 out, *13 is one or the other: his calls ring "
            "there; the phone's configuration and label do not change.",
            "KAZOO: hotdesk callflow action and its stock feature codes",
            "tests/scenarios/test_feature_codes.py",
        ),
        Rule(
            "piston.hot-desk.one-phone",
            "Whoever logs in at a phone is logged out at any other: an Aastra offers Override first, *11 asks nothing. "
            "Switched off, he is logged in at several, and all of them ring.",
            "public Aastra log-in scripts (Override); KAZOO: keep_logged_in_elsewhere of a user's hotdesk; that one "
            "switch is for both is decided",
            _POLICIES,
            policy=True,
        ),
        Rule(
            "piston.hot-desk.in-use",
            "An extension is in use where somebody has logged in with it. Switched to registered, a desk phone that is "
            "registered for the user counts too; Override leaves that as it is.",
            "decided: the public log-in scripts know only the phones that they serve",
            _POLICIES,
            policy="hotdesk",
            choices=("hotdesk", "registered"),
        ),
        Rule(
            "piston.hot-desk.unregistered-seconds",
            "For 180 s after a log-in at a phone that has not registered, or is so no longer, no other phone offers "
            "Override: the extension is not registered yet, and may be tried again later.",
            "public Aastra log-in scripts (180 s); that a phone which has lost its registration counts is decided",
            _POLICIES,
            policy=180,
        ),
        Rule(
            "piston.hot-desk.anybody",
            "Any user of the account logs in at an Aastra, whoever owns the device. Switched off, nobody but its owner "
            "does, where it has one.",
            "decided: the public log-in scripts know no owners",
            _POLICIES,
            policy=True,
        ),
        Rule(
            "piston.hot-desk.reboot",
            "An Aastra whose visitor was logged out by somebody else is told to reboot, and asks again. Switched off, "
            "it gets a plain check-sync, finds no file that differs, and keeps the name on its screen.",
            "decided: public log-in scripts and FusionPBX do either (docs/decisions/0006)",
            _POLICIES,
            policy=True,
        ),
        Rule(
            "piston.call.deleted-user",
            "A node of a deleted user rings the devices that are left of his, without his settings; with none left the "
            "call takes the node's next one.",
            "KAZOO: endpoints are found by owner_id, whether or not the owner is there",
            "tests/scenarios/test_feature_codes.py",
        ),
        Rule(
            "piston.user.delete",
            "Deleting a user is never refused, and nothing cascades: devices, mailbox and nodes keep the dead id.",
            f"{_ARTICLE}; KAZOO: soft delete without constraint",
            _STORY,
        ),
        Rule(
            "piston.user.delete.devices",
            "A deleted user's devices keep the dead id. A switch deletes them as well.",
            "KAZOO: no cascade; its other portal offers it as a tick box",
            "tests/rules/test_piston.py",
            policy=KEEP,
            choices=FATES,
        ),
        Rule(
            "piston.number.held",
            "A number is in at most one live callflow: it must leave the first before the other takes it.",
            f"{_ARTICLE}; KAZOO: numbers are unique over live callflows",
            _STORY,
        ),
        Rule(
            "piston.callflow.needs-number",
            "A callflow has at least one number or pattern and one node, so the last number cannot be removed.",
            "KAZOO: 'Callflows must be assigned at least one number or pattern'",
            "tests/rules/test_piston.py",
        ),
        Rule(
            "piston.callflow.in-place",
            "A callflow is edited in place: there are no drafts and no versions.",
            "KAZOO",
            "tests/rules/test_piston.py",
        ),
        Rule(
            "piston.rendering",
            "A device's file is rendered when the device or its owner is saved; an Aastra's at log-in.",
            f"{_ARTICLE}; KAZOO pushes on save; public Aastra log-in scripts",
            _STORY,
        ),
        Rule(
            "piston.mailbox.setup",
            "While a mailbox's Already Setup is unset, the next voicemail log-in runs the set-up wizard: it asks for "
            "a PIN and a greeting and then sets it again; messages, PIN and greeting stay until then. Switched off, "
            "nobody is asked.",
            f"{_ARTICLE}; KAZOO: is_setup of a mailbox",
            _STORY,
            policy=True,
        ),
        registrar("piston", "KAZOO: sip.expire_seconds", 300),
        boot_files("piston"),
        Rule(
            "piston.user.delete.blf-keys",
            "The keys that watched a deleted user keep the dead id, and are switched off in the phone's next file.",
            "KAZOO: combo_keys hold a user's id, and nothing cascades",
            _POLICIES,
            policy=KEEP,
            choices=FATES,
        ),
        directory("piston"),
        *GENERAL,
    ),
)
