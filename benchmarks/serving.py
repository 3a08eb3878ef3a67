"""The two servers that the load is put on, each a process of its own on the second core.

    python -m benchmarks.serving pbxsim 1000    pbxsim's application, 1,000 users with a phone each
    python -m benchmarks.serving bare 5000      a bare aiohttp handler that returns 5,000 bytes

Each says one line of JSON when it listens: its port, and what it can be asked with.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import msgspec
from aiohttp import web

from benchmarks.processes import HOST, pin
from benchmarks.worlds import ACCOUNT, mac

TOKEN = "benchmark-" + "0" * 32


class Desk(msgspec.Struct, frozen=True):
    """One user with a phone: what to GET, as whom, and who is to be renamed."""

    extension: str
    path: str
    username: str
    password: str
    name: str  # what his file calls him


class Listening(msgspec.Struct, frozen=True):
    """The line that a server says."""

    port: int
    desks: list[Desk] = []


async def pbxsim(phones: int) -> tuple[web.Application, list[Desk]]:
    """The product: everything that `pbxsim serve --memory` would answer, over a world in memory."""
    from pbxsim import World
    from pbxsim.server.app import make_app
    from pbxsim.server.auth import token_hash
    from pbxsim.server.engine import Engine

    def fill(world: World) -> None:
        acme = world.accounts.add(ACCOUNT, platform="jet")
        for number in range(phones):
            owner = acme.users.add(str(100_000 + number), first_name="User", last_name=f"{number:07}")
            acme.devices.add(model="yealink-t46s", mac=mac(number), owner=owner)

    engine = await Engine.open(None, origin=f"http://{HOST}", seed=fill)
    world = engine.main.world
    acme = world.accounts[ACCOUNT]
    desks = []
    for user in acme.users:
        device = user.devices[0]
        path = f"/provision/{acme.key}/{device.mac}.cfg"
        secret = world.pbx.secrets[device.id, "provisioning"]
        desks.append(Desk(user.extension, path, device.mac, secret, user.name))
    return make_app(engine, token_hash(TOKEN)), desks


async def bare(size: int) -> tuple[web.Application, list[Desk]]:
    """What it is compared with: the least that an aiohttp application can do."""
    body = b"x" * size

    async def handle(request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="text/plain")

    app = web.Application()

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=201, body=body, content_type="application/json")

    app.router.add_get("/{path:.*}", handle)
    app.router.add_post("/{path:.*}", take)
    return app, []


async def serve(kind: str, size: int) -> None:
    """Listen until killed."""
    app, desks = await {"pbxsim": pbxsim, "bare": bare}[kind](size)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0)
    await site.start()
    address: Any = runner.addresses[0]
    print(msgspec.json.encode(Listening(address[1], desks)).decode(), flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Both servers on the loop that `pbxsim serve` runs on."""
    pin(1)
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
    else:
        uvloop.run(serve(sys.argv[1], int(sys.argv[2])))


if __name__ == "__main__":
    main()
