"""What a check says: a finding has a level, a stable id, a place, a text, a remedy, and the source of its fact.

A check is a row of a table and one small function that yields hits; the row has everything that is the same for all of
its hits. Nothing here knows what is looked for, and nothing raises for what stands in a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Level = Literal["note", "warning", "error"]
RANK: dict[str, int] = {"note": 0, "warning": 1, "error": 2, "never": 3}
"""Levels by weight; `never` outweighs every finding (for `--fail-on`)."""

LIMIT = 10
"""Findings told of one check in one file; the rest is counted. A file of a megabyte makes no megabyte of report."""

WIDTH = 60
SECRETS = ("password", "passwd", "aes_key", "_psk", "secret", "pin_code", "private_key", "private key")
_MASK = "********"


class Finding(Struct, frozen=True, gc=False):
    """Something to know about a file. `line` counts from 1; 0 is the whole file, or a server's answer. `key` is the
    configuration key it is about, '' if it is about none."""

    level: Level
    id: str
    file: str
    line: int
    text: str
    remedy: str = ""
    source: str = ""
    key: str = ""


class Hit(Struct, frozen=True, gc=False):
    """One place where a check strikes. `level` overrules the check's own."""

    file: str
    line: int
    text: str
    key: str = ""
    level: Level | None = None


class About(Struct, frozen=True, gc=False):
    """What is the same for all findings of one check. `source`: where the fact was read, or that it is a decision."""

    id: str
    level: Level
    title: str
    remedy: str
    source: str


def findings(about: About, hits: Iterable[Hit], limit: int | None = LIMIT) -> list[Finding]:
    """The hits of a check as findings, at most `limit` a file (None: all) and one more that counts the rest."""
    found: list[Finding] = []
    count: dict[str, int] = {}
    for hit in hits:
        number = count[hit.file] = count.get(hit.file, 0) + 1
        if limit is None or number <= limit:
            level = hit.level or about.level
            found.append(Finding(level, about.id, hit.file, hit.line, hit.text, about.remedy, about.source, hit.key))
    for file, number in count.items():
        if limit is not None and number > limit:
            text = f"and {number - limit} more of these in this file"
            found.append(Finding(about.level, about.id, file, 0, text, about.remedy, about.source))
    return found


def fails(found: Iterable[Finding], level: str) -> bool:
    """Is there a finding at or above that level? Never at `never`."""
    return any(RANK[finding.level] >= RANK[level] for finding in found)


def secret(key: str) -> bool:
    """Whether a key is named like one whose value must not be shown."""
    name = key.lower()
    return any(word in name for word in SECRETS)


_CREDENTIALS = re.compile(r"(?<=://)[^/\s:]*:[^/\s]*(?=@)")  # up to the last @; a look at each character, not more


def uncredited(text: str) -> str:
    """A text in which no address has a password: neither the file's nor a redirect's."""
    return _CREDENTIALS.sub(_MASK, text) if "@" in text else text


def shown(value: str, key: str = "") -> str:
    """A value as a report may show it: short, without secrets and without credentials in an address."""
    if value and secret(key):
        return _MASK
    scheme, colons, rest = value.partition("://")
    authority, slash, path = rest.partition("/")
    if colons and "@" in authority:
        value = f"{scheme}://{_MASK}@{authority.rpartition('@')[2]}{slash}{path}"
    return value if len(value) <= WIDTH else value[: WIDTH - 1] + "…"


def some(names: Iterable[str], most: int = 5) -> str:
    """A few names of a list, and how many there are besides."""
    listed = list(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(shown(name) for name in listed[:most]) + more
