"""What happens in a world, as it happens: server-sent events. A reader that lost its connection resumes by id."""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import web

from pbxsim.core.refusals import Fault, Invalid
from pbxsim.server.call import Call
from pbxsim.server.hub import Message, Subscription

ROUTES = (("GET", "/events", "events"),)

KEEP_ALIVE = 15.0  # seconds: proxies close what is silent for longer

_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep events back
}


async def events(call: Call) -> web.StreamResponse:
    """From now on; from behind an event with `Last-Event-ID`, or `?after=` where headers cannot be sent."""
    after = _id(call.request.headers.get("Last-Event-ID", call.options("after").get("after")))
    response = web.StreamResponse(headers=_HEADERS)
    with call.engine.hub.subscribe(call.hosted.id, after) as subscription:
        await response.prepare(call.request)
        if call.request.method == "GET":
            await _send(call, response, subscription)
    return response


async def _send(call: Call, response: web.StreamResponse, subscription: Subscription) -> None:
    """Until the reader leaves, the world ends or the server does."""
    call.site.streams.add(subscription)
    try:
        await response.write(b": here\n\n")
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE):
                    message = await anext(subscription)
            except TimeoutError:
                await response.write(b": still here\n\n")
            else:
                await response.write(_lines(message))
    except (StopAsyncIteration, ConnectionError):
        pass
    finally:
        call.site.streams.discard(subscription)


def _lines(message: Message) -> bytes:
    data = msgspec.json.encode(message.data).decode()
    return f"id: {message.id}\nevent: {message.kind}\ndata: {data}\n\n".encode()


def _id(said: str | None) -> int | None:
    if said is None:
        return None
    if said.isascii() and said.isdigit() and len(said) <= 18:
        return int(said)
    raise Invalid([Fault("/after", f"must be the id of an event, not {said!r}")])
