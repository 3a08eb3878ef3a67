"""What a page of users costs right after a write, at 1,000 users and at 100,000, through `paging.users`: the function
that the HTTP handler calls, which finds, shows and makes the cursor; HTTP itself and JSON's text are left out. Bars: a
page of 100 in 3 ms, a search by prefix in 5 ms, the large account at most twice the small one.

Names are spread as names are: 1,000 last names, 200 first names. A search finds more than a page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from time import perf_counter

from benchmarks.measure import Effort, Figure, alternate, at_most, figure
from pbxsim import World
from pbxsim.facade.users import Users
from pbxsim.server import paging

ACCOUNT = "acme"
SMALL = 1_000
_FIRST = ("An", "Be", "Chri", "Da", "E", "Jo", "Mar", "Pe", "Su", "To")
_LAST = ("Smi", "Jo", "Lee", "Tay", "Wil", "Bro", "Da", "Eva", "Tho", "Ro")
FIRST = [f"{one}{two}" for one in _FIRST for two in "abcdefghijklmnopqrst"]
LAST = [f"{one}{two}son" for one in _LAST for two in FIRST[:100]]
SEARCHES = ("smi", "an", "1", "jo")  # a last name, a first name, extensions, both: each has a page in the small one


def measure(effort: Effort) -> list[Figure]:
    """Every page on a fork in which a user was renamed just before."""
    small, large = office(min(SMALL, effort.users)), office(effort.users)
    figures = []
    for what, bar, ask in (("a page of 100", 3.0, page), ("a search by prefix", 5.0, search)):
        figures += _compare(effort, what, bar, ask, small, large)
    return figures


def _compare(
    effort: Effort, what: str, bar: float, ask: Callable[[World, int], float], small: World, large: World
) -> list[Figure]:
    times = max(effort.batch // 10, 2)
    pairs = alternate(effort.pairs, lambda: ask(small, times), lambda: ask(large, times))
    return [
        figure(f"{what}: {len(_users(small)):,} users", "ms", at_most(bar), [little for little, _ in pairs]),
        figure(f"{what}: {len(_users(large)):,} users", "ms", at_most(bar), [big for _, big in pairs]),
        figure(f"{what}: large / small", "×", at_most(2), [big / little for little, big in pairs]),
    ]


def page(world: World, times: int) -> float:
    """Milliseconds for a page from the middle of the list."""
    before = {"limit": str(len(_users(world)) // 2 if len(_users(world)) < paging.MOST else paging.MOST // 2)}
    after = paging.users(world.pbx, ACCOUNT, before).value["next"]
    return _asked(world, times, [{"limit": "100", "after": after}])


def search(world: World, times: int) -> float:
    """Milliseconds for the first page that a search finds."""
    return _asked(world, times, [{"limit": "100", "q": q} for q in SEARCHES])


def _asked(world: World, times: int, asked: list[dict[str, str]]) -> float:
    taken = 0.0
    for number in range(times):
        fork = world.fork()
        _users(fork).update(str(100_000 + number), last_name="Smiannason")
        began = perf_counter()
        answer = paging.users(fork.pbx, ACCOUNT, asked[number % len(asked)])
        taken += perf_counter() - began
        assert answer.value["items"]
    return taken / times * 1000


def _users(world: World) -> Users:
    return world.accounts[ACCOUNT].users


@cache
def office(users: int) -> World:
    """So many users from extension 100000 on, with names of people."""
    world = World(seed=1)
    acme = world.accounts.add(ACCOUNT, platform="jet")
    for number in range(users):
        first, last = FIRST[number * 7 % len(FIRST)], LAST[number * 13 % len(LAST)]
        acme.users.add(str(100_000 + number), first_name=first, last_name=last)
    return world
