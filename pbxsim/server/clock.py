"""A hosted world's clock: where the world should stand at this moment, and how long until an instant.

Three ways: `real` stands at the wall clock; `virtual` at rate r runs r seconds a second from where it was anchored;
at rate 0 it stands until somebody advances it. No clock ever runs back: when the wall clock is set back, a world waits.
This file and no other on the server reads a clock for a world.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import isfinite
from typing import Any, Literal

from pbxsim.core.refusals import Fault, Invalid
from pbxsim.world import World, iso

Mode = Literal["real", "virtual"]

MAX_RATE = 1_000_000.0  # eleven days a second


class Clock:
    """`rate` is virtual seconds per real second: 0 stands; a real clock's is 1."""

    def __init__(
        self,
        world: World,
        mode: Mode,
        rate: float = 0.0,
        *,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._world = world
        self._wall, self._monotonic = wall, monotonic
        self.mode: Mode = mode
        self.rate = 1.0 if mode == "real" else _checked(rate)
        self.anchor()

    @property
    def runs(self) -> bool:
        """Does it go by itself?"""
        return self.rate > 0

    def anchor(self) -> None:
        """From here it goes on: after somebody has moved the world by hand, or changed the rate."""
        self._from, self._since = self._world.state.now, self._monotonic()

    def set_rate(self, rate: float) -> None:
        """Go on from now at another rate. Raises Invalid on a real clock."""
        if self.mode == "real":
            raise Invalid([Fault("/rate", "cannot be set: this world follows the real clock; fork it first")])
        checked = _checked(rate)
        self._from, self._since = self.target(), self._monotonic()
        self.rate = checked

    def target(self) -> int:
        """Where the world should stand now, in ms since the epoch: never before where it does."""
        now = self._world.state.now
        if self.mode == "real":
            return max(now, int(self._wall() * 1000))
        return max(now, self._from + int((self._monotonic() - self._since) * 1000 * self.rate))

    def wait(self, instant: int) -> float | None:
        """Real seconds until the clock will show `instant`; None if it will not by itself."""
        return max(0, instant - self.target()) / 1000 / self.rate if self.rate > 0 else None

    def as_dict(self) -> dict[str, Any]:
        """{"now": ISO 8601, "mode", "rate"}, as the API answers it."""
        return {"now": iso(self.target()), "mode": self.mode, "rate": self.rate}


def _checked(rate: float) -> float:
    if not (isfinite(rate) and 0 <= rate <= MAX_RATE):
        raise Invalid([Fault("/rate", f"must be a number from 0 (stand) to {MAX_RATE:g}")])
    return float(rate)
