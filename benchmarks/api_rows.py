"""The rows that a command makes in main's file, as SQL and values: what a bare database is given to write as well."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.worlds import ACCOUNT
from pbxsim import World
from pbxsim.core.commands import AddUser
from pbxsim.store import Group, codec, file, schema, tables

Statement = tuple[str, list[tuple[Any, ...]]]


class _Listener:
    """What `tables` writes to: it writes nothing, and remembers."""

    def __init__(self) -> None:
        self.said: list[Statement] = []

    def executemany(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self.said.append((sql, [tuple(row) for row in rows]))


def of_group(group: Group) -> list[Statement]:
    """Everything that one group writes, in its order."""
    listener: Any = _Listener()
    assert group.touched is not None
    tables.write(listener, group.state, group.touched)
    tables.append(listener, group.state, group.after)
    return [*listener.said, (_HEADER, [(codec.text(group.header),)])]


_HEADER = "INSERT OR REPLACE INTO world (name, body) VALUES ('main', ?)"


def connect(path: Path) -> sqlite3.Connection:
    """A new file with main's tables and main's settings: WAL, synchronous=FULL."""
    db = file.connect(path)
    db.isolation_level = None
    schema.create(db)
    db.execute("PRAGMA journal_mode = WAL").fetchall()
    assert db.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"
    return db


class Pattern:
    """The rows of one added user, to be filled in for any other."""

    def __init__(self) -> None:
        world = World(seed=1)
        world.accounts.add(ACCOUNT, platform="jet")
        touched: dict[tuple[str, Any], None] = {}
        before = world.state.recorded
        world.on_change = touched.update
        world.execute(AddUser(ACCOUNT, EXTENSION, "User", NAME))
        listener: Any = _Listener()
        tables.write(listener, world.state, tuple(touched))
        tables.append(listener, world.state, before)
        self._number = world.state.recorded
        self._ids = tuple(world.pbx.entities)
        self.said: list[Statement] = listener.said

    def rows(self, number: int, extension: str, name: str) -> list[Statement]:
        """Those of the user of that number, who has that extension and name."""
        ids = [(id_, f"{id_[0]}{2 * number + place}") for place, id_ in enumerate(self._ids)]

        def value(given: Any) -> Any:
            if isinstance(given, str):
                given = given.replace(EXTENSION, extension).replace(NAME, name)
                for theirs, ours in ids:
                    given = given.replace(theirs, ours)
                return given
            return number if given == self._number and isinstance(given, int) else given

        return [(sql, [tuple(map(value, row)) for row in rows]) for sql, rows in self.said]


EXTENSION, NAME = "999999", "Pattern"
