"""Guessing at passwords and PINs: counted by source and by key, slowed down, told; and nobody else pays for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import encode_basic_auth

from pbxsim import World
from pbxsim.server.brake import Brake
from pbxsim.world import scans
from provisioning.messages import Request
from tests.api.conftest import ACME, Api

MAC = "805ec0112233"


def guess(world: World, source: str, key: str, mac: str = MAC, password: str = "wrong") -> int:
    header = ("Authorization", encode_basic_auth(mac, password))
    return world.provision(Request("GET", f"/provision/{key}/{mac}.cfg", (header,), b"", source)).status


def told(world: World) -> list[dict[str, Any]]:
    return [
        {"subject": one.event.subject, "account": one.event.account, **dict(one.event.detail)}
        for one in world.history
        if one.event.kind == "scan.detected"
    ]


@pytest.fixture
def world() -> World:
    made = World()
    acme = made.accounts.add("acme", platform="jet")
    acme.users.add("1002", first_name="John")
    acme.devices.add(model="yealink-t46s", mac=MAC, owner="1002")
    return made


def test_one_source_is_told_once_a_minute(world: World) -> None:
    for number in range(scans.MANY_OF_SOURCE - 1):
        guess(world, "192.0.2.7", f"key{number}")
    assert told(world) == []
    for number in range(50):
        guess(world, "192.0.2.7", f"key{number}")
    assert told(world) == [{"subject": "192.0.2.7", "account": "", "by": "source", "misses": 20, "seconds": 60}]
    world.advance(seconds=61)
    for number in range(20):
        guess(world, "192.0.2.7", f"key{number}")
    assert len(told(world)) == 2


def test_many_sources_at_one_account_are_told_as_its_own(world: World) -> None:
    """Whose key it is, and not the key."""
    key = world.accounts["acme"].key
    for number in range(scans.MANY_OF_KEY):
        guess(world, f"192.0.2.{number}", key)
    assert told(world) == [{"subject": "acme", "account": "acme", "by": "key", "misses": 100, "seconds": 60}]
    assert key not in repr(told(world))


def test_a_network_of_ipv6_is_one_source(world: World) -> None:
    for number in range(25):
        guess(world, f"2001:db8:1:2::{number:x}", f"key{number}")
    assert [one["subject"] for one in told(world)] == ["2001:db8:1:2::/64"]
    assert scans.of_source("::ffff:192.0.2.7") == scans.of_source("192.0.2.7")


def test_whoever_makes_up_keys_and_sources_is_remembered_and_fills_nothing(world: World) -> None:
    for number in range(3 * scans.REMEMBERED):
        guess(
            world, "192.0.2.7" if number % 2 else f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", f"k{number}"
        )
    assert len(world.state.misses) <= scans.REMEMBERED
    assert scans.failures(world.state, "192.0.2.7", "") > scans.REMEMBERED
    assert len(told(world)) <= scans.TOLD


def test_events_of_scans_do_not_fill_the_history(world: World) -> None:
    for source in range(60):
        for number in range(scans.MANY_OF_SOURCE):
            guess(world, f"192.0.2.{source}", f"key{source}-{number}")
    assert len(told(world)) == scans.TOLD


def test_a_right_password_is_no_miss_whoever_else_is_there(world: World) -> None:
    acme = world.accounts["acme"]
    secret = world.pbx.secrets[acme.devices[MAC].id, "provisioning"]
    for _ in range(30):
        assert guess(world, "192.0.2.7", acme.key) == 401
    before = world.state.misses
    assert guess(world, "192.0.2.7", acme.key, password=secret) == 200
    assert world.state.misses is before


def test_so_many_answers_a_second_on_however_many_connections() -> None:
    now = [100.0]
    brake = Brake(gap=0.05, longest=5.0, clock=lambda: now[0])
    one, other = ("source", "192.0.2.7"), ("source", "192.0.2.8")
    waits = [brake.wait(one) for _ in range(200)]
    assert waits[:3] == pytest.approx([0.05, 0.10, 0.15])
    assert max(waits) == pytest.approx(5.0)
    assert brake.wait(other) == pytest.approx(0.05), "another's guesses are no burden"
    now[0] += 60
    assert brake.wait(one) == pytest.approx(0.05)
    for number in range(10_000):
        brake.wait(("source", str(number)))
    assert len(brake._next) <= 4096


async def test_over_http_guesses_are_slowed_and_phones_are_not(serve: Callable[..., Awaitable[Api]]) -> None:
    api = await serve(brake=Brake(gap=0.2, longest=0.6))
    await api.made("/accounts", {"id": "acme", "name": "Acme", "platform": "jet"})
    await api.made(f"{ACME}/devices", {"model": "yealink-t46s", "mac": MAC})
    staging = (await api.get(f"{ACME}/devices/{MAC}/staging")).json
    path = f"//provision/{api.engine.main.world.accounts['acme'].key}/{MAC}.cfg"
    wrong = encode_basic_auth(MAC, "wrong")
    right = encode_basic_auth(staging["username"], staging["password"])

    async def took(auth: str | None) -> float:
        begun = time.perf_counter()
        answer = await api.get(path, Authorization=auth)
        assert answer == (200 if auth == right else 401)
        return time.perf_counter() - begun

    plain = [await took(wrong) for _ in range(scans.MANY_OF_SOURCE)]
    assert min(plain) < 0.1
    assert await took(wrong) >= 0.2
    slowed = await asyncio.gather(*(took(wrong) for _ in range(4)))
    assert sorted(slowed)[-1] >= 0.5, "they wait for one another"
    assert min([await took(right) for _ in range(5)]) < 0.15
    assert min([await took(None) for _ in range(5)]) < 0.15, "a phone asks so whenever it boots"
    assert api.engine.tally.slowed >= 5
    (event,) = told(api.engine.main.world)
    assert event["subject"] == "127.0.0.1"


async def test_pins_typed_at_a_phone_are_counted_too(serve: Callable[..., Awaitable[Api]]) -> None:
    """Whoever owns one phone of an account does not try everybody's PIN in an afternoon."""
    api = await serve(brake=Brake(gap=0.0))
    await api.made("/accounts", {"id": "acme", "name": "Acme", "platform": "piston"})
    await api.made(f"{ACME}/users", {"extension": "204", "voicemail_pin": "4711"})
    await api.made(f"{ACME}/devices", {"model": "aastra-6731i", "mac": "00085d1610de"})
    staging = (await api.get(f"{ACME}/devices/00085d1610de/staging")).json
    auth = encode_basic_auth(staging["username"], staging["password"])
    pages = f"//provision/{api.engine.main.world.accounts['acme'].key}/xml"
    for method in ("GET", "HEAD"):
        for pin in range(15):
            assert await api(method, f"{pages}/login?user=204&password={pin:04}", Authorization=auth) == 200
    assert api.engine.tally.misses == 30
    assert api.engine.tally.slowed == 10
    assert [one["by"] for one in told(api.engine.main.world)] == ["source"]
