"""The two commands that a large account would slow down first, through the public façade: adding a user, and a delete
refused with four blockers (a login, a queue, two callflows). At 10 users and at 100,000. Bars: 25 µs at both, and the
large at most 3 times the small.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from benchmarks.measure import Effort, Figure, alternate, at_most, figure, microseconds
from benchmarks.worlds import ACCOUNT, JOHN, SMALL, office
from pbxsim import Refused, World

ADDS = 10  # on one fork, so that a small world stays small


def measure(effort: Effort) -> list[Figure]:
    """Every addition on a fork that is thrown away; a refusal changes nothing."""
    return [*_compare(effort, "add a user", add_users), *_compare(effort, "refused delete", refused_deletes)]


def _compare(effort: Effort, what: str, sample: Callable[[World, int], float]) -> list[Figure]:
    small, large = office(SMALL, SMALL), office(effort.users, effort.phones)
    pairs = alternate(effort.pairs, lambda: sample(small, effort.batch), lambda: sample(large, effort.batch))
    return [
        figure(f"{what}: {SMALL} users", "µs", at_most(25), [little for little, _ in pairs]),
        figure(f"{what}: {effort.users:,} users", "µs", at_most(25), [big for _, big in pairs]),
        figure(f"{what}: large / small", "×", at_most(3), [big / little for little, big in pairs]),
    ]


def add_users(world: World, times: int) -> float:
    """Microseconds to add a user."""
    offices = [world.fork().accounts[ACCOUNT] for _ in range(max(times // ADDS, 1))]
    extensions = [str(300_000 + number) for number in range(ADDS)]
    began = perf_counter()
    for acme in offices:
        for extension in extensions:
            acme.users.add(extension, first_name="Anna", last_name="Lee")
    return (perf_counter() - began) / (len(offices) * ADDS) * 1e6


def refused_deletes(world: World, times: int) -> float:
    """Microseconds to be refused."""
    acme = world.accounts[ACCOUNT]
    john = acme.users[JOHN]

    def refused() -> list[str]:
        try:
            acme.users.delete(john)
        except Refused as refusal:
            return [blocker.kind for blocker in refusal.blockers]
        raise AssertionError("nothing held the user")

    assert refused() == ["login", "queue", "callflow", "callflow"]
    return microseconds(refused, times)
