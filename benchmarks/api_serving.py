"""The servers that `api` compares, each a process of its own on the second core.

    python -m benchmarks.api_serving pbxsim FILE USERS    pbxsim over a file, with so many users
    python -m benchmarks.api_serving bare FILE USERS      aiohttp: the same JSON in and out, the same rows in groups
    python -m benchmarks.api_serving year FILE USERS      pbxsim, and a fork `busy` whose phones are never idle

Each says one line of JSON when it listens. pbxsim's answers besides, at /benchmark/commits, how many commits ended
while each POST since the last look waited, and how long a commit took.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import aiosqlite
import msgspec
from aiohttp import web

from benchmarks.api_rows import Pattern, Statement, connect
from benchmarks.processes import HOST, pin
from benchmarks.serving import TOKEN, Listening
from benchmarks.worlds import ACCOUNT, mac
from pbxsim import World

PHONES = 20  # of the busy world, which look for another configuration every ten minutes


class Commits(msgspec.Struct):
    """`waited`: commits that ended between a command's arrival and its answer, one number each; `took` seconds each."""

    waited: list[int] = []
    took: list[float] = []


async def pbxsim(path: Path, users: int) -> web.Application:
    """The product, with somebody who counts."""
    from pbxsim.server.app import make_app
    from pbxsim.server.auth import token_hash
    from pbxsim.server.engine import Engine

    def fill(world: World) -> None:
        acme = world.accounts.add(ACCOUNT, platform="jet")
        for number in range(users):
            acme.users.add(str(100_000 + number), first_name="User", last_name=f"{number:07}")

    engine = await Engine.open(path, origin=f"http://{HOST}", seed=fill)
    counted, ended = Commits(), 0
    write, ask = engine._journal.write, engine.ask

    async def counting_write(group: Any) -> None:
        nonlocal ended
        began = perf_counter()
        await write(group)
        ended += 1
        counted.took.append(perf_counter() - began)

    async def counting_ask(*arguments: Any, **named: Any) -> str:
        before = ended
        id_ = await ask(*arguments, **named)
        counted.waited.append(ended - before)
        return id_

    engine._journal.write = counting_write  # type: ignore[method-assign]
    engine.ask = counting_ask  # type: ignore[method-assign]

    async def commits(request: web.Request) -> web.Response:
        body = msgspec.json.encode(counted)
        counted.waited, counted.took = [], []
        return web.Response(body=body, content_type="application/json")

    return make_app(engine, token_hash(TOKEN), pages=[web.get("/benchmark/commits", commits)])


async def year(path: Path, users: int) -> web.Application:
    """As `pbxsim`, and a world that has something to do every ten minutes of every day."""
    from pbxsim.server.app import make_app
    from pbxsim.server.auth import token_hash
    from pbxsim.server.engine import Engine

    every_ten = {"yealink": {"static.auto_provision.repeat.enable": "1", "static.auto_provision.repeat.minutes": "10"}}

    def fill(world: World) -> None:
        acme = world.accounts.add(ACCOUNT, platform="jet")
        for number in range(users):
            owner = acme.users.add(str(100_000 + number), first_name="User", last_name=f"{number:07}")
            if number < PHONES:
                device = acme.devices.add(model="yealink-t46s", mac=mac(number), owner=owner, settings=every_ten)
                world.phones.add(device).power_on()
                world.advance(seconds=7)
        world.settle()

    engine = await Engine.open(None, origin=f"http://{HOST}", seed=fill, clock="virtual")
    await engine.fork(engine.main, "busy")
    return make_app(engine, token_hash(TOKEN))


class Bare:
    """Group commit through bare aiosqlite: whoever comes while a group is written goes with the next."""

    def __init__(self, db: aiosqlite.Connection) -> None:
        self.db = db
        self.pattern = Pattern()
        self.number = 100
        self.waiting: list[tuple[list[Statement], asyncio.Future[None]]] = []
        self.work = asyncio.Event()
        self.task = asyncio.create_task(self.run())

    async def run(self) -> None:
        while True:
            await self.work.wait()
            await asyncio.sleep(0)
            self.work.clear()
            group, self.waiting = self.waiting, []
            together: dict[str, list[Any]] = {}
            for statements, _ in group:
                for sql, rows in statements:
                    together.setdefault(sql, []).extend(rows)
            await self.db.execute("BEGIN")
            for sql, rows in together.items():
                await self.db.executemany(sql, rows)
            await self.db.execute("INSERT OR REPLACE INTO world (name, body) VALUES ('main', ?)", (str(self.number),))
            await self.db.execute("COMMIT")
            for _, done in group:
                done.set_result(None)

    async def add(self, body: dict[str, Any]) -> dict[str, Any]:
        self.number += 1
        done = asyncio.get_running_loop().create_future()
        self.waiting.append((self.pattern.rows(self.number, body["extension"], body["last_name"]), done))
        self.work.set()
        await done
        return self.shown(body)

    def shown(self, body: dict[str, Any]) -> dict[str, Any]:
        """A user, with as many members as pbxsim shows."""
        return {
            "id": f"u{self.number}",
            "account": ACCOUNT,
            "extension": body["extension"],
            "name": f"{body['first_name']} {body['last_name']}",
            "first_name": body["first_name"],
            "last_name": body["last_name"],
            "email": "",
            "role": "user",
            "caller_id": None,
            "ring_seconds": 20,
            "voicemail": True,
            "dnd": False,
            "forwarding": {"always": "", "busy": "", "no_answer": "", "also": []},
            "login": "",
            "portal_name": "",
            "portal_access": False,
            "system": False,
            "tag": "",
            "contacts": [],
            "revision": 1,
        }


async def bare(path: Path, users: int) -> web.Application:
    """What pbxsim is compared with."""
    db = await aiosqlite.Connection(lambda: connect(path), iter_chunk_size=64)
    bare = Bare(db)
    known = {
        str(100_000 + n): {"extension": str(100_000 + n), "first_name": "User", "last_name": f"{n:07}"}
        for n in range(users)
    }

    async def get(request: web.Request) -> web.Response:
        shown = bare.shown(known[request.match_info["user"]])
        return web.Response(body=msgspec.json.encode(shown), content_type="application/json")

    async def post(request: web.Request) -> web.Response:
        shown = await bare.add(msgspec.json.decode(await request.read()))
        return web.Response(status=201, body=msgspec.json.encode(shown), content_type="application/json")

    app = web.Application()
    app["bare"] = bare
    app.router.add_get(f"/api/v1/accounts/{ACCOUNT}/users/{{user}}", get)
    app.router.add_post(f"/api/v1/accounts/{ACCOUNT}/users", post)
    return app


async def serve(kind: str, path: Path, users: int) -> None:
    """Listen until killed."""
    app = await {"pbxsim": pbxsim, "bare": bare, "year": year}[kind](path, users)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0)
    await site.start()
    address: Any = runner.addresses[0]
    print(msgspec.json.encode(Listening(address[1])).decode(), flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """On the loop that `pbxsim serve` runs on."""
    pin(1)
    kind, path, users = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve(kind, path, users))
    else:
        uvloop.run(serve(kind, path, users))


if __name__ == "__main__":
    main()
