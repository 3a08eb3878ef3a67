"""What decides where a call goes: callflows and their versions, the numbers that enter them, queues."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pbxsim.core.nodes import Node, configured, walk

Strategy = Literal["ring-all", "round-robin", "longest-idle"]


class Callflow(Struct, frozen=True, gc=False):
    """What happens to a call. `dialled` are the extensions and feature codes it answers to inside the account (PISTON);
    its numbers point at one of its `versions` (ids, oldest first). `drafted`: the highest number a version has had."""

    id: str
    account: str
    name: str
    versions: tuple[str, ...] = ()
    dialled: tuple[str, ...] = ()
    drafted: int = 1
    revision: int = 1


class Version(Struct, frozen=True, gc=False):
    """One version of a callflow: a tree of nodes, drafted and then made Available."""

    id: str
    account: str
    callflow: str
    number: int
    root: Node
    draft: bool = False
    revision: int = 1

    @property
    def percent(self) -> int:
        """Configured nodes of all nodes, in whole per cent, rounded down."""
        nodes = list(walk(self.root))
        return 100 * sum(map(configured, nodes)) // len(nodes)


class Number(Struct, frozen=True, gc=False):
    """An E.164 number of the account. It points at a version of a callflow, at a user (where the platform knows that),
    or at nothing; `name` is its service name.

    Inactive means AVAILABLE: it stays on the account and can be set up anew."""

    id: str
    account: str
    e164: str
    name: str = ""
    active: bool = False
    version: str | None = None
    user: str | None = None
    revision: int = 1


class Queue(Struct, frozen=True, gc=False):
    """A call queue, the users assigned to it, and those of them who take its calls now (`agents`).

    What its strategy needs to know changes by itself, and makes no revision: `rung` is who has rung last (round robin),
    `ended` when each agent's last call from the queue was over (longest idle; ms)."""

    id: str
    account: str
    name: str
    members: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    strategy: Strategy = "ring-all"
    rung: str = ""
    ended: tuple[tuple[str, int], ...] = ()
    revision: int = 1
