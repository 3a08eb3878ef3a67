"""The reachability audit (X3): every number and extension, where its calls end, each dead end with its cause.

And everything that still names what is gone. By ids that is known of every kind of thing, because the state knows what
each of them names; what people dial is no id, and is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from pbxsim.core.entities import (
    NOUNS,
    Account,
    AppLogin,
    BlfKey,
    Callflow,
    Device,
    DirectoryEntry,
    HotDesk,
    Mailbox,
    Number,
    Queue,
    User,
    Version,
)
from pbxsim.core.indexes import references_of
from pbxsim.core.logins import device_title
from pbxsim.core.nodes import node_kind, targets, walk
from pbxsim.core.platform import Platform
from pbxsim.core.routing import Trace, routes
from pbxsim.core.state import State


class Orphan(Struct, frozen=True, order=True):
    """Something that still names what is gone: `kind` is node, device, mailbox, number, queue, user (his caller ID),
    BLF key, directory entry or forwarding; `gone` is the dead id, or the extension that nobody answers to."""

    kind: str
    name: str
    gone: str


class Audit(Struct, frozen=True):
    """Every destination with its trace, if whoever rings answers: one for each way that business hours may send a call,
    whatever the time is now; and what names the dead, by kind and name."""

    traces: tuple[Trace, ...]
    orphans: tuple[Orphan, ...]

    @property
    def dead_ends(self) -> tuple[Trace, ...]:
        """The destinations from which a call reaches nobody, at some hours or at all."""
        return tuple(trace for trace in self.traces if trace.outcome == "nobody")

    def __str__(self) -> str:
        ends = [
            f"  {trace.to}{trace.when and f' ({trace.when})'}: {trace.outcome}{trace.cause and f', {trace.cause}'}"
            for trace in self.traces
        ]
        dead = [f"  {orphan.kind} {orphan.name} names {orphan.gone}, which is gone" for orphan in self.orphans]
        return "\n".join(["Where calls end:", *(ends or ["  there is nothing to call"]), *dead])


def audit(state: State, account: Account, platform: Platform | None = None) -> Audit:
    """Walk every number, extension and dialled code of an account, in the order people see them. Without its platform
    there are no feature codes."""
    destinations = [number.e164 for number in state.listed(account.id, Number)]
    inside = {user.extension for user in state.listed(account.id, User)}
    inside |= {key for callflow in state.listed(account.id, Callflow) for key in callflow.dialled}
    destinations += sorted(inside, key=lambda key: (len(key), key))
    traces = tuple(trace for to in destinations for trace, _ in routes(state, account, to, platform))
    return Audit(traces, tuple(sorted(_orphans(state, account, platform))))


def _orphans(state: State, account: Account, platform: Platform | None) -> Iterator[Orphan]:
    for type_, title in _TITLES.items():
        for entity in state.listed(account.id, type_):
            dead = [id_ for id_ in references_of(entity) if id_ not in state.entities]
            if type_ is Version:
                yield from _nodes(state, entity, dead)
            else:
                yield from (Orphan(NOUNS[type_], title(state, entity), id_) for id_ in dead)
            if type_ is User:
                yield from _forwarding(state, entity, platform)


def _nodes(state: State, version: Any, dead: list[str]) -> Iterator[Orphan]:
    """Each node of a version that names the dead, on whatever branch it stands."""
    if dead:
        where = f"{state.the(Callflow, version.callflow).name} {version.number}"
        for node in walk(version.root):
            for target in targets(node):
                if target in dead:
                    yield Orphan("node", f"{node_kind(node)} in {where}", target)


def _forwarding(state: State, user: User, platform: Platform | None) -> Iterator[Orphan]:
    """Extensions that a user forwards to, and that nobody answers to. What lies outside is out of sight."""
    to = user.forwarding
    for key in dict.fromkeys((to.always, to.busy, to.no_answer, *to.also)):
        if key and not key.startswith("+") and not _answers(state, user.account, key, platform):
            yield Orphan("forwarding", user.title, key)


def _answers(state: State, account: str, key: str, platform: Platform | None) -> bool:
    if platform is not None and key in platform.feature_codes:
        return True
    return any(state.find(kind, account, key) is not None for kind in ("extension", "dialled"))


def _title(state: State, entity: Any) -> str:
    return str(getattr(entity, "title", "") or entity.name)


# What an orphan of each kind is called: one row for each kind that names anything.
_TITLES: dict[type[Any], Callable[[State, Any], str]] = {
    Version: _title,
    Device: lambda state, device: device_title(device),
    Mailbox: lambda state, box: str(box.number),
    Number: lambda state, number: str(number.e164),
    Queue: _title,
    User: _title,
    BlfKey: lambda state, key: f"key {key.position} of {device_title(state.the(Device, key.device))}",
    DirectoryEntry: _title,
    AppLogin: lambda state, login: str(login.app),
    HotDesk: lambda state, desk: device_title(state.the(Device, desk.device)),
}
