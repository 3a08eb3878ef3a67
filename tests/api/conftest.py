"""A server on loopback over an engine in memory, and a client that speaks its JSON.

`api` holds a Jet account with a small office; every test has a server of its own.
"""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from pbxsim.server.app import make_app
from pbxsim.server.auth import token_hash
from pbxsim.server.engine import Engine
from tests.api import conforming

TOKEN = "a-token-for-tests-0123456789"
ORIGIN = "http://provisioning.pbx.example"
ACME = "/accounts/acme"


class Answer:
    """What came back, read to its end. Equal to its status, so that a test may say `== 204`."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def __getitem__(self, name: str) -> Any:
        return self.json[name]

    def __eq__(self, other: object) -> bool:
        return self.status == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self.status} {self.body[:2000].decode(errors='replace')}>"


class Api:
    """A client of one server. A path begins behind /api/v1, or is absolute if it begins with `//`."""

    def __init__(self, client: TestClient[Any, Any], engine: Engine) -> None:
        self.client, self.engine = client, engine
        self.headers: dict[str, str] = {"Authorization": f"Bearer {TOKEN}"}

    async def __call__(
        self, method: str, path: str, body: Any = None, *, data: Any = None, world: str | None = None, **headers: Any
    ) -> Answer:
        """Headers are given as `If_Match="..."`; None takes one of the usual away."""
        sent = dict(self.headers)
        if world is not None:
            sent["X-Pbxsim-World"] = world
        for name, value in headers.items():
            sent.pop(name.replace("_", "-"), None)
            if value is not None:
                sent[name.replace("_", "-")] = value
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        if isinstance(data, bytes) and len(data) > 1 << 20:
            data = io.BytesIO(data)  # aiohttp warns of large bodies that are at hand
        url = path[1:] if path.startswith("//") else f"/api/v1{path}"
        async with self.client.request(method, url, data=data, headers=sent, allow_redirects=False) as response:
            answer = Answer(response.status, response.headers, await response.read())
            conforming.check(method, url, answer.status, answer.headers, answer.body)
            return answer

    async def get(self, path: str, **more: Any) -> Answer:
        return await self("GET", path, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        return await self("POST", path, body, **more)

    async def patch(self, path: str, body: Any, **more: Any) -> Answer:
        return await self("PATCH", path, body, **more)

    async def put(self, path: str, body: Any = None, **more: Any) -> Answer:
        return await self("PUT", path, body, **more)

    async def delete(self, path: str, body: Any = None, **more: Any) -> Answer:
        return await self("DELETE", path, body, **more)

    async def made(self, path: str, body: Any, **more: Any) -> Any:
        """Add something; what it looks like."""
        answer = await self.post(path, body, **more)
        assert answer == 201, answer
        return answer.json

    async def settle(self, **more: Any) -> None:
        """Until no phone is busy."""
        answer = await self.post("/clock", {"settle": True}, **more)
        assert answer == 200, answer

    async def shows(self, path: str, **fields: Any) -> None:
        """What is there has these fields."""
        answer = await self.get(path)
        assert answer == 200, answer
        assert {name: answer.json[name] for name in fields} == fields


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    opened = await Engine.open(None, origin=ORIGIN, clock="virtual")
    yield opened
    await opened.close()


@pytest.fixture
async def serve(engine: Engine) -> AsyncIterator[Callable[..., Awaitable[Api]]]:
    """Starts a server with options of its own."""
    started: list[TestClient[Any, Any]] = []

    async def start(over: Engine = engine, **options: Any) -> Api:
        server = TestServer(make_app(over, token_hash(TOKEN), **options), host="127.0.0.1")
        client: TestClient[Any, Any] = TestClient(server, timeout=aiohttp.ClientTimeout(total=30))
        await client.start_server()
        started.append(client)
        return Api(client, over)

    yield start
    for client in started:
        await client.close()


@pytest.fixture
async def bare(serve: Callable[..., Awaitable[Api]]) -> Api:
    """A server with nothing in its world."""
    return await serve()


@pytest.fixture
async def api(bare: Api) -> Api:
    """Acme on Jet: users 1001 Ann Lee and 1002 John Smith, John's Yealink."""
    await bare.made("/accounts", {"id": "acme", "name": "Acme", "platform": "jet", "country": "AU"})
    await bare.made(f"{ACME}/users", {"extension": "1001", "first_name": "Ann", "last_name": "Lee"})
    john = {"extension": "1002", "first_name": "John", "last_name": "Smith", "password": "correct horse"}
    await bare.made(f"{ACME}/users", john | {"voicemail_pin": "4711"})
    await bare.made(f"{ACME}/devices", {"model": "yealink-t46s", "mac": "80:5e:c0:11:22:33", "owner": "1002"})
    return bare
