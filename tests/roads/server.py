"""A server of our own for a run of tests: a real socket on loopback, in a thread with its own event loop."""

from __future__ import annotations

import asyncio
import itertools
import threading
from typing import Any

from tests.roads.http import HttpWorld
from tests.roads.wire import Wire

TOKEN = "a token for tests only"


class Server:
    """Starts on making; `world()` gives a private empty world on it; `close()` ends it."""

    def __init__(self) -> None:
        self.port = 0
        self._started = threading.Event()
        self._names = itertools.count(1)
        self._wires: list[Wire] = []
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._started.wait(10), "the server has not come up"

    async def _serve(self) -> None:
        from aiohttp import web

        from pbxsim.server.app import make_app
        from pbxsim.server.auth import token_hash
        from pbxsim.server.engine import Engine

        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        engine = await Engine.open(None, origin="http://127.0.0.1", clock="virtual")
        runner = web.AppRunner(make_app(engine, token_hash(TOKEN)), access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._started.set()
        await self._stop.wait()
        await runner.cleanup()
        await engine.close()

    def wire(self, world: str) -> Wire:
        """A connection for one world."""
        wire = Wire(self.port, TOKEN, world)
        self._wires.append(wire)
        return wire

    def world(self) -> Any:
        """A private world with nothing in it."""
        name = f"test-{next(self._names)}"
        self.wire("main")("POST", "/worlds", {"id": name, "from": "empty"})
        return HttpWorld(self.wire(name))

    def close(self) -> None:
        """Stop, and wait until it has."""
        for wire in self._wires:
            wire.close()
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
