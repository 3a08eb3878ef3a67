"""How log-ins are slowed, by a clock of our own."""

from __future__ import annotations

import pytest

from pbxsim.server import throttle
from pbxsim.server.throttle import LIMITS, Throttle, network_of

MOST, PAUSE = LIMITS["login"]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Throttle:
    return Throttle(clock)


def source(number: int) -> str:
    return f"198.51.100.{number}"


def tried(door: Throttle, times: int, login: str = "ann", first: int = 0) -> list[int]:
    """How long each attempt is told to wait, 0 for one that may go on; from as many sources."""
    waits = [door.attempt(source((first + number) % 250), login) for number in range(times)]
    return [0 if wait is None else wait.seconds for wait in waits]


def test_a_few_at_once_and_then_one_from_time_to_time(door: Throttle, clock: Clock) -> None:
    assert tried(door, MOST + 2) == [0] * MOST + [PAUSE, PAUSE]
    clock.now += PAUSE - 1
    assert tried(door, 1) == [1]
    clock.now += 1
    assert tried(door, 2) == [0, PAUSE]
    clock.now += PAUSE * MOST
    assert tried(door, MOST + 1) == [0] * MOST + [PAUSE]


def test_what_is_refused_makes_nobody_wait_longer(door: Throttle, clock: Clock) -> None:
    tried(door, MOST)
    assert set(tried(door, 100)) == {PAUSE}
    clock.now += PAUSE
    assert tried(door, 1) == [0]


def test_one_that_is_right_is_given_back(door: Throttle) -> None:
    for number in range(1000):
        assert door.attempt(source(1), "ann") is None, number
        door.succeeded(source(1), "ann")


def test_many_at_a_time_are_as_many(door: Throttle) -> None:
    """Counted when they begin: before it is known whether the first was wrong."""
    assert [door.attempt(source(1), "ann") is None for _ in range(MOST + 5)] == [True] * MOST + [False] * 5


def test_a_source_is_one_whatever_it_tries(door: Throttle, clock: Clock) -> None:
    most, pause = LIMITS["source"]
    waits = [door.attempt("203.0.113.9", f"user{number}") for number in range(most + 1)]
    assert [wait is None for wait in waits] == [True] * most + [False]
    assert waits[-1] == ("source", pause, True)
    assert door.attempt("203.0.113.10", "user1") is None
    clock.now += pause
    assert door.attempt("203.0.113.9", "another") is None


def test_the_first_refusal_of_a_run_says_so(door: Throttle, clock: Clock) -> None:
    def firsts(times: int) -> list[bool]:
        waits = [door.attempt(source(number), "ann") for number in range(times)]
        return [wait.first for wait in waits if wait is not None]

    assert firsts(MOST + 3) == [True, False, False]
    clock.now += PAUSE
    assert firsts(3) == [False, False]  # it goes on
    clock.now += PAUSE * MOST
    assert firsts(MOST + 2) == [True, False]


def test_a_login_is_one_however_it_is_written(door: Throttle) -> None:
    tried(door, MOST, "Ann@Portal.example")
    assert tried(door, 1, " ann@portal.EXAMPLE ") == [PAUSE]
    assert tried(door, 1, "bob@portal.example") == [0]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # a host draws its addresses from a /64
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "", True),
        ("unix", "192.0.2.1", False),
    ],
)
def test_what_counts_as_one_source(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) == same


def test_memory_is_bounded_and_nobody_washes_his_own_count_away(
    door: Throttle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that is refused is refused before its login is remembered: it cannot fill the memory with logins."""
    monkeypatch.setattr(throttle, "MOST", 100)
    tried(door, MOST, "ann")
    for number in range(5000):
        door.attempt("203.0.113.9", f"user{number}")
    assert tried(door, 1, "ann") == [PAUSE]
    for number in range(5000):
        door.attempt(f"10.0.{number // 250}.{number % 250}", f"user{number}")
    assert all(len(counts) <= 100 for counts in door._counts.values())
