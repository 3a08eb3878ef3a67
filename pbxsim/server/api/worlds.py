"""Worlds: main is kept, any other is a private fork in memory. These paths concern the server, not one world of it."""

from __future__ import annotations

from msgspec import Struct

from pbxsim.core.refusals import Fault, Invalid
from pbxsim.server import paging, views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer
from pbxsim.server.worlds import MAIN

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
    from_: str = MAIN


async def fork(call: Call) -> Answer:
    """A copy of a world as it is now, or an empty one. Without an id it gets one that nobody guesses."""
    call.only_operator()
    asked = await call.read(_Fork, **{"from": "from_"})
    source = call.engine.world(MAIN if asked.from_ == EMPTY else asked.from_)
    if call.dry_run:
        return Answer(200, {"events": []})
    made = await call.engine.fork(source, asked.id, empty=asked.from_ == EMPTY)
    return call.created(views.world(made), f"/api/v1/worlds/{made.id}")


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
