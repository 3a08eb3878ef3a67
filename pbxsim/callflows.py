"""Builders of callflow nodes: `ring_group(john, mary, then=voicemail(john))`.

Users, mailboxes and callflows are given as handles or ids; `then` is where the call goes on when nobody answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pbxsim.core.nodes import (
    Announcement,
    CheckVoicemail,
    Dial,
    DialByName,
    Enqueue,
    HangUp,
    HotDesking,
    Hours,
    Menu,
    Node,
    Opening,
    Option,
    RingGroup,
    Transfer,
    Voicemail,
    Weekday,
)
from pbxsim.core.values import clock_time, date, dial_key, positive, ring_time

__all__ = [
    "announcement",
    "check_voicemail",
    "dial",
    "dial_by_name",
    "hang_up",
    "hot_desk",
    "hours",
    "menu",
    "opening",
    "queue",
    "ring_group",
    "transfer",
    "voicemail",
]

WORKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


def dial(*users: Any, seconds: int | str = 20, then: Node | None = None) -> Node:
    """Ring these users' devices, all at once, for so many seconds or such as "4 rings"."""
    return Dial(users, ring_time(seconds), then)


def ring_group(
    *users: Any,
    strategy: Literal["simultaneous", "in-turn"] = "simultaneous",
    seconds: int | str = 20,
    then: Node | None = None,
) -> Node:
    """Ring a team, all at once or one after the other, each for so many seconds or such as "4 rings"."""
    return RingGroup(users, strategy, ring_time(seconds), then)


def queue(queue: Any, *, seconds: int = 300, then: Node | None = None) -> Node:
    """Wait in a queue until an agent answers, for at most so many seconds."""
    return Enqueue(queue, positive(seconds), then)


def menu(keys: Mapping[str, Node], *, text: str = "", seconds: int = 10, then: Node | None = None) -> Node:
    """Ask for a key: `menu({"1": dial(john), "2": dial(mary)}, text="1 for John, 2 for Mary")`. A wrong key, and none
    within the seconds, take `then`."""
    options = tuple(Option(dial_key(key), node) for key, node in keys.items())
    return Menu(options, text, positive(seconds), then)


def dial_by_name(*, match: Literal["last", "first"] = "last", seconds: int = 10, then: Node | None = None) -> Node:
    """The caller types the first letters of a name, at least three; what is not clear takes `then`."""
    return DialByName(match, positive(seconds), then)


def opening(start: str, end: str, *days: Weekday) -> Opening:
    """Open from "09:00" until just before "17:30" on these days; on workdays where none are named. "24:00" is
    the end of the day."""
    return Opening(days or WORKDAYS, clock_time(start), clock_time(end))


def hours(*openings: Opening, open: Node, holidays: Iterable[str] = (), then: Node | None = None) -> Node:
    """Business hours by the account's clock: `hours(opening("09:00", "17:00"), open=dial(john), then=voicemail(john))`;
    holidays are days such as "2025-12-25"."""
    return Hours(openings, tuple(date(day) for day in holidays), open, then)


def announcement(text: str = "", *, seconds: int = 5, then: Node | None = None) -> Node:
    """Say something, and go on; without `then` the call ends."""
    return Announcement(text, positive(seconds), then)


def hot_desk(action: Literal["log-in", "log-out", "toggle"] = "toggle") -> Node:
    """Whoever calls logs in at his phone, or out of it (P11)."""
    return HotDesking(action)


def check_voicemail() -> Node:
    """Whoever calls listens to his own mailbox."""
    return CheckVoicemail()


def voicemail(mailbox: Any) -> Node:
    """Take a message. A user stands for his mailbox."""
    return Voicemail(mailbox)


def transfer(callflow: Any) -> Node:
    """Go on in another callflow."""
    return Transfer(callflow)


def hang_up() -> Node:
    """End the call."""
    return HangUp()
