"""Users page: people and system users, two licences, and settings behind a gear.

Source: the help article on managing users.
"""

from __future__ import annotations

from pbxsim.core.platform import DELETE, FATES, KEEP, RELEASE, Platform, Rule
from pbxsim.core.values import RING
from pbxsim.platforms.general import RULES as GENERAL
from pbxsim.platforms.roles import ADMINISTRATOR, USER

_ARTICLE = "Users page: how to manage users"
_STORY = "tests/articles/users_page.py"

USERS_PAGE = Platform(
    name="users-page",
    title="Users page",
    words={},
    roles={"service-desk": {"*": "all"}, "admin": ADMINISTRATOR, "voice": USER},
    default_role="voice",
    rendering={"*": "live"},
    login="email",
    numbers_to_users=True,
    extension_digits=(2, 4),
    rings=(2, 10),
    ring_seconds=4 * RING,
    rules=(
        Rule(
            "users-page.user.delete.devices",
            "A deleted user's devices are deleted with him.",
            "decided: the article says nothing of them",
            _STORY,
            policy=DELETE,
            choices=FATES,
        ),
        Rule(
            "users-page.user.delete.mailboxes",
            "A deleted user's mailbox goes with him.",
            "decided: the article says nothing of it",
            _STORY,
            policy=DELETE,
            choices=FATES,
        ),
        Rule(
            "users-page.user.delete.numbers",
            "The numbers that led straight to a deleted user become available.",
            "decided: the article says nothing of them",
            _STORY,
            policy=RELEASE,
            choices=(KEEP, RELEASE),
        ),
        Rule(
            "users-page.user.delete.queues",
            "A deleted user leaves the queues.",
            "decided: the article says nothing of them",
            _STORY,
            policy=RELEASE,
            choices=(KEEP, RELEASE),
        ),
        Rule(
            "users-page.registration.lifetime",
            "A registration lives 3,600 s unless switched.",
            "decided: the common default of desk phones",
            "tests/rules/test_logins.py",
            policy=3600,
        ),
        *GENERAL,
    ),
)
