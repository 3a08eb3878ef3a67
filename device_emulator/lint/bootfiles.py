"""Checks of Yealink boot files: wrong uses that were seen in real life, and includes that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from device_emulator.lint.findings import About, Hit, shown
from device_emulator.lint.grammar import BLANKS, HEADER, INCLUDE, MAX_INCLUDES
from device_emulator.lint.source import Given, Source

_OWN = ("overwrite_mode", "static.specific_model.excluded_mode", "specific_model.excluded_mode")
_VARIABLE = re.compile(r"\$\{?(?:mac|MAC|pn|PN)\b\}?|\{mac\}|<mac>|\[mac\]", re.IGNORECASE)
_PRODUCT = re.compile(r"[A-Z]+\d+[A-Z0-9()]*(?:_E2)?(?: Pro)?|[A-Z]+-?[A-Z0-9]+")


class Include:
    """One include line: its number, for which products, and what it names."""

    def __init__(self, number: int, products: tuple[str, ...], name: str) -> None:
        self.number, self.products, self.name = number, products, name


def includes(source: Source) -> list[Include]:
    """The include lines of a boot file, with their filters."""
    found = []
    for number, raw in enumerate(source.lines, 1):
        line = raw.strip(BLANKS)
        products: tuple[str, ...] = ()
        if line.startswith("[") and "]" in line:
            head, _, line = line[1:].partition("]")
            products = tuple(name.strip(BLANKS) for name in head.split(","))
            line = line.strip(BLANKS)
        if line.startswith(INCLUDE):
            found.append(Include(number, products, line[len(INCLUDE) :].strip(BLANKS).strip('"')))
    return found


def _boots(given: Given) -> list[Source]:
    return [source for source in given.sources if source.boot and not source.encrypted]


def parameters(given: Given) -> Iterator[Hit]:
    """Settings in a boot file."""
    for source in _boots(given):
        for number, raw in enumerate(source.lines, 1):
            line = raw.strip(BLANKS)
            key, equals, _ = line.partition("=")
            key = key.strip(BLANKS)
            if not equals or not key or line[0] in "#[" or line.startswith(INCLUDE) or key in _OWN:
                continue
            yield Hit(source.name, number, f"{shown(key)} is a setting: the phone reads none from a boot file", key)


def nothing_included(given: Given) -> Iterator[Hit]:
    """A boot file that is there stands for all the others."""
    for source in _boots(given):
        if source.accepted and not any(one.name for one in includes(source)):
            yield Hit(source.name, 0, "it includes nothing, and the phone then asks for no other file either")


def literal_mac(given: Given) -> Iterator[Hit]:
    """A variable where phones know none."""
    for source in _boots(given):
        for one in includes(source):
            if found := _VARIABLE.search(one.name):
                text = f"the phone asks for {shown(one.name)!r} literally: it does not fill in {found[0]}"
                yield Hit(source.name, one.number, text)


def bad_filter(given: Given) -> Iterator[Hit]:
    """Product names as the filter does not know them."""
    for source in _boots(given):
        for one in includes(source):
            for product in one.products:
                if product.upper().startswith(("SIP-", "SIP ", "YEALINK")):
                    text = f"{shown(product)!r} matches no phone: write the product without SIP-, such as T46S"
                    yield Hit(source.name, one.number, text)
                elif not _PRODUCT.fullmatch(product):
                    text = f"{shown(product)!r} is no product name: write it as the phone does, such as T46S or T21P_E2"
                    yield Hit(source.name, one.number, text)


def filtered_away(given: Given) -> Iterator[Hit]:
    """For the model that was named, nothing is left."""
    if given.model is None or given.model.vendor != "yealink":
        return
    for source in _boots(given):
        found = includes(source)
        if source.accepted and found and all(one.products and given.model.product not in one.products for one in found):
            yield Hit(
                source.name, found[0].number, f"no include is for a {given.model.product}: it gets no file at all"
            )


def twice(given: Given) -> Iterator[Hit]:
    """One file, included twice."""
    for source in _boots(given):
        seen: dict[tuple[tuple[str, ...], str], int] = {}
        for one in includes(source):
            before = seen.setdefault((one.products, one.name), one.number)
            if before != one.number:
                yield Hit(source.name, one.number, f"{shown(one.name)} is included in line {before} already")


def too_many(given: Given) -> Iterator[Hit]:
    """More includes than the emulated phone follows."""
    for source in _boots(given):
        found = includes(source)
        if len(found) > MAX_INCLUDES:
            text = f"{len(found)} includes: this emulator follows the first {MAX_INCLUDES}"
            yield Hit(source.name, found[MAX_INCLUDES].number, text)


def missing(given: Given) -> Iterator[Hit]:
    """Included files that are not among those that were given, where their neighbours are."""
    names = {source.name for source in given.sources}
    for source in _boots(given):
        folder = source.name[: -len(source.base)] if source.base else source.name
        beside = any(name != source.name and name.startswith(folder) for name in names)
        for one in includes(source) if beside and source.accepted else ():
            wanted = one.name if "://" in one.name else folder + one.name.removeprefix("./")
            if one.name and wanted not in names and not _VARIABLE.search(one.name) and "://" not in one.name:
                yield Hit(source.name, one.number, f"{shown(one.name)} is not among the files that were checked")


def old_words(given: Given) -> Iterator[Hit]:
    """Lines that are neither include, setting nor comment."""
    for source in _boots(given):
        for number, raw in enumerate(source.lines, 1):
            line = raw.strip(BLANKS)
            if line.startswith("[") and "]" in line:
                line = line.partition("]")[2].strip(BLANKS)
                if line.startswith(INCLUDE):
                    continue
            if line and line[0] != "#" and "=" not in line and not line.startswith((INCLUDE, HEADER, "\ufeff")):
                yield Hit(source.name, number, f"neither an include nor a comment: {shown(line)!r}")


ROWS = (
    (
        About(
            "parameters-in-boot",
            "error",
            "Settings in a boot file",
            "Put them into a .cfg file and include it.",
            "Yealink SIP-T5 guide; seen in public provisioning templates",
        ),
        parameters,
    ),
    (
        About(
            "boot-includes-nothing",
            "error",
            "A boot file without an include",
            "Include the common and the phone's own file, or let the server answer 404.",
            "FusionPBX pull request 2926: where there is a boot file, other files are not asked for",
        ),
        nothing_included,
    ),
    (
        About(
            "literal-variable",
            "error",
            "A variable in an include",
            "Write the MAC out (a boot file for each phone), or let the server fill it in.",
            "seen in public provisioning templates",
        ),
        literal_mac,
    ),
    (
        About(
            "bad-filter",
            "warning",
            "A model filter that matches nothing",
            "[T46S, T23G]include:config ... with the vendor's names of products.",
            "Yealink SIP-T5 guide; FusionPBX's boot templates",
        ),
        bad_filter,
    ),
    (
        About(
            "filtered-away",
            "error",
            "No include is for this model",
            "Add an include without a filter, or one for this model.",
            "Yealink SIP-T5 guide",
        ),
        filtered_away,
    ),
    (About("included-twice", "note", "A file is included twice", "", "decided"), twice),
    (
        About(
            "too-many-includes",
            "warning",
            "More includes than are followed",
            "Put the settings into fewer files.",
            "decided: a bound of this emulator; the vendor states none",
        ),
        too_many,
    ),
    (
        About(
            "include-missing",
            "warning",
            "An included file is not there",
            "Names are relative to the boot file's address, and case counts.",
            "Yealink SIP-T5 guide",
        ),
        missing,
    ),
    (
        About(
            "unreadable-boot-line",
            "warning",
            "A line of a boot file that means nothing",
            "Boot files hold include:config lines, overwrite_mode, excluded_mode and comments.",
            "Yealink SIP-T5 guide",
        ),
        old_words,
    ),
)
