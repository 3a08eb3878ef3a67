"""The reachability audit (X3): every number and extension, where its calls end, each dead end with its cause."""

from __future__ import annotations

from msgspec import Struct

from pbxsim.core.entities import Account, Callflow, Device, Mailbox, Number, User, Version
from pbxsim.core.logins import device_title
from pbxsim.core.nodes import Node, targets, walk
from pbxsim.core.routing import Trace, route
from pbxsim.core.state import State


class Orphan(Struct, frozen=True):
    """Something that still names what is gone: `kind` node, device or mailbox; `gone` is the dead id."""

    kind: str
    name: str
    gone: str


class Audit(Struct, frozen=True):
    """Every destination with its trace, as a call would go now if whoever rings answers; and what names the dead."""

    traces: tuple[Trace, ...]
    orphans: tuple[Orphan, ...]

    @property
    def dead_ends(self) -> tuple[Trace, ...]:
        """The destinations from which a call reaches nobody at present."""
        return tuple(trace for trace in self.traces if trace.outcome == "nobody")


def audit(state: State, account: Account) -> Audit:
    """Walk every number, extension and dialled code of an account, in the order people see them."""
    destinations = [number.e164 for number in state.listed(account.id, Number)]
    inside = {user.extension for user in state.listed(account.id, User)}
    inside |= {key for callflow in state.listed(account.id, Callflow) for key in callflow.dialled}
    destinations += sorted(inside, key=lambda key: (len(key), key))
    return Audit(tuple(route(state, account, to) for to in destinations), _orphans(state, account))


def _orphans(state: State, account: Account) -> tuple[Orphan, ...]:
    found: list[Orphan] = []
    for callflow in state.listed(account.id, Callflow):
        for id_ in callflow.versions:
            version = state.the(Version, id_)
            for node in walk(version.root):
                found += _dead(state, node, f"{callflow.name} {version.number}")
    owned = [("device", device_title(device), device.owner) for device in state.listed(account.id, Device)]
    owned += [("mailbox", box.number, box.owner) for box in state.listed(account.id, Mailbox)]
    found += [Orphan(kind, name, owner) for kind, name, owner in owned if owner and owner not in state.entities]
    return tuple(found)


def _dead(state: State, node: Node, where: str) -> list[Orphan]:
    name = f"{type(node).__name__} in {where}"
    return [Orphan("node", name, target) for target in targets(node) if target not in state.entities]
