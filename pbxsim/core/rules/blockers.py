"""Everything that holds a user (J1, J2): all of it at once, each with what to do, in an order that a person can see.

Logins first, then queues, then callflow versions; inside a kind by name and version. The reverse references give them,
so that asking costs what is found.
"""

from __future__ import annotations

from pbxsim.core.entities import Callflow, Mailbox, Queue, User, Version
from pbxsim.core.logins import Login, logins
from pbxsim.core.refusals import Blocker
from pbxsim.core.rules.common import path
from pbxsim.core.state import Change
from pbxsim.core.status import status

_REMEDY = {
    "registration": "Factory-reset the phone, or pull its power and wait until its registration expires.",
    "app": "Log the app out.",
    "hotdesk": "Log out at the phone.",
}


def delete_blockers(change: Change, user: User) -> list[Blocker]:
    """What must go before the user may, on this platform; [] where nothing does."""
    kinds, state = change.platform.user_delete_blockers, change.state
    if not kinds:
        return []
    held = state.sources(user.id)
    found: list[Blocker] = []
    if "login" in kinds:
        phones = change.platform.switched(change.account, "login.registration")
        found += [_login(user, one) for one in logins(state, user) if phones or one.kind != "registration"]
    if "queue" in kinds:
        queues = [one for one in held if type(one) is Queue]
        queues.sort(key=lambda queue: (queue.name, queue.id))
        found += [_queue(user, queue) for queue in queues]
    if "callflow" in kinds:
        # A mailbox goes with its user, so a version that takes messages for it holds the user too.
        boxes = [one for one in held if type(one) is Mailbox]
        held += [one for box in boxes for one in state.sources(box.id)]
        versions = {one.id: one for one in held if type(one) is Version}
        flows = [(state.the(Callflow, version.callflow), version) for version in versions.values()]
        flows.sort(key=lambda pair: (pair[0].name, pair[0].id, pair[1].number))
        found += [_version(change, user, callflow, version) for callflow, version in flows]
    return found


def held_by(user: User, blockers: list[Blocker]) -> str:
    """1 login, 1 queue and 2 callflow versions hold user 1002."""
    kinds = [blocker.kind for blocker in blockers]
    counted = [
        f"{count} {noun}{'s' * (count > 1)}"
        for kind, noun in (("login", "login"), ("queue", "queue"), ("callflow", "callflow version"))
        if (count := kinds.count(kind))
    ]
    listed = " and ".join([", ".join(counted[:-1]), counted[-1]]) if counted[1:] else counted[0]
    return f"{listed} {'holds' if len(blockers) == 1 else 'hold'} user {user.extension}"


def _login(user: User, login: Login) -> Blocker:
    request = None
    if login.kind == "app":
        request = ("DELETE", f"{path(user)}/apps/{login.id}")
    more = (("login", login.kind), ("since", login.since), ("expires", login.expires))
    return Blocker("login", login.id, login.name, _REMEDY[login.kind], request, more)


def _queue(user: User, queue: Queue) -> Blocker:
    remedy = f"Remove user {user.extension} from queue {queue.name}."
    return Blocker("queue", queue.id, queue.name, remedy, ("DELETE", f"{path(queue)}/members/{user.id}"))


def _version(change: Change, user: User, callflow: Callflow, version: Version) -> Blocker:
    state = status(change.state, version)
    request = None
    if state == "ACTIVE":
        remedy = (
            f"Take user {user.extension} out of {callflow.name} in a new version, or reassign its numbers; "
            f"then delete version {version.number}."
        )
    else:
        remedy = f"Delete version {version.number} of {callflow.name}."
        request = ("DELETE", f"{path(callflow)}/versions/{version.number}")
    more = (("version", version.number), ("status", state))
    return Blocker("callflow", callflow.id, callflow.name, remedy, request, more)
