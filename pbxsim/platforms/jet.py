"""Jet: versions of callflows, and the rule that a user who is logged in, queued or in a callflow is not deleted.

Source: Jet's help article on deactivating a phone user.
"""

from __future__ import annotations

from pbxsim.core.platform import DELETE, RELEASE, Platform, Rule
from pbxsim.platforms.alike import directory, files, outdated, ownerless, registrar
from pbxsim.platforms.general import RULES as GENERAL
from pbxsim.platforms.roles import ADMINISTRATOR, SERVICE_DESK, USER

_ARTICLE = "Jet: deactivate a phone user"
_STORY = "tests/articles/jet.py"

JET = Platform(
    name="jet",
    title="Jet",
    words={
        "user": "Phone User",
        "number": "Phone Number",
        "callflow": "Callflow",
        "queue": "Queue",
        "members": "Phone User(s) Assigned",
        "app": "Jet app",
        "service-desk": "Jet Support",
    },
    default_role="user",
    rendering={"*": "live"},  # decided
    versions=True,
    user_delete_blockers=frozenset({"login", "queue", "callflow"}),
    roles={
        "service-desk": SERVICE_DESK,
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
            "jet.callflow.reassign",
            "All numbers of a callflow are reassigned to another in one step; calls follow at once, and the emptied "
            "version becomes AVAILABLE.",
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
            "jet.login.registration",
            "A registered desk phone is a login, and stands in the way of deleting its user. Switched off, only apps "
            "and hot desks do.",
            f"{_ARTICLE} ('reset any Yealink phone'); that its registration is what counts is decided",
            "tests/scenarios/test_jet_rows.py",
            policy=True,
        ),
        Rule(
            "jet.user.delete.blf-keys",
            "The keys that watched a deleted user are deleted with him.",
            "decided: the article says nothing of them",
            "tests/rules/test_policies.py",
            policy=DELETE,
            choices=(RELEASE, DELETE),
        ),
        directory("jet"),
        *files("jet"),
        outdated("jet"),
        registrar("jet"),
        ownerless("jet"),
        *GENERAL,
    ),
)
