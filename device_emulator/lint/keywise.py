"""Checks of keys within one file: twice, misspelt, unknown, more than the model has, and what a change costs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from device_emulator.lint.findings import About, Hit, shown, some
from device_emulator.lint.grammar import LIST_KEYS, restarts
from device_emulator.lint.source import Given, Source
from device_emulator.lint.vocabulary import generic, known, meant

_ACCOUNT = re.compile(r"account\.(\d+)\.|sip line(\d+) ")
_KEY = re.compile(r"(linekey)\.(\d+)\.|(prgkey|topsoftkey|softkey)(\d+) ")
_SET = re.compile(r"\.(?:type|value|label|enable|user_name)$| (?:type|value|label|user name)$")


def duplicate(given: Given) -> Iterator[Hit]:
    """The same key twice: the last one counts."""
    for source in given.configs:
        first: dict[str, tuple[str, int]] = {}
        for key, value, number in source.pairs:
            name = key.removeprefix("static.") if source.brand == "yealink" else key
            if name.endswith(LIST_KEYS):
                continue
            before = first.get(name)
            first[name] = (value, number)
            if before is None:
                continue
            if before[0] == value:
                yield Hit(source.name, number, f"{shown(key)} stands in line {before[1]} already", key, "note")
                continue
            if not value and source.brand == "yealink":
                kept = f"it keeps the value of line {before[1]}, for here it has none"
            else:
                kept = f"this line's {shown(value, key)!r} counts, not {shown(before[0], key)!r}"
            yield Hit(source.name, number, f"{shown(key)} stands in line {before[1]} with another value: {kept}", key)


def misspelt(given: Given) -> Iterator[Hit]:
    """Names that are nearly known ones."""
    for source, key, number in _unknown(given):
        if right := meant(source.brand, key):
            yield Hit(source.name, number, f"{shown(key)} is not known; is {right} meant?", key)


def unknown(given: Given) -> Iterator[Hit]:
    """Names that are on no list, and are like none that is."""
    for source, key, number in _unknown(given):
        if not meant(source.brand, key):
            yield Hit(source.name, number, f"{shown(key)} is none of the keys that pbxsim knows of this brand", key)


def _unknown(given: Given) -> Iterator[tuple[Source, str, int]]:
    for source in given.configs:
        names: set[str] = set()
        for key, _, number in source.pairs:
            if source.accepted and not known(source.brand, key):
                name = generic(source.brand, key)
                if name not in names and len(names) < 200:  # to find what was meant is dear
                    names.add(name)
                    yield source, key, number


def beyond_lines(given: Given) -> Iterator[Hit]:
    """Accounts that the model does not have."""
    if given.model is not None:
        for source in _of_model(given):
            told = set()
            for key, value, number in source.pairs:
                found = _ACCOUNT.match(key)
                line = _number(found[1] or found[2]) if found else 0
                if line > given.model.lines and line not in told and _SET.search(key) and value not in ("", "0"):
                    told.add(line)
                    have = f"a {given.model.product} has {given.model.lines}"
                    yield Hit(source.name, number, f"{shown(key)}: there is no line {line}, {have}", key)


def beyond_keys(given: Given) -> Iterator[Hit]:
    """Programmable keys that the model does not have."""
    if given.model is not None:
        count = dict(given.model.keys)
        for source in _of_model(given):
            told = set()
            for key, value, number in source.pairs:
                found = _KEY.match(key)
                if not found or value in ("", "0", "none", "empty"):
                    continue
                prefix, which = (found[1], found[2]) if found[1] else (found[3], found[4])
                have = count.get(prefix, 0)
                if _number(which) > have and (prefix, which) not in told:
                    told.add((prefix, which))
                    name = given.model.product
                    what = f"a {name} has {have} of them" if have else f"a {name} has no such keys"
                    yield Hit(source.name, number, f"{shown(key)}: {what}", key)


def _of_model(given: Given) -> list[Source]:
    return [one for one in given.configs if given.model and one.brand == given.model.vendor and one.accepted]


def _number(digits: str) -> int:
    return int(digits) if len(digits) < 9 else 10**9


def reboots(given: Given) -> Iterator[Hit]:
    """Keys whose change makes the phone restart. One finding a file."""
    for source in given.configs:
        if source.accepted:
            keys = {key: number for key, value, number in source.pairs if value and restarts(source.brand, key)}
            if keys:
                which = f"{len(keys)} keys restart" if len(keys) > 1 else "a key restarts"
                text = f"{which} the phone when the value changes: {some(keys)}"
                yield Hit(source.name, next(iter(keys.values())), text, next(iter(keys)))


ROWS = (
    (
        About(
            "duplicate-key",
            "warning",
            "A key stands twice in a file",
            "Keep one of them; security.user_password alone may be repeated, once for each login.",
            "130 of 234 Yealink files of FusionPBX have some: the last one counts",
        ),
        duplicate,
    ),
    (
        About(
            "misspelt-key",
            "warning",
            "A name that is nearly a known one",
            "Phones ignore keys that they do not know, and say nothing.",
            "names in public templates and the vendors' guides",
        ),
        misspelt,
    ),
    (
        About(
            "unknown-key",
            "note",
            "A name that is on no list",
            "It may be a key of newer firmware; if not, the phone ignores it.",
            "names in public templates and the vendors' guides; not every firmware's",
        ),
        unknown,
    ),
    (
        About(
            "beyond-lines",
            "warning",
            "An account that the model does not have",
            "Leave it out for this model, or check --model.",
            "wazo-provd's model tables",
        ),
        beyond_lines,
    ),
    (
        About(
            "beyond-keys",
            "warning",
            "A programmable key that the model does not have",
            "Leave it out for this model, or check --model.",
            "wazo-provd's model tables",
        ),
        beyond_keys,
    ),
    (
        About(
            "reboot-key",
            "note",
            "Keys that restart the phone when they change",
            "Keep their values the same from fetch to fetch.",
            "Yealink's template comments: Require reboot",
        ),
        reboots,
    ),
)
