"""Users page: people and system users, two licences, and settings behind a gear.

Source: the help article on managing users.
"""

from __future__ import annotations

from pbxsim.core.platform import Platform, Rule
from pbxsim.core.values import RING
from pbxsim.platforms.alike import deletion, directory, files, in_place, ownerless, registrar, to_user
from pbxsim.platforms.general import RULES as GENERAL
from pbxsim.platforms.roles import ADMINISTRATOR, SELF, SERVICE_DESK, groups, role

_ARTICLE = "Users page: how to manage users"
_STORY = "tests/articles/users_page.py"

USERS_PAGE = Platform(
    name="users-page",
    title="Users page",
    words={
        "first_name": "username",
        "email": "Email Address",
        "role": "License Type",
        "admin": "Admin",
        "voice": "Voice",
        "extension": "Extension Number",
        "caller_id": "Outbound Caller ID",
        "ring_seconds": "Send calls to Voicemail after",
        "voicemail": "Enable Voicemail",
        "greeting": "Greeting Message",
        "voicemail_pin": "Password",
        "forwarding": "Enable Call Forwarding",
        "dnd": "DND",
        "system": "System user",
    },
    roles={
        "service-desk": SERVICE_DESK,
        "admin": ADMINISTRATOR,
        "voice": role(SELF, groups("own", "user")),
    },
    default_role="voice",
    rendering={"*": "live"},
    login="email",
    invites=True,
    numbers_to_users=True,
    extension_digits=(2, 4),
    rings=(2, 10),
    ring_seconds=4 * RING,
    rules=(
        Rule(
            "users-page.extension",
            "An extension has 2 to 4 digits.",
            _ARTICLE,
            "tests/scenarios/test_users_page_rows.py",
        ),
        Rule(
            "users-page.rings",
            "A user's phones ring 2 to 10 times, 4 unless he says otherwise, before voicemail or hanging up.",
            _ARTICLE,
            "tests/scenarios/test_users_page_rows.py",
        ),
        Rule(
            "users-page.caller-id",
            "The outbound caller ID is one of the account's numbers.",
            _ARTICLE,
            "tests/scenarios/test_users_page_rows.py",
        ),
        Rule(
            "users-page.licence",
            "The licence is the role: Admin controls the system, Voice is limited to its own extension.",
            _ARTICLE,
            "tests/scenarios/test_users_page_rows.py",
        ),
        Rule(
            "users-page.login",
            "The e-mail address is the portal log-in; an invitation is mailed to it.",
            _ARTICLE,
            "tests/scenarios/test_users_page_rows.py",
        ),
        Rule(
            "users-page.user.delete",
            "The page asks before it deletes a user; then he is deleted, and nothing refuses.",
            _ARTICLE,
            _STORY,
        ),
        *deletion("users-page"),
        directory("users-page"),
        *files("users-page"),
        to_user("users-page"),
        *in_place("users-page"),
        registrar("users-page"),
        ownerless("users-page"),
        *GENERAL,
    ),
)
