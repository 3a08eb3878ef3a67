"""A call that is under way, as a value: who calls, where it is on its way, who rings, and when it goes on by itself.

A call is always at one stage, and what follows from it is a `Place`: somewhere from which a walk goes on. `walking`
says what a place means, `rules/stages` what becomes of a call; nothing is decided here. Running calls are not durable:
a restart loses them, as it does in any switch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, Protocol

from msgspec import Struct

from pbxsim.core.entities import Step
from pbxsim.core.nodes import Node


class Leg(Struct, frozen=True, gc=False):
    """Something that rings: a device or an app's log-in by its id, or a telephone outside by its E.164 number. `user`
    is for whom it rings (he may have been deleted), `title` how a list names it, at that moment. `phone` is the MAC
    address of the one that has answered: a dialog goes on there whatever becomes of the device and its registration."""

    kind: Literal["device", "app", "outside"]
    id: str
    title: str
    user: str = ""
    phone: str = ""


class Place(Struct, frozen=True, gc=False):
    """Where a walk goes on: `do` is a row of `walking.PLACES`; the rest is what that row needs. `back` is where a call
    returns to if it is forwarded to the outside and nobody answers there."""

    do: str
    id: str = ""
    node: Node | None = None
    callflow: str = ""
    index: int = 0
    back: Place | None = None


class Ringing(Struct, frozen=True, gc=False, tag="ringing"):
    """These ring, for so many seconds; if nobody answers the call goes on at `place`."""

    legs: tuple[Leg, ...]
    seconds: int
    place: Place


class Waiting(Struct, frozen=True, gc=False, tag="waiting"):
    """In a queue until an agent answers, or the seconds are over."""

    queue: str
    seconds: int
    place: Place


class Prompting(Struct, frozen=True, gc=False, tag="prompting"):
    """The caller is asked for keys: each leads to `again`, so many seconds without one to `silent`."""

    seconds: int
    again: Place
    silent: Place


class Playing(Struct, frozen=True, gc=False, tag="playing"):
    """Something is said."""

    seconds: int
    place: Place


class Recording(Struct, frozen=True, gc=False, tag="recording"):
    """The caller speaks to a mailbox."""

    mailbox: str


class Serving(Struct, frozen=True, gc=False, tag="serving"):
    """The PBX itself serves the caller: he logs a phone in or out, or listens to his mailbox. `seconds` without a key
    end it."""

    action: Literal["log-in", "log-out", "toggle", "voicemail"]
    seconds: int = 10


class Talking(Struct, frozen=True, gc=False, tag="talking"):
    """Somebody has answered."""


class Over(Struct, frozen=True, gc=False, tag="over"):
    """The call has come to its end; `cause` says why it has reached nobody."""

    outcome: Literal["hang-up", "nobody", "busy"]
    cause: str = ""


Stage = Ringing | Waiting | Prompting | Playing | Recording | Serving | Talking | Over


class Caller(Struct, frozen=True, gc=False):
    """Who calls: from a device, as a user, or from outside. `call` is the Call-ID and `invite` the request of a phone
    that has dialled."""

    number: str
    name: str = ""
    user: str = ""
    device: str = ""
    call: str = ""
    invite: int = 0

    @property
    def shown(self) -> str:
        """As a From header has it: "John Smith" <1002>."""
        name = self.name.replace('"', "'")
        return f'"{name}" <{self.number}>' if name else f"<{self.number}>"

    @property
    def inside(self) -> bool:
        """Does the call come from the account itself?"""
        return bool(self.user or self.device)


class LiveCall(Struct, frozen=True, gc=False):
    """A running call. `legs` ring now; `due` is when it goes on by itself (ms), None while people talk. `silent` names
    a phone in it that is heard no more, because it has lost its power; '' for none.

    `digits` have been pressed and not been taken by a node yet; `forwarded` are the users who have passed it on, and
    `hops` how often it has entered a callflow, so that circles end. In a queue `until` is when the wait is over and
    `tried` who has rung in this round. `connected`: the caller has been answered, by whatever; `box` is the mailbox
    that he is logged in to."""

    id: str
    account: str
    to: str
    caller: Caller
    start: int
    stage: Stage
    steps: tuple[Step, ...] = ()
    legs: tuple[Leg, ...] = ()
    due: int | None = None
    digits: str = ""
    forwarded: tuple[str, ...] = ()
    hops: int = 0
    until: int = 0
    tried: tuple[str, ...] = ()
    attempts: int = 0
    declined: bool = False
    connected: bool = False
    since: int = 0
    answer: int | None = None
    answered_by: Leg | None = None
    queue: str = ""
    box: str = ""
    silent: str = ""

    @property
    def phase(self) -> str:
        """The stage in a word."""
        return str(self.stage.__struct_config__.tag)

    @property
    def busy(self) -> bool:
        """Is something about to happen by itself? (A caller who is asked for a key, or waits where no agent rings, may
        stand there for long, and two who talk as long as they are heard.)"""
        return bool(self.legs) or type(self.stage) in (Playing, Recording)

    @property
    def user(self) -> str:
        """Whose call it is, for roles: the caller's."""
        return self.caller.user

    @property
    def answered_title(self) -> str:
        """Who has answered, as he was called then; '' for nobody."""
        return next((step.name for step in reversed(self.steps) if step.at == "answer"), "")


class Outside(Protocol):
    """What a call needs to know that no state holds: `offset(zone, now)` is a time zone's minutes east of UTC at an
    instant (ms), `verify(typed, verifier)` whether a PIN is right, `conceal(typed)` the verifier of a new one."""

    @property
    def offset(self) -> Callable[[str, int], int]: ...

    @property
    def verify(self) -> Callable[[str, str], bool]: ...

    @property
    def conceal(self) -> Callable[[str], str]: ...


class _Nowhere(Struct, frozen=True, eq=False):
    offset: Callable[[str, int], int]
    verify: Callable[[str, str], bool]
    conceal: Callable[[str], str]


NOWHERE: Outside = _Nowhere(lambda zone, now: 0, lambda typed, verifier: False, str)


def running(calls: Iterable[LiveCall], account: str) -> list[LiveCall]:
    """Those of an account, the oldest first."""
    return sorted((call for call in calls if call.account == account), key=lambda call: (call.start, int(call.id[1:])))


def engaged(calls: Iterable[LiveCall]) -> set[str]:
    """Who is on the phone, because he has dialled or answered: the ids of users, devices and apps."""
    found: set[str] = set()
    for call in calls:
        found |= {call.caller.user, call.caller.device}
        if call.answered_by is not None:
            found |= {call.answered_by.user, call.answered_by.id}
    found.discard("")
    return found
