"""The tables on disk, their version, and how an older file becomes a present one.

The version stands in the file's own header (`PRAGMA user_version`), and so does the number that says whose file it is.
`MIGRATIONS[n]` turns version n into n + 1; all that are needed run in one transaction, together with reading the
result: a file is a version older or newer, never in between.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Literal

from msgspec import Struct

APPLICATION_ID = 0x70627873  # "pbxs"
VERSION = 2

Migration = Callable[[sqlite3.Connection], None]

NETWORK = "CREATE TABLE network (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID"


def _to_2(db: sqlite3.Connection) -> None:
    """A phone may have another firmware, other knobs and a network of its own; a world has a network."""
    db.execute("ALTER TABLE phone ADD COLUMN hardware TEXT NOT NULL DEFAULT '{}'")
    db.execute(NETWORK)


MIGRATIONS: Mapping[int, Migration] = {1: _to_2}  # version 1 is the first

# The tables of version 1; those of any later version are these and its migrations. Texts in `body` are JSON: see
# codec.py. Times are milliseconds since the epoch.
FIRST = (
    "CREATE TABLE world (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE account (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE entity (id TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE secret (id TEXT, purpose TEXT, value TEXT NOT NULL, PRIMARY KEY (id, purpose)) STRICT, WITHOUT ROWID",
    "CREATE TABLE binding (device TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE file (device TEXT, name TEXT, body BLOB NOT NULL, PRIMARY KEY (device, name)) STRICT",
    "CREATE TABLE phone (mac TEXT PRIMARY KEY, model TEXT NOT NULL, plugged INTEGER NOT NULL, flash TEXT NOT NULL)"
    " STRICT",
    "CREATE TABLE history (number INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL,"
    " account TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL) STRICT",
    "CREATE TABLE kept (kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID",
)


class Header(Struct, frozen=True):
    """The one row of table `world`: what there is one of.

    `key` (hex) signs nonces and conceals PINs; `last_id` and `recorded` are the world's counters; `stream` is added to
    a record's number to make the id of its message (a reset world counts anew, a stream of messages does not)."""

    key: str
    now: int
    last_id: int = 0
    recorded: int = 0
    clock: Literal["real", "virtual"] = "real"
    rate: float = 1.0
    stream: int = 0


def create(db: sqlite3.Connection, version: int | None = None) -> None:
    """Lay out an empty file of a version, the present one by default, within the transaction that is open: as version 1
    was, and then migrated, so that a new file and an old one never differ."""
    for table in FIRST:
        db.execute(table)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    _raise(db, 1, VERSION if version is None else version)


def migrate(db: sqlite3.Connection, found: int) -> None:
    """Turn version `found` into the present one, within the transaction that is open."""
    _raise(db, found, VERSION)


def _raise(db: sqlite3.Connection, found: int, wanted: int) -> None:
    for version in range(found, wanted):
        MIGRATIONS[version](db)
    db.execute(f"PRAGMA user_version = {wanted}")
