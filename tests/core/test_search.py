"""Searching people against reading all of them: the same, whatever they are called and whatever has become of them."""

from __future__ import annotations

from typing import Literal

from hypothesis import example, given
from hypothesis import strategies as st

from pbxsim.core.entities import Account, User
from pbxsim.core.indexes import MOST_WORDS, name_words, plain
from pbxsim.core.keypad import keyed, spelled
from pbxsim.core.search import people, sought
from pbxsim.core.state import Change, State
from tests.law import law

ACCOUNT = "acme"
PARTS = st.text("aábzß2 '\u0301\U0010ffff", max_size=5)
NAMES = st.tuples(PARTS, PARTS)
# (extension, name or None to delete him): later rows change what earlier ones have made
Steps = list[tuple[int, tuple[str, str] | None]]
STEPS = st.lists(st.tuples(st.integers(20, 45) | st.integers(200, 212), st.none() | NAMES), max_size=40)


def played(steps: Steps) -> State:
    """The state that has come of it."""
    change = Change(State(), 0, 0, "")
    change.put(Account(ACCOUNT, "Acme", "jet", "k"))
    for extension, name in steps:
        here = change.state.get(User, f"u{extension}")
        if name is not None:
            change.put(User(f"u{extension}", ACCOUNT, str(extension), *name, system=extension % 5 == 0))
        elif here is not None:
            change.drop(here)
    return change.state


def order(user: User) -> tuple[int, str]:
    return len(user.extension), user.extension


@law(300)
@given(STEPS, PARTS | st.sampled_from(["2", "20", "21", "a", "ab", "b a"]))
def test_a_search_finds_whom_a_look_at_everybody_finds(steps: Steps, text: str) -> None:
    state, begins = played(steps), sought(text)
    if not begins:
        return
    everybody = list(state.listed(ACCOUNT, User))
    by_extension = [user for user in everybody if user.extension.startswith(begins)]
    words = {user.id: [word for word in name_words(user) if word.startswith(begins)] for user in everybody}
    by_word = [user for user in everybody if words[user.id] and user not in by_extension]
    by_word.sort(key=lambda user: (min(words[user.id]), order(user)))
    found = [(place, user) for place, user in people(state, ACCOUNT, begins) if user is not None]
    assert [user for _, user in found] == by_extension + by_word
    for at, (place, _) in enumerate(found):  # and a page may begin behind each of them
        rest = [user for _, user in people(state, ACCOUNT, begins, place) if user is not None]
        assert rest == [user for _, user in found[at + 1 :]]


@law(300)
@given(STEPS, st.sampled_from(["last", "first"]), st.text("223779", min_size=1, max_size=4))
@example([(20, ("x\U0010ffff", "x\U0010ffff"))], "last", "9")
def test_names_are_spelled_on_a_keypad(steps: Steps, match: Literal["last", "first"], typed: str) -> None:
    state = played(steps)
    name = f"{match}_name"
    expected = [
        user for user in state.listed(ACCOUNT, User) if not user.system and keyed(getattr(user, name)).startswith(typed)
    ]
    assert spelled(state, ACCOUNT, match, typed) == expected


def test_a_very_long_name_is_found_by_its_two_ends() -> None:
    user = User("u20", ACCOUNT, "20", " ".join(f"a{number}" for number in range(30)), "b c")
    words = name_words(user)
    assert len(words) == MOST_WORDS
    assert words[0] == "c"
    assert words[-1].startswith("a0 a1 ")


def test_plain_is_what_people_type() -> None:
    assert [plain(name) for name in ("Zoë", "ÅBERG", "Straße", "José", "O'Brien", "電話")] == [
        "zoe",
        "aberg",
        "strasse",
        "jose",
        "o'brien",
        "電話",
    ]
