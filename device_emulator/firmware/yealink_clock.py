"""When a Yealink looks for a configuration by itself, on its own local time: a whole function of settings, MAC and now.

The minute within a window is drawn by the MAC: the same each time for one phone, and spread over a fleet.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import md5

from device_emulator.firmware.yealink_ways import MINUTE, Ways, Window, Zone, whole

DAY = 1440  # minutes
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def next_run(ways: Ways, mac: str, now: int) -> int | None:
    """The next instant after `now` (both in ms); None if the settings say never."""
    due = [now + ways.repeat] if ways.repeat else []
    for window in ways.windows:
        found = _next(window, ways, mac, now)
        if found is not None:
            due.append(found)
    return min(due, default=None)


def _next(window: Window, ways: Ways, mac: str, now: int) -> int | None:
    length = (window.end - window.begin) % DAY
    chance = drawn(mac)
    begin = window.begin + (chance % (length + 1) if ways.spread else 0)  # may lie behind midnight
    today = local_day(ways.zone, now)
    for day in range(today - 1, today + 7 * window.weeks + 1 if window.days else today + window.interval + 2):
        if window.days:
            week, weekday = divmod(day + 4, 7)  # the epoch was a Thursday
            if str(weekday) not in window.days or (window.weeks > 1 and (week - (chance >> 16)) % window.weeks):
                continue
        elif day % window.interval != (chance >> 16) % window.interval:
            continue
        at = _instant(ways.zone, day, begin)
        if at > now:
            return at
    return None  # no digit of a day among its days


@lru_cache(maxsize=4096)
def drawn(mac: str) -> int:
    """A number for each MAC, evenly spread."""
    return int.from_bytes(md5(mac.encode(), usedforsecurity=False).digest()[:6], "big")


# ---- local time


def offset(zone: Zone, now: int) -> int:
    """Minutes from UTC to the phone's local time."""
    return zone.minutes + (zone.extra if _summer(zone, now) else 0)


def local_day(zone: Zone, now: int) -> int:
    """The local date, as days since the epoch."""
    return (now // MINUTE + offset(zone, now)) // DAY


def _instant(zone: Zone, day: int, minute: int) -> int:
    """When that local minute of that day is."""
    standard = (day * DAY + minute - zone.minutes) * MINUTE
    return standard - (offset(zone, standard) - zone.minutes) * MINUTE


def _summer(zone: Zone, now: int) -> bool:
    """Is it summer time? By the zone's own rule (mode 2) it never is: there is no table of the world's rules here
    (decided)."""
    if zone.mode != "1" or not zone.start or not zone.end:
        return False
    local = _EPOCH + timedelta(minutes=now // MINUTE + zone.minutes)
    start, end = _change(zone, zone.start, local.year), _change(zone, zone.end, local.year)
    if start is None or end is None:
        return False
    return start <= local < end if start < end else not end <= local < start


@lru_cache(maxsize=1024)
def _change(zone: Zone, text: str, year: int) -> datetime | None:
    """`MM/DD/HH`, or `month/week/day of week/hour`, in that year; None for what is neither."""
    parts = [whole(part.strip(), -1, -1, 99) for part in text.split("/")]
    try:
        if not zone.by_week and len(parts) == 3:
            month, day, hour = parts
            return datetime(year, month, day, tzinfo=UTC) + timedelta(hours=hour)
        if zone.by_week and len(parts) == 4:
            month, week, weekday, hour = parts
            return _by_week(year, month, week, (weekday - zone.monday) % 7) + timedelta(hours=hour)
    except (ValueError, OverflowError):
        pass
    return None


def _by_week(year: int, month: int, week: int, weekday: int) -> datetime:
    """The week-th (5: the last) such day of a month; Monday is 0."""
    first = datetime(year, month, 1, tzinfo=UTC)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (min(max(week, 1), 5) - 1))
    while day.month != month:
        day -= timedelta(days=7)
    return day
