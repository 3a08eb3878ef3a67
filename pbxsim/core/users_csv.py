"""A CSV file of users (U6), read into commands: every bad line is named with its reason, and what is good is kept.

The first line names the columns, as the commands call them or as the users page does ("License Type"). Fields may be
quoted (RFC 4180), lines end with LF or CRLF, a byte order mark is skipped, and where a spreadsheet has written
semicolons they separate. Secrets do not travel in files: a password is chosen by the link in the invitation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from pbxsim.core.build import build, partly
from pbxsim.core.commands import AddUser
from pbxsim.core.refusals import Fault, Invalid

MOST = 5_000  # lines: a file is taken in one step, and others wait meanwhile
MOST_COLUMNS = 64


class Row(NamedTuple):
    """A line of the file, by its number as an editor counts: what it adds, or what is wrong with it. `rest` is what is
    right of a wrong one, for whoever looks for more."""

    line: int
    command: AddUser | None
    faults: tuple[Fault, ...]
    rest: AddUser | None = None


def read(text: str, account: str, roles: Mapping[str, str]) -> Iterator[Row]:
    """Every line that is not blank. `roles` maps what a file may call a role to its name. Raises Invalid where the file
    is none, or its first line names no known columns."""
    lines = _lines(text)
    _, header = next(lines, (0, []))
    columns = _columns(header)
    for count, (line, cells) in enumerate(lines, 1):
        if count > MOST:
            raise Invalid([Fault("/csv", f"has more than {MOST} lines: import it in parts")])
        yield _row(line, cells, columns, account, roles)


def pointer(line: int, field: str = "") -> str:
    """Where a fault is: /lines/3/extension."""
    return f"/lines/{line}{field}"


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that is not blank, and where it begins."""
    import csv  # few worlds import anything
    from io import StringIO

    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    separator = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Invalid([Fault(pointer(line), f"is not CSV: {error}")]) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _columns(header: list[str]) -> list[str]:
    """The fields that the columns hold. Raises Invalid with every column that is wrong."""
    known = ", ".join(_PARSERS)
    if not header:
        raise Invalid([Fault("/csv", f"is empty; its first line names the columns: {known}")])
    if len(header) > MOST_COLUMNS:  # each would be a fault of its own
        too_many = f"has {len(header)} columns, and at most {MOST_COLUMNS} are read; known are {known}"
        raise Invalid([Fault("/csv", too_many)])
    columns = [_NAMES.get(name, name) for name in (" ".join(cell.split()).lower().replace(" ", "_") for cell in header)]
    faults = [
        Fault(pointer(1, f"/{name}"), f"is no column here; known are {known}{_hint(name)}")
        for name in columns
        if name not in _PARSERS
    ]
    faults += [Fault(pointer(1, f"/{name}"), "stands there twice") for name in _twice(columns)]
    if "extension" not in columns:
        faults.append(Fault(pointer(1, "/extension"), "is required: no column holds the extensions"))
    if faults:
        raise Invalid(faults)
    return columns


def _hint(name: str) -> str:
    secret = "password" in name or name.endswith("pin")
    return ". Secrets do not travel in files: the invitation lets everybody choose his own" if secret else ""


def _twice(columns: list[str]) -> list[str]:
    return sorted({name for name in columns if columns.count(name) > 1})


def _row(line: int, cells: list[str], columns: list[str], account: str, roles: Mapping[str, str]) -> Row:
    if len(cells) != len(columns):
        return Row(line, None, (Fault(pointer(line), f"has {len(cells)} fields, the first line {len(columns)}"),))
    values: dict[str, Any] = {"account": account}
    faults = []
    for name, cell in zip(columns, cells, strict=True):
        text = cell.strip()
        if text:
            try:
                values[name] = roles.get(text.lower(), text) if name == "role" else _PARSERS[name](text)
            except ValueError as error:
                faults.append(Fault(pointer(line, f"/{name}"), str(error)))
    try:
        command = build(AddUser, values)
    except Invalid as error:
        faults += [Fault(pointer(line, fault.pointer), fault.message) for fault in error.faults]
    return Row(line, None, tuple(faults), partly(AddUser, values)) if faults else Row(line, command, ())


def _text(cell: str) -> str:
    return cell


def _yes(cell: str) -> bool:
    """yes, true, on, 1, or their contraries."""
    said = _YES.get(cell.lower())
    if said is None:
        raise ValueError(f"must be yes or no, not {cell!r}")
    return said


def _seconds(cell: str) -> object:
    """24, or "4 rings"."""
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else cell


_YES = {**dict.fromkeys(("yes", "true", "on", "1"), True), **dict.fromkeys(("no", "false", "off", "0"), False)}

# The columns that there can be, and how a cell of each is read.
_PARSERS: dict[str, Callable[[str], object]] = {
    "extension": _text,
    "first_name": _text,
    "last_name": _text,
    "email": _text,
    "role": _text,
    "caller_id": _text,
    "ring_seconds": _seconds,
    "voicemail": _yes,
    "dnd": _yes,
    "system": _yes,
}

# What the users page calls them (article, tables 1.1 and 1.2; system users).
_NAMES = {
    "username": "first_name",
    "user_name": "first_name",
    "email_address": "email",
    "e-mail": "email",
    "license_type": "role",
    "licence_type": "role",
    "extension_number": "extension",
    "outbound_caller_id": "caller_id",
    "send_calls_to_voicemail_after": "ring_seconds",
    "rings": "ring_seconds",
    "enable_voicemail": "voicemail",
    "enable/disable_dnd": "dnd",
    "system_user": "system",
}
