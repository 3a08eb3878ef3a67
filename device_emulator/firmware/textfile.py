"""Line-oriented configuration files: bytes to text without loss, text to pairs without exceptions.

Only a line feed ends a line (firmware reads in C); a carriage return before it belongs to the line ending. A vendor's
file decides what a line means; here is what every such file has: the text as it came, the pairs in it, and the faults.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import md5
from operator import itemgetter

import msgspec
from msgspec import Struct

BLANKS = " \t\r"
"""What counts as blank around keys and values. Unicode's many other spaces are text: firmware trims ASCII."""

_SURROGATE = re.compile("[\ud800-\udfff]")

Pair = tuple[str, str, int]
"""(key, value, line number from 1)."""

MAX_FAULTS = 50
"""Faults kept per file: a megabyte of junk must not become a million complaints."""


class Fault(Struct, frozen=True, gc=False):
    """Something in a file that the phone ignored: which line (from 1; 0 for the whole file), and why."""

    line: int
    text: str


class ConfigFile(Struct, frozen=True):
    """A file as a phone reads it. `str()` gives back exactly the text it was parsed from.

    `pairs` are (key, value, line number) in the order of the file, duplicates included. `accepted` is False when the
    firmware ignores the file as a whole; the pairs are then what it would have read. `marks` are (line number, prefix)
    of the keys that carried one (Aastra's `^` and `!`).
    """

    text: str
    pairs: tuple[Pair, ...] = ()
    faults: tuple[Fault, ...] = ()
    marks: tuple[tuple[int, str], ...] = ()
    accepted: bool = True

    def __str__(self) -> str:
        return self.text

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines with their endings; joined they are the text."""
        parts = self.text.split("\n")
        return tuple(part + "\n" for part in parts[:-1]) + ((parts[-1],) if parts[-1] else ())


class Names(dict[str, str]):
    """What stands before a separator, and the name that a phone reads there; '' for none. Files of one make have few
    names, and a look-up costs less than reading one again; a hostile file's are forgotten once they are many."""

    def __init__(self, read: Callable[[str], str]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> str:
        if len(self) >= 8192:
            self.clear()
        self[text] = name = self._read(text)
        return name


def decode(body: bytes) -> str:
    """The text of any bytes. What is not UTF-8 becomes lone surrogates, so that `encode` gives the same bytes."""
    return body.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes of a text that `decode` made."""
    return text.encode("utf-8", "surrogateescape")


def printable(text: str, pairs: list[Pair]) -> tuple[Pair, ...]:
    """The pairs of a text as a phone can store, show and send them: what was not UTF-8 becomes U+FFFD."""
    if text.isascii() or not _SURROGATE.search(text):
        return tuple(pairs)
    return tuple([(clean(key), clean(value), line) for key, value, line in pairs])


def clean(text: str) -> str:
    """The text without lone surrogates, which no wire can carry."""
    return _SURROGATE.sub("\ufffd", text)


def seconds(value: str, default: int) -> int:
    """A number of seconds from 1 to 2147483647, or the default."""
    digits = value.isascii() and value.isdigit() and len(value) < 11
    return int(value) if digits and 0 < int(value) < 2**31 else default


@lru_cache(maxsize=64)
def digest(body: bytes) -> str:
    """MD5 of a file in hex, as phones keep it to recognise a file they have already read."""
    return md5(body, usedforsecurity=False).hexdigest()


class _Columns:
    """Keys that phones of one model and template have, and the values of the phone that had them last."""

    __slots__ = ("keys", "values")

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys, self.values = keys, keys

    def shared(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """The same values; those that the last phone had as well are the very same strings."""
        if values is not self.values:
            self.values = tuple([old if old == new else new for old, new in zip(self.values, values, strict=True)])
        return self.values


_columns = lru_cache(maxsize=1024)(_Columns)


@lru_cache(maxsize=1024)
def picker(keys: tuple[str, ...], names: tuple[str, ...]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """What takes the values of these names out of a column of values; one that is not there is the value beyond the
    column's end."""
    places = {key: place for place, key in enumerate(keys)}
    wanted = [places.get(name, len(keys)) for name in names]
    if len(wanted) > 1:
        return itemgetter(*wanted)
    return lambda values: tuple([values[place] for place in wanted])


class Settings(Struct, frozen=True, gc=False, cache_hash=True):
    """Configuration in force, as (key, value) columns.

    Phones of one model and template have the same keys, so the column of keys is one tuple that all of them share, and
    most values are the same strings; a dictionary per phone would cost several kilobytes more. `dict()` gives the
    mapping for a step's work, `some` a few values.
    """

    keys: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.keys and len(self.keys) == len(self.values):
            columns = _columns(self.keys)
            msgspec.structs.force_setattr(self, "keys", columns.keys)
            msgspec.structs.force_setattr(self, "values", columns.shared(self.values))

    @classmethod
    def of(cls, mapping: Mapping[str, str]) -> Settings:
        """The settings that a mapping says."""
        return cls(tuple(mapping), tuple(mapping.values())) if mapping else NOTHING

    def dict(self) -> dict[str, str]:
        """The settings as a new dictionary."""
        return dict(zip(self.keys, self.values, strict=True))

    def some(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The values of these keys; '' for what is not set."""
        return picker(self.keys, names)((*self.values, ""))

    def get(self, key: str, default: str = "") -> str:
        """One value; for more than a few, take `dict()` once."""
        try:
            return self.values[self.keys.index(key)]
        except ValueError:
            return default


NOTHING = Settings()
