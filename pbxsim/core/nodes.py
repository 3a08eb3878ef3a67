"""The nodes of a callflow: what may happen to a call, as a tree.

`then` is where a call goes on when nobody answers, or when a node has said its say: KAZOO's child "_". A menu and the
business hours branch besides. A node counts as configured when its required settings are there (Jet's "100 %").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct, structs

from pbxsim.core.values import ClockTime, Date, DialKey, Positive, RingTime, Text

MAX_DEPTH = 32  # deep trees are a mistake, and deep values are dear: see docs/decisions
MAX_NODES = 256

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Dial(Struct, frozen=True, gc=False, tag="dial", tag_field="type"):
    """Ring these users, all at once, for so many seconds ("4 rings" is understood)."""

    users: tuple[str, ...] = ()
    seconds: RingTime = 20
    then: Node | None = None


class RingGroup(Struct, frozen=True, gc=False, tag="ring-group", tag_field="type"):
    """Ring a team, all at once or one after the other, each for so many seconds."""

    users: tuple[str, ...] = ()
    strategy: Literal["simultaneous", "in-turn"] = "simultaneous"
    seconds: RingTime = 20
    then: Node | None = None


class Enqueue(Struct, frozen=True, gc=False, tag="queue", tag_field="type"):
    """Wait in a queue until an agent answers, for at most so many seconds."""

    queue: str = ""
    seconds: Positive = 300
    then: Node | None = None


class Option(Struct, frozen=True, gc=False):
    """One key of a menu, and where it leads."""

    key: DialKey
    then: Node


class Menu(Struct, frozen=True, gc=False, tag="menu", tag_field="type"):
    """Say something and wait for a key; without one in time, or with one that leads nowhere, the call takes `then`."""

    options: tuple[Option, ...] = ()
    text: Text = ""
    seconds: Positive = 10
    then: Node | None = None


class DialByName(Struct, frozen=True, gc=False, tag="dial-by-name", tag_field="type"):
    """The caller types the first letters of a name on the keypad, at least three: of the last name, or of the first."""

    match: Literal["last", "first"] = "last"
    seconds: Positive = 10
    then: Node | None = None


class Opening(Struct, frozen=True, gc=False):
    """Open on these days from `start` until just before `end`; "24:00" is the end of the day."""

    days: tuple[Weekday, ...]
    start: ClockTime
    end: ClockTime


class Hours(Struct, frozen=True, gc=False, tag="hours", tag_field="type"):
    """Business hours in the account's time zone: `open` while they last, `then` outside them and on holidays."""

    openings: tuple[Opening, ...] = ()
    holidays: tuple[Date, ...] = ()
    open: Node | None = None
    then: Node | None = None


class Announcement(Struct, frozen=True, gc=False, tag="announcement", tag_field="type"):
    """Say something for so many seconds, and go on."""

    text: Text = ""
    seconds: Positive = 5
    then: Node | None = None


class Voicemail(Struct, frozen=True, gc=False, tag="voicemail", tag_field="type"):
    """Take a message for this mailbox."""

    mailbox: str = ""


class Transfer(Struct, frozen=True, gc=False, tag="transfer", tag_field="type"):
    """Go on in another callflow: in its newest version that is not a draft."""

    callflow: str = ""


class HotDesking(Struct, frozen=True, gc=False, tag="hot-desk", tag_field="type"):
    """The caller logs in at the phone he calls from, out of it, or one after the other (P11); he types his extension
    and PIN."""

    action: Literal["log-in", "log-out", "toggle"] = "toggle"


class CheckVoicemail(Struct, frozen=True, gc=False, tag="check-voicemail", tag_field="type"):
    """The caller listens to his own mailbox; where it is not set up yet, the wizard comes first (P10)."""


class HangUp(Struct, frozen=True, gc=False, tag="hang-up", tag_field="type"):
    """End the call."""


Node = (
    Dial
    | RingGroup
    | Enqueue
    | Menu
    | DialByName
    | Hours
    | Announcement
    | Voicemail
    | CheckVoicemail
    | Transfer
    | HotDesking
    | HangUp
)


def branches(node: Node) -> Iterator[tuple[str, Node]]:
    """The nodes right below one, each with its JSON pointer, as a call would meet them if nobody answered: keys first,
    `then` last."""
    if isinstance(node, Menu):
        for index, option in enumerate(node.options):
            yield f"/options/{index}/then", option.then
    if isinstance(node, Hours) and node.open is not None:
        yield "/open", node.open
    then: Node | None = getattr(node, "then", None)
    if then is not None:
        yield "/then", then


def walk(node: Node | None) -> Iterator[Node]:
    """The nodes of a tree from the root on, depth first."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if node is not None:
            yield node
            waiting += reversed([below for _, below in branches(node)])


def depth(root: Node) -> int:
    """How many nodes the longest branch has."""
    deepest, waiting = 0, [(root, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting += [(below, level + 1) for _, below in branches(node)]
    return deepest


def with_branches(node: Node, below: dict[str, Node]) -> Node:
    """The node with other nodes below it, by their pointers."""
    changes: dict[str, object] = {name[1:]: below[name] for name in ("/then", "/open") if name in below}
    if isinstance(node, Menu):
        changes["options"] = tuple(
            structs.replace(option, then=below.get(f"/options/{index}/then", option.then))
            for index, option in enumerate(node.options)
        )
    return structs.replace(node, **changes) if changes else node


def targets(node: Node) -> tuple[str, ...]:
    """The ids that one node names."""
    match node:
        case Dial() | RingGroup():
            return node.users
        case Voicemail():
            return (node.mailbox,) if node.mailbox else ()
        case Transfer():
            return (node.callflow,) if node.callflow else ()
        case Enqueue():
            return (node.queue,) if node.queue else ()
        case _:
            return ()


def node_kind(node: Node) -> str:
    """What people call such a node: ring group, dial by name."""
    return str(type(node).__struct_config__.tag).replace("-", " ")


def configured(node: Node) -> bool:
    """Are the node's required settings there? (A dial without users is not configured, a menu without keys neither.)"""
    match node:
        case HangUp() | Announcement() | DialByName() | HotDesking() | CheckVoicemail():
            return True
        case Menu():
            return bool(node.options)
        case Hours():
            return bool(node.openings) and node.open is not None
        case _:
            return bool(targets(node))
