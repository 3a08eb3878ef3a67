"""Reading a configuration file as a phone does (each line kept, quoted, commented, numbered, and nothing lost), against
a bare loop that partitions the same lines and does nothing else. Bar: a quarter of its speed.

The files are of 300 lines: half of them settings as templates write them, the rest comments, blanks, and what people
type otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.measure import Effort, Figure, alternate, at_least, figure, microseconds
from device_emulator.firmware import aastra_syntax, yealink_text

LINES = 300
_YEALINK = (
    "account.{n}.label = Somebody {n}",
    "static.auto_provision.custom.protect = 0",
    "linekey.{n}.value = 2{n:03}",
    "# what follows is about line {n}",
    "account.{n}.sip_server.1.address = pbx.example.org",
    "  features.dnd.allow=1  ",
    "linekey.{n}.label = Zoë {n}",
    "",
)
_AASTRA = (
    "sip line{n} screen name: Somebody {n}",
    "softkey{n} type: blf",
    "softkey{n} value: 2{n:03}",
    "# what follows is about line {n}",
    'sip dial plan: "x+#|xx+*"',
    "time format: 0     # 1 for 24 hours",
    "sip  registrar ip:10.0.0.{n}",
    "",
)


def measure(effort: Effort) -> list[Figure]:
    """A row for each brand."""
    return [
        _against("Yealink", _file(_YEALINK, "#!version:1.0.0.1"), "=", yealink_text.parse, effort),
        _against("Aastra", _file(_AASTRA, "# aastra.cfg"), ":", aastra_syntax.parse, effort),
    ]


def _file(lines: tuple[str, ...], first: str) -> str:
    return "\r\n".join([first, *(lines[n % len(lines)].format(n=n) for n in range(1, LINES))])


def _against(brand: str, text: str, separator: str, parse: Callable[[str], object], effort: Effort) -> Figure:
    def bare() -> None:
        for line in text.split("\n"):
            line.partition(separator)

    assert str(parse(text)) == text
    times = max(effort.batch // 5, 1)
    pairs = alternate(effort.pairs, lambda: microseconds(bare, times), lambda: microseconds(lambda: parse(text), times))
    note = f"{LINES} lines in {min(ours for _, ours in pairs):.0f} µs"
    return figure(f"{brand} file read / bare partition loop", "×", at_least(0.25), [b / o for b, o in pairs], note)
