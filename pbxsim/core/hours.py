"""Business hours: a moment by the clock of an account's time zone, and which openings it falls into; and all moments
that there are, for questions about every one of them.

Compared are days and times of day as a wall clock shows them, so that clock changes need nothing: where an hour is
skipped no moment falls into it, where one comes twice both do. A set of moments is the minutes of a week as the bits of
a number, and those of each holiday besides, so that what is never open and what is never closed is told apart.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from msgspec import Struct

from pbxsim.core.nodes import Hours, Opening

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EPOCH = 719_163  # 1970-01-01 as a proleptic ordinal; it was a Thursday
DAY = 24 * 60
WHOLE_WEEK = (1 << 7 * DAY) - 1
LAST = (date.max.toordinal() - EPOCH + 1) * 24 * 60 - 1  # the last minute of a calendar, also where the sun is early


def opened(node: Hours, zone: str, now: int, offset: int) -> tuple[bool, str]:
    """(open?, why) at an instant (ms), so many minutes east of UTC."""
    day, time, date = local(now, offset)
    said = f"{WEEKDAYS[day]} {date} {time} in {zone}"
    if date in node.holidays:
        return False, f"{said}: closed, a holiday"
    is_open = any(_covers(opening, day, time) for opening in node.openings)
    return is_open, f"{said}: {'open' if is_open else 'closed'}"


def local(now: int, offset: int) -> tuple[int, str, str]:
    """(weekday, Monday 0; "09:30"; "2025-01-31") of an instant (ms), so many minutes east of UTC."""
    return _local(now // 60_000 + offset)


@lru_cache(maxsize=64)
def _local(minute: int) -> tuple[int, str, str]:
    days, minutes = divmod(min(minute, LAST), 24 * 60)
    return (days + 3) % 7, f"{minutes // 60:02}:{minutes % 60:02}", date.fromordinal(EPOCH + days).isoformat()


def _covers(opening: Opening, day: int, time: str) -> bool:
    return WEEKDAYS[day] in opening.days and opening.start <= time < opening.end


class Moments(Struct, frozen=True, gc=False):
    """A set of moments: bit `n` of `week` is the n-th minute of an ordinary week, from Monday on; `dates` has the same
    for each date that is a holiday somewhere, sorted."""

    week: int = WHOLE_WEEK
    dates: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.week) or any(bits for _, bits in self.dates)

    def __or__(self, other: Moments) -> Moments:
        return _joined(self, other, int.__or__)

    def __sub__(self, other: Moments) -> Moments:
        return _joined(self, other, lambda ours, theirs: ours & ~theirs)

    def on(self, day: str) -> int:
        """Its minutes on a date, whether that is a holiday somewhere or not."""
        for known, bits in self.dates:
            if known == day:
                return bits
        return self.week & _whole_day(day)

    def __str__(self) -> str:
        """One of them, such as "mon 09:00" or "2025-12-25 00:00"; of an ordinary week if it has any."""
        day, bits = next(((day, bits) for day, bits in (("", self.week), *self.dates) if bits), ("", 0))
        minute = (bits & -bits).bit_length() - 1
        if minute < 0:
            return "never"
        return f"{day or WEEKDAYS[minute // DAY]} {minute % DAY // 60:02}:{minute % 60:02}"


ALWAYS, NEVER = Moments(), Moments(0)


def parted(node: Hours, at: Moments) -> tuple[Moments, Moments]:
    """(those of some moments at which it is open, those at which it is closed)."""
    openings = _minutes(node.openings)
    if not node.holidays and not at.dates:
        return Moments(at.week & openings), Moments(at.week & ~openings)
    open_, closed = [], []
    for day in sorted({*node.holidays, *(day for day, _ in at.dates)}):
        bits = at.on(day)
        at_work = 0 if day in node.holidays else bits & openings
        open_.append((day, at_work))
        closed.append((day, bits & ~at_work))
    return Moments(at.week & openings, tuple(open_)), Moments(at.week & ~openings, tuple(closed))


def _joined(one: Moments, other: Moments, operate: Callable[[int, int], int]) -> Moments:
    days = sorted({day for day, _ in (*one.dates, *other.dates)})
    return Moments(operate(one.week, other.week), tuple((day, operate(one.on(day), other.on(day))) for day in days))


@lru_cache(maxsize=256)
def _minutes(openings: tuple[Opening, ...]) -> int:
    found = 0
    for opening in openings:
        start, end = _minute(opening.start), _minute(opening.end)
        if start < end:
            bits = (1 << end) - (1 << start)
            for day in opening.days:
                found |= bits << WEEKDAYS.index(day) * DAY
    return found


def _minute(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


@lru_cache(maxsize=256)
def _whole_day(day: str) -> int:
    return ((1 << DAY) - 1) << date.fromisoformat(day).weekday() * DAY
