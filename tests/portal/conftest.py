"""A server with the page, over an engine in memory; and browsers, as far as headers and a cookie make one.

`site` holds a small Jet office and a PISTON office; every test has a server of its own.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from pbxsim import World, portal
from pbxsim.callflows import dial, ring_group
from pbxsim.portal.session import CSRF
from pbxsim.server.auth import token_hash
from pbxsim.server.engine import Engine

PASSWORD = "a-token-for-tests-0123456789"
SAME = {"Sec-Fetch-Site": "same-origin"}

Seed = Callable[[World], None]


def offices(world: World) -> None:
    """John Smith is in use in every way that there is; at Voxco an Aastra waits for somebody to log in."""
    acme = world.accounts.add("Acme", platform="jet", account="acme")
    john = acme.users.add("1002", first_name="John", last_name="Smith", password="tr0ubador")
    mary = acme.users.add("1003", first_name="Mary", last_name="Jones")
    acme.numbers.add("+61255501234", callflow=acme.callflows.add("John direct", dial(john)))
    acme.numbers.add("+61255505678", callflow=acme.callflows.add("Sales", ring_group(john, mary)))
    acme.numbers.add("+61255509999")
    acme.callflows.draft("Sales", ring_group(john, mary))
    acme.queues.add("Front desk", members=[john])
    phone = world.phones.add(acme.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33", owner=john))
    phone.power_on()
    voxco = world.accounts.add("Voxco", platform="piston", account="voxco")
    voxco.users.add("204", first_name="Anna", last_name="Lee", voicemail_pin="4711")
    for model, mac in (("aastra-6731i", "00:08:5d:11:22:33"), ("aastra-6867i", "00:08:5d:11:22:34")):
        world.phones.add(voxco.devices.add(model=model, mac=mac)).power_on()
    world.settle()
    world.phones["00:08:5d:11:22:34"].log_in("204", "4711")
    world.settle()
    acme.users.log_in_app(john, "tr0ubador")


class Site:
    """A server with the page, and one browser."""

    def __init__(self, client: TestClient[web.Request, web.Application], engine: Engine) -> None:
        self.client, self.engine = client, engine
        self.world = engine.main.world

    async def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
        """The response, with its text read."""
        response = await self.client.request(method, path, headers=headers or {}, allow_redirects=False, **more)
        await response.read()
        return response

    async def log_in(self, password: str = PASSWORD) -> Any:
        return await self.ask("POST", "/login", SAME, data={"password": password})

    async def pressing(self) -> dict[str, str]:
        """The headers of a button on the page: same origin, and the page's own token."""
        return SAME | {CSRF: re.search(r'data-csrf="([0-9a-f]{64})"', await self.page())[1]}

    async def page(self, account: str = "") -> str:
        """The page's text, for whoever is logged in."""
        response = await self.ask("GET", f"/?account={account}", SAME)
        assert response.status == 200
        text: str = await response.text()
        return text


Opening = Callable[[Seed | None], Awaitable[Site]]


@pytest.fixture
async def opened() -> AsyncIterator[Opening]:
    """Open a server over a seed, as often as a test needs."""
    closing: list[tuple[TestClient[web.Request, web.Application], Engine]] = []

    async def open_(seed: Seed | None) -> Site:
        engine = await Engine.open(None, origin="http://provisioning.pbx.example", seed=seed, clock="virtual", rate=0)
        app = portal.make_app(engine, token_hash(PASSWORD))
        client = TestClient(TestServer(app), cookie_jar=CookieJar(unsafe=True))
        await client.start_server()
        closing.append((client, engine))
        return Site(client, engine)

    yield open_
    for client, engine in closing:
        await client.close()
        await engine.close()


@pytest.fixture
async def site(opened: Opening) -> Site:
    """The two offices."""
    return await opened(offices)
