"""While the world is being read or seeded: the port answers, and says so, instead of letting everybody wait.

Whoever watches over this process learns that it lives (`/healthz`) and is not ready (`/readyz`); a phone or a client
is told when to come back.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from pbxsim.core.refusals import Unavailable
from pbxsim.server.problems import Answer, describe
from pbxsim.server.routes import respond


@asynccontextmanager
async def answering(listening: socket.socket) -> AsyncIterator[None]:
    """Answers on that socket, and lets go of it at the end: what connects meanwhile waits for whoever comes next."""
    runner = web.ServerRunner(web.Server(_answer, access_log=None), handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    await web.SockSite(runner, listening.dup()).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def _answer(request: web.BaseRequest) -> web.Response:
    if request.path == "/healthz":
        answer = respond(Answer(200, {"status": "ok"}))
    else:
        answer = respond(describe(Unavailable("The world is being loaded."), request.path))
    answer.force_close()  # the next request is for the server itself
    return answer
