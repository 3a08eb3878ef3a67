"""What a server counts of itself, in plain numbers: cheap enough to be counted always, by nobody asked for.

Whoever serves adds to it; `metrics.py` shows it as Prometheus reads it. Every label is from a bounded set: a route's
template, a command's name, a word from here. Nothing that a client sends becomes a label.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Spread:
    """A histogram: how many were at most so much."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...] = SECONDS) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """One more."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def buckets(self) -> list[tuple[str, float]]:
        """As Prometheus has them: (upper bound, how many up to there)."""
        found, so_far = [], 0
        for bound, count in zip((*map(repr, self.bounds), "+Inf"), self.counts, strict=True):
            so_far += count
            found.append((bound, float(so_far)))
        return found


class Tally:
    """Since this process began."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()  # method, route, status
        self.latency: dict[str, Spread] = {}  # by route
        self.under_way = 0
        self.commands: Counter[tuple[str, str]] = Counter()  # command, outcome
        self.commits: Counter[str] = Counter()  # by outcome
        self.commit_seconds = Spread()
        self.commit_rows = Spread(SIZES)
        self.misses = 0
        self.slowed = 0
        self.webhooks: Counter[str] = Counter()  # by outcome
        self.dropped_readers = 0
        self.lag = Spread()

    def served(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self.requests[method if method in METHODS else "other", route, status] += 1
        spread = self.latency.get(route)
        if spread is None:
            spread = self.latency[route] = Spread()
        spread.add(seconds)

    def asked(self, command: str, outcome: str) -> None:
        """A command was carried out, refused, or something else became of it."""
        self.commands[command, outcome] += 1

    def committed(self, seconds: float, rows: int, outcome: str) -> None:
        """A group was written to main's file, or was not."""
        self.commits[outcome] += 1
        self.commit_seconds.add(seconds)
        self.commit_rows.add(rows)

    def delivered(self, outcome: str) -> None:
        """An attempt to deliver to a webhook."""
        self.webhooks[outcome] += 1
