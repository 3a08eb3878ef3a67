"""Worlds over HTTP: private, chosen by header or path, and their clocks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from pbxsim.server.api.clock import duration
from pbxsim.server.engine import Engine
from tests.api.conftest import ACME, ORIGIN, TOKEN, Api

JOHN = f"{ACME}/users/1002"


async def test_what_happens_in_a_fork_stays_there(api: Api) -> None:
    made = await api.post("/worlds", {"id": "try"})
    assert (made, made.headers["Location"]) == (201, "/api/v1/worlds/try")
    assert (made["id"], made["durable"], made["clock"]["mode"]) == ("try", False, "virtual")
    await api.patch(JOHN, {"first_name": "Jane"}, world="try")
    await api.delete(f"{ACME}/users/1001", world="try")
    assert (await api.get(f"//w/try/api/v1{JOHN}"))["first_name"] == "Jane"
    assert (await api.get(JOHN))["first_name"] == "John"
    assert await api.get(f"{ACME}/users/1001") == 200
    added = await api.post(f"//w/try/api/v1{ACME}/queues", {"name": "Q"})
    assert added.headers["Location"].startswith(f"/w/try/api/v1{ACME}/queues/")
    assert await api.get("/" + added.headers["Location"]) == 200


async def test_both_may_be_named_if_they_agree(api: Api) -> None:
    await api.made("/worlds", {"id": "try"})
    assert await api.get(f"//w/try/api/v1{JOHN}", world="try") == 200
    refused = await api.get(f"//w/try/api/v1{JOHN}", world="main")
    assert (refused, refused["code"]) == (400, "malformed")
    assert await api.get("//w/try/provision/x", world="main") == 400


async def test_worlds_that_are_not_there(api: Api) -> None:
    """404 for one that never was, 410 and why for one that has ended, wherever it is named."""
    await api.made("/worlds", {"id": "try"})
    assert await api.delete("/worlds/try") == 204
    for answer in (
        await api.get(JOHN, world="try"),
        await api.get("/worlds/try"),
        await api.get("//w/try/provision/x"),
    ):
        assert (answer, answer["code"]) == (410, "gone")
        assert "has been deleted" in answer["detail"]
    assert await api.get(JOHN, world="nowhere") == 404
    assert await api.get(f"//w/nowhere/api/v1{JOHN}") == 404
    assert await api.post("/worlds", {"id": "try"}) == 201


async def test_forks_of_forks_and_empty_ones(api: Api) -> None:
    await api.made("/worlds", {"id": "one"})
    await api.patch(JOHN, {"first_name": "Jane"}, world="one")
    two = await api.made("/worlds", {"from": "one"})
    assert len(two["id"]) >= 16
    assert (await api.get(JOHN, world=two["id"]))["first_name"] == "Jane"
    three = await api.made("/worlds", {"from": "empty"})
    assert (await api.get("/accounts", world=three["id"]))["items"] == []
    assert await api.post("/worlds", {"from": "nowhere"}) == 404
    assert await api.post("/worlds", {"id": "one"}) == 422
    assert await api.post("/worlds", {"id": "a b", "source": "main"}) == 422


async def test_a_reset(api: Api) -> None:
    """A fork returns to what it was forked from; main only if that is said."""
    await api.made("/worlds", {"id": "try"})
    await api.delete(JOHN, world="try")
    answer = await api.post("/worlds/try/reset")
    assert (answer, answer["id"]) == (200, "try")
    assert await api.get(JOHN, world="try") == 200
    for body in (None, {"confirm": "yes"}, {"confirm": True}):
        refused = await api.post("/worlds/main/reset", body)
        assert (refused, refused["errors"][0]["pointer"]) == (422, "/confirm")
        assert await api.delete("/worlds/main", body) == 422
    assert await api.get(JOHN) == 200
    assert await api.post("/worlds/main/reset", {"confirm": "main"}) == 200
    assert await api.get(JOHN) == 404


async def test_a_server_that_requires_a_world(serve: Callable[..., Awaitable[Api]]) -> None:
    """The test kit's: a request that forgets its world must not reach main."""
    api = await serve(require_world=True)
    assert await api.get("/accounts") == 400
    assert await api.get("//provision/x/y") == 400
    assert await api.get("/accounts", world="main") == 200
    assert await api.get("/rules") == 200
    assert await api.post("/worlds", {"id": "mine"}) == 201
    assert await api.get("//w/mine/api/v1/accounts") == 200
    assert await api.get("//healthz") == 200


async def test_a_clock_that_stands(api: Api) -> None:
    before = (await api.get("/clock")).json
    assert before.keys() == {"now", "mode", "rate"}
    assert (before["mode"], before["rate"]) == ("virtual", 0)
    after = await api.post("/clock", {"advance": "PT10M"})
    assert (await api.get("/clock")).json == after.json
    assert after["now"] == (api.engine.main.world.now).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    await api.made("/worlds", {"id": "try"})
    await api.post("/clock", {"advance": "P1D"}, world="try")
    assert (await api.get("/clock"))["now"] == after["now"]
    assert (await api.get("/clock", world="try"))["now"] > after["now"]
    running = await api.post("/clock", {"rate": 3600}, world="try")
    assert running["rate"] == 3600


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"advance": "10 minutes"},
        {"advance": "P"},
        {"advance": "PT"},
        {"advance": "P1Y"},
        {"advance": "-PT1M"},
        {"advance": "P999999W"},
        {"advance": 600},
        {"advance": None},
        {"rate": -1},
        {"rate": True},
        {"rate": 1e300},
        {"settle": False},
        {"settle": 1},
        {"advance": "PT1M", "settle": True},
        {"go": 1},
    ],
)
async def test_clocks_that_cannot_be_moved_so(api: Api, body: object) -> None:
    assert await api.post("/clock", body) == 422
    assert await api.post("/clock?dry_run=true", body) == 422


async def test_a_real_clock_is_not_moved(engine: Engine, serve: Callable[..., Awaitable[Api]]) -> None:
    real = await Engine.open(None, origin=ORIGIN, clock="real")
    try:
        api = await serve(over=real)
        assert (await api.get("/clock"))["mode"] == "real"
        for body in ({"advance": "PT1M"}, {"settle": True}, {"rate": 2}):
            assert await api.post("/clock", body) == 422
            assert await api.post("/clock?dry_run=true", body) == 422
        await api.made("/worlds", {"id": "try"})
        assert await api.post("/clock", {"advance": "PT1M"}, world="try") == 200
    finally:
        await real.close()


DURATIONS = {
    "PT10M": timedelta(minutes=10),
    "P1DT12H": timedelta(days=1, hours=12),
    "PT0.5S": timedelta(milliseconds=500),
    "P2W": timedelta(weeks=2),
    "PT90061S": timedelta(seconds=90061),
}


@pytest.mark.parametrize("text", DURATIONS)
def test_durations(text: str) -> None:
    assert duration(text) == DURATIONS[text]


async def test_an_advance_that_nobody_waits_for_any_more_stops(api: Api) -> None:
    every_minute = {"static.auto_provision.repeat.enable": "1", "static.auto_provision.repeat.minutes": "1"}
    assert await api.patch("/accounts/acme/devices/805ec0112233", {"settings": {"yealink": every_minute}}) == 200
    await api.made("/phones", {"device": "acme/805ec0112233"})
    assert await api.post("/phones/805ec0112233/power", {"on": True}) == 200
    address = api.client.server
    reader, writer = await asyncio.open_connection(address.host, address.port)
    body = b'{"advance": "P3000D"}'
    lines = ("POST /api/v1/clock HTTP/1.1", "Host: localhost", f"Authorization: Bearer {TOKEN}")
    head = "\r\n".join((*lines, f"Content-Length: {len(body)}", "", ""))
    writer.write(head.encode() + body)
    await asyncio.sleep(0.1)
    writer.close()
    await writer.wait_closed()
    assert (await api.post("/clock", {"advance": "PT0S"})) == 200, "it has let go of the clock"
    assert (await api.get("/clock"))["now"] < "2030"


async def test_a_world_may_begin_as_a_seed_says(api: Api) -> None:
    seed = "accounts:\n  - name: beta\n    platform: jet\n    users: [{extension: 2001}]\n"
    await api.made("/worlds", {"id": "seeded", "seed": seed})
    assert [a["id"] for a in (await api.get("/accounts", world="seeded"))["items"]] == ["beta"]
    assert await api.delete("/accounts/beta/users/2001", world="seeded") == 204
    assert await api.post("/worlds/seeded/reset", {}) == 200
    assert [u["extension"] for u in (await api.get("/accounts/beta/users", world="seeded"))["items"]] == ["2001"]
    bad = await api.post("/worlds", {"id": "bad", "seed": seed.replace("2001", "x")})
    assert bad == 422
    assert bad.json["errors"][0]["message"].startswith("line 4: /accounts/0/users/0/extension must be")
    assert await api.get("/worlds/bad") == 404
    assert await api.post("/worlds", {"from": "main", "seed": seed}) == 422
