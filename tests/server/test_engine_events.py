"""The stream of a world: in order, resumable, and no reader can hold anybody up."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from pbxsim import World
from pbxsim.core.commands import OPERATOR, AddUser, PowerPhone
from pbxsim.server.engine import Engine
from pbxsim.server.hub import RESET, SCREEN, Hub

ORIGIN = "http://127.0.0.1:8080"
MAC = "805ec0112233"


def seed(world: World) -> None:
    acme = world.accounts.add("acme", platform="jet")
    john = acme.users.add("1002", first_name="John")
    world.phones.add(acme.devices.add(model="yealink-t46s", mac=MAC, owner=john))


@pytest.fixture(params=["memory", "file"])
async def engine(request, tmp_path):
    path = tmp_path / "main.db" if request.param == "file" else None
    opened = await Engine.open(path, origin=ORIGIN, seed=seed, clock="virtual")
    yield opened
    await opened.close()


def add(engine, extension, hosted=None):
    return engine.ask(hosted or engine.main, OPERATOR, AddUser, {"account": "acme", "extension": str(extension)})


async def waiting(messages):
    """The messages that are there now."""
    found = []
    while True:
        try:
            async with asyncio.timeout(0.02):
                found.append(await anext(messages))
        except (TimeoutError, StopAsyncIteration):
            return found


async def test_what_happens_is_told_in_order(engine):
    with engine.hub.subscribe("main") as messages:
        user = await add(engine, 1003)
        told = await waiting(messages)
    assert [message.id for message in told] == list(range(told[0].id, told[0].id + len(told)))
    (added,) = [message for message in told if message.kind == "user.added"]
    assert added.world == "main"
    assert added.data["subject"] == user
    assert added.data["account"] == "acme"
    assert added.data["actor"] == "operator"
    assert added.data["detail"] == {"extension": "1003", "name": ""}
    assert added.data["time"].endswith("Z")
    msgspec.json.encode(added)


async def test_a_reader_resumes_where_it_was(engine):
    with engine.hub.subscribe("main") as messages:
        await add(engine, 1003)
        last = (await waiting(messages))[-1].id
    await add(engine, 1004)
    with engine.hub.subscribe("main") as messages:
        assert await waiting(messages) == [], "from now on"
    with engine.hub.subscribe("main", last) as messages:
        resumed = await waiting(messages)
    assert resumed[0].id == last + 1
    assert "1004" in {message.data["detail"].get("extension") for message in resumed}
    with engine.hub.subscribe("main", 0) as messages:
        assert len(await waiting(messages)) == resumed[-1].id, "the seed's events, too"


async def test_a_reader_resumes_after_a_restart(tmp_path):
    engine = await Engine.open(tmp_path / "main.db", origin=ORIGIN, seed=seed, clock="virtual")
    await engine.reset("main")
    with engine.hub.subscribe("main") as messages:
        await add(engine, 1003)
        last = (await waiting(messages))[-1].id
    await add(engine, 1004)
    await engine.close()
    engine = await Engine.open(tmp_path / "main.db", origin=ORIGIN)
    with engine.hub.subscribe("main", last) as messages:
        resumed = await waiting(messages)
    assert resumed[0].id == last + 1
    assert resumed[0].kind != RESET
    await engine.close()


async def test_a_reset_is_told_and_ids_go_on(engine):
    with engine.hub.subscribe("main") as messages:
        await add(engine, 1003)
        before = (await waiting(messages))[-1].id
        await engine.reset("main")
        (reset,) = await waiting(messages)
        assert (reset.kind, reset.id, reset.data) == (RESET, before + 1, {"reason": "it was reset"})
        await add(engine, 1003)
        assert (await waiting(messages))[0].id == before + 2
    with engine.hub.subscribe("main", before) as messages:
        assert (await waiting(messages))[0].kind == RESET, "who was away is told as well"


async def test_a_reader_of_another_life_reads_everything_again(engine):
    with engine.hub.subscribe("main", 10_000) as messages:
        (reset,) = await waiting(messages)
        assert reset.kind == RESET
        await add(engine, 1003)
        assert (await waiting(messages))[0].id == reset.id + 1


async def test_screens_are_hints_each_phone_once(engine):
    with engine.hub.subscribe("main") as messages:
        await engine.ask(engine.main, OPERATOR, PowerPhone, {"phone": MAC, "on": True})
        await engine.settle(engine.main)
        told = await waiting(messages)
    screens = [message for message in told if message.kind == SCREEN]
    assert [message.data for message in screens] == [{"phone": MAC}]
    assert "device.registered" in {message.kind for message in told}


async def test_each_world_has_a_stream_of_its_own(engine):
    fork = await engine.fork(engine.main)
    with engine.hub.subscribe(fork.id) as there, engine.hub.subscribe("main") as here:
        await add(engine, 1003, fork)
        assert {message.world for message in await waiting(there)} == {fork.id}
        assert await waiting(here) == []


async def test_work_that_fails_is_not_told(engine):
    def fails(world):
        world.accounts["acme"].users.add("1003")
        raise LookupError

    with engine.hub.subscribe("main") as messages:
        with pytest.raises(LookupError):
            await engine.write(engine.main, fails)
        await add(engine, 1004)
        extensions = [message.data["detail"].get("extension") for message in await waiting(messages)]
    assert "1003" not in extensions
    assert "1004" in extensions


async def test_a_closed_subscription_ends(engine):
    messages = engine.hub.subscribe("main")
    listening = asyncio.ensure_future(anext(messages, "the end"))
    await asyncio.sleep(0)
    messages.close()
    assert await listening == "the end"


async def test_a_slow_reader_is_told_that_what_it_missed_is_forgotten():
    world, hub = World(seed=1, history_limit=10), Hub()
    acme = world.accounts.add("acme", platform="jet")
    hub.open("w", world.state)
    with hub.subscribe("w") as slow:
        for extension in range(1002, 1006):
            acme.users.add(str(extension))
            hub.publish("w", world.state)
        kept = [await anext(slow) for _ in range(2)]
        assert [message.id for message in kept] == [2, 3]
        for extension in range(1006, 1030):
            acme.users.add(str(extension))
        hub.publish("w", world.state)
        reset = await anext(slow)
        assert (reset.kind, reset.id) == (RESET, world.state.recorded)
        acme.users.add("1030")
        hub.publish("w", world.state)
        assert (await anext(slow)).id == reset.id + 1
