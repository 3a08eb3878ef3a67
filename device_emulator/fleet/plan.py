"""When each phone of a fleet starts: the open-loop schedule, made before anything is sent and from a seed alone.

What the server does moves no start. A start is a number of seconds since the beginning of the storm; the file knows
patterns and chance, and nothing of phones or requests.
"""

from __future__ import annotations

import random
from typing import Literal

from msgspec import Struct

Pattern = Literal["power-cut", "rolling", "check-sync"]
PATTERNS: tuple[Pattern, ...] = ("power-cut", "rolling", "check-sync")


class BadPlan(ValueError):
    """There is no such schedule; the text says why."""


class Plan(Struct, frozen=True):
    """A schedule. `ramp` and `jitter` in seconds, `rate` in phones a second (of `rolling` alone).

    power-cut: all get power at instants spread evenly over the ramp, in random order of phones.
    rolling: one after the other, at the rate.
    check-sync: as a PBX tells them, one after the other over the ramp, in the order of the list.
    Each is late by a random part of the jitter: relays, power supplies and flash differ.
    """

    pattern: Pattern = "power-cut"
    ramp: float = 10.0
    jitter: float = 0.0
    rate: float = 50.0
    seed: int = 1

    def __post_init__(self) -> None:
        if self.pattern not in PATTERNS:
            raise BadPlan(f"there is no pattern {self.pattern!r}: use {', '.join(PATTERNS)}.")
        if not 0 <= self.ramp <= 86_400 or not 0 <= self.jitter <= 86_400:
            raise BadPlan("ramp and jitter are seconds, from 0 to a day (86,400).")
        if self.pattern == "rolling" and not 0 < self.rate <= 1_000_000:
            raise BadPlan("a rolling restart has a rate above 0: phones a second, such as 50.")


def starts(plan: Plan, count: int) -> list[float]:
    """The start of each phone, by its place in the list; the same for the same plan and count."""
    chance = random.Random(plan.seed)
    step = 1 / plan.rate if plan.pattern == "rolling" else plan.ramp / max(1, count)
    instants = [number * step for number in range(count)]
    if plan.pattern == "power-cut":
        chance.shuffle(instants)
    if plan.jitter:
        instants = [instant + chance.random() * plan.jitter for instant in instants]
    return instants
