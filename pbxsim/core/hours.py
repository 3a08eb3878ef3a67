"""Business hours: a moment by the clock of an account's time zone, and which openings it falls into.

Compared are days and times of day as a wall clock shows them, so that clock changes need nothing: where an hour is
skipped no moment falls into it, where one comes twice both do.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from pbxsim.core.nodes import Hours, Opening

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EPOCH = 719_163  # 1970-01-01 as a proleptic ordinal; it was a Thursday
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
