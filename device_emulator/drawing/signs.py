"""The small signs on a display: registered or not, not to be disturbed, a message, somebody who calls."""

from __future__ import annotations

from device_emulator.drawing.svg import box, dot, number, path


def receiver(x: float, y: float, scale: float, fill: str) -> str:
    d = "M-9-3c4-5 14-5 18 0 1 2 0 4-2 4l-3-.4c-1-.2-1.5-1-1.5-2-2-.8-5-.8-7 0 0 1-.5 1.8-1.5 2l-3 .4c-2 0-3-2-2-4z"
    return path(d, fill=fill, transform=f"translate({number(x)} {number(y)}) scale({number(scale)})")


def cross(x: float, y: float, r: float, stroke: str) -> str:
    d = f"M{number(x - r)} {number(y - r)}l{2 * r} {2 * r}m0 {-2 * r}l{-2 * r} {2 * r}"
    return path(d, stroke=stroke, stroke_width=2, stroke_linecap="round", fill="none")


def no_entry(x: float, y: float, r: float, fill: str, bar: str) -> str:
    return dot(x, y, r, fill=fill) + box(x - r * 0.6, y - r * 0.2, r * 1.2, r * 0.4, 1, fill=bar)


def envelope(x: float, y: float, stroke: str) -> str:
    inside = f"M{number(x + 1)} {number(y + 1)}l6 5 6-5"
    return box(x, y, 14, 10, 1.5, fill="none", stroke=stroke, stroke_width=1.5) + path(
        inside, fill="none", stroke=stroke, stroke_width=1.5
    )


def somebody(cx: float, cy: float, r: float, fill: str) -> str:
    """A head and shoulders in a circle."""
    shoulders = f"a{number(r * 0.62)} {number(r * 0.55)} 0 0 1 {number(r * 1.24)} 0z"
    d = f"M{number(cx - r * 0.62)} {number(cy + r * 0.66)}{shoulders}"
    head = dot(cx, cy - r * 0.25, r * 0.36, fill="#fff", opacity=0.92)
    return dot(cx, cy, r, fill=fill) + head + path(d, fill="#fff", opacity=0.92)
