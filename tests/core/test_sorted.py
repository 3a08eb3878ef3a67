"""The persistent sorted set against a plain sorted list: the same after any run of adds, removes and splits."""

from __future__ import annotations

import bisect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxsim.core.sorted import WIDTH, Sorted
from tests.law import law

ITEMS = st.tuples(st.integers(0, 400), st.sampled_from("ab"))


@law(200)
@given(st.lists(st.tuples(st.sampled_from("+-|"), ITEMS), max_size=300))
def test_reads_as_a_sorted_list_of_what_was_added(steps: list[tuple[str, tuple[int, str]]]) -> None:
    tree, plain, versions = Sorted(), [], []
    for what, item in steps:
        versions.append((tree, list(plain)))
        if what == "+" and item not in plain:
            tree = tree.add(item)
            bisect.insort(plain, item)
        elif what == "-" and item in plain:
            tree = tree.remove(item)
            plain.remove(item)
        elif what == "|" and item[0] < 40:
            taken, tree = tree.split(item)
            assert taken == [other for other in plain if other < item]
            plain = [other for other in plain if other >= item]
        assert len(tree) == len(plain)
        assert (tree.first() or None) == (plain[0] if plain else None)
    assert list(tree) == plain
    for version, contents in versions[-20:]:  # what was is still there: versions share and never change one another
        assert list(version) == contents


@pytest.mark.parametrize("order", ["rising", "falling", "shuffled"])
def test_holds_many_and_pages_through_them(order: str) -> None:
    numbers = list(range(20 * WIDTH))
    if order == "falling":
        numbers.reverse()
    elif order == "shuffled":
        numbers.sort(key=lambda n: n * 7919 % 10007)
    tree = Sorted()
    for number in numbers:
        tree = tree.add((number, "x"))
    assert list(tree) == [(n, "x") for n in range(20 * WIDTH)]
    assert next(tree.after((100, "x"))) == (101, "x")
    assert next(tree.after((100, "x"), inclusive=True)) == (100, "x")
    assert next(tree.after((100, "a"))) == (100, "x")
    assert next(tree.after((20 * WIDTH, "")), None) is None
    for number in numbers:
        tree = tree.remove((number, "x"))
    assert not tree
    assert tree.first() is None


def test_removing_what_is_not_there_raises() -> None:
    tree = Sorted().add((1, "a"))
    with pytest.raises(KeyError):
        tree.remove((2, "b"))
    with pytest.raises(KeyError):
        tree.remove((1, "a")).remove((1, "a"))


@law(100)
@given(st.sets(ITEMS, max_size=400), ITEMS)
def test_made_at_once_or_one_by_one_it_is_the_same(items: set[tuple[int, str]], item: tuple[int, str]) -> None:
    at_once, one_by_one = Sorted.of(items), Sorted()
    for each in items:
        one_by_one = one_by_one.add(each)
    assert at_once == one_by_one
    assert list(at_once) == sorted(items)
    for tree in (at_once, one_by_one):
        assert (item in tree) == (item in items)
        assert list(tree.after(item)) == [other for other in sorted(items) if other > item]
        assert list(tree.after(item, inclusive=True)) == [other for other in sorted(items) if other >= item]
