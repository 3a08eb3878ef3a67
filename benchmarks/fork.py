"""A fork, and what it costs at first: a write and a read on both sides. In a large world (100,000 users, 1,000
registered phones) as in one of ten users. Bars: 50 µs in the large one, and at most 3 times the small one.
"""

from __future__ import annotations

from time import perf_counter

from benchmarks.measure import Effort, Figure, alternate, at_most, figure
from benchmarks.worlds import ACCOUNT, SMALL, office
from pbxsim import World

RENAMED = "100009"  # the last of the small world's users


def measure(effort: Effort) -> list[Figure]:
    """The write is a rename, the read that user's name; each side must see its own."""
    small, large = office(SMALL, SMALL), office(effort.users, effort.phones)
    pairs = alternate(effort.pairs, lambda: _sample(small, effort.batch), lambda: _sample(large, effort.batch))
    return [
        figure(f"fork, write, read: {effort.users:,} users", "µs", at_most(50), [big for _, big in pairs]),
        figure(f"fork, write, read: {SMALL} users", "µs", None, [little for little, _ in pairs]),
        figure("fork, write, read: large / small", "×", at_most(3), [big / little for little, big in pairs]),
    ]


def _sample(world: World, times: int) -> float:
    sides = [world.fork() for _ in range(times)]  # each has its first write before it
    began = perf_counter()
    for side in sides:
        fork = side.fork()
        theirs, ours = fork.accounts[ACCOUNT].users, side.accounts[ACCOUNT].users
        theirs.update(RENAMED, last_name="Fork")
        ours.update(RENAMED, last_name="Original")
        assert theirs[RENAMED].last_name == "Fork"
        assert ours[RENAMED].last_name == "Original"
    return (perf_counter() - began) / times * 1e6
