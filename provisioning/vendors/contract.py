"""What a vendor's file must give, and what no vendor's text format survives.

A vendor is a module; this protocol is its shape. Everything in it is a pure function of its arguments. The law of every
vendor: for any text whatever, what its firmware reads back from `show` is `clean` of what went in, under the same keys
and no others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, Protocol

from provisioning.models import Model
from provisioning.plan import Line, Pairs, Plan

Kind = Literal["common", "mac", "boot"]
Facts = dict[str, object]


class Vendor(Protocol):
    """`SEPARATOR` stands between key and value; `REPEATED` are the keys that a firmware reads as a list, one entry per
    line, told apart by what stands before ':' in the value. `LABEL` and `DISPLAY_NAME` are line 1's."""

    SEPARATOR: str
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

    def show(self, pairs: Pairs) -> bytes:
        """The file, UTF-8. Keys are keys and values are clean, or the law does not hold."""

    def read(self, body: bytes) -> Pairs:
        """What `show` was given. Knows no other dialect: reading as phones do is the phones' business."""

    def boot(self, model: Model, mac: str) -> bytes:
        """The boot file, which names the others. LookupError where the vendor has none (`files` lists none then)."""

    def facts(self, plan: Plan, model: Model) -> Facts:
        """What the vendor's `common` and `mac` templates may say, clean."""

    def line_facts(self, number: int, line: Line) -> Facts:
        """What its `line` template may say of the SIP account of that number (from 1), clean."""


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
