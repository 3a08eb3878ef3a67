"""When an Aastra looks for another configuration by itself: at a time of its day, and a while later by chance.

The chance is none: it is worked out from MAC and day, so that one phone looks at the same moment whoever plays it, and
a fleet is spread over the window. What it finds then is compared as at a check-sync.
"""

from __future__ import annotations

from hashlib import md5

from device_emulator.facts import Fact
from device_emulator.firmware.textfile import Settings, seconds
from device_emulator.models import Model

ADMIN_GUIDE = "administrator guide 41-001343"
RESYNC_MODE = Fact(
    "aastra.resync.mode",
    "aastra",
    "Without `auto resync mode` this one counts: it never looks by itself.",
    "vendor guide",
    f"{ADMIN_GUIDE}, A-22",
    "0",
    "3",
)
RESYNC_TIME = Fact(
    "aastra.resync.time",
    "aastra",
    "Without `auto resync time` it looks at this time of its day.",
    "unverified",
    "the key is documented; its default has not been looked up",
    "00:00",
    "12:00",
)
RESYNC_DELAY = Fact(
    "aastra.resync.delay",
    "aastra",
    "It looks up to this many minutes later, each phone at another moment, until `auto resync max delay` says "
    "otherwise.",
    "vendor guide",
    f"{ADMIN_GUIDE}, A-22: default 15, range 0 to 1439",
    15,
    0,
)
RESYNC_DAYS = Fact(
    "aastra.resync.days",
    "aastra",
    "`auto resync days` is after how many days it looks again; 0 is each day.",
    "vendor guide",
    f"{ADMIN_GUIDE}, A-22",
    True,
    False,
)

_MINUTE, _DAY = 60_000, 86_400_000


def next_run(model: Model, mac: str, settings: Settings, now: int) -> int | None:
    """At its time of day, a while later by chance: the same while for one phone on one day."""
    mode = settings.get("auto resync mode") or RESYNC_MODE.of(model)
    if mode not in ("1", "2", "3"):
        return None
    values = settings.dict()
    at = _minutes(values.get("auto resync time", ""))
    if at is None:
        at = _minutes(RESYNC_TIME.of(model)) or 0
    window = values.get("auto resync max delay", "")
    delay = int(window) if window.isdecimal() and window.isascii() and len(window) < 5 else RESYNC_DELAY.of(model)
    days = max(1, seconds(values.get("auto resync days", ""), 1)) if RESYNC_DAYS.of(model) else 1
    days = min(days, 364)
    west = values.get("time zone minutes", "0")
    west_ms = int(west) * _MINUTE if west.removeprefix("-").isdecimal() and west.isascii() and len(west) < 6 else 0
    local = now - west_ms
    day = local // _DAY - 1
    while True:
        if day % days == 0:
            due = day * _DAY + at * _MINUTE + _chance(mac, day, min(delay, 1_439) * 60) * 1000 + west_ms
            if due > now:
                return due
        day += 1


def _minutes(text: str) -> int | None:
    """Minutes since midnight of `hh:mm`; None if it is none."""
    hours, colon, minutes = text.strip().partition(":")
    digits = hours.isascii() and hours.isdecimal() and minutes.isascii() and minutes.isdecimal()
    if not colon or not digits or len(hours) > 2 or len(minutes) > 2 or int(hours) > 23 or int(minutes) > 59:
        return None
    return int(hours) * 60 + int(minutes)


def _chance(mac: str, day: int, most: int) -> int:
    """0 to `most`, as if by chance."""
    return int.from_bytes(md5(f"{mac} {day}".encode(), usedforsecurity=False).digest()[:6], "big") % (most + 1)
