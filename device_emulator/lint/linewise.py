"""Checks of single lines: what the phone cannot read, what it reads otherwise than meant, what a template left over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from device_emulator.lint.findings import About, Hit, secret, shown, some
from device_emulator.lint.grammar import BLANKS, HEADER, INCLUDE
from device_emulator.lint.source import Given
from device_emulator.lint.vocabulary import free_text

_PLACEHOLDER = re.compile(
    r"\{\$[\w.>|-]+\}?"  # Smarty, as FusionPBX has it
    r"|\{\{.*?\}\}|\{\{|\{%"  # Jinja2, Twig, Blade
    r"|\$\{\w*\}?"  # shell, and many others
    r"|<\?(?:php|=)|<%"  # PHP, ERB
    r"|(?<![A-Za-z0-9_])__[A-Z][A-Z0-9_]*__"
    r"|%%[A-Za-z_]+%%"
    r"|@[A-Z][A-Z_]{2,}@"
    r"|\{[a-z][a-z_.]*\}"
)
_NOTHING = frozenset(("None", "null", "NULL", "undefined", "NaN", "nan", "Array", "[object Object]"))
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_TIME = re.compile(
    r"\b(?:19|20)\d\d[-/.]\d\d[-/.]\d\d[T _]\d\d:\d\d"
    r"|\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d,? \d\d?:\d\d"
    rf"|\b(?:{_MONTHS})[a-z]* {{1,2}}\d{{1,2}},? (?:(?:19|20)\d\d,? )?\d\d:\d\d"
    rf"|\b\d{{1,2}} (?:{_MONTHS})[a-z]* (?:19|20)\d\d,? \d\d:\d\d"
)
_EPOCH = re.compile(r"(?<![\d.])1[4-9]\d{8}(?:\d{3})?(?:\.\d+)?(?![\d])")
_STAMP = re.compile(r"time ?stamp|generated|rendered|created|version|serial|microtime", re.IGNORECASE)
_COMMENTED = re.compile(r"[^#\s]+[ \t]+#+[ \t]")


def unreadable(given: Given) -> Iterator[Hit]:
    """Lines that the phone skips, as its parser says."""
    for source in given.configs:
        if not source.accepted or not source.text.strip():
            continue
        for fault in source.config.faults:
            line = source.lines[fault.line - 1].strip(BLANKS) if fault.line else ""
            if line.startswith(("\ufeff", INCLUDE)) or (line.startswith("[") and INCLUDE in line):
                continue  # these have checks of their own
            quoted = "" if secret(line) else f": {shown(line)!r}"
            other = ":" if source.brand == "yealink" else "="
            brand = "an Aastra's" if source.brand == "yealink" else "a Yealink's"
            hint = f"; it looks like {brand} line" if other in line and not secret(line) else ""
            yield Hit(source.name, fault.line, f"{fault.text}{quoted}{hint}")


def no_value(given: Given) -> Iterator[Hit]:
    """Keys that set nothing. One finding a file: a template may have hundreds of them."""
    for source in given.configs:
        blank = [(key, number) for key, value, number in source.pairs if not value and source.accepted]
        if blank:
            effect = (
                "the phone keeps what it has" if source.brand == "yealink" else "the phone takes its default for it"
            )
            names = some((key for key, _ in blank), 3)
            count = f"{len(blank)} keys have no value" if len(blank) > 1 else "a key has no value"
            yield Hit(source.name, blank[0][1], f"{count} ({names}): {effect}", blank[0][0])


def placeholder(given: Given) -> Iterator[Hit]:
    """What a template engine should have replaced."""
    for source in given.of("yealink") + given.of("aastra"):
        for number, line in enumerate(source.lines, 1):
            text = line.strip(BLANKS)
            if text[:1] == "#" and not text.startswith("#!"):
                continue
            found = _PLACEHOLDER.search(text)
            if found:
                yield Hit(source.name, number, f"a placeholder was not filled in: {shown(found[0])}")


def nothing(given: Given) -> Iterator[Hit]:
    """A word that a program prints where it has no value."""
    for source in given.configs:
        for key, value, number in source.pairs:
            if value in _NOTHING:
                yield Hit(source.name, number, f"{shown(key)} is {value!r}: was there no value to render?", key)


def timestamp(given: Given) -> Iterator[Hit]:
    """The time of rendering in the file: every fetch is another file."""
    for source in given.of("yealink") + given.of("aastra"):
        for number, line in enumerate(source.lines, 1):
            found = _TIME.search(line)
            text = line.strip(BLANKS)
            if not found and (text[:1] == "#" or _STAMP.search(text)) and not text.startswith(HEADER):
                found = _EPOCH.search(line)
            if found:
                yield Hit(source.name, number, f"a time stands in the file: {shown(found[0])!r}")


def include_in_config(given: Given) -> Iterator[Hit]:
    """An include outside a boot file."""
    for source in given.of("yealink"):
        if source.boot:
            continue
        for number, line in enumerate(source.lines, 1):
            text = line.strip(BLANKS)
            if text.startswith(INCLUDE) or (text.startswith("[") and INCLUDE in text):
                yield Hit(source.name, number, "include:config works in boot files only; here it is no setting")


def version_inside(given: Given) -> Iterator[Hit]:
    """A second first line: two files in one, or a line that came in with a value."""
    for source in given.of("yealink"):
        for number, line in enumerate(source.lines, 1):
            if number > 1 and line.strip(BLANKS).startswith(HEADER) and source.accepted:
                yield Hit(source.name, number, "the version line stands here again: were two files joined?")


def quoted(given: Given) -> Iterator[Hit]:
    """Quotes on a phone that knows none; a quote that does not end on one that does."""
    for source in given.configs:
        for key, value, number in source.pairs:
            if source.brand == "yealink":
                if len(value) > 1 and value[0] == value[-1] == '"':
                    yield Hit(source.name, number, f"{shown(key)}: the quotes become part of the value", key)
            elif 0 < number <= len(source.lines):
                raw = source.lines[number - 1].partition(":")[2].strip(BLANKS)
                if raw[:1] == '"' and raw.count('"') == 1:
                    yield Hit(source.name, number, f"{shown(key)}: the quote is not closed", key)


def comment_in_value(given: Given) -> Iterator[Hit]:
    """A comment behind a Yealink's value is no comment."""
    for source in given.configs:
        if source.brand == "yealink":
            for key, value, number in source.pairs:
                if _COMMENTED.match(value) and not free_text(key):
                    text = f"{shown(key)}: the text after '#' is part of the value: {shown(value, key)!r}"
                    yield Hit(source.name, number, text, key)


ROWS = (
    (
        About(
            "unreadable-line",
            "warning",
            "A line that the phone ignores",
            "One setting a line: key = value for a Yealink, name: value for an Aastra; comments begin with #.",
            "25 such lines in the 234 Yealink files of FusionPBX",
        ),
        unreadable,
    ),
    (
        About(
            "empty-value",
            "note",
            "Keys without a value",
            "Leave the line out; on a Yealink %NULL% resets to the default and %EMPTY% sets an empty text.",
            "Yealink guides on overwrite_mode; wazo-provd's templates; Aastra administrator guides",
        ),
        no_value,
    ),
    (
        About(
            "placeholder",
            "error",
            "A template's placeholder is still there",
            "Render the template; if it was, this variable has no value or another name.",
            "decided: the phone takes it literally",
        ),
        placeholder,
    ),
    (
        About(
            "rendered-nothing",
            "warning",
            "A value that says that there is none",
            "Give the template a value, or leave the line out.",
            "decided: the phone takes it literally",
        ),
        nothing,
    ),
    (
        About(
            "timestamp",
            "warning",
            "A time in the file: it is never the same twice",
            "Take the time out: phones compare files byte by byte, and apply (or restart) whenever they differ.",
            "Yealink guides (MD5 of each file); FusionPBX's templates print the time in line 2",
        ),
        timestamp,
    ),
    (
        About(
            "include-in-config",
            "error",
            "An include outside a boot file",
            "Move it into <mac>.boot or y000000000000.boot.",
            "FusionPBX issue 6319: it stops the phone from provisioning",
        ),
        include_in_config,
    ),
    (
        About(
            "version-inside",
            "warning",
            "The version line is not only the first",
            "One version line a file, the first.",
            "Yealink auto provisioning guides V81-V86",
        ),
        version_inside,
    ),
    (
        About(
            "quotes",
            "warning",
            "Quotes that do not mean what they seem to",
            "A Yealink knows no quotes: leave them out. On an Aastra close them.",
            "public Yealink files; Asterisk's Aastra scripts strip closed quotes",
        ),
        quoted,
    ),
    (
        About(
            "comment-in-value",
            "warning",
            "A comment behind a value",
            "On a Yealink put comments on lines of their own.",
            "public Yealink files: values may hold #, and there are no escapes",
        ),
        comment_in_value,
    ),
)
