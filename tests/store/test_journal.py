"""The state in rows: the whole of it, change by change, and back with its indexes made anew."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import aclosing, closing
from typing import get_args

import pytest

from device_emulator.phone import dark
from pbxsim.core.entities import Account, Entity
from pbxsim.core.invariants import broken
from pbxsim.platforms import PLATFORMS
from pbxsim.store import Group, Journal, tables
from pbxsim.world import World
from tests.store.conftest import lasting


@pytest.fixture
async def journal(tmp_path):
    async with aclosing(await Journal.open(tmp_path / "main.db")) as opened:
        yield opened


def same(there, back):
    """Is this what a file can say of that?"""
    assert back.pbx == lasting(there.pbx)
    assert back.network == there.network
    assert broken(back.pbx, PLATFORMS) == []
    assert back.files == there.files
    assert back.history == there.history
    assert (back.now, back.last_id, back.recorded) == (there.now, there.last_id, there.recorded)
    assert set(back.phones) == set(there.phones)
    for mac, phone in there.phones.items():
        assert back.phones[mac].flash == phone.flash
        assert back.phones[mac].model == phone.model
        assert back.phones[mac].place == phone.place
        assert back.phones[mac] == dark(back.phones[mac]), "RAM is gone"


def test_an_office_has_one_of_everything(office):
    kinds = {type(entity) for entity in office.pbx.entities.values()} | {Account}
    assert kinds == set(get_args(Entity))
    state = office.state
    assert all((state.pbx.secrets, state.pbx.bindings, state.files, state.phones, state.history))


def test_every_key_that_a_change_touches_has_a_table(furnished):
    world, kinds = World(seed=3), set()
    world.on_change = lambda touched: kinds.update(kind for kind, _ in touched)
    furnished(world)
    assert kinds - {"screen", "call"} == set(tables.TABLES)


async def test_a_world_comes_back_whole(journal, office, header_of):
    await journal.write(Group(header_of(office.state), office.state))
    saved = await journal.read()
    same(office.state, saved.state)
    assert saved.header == header_of(office.state)
    assert set(saved.plugged) == {mac for mac, phone in office.state.phones.items() if phone.powered}


async def test_a_world_comes_back_after_being_written_change_by_change(journal, furnished, header_of):
    """The same world on the other road: every group is a few keys, some are written late, some twice."""
    world, touched, groups, after = World(seed=3), {}, [], 0
    await journal.write(Group(header_of(world.state), world.state))

    def gather(keys):
        nonlocal after
        touched.update({key: None for key in keys if key[0] not in ("screen", "call")})
        if len(touched) > 5:
            groups.append(Group(header_of(world.state), world.state, tuple(touched), after))
            after = world.state.recorded
            touched.clear()

    world.on_change = gather
    furnished(world)
    acme = world.accounts["acme"]
    acme.queues.delete("Demo 1")
    acme.devices.delete("805ec0112233")
    world.phones.delete("805ec0112233")
    world.accounts.delete("globex")
    groups.append(Group(header_of(world.state), world.state, tuple(touched), after))
    assert len(groups) > 5
    for group in groups:
        await journal.write(group)
    same(world.state, (await journal.read()).state)


async def test_a_group_is_all_or_nothing(journal, office, header_of):
    await journal.write(Group(header_of(office.state), office.state))
    before = (await journal.read()).state
    user = office.accounts["acme"].users.add("1009")
    with pytest.raises(KeyError):
        await journal.write(Group(header_of(office.state), office.state, (("entity", user.id), ("fax", "f1"))))
    same(before, (await journal.read()).state)
    await journal.write(Group(header_of(office.state), office.state, (("entity", user.id),), before.recorded))
    assert (await journal.read()).state.pbx.entities[user.id] == user.snapshot()


async def test_a_server_that_is_killed_has_lost_nothing_that_was_committed(journal, office, header_of, tmp_path):
    await journal.write(Group(header_of(office.state), office.state))
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for file in tmp_path.glob("main.db*"):  # as the disk has it at this moment, log and all
        shutil.copy(file, crashed)
    assert (crashed / "main.db-wal").stat().st_size > 0
    async with aclosing(await Journal.open(crashed / "main.db")) as after:
        same(office.state, (await after.read()).state)


async def test_a_dangling_reference_comes_back(journal, header_of):
    """PISTON keeps what names somebody who is gone, and still knows who named him."""
    world = World(seed=1)
    account = world.accounts.add("globex", platform="piston")
    ann = account.users.add("204", first_name="Ann")
    account.queues.add("Desk", members=[ann])
    account.users.delete(ann)
    assert ann.id in world.pbx.references
    await journal.write(Group(header_of(world.state), world.state))
    same(world.state, (await journal.read()).state)


async def test_the_newest_of_a_long_history_is_read(tmp_path, office, header_of):
    async with aclosing(await Journal.open(tmp_path / "main.db", history_limit=5)) as journal:
        await journal.write(Group(header_of(office.state), office.state))
        saved = await journal.read()
    recorded = office.state.recorded
    assert sorted(saved.state.history) == list(range(recorded - 4, recorded + 1))
    assert saved.state.recorded == recorded


async def test_the_file_can_be_read_by_people(journal, office, header_of, tmp_path):
    await journal.write(Group(header_of(office.state), office.state))
    await journal.aclose()
    with closing(sqlite3.connect(tmp_path / "main.db")) as db:
        row = db.execute(
            "SELECT body ->> 'first_name' FROM entity WHERE kind = 'user' AND body ->> 'extension' = '1003'"
        )
        assert row.fetchone() == ("Mária",)
        secrets = dict(db.execute("SELECT purpose, value FROM secret"))
    assert secrets["pin"].startswith("b$")
    assert secrets["password"].startswith("b$"), "a world in process uses the fast hash"


async def test_what_the_server_keeps_for_itself_is_no_part_of_the_world(journal, office, header_of):
    state = office.state
    await journal.write(Group(header_of(state), state, kept={("token", "a"): "1", ("token", "b"): "2"}))
    await journal.write(Group(header_of(state), state, (), state.recorded, {("token", "a"): None}))
    assert await journal.kept() == {("token", "b"): "2"}
    await journal.write(Group(header_of(state), state))
    assert await journal.kept() == {("token", "b"): "2"}, "not even a reset forgets it"
