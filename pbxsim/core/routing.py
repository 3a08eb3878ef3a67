"""Where would a call go, now or ever? A walk with an assumed answer, at one instant or at all there are, and its trace.

The reading of numbers, users and nodes is `walking`'s; a live call (`rules/stages`) uses the same. Pure: nothing rings
and nothing changes, so that an audit may ask for every number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from msgspec import Struct, structs

from pbxsim.core.calls import Caller, Over, Place, Playing, Prompting, Recording, Ringing, Waiting
from pbxsim.core.entities import Account, Step
from pbxsim.core.hours import ALWAYS, Moments, parted
from pbxsim.core.nodes import Hours
from pbxsim.core.platform import Platform
from pbxsim.core.state import State
from pbxsim.core.walking import Walk

Outcome = Literal["rings", "voicemail", "served", "hang-up", "nobody"]

__all__ = ["Step", "Trace", "route", "routes"]


class Trace(Struct, frozen=True):
    """`rings`: the ids of the devices and app logins, and the numbers outside, that ring in the end; `cause` says why a
    call reaches nobody. `when` says at which hours, where that makes a difference: open, closed, or one after the other
    where a call meets several."""

    to: str
    outcome: Outcome
    rings: tuple[str, ...]
    steps: tuple[Step, ...]
    cause: str = ""
    when: str = ""

    @property
    def reaches_somebody(self) -> bool:
        """Does the caller get a person's phone, or somewhere to leave a message?"""
        return self.outcome in ("rings", "voicemail")

    def __str__(self) -> str:
        end = f"{self.outcome}: {self.cause}" if self.cause else self.outcome
        when = f", {self.when}" if self.when else ""
        return "\n".join([f"{self.to}{when}: {end}", *(f"  {step.at} {step.name}: {step.what}" for step in self.steps)])


def route(
    state: State,
    account: Account,
    to: str,
    answered: bool = True,
    platform: Platform | None = None,
    now: int | None = None,
    offset: Callable[[str, int], int] | None = None,
    caller: Caller | None = None,
    digits: str = "",
) -> Trace:
    """Walk a call to `to` (E.164, extension or feature code) through the account. Never raises for a bad destination: a
    call to nowhere is a call too.

    `answered` False: nobody picks up, and the call goes on. `caller` None is somebody outside; `digits` are what he
    presses, from the first menu on. With `now` None business hours are taken to be open; without `platform` there are
    no feature codes."""
    who, inside = (caller.user, caller.inside) if caller is not None else ("", False)
    return _followed(Walk(state, account, platform, now, offset, who, inside, digits), to, answered)


def routes(
    state: State, account: Account, to: str, platform: Platform | None = None
) -> Iterator[tuple[Trace, Moments]]:
    """`route` for every moment that there is: each way that business hours may send a call from outside, with the
    moments at which they do, open before closed. One way alone where it meets none, or where they never change."""
    decided: list[bool] = []
    while True:
        walk = _Everywhen(state, account, platform)
        walk.decided, walk.moments, walk.turns = decided, ALWAYS, []
        trace = _followed(walk, to, answered=True)
        said = ", ".join("open" if is_open else "closed" for is_open, either in walk.turns if either)
        yield (structs.replace(trace, when=said) if said else trace), walk.moments
        turns = walk.turns
        while turns and turns[-1] != (True, True):
            turns.pop()
        if not turns:
            return
        decided = [is_open for is_open, _ in turns[:-1]] + [False]


class _Everywhen(Walk):
    """A walk that takes the hours it meets as `decided`, else as open, if they are that at any of the `moments` left.
    `turns` are (open?, could it have been either?)."""

    __slots__ = ("decided", "moments", "turns")

    decided: list[bool]
    moments: Moments
    turns: list[tuple[bool, bool]]

    def supposed(self, node: Hours) -> tuple[bool, str]:
        """As it has been decided; otherwise whatever can be."""
        place = len(self.turns)
        is_open, closed = parted(node, self.moments)
        opens = self.decided[place] if place < len(self.decided) else bool(is_open)
        self.turns.append((opens, bool(is_open) and bool(closed)))
        self.moments = is_open if opens else closed
        return opens, f"{'open' if opens else 'closed'}, as at {self.moments}"


def _followed(walk: Walk, to: str, answered: bool) -> Trace:
    stage: Any = walk.go(Place("dialled", to))
    while True:
        kind = type(stage)
        if kind is Ringing:
            if answered:
                return _trace(walk, to, "rings", tuple([leg.id for leg in stage.legs]))
            stage = walk.go(stage.place)
        elif kind is Over:
            outcome: Outcome = "hang-up" if stage.outcome == "hang-up" else "nobody"
            return _trace(walk, to, outcome, (), stage.cause)
        elif kind is Recording:
            return _trace(walk, to, "voicemail")
        elif kind is Playing:
            stage = walk.go(stage.place)
        elif kind is Prompting:
            stage = walk.go(stage.silent)
        elif kind is Waiting:
            legs = walk.agents(stage.queue)
            if legs and answered:
                return _trace(walk, to, "rings", tuple([leg.id for leg in legs]))
            stage = walk.go(stage.place)
        else:
            return _trace(walk, to, "served")


def _trace(walk: Walk, to: str, outcome: Outcome, rings: tuple[str, ...] = (), cause: str = "") -> Trace:
    return Trace(to, outcome, rings, tuple(walk.steps), cause)
