"""How a figure is taken: warm up, then repeat; where two things are compared, A B A B ..., so that whatever else the
machine does falls on both. A figure is the median of its samples, with its quartiles as spread. The garbage collector
stays as it was found: on.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Literal

from msgspec import Struct


class Effort(Struct, frozen=True):
    """How much trouble to take. `users` and `phones` are those of the large world, `macs` those of the HTTP one."""

    pairs: int = 15  # where a pair takes less than a second
    processes: int = 15  # pairs of whole processes
    batch: int = 500  # operations in one sample
    users: int = 100_000
    phones: int = 1_000
    macs: int = 1_000
    seconds: float = 1.0  # of load, each time
    renames: float = 0.1  # seconds between two
    fleet: int = 100_000  # phones that lose their power together


FULL = Effort()
QUICK = Effort(pairs=2, processes=2, batch=5, users=200, phones=20, macs=30, seconds=0.3, renames=0.05, fleet=20)


class Bar(Struct, frozen=True):
    """What is asked of a figure."""

    relation: Literal["≤", "≥"]
    limit: float

    def met(self, value: float) -> bool:
        """Does a value reach it?"""
        return value <= self.limit if self.relation == "≤" else value >= self.limit


class Figure(Struct, frozen=True):
    """One measured thing. `bar` None: told because it explains another. `note` says what a reader should know."""

    name: str
    unit: str
    bar: Bar | None
    samples: tuple[float, ...]
    note: str = ""

    @property
    def median(self) -> float:
        """The figure."""
        return statistics.median(self.samples)

    @property
    def spread(self) -> tuple[float, float]:
        """Between these two lies the middle half of the samples."""
        low, _, high = statistics.quantiles(self.samples, n=4, method="inclusive")
        return low, high

    @property
    def ok(self) -> bool:
        """Is the bar met? True where there is none."""
        return self.bar is None or self.bar.met(self.median)


def figure(name: str, unit: str, bar: Bar | None, samples: Iterable[float], note: str = "") -> Figure:
    """A figure of any samples."""
    return Figure(name, unit, bar, tuple(samples), note)


def at_most(limit: float) -> Bar:
    """The less the better."""
    return Bar("≤", limit)


def at_least(limit: float) -> Bar:
    """The more the better."""
    return Bar("≥", limit)


Sample = Callable[[], float]


def repeat(count: int, sample: Sample) -> list[float]:
    """So many samples, after one that does not count."""
    sample()
    return [sample() for _ in range(count)]


def alternate(count: int, first: Sample, second: Sample) -> list[tuple[float, float]]:
    """So many pairs of samples, A B A B ..., after one of each that does not count."""
    first(), second()
    return [(first(), second()) for _ in range(count)]


def microseconds(work: Callable[[], object], times: int) -> float:
    """What one of so many runs of `work` takes."""
    began = perf_counter()
    for _ in range(times):
        work()
    return (perf_counter() - began) / times * 1e6
