"""Where would a call go, now? A walk with an assumed answer, at one instant, and its trace.

The reading of numbers, users and nodes is `walking`'s; a live call (`rules/stages`) uses the same. Pure: nothing rings
and nothing changes, so that an audit may ask for every number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

from pbxsim.core.calls import Caller, Over, Place, Playing, Prompting, Recording, Ringing, Waiting
from pbxsim.core.entities import Account, Step
from pbxsim.core.platform import Platform
from pbxsim.core.state import State
from pbxsim.core.walking import Walk

Outcome = Literal["rings", "voicemail", "served", "hang-up", "nobody"]

__all__ = ["Step", "Trace", "route"]


class Trace(Struct, frozen=True):
    """`rings`: the ids of the devices and app logins, and the numbers outside, that ring in the end; `cause` says why a
    call reaches nobody."""

    to: str
    outcome: Outcome
    rings: tuple[str, ...]
    steps: tuple[Step, ...]
    cause: str = ""

    @property
    def reaches_somebody(self) -> bool:
        """Does the caller get a person's phone, or somewhere to leave a message?"""
        return self.outcome in ("rings", "voicemail")

    def __str__(self) -> str:
        end = f"{self.outcome}: {self.cause}" if self.cause else self.outcome
        return "\n".join([f"{self.to}: {end}", *(f"  {step.at} {step.name}: {step.what}" for step in self.steps)])


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
    walk = Walk(state, account, platform, now, offset, who, inside, digits)
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
