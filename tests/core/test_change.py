"""A change at work: what has been read of it stays as it was read, whatever is put afterwards."""

from __future__ import annotations

import pytest

from pbxsim.core.entities import Account, Mailbox, User
from pbxsim.core.refusals import NotFound
from pbxsim.core.state import Change, State

ANN = User("u1", "acme", "1001")


def begun() -> Change:
    change = Change(State(), 0, 0, "")
    change.put(Account("acme", "Acme", "jet", "k"))
    return change


def test_a_state_that_was_read_is_a_value() -> None:
    change = begun()
    change.put(ANN)
    before = change.state
    assert change.state is before
    change.put(Mailbox("m2", "acme", "1001", "Ann", owner=ANN.id))
    assert before.find("mailbox", "acme", "1001") is None
    assert not before.sources(ANN.id)
    assert [box.id for box in change.state.sources(ANN.id)] == ["m2"]
    change.drop(ANN)
    assert before.the(User, ANN.id) is ANN
    assert before.find("extension", "acme", "1001") == ANN.id
    assert change.state.get(User, ANN.id) is None


def test_an_untouched_state_is_the_one_it_began_with() -> None:
    state = begun().state
    assert Change(state, 0, 0, "").state is state


def test_what_names_nothing_is_not_put() -> None:
    change = begun()
    before = change.state
    with pytest.raises(NotFound):
        change.put(Mailbox("m1", "acme", "1001", "Ann", owner="u9"))
    assert change.state is before
    assert not change.touched[1:]


def test_going_back_undoes_every_table() -> None:
    change = begun()
    mark = change.mark()
    change.put(ANN)
    change.back(mark)
    assert change.state is mark[0]
    change.put(User("u2", "acme", "1001"))
    assert change.state.find("extension", "acme", "1001") == "u2"
    assert change.state.get(User, ANN.id) is None
