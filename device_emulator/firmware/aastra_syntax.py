"""The text of an Aastra's configuration file: `name: value` lines, read as the firmware does. Never fails.

What a release does otherwise stands in a `Syntax`, made of facts once for each kind of phone, so that a line costs
nothing for it. What the pairs are worth against each other is the business of `aastra_files`.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from device_emulator.firmware import aastra_files_facts as files
from device_emulator.firmware import aastra_syntax_facts as known
from device_emulator.firmware.textfile import BLANKS, MAX_FAULTS, ConfigFile, Fault, Names, Pair, decode, printable
from device_emulator.models import Model

RESET = "^"
LOCK = "!"
_NO_NAME = ("", "#", RESET, LOCK, '"', "\ufeff")


class Syntax(Struct, frozen=True, gc=False):
    """What a release knows of it. `marks` are the prefixes that it knows; `blanks` what is blank around a value."""

    marks: str
    blanks: str
    comments: bool
    quotes: bool
    literal: bool
    tight: bool
    joined: bool
    cased: bool
    latin: bool
    marked: bool


@lru_cache(maxsize=256)
def syntax(model: Model) -> Syntax:
    """How that phone reads."""
    marks = (RESET if files.CARET.of(model) else "") + (LOCK if files.LOCK.of(model) else "")
    return Syntax(
        marks,
        BLANKS if known.LINE_END.of(model) else " ",
        known.COMMENT_AFTER.of(model),
        known.QUOTED.of(model),
        known.HASH_IN_QUOTES.of(model),
        known.NO_BLANK.of(model),
        known.INNER_BLANKS.of(model),
        known.CASE.of(model),
        known.LATIN_1.of(model),
        known.MARK.of(model),
    )


NEWEST = Syntax(RESET + LOCK, BLANKS, True, True, True, True, True, True, False, True)
"""How every release from 3.3 on reads."""


def parse(text: str, syntax: Syntax = NEWEST) -> ConfigFile:
    """`str(parse(text)) == text`. Names contain blanks, runs of which count as one. A value may be quoted; outside
    quotes ` #` starts a comment. A `^` or `!` before the name is in `marks`."""
    pairs: list[Pair] = []
    faults: list[Fault] = []
    marks: list[tuple[int, str]] = []
    known_marks, cased = syntax.marks, syntax.cased
    unusual = not (syntax.tight and syntax.joined and syntax.marked)
    plain, quoted = cased and not unusual and syntax.blanks is BLANKS, syntax.quotes and syntax.literal
    add, names = pairs.append, _NAMES
    for number, raw in enumerate(text.split("\n"), 1):
        key, colon, value = raw.partition(":")
        if colon and plain and (key := names[key]):  # nearly every line there is
            value = value.strip(BLANKS)
            if '"' in value:
                whole = quoted and value[0] == '"' and (end := value.find('"', 1)) > 0
                value = value[1:end] if whole else _value(value, syntax)
            elif "#" in value and syntax.comments:
                value = _uncommented(value, syntax)
            add((key, value, number))
            continue
        line = raw.strip(BLANKS)
        if not line or line[0] == "#":
            continue
        if unusual:
            line = _unusual(line, syntax)
        key, colon, value = line.partition(":")
        mark = key[:1]
        if mark and mark in known_marks:
            key = key[1:]
        else:
            mark = ""
        key = key.strip(BLANKS)
        if " " in key or "\t" in key:
            key = " ".join([part for part in key.replace("\t", " ").split(" ") if part or not syntax.joined])
        if not colon or not key or line[0] in '"\ufeff':
            if len(faults) < MAX_FAULTS:
                faults.append(Fault(number, _why(line, colon)))
            continue
        if mark:
            marks.append((number, mark))
        value = value.strip(BLANKS) if syntax.blanks is BLANKS else raw.partition(":")[2].strip(syntax.blanks)
        if "#" in value or '"' in value:
            value = _value(value, syntax)
        pairs.append((key if cased else key.lower(), value, number))
    return ConfigFile(text, printable(text, pairs), tuple(faults), tuple(marks))


def _name(text: str) -> str:
    """The name that stands before a colon, if that is all that stands there; '' for a comment, a mark, or a fault."""
    name = text.strip(BLANKS)
    return "" if name[:1] in _NO_NAME else " ".join([part for part in name.replace("\t", " ").split(" ") if part])


_NAMES = Names(_name)


def _unusual(line: str, syntax: Syntax) -> str:
    """The line as a phone reads it that is not like the others; '' before the colon makes it a fault."""
    if not syntax.marked:
        line = line.removeprefix("\ufeff")
    key, colon, value = line.partition(":")
    if colon and value[:1] not in BLANKS and not syntax.tight:
        return key
    return line


def _why(line: str, colon: str) -> str:
    if line[0] == "\ufeff":
        return "a byte order mark makes this line unreadable"
    if line[0] == '"':
        return "a name cannot be quoted"
    return "no name before ':'" if colon else "no ':' in this line"


def _value(text: str, syntax: Syntax) -> str:
    """The value without its comment and its quotes. `text` is not empty."""
    if text[0] == '"' and syntax.quotes and syntax.literal:
        end = text.find('"', 1)
        if end > 0:
            return text[1:end]
        text = text[1:]
    if syntax.comments:
        text = _uncommented(text, syntax)
    return text.strip('"') if syntax.quotes and text[:1] == '"' else text


def _uncommented(text: str, syntax: Syntax) -> str:
    if text[:1] == "#":
        return ""
    at = text.find("#")
    if at > 0 and text[at - 1] in BLANKS and '"' not in text:  # as most are
        return text[:at].rstrip(BLANKS)
    quotes = last = 0
    while at > 0:
        quotes, last = quotes + text.count('"', last, at), at
        if text[at - 1] in BLANKS and not (quotes % 2 and syntax.literal):
            return text[:at].rstrip(BLANKS)
        at = text.find("#", at + 1)
    return text


@lru_cache(maxsize=64)
def read(body: bytes, syntax: Syntax = NEWEST) -> ConfigFile:
    """The file that these bytes are; never fails."""
    return parse(body.decode("latin-1") if syntax.latin else decode(body), syntax)
