"""What a vendor's file must give, and what no vendor's text format survives.

A vendor is a module; this protocol is its shape. Everything in it is a pure function of its arguments. The law of every
vendor: for any text whatever, what its firmware reads back from `show` is `clean` of what went in, under the same keys
and no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, Protocol

from provisioning.models import Model
from provisioning.plan import Line, Pairs, Plan

Kind = Literal["common", "mac", "boot"]
File = Literal["common", "mac"]
Shape = tuple[tuple[str, str | int], ...]
"""What decides which lines a template writes, and under which keys: (name, value). Files of the same shape are compiled
once; what differs from device to device otherwise is a fact."""
Facts = dict[str, str]
"""What stands in values: clean text, by the name that a template calls it."""


class Vendor(Protocol):
    """`SEPARATOR` stands between key and value, `HEADER` before everything; `REPEATED` are the keys that a firmware
    reads as a list, one entry per line, told apart by what stands before ':' in the value. `LABEL` and `DISPLAY_NAME`
    are line 1's."""

    SEPARATOR: str
    HEADER: str
    REPEATED: frozenset[str]
    LABEL: str
    DISPLAY_NAME: str

    def key_label(self, model: Model, position: int) -> str:
        """The key of what stands beside the programmable key of that number."""

    def files(self, model: Model, mac: str) -> Mapping[str, Kind]:
        """What a phone of that model and MAC (12 lower-case hex) may fetch, by the exact name it asks for."""

    def own_file(self, mac: str) -> str:
        """The one of `files` that is the device's own (its MAC file)."""

    def uploads(self, mac: str) -> tuple[str, ...]:
        """What it may upload, at most 8 names."""

    def clean(self, value: str) -> str:
        """The same text without what the firmware would misread. Idempotent, never raises."""

    def is_key(self, key: str) -> bool:
        """Whether a text can stand as a key without ending it, its line, or turning it into something else."""

    def pair(self, key: str, value: str) -> str:
        """One line of a file, without its end. A key is one, and the value is clean, or the law does not hold."""

    def show(self, pairs: Pairs) -> bytes:
        """The file, UTF-8 (`render` writes it as the model reads it)."""

    def read(self, body: bytes) -> Pairs:
        """What `show` was given. Knows no other dialect: reading as phones do is the phones' business."""

    def boot(self, model: Model, mac: str) -> bytes:
        """The boot file, which names the others. LookupError where the model has none (`files` lists none then)."""

    def traits(self, model: Model) -> Shape:
        """What every template of the model may ask."""

    def shape(self, plan: Plan, model: Model, file: File) -> Shape:
        """What else the `common` and `mac` templates may ask."""

    def facts(self, plan: Plan, model: Model, file: File) -> Facts:
        """What the `common` and `mac` templates may say."""

    def line_facts(self, line: Line) -> Facts:
        """What the `line` template may say of a SIP account; it may ask its number `n`, from 1."""

    def keys(self, plan: Plan, model: Model) -> Iterable[tuple[Shape, Facts]]:
        """What the `key` template may ask and say of each key that the file speaks of."""


# C0 and C1 controls and the two Unicode separators: some reader or other ends a line at each of these, or a C string at
# the first. Control by control, they become blanks: "Bob\nSmith" is still two words.
_ENDS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# A byte order mark is swallowed by some readers; bidirectional embeddings, overrides and isolates would reorder what
# follows on the screen. The marks and joiners that Arabic, Persian or Indic names need (U+200C to U+200F) stay.
_DROPPED = re.compile("[\ufeff\u202a-\u202e\u2066-\u2069]")
# Lone surrogates have no UTF-8; U+FFFE and U+FFFF may not stand in XML 1.0 (and some configurations travel as XML).
_UNPRINTABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


def plain(value: str) -> str:
    """One line of text that encodes as UTF-8 and as XML, without blanks at either end. Idempotent."""
    if value.isascii() and value.isprintable():
        return value.strip(" ")
    value = _DROPPED.sub("", _ENDS.sub(" ", value))
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value).strip()
