"""Line plots as SVG: axes with round numbers, lines, areas, steps, and values that show under the pointer.

Colours are classes, so that a page's style decides them, in light and in dark. What a plot is about it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import ceil, floor, log10

from msgspec import Struct

WIDTH, WIDE, HEIGHT = 560, 1140, 270
LEFT, RIGHT, TOP, BOTTOM = 68, 26, 12, 34

Point = tuple[float, float]
Words = Callable[[float], str]


class Line(Struct, frozen=True):
    """One line. `look` is its class (a to d, or bad); `area` fills below it, `dashed` tells it apart without colour."""

    name: str
    look: str
    points: tuple[Point, ...]
    area: bool = False
    dashed: bool = False


class Axis(Struct, frozen=True):
    """One axis: where it ends, its ticks, and whether distances on it are ratios."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool = False

    def place(self, value: float) -> float:
        """0 to 1."""
        if self.log:
            value = max(value, self.low)
            return min(1.0, (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low)))
        return (value - self.low) / (self.high - self.low)


def linear(high: float, count: int = 5) -> Axis:
    """From 0 to a round number that is not below `high`."""
    if high <= 0:
        return Axis(0, 1, (0, 1))
    rough = high / count
    power: float = 10.0 ** floor(log10(rough))
    step = next(round_ * power for round_ in (1, 2, 2.5, 5, 10) if round_ * power >= rough * (1 - 1e-9))
    last = ceil(high / step - 1e-9)
    return Axis(0, last * step, tuple(round(number * step, 9) for number in range(last + 1)))


def span(low: float, high: float, count: int = 8) -> Axis:
    """From one value to another, exactly; ticks are round."""
    inner = linear(high, count)
    return Axis(low, max(high, low + 1e-9), tuple(tick for tick in inner.ticks if low <= tick <= high))


def decades(values: Sequence[float]) -> Axis:
    """Powers of ten around the values above 0."""
    found = [value for value in values if value > 0] or [1.0]
    low, high = floor(log10(min(found)) + 1e-9), ceil(log10(max(found)) - 1e-9)
    high = max(high, low + 1)
    return Axis(10.0**low, 10.0**high, tuple(10.0**power for power in range(low, high + 1)), log=True)


def plot(
    title: str, lines: Sequence[Line], x: Axis, y: Axis, x_words: Words, y_words: Words, width: int = WIDTH
) -> str:
    """The SVG. All lines share their x values where the pointer is to show something."""
    wide, high = width - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def across(value: float) -> float:
        return LEFT + wide * x.place(value)

    def down(value: float) -> float:
        return TOP + high * (1 - y.place(value))

    parts = [f'<svg viewBox="0 0 {width} {HEIGHT}" role="img" aria-label="{escape(title)}">']
    for tick in y.ticks:
        at = down(tick)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{width - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text class="y" x="{LEFT - 8}" y="{at + 4:.1f}">{escape(y_words(tick))}</text>')
    for tick in x.ticks:
        at = across(tick)
        parts.append(f'<line class="tick" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP + high}" y2="{TOP + high + 5}"/>')
        parts.append(f'<text class="x" x="{at:.1f}" y="{TOP + high + 19}">{escape(x_words(tick))}</text>')
    for line in lines:
        if not line.points:
            continue
        path = " ".join(f"{across(at):.1f},{down(value):.1f}" for at, value in line.points)
        if line.area:
            floor_ = f"{TOP + high:.1f}"
            first, last = across(line.points[0][0]), across(line.points[-1][0])
            parts.append(
                f'<polygon class="area {line.look}" points="{first:.1f},{floor_} {path} {last:.1f},{floor_}"/>'
            )
        dash = ' stroke-dasharray="6 4"' if line.dashed else ""
        parts.append(f'<polyline class="line {line.look}" points="{path}"{dash}/>')
    parts += _pointed(lines, across, x_words, y_words, TOP, high)
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{width - RIGHT}" y1="{TOP + high}" y2="{TOP + high}"/></svg>')
    return "".join(parts)


def _pointed(
    lines: Sequence[Line], across: Callable[[float], float], x_words: Words, y_words: Words, top: float, high: float
) -> list[str]:
    """A strip for each x value, whose title the browser shows under the pointer."""
    if not lines or not lines[0].points:
        return []
    places = [at for at, _ in lines[0].points]
    tables = [(line.name, dict(line.points)) for line in lines]
    edges = [across(at) for at in places]
    strips = []
    for number, at in enumerate(places):
        left = (edges[number - 1] + edges[number]) / 2 if number else edges[0] - 3
        right = (edges[number] + edges[number + 1]) / 2 if number + 1 < len(edges) else edges[-1] + 3
        told = "\n".join(f"{name}: {y_words(table[at])}" for name, table in tables if at in table)
        strips.append(
            f'<rect class="hover" x="{left:.1f}" y="{top}" width="{max(1.0, right - left):.1f}" height="{high}">'
            f"<title>{escape(x_words(at))}\n{escape(told)}</title></rect>"
        )
    return strips


def legend(lines: Sequence[Line]) -> str:
    """Names beside a piece of each line, as HTML."""
    items = []
    for line in lines:
        dash = ' stroke-dasharray="6 4"' if line.dashed else ""
        swatch = f'<svg viewBox="0 0 26 8" aria-hidden="true"><path class="line {line.look}" d="M1 4H25"{dash}/></svg>'
        items.append(f"<li>{swatch}{escape(line.name)}</li>")
    return f'<ul class="legend">{"".join(items)}</ul>'
