"""Checks of whether a server says the same twice: phones compare, apply anew, and restart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from device_emulator.lint import About, Brand, Hit
from device_emulator.lint.findings import shown, some
from device_emulator.lint.grammar import restarts
from device_emulator.trial.exchanges import Served, brand, read
from device_emulator.trial.served.run import Rows, Run, server


def loop(run: Run) -> Iterator[Hit]:
    """A phone that restarts for ever."""
    for old, new in _changes(run):
        keys = [key for key in _changed(run, old, new)[0] if restarts(_brand(run), key)]
        if keys:
            text = f"{some(keys)} changes from fetch to fetch and restarts the phone each time"
            yield Hit(new.file, 0, text, keys[0])
    if "loop" in run.truncated:
        boots = len(run.reports)
        yield Hit(server(run), 0, f"{run.truncated} (it had booted {boots} times)")


def unstable(run: Run) -> Iterator[Hit]:
    """The same request, twice, gave other bytes."""
    for old, new in _changes(run):
        keys, others = _changed(run, old, new)
        if not any(restarts(_brand(run), key) for key in keys):
            what = f"{some(keys)} changed" if keys else others
            yield Hit(new.file, 0, f"fetched twice, and not the same: {what}", next(iter(keys), ""))


def _changes(run: Run) -> Iterator[tuple[Served, Served]]:
    """The first pair of each file's versions that differ."""
    versions: dict[str, list[Served]] = {}
    for one in run.served:
        versions.setdefault(one.file, []).append(one)
    for files in versions.values():
        for old, new in pairwise(files):
            if old.digest != new.digest:
                yield old, new
                break


def _changed(run: Run, old: Served, new: Served) -> tuple[list[str], str]:
    """Which keys have another value; if none, what else is other."""
    was, now = (read(one, run.hardware) for one in (old, new))
    before = {key: value for key, (value, _) in was.values.items()}
    after = {key: value for key, (value, _) in now.values.items()}
    keys = [key for key, value in after.items() if before.get(key) != value]
    keys += [key for key in before if key not in after]
    for number, (one, other) in enumerate(zip(was.lines, now.lines, strict=False), 1):
        if one != other:
            return keys, f"line {number} was {shown(one.strip())!r} and is {shown(other.strip())!r}"
    return keys, f"{len(was.lines)} lines, then {len(now.lines)}"


def _brand(run: Run) -> Brand:
    return brand(run.hardware) if run.hardware else "yealink"


ROWS: Rows = (
    (
        About(
            "reboot-loop",
            "error",
            "The phone restarts for ever",
            "Render the same bytes for the same phone; keys that restart it must not change by themselves.",
            "Yealink guides: a run reboots when a changed key requires it, and a boot runs again",
        ),
        loop,
    ),
    (
        About(
            "unstable-output",
            "warning",
            "The same file is never the same",
            "Take times and counters out: phones compare files byte by byte, and local changes are lost each time.",
            "Yealink guides (MD5 of each file); Aastra: check-sync restarts if files changed",
        ),
        unstable,
    ),
)
