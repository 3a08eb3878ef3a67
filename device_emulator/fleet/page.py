"""A storm's report as one page: HTML and SVG in one file, no script, nothing loaded from anywhere, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import ceil, log10
from typing import Any

from msgspec.structs import replace

from device_emulator.fleet import words
from device_emulator.fleet.plots import WIDE, WIDTH, Axis, Line, decades, legend, linear, plot, span
from device_emulator.fleet.report import Latency, Report, Second
from device_emulator.fleet.style import CSS

COLUMNS = 240  # of a plot over time; a longer storm is drawn with several seconds in one
SUMMED = ("planned", "sent", "answered", "failed", "bytes")
WORST = ("in_flight", "holding", "service_p50", "service_p99", "planned_p50", "planned_p99")
FOOTER = (
    "Written by pbxsim. Latency since planned counts from the instant at which a phone would have sent its request, "
    "so that waiting counts; percentiles are exact to 1.1 %; quick refusals are failures, not answers. Registration is "
    "not part of it."
)


def page(report: Report) -> str:
    """The whole file."""
    title = escape(words.title(report))
    head, why = words.verdict(report)
    mood = "neutral" if report.setting.simulated else "warn" if report.generator.limited else "good"
    notes = [note for note in (words.held(report), words.back_off(report)) if note]
    body = [
        f'<header><p class="brand">pbxsim storm</p><h1>{title}</h1>',
        f'<p class="sub">{escape(words.ending(report))}</p></header>',
        f'<section class="verdict {mood}"><h2>{escape(head)}</h2><p>{escape(why)}</p></section>',
        _tiles(report),
        *(f'<p class="note">{escape(note[0].upper() + note[1:])}.</p>' for note in notes),
        f'<div class="plots">{"".join(_over_time(report))}{_percentiles(report)}</div>',
        _tables(report),
        f"<footer>{FOOTER}</footer>",
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><style>{CSS}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


def _tiles(report: Report) -> str:
    phones, requests = report.phones, report.requests
    ready = words.seconds(phones.last_ready) if phones.ready else "never"
    per_second = words.rate(report, phones.ready_per_second)
    service = words.seconds(report.service.p99)
    tiles = [
        ("Last phone ready", ready, f"{phones.ready:,} of {phones.total:,} phones"),
        ("Requests a second", words.rate(report, requests.per_second), f"at most {requests.per_second_peak:,}"),
        ("99 % answered within", words.seconds(report.from_planned.p99), f"since planned; service {service}"),
        ("Phones ready a second", per_second, f"at most {phones.ready_per_second_peak:,}"),
        ("Failures", f"{sum(requests.failures.values()):,}", f"of {requests.planned:,} requests"),
        ("Fetched", words.size(requests.body_bytes), f"in {requests.answers:,} answers"),
    ]
    cells = (
        f'<div class="tile"><dt>{escape(name)}</dt><dd>{escape(value)}</dd><dd class="more">{escape(more)}</dd></div>'
        for name, value, more in tiles
    )
    return f'<dl class="tiles">{"".join(cells)}</dl>'


def _figure(name: str, told: str, lines: Sequence[Line], svg: str) -> str:
    head = f"<figcaption><h2>{escape(name)}</h2><p>{escape(told)}</p>{legend(lines)}</figcaption>"
    return f"<figure>{head}{svg}</figure>"


def _over_time(report: Report) -> Iterable[str]:
    rows, width = thinned(report.series)
    if not rows:
        return
    x = span(0, max(1.0, rows[-1].second + width))
    each = "a second" if width == 1 else f"a second, mean of {width} seconds"

    def line(name: str, look: str, field: str, area: bool = False, dashed: bool = False, per: int = 1) -> Line:
        points = tuple((float(row.second), getattr(row, field) / per) for row in rows)
        return Line(name, look, points, area, dashed)

    def drawn(name: str, told: str, lines: list[Line], log: bool = False, width: int = WIDTH) -> str:
        # What did not happen is not drawn, but for the first line.
        lines = [one for one in lines if one is lines[0] or any(value for _, value in one.points)]
        values = [value for one in lines for _, value in one.points]
        y = decades(values) if log else linear(max(values, default=0))
        if log:
            lines = [replace(one, points=tuple(point for point in one.points if point[1] > 0)) for one in lines]
        y_words = words.seconds if log else words.number
        return _figure(name, told, lines, plot(name, lines, x, y, lambda at: f"{at:g} s", y_words, width))

    yield drawn(
        "Requests",
        f"Requests {each}: how many the phones wanted to send, and how many were answered.",
        [
            line("answered", "a", "answered", area=True, per=width),
            line("planned", "b", "planned", dashed=True, per=width),
            line("failed", "bad", "failed", per=width),
        ],
        width=WIDE,
    )
    yield drawn(
        "Phones",
        "Phones so far: with power or told to fetch, ready with a configuration, and those that gave up.",
        [
            line("ready", "c", "ready", area=True),
            line("started", "b", "powered", dashed=True),
            line("gave up", "bad", "gave_up"),
        ],
    )
    yield drawn(
        "Latency over time",
        "Of the requests planned for each second. Where the lines part, requests waited before they were sent.",
        [
            line("since planned, 99 %", "d", "planned_p99"),
            line("since planned, half", "a", "planned_p50"),
            line("service, 99 %", "b", "service_p99", dashed=True),
        ],
        log=True,
    )
    yield drawn(
        "Connections",
        "The most requests under way, and waiting for a free connection, at any instant of a second.",
        [line("under way", "a", "in_flight", area=True), line("waiting", "d", "holding", dashed=True)],
    )


def thinned(rows: Sequence[Second]) -> tuple[list[Second], int]:
    """At most `COLUMNS` rows, and how many seconds each stands for: counts are summed, latencies and levels the
    worst, and what counts so far is the last."""
    width = max(1, ceil(len(rows) / COLUMNS))
    if width == 1:
        return [*rows], 1
    found = []
    for first in range(0, len(rows), width):
        some = rows[first : first + width]
        values: dict[str, Any] = {name: sum(getattr(row, name) for row in some) for name in SUMMED}
        values |= {name: max(getattr(row, name) for row in some) for name in WORST}
        found.append(replace(some[-1], second=some[0].second, **values))
    return found, width


def _percentiles(report: Report) -> str:
    """Latency by percentile, on an axis where each further nine has as much room."""

    def nines(percent: float) -> float:
        return -log10(1 - min(percent, 99.999) / 100)

    def line(name: str, look: str, latency: Latency, dashed: bool = False) -> Line:
        points = tuple((nines(at), max(value, 1e-6)) for at, value in latency.curve if at < 100)
        return Line(name, look, points, dashed=dashed)

    def back(at: float) -> str:
        return f"{100 * (1 - 10**-at):.6g} %"

    lines = [line("since planned", "d", report.from_planned), line("service", "b", report.service, True)]
    values = [value for one in lines for _, value in one.points]
    if not values:
        return ""
    x = Axis(0, 4, tuple(nines(mark) for mark in (0, 50, 90, 99, 99.9, 99.99)))
    svg = plot("Latency by percentile", lines, x, decades(values), back, words.seconds)
    return _figure("Latency by percentile", "So many per cent of all answers took no longer.", lines, svg)


def _table(name: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    if not body:
        return ""
    top = "".join(f"<th>{escape(head)}</th>" for head in heads)
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    return f"<section><h2>{escape(name)}</h2>{table}</section>"


def _tables(report: Report) -> str:
    def latency(name: str, of: Latency) -> list[str]:
        return [name, *(words.seconds(value) for value in (of.mean, of.p50, of.p90, of.p99, of.p99_9, of.max))]

    def counts(of: dict[str, int]) -> list[tuple[str, str]]:
        return [(name, f"{count:,}") for name, count in of.items()]

    rows = [
        latency("service time", report.service),
        latency("since planned start", report.from_planned),
        latency("waiting for a connection (those that did)", report.requests.held),
        latency("from a phone's start until it is ready", report.phones.boot),
    ]
    checks = [(one.name, one.text, "the limit" if one.exceeded else "fine") for one in report.generator.checks]
    return "".join(
        (
            _table("Latencies", ("", "mean", "p50", "p90", "p99", "p99.9", "max"), rows),
            _table("Failures", ("kind", "requests"), counts(report.requests.failures)),
            _table("Phones that gave up", ("why", "phones"), counts(report.phones.reasons)),
            _table("Answers", ("status", "requests"), counts(report.requests.statuses)),
            _table("The generator", ("check", "found", ""), checks),
            _table("What was asked for", ("", ""), _asked(report)),
        )
    )


def _asked(report: Report) -> list[tuple[str, str]]:
    setting, plan, manners = report.setting, report.setting.plan, report.setting.manners
    length = f"{plan.rate:g} phones a second" if plan.pattern == "rolling" else f"ramp {plan.ramp:g} s"
    back_off = f"{manners.retries} times, from {manners.back_off:g} s" if manners.retries else "none: as firmware does"
    rows = [
        ("server", setting.url),
        ("schedule", f"{plan.pattern}, {length}, jitter {plan.jitter:g} s, seed {plan.seed}"),
        ("models", ", ".join(f"{count:,} × {name}" for name, count in setting.models.items())),
        ("connections", f"at most {manners.connections:,}, {'kept alive' if setting.keep_alive else 'one a request'}"),
        ("phones' own waits", "skipped" if manners.skip_waits else "kept"),
        ("back-off", back_off),
        ("time limit of a request", f"{setting.timeout:g} s"),
    ]
    if setting.server is not None:
        told = ", ".join(f"{name} {value:g}" for name, value in setting.server.items())
        rows[0] = ("simulated server", told)
    return rows
