"""A server stops, or is killed, and another goes on from its file."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from pbxsim.core.commands import OPERATOR, AddPhone, AddUser, CablePhone, PowerPhone, UpdateUser
from pbxsim.core.invariants import broken
from pbxsim.platforms import PLATFORMS
from pbxsim.server import writer
from pbxsim.server.engine import Engine
from tests.store.conftest import lasting

ORIGIN = "http://127.0.0.1:8080"
YEALINK, AASTRA = "805ec0112233", "00085d112244"


@pytest.fixture
async def start(tmp_path, furnished):
    """Start a server on a file; those still running are stopped at the end."""
    running = []

    async def start(path=tmp_path / "main.db", seed=furnished, **options):
        options = {"clock": "virtual", **options}
        engine = await Engine.open(path, origin=ORIGIN, seed=seed, **options)
        running.append(engine)
        return engine

    yield start
    for engine in running:
        await engine.close()


@pytest.fixture
def killed(tmp_path):
    """The file as the disk has it now, as if the server had been killed at this moment."""

    def killed():
        place = tmp_path / "crashed"
        place.mkdir()
        for file in tmp_path.glob("main.db*"):
            shutil.copy(file, place)
        return place / "main.db"

    return killed


async def test_everything_is_there_again(start):
    engine = await start()
    main = engine.main
    john = main.world.accounts["acme"].users["1002"]
    await engine.write(main, lambda world: world.accounts["acme"].queues.remove_member("Demo 1", john))
    before = main.world.state
    await engine.close()
    again = (await start(seed=None)).main.world
    assert again.pbx == lasting(before.pbx)
    assert broken(again.pbx, PLATFORMS) == []
    assert again.state.files == before.files
    assert again.state.history == before.history
    assert (again.state.last_id, again.state.recorded) == (before.last_id, before.recorded)
    assert again.now == main.world.now
    acme = again.accounts["acme"]
    assert [user.name for user in acme.users] == ["John Smith", "Mária"]
    assert [version.status for version in acme.callflows["Sales"].versions] == ["ACTIVE", "DRAFT"]
    assert acme.callflows["Sales"].numbers == ["+61255501234"]
    assert [user.extension for user in (acme.users[id_] for id_ in acme.queues["Demo 1"].members)] == ["1003"]
    assert acme.users["1002"].mailbox.number == "1002"


async def test_phones_boot_as_after_a_power_cut_and_register_again(start):
    engine = await start()
    await engine.ask(engine.main, OPERATOR, PowerPhone, {"phone": AASTRA, "on": False})
    await engine.close()
    engine = await start(seed=None)
    world = engine.main.world
    yealink = world.phones[YEALINK]
    assert yealink.screen.message == "Initializing"
    assert world.accounts["acme"].users["1002"].logins, "the PBX believes what it believed"
    await engine.settle(engine.main)
    assert yealink.registered
    assert yealink.screen.lines[0].label == "John Smith"
    assert not world.phones[AASTRA].powered, "what was unplugged stays so"
    await engine.ask(engine.main, OPERATOR, PowerPhone, {"phone": AASTRA, "on": True})
    await engine.settle(engine.main)
    assert world.phones[AASTRA].registered, "with the file that its log-in froze"
    assert world.phones[AASTRA].screen.lines[0].label == "Ann"


async def test_a_cable_that_is_out_stays_out(start):
    engine = await start()
    await engine.ask(engine.main, OPERATOR, CablePhone, {"phone": YEALINK, "on": False})
    await engine.close()
    engine = await start(seed=None)
    await engine.settle(engine.main)
    phone = engine.main.world.phones[YEALINK]
    assert (phone.screen.message, phone.registered) == ("Network unavailable", False)
    await engine.ask(engine.main, OPERATOR, CablePhone, {"phone": YEALINK, "on": True})
    await engine.settle(engine.main)
    assert phone.registered


async def test_another_firmware_and_knobs_stay(start):
    engine = await start()
    knobs = {"yealink.404.retry-ms": 9_000}
    hardware = {"model": "yealink-t46s", "mac": "805ec0990001", "version": "66.72.0.10", "knobs": knobs}
    await engine.ask(engine.main, OPERATOR, AddPhone, hardware)
    await engine.close()
    engine = await start(seed=None)
    model = engine.main.world.phones["805ec0990001"].model
    assert (model.version, dict(model.knobs)) == ("66.72.0.10", knobs)


async def test_secrets_and_nonces_survive(start):
    engine = await start()
    main = engine.main
    user = main.world.accounts["acme"].users["1003"].id
    await engine.ask(main, OPERATOR, UpdateUser, {"user": user, "password": "correct horse"})
    kept, key = main.world.pbx.secrets[user, "password"], main.world.nature.key
    await engine.close()
    engine = await start(seed=None)
    assert engine.main.world.nature.key == key, "nonces that phones hold stay good"
    assert engine.main.world.pbx.secrets[user, "password"] == kept
    assert await engine.verify(engine.main, "correct horse", kept)
    assert not await engine.verify(engine.main, "wrong horse", kept)


async def test_what_fell_due_while_the_server_was_down_comes_first(start, tmp_path):
    engine = await start(clock="real")
    await engine.write(engine.main, lambda world: world.phones[YEALINK].power_off())
    world = engine.main.world
    await engine.close()
    bound = world.accounts["acme"].devices[YEALINK].bindings[0]
    with closing(sqlite3.connect(tmp_path / "main.db")) as db:  # as if it had been down for an hour and a half
        past = bound.expires - 90 * 60_000
        db.execute("UPDATE binding SET body = replace(body, ?, ?)", (str(bound.expires), str(past)))
        db.commit()
    engine = await start(seed=None)
    world = engine.main.world
    assert not world.accounts["acme"].users["1002"].devices[0].bindings
    last = world.state.history[world.state.recorded].event
    assert (last.kind, dict(last.detail)["why"]) == ("device.unregistered", "expired")


async def test_the_clock_keeps_its_mode_its_rate_and_its_time(start):
    engine = await start()
    await engine.advance(engine.main, timedelta(days=2))
    now = engine.main.world.now
    await engine.close()
    engine = await start(seed=None, clock="real")
    assert engine.main.clock.mode == "virtual", "the file knows better than the command line"
    assert engine.main.world.now == now
    await engine.set_rate(engine.main, 60)
    await engine.close()
    engine = await start(seed=None)
    assert (engine.main.clock.mode, engine.main.clock.rate) == ("virtual", 60)


async def test_a_killed_server_has_lost_nothing_that_it_answered_for(start, killed):
    engine = await start()
    user = await engine.ask(engine.main, OPERATOR, AddUser, {"account": "acme", "extension": "1009"})
    await engine.keep("token", "operator", "hash")
    copy = killed()
    engine = await start(copy, seed=None)
    assert engine.main.world.accounts["acme"].users["1009"].id == user
    assert engine.kept("token") == {"operator": "hash"}
    assert broken(engine.main.world.pbx, PLATFORMS) == []


async def test_observations_are_written_within_a_second_and_nobody_waits(start, killed, monkeypatch):
    monkeypatch.setattr(writer, "OBSERVED", 0.05)
    engine = await start()
    main = engine.main
    world, device = main.world, main.world.accounts["acme"].devices[YEALINK].id
    groups = []
    write = engine._journal.write
    monkeypatch.setattr(engine._journal, "write", lambda group: groups.append(group.touched) or write(group))
    while main.world.pbx.bindings[device][0].expires == world.pbx.bindings[device][0].since + 3_600_000:
        await engine._pace.slice(main, world.next_instant)  # until the phone refreshes, as its own clock would
    assert groups == []
    await asyncio.sleep(0.2)
    assert ("binding", device) in groups[0]
    engine = await start(killed(), seed=None)
    assert engine.main.world.pbx.bindings[device] == world.pbx.bindings[device]


async def test_a_new_id_is_never_an_old_one(start):
    engine = await start()
    first = await engine.ask(engine.main, OPERATOR, AddUser, {"account": "acme", "extension": "1009"})
    await engine.write(engine.main, lambda world: world.accounts["acme"].users.delete("1009"))
    await engine.close()
    engine = await start(seed=None)
    assert await engine.ask(engine.main, OPERATOR, AddUser, {"account": "acme", "extension": "1009"}) != first


async def test_a_file_that_was_never_seeded_is_seeded_once(start):
    await (await start()).close()

    def never(world):
        raise AssertionError("there is a world already")

    assert (await start(seed=never)).main.world.accounts["acme"].users


async def test_a_seed_that_fails_leaves_a_file_for_the_next_attempt(start, furnished):
    def fails(world):
        furnished(world)
        raise LookupError("a seed file is missing")

    with pytest.raises(LookupError):
        await start(seed=fails)
    assert (await start()).main.world.accounts["acme"].users


async def test_running_calls_are_lost_and_records_are_not(start, killed):
    engine = await start()
    calls = engine.main.world.accounts["acme"].calls
    await engine.write(engine.main, lambda world: world.accounts["acme"].calls.place("1002").id)
    queue = await engine.write(
        engine.main,
        lambda world: world.accounts["acme"].queues.add("Support", members=["1003"], strategy="round-robin").id,
    )
    assert len(calls) == 1
    records = [record.snapshot() for record in engine.main.world.accounts["acme"].cdrs]
    assert records
    again = (await start(killed(), seed=None)).main.world
    acme = again.accounts["acme"]
    assert len(acme.calls) == 0
    assert [record.snapshot() for record in acme.cdrs] == records
    assert acme.queues[queue].strategy == "round-robin"
    again.settle()
