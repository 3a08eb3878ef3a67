"""SVG as text: elements, escaped text, and the few shapes that every picture of a phone is made of.

Any text is safe: what XML cannot hold is left out before it gets here or becomes U+FFFD, markup is escaped, and every
text stands in an element of its own, isolated, so that a name written from right to left turns nothing but itself. The
same phone gives the same bytes.
"""

from __future__ import annotations

import re

from device_emulator.rows import shown

SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif"
MONO = "ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,'Noto Sans Mono',monospace"
_NEVER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_MARKUP = re.compile("[&<>\"']")


def escape(text: str) -> str:
    """The text as it may stand in an element or an attribute."""
    return _MARKUP.sub(lambda found: _SPECIAL[found[0]], _NEVER.sub("\ufffd", text))


def number(value: float) -> str:
    """12, 12.5: at most two places, and never -0."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def element(name: str, content: str = "", /, **attributes: str | float | None) -> str:
    """An element; `_` in a name is `-`, a trailing one is dropped, and None leaves an attribute out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def group(*content: str, **attributes: str | float | None) -> str:
    """Several elements as one."""
    return element("g", "".join(content), **attributes)


def box(x: float, y: float, width: float, height: float, r: float = 0, /, **attributes: str | float | None) -> str:
    """A rectangle with round corners."""
    return element("rect", x=x, y=y, width=width, height=height, rx=r or None, **attributes)


def path(d: str, /, **attributes: str | float | None) -> str:
    """A path."""
    return element("path", "", d=d, **attributes)


def dot(x: float, y: float, r: float, /, **attributes: str | float | None) -> str:
    """A circle."""
    return element("circle", cx=x, cy=y, r=r, **attributes)


def text(x: float, y: float, said: str, size: float, room: float = 0, **attributes: str | float | None) -> str:
    """A line of text; '' for nothing to say. Where it would be wider than `room` it is cut and ends in an ellipsis, and
    what is still too wide in some font is squeezed. Widths are a sans-serif's, estimated: no font is measured here."""
    said = shown(said).strip()
    if not said:
        return ""
    length = None
    if room:
        said = fitted(said, room / size)
        if estimated(said) * size > room * 0.86:
            length = min(room, estimated(said) * size)
    attributes.setdefault("class_", "t")
    squeezed = {"textLength": number(length), "lengthAdjust": "spacingAndGlyphs"} if length else {}
    return element("text", escape(said), x=x, y=y, font_size=size, **squeezed, **attributes)


_NARROW, _BROAD = frozenset("iljtfrI.,:;'|!()[]{} "), frozenset("mwMWOQ@%&GDHNUACRBKXY")


def estimated(said: str) -> float:
    """The width of a text in a sans-serif, in ems."""
    return sum(0.3 if one in _NARROW else 0.74 if one in _BROAD else 0.56 if one < "\u1100" else 1.02 for one in said)


def fitted(said: str, ems: float) -> str:
    """The text, cut to about so many ems."""
    if estimated(said) <= ems:
        return said
    while said and estimated(said) + 0.8 > ems:
        said = said[:-1]
    return f"{said.rstrip()}\u2026"


LOOKS = {
    # body from, body to, edge, key from, key to, print, deck from, deck to
    "graphite": ("#41464f", "#23272d", "#5b616b", "#3b4048", "#2a2e34", "#c9ced6", "#2c3037", "#1d2025"),
    "silver": ("#d9dde3", "#aeb4bd", "#f2f4f7", "#4b5058", "#363a41", "#eef1f5", "#c3c9d1", "#a3a9b3"),
    "onyx": ("#262a31", "#0f1114", "#474d57", "#30353d", "#1f2329", "#d5dae1", "#1b1f25", "#101216"),
}
COLOURS = {"red": ("#ff4b3e", "#ffb3a8"), "green": ("#2fe06a", "#b9ffd0"), "": ("#5d646e", "#7b838e")}


def style(look: str) -> str:
    """What all parts of a picture share. Flashing stands still for whoever asks for less motion."""
    return element(
        "style",
        f".t{{font-family:{SANS};unicode-bidi:isolate}}.m{{font-family:{MONO};unicode-bidi:isolate;white-space:pre}}"
        ".fast{animation:pbxf .4s steps(2,jump-none) infinite}.slow{animation:pbxf 2s steps(2,jump-none) infinite}"
        "@keyframes pbxf{from{opacity:1}to{opacity:.12}}"
        "@media(prefers-reduced-motion:reduce){.fast,.slow{animation:none}}",
    )


def gradient(id_: str, *colours: str, x2: float = 0, y2: float = 1) -> str:
    """A straight gradient, from the top unless said otherwise."""
    last = max(1, len(colours) - 1)
    stops = "".join(element("stop", offset=index / last, stop_color=one) for index, one in enumerate(colours))
    return element("linearGradient", stops, id=id_, x1=0, y1=0, x2=x2, y2=y2)


def glow(id_: str, colour: str) -> str:
    """Light that fades around a lamp."""
    stops = element("stop", offset=0, stop_color=colour, stop_opacity=0.75)
    stops += element("stop", offset=1, stop_color=colour, stop_opacity=0)
    return element("radialGradient", stops, id=id_)
