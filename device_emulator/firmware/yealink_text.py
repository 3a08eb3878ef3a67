"""What a Yealink reads in a configuration file: bytes to pairs, without loss and without exceptions.

`key = value`, a line each, behind a version line without which nothing counts. How it is read is asked of the facts
once for a model, and kept as a `Syntax`.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from device_emulator.facts import Fact
from device_emulator.firmware import yealink_file_facts as known
from device_emulator.firmware.textfile import BLANKS as ALL_BLANKS
from device_emulator.firmware.textfile import MAX_FAULTS, ConfigFile, Fault, Names, Pair, decode, printable
from device_emulator.firmware.yealink_facts import T
from device_emulator.firmware.yealink_local_facts import RSA
from device_emulator.models import Model

_BOM = "\ufeff"


class Syntax(Struct, frozen=True, gc=False, cache_hash=True):
    """How one model reads a file."""

    header: str
    header_needed: bool
    bom_hides: bool
    comment: str
    blanks: str
    case: bool


@lru_cache(maxsize=256)
def syntax(model: Model | None = None) -> Syntax:
    """As the facts say of this model; without one, as they say of the present firmware."""
    blanks = (ALL_BLANKS if _is(known.BLANKS, model) else "\r") if _is(known.CRLF, model) else " \t"
    return Syntax(
        _is(known.HEADER, model),
        _is(known.HEADER_NEEDED, model),
        _is(known.BOM, model),
        _is(known.COMMENT, model),
        blanks,
        _is(known.CASE, model),
    )


def _is(fact: Fact[T], model: Model | None) -> T:
    return fact.value if model is None else fact.of(model)


def parse(text: str, how: Syntax | None = None) -> ConfigFile:
    """`key = value` lines, read as the firmware does; never fails. `str(parse(text)) == text`.

    The first line must be the version header, at its very beginning, or the whole file is ignored. Values may hold
    `#`, `=` and `;`.
    """
    how = how or syntax()
    blanks, comment = how.blanks, how.comment
    pairs: list[Pair] = []
    faults: list[Fault] = []
    accepted = _accepted(text, how)
    if not accepted:
        faults.append(Fault(1, _no_header(text, how)))
    names, add = _names(how), pairs.append
    for number, raw in enumerate(text.split("\n"), 1):
        key, equals, value = raw.partition("=")
        if equals and (key := names[key]):  # nearly every line there is
            add((key, value.strip(blanks), number))
            continue
        line = raw.strip(blanks)
        if line and line[0] != comment and (number > 1 or accepted) and len(faults) < MAX_FAULTS:
            faults.append(Fault(number, "no '=' in this line" if not equals else "no key before '='"))
    if not how.case:
        pairs = [(key.lower(), value, number) for key, value, number in pairs]
    return ConfigFile(text, printable(text, pairs), tuple(faults), (), accepted)


@lru_cache(maxsize=64)
def _names(how: Syntax) -> Names:
    """The keys before a '='; '' where there is none, and in a comment."""

    def name(text: str) -> str:
        key = text.strip(how.blanks)
        return "" if key[:1] == how.comment else key

    return Names(name)


def _accepted(text: str, how: Syntax) -> bool:
    if text.startswith(how.header) or not how.header_needed:
        return True
    return not how.bom_hides and text.startswith(_BOM + how.header)


def _no_header(text: str, how: Syntax) -> str:
    if text.startswith(_BOM):
        return f"a byte order mark hides the {how.header} line: file ignored"
    if text.startswith(RSA.value):
        return f"{RSA.value} encrypted with RSA to the vendor's key, which is not here: file ignored"
    return f"the first line is not {how.header}1.0.0.1: file ignored"


@lru_cache(maxsize=64)
def read(body: bytes, how: Syntax | None = None) -> ConfigFile:
    """The file that these bytes are; never fails."""
    return parse(decode(body), how)
