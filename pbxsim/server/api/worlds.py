"""Worlds: main is kept, any other is a private fork in memory. These paths concern the server, not one world of it."""

from __future__ import annotations

import asyncio

from msgspec import Struct

from pbxsim.core.refusals import Fault, Invalid
from pbxsim.seeds import BadSeed, plant
from pbxsim.server import paging, views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer
from pbxsim.server.worlds import MAIN
from pbxsim.world import World

ROUTES = (
    ("GET", "/worlds", "worlds"),
    ("POST", "/worlds", "fork"),
    ("GET", "/worlds/{world}", "world"),
    ("DELETE", "/worlds/{world}", "delete"),
    ("POST", "/worlds/{world}/reset", "reset"),
)
EMPTY = "empty"


async def worlds(call: Call) -> Answer:
    """Those that are hosted now, by id."""
    return paging.few(call.options(*paging.OPTIONS), {one.id: one for one in call.engine.worlds}, views.world)


async def world(call: Call) -> Answer:
    """One; 404 for one that never was, 410 and why for one that has ended."""
    return Answer(200, views.world(call.engine.world(call.params["world"])))


class _Fork(Struct, frozen=True):
    id: str | None = None
    from_: str | None = None
    seed: str | None = None


async def fork(call: Call) -> Answer:
    """A copy of a world as it is now, an empty one, or one that begins as a seed file says. Without an id it gets one
    that nobody guesses."""
    call.only_operator()
    asked = await call.read(_Fork, **{"from": "from_"})
    if asked.from_ is not None and asked.seed is not None:
        raise Invalid([Fault("/seed", "goes without from: a world begins as another one or as a seed says")])
    empty = asked.from_ == EMPTY or asked.seed is not None
    source = call.engine.world(MAIN if empty or asked.from_ is None else asked.from_)
    if asked.seed is not None:
        await asyncio.to_thread(_try_seed, asked.seed)
    if call.dry_run:
        return Answer(200, {"events": []})
    made = await call.engine.fork(source, asked.id, empty=empty)
    if asked.seed is not None:
        text = asked.seed
        await call.engine.write(made, lambda world: plant(world, text))
        planted = made.world.state
        made.back = lambda: planted  # what a reset returns to
    return call.created(views.world(made), f"/api/v1/worlds/{made.id}")


def _try_seed(text: str) -> None:
    """Raises Invalid with every fault of a seed, each with its line."""
    try:
        plant(World(), text)
    except BadSeed as error:
        faults = error.faults
        raise Invalid([Fault("/seed", f"line {f.line}: {f.pointer or '/'} {f.message}") for f in faults]) from None


class _Confirm(Struct, frozen=True):
    confirm: str = ""


async def delete(call: Call) -> Answer:
    """It answers 410 from now on."""
    id_ = await _confirmed(call)
    if not call.dry_run:
        await call.engine.delete(id_)
        call.site.once.forget(id_)
    return _done(call, Answer(204))


async def reset(call: Call) -> Answer:
    """Back to the seed that it began with."""
    id_ = await _confirmed(call)
    if not call.dry_run:
        await call.engine.reset(id_)
        call.site.once.forget(id_)
    return _done(call, Answer(200, views.world(call.engine.world(id_))))


async def _confirmed(call: Call) -> str:
    """The world that the path names. What would take main's content away must say so: {"confirm": "main"}."""
    call.only_operator()
    id_ = call.engine.world(call.params["world"]).id
    if (await call.read(_Confirm)).confirm != id_ and id_ == MAIN:
        raise Invalid([Fault("/confirm", f'must be "{MAIN}": this cannot be undone')])
    return id_


def _done(call: Call, answer: Answer) -> Answer:
    """No event of any world says that it has ended."""
    return Answer(200, {"events": []}) if call.dry_run else answer
