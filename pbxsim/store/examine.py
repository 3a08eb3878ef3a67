"""What a file says of itself, and whether it is right: read from a copy, so that the file is never touched and a server
may go on with it.

A file that is older is migrated in the copy, as a server would; one that cannot be opened is a finding like any other,
unless it is newer or no file of ours: then there is nothing to examine.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from pbxsim.store import copying, file, schema, tables
from pbxsim.store.check import RESTORE, Finding, findings
from pbxsim.store.file import Damaged
from pbxsim.store.schema import Header
from pbxsim.store.thaw import thaw
from pbxsim.world import iso

_LOCKED_FROM, _LOCKED_BYTES = 0x40000000, 512  # sqlite.org/fileformat2.html, 1.3.7: the lock-byte page
_INTEGRITY = 20  # faults of SQLite's own that are told


class Told(Struct, frozen=True):
    """What a file is: versions, times in ISO 8601, how many of each kind. No secret is in it."""

    file: str
    bytes: int
    version: int
    current: bool
    held: bool
    now: str
    clock: str
    events: dict[str, int]
    counts: dict[str, int]


def check(path: Path) -> list[Finding]:
    """Everything that is wrong with a file. Raises FileRefused where it is none of ours, newer, or cannot be read."""
    try:
        with _copy(path) as db:
            return _checked(db)
    except Damaged as error:
        return [Finding("the_file_is_whole", str(error), RESTORE)]


def tell(path: Path) -> Told:
    """What a file is. Raises FileRefused."""
    with _copy(path) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        header = _header(db)
        counts = dict(db.execute("SELECT kind, count(*) FROM entity GROUP BY kind"))
        for name in ("account", "binding", "file", "phone"):
            (counts[f"{name} rows" if name in counts else name],) = db.execute(
                f"SELECT count(*) FROM {name}"
            ).fetchone()
        first, last, count = db.execute("SELECT min(number), max(number), count(*) FROM history").fetchone()
        kept = dict(db.execute("SELECT 'kept: ' || kind, count(*) FROM kept GROUP BY kind"))
        return Told(
            str(path),
            path.stat().st_size,
            version,
            version == schema.VERSION,
            _held(path),
            iso(header.now) if header else "",
            f"{header.clock}, {header.rate:g} seconds a second" if header else "",
            {"first": first or 0, "last": last or 0, "count": count},
            {name: count for name, count in sorted((counts | kept).items()) if count},
        )


@contextmanager
def _copy(path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of it, open; gone afterwards. Raises FileRefused of the file itself."""
    with tempfile.TemporaryDirectory(prefix="pbxsim-") as folder:
        place = Path(folder) / path.name
        copying.copy(path, place)
        try:
            with closing(copying.opened(place, path)) as db:
                yield db
        except sqlite3.Error as error:
            raise file.refusal(path, error) from error


def _held(path: Path) -> bool:
    """Does a server have it open? Asked by the lock that SQLite would take, which leaves no trace."""
    try:
        import fcntl
    except ImportError:  # a system without such locks
        return False
    with path.open("rb") as opened:
        try:
            fcntl.lockf(opened, fcntl.LOCK_SH | fcntl.LOCK_NB, _LOCKED_BYTES, _LOCKED_FROM)
        except OSError:
            return True
    return False


def _checked(db: sqlite3.Connection) -> list[Finding]:
    wrong = [said for (said,) in db.execute(f"PRAGMA integrity_check({_INTEGRITY})") if said != "ok"]
    if wrong:
        return [Finding("the_file_is_whole", said) for said in wrong]
    (version,) = db.execute("PRAGMA user_version").fetchone()
    try:
        db.execute("BEGIN")
        schema.migrate(db, version)
        header = _header(db)
        if header is None:
            return []  # made, and never begun
        rows = tables.read(db, -1)
        state = thaw(header, rows)
    except (ValueError, LookupError, sqlite3.Error) as error:
        return [Finding("every_row_can_be_read", str(error))]
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    return [*_strays(db, rows), *findings(header, state)]


def _strays(db: sqlite3.Connection, rows: tables.Rows) -> list[Finding]:
    """Rows that only a file can have."""
    first, last, count = db.execute("SELECT min(number), max(number), count(*) FROM history").fetchone()
    if count and last - first + 1 != count:
        return [Finding("history_has_no_gaps", f"of the events {first} to {last} there are {count}")]
    return []


def _header(db: sqlite3.Connection) -> Header | None:
    row = db.execute("SELECT body FROM world WHERE name = 'main'").fetchone()
    return None if row is None else msgspec.json.decode(row[0], type=Header)


def as_json(value: Any) -> str:
    """For programs."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
