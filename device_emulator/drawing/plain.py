"""A plain display, drawn: the screen's rows on their grid, what the keys at the sides are for, and a few signs.

Here is also what every glass is: where it stands, and what it needs to know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from device_emulator.drawing.display import Display, beside
from device_emulator.drawing.signs import cross, envelope, no_entry, receiver
from device_emulator.drawing.svg import box, element, escape, number, text
from device_emulator.lamps import Button
from device_emulator.rows import shown, width
from device_emulator.screen import Screen

if TYPE_CHECKING:
    from device_emulator.phone.state import Phone

INK, PAPER = "#17211b", ("#d3ddc8", "#b6c4ab")
SIDE = 0.27  # of the glass's width, for what keys at one side are for
MIDDLE: dict[str, str] = {"text_anchor": "middle"}


class Glass(Struct, frozen=True, gc=False):
    """Where the glass is, and what it needs to know of the phone. `time` is what a clock on it would show."""

    x: float
    y: float
    width: float
    height: float
    display: Display
    buttons: tuple[Button, ...]
    id: str
    time: str = ""


def draw(glass: Glass, phone: Phone, screen: Screen) -> str:
    model, x, y, w, h = phone.model, glass.x, glass.y, glass.width, glass.height
    pad, pitch = 9.0, (h - 18) / model.rows
    size = min(pitch * 0.84, 34)
    cell = min((w - 2 * pad) / model.columns, size * 0.66)
    found = [box(x, y, w, h, 4, fill=f"url(#{glass.id}-lcd)"), box(x, y, w, 5, 2, fill="#000", opacity=0.1)]
    keys = screen.soft_keys if screen.rows and screen.rows[-1] == _joined(screen, model.columns) else ()
    idle = bool(screen.lines) and screen.call is None and not screen.title
    left, room = x + pad, w - 2 * pad
    if idle:
        found.append(_mono_labels(glass))
        at_left, at_right = taken(glass)
        left += w * SIDE * at_left
        room -= w * SIDE * (at_left + at_right)
    for index, row in enumerate(screen.rows[:-1] if keys else screen.rows):
        each = min(cell, room / max(width(row), 1))
        found.append(_cells(left, y + pad + pitch * (index + 0.74), row, min(size, each / 0.6), each))
    if keys:
        found.append(_mono_keys(glass, keys, size, pitch))
    elif idle:
        found.append(_mono_status(glass, phone, left + room))
        found.append(text(left, y + h - 8, glass.time, 14, 90, fill=INK))
    return "".join(found)


def taken(glass: Glass) -> tuple[bool, bool]:
    """Does anything stand at the left, at the right?"""
    display, keys = glass.display, beside(glass.buttons)
    left, right = (0, 6) if display.glass == "touch" else (display.left, display.right)
    return any(one.type for one in keys[:left]), any(one.type for one in keys[left : left + right])


def _mono_labels(glass: Glass) -> str:
    """What the keys at the sides are for."""
    display, w = glass.display, glass.width * SIDE - 8
    pitch, found = (glass.height - 8) / max(display.left, display.right, 1), []
    for index, button in enumerate(beside(glass.buttons)[: display.sides]):
        if not button.type:
            continue
        at_left = index < display.left
        top = glass.y + 4 + pitch * (index if at_left else index - display.left) + 2
        edge = glass.x + 5 if at_left else glass.x + glass.width - 5 - w
        label, size = button.label or button.value or button.type, min(14.0, (pitch - 4) * 0.62)
        lit = button.lamp.colour == "red"
        found.append(box(edge, top, w, pitch - 4, 2, fill=INK if lit else "none", stroke=INK, stroke_width=1))
        middle, base = edge + w / 2, top + (pitch - 4) / 2 + size * 0.36
        found.append(text(middle, base, label, size, w - 8, fill=PAPER[0] if lit else INK, **MIDDLE))
    return "".join(found)


def _joined(screen: Screen, columns: int) -> str:
    return shown("  ".join(screen.soft_keys), columns) if screen.soft_keys else ""


def _cells(x: float, y: float, row: str, size: float, cell: float, fill: str = INK) -> str:
    """A row on its grid: whatever the font, each column is as wide as the next."""
    if not row.strip():
        return ""
    length = number(width(row) * cell)
    attributes = {"class_": "m", "textLength": length, "lengthAdjust": "spacingAndGlyphs"}
    return element("text", escape(row), x=x, y=y, font_size=size, fill=fill, **attributes)


def _mono_keys(glass: Glass, keys: tuple[str, ...], size: float, pitch: float) -> str:
    """Soft keys stand reversed in the last row, each over its key."""
    count = max(glass.display.soft or 4, min(len(keys), 6))
    wide = (glass.width - 12) / count
    top = glass.y + glass.height - pitch - 5
    found = []
    for index, label in enumerate(keys[:count]):
        left = glass.x + 6 + wide * index
        found.append(box(left + 2, top, wide - 4, pitch, 2, fill=INK))
        size_ = min(size, pitch * 0.78)
        found.append(text(left + wide / 2, top + pitch * 0.74, label, size_, wide - 10, fill=PAPER[0], **MIDDLE))
    return "".join(found)


def _mono_status(glass: Glass, phone: Phone, right: float) -> str:
    """Small signs in the lower right corner: registered or not, told not to ring, messages."""
    signs, x, y = [], right - 2, glass.y + glass.height - 13
    states = [line.state for line in phone.lines]
    if "registered" in states:
        signs.append(receiver(x - 8, y, 0.62, INK))
    elif states:
        signs.append(cross(x - 6, y, 5, INK))
    if phone.dnd:
        signs.append(no_entry(x - 26, y, 6, INK, PAPER[0]))
    if any(line.messages for line in phone.lines):
        signs.append(envelope(x - 48, y - 5, INK))
    return "".join(signs)
