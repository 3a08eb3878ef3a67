"""Who has a file open: what the kernel says of its locks. For a message to people; nothing depends on it."""

from __future__ import annotations

import os
from pathlib import Path


def holder(path: Path, locks: Path = Path("/proc/locks")) -> int | None:
    """The id of a process that has locked the file or one of SQLite's files beside it; None if nobody can tell (no
    Linux, another machine, a container's own processes)."""
    places = set()
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        try:
            found = path.with_name(name).stat()
        except OSError:
            continue
        places.add(f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}")
    try:
        told = locks.read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    for line in told.splitlines():
        words = line.split()  # 1: POSIX  ADVISORY  WRITE 4711 00:31:123456 0 EOF, or `1: -> POSIX …` for one who waits
        if len(words) >= 6 and words[1] != "->" and words[5] in places and words[4].isdigit() and int(words[4]) > 0:
            return int(words[4])
    return None
