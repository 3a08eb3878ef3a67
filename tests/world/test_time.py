"""Settling, advancing, forking: how time passes in a world, and what it leaves alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pbxsim import NotSettled, World

MAC = "80:5e:c0:11:22:33"


def office(world: World, phones: int = 1):
    account = world.accounts.add("acme", platform="jet")
    user = account.users.add("1002", first_name="John", last_name="Smith")
    found = []
    for index in range(phones):
        mac = f"805ec0{index:06x}"
        found.append(world.phones.add(account.devices.add(model="yealink-t46s", mac=mac, owner=user)))
    return account, user, found


def test_a_new_world_stands_at_the_first_of_january_2025():
    assert World().now == datetime(2025, 1, 1, tzinfo=UTC)
    assert World(start=datetime(2030, 5, 5, tzinfo=UTC)).now.year == 2030


def test_settle_moves_the_clock_only_while_somebody_is_busy(world):
    _, _, (phone,) = office(world)
    before = world.now
    world.settle()
    assert world.now == before, "a phone without power is not busy"
    phone.power_on()
    assert not world.settled
    world.settle()
    assert world.settled
    assert timedelta(seconds=30) <= world.now - before <= timedelta(seconds=40)
    after = world.now
    world.settle()
    assert world.now == after, "refresh timers alone never move the clock"


def test_advance_leaves_the_clock_exactly_there(world):
    _, _, (phone,) = office(world)
    phone.power_on()
    before = world.now
    world.advance(timedelta(minutes=7, milliseconds=3))
    assert world.now - before == timedelta(minutes=7, milliseconds=3)
    world.advance(days=1.5)
    assert world.now - before == timedelta(days=1, hours=12, minutes=7, milliseconds=3)
    assert phone.registered


def test_not_settled_says_who_is_busy_with_what(world):
    _, _, (phone,) = office(world)
    phone.power_on()
    with pytest.raises(NotSettled, match=r"805ec0000000 \(booting\)") as error:
        world.settle(limit=timedelta(seconds=3))
    assert error.value.who == {"805ec0000000": "booting"}
    world.settle()
    assert phone.registered


def test_advancing_in_one_step_or_in_many_is_the_same():
    worlds = []
    for steps in (1, 720):
        world = World(seed=4)
        _, _, phones = office(world, 5)
        for phone in phones:
            phone.power_on()
        for _ in range(steps):
            world.advance(timedelta(hours=12) / steps)
        worlds.append(world)
    one, many = worlds
    assert one.state.pbx == many.state.pbx
    assert one.state.phones == many.state.phones
    assert one.state.history == many.state.history


def test_advance_slices_end_where_advance_ends():
    worlds = []
    for sliced in (False, True):
        world = World(seed=4)
        _, _, phones = office(world, 5)
        for phone in phones:
            phone.power_on()
        if sliced:
            end = world.state.now + 3_600_000 * 12
            while not world.advance_slice(end, 0.0001):
                pass
        else:
            world.advance(hours=12)
        worlds.append(world)
    assert worlds[0].state.phones == worlds[1].state.phones
    assert worlds[0].now == worlds[1].now


def test_a_thousand_power_cycles_leave_no_thousand_deadlines(world):
    _, _, (phone,) = office(world)
    for _ in range(1000):
        phone.power_cycle()
    world.settle()
    assert len(world.state.agenda) < 10


def test_a_reply_to_a_phone_that_lost_power_is_dropped(world):
    _, _, (phone,) = office(world)
    phone.power_on()
    world.advance(seconds=10)  # it has booted and asked for its first file
    assert world.state.in_flight
    phone.power_off()
    world.settle()
    assert phone.phase == "off"
    assert not world.state.in_flight


def test_a_removed_phone_is_not_busy_any_more(world):
    _, _, (phone,) = office(world)
    phone.power_on()
    world.advance(seconds=10)
    world.phones.delete(phone)
    world.settle()
    assert not phone.exists
    assert len(world.phones) == 0
    assert world.state.busy == 0


def test_what_happens_in_a_fork_stays_there(world):
    account, user, (phone,) = office(world)
    phone.power_on()
    world.settle()
    before = world.state
    twin = world.fork()
    twin.phones[phone.mac].factory_reset()
    twin.settle()
    twin.accounts["acme"].users.delete("1002")
    twin.advance(days=30)
    assert world.state is before
    assert user.logins
    assert "1002" not in twin.accounts["acme"].users


def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    def play(seed: int) -> World:
        world = World(seed=seed)
        _, _, (phone,) = office(world)
        phone.power_on()
        world.settle()
        return world

    assert play(1).state == play(1).state
    assert play(1).pbx.secrets != play(2).pbx.secrets


def test_history_is_capped_and_keeps_its_numbers():
    world = World(history_limit=10)
    account = world.accounts.add("acme", platform="jet")
    for extension in range(1000, 1030):
        account.users.add(str(extension))
    assert len(world.state.history) == 10
    assert sorted(world.state.history) == list(range(world.state.recorded - 9, world.state.recorded + 1))


def test_no_secret_stands_in_history_or_entities(world):
    account = world.accounts.add("voxco", platform="piston")
    account.users.add("204", voicemail_pin="471147", password="tr0ubador")
    account.users.update("204", password="h0rse battery")
    account.devices.add(model="yealink-t46s", mac=MAC, owner="204")
    told = repr(list(world.state.history.values())) + repr(world.pbx.entities) + repr(world.pbx.accounts)
    for secret in ("471147", "tr0ubador", "h0rse", *world.pbx.secrets.values()):
        assert secret not in told
    assert "471147" not in repr(world.pbx.secrets)
