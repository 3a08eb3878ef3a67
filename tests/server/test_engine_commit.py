"""Groups, and what happens when one cannot be written."""

from __future__ import annotations

import asyncio
import logging
import sqlite3

import pytest

from pbxsim import World
from pbxsim.core.commands import OPERATOR, AddUser
from pbxsim.core.refusals import Unavailable
from pbxsim.server import writer
from pbxsim.server.engine import Engine
from pbxsim.server.hub import RESET

ORIGIN = "http://127.0.0.1:8080"
MAC = "805ec0112233"


def seed(world: World) -> None:
    acme = world.accounts.add("acme", platform="jet")
    john = acme.users.add("1002", first_name="John")
    world.phones.add(acme.devices.add(model="yealink-t46s", mac=MAC, owner=john)).power_on()
    world.settle()


@pytest.fixture
async def engine(tmp_path):
    opened = await Engine.open(tmp_path / "main.db", origin=ORIGIN, seed=seed, clock="virtual")
    yield opened
    await opened.close()


@pytest.fixture
def groups(engine, monkeypatch):
    """The groups that are written from here on."""
    written = []
    write = engine._journal.write

    async def counted(group):
        written.append(group)
        await write(group)

    monkeypatch.setattr(engine._journal, "write", counted)
    return written


class Disk:
    """A disk that can be full, and unreadable."""

    def __init__(self, journal):
        self.full = self.unreadable = False
        self._write, self._read = journal.write, journal.read

    async def write(self, group):
        if self.full:
            await asyncio.sleep(0.01)
            raise sqlite3.OperationalError("database or disk is full")
        await self._write(group)

    async def read(self):
        if self.unreadable:
            raise sqlite3.OperationalError("disk I/O error")
        return await self._read()


@pytest.fixture
def disk(engine, monkeypatch):
    disk = Disk(engine._journal)
    monkeypatch.setattr(engine._journal, "write", disk.write)
    monkeypatch.setattr(engine._journal, "read", disk.read)
    logging.getLogger("pbxsim.server").disabled = True
    yield disk
    logging.getLogger("pbxsim.server").disabled = False
    disk.full = disk.unreadable = False


def add(engine, extension):
    return engine.ask(engine.main, OPERATOR, AddUser, {"account": "acme", "extension": str(extension)})


def extensions(engine):
    return [user.extension for user in engine.main.world.accounts["acme"].users]


async def test_many_writers_make_few_commits(engine, groups):
    async def writer(first):
        for extension in range(first, first + 10):
            await add(engine, extension)

    await asyncio.gather(*[writer(2000 + 10 * number) for number in range(64)])
    assert len(groups) <= 640 / 8
    assert len(extensions(engine)) == 641


async def test_who_is_answered_is_in_the_file(engine, groups):
    await add(engine, 1003)
    assert groups, "a lone writer waits for nobody"
    names = [entity.extension for entity in groups[-1].state.pbx.entities.values() if hasattr(entity, "extension")]
    assert "1003" in names


async def test_what_changes_nothing_writes_nothing(engine, groups):
    await engine.write(engine.main, lambda world: world.accounts["acme"].users["1002"].name)
    await engine.write(engine.main, lambda world: world.phones[MAC].press("linekey1"))
    assert groups == []


async def test_a_client_that_leaves_takes_nobody_with_it(engine):
    leaving, staying = asyncio.ensure_future(add(engine, 1003)), asyncio.ensure_future(add(engine, 1004))
    await asyncio.sleep(0)
    leaving.cancel()
    await staying
    assert extensions(engine) == ["1002", "1003", "1004"], "what was decided stays decided"


async def test_a_failed_commit_is_told_to_all_who_waited_and_main_is_as_before(engine, disk):
    await add(engine, 1003)
    before = engine.main.world.state
    disk.full = True
    first = asyncio.ensure_future(add(engine, 1004))
    await asyncio.sleep(0.005)  # its group is being written; these gather behind it
    others = [asyncio.ensure_future(add(engine, extension)) for extension in range(1005, 1015)]
    told = await asyncio.gather(first, *others, return_exceptions=True)
    assert {type(error) for error in told} == {Unavailable}
    assert "disk is full" in str(told[0])
    after = engine.main.world
    assert extensions(engine) == ["1002", "1003"]
    assert (after.pbx, after.state.history, after.state.last_id) == (before.pbx, before.history, before.last_id)
    disk.full = False
    await add(engine, 1004)
    assert extensions(engine) == ["1002", "1003", "1004"]


async def test_who_asks_while_main_comes_back_asks_main_as_it_is(engine, disk, monkeypatch):
    power, asked = engine._power, []

    async def slowly(hosted, plugged):
        disk.full = False
        asked.append(asyncio.ensure_future(add(engine, 1005)))
        await asyncio.sleep(0.01)
        await power(hosted, plugged)

    monkeypatch.setattr(engine, "_power", slowly)
    disk.full = True
    with pytest.raises(Unavailable):
        await add(engine, 1004)
    await asyncio.sleep(0)
    await asked[0]
    assert extensions(engine) == ["1002", "1005"]


async def test_after_a_failed_commit_phones_boot_as_after_a_restart(engine, disk):
    disk.full = True
    with pytest.raises(Unavailable):
        await add(engine, 1003)
    disk.full = False
    while not engine.ready:
        await asyncio.sleep(0)
    phone = engine.main.world.phones[MAC]
    assert phone.screen.message == "Initializing"
    await engine.settle(engine.main)
    assert phone.registered


async def test_while_the_file_cannot_be_read_all_are_told(engine, disk, monkeypatch):
    monkeypatch.setattr(writer, "AGAIN", 0.01)
    disk.full = disk.unreadable = True
    for extension in (1003, 1004, 1005):
        with pytest.raises(Unavailable):
            await add(engine, extension)
    assert engine.ready is False
    disk.full = disk.unreadable = False
    await asyncio.sleep(0.05)
    assert engine.ready is True
    assert extensions(engine) == ["1002"]
    await add(engine, 1003)


async def test_a_row_that_cannot_be_made_is_a_failed_commit(engine, disk):
    """Nothing that the server lets in has a lone surrogate; were there a hole, the file would not suffer."""
    with pytest.raises(Unavailable):
        await engine.write(engine.main, lambda world: world.phones[MAC].set_locally("local_time.format", "\ud800"))
    await add(engine, 1003)
    assert extensions(engine) == ["1002", "1003"]


async def test_nothing_is_told_before_it_is_in_the_file(engine, disk):
    with engine.hub.subscribe("main") as messages:
        disk.full = True
        with pytest.raises(Unavailable):
            await add(engine, 1003)
        disk.full = False
        message = await anext(messages)
        assert (message.kind, message.data["reason"]) == (RESET, "a change could not be written")
        await add(engine, 1004)
        told = [await anext(messages) for _ in range(2)]
        kinds = {message.data["detail"].get("extension") for message in told if message.kind == "user.added"}
        assert kinds == {"1004"}


async def test_a_reset_writes_main_whole(engine, groups, tmp_path):
    await add(engine, 1003)
    await engine.keep("token", "a", "1")
    await engine.reset("main")
    assert groups[-1].touched is None
    assert extensions(engine) == ["1002"]
    await add(engine, 1004)
    await engine.close()
    again = await Engine.open(tmp_path / "main.db", origin=ORIGIN)
    assert extensions(again) == ["1002", "1004"]
    assert again.main.world.state.history == engine.main.world.state.history
    assert again.kept("token") == {"a": "1"}
    await again.close()


async def test_a_reset_that_cannot_be_written_has_not_happened(engine, disk):
    await add(engine, 1003)
    disk.full = True
    with pytest.raises(Unavailable):
        await engine.reset("main")
    disk.full = False
    assert extensions(engine) == ["1002", "1003"]


async def test_a_fork_knows_nothing_that_never_was(engine, disk):
    disk.full = True
    adding = asyncio.ensure_future(add(engine, 1003))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await engine.fork(engine.main)
    with pytest.raises(Unavailable):
        await adding
