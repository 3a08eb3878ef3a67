"""Jet: versions of callflows, and the rule that a user who is logged in, queued or in a callflow is not deleted.

Source: Jet's help article on deactivating a phone user.
"""

from __future__ import annotations

from pbxsim.core.platform import DELETE, RELEASE, Platform, Rule
from pbxsim.platforms.general import RULES as GENERAL
from pbxsim.platforms.roles import ADMINISTRATOR, USER

_ARTICLE = "Jet: deactivate a phone user"
_STORY = "tests/articles/jet.py"

JET = Platform(
    name="jet",
    title="Jet",
    words={"user": "Phone User", "number": "Phone Number"},
    default_role="user",
    rendering={"*": "live"},  # decided
    versions=True,
    user_delete_blockers=frozenset({"login", "queue", "callflow"}),
    roles={
        "service-desk": {"*": "all"},
        "admin": ADMINISTRATOR,
        "user": USER,
    },
    rules=(
        Rule(
            "jet.user.delete.blocked",
            "A user is not deleted while in any queue, in any callflow version (drafts too), or logged in anywhere; "
            "the refusal lists all of them at once: logins, queues, callflow versions.",
            _ARTICLE,
            _STORY,
        ),
        Rule(
            "jet.user.delete.devices",
            "A deleted user's devices stay, ownerless; their next REGISTER gets 403.",
            "decided: the article says that the app log-in is no longer accepted, and nothing of devices",
            _STORY,
            policy=RELEASE,
            choices=(RELEASE, DELETE),
        ),
        Rule(
            "jet.user.delete.mailboxes",
            "A deleted user's mailbox goes with him.",
            "decided: the article says nothing of it",
            _STORY,
            policy=DELETE,
            choices=(RELEASE, DELETE),
        ),
        Rule(
            "jet.callflow.delete.active",
            "Only an AVAILABLE version or a draft is deleted, never an ACTIVE one; the refusal names what holds it.",
            _ARTICLE,
            _STORY,
        ),
        Rule(
            "jet.callflow.versions",
            "A callflow is not edited in place: an edit makes a new version, which takes every number when it is made "
            "Available; the old one becomes AVAILABLE and still counts until it is deleted.",
            _ARTICLE,
            _STORY,
        ),
        Rule(
            "jet.number.recycle",
            "A deactivated number becomes AVAILABLE, stays on the account and can be set up for a new user.",
            _ARTICLE,
            _STORY,
        ),
        Rule(
            "jet.rendering",
            "A device's file is rendered at each fetch, with the names of that moment.",
            "decided",
            "tests/rules/test_rendering.py",
        ),
        Rule(
            "jet.registration.lifetime",
            "A registration lives 3,600 s unless switched; a power cut takes nothing back.",
            "decided: the common default of desk phones",
            "tests/rules/test_logins.py",
            policy=3600,
        ),
        Rule(
            "jet.provisioning.boot-files",
            "Yealinks get boot files that include their configuration files. Off unless switched on.",
            "decided: a server without boot files costs a phone two waits at each boot, and is what most are",
            "tests/rules/test_rendering.py",
            policy=False,
        ),
        *GENERAL,
    ),
)
