"""X1 over HTTP: trying, doing, and what takes time, on every kind of clock."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from pbxsim import World
from pbxsim.server.engine import Engine
from tests.api.conftest import ACME, ORIGIN, Api

MAC = "80:5e:c0:11:22:33"
JOHN = f"{ACME}/users/1002"


async def at_his_phone(api: Api, **where: Any) -> None:
    await api.made("/phones", {"device": f"acme/{MAC}"}, **where)
    assert await api.post(f"/phones/{MAC}/power", {"on": True}, **where) == 200


async def test_trying_changes_nothing(api: Api) -> None:
    await api.made(f"{ACME}/queues", {"name": "Demo 1", "members": ["1002"]})
    plan = await api.post(f"{JOHN}/offboarding?dry_run=true")
    assert plan == 200
    assert [step["text"] for step in plan["steps"]] == [
        "Remove user 1002 from queue Demo 1",
        "Delete user 1002 John Smith",
    ]
    assert plan["steps"][0]["commands"][0]["command"] == "RemoveMember"
    assert await api.get(JOHN) == 200


async def test_on_a_standing_clock_the_phone_has_its_time_to_sign_off(api: Api) -> None:
    await at_his_phone(api)
    await api.settle()
    answer = await api.post(f"{JOHN}/offboarding", {})
    assert (answer.status, answer["finished"], answer["rest"]) == (200, True, [])
    assert [step["kind"] for step in answer["done"]] == ["phone", "command"]
    assert await api.get(JOHN) == 404


async def test_what_is_left_says_what_and_until_when(api: Api) -> None:
    await at_his_phone(api)
    await api.settle()
    assert await api.post(f"/phones/{MAC}/power", {"on": False}) == 200
    answer = await api.post(f"{JOHN}/offboarding", {})
    assert (answer["finished"], answer["done"]) == (False, [])
    assert [step["kind"] for step in answer["rest"]] == ["wait", "command"]
    logins = (await api.get(f"{JOHN}/logins"))["items"]
    assert answer["rest"][0]["until"] == logins[0]["expires"]
    assert await api.post(f"{JOHN}/offboarding", {"end_logins": True}) == 200
    assert await api.get(JOHN) == 404


def booted(world: World) -> None:
    """John at his phone, a minute ago: it takes its time to boot, and the clock of the world is not to be ahead."""
    world.state = structs.replace(world.state, now=world.state.now - 60_000)
    acme = world.accounts.add("acme", platform="jet")
    john = acme.users.add("1002")
    world.phones.add(acme.devices.add(model="yealink-t46s", mac=MAC, owner=john)).power_on()
    world.settle()


async def test_on_a_real_clock_it_waits_for_the_phone(serve: Any) -> None:
    engine = await Engine.open(None, origin=ORIGIN, clock="real", seed=booted)
    try:
        api = await serve(engine)
        answer = await api.post(f"{JOHN}/offboarding", {})
        assert [step["kind"] for step in answer["done"]] == ["phone", "command"]
        assert answer["finished"], answer
    finally:
        await engine.close()


async def test_undecided_numbers_and_bad_bodies_are_pointed_at(api: Api) -> None:
    flow = await api.made(f"{ACME}/callflows", {"name": "John", "root": {"type": "dial", "users": ["1002"]}})
    await api.made(f"{ACME}/numbers", {"e164": "+61255501234", "callflow": flow["id"]})
    for body, pointers in (
        ({}, ["/numbers/+61255501234"]),
        ({"numbers": {"+61255501234": 5}}, ["/numbers/+61255501234"]),
        ({"numbers": []}, ["/numbers"]),
        ({"default": "nowhere"}, ["/default"]),
        ({"end_login": True}, ["/end_login"]),
    ):
        answer = await api.post(f"{JOHN}/offboarding", body)
        assert answer == 422, answer
        assert [error["pointer"] for error in answer["errors"]] == pointers
    assert await api.post(f"{ACME}/users/1999/offboarding", {}) == 404
    assert await api.get(JOHN) == 200


async def test_whoever_has_no_say_does_nothing(api: Api) -> None:
    answer = await api.post(f"{JOHN}/offboarding", {}, X_Pbxsim_Actor="user:acme/1001")
    assert (answer.status, answer["finished"], answer["done"]) == (200, False, [])
    assert answer["rest"][0]["text"] == "Ask somebody with the role admin: Delete user 1002 John Smith"


async def test_the_same_key_does_it_once(api: Api) -> None:
    first = await api.post(f"{JOHN}/offboarding", {}, Idempotency_Key="a1")
    again = await api.post(f"{JOHN}/offboarding", {}, Idempotency_Key="a1")
    assert first.json == again.json
    assert first["finished"]
