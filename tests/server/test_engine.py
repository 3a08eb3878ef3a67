"""What the engine answers: commands, dry runs, work that is all or nothing, and secrets on their way in."""

from __future__ import annotations

import asyncio

import pytest

from pbxsim import Forbidden, Invalid, Refused, World
from pbxsim.core.commands import OPERATOR, Actor, AddAccount, AddMailbox, AddUser, DeleteUser, UpdateUser
from pbxsim.core.refusals import Unavailable
from pbxsim.server import concealing
from pbxsim.server.engine import Engine
from pbxsim.store import Journal

ORIGIN = "http://127.0.0.1:8080"


def seed(world: World) -> None:
    acme = world.accounts.add("acme", platform="jet")
    john = acme.users.add("1002", first_name="John")
    acme.queues.add("Demo 1", members=[john])


@pytest.fixture(params=["memory", "file"])
async def engine(request, tmp_path):
    path = tmp_path / "main.db" if request.param == "file" else None
    opened = await Engine.open(path, origin=ORIGIN, seed=seed, clock="virtual")
    yield opened
    await opened.close()


@pytest.fixture
def users(engine):
    return engine.main.world.accounts["acme"].users


async def test_a_command_is_built_carried_out_and_answered(engine, users):
    assert engine.ready
    id_ = await engine.ask(engine.main, OPERATOR, AddUser, {"account": "acme", "extension": "1003"})
    assert users["1003"].id == id_


async def test_main_is_durable_only_with_a_file(engine):
    assert engine.main.durable == isinstance(engine._journal, Journal)
    assert engine.world("main") is engine.main
    assert engine.worlds == [engine.main]


async def test_what_is_wrong_is_said_and_nothing_has_changed(engine):
    before = engine.main.world.state
    with pytest.raises(Invalid) as invalid:
        await engine.ask(engine.main, OPERATOR, AddUser, {"account": "acme", "extension": "x", "colour": "red"})
    assert {fault.pointer for fault in invalid.value.faults} == {"/extension", "/colour"}
    with pytest.raises(Refused, match="1002"):
        await engine.ask(engine.main, OPERATOR, DeleteUser, {"user": _id(engine, "1002")})
    assert engine.main.world.state == before


async def test_who_asks_matters(engine):
    john = Actor("user", _id(engine, "1002"))
    mine = {"name": "Mine", "platform": "jet"}
    with pytest.raises(Forbidden):
        await engine.ask(engine.main, john, AddAccount, mine)
    with pytest.raises(Forbidden):
        engine.dry_run(engine.main, john, AddAccount, mine)


async def test_a_dry_run_tells_and_changes_nothing(engine):
    before = engine.main.world.state
    values = {"account": "acme", "extension": "1003", "first_name": "Mary", "password": "geheim1"}
    records = engine.dry_run(engine.main, OPERATOR, AddUser, values)
    assert "user.added" in [record.event.kind for record in records]
    with pytest.raises(Refused, match="queue Demo 1"):
        engine.dry_run(engine.main, OPERATOR, DeleteUser, {"user": _id(engine, "1002")})
    assert engine.main.world.state is before
    await engine.ask(engine.main, OPERATOR, AddUser, values)
    history = engine.main.world.state.history
    assert [record.event for record in records] == [history[record.number].event for record in records]
    assert records[-1].number == engine.main.world.state.recorded


async def test_work_is_all_or_nothing(engine, users):
    before = engine.main.world.state

    def half(world):
        world.accounts["acme"].users.add("1003")
        world.accounts["acme"].users.add("1002")

    with pytest.raises(Refused):
        await engine.write(engine.main, half)
    assert engine.main.world.state is before
    assert await engine.write(engine.main, lambda world: world.accounts["acme"].users.add("1004").extension) == "1004"
    assert [user.extension for user in users] == ["1002", "1004"]


async def test_pins_are_hashed_fast_and_passwords_slowly(engine):
    values = {"account": "acme", "extension": "1003", "password": "geheim1", "voicemail_pin": "4711"}
    user = await engine.ask(engine.main, OPERATOR, AddUser, values)
    box = engine.main.world.accounts["acme"].users[user].mailbox.id
    kept = engine.main.world.pbx.secrets
    assert kept[box, "pin"].startswith("b$")
    assert kept[user, "password"].startswith("s$")
    assert await engine.verify(engine.main, "4711", kept[box, "pin"])
    assert await engine.verify(engine.main, "geheim1", kept[user, "password"])
    assert not await engine.verify(engine.main, "geheim2", kept[user, "password"])


async def test_two_equal_passwords_are_kept_as_different_verifiers(engine):
    first, second = [
        await engine.ask(
            engine.main, OPERATOR, AddUser, {"account": "acme", "extension": extension, "password": "geheim1"}
        )
        for extension in ("1003", "1004")
    ]
    kept = engine.main.world.pbx.secrets
    assert kept[first, "password"] != kept[second, "password"]


async def test_a_wrong_command_is_not_hashed_first(engine, monkeypatch):
    monkeypatch.setattr(concealing.secrets, "slow", None)
    with pytest.raises(Invalid):
        await engine.ask(engine.main, OPERATOR, AddUser, {"account": "acme", "extension": "x", "password": "geheim1"})


async def test_hashing_does_not_hold_up_the_loop(engine):
    john = _id(engine, "1002")
    changes = [
        engine.ask(engine.main, OPERATOR, UpdateUser, {"user": john, "password": f"geheim{number}"})
        for number in range(4)
    ]
    hashing, turns = asyncio.gather(*changes), 0
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1
    await hashing
    assert turns > 20


@pytest.mark.parametrize("command", [AddUser, UpdateUser, AddMailbox])
def test_every_secret_of_a_command_is_known_by_its_parser(command):
    secret = concealing._secret_fields(command)
    assert secret == {name: name == "password" for name in secret}
    assert secret


async def test_a_seeds_secrets_are_random_on_every_server(engine):
    other = await Engine.open(None, origin=ORIGIN, seed=seed)
    try:
        assert other.main.world.nature.key != engine.main.world.nature.key
        assert other.main.world.accounts["acme"].key != engine.main.world.accounts["acme"].key
    finally:
        await other.close()


async def test_what_the_server_keeps_for_itself(engine):
    await engine.keep("token", "a", "1")
    await engine.keep("token", "b", "2")
    await engine.keep("webhook", "a", "3")
    await engine.keep("token", "a", None)
    assert engine.kept("token") == {"b": "2"}


async def test_a_server_that_stops_takes_no_more(engine):
    await engine.close()
    assert not engine.ready
    with pytest.raises(Unavailable, match="stopping"):
        await engine.ask(engine.main, OPERATOR, AddUser, {"account": "acme", "extension": "1003"})


def _id(engine, extension):
    return engine.main.world.accounts["acme"].users[extension].id
