"""Who still shows the old name? Asked in an office of 10,000 phones whose every hundredth user has been renamed since
it booted; and what to do about one of them. Bars: 15 ms for the list, 20 ms for the dearest suggestion.
"""

from __future__ import annotations

from time import perf_counter

from benchmarks.measure import Effort, Figure, at_most, figure, repeat
from benchmarks.worlds import ACCOUNT, office

DEVICES = 10_000
EVERY = 100  # of which one is renamed


def measure(effort: Effort) -> list[Figure]:
    """The list is asked for anew each time. The suggestion is for a phone that nothing but a factory reset helps."""
    devices = min(DEVICES, effort.users)
    world = office(devices, devices).fork()
    acme = world.accounts[ACCOUNT]
    for user in list(acme.users)[::EVERY]:
        acme.users.update(user, first_name="New")
    stubborn = world.fork().accounts[ACCOUNT]
    stuck = next(iter(stubborn.devices))
    stubborn.devices.update(stuck, settings={"yealink": {"account.1.label": ""}})

    def listed() -> float:
        began = perf_counter()
        found = acme.staleness().devices
        took = (perf_counter() - began) * 1e3
        assert len(found) == len(range(0, devices, EVERY))
        return took

    def suggested() -> float:
        began = perf_counter()
        found = stubborn.staleness(suggest=stuck)
        took = (perf_counter() - began) * 1e3
        assert found.way == "factory reset", found
        return took

    return [
        figure(f"staleness of {devices:,} devices, 1 % stale", "ms", at_most(15), repeat(effort.pairs, listed)),
        figure("a suggestion, the last of all ways", "ms", at_most(20), repeat(effort.pairs, suggested)),
    ]
