"""`World()`: a test makes one for itself, so that it must cost nothing. Bar: 100 µs."""

from __future__ import annotations

from benchmarks.measure import Effort, Figure, at_most, figure, microseconds, repeat
from pbxsim import World


def measure(effort: Effort) -> list[Figure]:
    """An empty world, thrown away at once."""
    return [figure("World()", "µs", at_most(100), repeat(effort.pairs, lambda: microseconds(World, effort.batch)))]
