"""What happens in a world, as it happens: server-sent events. A reader that lost its connection resumes by id."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import msgspec
from aiohttp import web

from pbxsim.core.refusals import Fault, Invalid
from pbxsim.server.call import Call
from pbxsim.server.hub import Message, Subscription
from pbxsim.server.watch import REQUEST_ID, current

ROUTES = (("GET", "/events", "events"),)

KEEP_ALIVE = 15.0  # seconds: proxies close what is silent for longer
PATIENCE = 30.0  # seconds that a reader may leave what was sent unread; the history waits for him, this server does not
COME_BACK = 2000  # ms: when a reader of a server that stops is to try again
STOPPING = "server.stopping"

_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep events back
}


async def events(call: Call) -> web.StreamResponse:
    """From now on; from behind an event with `Last-Event-ID`, or `?after=` where headers cannot be sent."""
    after = _id(call.request.headers.get("Last-Event-ID", call.options("after").get("after")))
    response = web.StreamResponse(headers={**_HEADERS, REQUEST_ID: current.get()})
    with call.engine.hub.subscribe(call.hosted.id, after) as subscription:
        await response.prepare(call.request)
        if call.request.method == "GET":
            await _send(call, response, subscription)
    return response


async def _send(call: Call, response: web.StreamResponse, subscription: Subscription) -> None:
    """Until the reader leaves, the world ends or the server does."""
    call.site.streams.add(subscription)
    try:
        await _write(call, response, b": here\n\n")
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE):
                    message: Message | None = await anext(subscription)
            except TimeoutError:
                message = None
            if not call.lives:  # what he asked with has been revoked, or has expired
                return
            if message is None:
                await _write(call, response, b": still here\n\n")
            elif (view := call.view) is None or view.hears(message):
                await _write(call, response, _lines(message))
    except StopAsyncIteration:
        if subscription.stopped:
            with suppress(ConnectionError):
                await _write(call, response, f"event: {STOPPING}\nretry: {COME_BACK}\ndata: {{}}\n\n".encode())
    except ConnectionError:
        pass
    finally:
        call.site.streams.discard(subscription)


async def _write(call: Call, response: web.StreamResponse, lines: bytes) -> None:
    """Raises ConnectionError if the reader has gone; he has, too, if he does not read."""
    try:
        async with asyncio.timeout(PATIENCE):
            await response.write(lines)
    except TimeoutError:
        call.engine.tally.dropped_readers += 1
        if call.request.transport is not None:
            call.request.transport.abort()
        raise ConnectionResetError("the reader does not read") from None


def _lines(message: Message) -> bytes:
    data = msgspec.json.encode(message.data).decode()
    return f"id: {message.id}\nevent: {message.kind}\ndata: {data}\n\n".encode()


def _id(said: str | None) -> int | None:
    if said is None:
        return None
    if said.isascii() and said.isdigit() and len(said) <= 18:
        return int(said)
    raise Invalid([Fault("/after", f"must be the id of an event, not {said!r}")])
