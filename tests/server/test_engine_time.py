"""Clocks, and long work in slices between which everybody else is served."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from time import perf_counter

import pytest

from pbxsim import Invalid, NotSettled, World
from pbxsim.core.commands import OPERATOR, AddUser, PowerPhone
from pbxsim.server.clock import Clock
from pbxsim.server.engine import Engine
from pbxsim.server.worlds import WorldGone

ORIGIN = "http://127.0.0.1:8080"
MAC = "805ec0112233"


# A phone that only keeps itself registered is leapt over; these look for another configuration every ten minutes.
EVERY_TEN_MINUTES = {
    "yealink": {"static.auto_provision.repeat.enable": "1", "static.auto_provision.repeat.minutes": "10"}
}


def seed(world: World) -> None:
    acme = world.accounts.add("acme", platform="jet")
    for number in range(20):
        mac = f"{int(MAC, 16) + number:012x}"
        owner = acme.users.add(str(1002 + number))
        line = acme.devices.add(model="yealink-t46s", mac=mac, owner=owner, settings=EVERY_TEN_MINUTES)
        world.phones.add(line).power_on()
        world.advance(seconds=7)
    world.settle()


def staged(world: World) -> None:
    """One phone, with the cable in hand."""
    acme = world.accounts.add("acme", platform="jet")
    john = acme.users.add("1002", first_name="John")
    world.phones.add(acme.devices.add(model="yealink-t46s", mac=MAC, owner=john))


@pytest.fixture
async def start():
    running = []

    async def start(seed=staged, **options):
        engine = await Engine.open(None, origin=ORIGIN, seed=seed, **options)
        running.append(engine)
        return engine

    yield start
    for engine in running:
        await engine.close()


class Hands:
    """The hands of two clocks, turned by the test."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_a_real_clock_is_the_wall_clock_and_never_runs_back():
    world = World(seed=1)
    wall = Hands(world.state.now / 1000 + 60)
    clock = Clock(world, "real", wall=wall)
    assert clock.target() == world.state.now + 60_000
    assert clock.wait(world.state.now + 90_000) == pytest.approx(30)
    assert clock.as_dict() == {"now": "2025-01-01T00:01:00.000Z", "mode": "real", "rate": 1.0}
    wall.now -= 3600
    assert clock.target() == world.state.now
    with pytest.raises(Invalid, match="real clock"):
        clock.set_rate(2)


def test_a_virtual_clock_runs_at_its_rate_from_where_it_was_anchored():
    world, hands = World(seed=1), Hands(100.0)
    clock = Clock(world, "virtual", 60, monotonic=hands)
    start = world.state.now
    hands.now += 2
    assert clock.target() == start + 120_000
    assert clock.wait(start + 180_000) == pytest.approx(1)
    clock.set_rate(0)
    hands.now += 1000
    assert clock.target() == start + 120_000
    assert clock.wait(start + 180_000) is None
    world.advance(hours=1)
    clock.anchor()
    clock.set_rate(1)
    hands.now += 1
    assert clock.target() == start + 3_601_000


@pytest.mark.parametrize("rate", [-1, float("nan"), float("inf"), 1e9])
def test_no_clock_runs_at_such_a_rate(rate):
    with pytest.raises(Invalid):
        Clock(World(seed=1), "virtual", rate)


async def test_a_virtual_clock_at_rate_0_stands(start):
    engine = await start(clock="virtual")
    main = engine.main
    now = main.world.now
    await engine.ask(main, OPERATOR, PowerPhone, {"phone": MAC, "on": True})
    await asyncio.sleep(0.02)
    assert main.world.now == now
    await engine.settle(main)
    assert main.world.phones[MAC].registered
    assert main.world.settled


async def test_a_running_clock_lets_things_happen_by_themselves(start):
    engine = await start(clock="virtual", rate=1000)
    main = engine.main
    await engine.ask(main, OPERATOR, PowerPhone, {"phone": MAC, "on": True})
    async with asyncio.timeout(5):
        while not main.world.phones[MAC].registered:
            await asyncio.sleep(0.01)
    await engine.set_rate(main, 0)
    now = main.world.now
    await asyncio.sleep(0.02)
    assert main.world.now == now
    await engine.set_rate(main, 3600)
    await asyncio.sleep(0.05)
    await engine.write(main, lambda world: None)
    assert main.world.now - now > timedelta(minutes=1)


async def test_a_real_clocks_world_is_at_the_wall_clock_when_something_is_asked(start):
    engine = await start(clock="real")
    main = engine.main
    await asyncio.sleep(0.05)
    await engine.ask(main, OPERATOR, AddUser, {"account": "acme", "extension": "1009"})
    asked = main.world.state.history[main.world.state.recorded].time
    assert abs(asked - main.clock.target()) < 1000
    await engine.ask(main, OPERATOR, PowerPhone, {"phone": MAC, "on": True})
    main.clock._wall = Hands(main.clock._wall() + 120)  # somebody sets the wall clock
    main.stirred.set()
    await asyncio.sleep(0.05)
    assert main.world.phones[MAC].registered


async def test_a_real_clock_cannot_be_moved_by_hand(start):
    engine = await start(clock="real")
    for move in (
        engine.advance(engine.main, timedelta(hours=1)),
        engine.settle(engine.main),
        engine.set_rate(engine.main, 2),
    ):
        with pytest.raises(Invalid, match="real clock; fork it"):
            await move


@pytest.mark.parametrize("by", [timedelta(seconds=-1), timedelta(days=365 * 9000)])
async def test_time_runs_neither_back_nor_beyond_the_calendar(start, by):
    engine = await start(clock="virtual")
    with pytest.raises(Invalid):
        await engine.advance(engine.main, by)


async def test_advance_is_what_a_world_in_process_does(start):
    engine = await start(seed, clock="virtual")
    main, alone = engine.main, engine.main.world.fork()
    await engine.advance(main, timedelta(hours=3, milliseconds=7))
    alone.advance(hours=3, milliseconds=7)
    assert main.world.state == alone.state


async def test_two_who_advance_at_once_both_get_their_time(start):
    engine = await start(seed, clock="virtual")
    before = engine.main.world.now
    await asyncio.gather(*[engine.advance(engine.main, timedelta(hours=1)) for _ in range(2)])
    assert engine.main.world.now - before == timedelta(hours=2)


async def test_settling_has_a_limit(start):
    engine = await start(clock="virtual")
    main = engine.main
    await engine.ask(main, OPERATOR, PowerPhone, {"phone": MAC, "on": True})
    before = main.world.now
    with pytest.raises(NotSettled, match="booting"):
        await engine.settle(main, timedelta(seconds=2))
    assert main.world.now - before == timedelta(seconds=2)


async def test_others_are_served_while_one_world_advances_a_month(start):
    engine = await start(seed, clock="virtual")
    busy = [await engine.fork(engine.main) for _ in range(2)]
    advancing = [asyncio.ensure_future(engine.advance(fork, timedelta(days=30))) for fork in busy]
    waits, extension = [], 2000
    while not all(task.done() for task in advancing) and extension < 2100:
        began = perf_counter()
        await engine.ask(engine.main, OPERATOR, AddUser, {"account": "acme", "extension": str(extension)})
        await asyncio.sleep(0)
        waits.append(perf_counter() - began)
        extension += 1
    assert len(waits) == 100, "a hundred were served while it went on"
    assert sorted(waits)[50] < 0.05, "and waited for a slice, not for a month"
    for fork in busy:
        await engine.delete(fork.id)
    told = await asyncio.gather(*advancing, return_exceptions=True)
    assert {type(error) for error in told} == {WorldGone}


async def test_a_phone_that_is_unplugged_meanwhile_is_unplugged(start):
    """Slices leave room for others in the same world, too."""
    engine = await start(seed, clock="virtual")
    main = engine.main
    advancing = asyncio.ensure_future(engine.advance(main, timedelta(days=10)))
    await asyncio.sleep(0.02)
    assert not advancing.done()
    await engine.ask(main, OPERATOR, PowerPhone, {"phone": MAC, "on": False})
    await advancing
    assert not main.world.accounts["acme"].devices[MAC].bindings
    assert not main.world.phones[MAC].powered
