"""Opening a file, or saying why not: whoever is refused finds his file as it was.

    FileRefused
     |- NotOurs    no SQLite database, or some other program's
     |- Newer      written by a later pbxsim: the version it has is named
     |- Damaged    SQLite or a row says so: what is wrong is named
     '- Locked     another server has it open

A file is looked at before it is opened for writing. Open, it is held alone (SQLite's exclusive lock) until it is
closed: there is one writer, and it is this one.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from pbxsim.core.refusals import PbxsimError
from pbxsim.store import schema
from pbxsim.store.holder import holder

LOCK_SECONDS = 1.0  # a server that is being restarted may still be closing


class FileRefused(PbxsimError):
    """The file cannot be used; it was left as it was."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} {why}")


class NotOurs(FileRefused):
    """It is something else."""


class Newer(FileRefused):
    """A later pbxsim has written it."""


class Damaged(FileRefused):
    """It does not say what it should."""


class Locked(FileRefused):
    """Somebody else has it open."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection that holds the file alone, durable at each commit, for any one thread. Makes the file if there is
    none, mode 0600. Raises FileRefused."""
    if not path.exists() or path.stat().st_size == 0:
        _make(path)
    else:
        _inspect(path)
    db = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        # Exclusive before the first access: then the log needs no shared memory, and a second server fails at once.
        db.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        db.execute("PRAGMA synchronous = FULL")
        db.execute("BEGIN EXCLUSIVE")
        db.execute("COMMIT")
        path.chmod(0o600)
    except sqlite3.Error as error:
        db.close()
        raise refusal(path, error) from error
    return db


def _make(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # before SQLite would, with everybody's permissions
    except OSError as error:
        raise FileRefused(path, f"cannot be made: {error.strerror}.") from error


def _inspect(path: Path) -> None:
    """Refuse what must not be touched, without touching it.

    A server that has crashed leaves a log beside its file, and only with the log is the file whole; without one the
    file is read as it stands, which takes no lock and leaves no trace."""
    log = path.with_name(f"{path.name}-wal")
    how = "mode=ro" if log.exists() else "immutable=1"
    uri = f"file:{quote(str(path.absolute()))}?{how}"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=LOCK_SECONDS)) as db:
            (owner,) = db.execute("PRAGMA application_id").fetchone()
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if owner != schema.APPLICATION_ID:
                raise NotOurs(path, "is the SQLite database of another program. Name a file of its own for pbxsim.")
            if version > schema.VERSION:
                known = f"this one knows versions up to {schema.VERSION}"
                raise Newer(path, f"has version {version} and was written by a later pbxsim; {known}. Upgrade pbxsim.")
            (first, *_) = db.execute("PRAGMA quick_check(1)").fetchone()
            if first != "ok":
                raise Damaged(path, f"is damaged: {first}. Restore it from a copy.")
    except sqlite3.Error as error:
        raise refusal(path, error) from error


def refusal(path: Path, error: sqlite3.Error) -> FileRefused:
    """What SQLite says, as one of the above."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        pid = holder(path)
        who = "another server" if pid is None else f"another server (process {pid})"
        return Locked(path, f"is in use by {who}. Stop that one, or name another file.")
    if name == "SQLITE_NOTADB":
        return NotOurs(path, "is no SQLite database. Name another file, or move this one away.")
    if name.startswith("SQLITE_CORRUPT"):
        return Damaged(path, f"is damaged: {error}. Restore it from a copy.")
    remedy = next((remedy for kind, remedy in _REMEDIES.items() if name.startswith(kind)), "")
    return FileRefused(path, f"cannot be used: {error}.{remedy}")


_REMEDIES = {
    "SQLITE_FULL": " Make room on its disk.",
    "SQLITE_READONLY": " Give whoever serves it the right to write to the file and to its folder.",
    "SQLITE_CANTOPEN": " Whoever serves it must have the right to write to its folder, too: a log is kept beside it.",
    "SQLITE_IOERR": " Its disk fails: look into the system's log.",
}
