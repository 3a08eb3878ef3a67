"""Worlds on a server: forks, their ends, their seeds, and where their phones fetch."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from datetime import timedelta

import pytest

from pbxsim import Gone, Invalid, NotFound, World
from pbxsim.core.commands import OPERATOR, AddUser, DeleteAccount, SyncDevice
from pbxsim.server.engine import Engine
from pbxsim.server.worlds import Worlds
from provisioning.messages import Request

ORIGIN = "http://127.0.0.1:8080"
MAC = "805ec0112233"


def seed(world: World) -> None:
    acme = world.accounts.add("acme", platform="jet")
    john = acme.users.add("1002", first_name="John")
    world.phones.add(acme.devices.add(model="yealink-t46s", mac=MAC, owner=john)).power_on()
    world.settle()


@pytest.fixture
async def engine():
    opened = await Engine.open(None, origin=ORIGIN, seed=seed)
    yield opened
    await opened.close()


def add(engine, hosted, extension):
    return engine.ask(hosted, OPERATOR, AddUser, {"account": "acme", "extension": extension})


def extensions(hosted):
    return [user.extension for user in hosted.world.accounts["acme"].users]


async def test_what_happens_in_a_fork_stays_there(engine):
    fork = await engine.fork(engine.main)
    assert engine.world(fork.id) is fork
    assert len(fork.id) >= 22, "unguessable"
    assert not fork.durable
    await asyncio.gather(add(engine, fork, "1003"), add(engine, engine.main, "1004"))
    assert extensions(fork) == ["1002", "1003"]
    assert extensions(engine.main) == ["1002", "1004"]


async def test_forks_draw_chance_of_their_own(engine):
    first, second = await engine.fork(engine.main, "a"), await engine.fork(engine.main, "b")
    keys = set()
    for fork in (first, second):
        keys.add(await engine.write(fork, lambda world: world.accounts.add("globex", platform="piston").key))
    assert len(keys) == 2, "secrets come from the operating system, not from the state"


async def test_a_fork_of_a_real_clocks_world_stands_at_its_now(engine):
    fork = await engine.fork(engine.main)
    assert (fork.clock.mode, fork.clock.rate) == ("virtual", 0)
    assert fork.clock.as_dict()["now"] <= engine.main.clock.as_dict()["now"]
    stands = fork.clock.as_dict()
    await engine.advance(fork, timedelta(hours=1))
    assert fork.world.now - engine.main.world.now > timedelta(minutes=59)
    assert fork.clock.as_dict() != stands


async def test_an_empty_world_has_nothing_but_the_time(engine):
    fork = await engine.fork(engine.main, empty=True)
    assert not list(fork.world.accounts)
    assert not list(fork.world.phones)
    assert abs(fork.world.now - engine.main.world.now) < timedelta(seconds=1)


async def test_a_world_may_be_given_an_id(engine):
    await engine.fork(engine.main, "lesson-1")
    for taken in ("lesson-1", "main", "", "a/b", "-x", "x" * 65, "é"):
        with pytest.raises(Invalid) as invalid:
            await engine.fork(engine.main, taken)
        assert invalid.value.faults[0].pointer == "/id"
    assert [hosted.id for hosted in engine.worlds] == ["main", "lesson-1"]


async def test_an_ended_world_says_so_to_all_who_ask(engine):
    fork = await engine.fork(engine.main, "lesson-1")
    with engine.hub.subscribe("lesson-1") as messages:
        listening = asyncio.ensure_future(anext(messages, "the end"))
        await asyncio.sleep(0)
        await engine.delete("lesson-1")
        assert await listening == "the end"
    for ask in (lambda: engine.delete("lesson-1"), lambda: add(engine, fork, "1003")):
        with pytest.raises(Gone, match="lesson-1 has been deleted"):
            await ask()
    with pytest.raises(Gone):
        engine.world("lesson-1")
    with pytest.raises(NotFound):
        engine.world("lesson-2")
    again = await engine.fork(engine.main, "lesson-1")
    assert engine.world("lesson-1") is again


async def test_a_fork_that_nobody_uses_expires(engine):
    seconds = [0.0]
    engine._worlds = Worlds(unused=timedelta(hours=24), clock=lambda: seconds[0])
    engine._worlds.add(engine.main)
    await engine.fork(engine.main, "idle")
    await engine.fork(engine.main, "busy")
    for hours in (10, 20, 30):
        seconds[0] = hours * 3600
        engine.world("busy")
    with pytest.raises(Gone, match="idle has expired: nobody used it"):
        engine.world("idle")
    assert [hosted.id for hosted in engine.worlds] == ["main", "busy"]


async def test_a_reset_returns_a_world_to_its_seed(engine):
    fork = await engine.fork(engine.main)
    seeded = fork.world.state
    await add(engine, fork, "1003")
    await engine.advance(fork, timedelta(days=1))
    await engine.reset(fork.id)
    assert fork.world.state is seeded
    assert fork.clock.target() == seeded.now, "and so does its time"
    await engine.ask(engine.main, OPERATOR, DeleteAccount, {"account": "acme"})
    await engine.reset("main")
    assert extensions(engine.main) == ["1002"]
    assert engine.main.world.phones[MAC].registered


async def test_main_can_be_emptied_and_not_ended(engine):
    await engine.delete("main")
    assert engine.world("main") is engine.main
    assert not list(engine.main.world.accounts)


async def test_phones_of_a_fork_fetch_from_it_alone(engine):
    """They were staged in main, and have main's URL in flash."""
    fork = await engine.fork(engine.main)
    device = fork.world.accounts["acme"].devices[MAC]
    await engine.write(fork, lambda world: world.accounts["acme"].devices.update(MAC, name="Forked"))
    await engine.ask(fork, OPERATOR, SyncDevice, {"device": device.id})
    await engine.settle(fork)
    assert fork.world.phones[MAC].screen.lines[0].label == "Forked"
    assert engine.main.world.phones[MAC].screen.lines[0].label == "John"


async def test_a_real_phone_reaches_a_fork_below_its_prefix(engine):
    fork = await engine.fork(engine.main, "lesson-1")
    await engine.write(fork, lambda world: world.accounts["acme"].devices.update(MAC, name="Forked"))
    account, device = fork.world.accounts["acme"], fork.world.accounts["acme"].devices[MAC]
    secret = fork.world.pbx.secrets[device.id, "provisioning"]
    login = (("Authorization", f"Basic {b64encode(f'{MAC}:{secret}'.encode()).decode()}"),)

    async def fetch(hosted, prefix, headers=login):
        request = Request("GET", f"{prefix}/provision/{account.key}/{MAC}.cfg", headers, source="192.0.2.7")
        return await engine.provision(hosted, request, "https://pbx.example")

    assert (await fetch(fork, "/w/lesson-1", ())).status == 401
    inside, outside = await fetch(engine.main, ""), await fetch(fork, "/w/lesson-1")
    assert (inside.status, outside.status) == (200, 200)
    assert b"Forked" in outside.body
    assert b"Forked" not in inside.body
    assert (await fetch(engine.main, "/w/main")).body == inside.body.replace(b"/provision/", b"/w/main/provision/")
    assert (await fetch(fork, "/w/other")).status == 401
