"""What is known of the firmwares: one row a fact, with its evidence and the very value that the code goes by.

Firmware never holds a number or a choice of its own where a row says it: it asks the row, for the phone's model and
release. So what is printed is what happens, and a row that is turned round breaks the test that proves it. What nobody
has published is `unverified`: such a row is a knob, and one phone may be given another value.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from device_emulator.models import Model

Evidence = Literal["source code", "vendor guide", "issue", "public page", "inferred", "decided", "unverified"]
"""Read in public source code, in the vendor's guide, in an issue or pull request, on another public page; concluded
from such; a choice of this project's where several would do; or general knowledge that nobody has published."""

KNOBS: frozenset[Evidence] = frozenset(("decided", "unverified"))
"""What a phone may be given another value of."""

Release = tuple[int, ...]
T = TypeVar("T", bool, int, str, tuple[str, ...])


class UnknownKnob(ValueError):
    """No knob of that name, or no value for it; the message says which there are."""


class BadVersion(ValueError):
    """Not the version of a firmware; the message shows one."""


class Fact(Struct, Generic[T], frozen=True, eq=False):
    """One fact of firmware behaviour.

    `value` is what holds for releases from `since` on and before `before` (() for no bound), `otherwise` what holds for
    the others, and `other` what the value might have been: with it in the value's place the fact's test must fail.
    Releases are (81,) for a Yealink's V81 and (3, 3) for an Aastra's 3.3. `source` names where it was read.
    """

    id: str
    vendor: str
    text: str
    evidence: Evidence
    source: str
    value: T
    other: T
    since: Release = ()
    before: Release = ()
    otherwise: T | None = None

    def of(self, model: Model) -> T:
        """What holds for this phone: its knob, or what its release does."""
        for id_, value in model.knobs:
            if id_ == self.id:
                return value  # type: ignore[return-value]  # `tuned` has seen to its type
        if not (self.since or self.before) or self.covers(release(model)):
            return self.value
        return self.value if self.otherwise is None else self.otherwise

    def covers(self, release: Release) -> bool:
        """Does the fact speak of that release?"""
        return self.since <= release and (not self.before or release < self.before)

    @property
    def knob(self) -> bool:
        """May a phone be given another value?"""
        return self.evidence in KNOBS

    @property
    def releases(self) -> str:
        """Of which releases it speaks, in words; '' for all."""
        prefix = "V" if self.vendor == "yealink" else ""
        since, before = (prefix + ".".join(map(str, bound)) for bound in (self.since, self.before))
        if self.since and self.before:
            return f"from {since} until before {before}"
        if self.since:
            return f"{since} and later"
        return f"before {before}" if self.before else ""


def release(model: Model) -> Release:
    """The release that a model's firmware version belongs to: 66.86.0.15 is a Yealink's V86, 3.3.1.4322 an Aastra's
    3.3."""
    return _release(model.vendor, model.version)


@lru_cache(maxsize=1024)
def _release(vendor: str, version: str) -> Release:
    parts = [int(part) for part in version.split(".") if part.isdecimal()]
    return tuple(parts[1:2] if vendor == "yealink" else parts[:2])


def tuned(model: Model, knobs: Mapping[str, Any], facts: Mapping[str, Fact[Any]]) -> Model:
    """The model with other values of knobs, by their ids. Texts are read as what the knob is: `true`, `5000`. Raises
    `UnknownKnob` for a fact that is none, and for a value of another type."""
    if not knobs:
        return model  # the very same, as all its phones are
    values = dict(model.knobs)
    for id_, value in knobs.items():
        fact = facts.get(id_)
        if fact is None or not fact.knob or fact.vendor != model.vendor:
            known = ", ".join(sorted(one.id for one in facts.values() if one.knob and one.vendor == model.vendor))
            raise UnknownKnob(f"{id_!r} is no knob of a {model.name}. Its knobs are: {known}.")
        values[id_] = _read(fact, value)
    return replace(model, knobs=tuple(sorted(values.items())))


def running(model: Model, version: str) -> Model:
    """The model with another firmware on it: four numbers with dots between them. Raises `BadVersion`."""
    parts = version.split(".")
    if len(parts) != 4 or not all(part.isascii() and part.isdecimal() and len(part) < 6 for part in parts):
        raise BadVersion(f"must be a firmware's version such as {model.version}")
    return replace(model, version=version)


def _read(fact: Fact[Any], value: Any) -> Any:
    """A value for a knob, of its type."""
    kind = type(fact.value)
    if isinstance(value, str) and kind is not str:
        text = value.strip().lower()
        if kind is bool and text in ("true", "false"):
            return text == "true"
        if kind is int and text.isascii() and text.isdecimal() and len(text) < 16:
            return int(text)
        if kind is tuple:
            return tuple(part.strip() for part in value.split(",") if part.strip())
    elif type(value) is kind and not (kind is int and value < 0):
        return value
    words = {bool: "true or false", int: "a whole number from 0", tuple: "words with commas between", str: "a text"}
    raise UnknownKnob(f"{fact.id} takes {words[kind]}, not {value!r}.")


def said(value: bool | int | str | tuple[str, ...]) -> str:
    """A value as a person reads it, and as `--knob` takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(value) or "(none)"
    return str(value) if value != "" else "(empty)"
