"""PISTON: a portal over KAZOO. Nothing is refused when a user is deleted, nothing cascades, and files are rendered when
a device or user is saved, but for an Aastra's, which is written when somebody logs in at it.

Sources: Voxter's help article on removing and renaming a phone user; KAZOO 4.3's public source.
"""

from __future__ import annotations

from pbxsim.core.platform import FATES, KEEP, Platform, Rule
from pbxsim.platforms.general import RULES as GENERAL
from pbxsim.platforms.roles import ADMINISTRATOR, USER

_ARTICLE = "PISTON: remove a phone user"
_STORY = "tests/articles/piston.py"

PISTON = Platform(
    name="piston",
    title="PISTON",
    words={"phone user": "User"},
    default_role="user",
    rendering={"*": "at_save", "aastra": "at_login"},
    user_brings_callflow=True,
    callflow_needs_number=True,
    numbers_move_directly=False,
    ownerless_registers=True,
    roles={
        "service-desk": {"*": "all"},
        "admin": ADMINISTRATOR,
        "user": USER,
    },
    rules=(
        Rule(
            "piston.user.add.callflow",
            "Adding a user makes a callflow of his extension (user, then voicemail) and a mailbox.",
            f"{_ARTICLE}; as the set-up wizard does: decided",
            _STORY,
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
            "piston.registration.lifetime",
            "A registration lives 300 s.",
            "KAZOO: sip.expire_seconds",
            "tests/rules/test_logins.py",
            policy=300,
        ),
        Rule(
            "piston.provisioning.boot-files",
            "Yealinks get boot files that include their configuration files. Off unless switched on.",
            "decided: a server without boot files costs a phone two waits at each boot, and is what most are",
            "tests/rules/test_rendering.py",
            policy=False,
        ),
        *GENERAL,
    ),
)
