"""A copy of a world's file, whether a server has it open or not.

A server holds its file alone, so nobody else can ask SQLite for it. But the file changes only at a checkpoint, and
beside it the log only grows until the next one: both, copied while the file did not change and the log was not begun
anew, are what the disk would have held had the server been killed then, and that opens as a whole world (`make prove`
kills it 300 times). If something did change meanwhile, the copy is made again.

For a process of its own, never the server's: a process that closes a file loses the locks that it has on it (POSIX).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from pbxsim.store import file, schema
from pbxsim.store.file import Damaged, FileRefused

TRIES = 200
_TICK = 0.05  # s: a file's time of change is coarser than a write
_LOG_HEADER = 32  # bytes: it says which life of the log this is


class TooBusy(FileRefused):
    """It never stood still for long enough."""


def back_up(source: Path, target: Path) -> None:
    """Make `target`, a new file, a whole world as `source` is now: durable, checked, for its owner alone. Raises
    FileRefused; then there is no `target`."""
    if target.exists():
        raise FileRefused(target, "is there already. Name a new file: no back-up is written over another.")
    part = target.with_name(f".{target.name}.part")
    try:
        copy(source, part)
        with closing(opened(part, source)) as db:  # takes the log in
            db.execute("PRAGMA journal_mode = WAL").fetchall()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            (first, *_) = db.execute("PRAGMA integrity_check(1)").fetchone()
            if first != "ok":
                raise Damaged(source, f"is damaged: {first}. Run `pbxsim db check {source}`.")
        _durable(part)
        os.link(part, target)  # fails where somebody has been faster
        _durable(target.parent)
    except FileExistsError:
        raise FileRefused(target, "is there already. Name a new file: no back-up is written over another.") from None
    except OSError as error:
        raise FileRefused(target, f"cannot be written: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise file.refusal(part, error) from error
    finally:
        for name in (part, _log(part), part.with_name(f"{part.name}-shm")):
            name.unlink(missing_ok=True)


def opened(place: Path, source: Path) -> sqlite3.Connection:
    """A connection to a copy. Raises FileRefused of what it is a copy of: the copy's name means nothing to anybody."""
    try:
        return file.connect(place)
    except FileRefused as error:
        raise type(error)(source, str(error).removeprefix(str(place)).lstrip()) from error


def copy(source: Path, target: Path) -> None:
    """The file and its log as they are at one moment, side by side as `target` and its log. Raises FileRefused."""
    _ours(source)
    for attempt in range(TRIES):
        try:
            if _copied(source, target):
                return
        except OSError as error:
            raise FileRefused(target, f"cannot be written: {error.strerror}.") from error
        time.sleep(0.002 * (attempt % 17))  # not in step with whoever writes
    raise TooBusy(source, "is written to without a pause. Try again when its server has less to do.")


def _ours(path: Path) -> None:
    """Refuse what is not ours, by the header alone: the rest may be changing."""
    try:
        with path.open("rb") as source:
            head = source.read(100)
    except OSError as error:
        raise FileRefused(path, f"cannot be read: {error.strerror}.") from None
    if head[:16] != b"SQLite format 3\0":
        raise file.NotOurs(path, "is no SQLite database. Name the file of a pbxsim server.")
    if int.from_bytes(head[68:72], "big") != schema.APPLICATION_ID:
        raise file.NotOurs(path, "is the SQLite database of another program. Name the file of a pbxsim server.")


def _copied(source: Path, target: Path) -> bool:
    """Was everything still while it was copied?"""
    before = _state(source)
    if time.time_ns() - before[0] < _TICK * 1e9:
        time.sleep(_TICK)  # a change in the very moment of the last one would not be seen
        if _state(source) != before:
            return False
    log, log_of_copy = _log(source), _log(target)
    for path in (target, log_of_copy):
        path.unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    shutil.copyfile(source, target)
    if log.exists():
        shutil.copyfile(log, log_of_copy)
    if log_of_copy.stat().st_size == 0:
        log_of_copy.unlink()
    return _state(source) == before


def _state(source: Path) -> tuple[int, int, bytes]:
    """When the file last changed, its size, and which life of the log this is."""
    there = source.stat()
    try:
        with _log(source).open("rb") as log:
            life = log.read(_LOG_HEADER)
    except FileNotFoundError:
        life = b""
    return there.st_mtime_ns, there.st_size, life


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _durable(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
