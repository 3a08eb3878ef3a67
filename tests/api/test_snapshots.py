"""Snapshots over HTTP: a world as a file, and back."""

from __future__ import annotations

import asyncio
import zlib
from datetime import timedelta

import pytest

from pbxsim.core.refusals import Unavailable
from pbxsim.server.engine import Engine
from pbxsim.store import snapshot as snapshots
from tests.api.conftest import ACME, ORIGIN, Api

JOHN = f"{ACME}/users/1002"
MAC = "805ec0112233"
HERE = "/worlds/main/snapshot"


async def taken(api: Api, world: str = "main", query: str = "") -> bytes:
    answer = await api.get(f"/worlds/{world}/snapshot{query}")
    assert answer == 200, answer
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'filename="{world}-' in answer.headers["Content-Disposition"]
    body: bytes = answer.body
    return body


def rows(body: bytes) -> str:
    return zlib.decompress(body[body.index(b"\n", body.index(b"\n") + 1) + 1 : -32]).decode()


@pytest.mark.parametrize("query", ["?secrets=true", ""])
async def test_a_world_is_saved_changed_and_put_back(api: Api, query: str) -> None:
    await api.made("/phones", {"device": f"acme/{MAC}"})
    await api.post(f"/phones/{MAC}/power", {"on": True})
    await api.settle()
    body = await taken(api, query=query)
    await api.delete(f"{ACME}/users/1001")
    await api.patch(JOHN, {"first_name": "Jane"})
    await api.post("/clock", {"advance": "P1D"})
    answer = await api.put(f"{HERE}?confirm=main", data=body)
    assert (answer, answer["id"]) == (200, "main"), answer
    assert (await api.get(JOHN))["first_name"] == "John"
    assert await api.get(f"{ACME}/users/1001") == 200
    await api.settle()
    await api.shows(f"/phones/{MAC}", registered=True)
    apps = await api.post(f"{JOHN}/apps", {"password": "correct horse"})
    assert apps == 201, "his password is still his own, whether the file had it or not"


async def test_secrets_are_in_it_only_where_that_is_asked_for(api: Api) -> None:
    main = api.engine.main.world
    shown, whole = await taken(api), await taken(api, query="?secrets=true")
    for key, value in main.pbx.secrets.items():
        assert value not in rows(shown), key
        assert value in rows(whole), key
    assert main.nature.key.hex().encode() not in shown
    assert main.nature.key.hex().encode() in whole
    assert await api.get(f"{HERE}?secrets=yes") == 422
    assert await api.get(f"{HERE}?password=1") == 422
    for actor in ("service-desk", "user:acme/1002"):
        assert await api.get(HERE, X_Pbxsim_Actor=actor) == 403
        assert await api.get(f"{HERE}?secrets=true", X_Pbxsim_Actor=actor) == 403
        assert await api.put(f"{HERE}?confirm=main", data=whole, X_Pbxsim_Actor=actor) == 403
    assert await api.get(HERE, Authorization=None) == 401


async def test_main_is_replaced_only_if_that_is_said(api: Api) -> None:
    body = await taken(api)
    for query in ("", "?confirm=yes", "?confirm=try"):
        refused = await api.put(f"{HERE}{query}", data=body)
        assert (refused, refused["errors"][0]["pointer"]) == (422, "/confirm")


async def test_a_snapshot_makes_a_world_where_there_is_none(api: Api) -> None:
    body = await taken(api, query="?secrets=true")
    made = await api.put("/worlds/copy/snapshot", data=body)
    assert (made, made.headers["Location"]) == (201, "/api/v1/worlds/copy")
    assert (await api.get(JOHN, world="copy"))["first_name"] == "John"
    await api.patch(JOHN, {"first_name": "Jane"}, world="copy")
    assert (await api.get(JOHN))["first_name"] == "John"
    assert await api.post("/worlds/copy/reset") == 200
    assert (await api.get(JOHN, world="copy"))["first_name"] == "John", "its seed is the snapshot"
    assert await api.put("/worlds/copy/snapshot", data=await taken(api, "copy")) == 200
    assert await api.delete("/worlds/copy") == 204
    assert await api.get("/worlds/copy/snapshot") == 410
    assert await api.put("/worlds/copy/snapshot", data=body) == 201, "an id that is free again"
    assert await api.put("/worlds/a%20b/snapshot", data=body) == 422


async def test_a_dry_run_reads_it_and_changes_nothing(api: Api) -> None:
    body = await taken(api)
    assert (await api.put(f"{HERE}?confirm=main&dry_run=true", data=body)).json == {"events": []}
    assert await api.put(f"{HERE}?confirm=main&dry_run=true", data=body[:-1]) == 422
    assert await api.put("/worlds/copy/snapshot?dry_run=true", data=body) == 200
    assert await api.get("/worlds/copy") == 404


@pytest.mark.parametrize("world", ["main", "try", "new"])
async def test_what_is_damaged_newer_or_none_changes_nothing(api: Api, world: str) -> None:
    body = await taken(api)
    await api.made("/worlds", {"id": "try"})
    await api.patch(JOHN, {"first_name": "Jane"})
    path = f"/worlds/{world}/snapshot" + ("?confirm=main" if world == "main" else "")
    middle = len(body) // 2
    damaged = body[:middle] + bytes([body[middle] ^ 4]) + body[middle + 1 :]
    newer = body.replace(b"pbxsim snapshot 1", b"pbxsim snapshot 9", 1)
    before = [one.world.state for one in api.engine.worlds]
    for bad, why in (
        (damaged, "damaged"),
        (body[:-9], "damaged"),
        (newer, "format 9"),
        (b"", "no snapshot"),
        (b"{}", "no"),
    ):
        answer = await api.put(path, data=bad or b"")
        assert answer == 422, answer
        assert why in answer["errors"][0]["message"], answer
    assert [one.world.state for one in api.engine.worlds] == before


async def test_what_is_too_large(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    body = await taken(api)
    monkeypatch.setattr("pbxsim.server.api.worlds.LIMIT", len(body) - 1)
    answer = await api.put(f"{HERE}?confirm=main", data=body)
    assert (answer, answer["code"]) == (413, "too-large")
    assert await api.get(HERE) == 409

    async def in_parts():
        yield body[:1000]
        yield body[1000:]

    answer = await api.put(f"{HERE}?confirm=main", data=in_parts())
    assert (answer, answer["code"]) == (413, "too-large")


async def test_it_is_read_as_it_comes(api: Api) -> None:
    """In small parts, with pauses; others are served meanwhile."""
    body = await taken(api)

    async def slowly():
        for first in range(0, len(body), 700):
            yield body[first : first + 700]
            await asyncio.sleep(0.001)

    putting = asyncio.ensure_future(api.put(f"{HERE}?confirm=main", data=slowly()))
    while not putting.done():
        assert await api.get(JOHN) == 200
    assert await putting == 200


async def test_a_real_clock_does_not_jump(engine: Engine, serve) -> None:
    real = await Engine.open(None, origin=ORIGIN, clock="real")
    try:
        api = await serve(over=real)
        body = await taken(api)
        assert await api.put(f"{HERE}?confirm=main", data=body) == 200
        await api.made("/worlds", {"id": "future"})
        await api.post("/clock", {"advance": "P30D"}, world="future")
        later = await taken(api, "future")
        refused = await api.put(f"{HERE}?confirm=main", data=later)
        assert (refused, "follows the real clock" in refused["errors"][0]["message"]) == (422, True)
        assert await api.put("/worlds/other/snapshot", data=later) == 201
        clock = await api.get("/clock", world="other")
        assert (clock["mode"], clock["rate"]) == ("virtual", 0)
        assert clock["now"] > real.main.world.now.isoformat()[:10]
    finally:
        await real.close()


async def test_another_servers_world_brings_its_key_along(api: Api, serve) -> None:
    """PINs are concealed with it."""
    body = await taken(api, query="?secrets=true")
    other = await Engine.open(None, origin=ORIGIN, clock="virtual")
    try:
        there = await serve(over=other)
        assert await there.put(f"{HERE}?confirm=main", data=body) == 200
        nature = other.main.world.nature
        assert nature.key == api.engine.main.world.nature.key
        assert {
            nature.verify("4711", kept) for (_, what), kept in other.main.world.pbx.secrets.items() if what == "pin"
        }
        assert (await there.post(f"{JOHN}/apps", {"password": "correct horse"})) == 201
        assert await there.post("/worlds/main/reset", {"confirm": "main"}) == 200
        assert other.main.world.nature.key != nature.key, "its seed is its own"
    finally:
        await other.close()


async def test_restored_and_restarted(api: Api, tmp_path, serve) -> None:
    body = await taken(api, query="?secrets=true")
    path = tmp_path / "main.db"
    engine = await Engine.open(path, origin=ORIGIN, clock="virtual")
    there = await serve(over=engine)
    assert await there.put(f"{HERE}?confirm=main", data=body) == 200
    state, key = engine.main.world.state, engine.main.world.nature.key
    await engine.close()
    engine = await Engine.open(path, origin=ORIGIN)
    try:
        assert engine.main.world.pbx == state.pbx
        assert engine.main.world.nature.key == key
    finally:
        await engine.close()


async def test_what_cannot_be_committed_has_not_been_restored(
    api: Api, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = await taken(api, query="?secrets=true")
    engine = await Engine.open(tmp_path / "main.db", origin=ORIGIN, clock="virtual")
    key = engine.main.world.nature.key
    read = snapshots.Reader()
    read.feed(body)
    write = engine._journal.write

    async def full(group):
        raise OSError("the disk is full")

    monkeypatch.setattr(engine._journal, "write", full)
    with pytest.raises(Unavailable):
        await engine.restore("main", read.finish())
    monkeypatch.setattr(engine._journal, "write", write)
    while not engine.ready:
        await asyncio.sleep(0.01)
    assert not list(engine.main.world.accounts)
    assert engine.main.world.nature.key == key
    await engine.close()


# --- Many ----------------------------------------------------------------------------------------------------------


async def test_two_hundred_worlds_never_see_each_other(api: Api) -> None:
    """Each of 200 tests has a world of its own; their requests come mixed, by header and by prefix, while some worlds
    are reset and saved."""
    many = 200
    ids = [(await api.made("/worlds", {}))["id"] for _ in range(many)]
    assert len(set(ids)) == many

    async def one(number: int, id_: str) -> None:
        name = f"Name{number}"
        prefix = f"//w/{id_}/api/v1"
        for step in range(3):
            added = await api.post(f"{ACME}/users", {"extension": f"2{step}{number:03}", "first_name": name}, world=id_)
            assert added == 201, added
            await api.patch(f"{prefix}{JOHN}", {"first_name": f"{name}-{step}"})
            if number % 10 == 0:
                await api.post("/clock", {"advance": "PT1H"}, world=id_)
            found = (await api.get(f"{prefix}{ACME}/users?limit=1000"))["items"]
            mine = {user["extension"] for user in found} - {"1001", "1002"}
            assert mine == {f"2{one}{number:03}" for one in range(step + 1)}
            assert {user["first_name"] for user in found if user["extension"] == "1002"} == {f"{name}-{step}"}
        if number % 20 == 7:
            assert name in rows(await taken(api, id_))
            assert await api.post(f"/worlds/{id_}/reset") == 200
            assert (await api.get(JOHN, world=id_))["first_name"] == "John"
        elif number % 20 == 9:
            assert await api.delete(f"/worlds/{id_}") == 204
            assert await api.get(JOHN, world=id_) == 410

    await asyncio.gather(*[one(number, id_) for number, id_ in enumerate(ids)])
    assert {user["extension"] for user in (await api.get(f"{ACME}/users"))["items"]} == {"1001", "1002"}
    assert (await api.get(JOHN))["first_name"] == "John"


async def test_an_unused_world_ends_by_itself(serve) -> None:
    """`--forks-expire`: with the reason afterwards; who listens to its events uses it."""
    engine = await Engine.open(None, origin=ORIGIN, clock="virtual", expiry=timedelta(seconds=0.2))
    try:
        api = await serve(over=engine)
        for id_ in ("idle", "heard"):
            await api.made("/worlds", {"id": id_})
        with engine.hub.subscribe("heard"):
            await asyncio.sleep(0.7)
            assert engine.peek("idle") is None, "nobody had to ask"
            gone = await api.get(JOHN, world="idle")
            assert (gone, gone["detail"]) == (410, "The world idle has expired: nobody used it for 0.2 seconds.")
            assert (await api.get("/worlds/heard")) == 200
            assert (await api.get("/worlds/main")) == 200
    finally:
        await engine.close()
