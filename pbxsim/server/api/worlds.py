"""Worlds: main is kept, any other is a private fork in memory. These paths concern the server, not one world of it."""

from __future__ import annotations

import asyncio
import secrets as chance
from collections.abc import Iterator, Mapping

from aiohttp import hdrs, web
from msgspec import Struct

from pbxsim.core.refusals import Fault, Invalid
from pbxsim.seeds import BadSeed, plant
from pbxsim.server import paging, views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer, Problem, Reply
from pbxsim.server.worlds import MAIN
from pbxsim.store.snapshot import CHUNK, LIMIT, Reader, Snapshot, pack
from pbxsim.world import World
from pbxsim.world.state import WorldState

ROUTES = (
    ("GET", "/worlds", "worlds"),
    ("POST", "/worlds", "fork"),
    ("GET", "/worlds/{world}", "world"),
    ("DELETE", "/worlds/{world}", "delete"),
    ("POST", "/worlds/{world}/reset", "reset"),
    ("GET", "/worlds/{world}/snapshot", "snapshot"),
    ("PUT", "/worlds/{world}/snapshot", "restore"),
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
        planted = (made.world.nature, made.world.state)
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


async def snapshot(call: Call) -> Reply:
    """The world as a file. Secrets are in it only if that is asked for."""
    call.only_operator()
    hosted = call.engine.world(call.params["world"])
    whole = _flag(call.options("secrets"), "secrets")
    header, state = await call.engine.frozen(hosted)
    veil = "" if whole else chance.token_hex(12)
    parts = await asyncio.to_thread(lambda: _bounded(pack(header, state, veil)))
    name = f"{hosted.id}-{views.iso(header.now)[:10]}.pbxsim"
    answer = web.StreamResponse(headers={hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"'})
    answer.headers[hdrs.CACHE_CONTROL] = "no-store"
    answer.content_type = "application/octet-stream"
    answer.content_length = sum(map(len, parts))
    await answer.prepare(call.request)
    if call.request.method != hdrs.METH_HEAD:
        for part in parts:
            await answer.write(part)
    await answer.write_eof()
    return answer


def _bounded(parts: Iterator[bytes]) -> list[bytes]:
    """All of a snapshot: whether it is one that can be restored must be known before the first byte is sent."""
    taken, size = [], 0
    for part in parts:
        taken.append(part)
        size += len(part)
        if size > LIMIT:
            detail = f"The snapshot would be larger than {LIMIT >> 20} MiB. Copy main with `pbxsim db backup` instead."
            raise Problem(409, "refused", detail)
    return taken


async def restore(call: Call) -> Answer:
    """What a snapshot says takes the place of the world; where there is none of that id, it is a new fork."""
    call.only_operator()
    id_ = call.params["world"]
    given = call.options("confirm", "dry_run")
    if id_ == MAIN and given.get("confirm") != MAIN:
        raise Invalid([Fault("/confirm", f'must be "{MAIN}" (?confirm={MAIN}): this cannot be undone')])
    there = call.engine.peek(id_)
    if there is None:
        call.engine.check_id(id_)
    taken = await _received(call, (there or call.engine.main).world.state)
    if _flag(given, "dry_run"):
        return Answer(200, {"events": []})
    hosted = await call.engine.restore(id_, taken)
    call.site.once.forget(id_)
    shown = views.world(hosted)
    return Answer(200, shown) if there is not None else call.created(shown, f"/api/v1/worlds/{id_}")


async def _received(call: Call, present: WorldState) -> Snapshot:
    """The body, read as it comes, and in a thread: other worlds go on meanwhile. Raises Invalid."""
    if (call.request.content_length or 0) > LIMIT:
        raise _too_large()
    reader, size = Reader(), 0
    async for part in call.request.content.iter_chunked(CHUNK):
        size += len(part)
        if size > LIMIT:
            raise _too_large()
        await asyncio.to_thread(reader.feed, part)
    return await asyncio.to_thread(reader.finish, present, lambda id_, purpose: chance.token_hex(10))


def _flag(given: Mapping[str, str], name: str) -> bool:
    said = given.get(name, "false")
    if said not in ("true", "false"):
        raise Invalid([Fault(f"/{name}", f"must be true or false, not {said!r}")])
    return said == "true"


def _too_large() -> Problem:
    return Problem(413, "too-large", f"A snapshot is at most {LIMIT >> 20} MiB.", (("Connection", "close"),))


def _done(call: Call, answer: Answer) -> Answer:
    """No event of any world says that it has ended."""
    return Answer(200, {"events": []}) if call.dry_run else answer
