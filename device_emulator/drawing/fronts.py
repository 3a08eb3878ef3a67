"""The hardware around the glass: bodies, handsets, keys and lamps. This project's own drawings, made of plain shapes.

Every front returns its size and its elements. What is lit comes from the lamps; nothing here decides anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from device_emulator import lamps
from device_emulator.drawing import glass, signs
from device_emulator.drawing.display import Display, apart, beside
from device_emulator.drawing.plain import Glass
from device_emulator.drawing.svg import COLOURS, LOOKS, box, dot, element, group, number, path, text
from device_emulator.lamps import Button, Lamp

if TYPE_CHECKING:
    from device_emulator.phone.state import Phone

Front = tuple[float, float, str]
_DIGITS = (
    ("1", ""), ("2", "ABC"), ("3", "DEF"), ("4", "GHI"), ("5", "JKL"), ("6", "MNO"),
    ("7", "PQRS"), ("8", "TUV"), ("9", "WXYZ"), ("*", ""), ("0", "+"), ("#", ""),
)  # fmt: skip


def draw(phone: Phone, display: Display, id_: str, time: str) -> Front:
    """The front of a phone: width, height, elements."""
    return KINDS[display.kind](phone, display, id_, time)


# ---- parts


def led(x: float, y: float, width: float, height: float, lamp: Lamp, id_: str) -> str:
    """A small lamp, with its light around it while it is on."""
    fill, bright = COLOURS[lamp.colour if lamp.colour in COLOURS else "red"]
    r = min(width, height) / 2
    if lamp.rhythm == "off":
        return box(x, y, width, height, r, fill="#000", opacity=0.35)
    cx, cy, reach = x + width / 2, y + height / 2, width * 0.5 + height + 8
    light = element("ellipse", cx=cx, cy=cy, rx=reach, ry=min(reach, height * 2.4), fill=f"url(#{id_}-{lamp.colour})")
    core = box(x, y, width, height, r, fill=fill) + box(
        x + width * 0.2, y + height * 0.22, width * 0.6, height * 0.34, r * 0.4, fill=bright, opacity=0.8
    )
    return group(light, core, class_={"on": None, "slow": "slow", "fast": "fast"}[lamp.rhythm])


def cap(x: float, y: float, width: float, height: float, id_: str, r: float = 7) -> str:
    """A key's cap."""
    return (
        box(x, y + 1.5, width, height, r, fill="#000", opacity=0.4)
        + box(x, y, width, height, r, fill=f"url(#{id_}-key)")
        + box(x + 1, y + 1, width - 2, height / 2, r - 1, fill="#fff", opacity=0.06)
    )


def keypad(x: float, y: float, width: float, height: float, id_: str, gap: float = 9) -> str:
    """Twelve keys in four rows."""
    w, h = (width - 2 * gap) / 3, (height - 3 * gap) / 4
    found = []
    for index, (digit, letters) in enumerate(_DIGITS):
        left, top = x + (index % 3) * (w + gap), y + (index // 3) * (h + gap)
        found.append(cap(left, top, w, h, id_))
        middle = left + w * (0.3 if letters else 0.5)
        found.append(_print(middle, top + h * 0.68, digit, h * 0.52, id_))
        if letters:
            found.append(_print(left + w * 0.66, top + h * 0.63, letters, h * 0.25, id_, 0.7))
    return "".join(found)


_PRINT: dict[str, str] = {"fill": "#e8ecf1", "class_": "t", "text_anchor": "middle", "font_weight": "500"}


def _print(x: float, y: float, said: str, size: float, id_: str, opacity: float = 0.95) -> str:
    """What is printed on a key."""
    return element("text", said, x=x, y=y, font_size=size, opacity=opacity, **_PRINT)


def navigation(cx: float, cy: float, r: float, id_: str) -> str:
    """The ring of arrows around OK."""
    place = f"translate({number(cx)} {number(cy)})"
    line: dict[str, str | float] = {"fill": "none", "stroke": "#dfe4ea", "stroke_width": 2, "stroke_linecap": "round"}
    arrow = f"M-4 {number(2 - r * 0.74)}l4-4 4 4"
    arrows = "".join(path(arrow, transform=f"{place} rotate({turn})", **line) for turn in (0, 90, 180, 270))
    ring = dot(cx, cy + 2, r, fill="#000", opacity=0.35) + dot(cx, cy, r, fill=f"url(#{id_}-key)")
    middle = dot(cx, cy, r * 0.46, fill="#11151a", opacity=0.55) + dot(cx, cy, r * 0.42, fill=f"url(#{id_}-key)")
    return ring + arrows + middle + _print(cx, cy + r * 0.13, "OK", r * 0.34, id_)


def handset(x: float, y: float, width: float, height: float, id_: str) -> str:
    """A handset in its cradle, seen from above."""
    cx, end = x + width / 2, 92.0
    cradle = box(x - 9, y - 9, width + 18, height + 18, 34, fill="#000", opacity=0.22)
    grip = box(cx - width * 0.31, y + end * 0.55, width * 0.62, height - end * 1.1, 20, fill=f"url(#{id_}-grip)")
    ends = "".join(
        box(x, top, width, end, 27, fill=f"url(#{id_}-grip)", stroke="#000", stroke_opacity=0.28)
        + box(x + 5, top + 4, width - 10, end * 0.34, 18, fill="#fff", opacity=0.07)
        for top in (y, y + height - end)
    )
    shine = box(cx - width * 0.19, y + end * 0.9, width * 0.09, height - end * 1.8, 6, fill="#fff", opacity=0.1)
    return cradle + grip + shine + ends


def _side_key(x: float, y: float, button: Button, id_: str, left: bool) -> str:
    """A key beside the glass: its lamp towards the glass."""
    lamp = led(x + 44 if left else x + 3, y + 7, 5, 13, button.lamp, id_)
    return cap(x if left else x + 12, y, 40, 27, id_, 8) + lamp


def _labelled_key(x: float, y: float, width: float, button: Button, id_: str, dark: bool) -> str:
    """A key with a paper label, and its lamp."""
    label = button.label or button.value or button.type
    fill, ink = ("#2a2f36", "#dfe4ea") if dark else ("#fbfbf6", "#22282f")
    paper = box(x + 47, y + 2, width - 47, 22, 3, fill=fill, stroke="#000", stroke_opacity=0.15)
    return (
        cap(x, y, 34, 26, id_, 8)
        + led(x + 38, y + 6, 5, 14, button.lamp, id_)
        + paper
        + text(x + 52, y + 17, label, 11, width - 56, fill=ink)
    )


# ---- fronts


def _desk(phone: Phone, display: Display, id_: str, time: str) -> Front:
    look, buttons = LOOKS[display.look], phone.buttons
    dark = display.look != "silver"
    left_edge, wide = 196.0, 496.0
    side = 62.0 if display.sides else 0.0
    top = 62.0
    x = left_edge + (side if display.left else 0)
    w = wide - (side if display.left else 0) - (side if display.right else 0)
    # What the glass does not need stands above it: a long name of a product and the lamp.
    found = [
        text(
            left_edge + 4,
            42,
            _named(phone),
            14,
            300,
            fill=look[5] if dark else "#3a4048",
            font_weight="700",
            letter_spacing="1.5",
        )
    ]
    found.append(led(left_edge + wide - 74, 30, 70, 10, lamps.message(phone), id_))
    found.append(box(x - 9, top - 9, w + 18, display.height + 18, 12, fill="#08090b"))
    found.append(
        box(x - 8.5, top - 8.5, w + 17, display.height + 17, 11.5, fill="none", stroke="#fff", stroke_opacity=0.14)
    )
    found.append(glass.draw(Glass(x, top, w, display.height, display, buttons, id_, time), phone))
    found.append(_sides(display, buttons, x, w, top, id_))
    y = top + display.height + 22
    if display.soft and display.glass != "touch":
        cell = w / display.soft
        found += [cap(x + cell * index + 9, y, cell - 18, 20, id_, 9) for index in range(display.soft)]
        y += 32
    y += 8
    if display.hard:
        found.append(_hard_lines(phone, display, left_edge, y, id_))
        y += 40
    deck = 206.0
    found.append(keypad(left_edge, y, 220, deck, id_))
    right = left_edge + 244
    if display.apart:
        columns = 2 if display.apart > 4 else 1
        room = (wide - 244 - 12 * (columns - 1)) / columns
        per = -(-display.apart // columns)
        pitch = min(44.0, deck / per)
        found += [
            _labelled_key(right + (index // per) * (room + 12), y + (index % per) * pitch, room, button, id_, dark)
            for index, button in enumerate(apart(buttons)[: display.apart])
        ]
    else:
        found.append(navigation(right + 72, y + 78, 62, id_))
        found += [cap(right + 158, y + 6 + 42 * index, 84, 30, id_, 9) for index in range(4)]
        found.append(_signs(right + 200, y + 21))
        found.append(
            cap(right + 8, y + 168, 234, 22, id_, 11)
            + _print(right + 30, y + 184, "\u2212", 16, id_)
            + _print(right + 220, y + 184, "+", 16, id_)
        )
    height = y + deck + 34
    body = _body(720, height, id_)
    return 720, height, body + handset(46, 60, 104, height - 120, id_) + "".join(found)


def _named(phone: Phone) -> str:
    """The product's name, as a label would say it; no vendor's mark."""
    return phone.model.product.replace("_", " ")


def _body(width: float, height: float, id_: str) -> str:
    shadow = element("ellipse", cx=width / 2, cy=height - 6, rx=width * 0.47, ry=16, fill="#000", opacity=0.22)
    return (
        shadow
        + box(6, 4, width - 12, height - 16, 38, fill=f"url(#{id_}-body)")
        + box(7.5, 5.5, width - 15, height - 19, 36.5, fill="none", stroke=f"url(#{id_}-edge)", stroke_width=2)
    )


def _sides(display: Display, buttons: tuple[Button, ...], x: float, w: float, top: float, id_: str) -> str:
    """The keys at the two sides; on a plain display their labels are printed beside them."""
    rows = max(display.left, display.right, 1)
    if display.glass == "touch" or not display.sides:
        return ""
    first, pitch = (top + glass.BAR, (display.height - glass.BAR - glass.SOFT) / rows)
    if display.glass == "mono":
        first, pitch = top - 4, (display.height + 8) / rows
    found, keys = [], beside(buttons)
    for index in range(display.sides):
        button = keys[index] if index < len(keys) else Button("", "", "", "", "", Lamp(""))
        left = index < display.left
        row = index if left else index - display.left
        y = first + pitch * row + (pitch - 27) / 2
        found.append(_side_key(x - 64 if left else x + w + 12, y, button, id_, left))
    return "".join(found)


def _hard_lines(phone: Phone, display: Display, x: float, y: float, id_: str) -> str:
    """L1, L2, …: keys of the lines themselves."""
    found = []
    for index in range(display.hard):
        line = phone.lines[index] if index < len(phone.lines) else None
        state = lamps.line_state(phone, line) if line is not None else ""
        lit = lamps.line_lamp(phone, f"line{index + 1}", state)
        left = x + index * 78
        found.append(cap(left, y, 58, 24, id_, 8) + _print(left + 29, y + 16.5, f"L{index + 1}", 12, id_))
        found.append(led(left + 62, y + 6, 5, 12, lit, id_))
    return "".join(found)


def _signs(x: float, y: float) -> str:
    """What the keys at the right are for: messages, headset, redial, speaker."""
    ink: dict[str, str | float] = {
        "fill": "none",
        "stroke": "#dfe4ea",
        "stroke_width": 1.7,
        "stroke_linecap": "round",
        "stroke_linejoin": "round",
    }
    place = [f"translate({number(x)} {number(y + 42 * index)})" for index in range(4)]
    return (
        path("M-8-5h16v10h-16zM-8-5l8 6 8-6", transform=place[0], **ink)
        + path("M-8 4v-2a8 8 0 0 1 16 0v2M-8 1v5h3v-5zM8 1v5h-3v-5z", transform=place[1], **ink)
        + path("M7-2a7.500 6 0 1 0 0 5M8-6v4.500h-4.500", transform=place[2], **ink)
        + path("M-8-2h3l5-4v12l-5-4h-3zM4-3a5 5 0 0 1 0 6M7-5.500a8 8 0 0 1 0 11", transform=place[3], **ink)
    )


def _dect(phone: Phone, display: Display, id_: str, time: str) -> Front:
    look = LOOKS[display.look]
    width, height = 260.0, 640.0
    body = element("ellipse", cx=130, cy=628, rx=96, ry=10, fill="#000", opacity=0.25) + path(
        "M56 16h148c24 0 38 16 38 42l-8 520c0 28-16 46-44 46H70c-28 0-44-18-44-46L18 58c0-26 14-42 38-42z",
        fill=f"url(#{id_}-body)",
        stroke=f"url(#{id_}-edge)",
        stroke_width=2,
    )
    found = [box(104, 34, 52, 8, 4, fill="#000", opacity=0.5)]
    found.append(led(196, 34, 18, 7, lamps.message(phone), id_))
    found.append(
        text(
            130, 64, _named(phone), 11, 120, fill=look[5], font_weight="700", letter_spacing="1.5", text_anchor="middle"
        )
    )
    found.append(box(36, 76, 188, 226, 12, fill="#08090b"))
    front = Glass(44, 84, 172, 210, display, phone.buttons, id_, time)
    found.append(glass.draw(front, phone))
    found.append(cap(40, 314, 54, 24, id_, 12) + cap(166, 314, 54, 24, id_, 12))
    found.append(navigation(130, 350, 36, id_))
    green = group(signs.receiver(0, 0, 1, "#4be083"), transform="translate(66 366) rotate(-40)")
    red = signs.receiver(194, 366, 1, "#ff6a5e")
    found.append(cap(40, 350, 52, 28, id_, 12) + green + cap(168, 350, 52, 28, id_, 12) + red)
    found.append(keypad(40, 400, 180, 186, id_, 8))
    found.append("".join(dot(118 + 6 * index, 603, 1.6, fill="#000", opacity=0.5) for index in range(5)))
    return width, height, body + "".join(found)


def _conference(phone: Phone, display: Display, id_: str, time: str) -> Front:
    look = LOOKS[display.look]
    width, height = 640.0, 516.0
    arms = (
        "M320 22c46 0 62 46 84 104 26 66 92 128 164 184 44 36 44 92 4 122-46 34-110 12-164 8-58-5-118-5-176 0"
        "-54 4-118 26-164-8-40-30-40-86 4-122 72-56 138-118 164-184 22-58 38-104 84-104z"
    )
    body = element("ellipse", cx=320, cy=486, rx=236, ry=14, fill="#000", opacity=0.22) + path(
        arms, fill=f"url(#{id_}-body)", stroke=f"url(#{id_}-edge)", stroke_width=2.5, transform="translate(0 34)"
    )
    found = [dot(320, 152, 74, fill="#000", opacity=0.18)]
    found += [
        dot(320 + (column - 4) * 15 + (7.5 if row % 2 else 0), 104 + row * 13, 2.7, fill="#000", opacity=0.42)
        for row in range(8)
        for column in range(9)
        if (column - 4) ** 2 * 1.3 + (row - 3.5) ** 2 < 18
    ]
    lamp = lamps.message(phone)
    found.append(led(294, 74, 52, 7, lamp, id_))
    found.append(
        text(
            320,
            244,
            _named(phone),
            13,
            200,
            fill=look[5],
            font_weight="700",
            letter_spacing="1.5",
            text_anchor="middle",
        )
    )
    w, h = (330.0, 168.0) if display.glass == "touch" else (300.0, 112.0)
    x, y = 320 - w / 2, 258.0
    found.append(box(x - 9, y - 9, w + 18, h + 18, 14, fill="#08090b"))
    found.append(glass.draw(Glass(x, y, w, h, display, phone.buttons, id_, time), phone))
    if display.glass == "mono":
        cell = w / display.soft
        found += [cap(x + cell * index + 8, y + h + 18, cell - 16, 18, id_, 9) for index in range(display.soft)]
    marks = ((92, 414), (548, 414))
    found += [dot(cx, cy, 26, fill="#000", opacity=0.22) + dot(cx, cy, 22, fill=f"url(#{id_}-key)") for cx, cy in marks]
    found.append(_print(92, 421, "\u2212", 20, id_) + _print(548, 421, "+", 20, id_))
    return width, height, body + "".join(found)


KINDS = {"desk": _desk, "dect": _dect, "conference": _conference}
