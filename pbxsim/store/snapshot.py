"""A world as one file that travels: what the durable file holds, in a form that any later pbxsim reads.

    pbxsim snapshot 1\\n                      the format's name and version, as text
    {"schema": 2, "secrets": false, ...}\\n   one line of JSON: what follows, and what there is one of (`Preface`)
    ...                                      rows as lines of JSON ["entity", "u1", "user", "{...}"], deflated (zlib)
    32 bytes                                 SHA-256 of all that comes before

Rows are those of `tables.py`. Nothing is believed before the checksum has been: whoever reads feeds the bytes as they
come, and has a world only at the end. A snapshot of an older schema goes through the very migrations of a file.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct, structs

from pbxsim.core.refusals import Fault, Invalid
from pbxsim.store import schema, tables
from pbxsim.store.check import findings
from pbxsim.store.schema import Header as Header
from pbxsim.store.tables import HISTORY, Row, Rows
from pbxsim.store.thaw import thaw
from pbxsim.store.veil import Unveiler, Veil
from pbxsim.world.state import WorldState

FORMAT = 1
MAGIC = b"pbxsim snapshot "
LIMIT = 64 * 1024 * 1024  # bytes of a snapshot
UNPACKED = 16 * LIMIT  # bytes of its rows: a few kilobytes can be deflated from very many
CHUNK = 256 * 1024
_DIGEST = 32
_LINE = 64 * 1024  # of the preface, at most

Draw = Callable[[str, str], str]
"""(entity's id, purpose) -> a new secret, for a device whose own the snapshot does not say."""


class SnapshotRefused(Invalid):
    """It cannot be restored, and why; nothing was changed."""

    def __init__(self, why: str) -> None:
        super().__init__([Fault("", f"the snapshot {why}")])


class Preface(Struct, frozen=True):
    """What stands before the rows. `veil` is the word that stands for secrets that are left out, '' where none are."""

    schema: int
    header: Header
    columns: dict[str, tuple[str, ...]]
    veil: str = ""


class Snapshot(Struct, frozen=True, eq=False):
    """A world out of a snapshot. `plugged` are the phones that had power; `secrets`: was it whole?"""

    header: Header
    state: WorldState
    plugged: tuple[str, ...]
    secrets: bool


# --- Writing -----------------------------------------------------------------------------------------------------


def pack(header: Header, state: WorldState, veil: str = "") -> Iterator[bytes]:
    """The file, in parts. `veil` is a word that nobody can have known: then all secrets are left out, and it marks
    where they were."""
    hiding = Veil(veil, state) if veil else None
    if hiding is not None:
        header = structs.replace(header, key="")
    columns = {name: table.columns for name, table in tables.TABLES.items()} | {"history": HISTORY}
    digest, deflate = sha256(), zlib.compressobj(6)
    first = MAGIC + b"%d\n" % FORMAT
    first += msgspec.json.encode(Preface(schema.VERSION, header, columns, veil)) + b"\n"
    digest.update(first)
    yield first
    for lines in _batches(tables.rows(state), hiding):
        if part := deflate.compress(lines):
            digest.update(part)
            yield part
    part = deflate.flush()
    digest.update(part)
    yield part + digest.digest()


def _batches(rows: Iterable[tuple[str, Row]], hiding: Veil | None) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    lines: list[bytes] = []
    size = 0
    for name, row in rows:
        line = encode((name, *(row if hiding is None else hiding.over(name, row))))
        lines.append(line)
        size += len(line) + 1
        if size > CHUNK:
            yield b"\n".join(lines) + b"\n"
            lines, size = [], 0
    if lines:
        yield b"\n".join(lines) + b"\n"


# --- Reading -----------------------------------------------------------------------------------------------------


class Reader:
    """Takes a snapshot as it comes. Every method raises SnapshotRefused."""

    def __init__(self) -> None:
        self._size = self._unpacked = 0
        self._digest = sha256()
        self._held = b""  # what may be the checksum, or the first two lines
        self._preface: Preface | None = None
        self._inflate = zlib.decompressobj()
        self._line = b""
        self._rows = Rows()
        self._veiled: list[tuple[str, Row]] = []
        self._older: list[tuple[str, Row]] = []

    def feed(self, part: bytes) -> None:
        """The next bytes."""
        self._size += len(part)
        if self._size > LIMIT:
            raise SnapshotRefused(f"is larger than {LIMIT >> 20} MiB")
        self._held += part
        if self._preface is None and not self._begin():
            return
        ready, self._held = self._held[:-_DIGEST], self._held[-_DIGEST:]
        if ready:
            self._digest.update(ready)
            self._unpack(ready)

    def finish(self, present: WorldState | None = None, draw: Draw | None = None) -> Snapshot:
        """The world. Secrets that were left out are those of `present`, for whatever is the same there; else devices
        get new ones of `draw`."""
        preface = self._preface
        if preface is None:
            raise SnapshotRefused("is no snapshot: it ends before its first two lines do")
        if self._digest.digest() != self._held or not self._inflate.eof or self._inflate.unused_data or self._line:
            raise SnapshotRefused("is damaged: its checksum is not that of its content. Fetch it again")
        try:
            rows = self._migrated() if self._older else self._rows
            if preface.veil:
                unveiler = Unveiler(preface.veil, rows, present, draw or _no_draw)
                for name, row in unveiler.under(self._veiled):
                    _read(rows, name, row)
            state = thaw(preface.header, rows)
            broken = findings(preface.header, state)
        except (ValueError, LookupError, TypeError, sqlite3.Error) as error:
            raise SnapshotRefused(f"is damaged: {error}") from None
        if broken:
            more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
            raise SnapshotRefused(f"makes no sound world: {broken[0].law}: {broken[0].what}{more}")
        return Snapshot(preface.header, state, tuple(rows.plugged), not preface.veil)

    def _begin(self) -> bool:
        """Have the first two lines come? If so, they are read."""
        if not self._held.startswith(MAGIC[: len(self._held)]):
            raise SnapshotRefused("is no snapshot: it must begin with 'pbxsim snapshot'")
        ends = self._held.find(b"\n", self._held.find(b"\n") + 1) + 1 if b"\n" in self._held else 0
        if not ends:
            if len(self._held) > _LINE:
                raise SnapshotRefused("is no snapshot: its second line has no end")
            return False
        first, second = self._held[:ends].split(b"\n")[:2]
        self._preface = self._understood(first[len(MAGIC) :], second)
        self._digest.update(self._held[:ends])
        self._held = self._held[ends:]
        return True

    def _understood(self, version: bytes, line: bytes) -> Preface:
        number = int(version) if version.isdigit() and len(version) < 6 else 0
        if number > FORMAT:
            raise SnapshotRefused(f"has format {number}; this pbxsim knows formats up to {FORMAT}. Upgrade pbxsim")
        if number < 1:
            raise SnapshotRefused("is damaged: it does not say its format")
        try:
            preface = msgspec.json.decode(line, type=Preface)
        except ValueError as error:  # what a later schema has besides may be there; what this one needs must
            raise SnapshotRefused(f"is damaged: its second line: {error}") from None
        if preface.schema > schema.VERSION:
            known = f"this pbxsim knows versions up to {schema.VERSION}"
            raise SnapshotRefused(f"has version {preface.schema}; {known}. Upgrade pbxsim")
        if preface.schema < 1:
            raise SnapshotRefused("is damaged: it does not say its version")
        return preface

    def _unpack(self, part: bytes) -> None:
        try:
            while part:
                text = self._inflate.decompress(part, CHUNK * 4)
                part = self._inflate.unconsumed_tail
                self._unpacked += len(text)
                if self._unpacked > UNPACKED:
                    raise SnapshotRefused(f"unpacks to more than {UNPACKED >> 20} MiB")
                *lines, self._line = (self._line + text).split(b"\n")
                for line in lines:
                    self._take(msgspec.json.decode(line, type=list[Any]))
                if not text and not part:
                    break
        except (ValueError, LookupError, TypeError, zlib.error) as error:
            if isinstance(error, SnapshotRefused):
                raise
            raise SnapshotRefused(f"is damaged: {error}") from None

    def _take(self, line: list[Any]) -> None:
        assert self._preface is not None
        name, *row = line
        if name == "file":
            row[2] = msgspec.convert(row[2], bytes, strict=False)
        if self._preface.schema < schema.VERSION:
            self._older.append((name, tuple(row)))
        elif self._preface.veil and Unveiler.concerns(self._preface.veil, name, tuple(row)):
            self._veiled.append((name, tuple(row)))
        else:
            _read(self._rows, name, tuple(row))

    def _migrated(self) -> Rows:
        """The rows of an older schema, through a file in memory of that version and its migrations."""
        assert self._preface is not None
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
            schema.create(db, self._preface.schema)
            for name, row in self._older:
                columns = self._preface.columns[name]
                if name not in (*tables.TABLES, "history") or not all(one.isidentifier() for one in columns):
                    raise ValueError(f"there is no table {name}")
                places = ", ".join("?" * len(columns))
                db.execute(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", row)
            schema.migrate(db, self._preface.schema)
            rows = Rows()
            for name, row in tables.stored(db):
                if self._preface.veil and Unveiler.concerns(self._preface.veil, name, row):
                    self._veiled.append((name, row))
                else:
                    _read(rows, name, row)
            return rows


def _read(rows: Rows, name: str, row: Row) -> None:
    if name == "history":
        tables.read_record(rows, row)
    else:
        tables.TABLES[name].read(rows, row)


def _no_draw(id_: str, purpose: str) -> str:
    raise LookupError(f"nobody draws a {purpose} secret for {id_}")
