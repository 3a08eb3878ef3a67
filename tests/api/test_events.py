"""What happens in a world, as server-sent events."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest

from pbxsim.server.api import events
from tests.api.conftest import ACME, TOKEN, Api


class Stream:
    """The events of a response, one at a time."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def block(self) -> dict[str, str]:
        """The fields of the next block; a comment has the name ''. {} at the end."""
        fields: dict[str, str] = {}
        while line := (await asyncio.wait_for(self.response.content.readline(), 10)).decode():
            if line == "\n":
                return fields
            name, _, value = line.rstrip("\n").partition(": ")
            fields[name.rstrip(":")] = value
        return fields

    async def event(self) -> tuple[int, str, Any]:
        """The next event: its id, kind and data."""
        while "event" not in (block := await self.block()):
            assert block, "the stream has ended"
        return int(block["id"]), block["event"], json.loads(block["data"])


@asynccontextmanager
async def listening(api: Api, query: str = "", **headers: str) -> AsyncIterator[Stream]:
    sent = api.headers | {name.replace("_", "-"): value for name, value in headers.items()}
    async with api.client.get(f"/api/v1/events{query}", headers=sent) as response:
        assert response.status == 200, await response.text()
        assert response.headers["Content-Type"].startswith("text/event-stream")
        stream = Stream(response)
        assert await stream.block() == {"": "here"}
        yield stream


async def test_what_happens_is_told(api: Api) -> None:
    async with listening(api) as stream:
        await api.patch(f"{ACME}/users/1002", {"first_name": "Jane"})
        john = (await api.get(f"{ACME}/users/1002"))["id"]
        _, kind, data = await stream.event()
        assert kind == "user.updated"
        assert data.pop("time").endswith("Z")
        assert data == {
            "actor": "operator",
            "account": "acme",
            "subject": john,
            "detail": {"first_name": ["John", "Jane"]},
        }


async def test_a_reader_resumes_where_it_was(api: Api) -> None:
    """By header, as browsers do when they connect again, or by query; the header is the newer word."""
    async with listening(api) as stream:
        await api.made(f"{ACME}/queues", {"name": "one"})
        first, _, _ = await stream.event()
    for name in ("two", "three"):
        await api.made(f"{ACME}/queues", {"name": name})
    for query, headers in (
        (f"?after={first}", {}),
        ("", {"Last_Event_ID": str(first)}),
        ("?after=1", {"Last_Event_ID": str(first)}),
    ):
        async with listening(api, query, **headers) as stream:
            told = [await stream.event() for _ in range(2)]
            assert [data["detail"]["name"] for _, _, data in told] == ["two", "three"]
            assert [id_ for id_, _, _ in told] == [first + 1, first + 2]


async def test_screens_are_told(api: Api) -> None:
    """Which phones look different; what they show is theirs to say."""
    await api.made("/phones", {"device": "acme/805ec0112233"})
    async with listening(api) as stream:
        await api.post("/phones/805ec0112233/power", {"on": True})
        _, kind, data = await stream.event()
        assert (kind, data) == ("phone.screen", {"phone": "805ec0112233"})


async def test_one_world_hears_nothing_of_another(api: Api) -> None:
    await api.made("/worlds", {"id": "try"})
    async with listening(api, X_Pbxsim_World="try") as stream:
        await api.made(f"{ACME}/queues", {"name": "main's"})
        await api.made(f"{ACME}/queues", {"name": "ours"}, world="try")
        _, _, data = await stream.event()
        assert data["detail"]["name"] == "ours"


async def test_a_reset_and_an_end_are_told(api: Api) -> None:
    await api.made("/worlds", {"id": "try"})
    async with listening(api, X_Pbxsim_World="try") as stream:
        await api.post("/worlds/try/reset")
        _, kind, data = await stream.event()
        assert (kind, data) == ("world.reset", {"reason": "it was reset"})
        await api.delete("/worlds/try")
        assert await stream.block() == {}


async def test_silence_is_kept_alive(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "KEEP_ALIVE", 0.01)
    async with listening(api) as stream:
        assert await stream.block() == {"": "still here"}
        await api.made(f"{ACME}/queues", {"name": "one"})
        assert (await stream.event())[1] == "queue.added"


async def test_the_server_does_not_wait_for_readers(api: Api) -> None:
    """A shutdown ends every stream."""
    async with listening(api) as stream:
        begun = asyncio.get_running_loop().time()
        await api.client.server.close()
        assert asyncio.get_running_loop().time() - begun < 5
        assert await stream.block() == {"event": "server.stopping", "retry": "2000", "data": "{}"}
        assert await stream.block() == {}


async def test_a_reader_who_does_not_read_is_dropped_and_the_others_are_not(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """He resumes by id when he comes back: the history has waited for him, and nobody else has."""
    monkeypatch.setattr(events, "PATIENCE", 0.2)
    name = "x" * 100
    with socket.socket() as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect(("127.0.0.1", api.client.server.port))
        head = f"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
        lazy.sendall(head.encode())
        async with listening(api) as stream:
            for number in range(4000):
                api.engine.main.world.note("webhook.dead", name, why=f"{number} {name * 50}")
                api.engine.hub.publish("main", api.engine.main.world.state)
                assert (await stream.event())[2]["detail"]["why"].startswith(f"{number} ")
                if api.engine.tally.dropped_readers:
                    break
    assert api.engine.tally.dropped_readers == 1


async def test_many_readers_hear_the_same(api: Api) -> None:
    async with AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(listening(api)) for _ in range(50)]
        for number in range(5):
            await api.made(f"{ACME}/queues", {"name": f"Q{number}"})
        heard = [[(await stream.event())[::2] for _ in range(5)] for stream in streams]
        assert all(one == heard[0] for one in heard)
        assert [data["detail"]["name"] for _, data in heard[0]] == [f"Q{number}" for number in range(5)]


async def test_a_gap_that_nobody_can_fill_is_told(api: Api) -> None:
    """Whoever resumes from what has been forgotten, or from another life of the world, reads everything again."""
    history = api.engine.main.world.state.history
    for after in (history.last + 1000, 10**17):
        async with listening(api, f"?after={after}") as stream:
            id_, kind, data = await stream.event()
            assert (kind, data) == ("world.reset", {"reason": "what came before is no longer kept"})
            await api.made(f"{ACME}/queues", {"name": f"Q {after}"})
            assert (await stream.event())[0] == id_ + 1


async def test_a_reader_who_leaves_is_forgotten(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "KEEP_ALIVE", 0.01)
    listeners = api.engine.hub._feeds["main"].listeners
    async with listening(api):
        assert len(listeners) == 1
    for _ in range(200):
        if not listeners:
            break
        await asyncio.sleep(0.01)
    assert not listeners


@pytest.mark.parametrize("query", ["?after=x", "?after=-1", "?after=", "?since=1"])
async def test_ids_that_are_none(api: Api, query: str) -> None:
    assert await api.get(f"/events{query}") == 422


async def test_a_head_ends_at_once(api: Api) -> None:
    assert await api("HEAD", "/events") == 200
