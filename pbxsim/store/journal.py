"""The file behind main: reads the world once at the start, and then writes one group of changes after another.

A group is one transaction and one call into the thread that owns the connection (four awaits a group cost a third of
the throughput). What a group writes is read from an immutable state, so the world goes on meanwhile.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
import msgspec
from msgspec import Struct

from pbxsim.store import codec, file, schema, tables
from pbxsim.store.schema import Header
from pbxsim.store.thaw import thaw
from pbxsim.world.state import WorldState

T = TypeVar("T")

Kept = Mapping[tuple[str, str], str | None]


class Group(Struct, frozen=True, eq=False):
    """What goes into the file together. `touched` None: all of the state, and nothing that was there before."""

    header: Header
    state: WorldState
    touched: tuple[tuple[str, Any], ...] | None = None
    after: int = 0  # the number of the last record that is in the file
    kept: Kept = {}  # what the server keeps for itself, such as tokens: (kind, key) -> text, None to forget it


class Saved(Struct, frozen=True, eq=False):
    """A world as the file says it. `plugged` are the phones that had power."""

    header: Header
    state: WorldState
    plugged: tuple[str, ...]


class Journal:
    """One open file. Made by `open`, which raises FileRefused."""

    def __init__(self, path: Path, db: aiosqlite.Connection, history_limit: int) -> None:
        self._path = path
        self._db = db
        self._history_limit = history_limit

    @classmethod
    async def open(cls, path: Path, history_limit: int = 100_000) -> Journal:
        """Open a file, make it, or migrate it. Raises FileRefused."""
        db = await asyncio.to_thread(file.connect, path)
        connection = await aiosqlite.Connection(lambda: db, iter_chunk_size=64)
        journal = cls(path, connection, history_limit)
        try:
            await journal._call(journal._prepare)
        except BaseException as error:
            await connection.close()
            if isinstance(error, sqlite3.Error):
                raise file.refusal(path, error) from error
            raise
        return journal

    async def read(self) -> Saved | None:
        """The world in the file; None in a new one. Raises Damaged."""
        return await self._call(self._read)

    async def kept(self) -> dict[tuple[str, str], str]:
        """What the server has kept for itself."""
        return await self._call(self._kept)

    async def write(self, group: Group) -> None:
        """Commit a group. Raises sqlite3.Error, and then nothing of it is in the file - or all is, if it was the
        disk's answer that got lost: read again."""
        await self._call(self._write, group)

    async def probe(self) -> None:
        """Commit something that says nothing. Raises sqlite3.Error if the file takes no commit now."""
        await self._call(self._probe)

    async def aclose(self) -> None:
        """Let go of the file."""
        await self._db.close()

    async def _call(self, work: Callable[..., T], *arguments: Any) -> T:
        # `_execute` runs a function in the connection's thread; every public method of aiosqlite is made of it, and
        # none of them runs a whole transaction in one call.
        result: T = await self._db._execute(work, *arguments)  # type: ignore[no-untyped-call]
        return result

    # --- In the connection's thread ------------------------------------------------------------------------------

    def _prepare(self) -> None:
        db = self._db._conn
        (found,) = db.execute("PRAGMA user_version").fetchone()
        if found != schema.VERSION:
            with _Transaction(db):
                if found == 0:
                    schema.create(db)
                else:
                    schema.migrate(db, found)
                    self._read()  # what has been migrated must make a world; else nothing has happened
        # The log comes last, and is emptied: the file alone tells whose it is and its version, log or no log.
        db.execute("PRAGMA journal_mode = WAL").fetchall()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _read(self) -> Saved | None:
        db = self._db._conn
        try:
            row = db.execute("SELECT body FROM world WHERE name = 'main'").fetchone()
            if row is None:
                return None
            header = msgspec.json.decode(row[0], type=Header)
            rows = tables.read(db, self._history_limit)
            return Saved(header, thaw(header, rows), tuple(rows.plugged))
        except (ValueError, LookupError) as error:
            raise file.Damaged(self._path, f"is damaged: {error}. Restore it from a copy.") from error
        except sqlite3.Error as error:
            raise file.refusal(self._path, error) from error

    def _kept(self) -> dict[tuple[str, str], str]:
        return {(kind, key): body for kind, key, body in self._db._conn.execute("SELECT kind, key, body FROM kept")}

    def _probe(self) -> None:
        db = self._db._conn
        with _Transaction(db):
            db.execute("INSERT OR REPLACE INTO kept (kind, key, body) VALUES ('probe', '', hex(randomblob(8)))")

    def _write(self, group: Group) -> None:
        db = self._db._conn
        with _Transaction(db):
            if group.touched is None:
                tables.write_whole(db, group.state)
            else:
                tables.write(db, group.state, group.touched)
                tables.append(db, group.state, group.after)
            for (kind, key), body in group.kept.items():
                if body is None:
                    db.execute("DELETE FROM kept WHERE kind = ? AND key = ?", (kind, key))
                else:
                    db.execute("INSERT OR REPLACE INTO kept (kind, key, body) VALUES (?, ?, ?)", (kind, key, body))
            header = codec.text(group.header)
            db.execute("INSERT OR REPLACE INTO world (name, body) VALUES ('main', ?)", (header,))


class Memory:
    """What stands in for a file where there is none: it holds nothing, and nothing can fail."""

    async def read(self) -> None:
        """There never is a world in it."""

    async def kept(self) -> dict[tuple[str, str], str]:
        """Nothing was kept."""
        return {}

    async def write(self, group: Group) -> None:
        """All of it is in memory already."""

    async def probe(self) -> None:
        """Memory takes everything."""

    async def aclose(self) -> None:
        """There is nothing to let go of."""


class _Transaction:
    """All or nothing. (sqlite3's own `with connection` commits nothing that it has not begun.)"""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:  # it has failed, or its commit has
                self._db.execute("ROLLBACK")
