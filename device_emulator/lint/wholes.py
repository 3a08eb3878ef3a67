"""Checks of a file as a whole: is it read at all, is it text, is it what its name says?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from device_emulator.lint.findings import About, Hit, shown
from device_emulator.lint.grammar import HEADER
from device_emulator.lint.source import Given, Source
from device_emulator.models import MODELS

_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml|\w+[ >])", re.IGNORECASE)
_WORD = re.compile(r"y\d*|[0-9a-fA-F]{12}")
# NUL, escape and their kind; Unicode's line separators, at which other programs end a line; lone surrogates stand for
# bytes that are not UTF-8, and are another check's.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u2028\u2029]")


def no_header(given: Given) -> Iterator[Hit]:
    """Yealink reads nothing of a file whose first line is not the version."""
    for source in given.of("yealink"):
        if source.accepted or _marked(source) or not source.text.strip() or _MARKUP.match(source.text):
            continue
        first = shown(source.lines[0].strip())
        late = next((number for number, line in enumerate(source.lines, 1) if line.strip().startswith(HEADER)), 0)
        what = f"it is in line {late}" if late else f"it is {first!r}"
        yield Hit(source.name, 1, f"the first line must be {HEADER}1.0.0.1, and {what}: the phone ignores the file")


def byte_order_mark(given: Given) -> Iterator[Hit]:
    """An editor's mark in front of the first line."""
    for source in given.sources:
        if _marked(source):
            effect = "the phone ignores the file" if source.brand == "yealink" else "the phone cannot read line 1"
            yield Hit(source.name, 1, f"a byte order mark stands before the first line: {effect}")


def _marked(source: Source) -> bool:
    return source.text.startswith("\ufeff")


def empty(given: Given) -> Iterator[Hit]:
    """Nothing in it."""
    for source in given.sources:
        if not source.text.strip():
            if source.brand == "yealink":
                yield Hit(source.name, 0, "the file is empty: the phone ignores it")
            elif source.part == "common":
                yield Hit(source.name, 0, "the file is empty: phones then ask for no MAC file")
            else:
                yield Hit(source.name, 0, "the file is empty: it sets nothing", "", "note")


def markup(given: Given) -> Iterator[Hit]:
    """A web page where a configuration should be: an error page, or a log-in form, sent with status 200."""
    for source in given.sources:
        if _MARKUP.match(source.text):
            yield Hit(source.name, 1, f"this is markup, not a configuration: {shown(source.lines[0].strip())!r}")


def encrypted(given: Given) -> Iterator[Hit]:
    """What cannot be looked into."""
    for source in given.sources:
        if source.encrypted:
            yield Hit(source.name, 0, "the file is encrypted: its content was not checked")


def encoding(given: Given) -> Iterator[Hit]:
    """Bytes that are not UTF-8."""
    for source in given.configs:
        for number, line in enumerate(source.lines, 1):
            if any("\ud800" <= one <= "\udfff" for one in line) if not line.isascii() else False:
                yield Hit(source.name, number, "this line is not UTF-8: the phone shows other characters")


def controls(given: Given) -> Iterator[Hit]:
    """Characters that nobody types."""
    for source in given.of("yealink") + given.of("aastra"):
        for number, line in enumerate(source.lines, 1):
            found = _CONTROL.search(line.rstrip("\r"))
            if found:
                code = ord(found[0])
                also = " (some readers end a line here)" if code in (11, 12, 13, 0x85, 0x2028, 0x2029) else ""
                yield Hit(source.name, number, f"the line holds the control character U+{code:04X}{also}")


def carriage_returns(given: Given) -> Iterator[Hit]:
    """Lines that end as on DOS; or, as on old Macs, that do not end at all for a phone."""
    for source in given.sources:
        if source.encrypted or "\r" not in source.text:
            continue
        ends = source.text.count("\r\n")
        if not ends and "\n" not in source.text.strip():
            yield Hit(source.name, 1, "lines end with CR alone: to a phone the file is one line", "", "error")
        elif ends:
            lines = source.text.count("\n")
            which = "lines end" if ends == lines else f"{ends} of {lines} lines end"
            yield Hit(source.name, 0, f"{which} with CR LF; phones take that")


def file_name(given: Given) -> Iterator[Hit]:
    """A name that no phone asks for: wrong case of the MAC, wrong number of digits."""
    codes = {model.common for model in MODELS if model.vendor == "yealink"}
    names = {source.base for source in given.sources}
    for source in given.sources:
        stem = source.base.rpartition(".")[0]
        if not _WORD.fullmatch(stem.removesuffix("-local")):
            continue
        if stem[0] == "y":
            if source.brand == "yealink" and len(stem) != 13:
                text = f"{len(stem) - 1} digits after the y: phones ask for y and 12 digits, such as y000000000066.cfg"
                yield Hit(source.name, 0, text)
            elif len(stem) == 13 and given.model and source.part == "common":
                wanted = f"y000000000{given.model.common}.cfg"
                if wanted not in names and stem[-3:] in codes and given.model.vendor == "yealink":
                    text = f"a {given.model.product} asks for {wanted}, not for this file"
                    yield Hit(source.name, 0, text, "", "note")
            continue
        right = stem.lower() if source.brand == "yealink" else stem.upper()
        if stem.removesuffix("-local") != right.removesuffix("-LOCAL").removesuffix("-local"):
            ending = source.base.rpartition(".")[2]
            yield Hit(source.name, 0, f"the phone asks for {right}.{ending}; on most servers that is another file")


ROWS = (
    (
        About(
            "no-header",
            "error",
            "The first line of a Yealink file must be its version",
            "Begin the file with the line #!version:1.0.0.1, before any comment.",
            "Yealink auto provisioning guides V81-V86: the line cannot be edited or deleted",
        ),
        no_header,
    ),
    (
        About(
            "byte-order-mark",
            "error",
            "A byte order mark hides the first line",
            "Save the file as UTF-8 without BOM.",
            "default, unverified on hardware; known from installers",
        ),
        byte_order_mark,
    ),
    (
        About(
            "empty-file",
            "warning",
            "The file is empty",
            "Fill it, or let the server answer 404.",
            "FusionPBX's aastra template: aastra.cfg must contain something or the MAC file is not fetched",
        ),
        empty,
    ),
    (
        About(
            "markup",
            "error",
            "A web page instead of a configuration",
            "The server must answer with an error status, not with a page and 200.",
            "decided: no line of it can be a setting",
        ),
        markup,
    ),
    (
        About(
            "encrypted",
            "note",
            "An encrypted file",
            "Check the file before it is encrypted.",
            "gitaware/yealink-encryption; Mitel's anacrypt",
        ),
        encrypted,
    ),
    (
        About(
            "not-utf8",
            "warning",
            "Bytes that are not UTF-8",
            "Save the file as UTF-8 (an Aastra before firmware 3 reads ISO-8859-1).",
            "Yealink auto provisioning guides; Aastra administrator guides",
        ),
        encoding,
    ),
    (
        About(
            "control-character",
            "warning",
            "Control characters in a line",
            "Take such characters out of names before they are rendered.",
            "decided: no setting needs one",
        ),
        controls,
    ),
    (
        About("crlf", "note", "DOS line ends", "", "98 of 234 Yealink files of FusionPBX have them"),
        carriage_returns,
    ),
    (
        About(
            "file-name",
            "warning",
            "A file name that no phone asks for",
            "Yealink asks for lower-case MACs and 12-digit common files, Aastra for upper-case MACs.",
            "wazo-provd and FusionPBX file rules; a published server expects y and 10 digits, which no phone sends",
        ),
        file_name,
    ),
)
