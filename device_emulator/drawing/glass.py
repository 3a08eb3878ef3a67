"""What stands on a phone's glass, drawn: rows of characters on a plain display, a laid-out screen on a coloured one.

A plain display shows exactly the screen's rows, on their grid. A coloured one shows the same things where firmware puts
them: a status bar, what the side keys are for, the message, a card for a call, a form for a prompt, soft keys below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from device_emulator.drawing import plain
from device_emulator.drawing.display import beside
from device_emulator.drawing.plain import MIDDLE, SIDE, Glass, taken
from device_emulator.drawing.signs import envelope, no_entry, receiver, somebody
from device_emulator.drawing.svg import box, dot, element, group, number, path, text
from device_emulator.lamps import Button
from device_emulator.rows import shown, wrapped
from device_emulator.screen import CallShown, Screen

if TYPE_CHECKING:
    from device_emulator.phone.state import Phone


def draw(glass: Glass, phone: Phone) -> str:
    """The glass with everything on it."""
    screen = phone.screen
    area = {"x": glass.x, "y": glass.y, "width": glass.width, "height": glass.height}
    if not screen.on:
        return element("rect", **area, rx=4, fill="#0b0d0f") + _gloss(glass)
    if glass.display.glass == "mono":
        return plain.draw(glass, phone, screen)
    return _colour(glass, phone, screen)


def _gloss(glass: Glass) -> str:
    x, y, w, h = glass.x, glass.y, glass.width, glass.height
    shine = f"M{number(x)} {number(y)}h{number(w * 0.62)}L{number(x + w * 0.3)} {number(y + h)}H{number(x)}z"
    return path(shine, fill="#fff", opacity=0.035)


def _colour(glass: Glass, phone: Phone, screen: Screen) -> str:
    x, y, w, h = glass.x, glass.y, glass.width, glass.height
    clip = element("clipPath", box(x, y, w, h, 5), id=f"{glass.id}-clip")
    found = [clip, box(x, y, w, h, fill=f"url(#{glass.id}-wall)"), _waves(x, y, w, h)]
    if not screen.lines and screen.call is None and not screen.title:
        found.append(_waiting(glass, screen))
        return group(*found, clip_path=f"url(#{glass.id}-clip)") + _gloss(glass)
    found.append(_bar(glass, phone))
    if screen.call is not None:
        found.append(_call(glass, screen.call, screen))
    elif screen.prompt is not None or screen.title:
        found.append(_page(glass, phone, screen))
    else:
        found.append(_idle(glass, phone, screen))
    found.append(_soft_keys(glass, screen))
    return group(*found, clip_path=f"url(#{glass.id}-clip)") + _gloss(glass)


def _waves(x: float, y: float, w: float, h: float) -> str:
    """The wallpaper: three hills of light."""

    def hill(height: float, bend: float, opacity: float) -> str:
        top = y + h * height
        begin, rise = f"M{number(x)} {number(top)}", f"C{number(x + w * 0.3)} {number(top - h * bend)}"
        fall = f" {number(x + w * 0.55)} {number(top + h * bend)} {number(x + w)} {number(top - h * 0.1)}"
        return path(f"{begin}{rise}{fall}V{number(y + h)}H{number(x)}z", fill="#fff", opacity=opacity)

    return hill(0.62, 0.3, 0.05) + hill(0.74, -0.22, 0.05) + hill(0.88, 0.2, 0.06)


def _waiting(glass: Glass, screen: Screen) -> str:
    """While the phone starts, or has nothing to show but one thing to say."""
    cx, cy = glass.x + glass.width / 2, glass.y + glass.height / 2
    rays = "".join(
        dot(cx + dx * 15, cy - 22 + dy * 15, 2.6, fill="#fff", opacity=0.25 + 0.09 * index)
        for index, (dx, dy) in enumerate(
            ((0, -1), (0.71, -0.71), (1, 0), (0.71, 0.71), (0, 1), (-0.71, 0.71), (-1, 0), (-0.71, -0.71))
        )
    )
    return rays + text(cx, cy + 24, screen.message, 17, glass.width - 30, fill="#fff", **MIDDLE)


BAR = 26


def _bar(glass: Glass, phone: Phone) -> str:
    """The status bar: whose phone it is, and the small signs."""
    x, y, w = glass.x, glass.y, glass.width
    found, right = [box(x, y, w, BAR, fill="#000", opacity=0.28)], x + w - 12
    if glass.time:
        found.append(text(right, y + 17.5, glass.time, 12.5, 90, fill="#fff", text_anchor="end"))
        right -= 14 + 7.2 * len(shown(glass.time, 12))
    waiting = sum(one.messages for one in phone.lines)
    if waiting:
        found.append(text(right, y + 17.5, str(waiting), 11.5, 30, fill="#ffd479", text_anchor="end"))
        right -= 20 + 6 * len(str(waiting))
        found.append(envelope(right, y + 8, "#ffd479"))
        right -= 10
    if phone.dnd:
        found.append(no_entry(right - 7, y + 13, 7, "#ff6257", "#fff"))
        right -= 22
    line = phone.lines[0] if phone.lines else None
    if line is not None:
        ready = line.state == "registered" or not line.account.server
        found.append(receiver(x + 18, y + 13, 0.75, "#7df0a3" if ready else "#ff9a8f"))
        room = right - x - 36
        found.append(text(x + 32, y + 17.5, line.account.label, 12.5, room, fill="#fff", font_weight="600"))
    return "".join(found)


def _idle(glass: Glass, phone: Phone, screen: Screen) -> str:
    x, y, w, h = glass.x, glass.y, glass.width, glass.height
    found = [_labels(glass)]
    at_left, at_right = taken(glass)
    left = x + (SIDE * w if at_left else 0) + 8
    room = w - (left - x) - (SIDE * w if at_right else 0) - 8
    cx, cy = left + room / 2, y + BAR + (h - BAR - SOFT) / 2
    line = phone.lines[0] if phone.lines else None
    if glass.time:
        found.append(text(cx, cy + 4, glass.time, 38, room, fill="#fff", font_weight="300", **MIDDLE))
        cy += 30
    if line is not None and not glass.time:
        found.append(text(cx, cy, line.account.label, 23, room, fill="#fff", font_weight="600", **MIDDLE))
        found.append(text(cx, cy + 21, line.account.user, 13, room, fill="#cfe4f2", **MIDDLE))
        cy += 30
    if screen.message:
        bad = any(line.state in ("no-service", "refused") for line in phone.lines) or bool(phone.notice)
        top = y + BAR + 8
        found.append(box(left, top, room, 24, 12, fill="#c8372d" if bad else "#0b1d2b", opacity=0.92))
        found.append(text(cx, top + 16.5, screen.message, 12.5, room - 24, fill="#fff", font_weight="600", **MIDDLE))
    return "".join(found)


SOFT = 28


def _labels(glass: Glass) -> str:
    """What the keys at the sides are for, each beside its key; on a touch screen they are keys themselves."""
    display, x, y, w, h = glass.display, glass.x, glass.y, glass.width, glass.height
    wide, found = w * SIDE, []
    touch = display.glass == "touch"
    left, right = (0, 6) if touch else (display.left, display.right)
    pitch = (h - BAR - SOFT) / max(left, right, 1)
    for index, button in enumerate(beside(glass.buttons)[: left + right]):
        column, row = (0, index) if index < left else (1, index - left)
        top = y + BAR + pitch * row + 2
        edge = x + 4 if column == 0 else x + w - wide - 4
        if not button.type:
            continue
        anchor = {"text_anchor": "end"} if column and not touch else {}
        at = edge + wide - 20 if column and not touch else edge + 22
        mark = edge + wide - 11 if column and not touch else edge + 11
        found.append(box(edge, top, wide, pitch - 4, 5, fill="#06121c", opacity=0.42))
        found.append(
            dot(mark, top + (pitch - 4) / 2, 4.2, fill=MARKS.get(button.lamp.colour or _state(button), "#8fa3b2"))
        )
        label = button.label or button.value or button.type
        size = min(12.5, pitch * 0.5)
        found.append(text(at, top + (pitch - 4) / 2 + size * 0.36, label, size, wide - 28, fill="#fff", **anchor))
    return "".join(found)


MARKS = {"red": "#ff5d50", "green": "#45e07c", "idle": "#45e07c", "unregistered": "#ff8a80"}


def _state(button: Button) -> str:
    return button.state if button.type == "line" else ""


HEADS = {"ringing": "#33c26b", "calling": "#3d8fe0", "talking": "#2f7fd1", "ended": "#7a828c"}


def _call(glass: Glass, call: CallShown, screen: Screen) -> str:
    x, y, w, h = glass.x, glass.y, glass.width, glass.height
    room = h - BAR - SOFT
    found = [box(x, y + BAR, w, room, fill="#05131f", opacity=0.55)]
    found.append(box(x, y + BAR, w, 24, fill=HEADS[call.state], opacity=0.95))
    found.append(text(x + w / 2, y + BAR + 16.5, screen.message, 13, w - 20, fill="#fff", font_weight="600", **MIDDLE))
    who = call.name or call.number
    upright = w < 240
    r = min(34.0, room * 0.2)
    cx = x + w / 2 if upright else x + 30 + r
    cy = y + BAR + 24 + ((room - 24) * 0.34 if upright else (room - 24) / 2)
    found.append(somebody(cx, cy, r, HEADS[call.state]))
    if upright:
        found.append(text(cx, cy + r + 28, who, 19, w - 16, fill="#fff", font_weight="600", **MIDDLE))
        found.append(text(cx, cy + r + 50, call.number if call.name else "", 14, w - 16, fill="#cfe4f2", **MIDDLE))
        return "".join(found)
    left, space = cx + r + 20, x + w - (cx + r + 20) - 12
    found.append(text(left, cy + (0 if call.name else 8), who, 24, space, fill="#fff", font_weight="600"))
    found.append(text(left, cy + 24, call.number if call.name else "", 15, space, fill="#cfe4f2"))
    return "".join(found)


def _page(glass: Glass, phone: Phone, screen: Screen) -> str:
    """A form, or a text."""
    page, x, y, w, h = phone.pages[-1], glass.x, glass.y, glass.width, glass.height
    top = y + BAR
    found = [box(x, top, w, h - BAR - SOFT, fill="#f4f7fa", opacity=0.96)]
    found.append(text(x + 14, top + 21, page.title, 14.5, w - 28, fill="#14202b", font_weight="600"))
    found.append(box(x + 14, top + 29, w - 28, 1, fill="#14202b", opacity=0.15))
    at, end = top + 40.0, y + h - SOFT - 4
    if phone.notice:
        found.append(text(x + 14, at + 10, phone.notice, 12.5, w - 28, fill="#b3261e", font_weight="600"))
        at += 20
    for field in page.fields:
        if at + 26 > end:
            break
        value = "\u2022" * min(len(field.default), 12) if field.password else field.default
        found.append(text(x + 14, at + 16, field.label, 13, w * 0.3, fill="#3a4a58"))
        found.append(box(x + w * 0.36, at, w * 0.6, 24, 5, fill="#fff", stroke="#9fb0bf"))
        found.append(text(x + w * 0.36 + 8, at + 16.5, value, 13, w * 0.55, fill="#14202b"))
        at += 30
    if not page.fields:
        for row in wrapped(page.text, max(10, int((w - 28) / 7))):
            if at + 15 > end:
                break
            found.append(text(x + 14, at + 11, row, 13, w - 28, fill="#14202b"))
            at += 18
    return "".join(found)


def _soft_keys(glass: Glass, screen: Screen) -> str:
    x, w, keys = glass.x, glass.width, screen.soft_keys
    if screen.call is None and not screen.title:  # those at the sides have their place there
        count = 6 if glass.display.glass == "touch" else glass.display.sides
        at_sides = [button.label for button in beside(glass.buttons)[:count]]
        keys = tuple([label for label in keys if label not in at_sides])
    count = max(glass.display.soft or 4, 2)
    top, wide = glass.y + glass.height - SOFT, w / count
    found = [box(x, top, w, SOFT, fill="#000", opacity=0.4)]
    for index, label in enumerate(keys[:count]):
        fill = {"Answer": "#2fae5f", "Reject": "#d0443a", "End call": "#d0443a"}.get(label, "#ffffff")
        plain = fill == "#ffffff"
        found.append(
            box(x + wide * index + 3, top + 3, wide - 6, SOFT - 6, 5, fill=fill, opacity=0.16 if plain else 0.95)
        )
        middle = x + wide * (index + 0.5)
        found.append(text(middle, top + 18.5, label, 12.5, wide - 14, fill="#fff", font_weight="600", **MIDDLE))
    return "".join(found)
