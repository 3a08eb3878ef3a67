"""What is counted while a storm goes on: a cell for each second, and from the cells everything that a report says.

Durations go into buckets that are 1.1 % wide, so that a percentile is exact to that and an hour costs no more memory
than its seconds. Nothing here knows how a request travels; instants are seconds since the beginning of the storm.
"""

from __future__ import annotations

from collections import Counter
from math import ceil, log2

WIDTH = 64  # buckets for each doubling
UNIT = 1e-6  # s; what is shorter counts as this


class Durations:
    """A histogram of seconds. `top` is the longest, exactly."""

    __slots__ = ("buckets", "count", "sum", "top")

    def __init__(self) -> None:
        self.buckets: dict[int, int] = {}
        self.count = 0
        self.sum = 0.0
        self.top = 0.0

    def add(self, seconds: float) -> None:
        """One more; below a microsecond counts as one."""
        bucket = int(log2(seconds * 1e6) * WIDTH) if seconds > UNIT else 0
        buckets = self.buckets
        buckets[bucket] = buckets.get(bucket, 0) + 1
        self.count += 1
        self.sum += seconds
        if seconds > self.top:
            self.top = seconds

    def merge(self, other: Durations) -> None:
        """All of another's, too."""
        for bucket, count in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count
        self.count += other.count
        self.sum += other.sum
        self.top = max(self.top, other.top)

    def at(self, percent: float) -> float:
        """The duration that so many per cent do not exceed: the upper edge of its bucket, at most `top`. 0 of none."""
        return self.curve((percent,))[0]

    def curve(self, percents: tuple[float, ...]) -> list[float]:
        """Several percentiles at once; they must rise."""
        found: list[float] = []
        seen = 0
        buckets = iter(sorted(self.buckets.items()))
        edge = 0.0
        for percent in percents:
            wanted = max(1, ceil(self.count * percent / 100 - 1e-9))
            while self.count and seen < wanted:
                bucket, count = next(buckets)
                seen += count
                edge = 2 ** ((bucket + 1) / WIDTH) * UNIT
            found.append(min(edge, self.top))
        return found

    @property
    def mean(self) -> float:
        """Exactly."""
        return self.sum / self.count if self.count else 0.0


class Cell:
    """What belongs to one second. `service` and `planned` are of the requests that were to leave in it."""

    __slots__ = (
        *("answered", "failed", "gave_up", "holding", "in_flight", "planned", "planned_from"),
        *("powered", "ready", "received", "sent", "service"),
    )

    def __init__(self) -> None:
        self.powered = self.ready = self.gave_up = 0  # phones
        self.planned = self.sent = self.answered = self.failed = 0  # requests
        self.received = 0  # bytes
        self.in_flight = self.holding = 0  # the most at any instant
        self.service = Durations()  # from the first byte sent to the last received
        self.planned_from = Durations()  # from the instant at which the phone wanted to send it


class Tally:
    """All that is counted. `lateness` is how late the generator did what was due at an instant; `held` how long
    requests waited for a free connection, those alone that did."""

    def __init__(self) -> None:
        self.cells: dict[int, Cell] = {}
        self.statuses: Counter[int] = Counter()
        self.failures: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()  # why phones gave up
        self.lateness = Durations()
        self.held = Durations()
        self.boots = Durations()  # from a phone's start to the moment when it is ready
        self.requests = self.answers = self.again = self.reboots = 0
        self.sent_bytes = self.received_bytes = self.body_bytes = 0
        self.first_due: float | None = None  # of what was due at an instant
        self.last_due = 0.0
        self.last_answer = self.last_ready = self.last_end = 0.0

    def cell(self, instant: float) -> Cell:
        """That of an instant."""
        second = int(instant)
        cell = self.cells.get(second)
        if cell is None:
            cell = self.cells[second] = Cell()
        return cell

    def came_due(self, due: float, now: float) -> None:
        """Something planned for an instant has been begun."""
        self.lateness.add(now - due)
        if self.first_due is None:
            self.first_due = due
        if due > self.last_due:
            self.last_due = due

    def total(self) -> tuple[Durations, Durations]:
        """(service, from planned) of all requests."""
        service, planned = Durations(), Durations()
        for cell in self.cells.values():
            service.merge(cell.service)
            planned.merge(cell.planned_from)
        return service, planned
