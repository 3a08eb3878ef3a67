"""The off-boarding plan of a user whom a login, a queue and two callflows hold: on a Jet account of 1,000, 10,000 and
100,000 users. It costs what hangs on him, and not what the account has besides. Bars: 5 ms at 10,000 users, and 100,000
at most twice 1,000.
"""

from __future__ import annotations

from benchmarks.measure import Effort, Figure, alternate, at_most, figure, microseconds, repeat
from benchmarks.worlds import ACCOUNT, JOHN, office
from pbxsim import World


def measure(effort: Effort) -> list[Figure]:
    """Plans only: nothing is carried out, so the worlds stay as they are."""
    few, some, many = (max(effort.users // part, 2) for part in (100, 10, 1))
    small, middle, large = (office(users, min(effort.phones, users)) for users in (few, some, many))
    times = max(effort.batch // 10, 2)
    pairs = alternate(effort.pairs, lambda: plans(small, times), lambda: plans(large, times))
    return [
        figure(f"plan: {few:,} users", "ms", None, [little for little, _ in pairs]),
        figure(f"plan: {some:,} users", "ms", at_most(5), repeat(effort.pairs, lambda: plans(middle, times))),
        figure(f"plan: {many:,} users", "ms", None, [big for _, big in pairs]),
        figure("plan: large / small", "×", at_most(2), [big / little for little, big in pairs]),
    ]


def plans(world: World, times: int) -> float:
    """Milliseconds to make a plan of seven steps."""
    users = world.accounts[ACCOUNT].users
    john = users[JOHN]
    assert len(users.plan(john, default="keep").steps) == 7
    return microseconds(lambda: users.plan(john, default="keep"), times) / 1000
