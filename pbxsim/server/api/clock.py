"""A world's clock: what it shows, and letting time pass where it is virtual."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from datetime import timedelta
from typing import Annotated, Any

from msgspec import Struct

from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.values import Parser
from pbxsim.server.call import Call
from pbxsim.server.clock import Clock
from pbxsim.server.problems import Answer
from pbxsim.world import World

PATIENCE = 0.5  # seconds between two looks at whether somebody still waits

ROUTES = (
    ("GET", "/clock", "clock"),
    ("POST", "/clock", "move"),
)

# ISO 8601 without years and months, which have no fixed length: P1W, P1DT12H, PT10M, PT0.5S.
_DURATION = re.compile(
    r"P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?", re.ASCII
)
_LONGEST = timedelta(days=3660)  # decided: ten years are a slip of the finger


def duration(value: object) -> timedelta:
    """An ISO 8601 duration. Raises ValueError."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None or not any(found.groups()):
        raise ValueError(f"must be a duration such as PT10M or P1DT12H, not {value!r}")
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if span > _LONGEST:
        raise ValueError(f"must be at most {_LONGEST.days} days")
    return span


def _rate(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number: virtual seconds per second, 0 to stand")
    return float(value)


# In a document: [0-9] means the same to every reader of patterns, \d does not.
SPAN = {"type": "string", "format": "duration", "pattern": f"^{_DURATION.pattern}$".replace(r"\d", "[0-9]")}
_RATE = {"type": "number", "minimum": 0}


class _Move(Struct, frozen=True):
    advance: Annotated[timedelta, Parser(duration, schema=SPAN)] | None = None
    rate: Annotated[float, Parser(_rate, schema=_RATE)] | None = None
    settle: bool = False


async def clock(call: Call) -> Answer:
    """Where it stands, and whether it runs by itself."""
    return Answer(200, call.hosted.clock.as_dict())


async def move(call: Call) -> Answer:
    """Exactly one of `advance`, `rate` and `settle`."""
    call.only_operator()
    asked, hosted = await call.read(_Move), call.hosted
    if [asked.advance is not None, asked.rate is not None, asked.settle].count(True) != 1:
        raise Invalid([Fault("", "must say one of advance, rate and settle")])
    if call.dry_run:
        if hosted.clock.mode == "real":
            raise Invalid([Fault("", "cannot be moved: this world follows the real clock; fork it first")])
        return call.tried(lambda fork: _move(fork, asked))
    if asked.advance is not None:
        await _while_asked(call, call.engine.advance(hosted, asked.advance))
    elif asked.rate is not None:
        await call.engine.set_rate(hosted, asked.rate)
    else:
        await _while_asked(call, call.engine.settle(hosted))
    return Answer(200, hosted.clock.as_dict())


async def _while_asked(call: Call, work: Coroutine[Any, Any, None]) -> None:
    """Go on with work that may take minutes, as long as whoever asked for it is still there. What has happened by then
    has happened: the clock stands where it got to."""
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            await asyncio.wait([task], timeout=PATIENCE)
            transport = call.request.transport
            if transport is None or transport.is_closing():
                task.cancel()
        await task
    finally:
        task.cancel()


def _move(world: World, asked: _Move) -> None:
    if asked.advance is not None:
        world.advance(asked.advance)
    elif asked.rate is not None:
        Clock(world, "virtual", asked.rate)
    else:
        world.settle()
