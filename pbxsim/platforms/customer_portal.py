"""Customer Portal: extensions are handed on, and everything new is asked of the service desk.

Source: the portal's help article on reassigning an extension to a new user; its public help on access levels.
"""

from __future__ import annotations

from pbxsim.core.platform import DELETE, FATES, KEEP, RELEASE, Platform, Rule
from pbxsim.platforms.general import RULES as GENERAL
from pbxsim.platforms.roles import ADMINISTRATOR, USER

_ARTICLE = "Customer Portal: reassign an extension"
_STORY = "tests/articles/customer_portal.py"

CUSTOMER_PORTAL = Platform(
    name="customer-portal",
    title="Customer Portal",
    words={},
    roles={"service-desk": {"*": "all"}, "pbx-admin": ADMINISTRATOR, "end-user": USER},
    default_role="end-user",
    rendering={"*": "live"},
    login="email",
    numbers_to_users=True,
    requests=True,
    directory="kept",
    rules=(
        Rule(
            "customer-portal.user.delete.devices",
            "A deleted user's devices are deleted with him.",
            "decided: the article says nothing of them",
            _STORY,
            policy=DELETE,
            choices=FATES,
        ),
        Rule(
            "customer-portal.user.delete.mailboxes",
            "A deleted user's mailbox goes with him.",
            "decided: the article says nothing of it",
            _STORY,
            policy=DELETE,
            choices=FATES,
        ),
        Rule(
            "customer-portal.user.delete.numbers",
            "The numbers that led straight to a deleted user become available.",
            "decided: the article says nothing of them",
            _STORY,
            policy=RELEASE,
            choices=(KEEP, RELEASE),
        ),
        Rule(
            "customer-portal.user.delete.queues",
            "A deleted user leaves the queues.",
            "decided: the article says nothing of them",
            _STORY,
            policy=RELEASE,
            choices=(KEEP, RELEASE),
        ),
        Rule(
            "customer-portal.registration.lifetime",
            "A registration lives 3,600 s unless switched.",
            "decided: the common default of desk phones",
            "tests/rules/test_logins.py",
            policy=3600,
        ),
        *GENERAL,
    ),
)
