"""Whether a key name is known, and which known name was probably meant.

The lists are those of public templates and guides: what is not in them may still be a key of newer firmware, so
"unknown" is told as a note, and only a name that is nearly a known one as a warning.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from device_emulator.lint.grammar import Brand

_INDEX = re.compile(r"(?<=\.)\d+(?=\.|$)")
_AASTRA_INDEX = re.compile(r"(?<=[a-z ])\d+(?= |$)")
_FREE = re.compile(
    r"\.(?:label|display_name|shortlabel|name|text|register_name)$| (?:label|(?:display|screen) name(?: 2)?)$"
)
_SIMILAR = 0.86
"""How much of a name must be alike, by difflib's ratio: one letter in seven may differ (decided)."""


@cache
def names(brand: Brand) -> frozenset[str]:
    """The known names of a brand, with `N` for each index. Imported when first asked for."""
    if brand == "yealink":
        from device_emulator.lint.names_yealink import NAMES
    else:
        from device_emulator.lint.names_aastra import NAMES
    return NAMES


def free_text(key: str) -> bool:
    """Whether the key's value is what somebody typed: a name, a label."""
    return bool(_FREE.search(key))


def generic(brand: Brand, key: str) -> str:
    """The name without its indices, and without what may be left out: `static.account.1.label` is `account.N.label`."""
    if brand == "yealink":
        return _INDEX.sub("N", key.removeprefix("static."))
    return _AASTRA_INDEX.sub("N", key)


def known(brand: Brand, key: str) -> bool:
    """Whether the name is on the list."""
    return generic(brand, key) in names(brand)


@lru_cache(maxsize=1024)
def meant(brand: Brand, key: str) -> str:
    """The known name that this unknown one is nearly, with the indices it has; '' if there is none."""
    from difflib import get_close_matches

    name = generic(brand, key)
    if len(name) > 80:
        return ""
    lower = name.lower()
    near = [one for one in _by_length(brand) if abs(len(one) - len(name)) <= 2 and _alike(one, lower)]
    found = get_close_matches(lower, [one.lower() for one in near], 1, _SIMILAR)
    if not found:
        return ""
    best = next(one for one in near if one.lower() == found[0])
    return _indexed(brand, best, key) if best != name else ""


@cache
def _by_length(brand: Brand) -> tuple[str, ...]:
    return tuple(sorted(names(brand)))


def _alike(one: str, other: str) -> bool:
    """A cheap question before the dear one: do they begin or end alike?"""
    one = one.lower()
    return one[:3] == other[:3] or one[-6:] == other[-6:]


def _indexed(brand: Brand, name: str, key: str) -> str:
    """The name with the indices of the key, in their order; `N` stays where the key has too few."""
    indices = iter((_INDEX if brand == "yealink" else _AASTRA_INDEX).findall(key))
    filled = re.sub(r"N(?=\.|$| )", lambda match: next(indices, "N"), name)
    return f"static.{filled}" if key.startswith("static.") else filled
