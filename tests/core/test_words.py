"""The words of names wait for whoever reads: whatever is read, and when, every version says what it said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pbxsim.core.entities import User
from pbxsim.core.indexes import word_lines
from pbxsim.core.words import MOST, NO_WORDS, Words
from tests.law import law

NAMES = st.none() | st.tuples(st.sampled_from(["", "Ann", "Bo Li", "Zoë"]), st.sampled_from(["", "Lee", "Ann Lee"]))


def lines(users: dict[str, User]) -> list[str]:
    return sorted(line for user in users.values() for line in word_lines(user))


@law(100)
@given(st.lists(st.tuples(st.integers(20, 29), NAMES, st.booleans()), max_size=3 * MOST))
def test_read_early_or_late_it_says_the_same(steps: list[tuple[int, tuple[str, str] | None, bool]]) -> None:
    words, users, versions = NO_WORDS, {}, []
    for number, name, read in steps:
        before = users.get(f"u{number}")
        after = None if name is None else User(f"u{number}", "acme", str(number), *name)
        if before is None and after is None:
            continue
        versions.append((words, dict(users)))
        words = words.renamed(before, after)
        users = {id_: user for id_, user in {**users, f"u{number}": after}.items() if user is not None}
        if read:
            assert list(words) == lines(users)
    assert words == Words.of(lines(users))
    for version, then in versions[::-7]:  # forks that share what waited, read in any order
        assert list(version) == lines(then)
