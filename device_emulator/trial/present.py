"""Text for a terminal: the report of a run, findings, and a screen as a box. What a server or a file put into any of it
commands nothing there: only printable characters go out."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby

from device_emulator.facts import said
from device_emulator.lint import Finding
from device_emulator.lint.findings import shown, some, uncredited
from device_emulator.models import Model
from device_emulator.screen import Screen
from device_emulator.trial.exchanges import Boot, Exchange, read
from device_emulator.trial.report import covered, reboot_keys, verdict

WIDTH = 110
_PURPOSES = {
    "again": "after a power cycle, to compare",
    "other-case": "asked by pbxsim: is it there in another case?",
    "anonymous": "asked by pbxsim: does anybody get it?",
    "resource": "named in the files",
}


def printable(text: str) -> str:
    """A line for a terminal: control characters, and what turns the direction of writing, become visible escapes."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else _escaped(ord(one)) for one in text)


def _escaped(code: int) -> str:
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


_ASCII = str.maketrans("┌┐└┘├┤─│×…", "++++++-|x.")


def say(text: str) -> None:
    """Print it, whatever the terminal can show."""
    coding = sys.stdout.encoding or "ascii"
    try:
        text.encode(coding)
    except UnicodeEncodeError:
        text = text.translate(_ASCII).encode(coding, "backslashreplace").decode(coding)
    print(text)


def plural(count: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def width(text: str) -> int:
    """How many columns a text takes: East Asian characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def padded(text: str, columns: int) -> str:
    """The text, filled up to so many columns."""
    return text + " " * (columns - width(text))


def box(screen: Screen, model: Model) -> list[str]:
    """The display, with a frame of the model's size; soft keys stand below a line."""
    if not screen.on:
        return ["(the display is dark)"]
    rows = [printable(row) for row in screen.rows]
    keys = printable("  ".join(screen.soft_keys))
    if keys and rows and rows[-1] == keys[: model.columns]:
        rows.pop()
    elif not screen.soft_keys:
        keys = ""
    height = max(1, model.rows - (1 if keys else 0))
    inner = max([model.columns, *map(width, rows)])
    lines = [f"┌{'─' * (inner + 2)}┐"]
    lines += [f"│ {padded(row, inner)} │" for row in rows + [""] * (height - len(rows))]
    if keys:
        lines += [f"├{'─' * (inner + 2)}┤"]
        lines += [f"│ {padded(row, inner)} │" for row in textwrap.wrap(keys, inner) or [""]]
    return [*lines, f"└{'─' * (inner + 2)}┘"]


def report(boot: Boot, model: Model, found: list[Finding], secrets: bool = False, everything: bool = False) -> str:
    """The report for a person."""
    mac = ":".join(boot.mac[index : index + 2] for index in range(0, 12, 2))
    parts = [
        [
            f"{model.vendor.title()} {model.product}, firmware {model.version}, MAC {mac}",
            *(f"with {id_} = {said(value)}" for id_, value in model.knobs),
            f"at {shown(boot.server)}",
        ],
        ["Requests", *_indented(_requests(boot))],
        ["Files", *_indented(_files(boot, model))],
        ["Screen", *_indented(box(boot.screen, model)), *_indented(_lines(boot))],
    ]
    if boot.resources:
        parts.append(["Addresses in the files", *_indented(_resources(boot))])
    if everything:
        settings = [f"{key} = {value if secrets else covered(key, value)!r}" for key, value in boot.settings.items()]
        parts.append([f"Settings in force: {len(settings)}", *_indented(settings)])
    parts.append([tally(found), *_indented(_findings(found, everything))])
    parts.append([verdict(boot)])
    text = "\n\n".join("\n".join(map(printable, lines)) for lines in parts)
    return text if secrets else uncredited(text)


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _requests(boot: Boot) -> Iterator[str]:
    names = max([len(one.file) for one in boot.exchanges if len(one.file) <= 48], default=10)
    runs = len(boot.reports)
    told = 0
    last: tuple[str, int] = ("boot", 1)
    for (purpose, run, reading), group in groupby(boot.exchanges, lambda one: (one.purpose, one.run, one.reading)):
        if not reading and purpose in ("boot", "again"):
            yield "- afterwards"
        elif purpose != "boot" and purpose != last[0]:
            yield f"- {_PURPOSES[purpose]}"
        elif run != last[1]:
            yield f"- boot {run}"
        last = (purpose, run)
        for _, same in groupby(group, lambda one: (one.method, one.file, one.status, one.why, one.authenticated)):
            yield _request([*same], names)
        if purpose in ("boot", "again") and reading and told < run <= runs:
            told = run
            yield f"  = {boot.reports[run - 1].outcome}: {boot.reports[run - 1].reason}"
    if boot.truncated:
        yield f"! {boot.truncated}"
    yield f"The phone waited {boot.waited:g} s of its own until it was up; " + (
        "so did this program." if boot.real else "this program did not (--real-time does)."
    )


def _request(same: list[Exchange], names: int) -> str:
    one = same[0]
    times = f" ×{len(same)}" if len(same) > 1 else ""
    ms = sum(each.ms for each in same)
    if not one.status:
        return f"  {one.method} {shown(one.file):{names}}  ---{times}  {one.why}"
    more = [
        f"{_size(one.size)}" if one.status == 200 else "",
        f"{ms:.0f} ms",
        "with credentials" if one.authenticated else "",
    ]
    if one.location:
        more.append(f"-> {shown(one.location)}")
    return f"  {one.method} {shown(one.file):{names}}  {one.status}{times:3}  {', '.join(filter(None, more))}"


def _size(count: int) -> str:
    return f"{count} bytes" if count < 10_000 else f"{count / 1024:.0f} KiB"


def _files(boot: Boot, model: Model) -> Iterator[str]:
    sources = [read(one, model) for one in boot.files]
    if not sources:
        yield "none"
    names = max([len(one.name) for one in sources if len(one.name) <= 48], default=0)
    for source in sources:
        faults = () if source.boot else source.config.faults
        if source.encrypted:
            what = "encrypted"
        elif not source.accepted:
            what = "ignored as a whole"
        elif source.boot:
            what = "boot file"
        else:
            what = plural(len(source.pairs), "setting")
        ignored = f", {plural(len(faults), 'line')} ignored" if faults and source.accepted else ""
        yield f"{shown(source.name):{names}}  {what}{ignored}"
        for fault in faults[:5]:
            yield f"    line {fault.line}: {fault.text}"
        if len(faults) > 5:
            yield f"    and {len(faults) - 5} more"
    if keys := reboot_keys(boot, model):
        yield f"Keys that restart the phone when they change: {len(keys)} ({some(keys, 3)})"


def _lines(boot: Boot) -> Iterator[str]:
    for line in boot.screen.lines:
        yield f"line: {shown(line.label)} ({line.state})"
    if boot.registrations:
        yield f"registers {some(boot.registrations)} (simulated: no SIP leaves this program)"


def _resources(boot: Boot) -> Iterator[str]:
    names = max([len(one.key) for one in boot.resources if len(one.key) <= 40], default=10)
    for one in boot.resources[:20]:
        size = f", {_size(one.size)}" if one.status == 200 else ""
        yield f"{shown(one.key):{names}}  {shown(one.url)}"
        yield f"{'':{names}}  {one.outcome}{size}"
    if len(boot.resources) > 20:
        yield f"and {len(boot.resources) - 20} more"


def tally(found: list[Finding]) -> str:
    """How many findings of each level there are."""
    if not found:
        return "Findings: none"
    counts = [(level, sum(one.level == level for one in found)) for level in ("error", "warning", "note")]
    return "Findings: " + ", ".join(plural(number, level) for level, number in counts if number)


def _findings(found: list[Finding], everything: bool) -> Iterator[str]:
    """Each with its remedy, once for all of a kind."""
    told = set()
    for one in found:
        place = f"{one.file}:{one.line}: " if one.line else f"{one.file}: " if one.file else ""
        head = f"{one.level:8}{one.id}: "
        yield from textwrap.wrap(
            printable(uncredited(f"{head}{place}{one.text}")), WIDTH, subsequent_indent=" " * 8, break_on_hyphens=False
        )
        if one.remedy and one.id not in told and (one.level != "note" or everything):
            told.add(one.id)
            yield from textwrap.wrap(f"> {one.remedy}", WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 10)
            if everything:
                yield f"{' ' * 10}({one.source})"
