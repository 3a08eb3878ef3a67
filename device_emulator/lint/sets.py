"""Checks of files together: what one says and another says otherwise, what is gone since the last time, what a template
never had, and accounts that the whole of them leaves unfinished."""

from __future__ import annotations

import re
from collections.abc import Iterator

from device_emulator.lint.findings import About, Hit, shown
from device_emulator.lint.grammar import EMPTY, LIST_KEYS, NULL
from device_emulator.lint.source import ORDER, Given, Source

_HOLE = re.compile(r"\{\{.*?\}\}|\{\$.*?\}|\$\{.*?\}|<\?.*?\?>|<%.*?%>|__[A-Z][A-Z0-9_]*__|%%\w+%%|\{[a-z_.]+\}")


def contradiction(given: Given) -> Iterator[Hit]:
    """The same key in two files that phones read at the same level: which one counts is not to be seen in either."""
    return (hit for hit, layered in _differences(given) if not layered)


def overridden(given: Given) -> Iterator[Hit]:
    """A phone's own file changes what is common to all: that is what it is for, and worth knowing."""
    return (hit for hit, layered in _differences(given) if layered)


def _differences(given: Given) -> Iterator[tuple[Hit, bool]]:
    told: set[tuple[str, int]] = set()
    for files in given.sets:
        before: dict[str, tuple[str, int, Source]] = {}
        for source in files:
            for key, (value, number) in source.values.items():
                name = key.removeprefix("static.") if source.brand == "yealink" else key
                if name.endswith(LIST_KEYS) or (not value and source.brand == "yealink"):
                    continue
                old = before.get(name)
                before[name] = (value, number, source)
                if old is None or old[0] == value or (source.name, number) in told:
                    continue
                told.add((source.name, number))  # once a line, however many common files there are
                text = (
                    f"{shown(key)} is {shown(value, key)!r} here and {shown(old[0], key)!r} in "
                    f"{old[2].base}:{old[1]}; the phone reads this file later, so it counts"
                )
                yield Hit(source.name, number, text, key), ORDER[source.part] > ORDER[old[2].part]


def dropped(given: Given) -> Iterator[Hit]:
    """A key that the last version had and this one has not."""
    now = {(_name(source, key)) for source in given.configs for key in source.values if source.part != "phone"}
    by_base = {source.base: source for source in given.configs}
    for old in given.previous:
        new = by_base.get(old.base)
        if new is None or old.boot or old.encrypted:
            continue
        here = {_name(new, key) for key in new.values}
        for key, (value, _) in old.values.items():
            if not value or value == NULL or _name(new, key) in here or _name(new, key) in now:
                continue
            yield Hit(new.name, 0, gone(new.brand, key, value), key)


def gone(brand: str, key: str, value: str) -> str:
    """What becomes of a key that is no longer in any file."""
    if brand == "yealink":
        return f"{shown(key)} is gone: phones that read it keep {shown(value, key)!r} (unless overwrite_mode is 1)"
    return f"{shown(key)} is gone: phones are at their default for it after the next boot"


def _name(source: Source, key: str) -> str:
    return key.removeprefix("static.") if source.brand == "yealink" else key


def not_in_template(given: Given) -> Iterator[Hit]:
    """A key that the template, or a rendering for a harmless name, does not have: it came with a value."""
    template = given.template
    if template is None:
        return
    plain, patterns = set(), []
    for key in template.values:
        parts = _HOLE.split(key)
        if len(parts) > 1 or "{" in key:
            patterns.append(re.compile(r"[^=:]*".join(map(re.escape, parts))))
        else:
            plain.add(key)
    for source in given.configs:
        if source.name == template.name or source.brand != template.brand:
            continue
        for key, _, number in source.pairs:
            if key not in plain and not any(pattern.fullmatch(key) for pattern in patterns):
                text = f"{shown(key)} is not in {template.base}: possibly a value brought it, with a line break"
                yield Hit(source.name, number, text, key)


def unfinished(given: Given) -> Iterator[Hit]:
    """Accounts that a phone does not use, although its files speak of them."""
    for files in given.sets:
        if not any(source.part == "phone" for source in files):
            continue
        values: dict[str, tuple[str, int, Source]] = {}
        for source in files:
            for key, (value, number) in source.values.items():
                if value:
                    values[key] = ("" if value in (NULL, EMPTY) else value, number, source)
        yield from (_yealink if files[0].brand == "yealink" else _aastra)(values)


Values = dict[str, tuple[str, int, Source]]


def _yealink(values: Values) -> Iterator[Hit]:
    for number in range(1, 17):
        start = f"account.{number}."
        user, enable = values.get(f"{start}user_name"), values.get(f"{start}enable")
        place = user or enable
        if place is None or not place[0]:
            continue
        _, line, source = place
        on = enable is not None and enable[0] == "1"
        if user and not on:
            value = "no value" if enable is None else shown(enable[0])
            if enable is None or enable[0] != "0":
                text = (
                    f"account {number} has a user name but {start}enable is {value}, not 1: the phone does not use it"
                )
                yield Hit(source.name, line, text, f"{start}enable")
        elif on and not (user and user[0]):
            yield Hit(
                source.name, line, f"account {number} is enabled but has no {start}user_name", f"{start}user_name"
            )
        elif on and not _any(values, f"{start}sip_server.1.address", f"{start}sip_server_host"):
            text = f"account {number} has no {start}sip_server.1.address: the phone registers it nowhere"
            yield Hit(source.name, line, text, f"{start}sip_server.1.address")


def _aastra(values: Values) -> Iterator[Hit]:
    for number in range(1, 10):
        user = values.get(f"sip line{number} user name")
        if user and user[0] and not _any(values, f"sip line{number} registrar ip", "sip registrar ip"):
            text = f"line {number} has a user name but no registrar ip: the phone registers it nowhere"
            yield Hit(user[2].name, user[1], text, f"sip line{number} registrar ip")


def _any(values: Values, *keys: str) -> bool:
    return any(key in values and values[key][0] for key in keys)


ROWS = (
    (
        About(
            "contradiction",
            "warning",
            "Two files say different things",
            "Say it in one of them.",
            "Yealink support, Aastra administrator guides: the file that is read later wins",
        ),
        contradiction,
    ),
    (
        About(
            "overridden",
            "note",
            "A phone's own file overrides a common one",
            "",
            "Yealink support, Aastra administrator guides: the file that is read later wins",
        ),
        overridden,
    ),
    (
        About(
            "dropped-key",
            "warning",
            "A key is gone since the last time",
            "To undo a setting on a Yealink send it with %NULL%, or use a boot file with overwrite_mode = 1.",
            "Yealink guides on overwrite_mode; Aastra guides: the files are read anew at each boot",
        ),
        dropped,
    ),
    (
        About(
            "not-in-template",
            "error",
            "A key that the template does not have",
            "Take line breaks out of names before they are rendered.",
            "CVE-2024-41710: settings smuggled into a phone's configuration",
        ),
        not_in_template,
    ),
    (
        About(
            "unfinished-account",
            "warning",
            "An account that the phone cannot use",
            "Give it enable = 1, a user name and a server.",
            "wazo-provd's and FusionPBX's templates set all of them",
        ),
        unfinished,
    ),
)
