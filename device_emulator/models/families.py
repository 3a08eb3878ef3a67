"""Which phones look alike: how much text a display holds.

A family is about glass and plastic, not about firmware, and is named after one of its phones. Columns and rows are what
fits in a plain type on a display of that size (decided): vendors publish pixels, and those only in data sheets.
"""

from __future__ import annotations

from msgspec import Struct


class Family(Struct, frozen=True, gc=False):
    """`columns` and `rows` in characters."""

    name: str
    text: str
    columns: int
    rows: int


_ROWS = (
    # ---- Yealink
    Family("t20", "a display of characters", 16, 3),
    Family("t22", "a small monochrome display", 20, 5),
    Family("t27", "a wide monochrome display, keys on both sides", 28, 8),
    Family("t28", "a large grey display, ten memory keys beside it", 32, 8),
    Family("t38", "a colour display, ten memory keys beside it", 32, 10),
    Family("t41", "a monochrome display, keys on both sides", 24, 6),
    Family("t43", "a large grey display, keys on both sides", 32, 8),
    Family("t33", "a small colour display", 28, 8),
    Family("t46", "a colour display, keys on both sides", 32, 10),
    Family("t48", "a touch screen", 40, 12),
    Family("t58", "a large touch screen", 48, 14),
    Family("vp59", "a video phone's touch screen", 48, 16),
    Family("cp860", "a conference phone with a monochrome display", 24, 6),
    Family("cp920", "a conference phone with touch keys", 28, 8),
    Family("cp960", "a conference phone with a touch screen", 32, 16),
    Family("dect", "a DECT base; the display is a handset's", 20, 10),
    Family("ax83", "a Wi-Fi handset", 20, 10),
    # ---- Aastra and Mitel
    Family("6730i", "three rows of characters, keys with paper labels", 16, 3),
    Family("6755i", "a monochrome display with six soft keys", 24, 8),
    Family("6757i", "a large monochrome display with twelve soft keys", 24, 8),
    Family("6735i", "a monochrome display with soft keys, and a keyboard's port", 24, 8),
    Family("6739i", "a touch screen", 40, 12),
    Family("9480i", "a monochrome display with six soft keys, older", 24, 5),
    Family("6863i", "three rows of characters", 20, 3),
    Family("6867i", "a colour display with soft keys", 28, 8),
    Family("6869i", "a large colour display with soft keys", 32, 10),
    Family("6873i", "a touch screen with soft keys", 40, 12),
    Family("6905", "a small monochrome display", 20, 4),
    Family("6920", "a colour display with soft keys", 28, 8),
    Family("6930", "a large colour display with soft keys", 32, 10),
    Family("6940", "a touch screen with soft keys", 40, 12),
    Family("6970", "a conference phone with a touch screen", 40, 12),
)

FAMILIES: dict[str, Family] = {family.name: family for family in _ROWS}
