"""NetSapiens: users are reset and recycled rather than deleted, and tagged by how far they have been set up.

Sources: a reseller's help article on deleting, resetting and recycling users; the vendor's OpenAPI document, v45.0.
"""

from __future__ import annotations

from pbxsim.core.platform import DELETE, FATES, KEEP, RELEASE, Platform, Rule
from pbxsim.platforms.general import RULES as GENERAL
from pbxsim.platforms.roles import ADMINISTRATOR, USER

_ARTICLE = "NetSapiens: deleting, resetting and recycling users"
_STORY = "tests/articles/netsapiens.py"

NETSAPIENS = Platform(
    name="netsapiens",
    title="NetSapiens",
    words={"account": "Domain"},
    roles={"service-desk": {"*": "all"}, "office-manager": ADMINISTRATOR, "basic-user": USER},
    default_role="basic-user",
    rendering={"*": "live"},
    login="extension",
    numbers_to_users=True,
    tags=True,
    rules=(
        Rule(
            "netsapiens.user.delete.devices",
            "A deleted user's devices are deleted with him.",
            "decided: the article says nothing of them",
            _STORY,
            policy=DELETE,
            choices=FATES,
        ),
        Rule(
            "netsapiens.user.delete.mailboxes",
            "A deleted user's mailbox goes with him.",
            "decided: the article says nothing of it",
            _STORY,
            policy=DELETE,
            choices=FATES,
        ),
        Rule(
            "netsapiens.user.delete.numbers",
            "The numbers that led straight to a deleted user become available.",
            "decided: the article says nothing of them",
            _STORY,
            policy=RELEASE,
            choices=(KEEP, RELEASE),
        ),
        Rule(
            "netsapiens.user.delete.queues",
            "A deleted user leaves the queues.",
            "decided: the article says nothing of them",
            _STORY,
            policy=RELEASE,
            choices=(KEEP, RELEASE),
        ),
        Rule(
            "netsapiens.registration.lifetime",
            "A registration lives 60 s.",
            "NetSapiens: device-sip-registration-expiry-seconds",
            "tests/rules/test_logins.py",
            policy=60,
        ),
        *GENERAL,
    ),
)
