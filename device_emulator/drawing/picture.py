"""A phone as a picture: one SVG document, sharp at any size, for light and dark surroundings, in a few kilobytes.

The title says which phone it is and the description what it shows, for whoever does not see it; text stays text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from device_emulator.drawing import display, fronts
from device_emulator.drawing.plain import PAPER
from device_emulator.drawing.svg import COLOURS, LOOKS, element, escape, glow, gradient, number, style
from device_emulator.lamps import message
from device_emulator.rows import shown

if TYPE_CHECKING:
    from device_emulator.phone.state import Phone


def svg(phone: Phone, *, time: str = "", width: float | None = None) -> str:
    """The phone as an SVG document. `time` is what its clock shows, '' for none: a phone is a value and knows no hour;
    `width` is in CSS pixels, as wide as what surrounds it where it is None."""
    front = display.of(phone.model)
    id_ = f"{phone.model.name}-{phone.mac}"
    wide, high, drawn = fronts.draw(phone, front, id_, shown(time, 12))
    look = LOOKS[front.look]
    definitions = (
        gradient(f"{id_}-body", look[0], look[1]),
        gradient(f"{id_}-edge", look[2], look[1]),
        gradient(f"{id_}-key", look[3], look[4]),
        gradient(f"{id_}-grip", look[0], look[7], x2=1, y2=0.3),
        gradient(f"{id_}-lcd", *PAPER),
        gradient(f"{id_}-wall", "#1d5f8f", "#123b63", "#0b2440", x2=0.6),
        *(glow(f"{id_}-{name}", colours[0]) for name, colours in COLOURS.items() if name),
    )
    head = element("title", escape(f"{phone.model.name} {phone.mac}")) + element("desc", escape(described(phone)))
    size = {} if width is None else {"width": number(width), "height": number(width * high / wide)}
    return (
        element(
            "svg",
            head + style(front.look) + element("defs", "".join(definitions)) + drawn,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {number(wide)} {number(high)}",
            role="img",
            aria_label=shown(f"{phone.model.name}: {described(phone)}", 200),
            **size,
        )
        + "\n"
    )


def described(phone: Phone) -> str:
    """What the picture shows, in words."""
    screen = phone.screen
    if not screen.on:
        return "The phone is off."
    said = [f"The display shows: {shown(' / '.join(row for row in screen.rows if row.strip()))}."]
    if screen.soft_keys:
        said.append(f"Soft keys: {shown(', '.join(screen.soft_keys))}.")
    lit = [button for button in phone.buttons if button.lamp.rhythm != "off"]
    if message(phone).rhythm != "off":
        said.append(f"The lamp at the top is {message(phone)}.")
    said += [f"Key {shown(one.label or one.value or one.name, 40)} is {one.lamp}." for one in lit[:20]]
    return " ".join(said)
