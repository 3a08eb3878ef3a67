"""`/metrics`, and the look at how late the event loop is, while the server runs.

What is shown is made when somebody asks: see `figures.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import perf_counter
from typing import TYPE_CHECKING, Any

from aiohttp import web

from pbxsim.server.tally import Tally

if TYPE_CHECKING:
    from pbxsim.server.engine import Engine

LOOKED = 0.25  # s between two looks at how late the event loop is


def add_metrics(app: web.Application, engine: Engine) -> None:
    """Serve `/metrics`, and look at the loop's lag while the application runs."""
    made: list[Any] = []

    async def metrics(request: web.Request) -> web.Response:
        """Everything, as text."""
        from pbxsim.server import figures  # 14 ms that no start waits for

        if not made:
            made.append(figures.registry(engine))
        body, media = figures.text(made[0])
        return web.Response(body=body, headers={"Content-Type": media})

    async def looking(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(_look(engine.tally), name="loop lag")
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    app.router.add_get("/metrics", metrics)
    app.cleanup_ctx.append(looking)


async def _look(tally: Tally) -> None:
    while True:
        began = perf_counter()
        await asyncio.sleep(LOOKED)
        tally.lag.add(max(0.0, perf_counter() - began - LOOKED))
