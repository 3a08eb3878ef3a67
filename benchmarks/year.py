"""A year of virtual time in an office of 200 Jet phones, registered for an hour and refreshed at half. Bar: 60 s. And a
month in which every phone also looks for another configuration each night.
"""

from __future__ import annotations

from time import perf_counter

from benchmarks.measure import Effort, Figure, at_most, figure, repeat
from benchmarks.worlds import mac
from pbxsim import World

PHONES = 200
APART = 7  # seconds between one phone's power and the next's: they do not all refresh at once


def measure(effort: Effort) -> list[Figure]:
    """Nobody does anything in the year, which is leapt over; in the month there is something to play each night."""
    quiet = _office(min(PHONES, effort.users), {})
    nightly = {
        "static.auto_provision.weekly.enable": "1",
        "static.auto_provision.weekly.begin_time": "02:00",
        "static.auto_provision.weekly.end_time": "04:00",
    }
    busy = _office(min(PHONES, effort.users), {"yealink": nightly})
    return [
        figure(
            "a year of 200 phones",
            "s",
            at_most(60),
            repeat(2, lambda: _advanced(quiet, 365 if effort.users > PHONES else 3)),
        ),
        figure(
            "a month of phones that fetch each night",
            "s",
            None,
            repeat(2, lambda: _advanced(busy, 30 if effort.users > PHONES else 2)),
        ),
    ]


def _office(phones: int, settings: dict[str, dict[str, str]]) -> World:
    world = World(seed=1)
    acme = world.accounts.add("acme", platform="jet")
    for number in range(phones):
        owner = acme.users.add(str(100_000 + number), first_name="User", last_name=f"{number:05}")
        line = acme.devices.add(model="yealink-t46s", mac=mac(number), owner=owner, settings=settings)
        world.phones.add(line).power_on()
        world.advance(seconds=APART)
    world.settle()
    return world


def _advanced(world: World, days: int) -> float:
    """Seconds that so many days take."""
    fork = world.fork()
    began = perf_counter()
    fork.advance(days=days)
    took = perf_counter() - began
    assert all(phone.registered for phone in fork.phones)
    return took
