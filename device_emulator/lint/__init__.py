"""What is wrong with configuration files, and what is worth knowing: a table of checks, and one function that runs it.

Pure: files are given as bytes, findings come back as values, and no bytes whatever make it raise. Whoever adds a check
adds a row to the file of its group: what it is called, how grave it is, what to do, and where the fact was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from device_emulator.lint import addresses, bootfiles, keywise, linewise, security, sets, wholes
from device_emulator.lint.findings import LIMIT, RANK, About, Finding, Hit, Level, fails, findings
from device_emulator.lint.grammar import Brand
from device_emulator.lint.source import Given, Source, in_order

__all__ = [
    "CHECKS",
    "LIMIT",
    "RANK",
    "About",
    "Brand",
    "Finding",
    "Given",
    "Hit",
    "Level",
    "Source",
    "check",
    "fails",
    "in_order",
]

CHECKS: tuple[tuple[About, Callable[[Given], Iterator[Hit]]], ...] = (
    *wholes.ROWS,
    *linewise.ROWS,
    *keywise.ROWS,
    *bootfiles.ROWS,
    *sets.ROWS,
    *security.ROWS,
    *addresses.ROWS,
)
"""Every check of files. Its order is that of `pbxsim lint --checks`."""


def check(given: Given, limit: int | None = LIMIT) -> list[Finding]:
    """All findings, in the order of the files and their lines; at most `limit` of a check in one file, and a count."""
    place = {source.name: index for index, source in enumerate(given.sources)}
    found = [finding for about, run in CHECKS for finding in findings(about, run(given), limit)]
    # What concerns a whole file comes first; what counts the rest of many (line 0 too) is sorted in with it.
    found.sort(key=lambda one: (place.get(one.file, len(place)), one.line, -RANK[one.level], one.id))
    return found
