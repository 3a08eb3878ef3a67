"""Names on a telephone's keypad: 2 is A, B and C, and Smith is 76484.

Which digit has which letters is ITU-T E.161. Accents do not count, and what is no Latin letter has no key.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from typing import Literal

from pbxsim.core.entities import User
from pbxsim.core.indexes import order_item
from pbxsim.core.sorted import Sorted
from pbxsim.core.state import State
from pbxsim.core.words import NO_WORDS

_LETTERS = ("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz")
KEYS = {letter: key for key, letters in zip("23456789", _LETTERS, strict=True) for letter in letters}
KEYS |= {digit: digit for digit in "0123456789"}
END = "\0"  # of a word, in the index


def keyed(name: str) -> str:
    """The keys that a name is typed with."""
    plain = name if name.isascii() else unicodedata.normalize("NFKD", name)
    return "".join([KEYS.get(letter, "") for letter in plain.casefold()])


def spelled(state: State, account: str, match: Literal["last", "first"], typed: str) -> list[User]:
    """The people of an account whose last (or first) name begins with these keys, by extension.

    It follows only the words that there are, so that it costs what it finds."""
    name = "last_name" if match == "last" else "first_name"
    words = state.words.get(account, NO_WORDS).lines
    found = {
        user.id: user
        for begins in _spellings(words, "", typed)
        for user in _beginning(state, words, begins)
        if not user.system and keyed(getattr(user, name)).startswith(typed)
    }
    return sorted(found.values(), key=order_item)


def _beginning(state: State, words: Sorted, begins: str) -> Iterator[User]:
    for place in words.after(begins, inclusive=True):
        if not place.startswith(begins):
            return
        yield state.the(User, place.rpartition("\0")[2])


def _spellings(words: Sorted, begins: str, typed: str) -> Iterator[str]:
    """The beginnings of words that are typed so, letter by letter: those letters that some word goes on with."""
    if not typed:
        yield begins
        return
    place = next(words.after(begins, inclusive=True), None)
    while place is not None and place.startswith(begins):
        letter = place[len(begins)]
        key = keyed(letter) if letter != END else None
        if key is not None and (not key or key == typed[0]):
            yield from _spellings(words, begins + letter, typed[len(key) :])
        if ord(letter) == sys.maxunicode:
            return
        place = next(words.after(begins + chr(ord(letter) + 1), inclusive=True), None)
