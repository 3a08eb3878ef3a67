"""Searching people: whose extension, or a word of whose name, begins so. A page costs a page, however many there are.

Names are looked for as the index of words has them (`indexes.name_words`): in lower case, without accents.
"""

from __future__ import annotations

from collections.abc import Iterator

from pbxsim.core.entities import User
from pbxsim.core.indexes import name_words, plain
from pbxsim.core.state import EMPTY, State
from pbxsim.core.words import NO_WORDS

LONGEST = 9  # digits of an extension, at most: their number is one in `order_item`


def sought(text: str) -> str:
    """What a text looks for, as the index has it; '' looks for nothing."""
    return " ".join(plain(text).split())


def people(state: State, account: str, begins: str, after: str = "") -> Iterator[tuple[str, User | None]]:
    """(place, user) behind a place: everybody whose extension begins so, in order of extensions; then everybody with a
    word in his name from which on it does, by what it is. None in the place of somebody who has come before."""
    in_words = after.count("\0") == 2  # "word, NUL, extension, NUL, id"
    if begins.isdigit() and not in_words:
        listed = state.order.get((account, "user"), EMPTY)
        for length in range(len(begins), LONGEST + 1):
            first = f"{length}{begins}"
            for place in listed.after(max(after, first)):
                if not place.startswith(first):
                    break
                yield place, state.the(User, place.rpartition("\0")[2])
    words = state.words.get(account, NO_WORDS).lines
    for place in words.after(max(after, begins) if in_words else begins):
        if not place.startswith(begins):
            break
        user = state.the(User, place.rpartition("\0")[2])
        best = min(name for name in name_words(user) if name.startswith(begins))
        known = user.extension.startswith(begins) or place.partition("\0")[0] != best
        yield place, None if known else user
