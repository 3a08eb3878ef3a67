"""Tokens: made by logging in, or by the operator for any actor; listed without themselves; revoked.

Whatever is wrong with a log-in (who, the password, the world, whether he may come in), there is one answer, after the
same work. It is the one path that is asked without a token, so it is throttled by source and by login.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any

from msgspec import Struct

from pbxsim.core.commands import Actor
from pbxsim.core.refusals import Fault, Gone, Invalid, NotFound
from pbxsim.core.values import Parser, Text
from pbxsim.server import auth, paging
from pbxsim.server.api.clock import SPAN, duration
from pbxsim.server.call import Call
from pbxsim.server.engine import Hosted
from pbxsim.server.login import log_in, user_of
from pbxsim.server.problems import Answer, Problem
from pbxsim.server.throttle import Wait
from pbxsim.server.tokens import NOBODY, Grant
from pbxsim.server.views import iso

ROUTES = (
    ("GET", "/tokens", "tokens"),
    ("POST", "/tokens", "make"),
    ("GET", "/tokens/{token}", "token"),
    ("DELETE", "/tokens/{token}", "revoke"),
)

LOGGED_IN = 12 * 3600.0  # s that a log-in lasts unless it says otherwise: a working day, as a session's
LONGEST = 366 * 86400.0  # s that anything may last which ends at all
CHALLENGE = (("WWW-Authenticate", 'Bearer realm="pbxsim"'),)


class Asked(Struct, frozen=True):
    """`login` and `password`; or `actor`, as the header X-Pbxsim-Actor names one."""

    login: str | None = None
    password: str | None = None
    actor: str | None = None
    name: Text = ""
    world: str | None = None
    read_only: bool = False
    expires_in: Annotated[timedelta, Parser(duration, schema=SPAN)] | None = None


async def tokens(call: Call) -> Answer:
    """Those that are one's own; the operator's are all. The oldest first."""
    mine = {f"{grant.created:015}\0{grant.id}": grant for grant in call.site.tokens.all() if _reaches(call, grant)}

    def listed(after: str) -> Iterator[tuple[str, Grant]]:
        return ((place, mine[place]) for place in sorted(mine) if place > after)

    return paging.page(call.options(*paging.OPTIONS), listed, _view, lambda grant: f"{grant.name} {grant.actor}")


async def token(call: Call) -> Answer:
    """What one stands for; never the token itself."""
    return Answer(200, _view(_found(call)))


async def revoke(call: Call) -> Answer:
    """It counts no more, and what goes on with it (a stream of events, a session) ends."""
    grant = _found(call)
    if call.dry_run:
        return Answer(200, {"events": []})
    await call.site.tokens.revoke(grant)
    return Answer(204)


async def make(call: Call) -> Answer:
    """The only answer that holds a token. It is for the world that is asked, where it is a user's; `expires_in` is 12
    hours for a log-in, and for ever for the operator's, unless they say otherwise."""
    asked = await call.read(Asked)
    faults = []
    if asked.actor is None:
        given = {"login": asked.login, "password": asked.password}
        faults += [Fault(f"/{name}", "is required, or an actor") for name, value in given.items() if value is None]
    elif asked.login is not None or asked.password is not None:
        faults.append(Fault("/actor", "goes without login and password: a token is logged in for, or made"))
    seconds = None if asked.expires_in is None else asked.expires_in.total_seconds()
    if seconds is not None and not 1 <= seconds <= LONGEST:
        faults.append(Fault("/expires_in", "must be one second to 366 days"))
    if faults:
        if call.grant is NOBODY and asked.actor is not None:
            auth.check_token(call.request, call.site.tokens, call.site.session)
        raise Invalid(faults)
    if asked.actor is None:
        return await _logged_in(call, asked, LOGGED_IN if seconds is None else seconds)
    return await _made(call, asked, asked.actor, seconds)


async def _made(call: Call, asked: Asked, named: str, seconds: float | None) -> Answer:
    grant = call.grant
    if grant is NOBODY:
        auth.check_token(call.request, call.site.tokens, call.site.session)
    call.only_operator()
    auth.within(call.request, grant, asked.world, False)
    world = asked.world or grant.world
    hosted = call.engine.world(world) if world else call.hosted
    try:
        actor = auth.actor_named(named, hosted.world.pbx)
    except Problem as problem:
        raise Invalid([Fault("/actor", problem.detail.partition(" ")[2])]) from None
    if grant.expires:  # nobody makes what outlives him
        left = (grant.expires - call.site.tokens.now) / 1000
        seconds = left if seconds is None else min(seconds, left)
    return await _answer(call, asked, actor, hosted.id if actor.kind == "user" else world, seconds, logged_in=False)


async def _logged_in(call: Call, asked: Asked, seconds: float) -> Answer:
    throttle, source = call.site.throttle, call.request.remote or ""
    try:
        hosted: Hosted | None = call.hosted
    except (NotFound, Gone):
        hosted = None
    login, password = asked.login or "", asked.password or ""
    key = f"{call.world_id}\0{login}"
    wait = throttle.attempt(source, key)
    if wait is not None:
        await _told(call, hosted, login, source, wait)
        detail = f"Too many log-ins; try again in {wait.seconds} s."
        raise Problem(429, "throttled", detail, (("Retry-After", str(wait.seconds)),))
    user = await log_in(call.engine, hosted, login, password)
    if user is None or hosted is None or asked.world not in (None, hosted.id):
        raise Problem(401, "unauthorized", "Login and password are not right, or may not be used here.", CHALLENGE)
    throttle.succeeded(source, key)
    return await _answer(call, asked, Actor("user", user.id), hosted.id, seconds, logged_in=True)


async def _told(call: Call, hosted: Hosted | None, login: str, source: str, wait: Wait) -> None:
    """Once for each run of refusals: whose log-in it was, if it is anybody's. What was typed is not repeated."""
    if hosted is None or not wait.first:
        return
    user = user_of(hosted.world, login)
    account, subject = ("", "") if user is None else (user.account, user.id)
    detail = {"source": source, "by": wait.whom, "seconds": wait.seconds}
    await call.engine.write(
        hosted,
        lambda world: world.note("login.throttled", subject, account=account, **detail),
    )


async def _answer(
    call: Call, asked: Asked, actor: Actor, world: str, seconds: float | None, *, logged_in: bool
) -> Answer:
    if call.dry_run:
        return Answer(200, {"events": []})
    made = await call.site.tokens.make(
        actor, world, name=asked.name, read_only=asked.read_only, seconds=seconds, logged_in=logged_in
    )
    if made is None:
        raise Problem(409, "refused", "There are too many tokens: revoke some.")
    token, grant = made
    return call.created({**_view(grant), "token": token}, f"/api/v1/tokens/{grant.id}")


def _found(call: Call) -> Grant:
    """One that whoever asks may know of. Raises NotFound."""
    id_ = call.params["token"]
    grant = call.site.tokens.get(id_)
    if grant is None or not _reaches(call, grant):
        raise NotFound("token", id_, "It may have been revoked, or have expired.")
    return grant


def _reaches(call: Call, grant: Grant) -> bool:
    """Is it one's own? The operator's are all, of his world where his own token is for one."""
    mine = call.grant
    if mine.id == grant.id:
        return True
    if mine.kind == "operator":
        return mine.world in ("", grant.world)
    return mine.kind == "user" and (mine.user, mine.world) == (grant.user, grant.world) and grant.kind == "user"


def _view(grant: Grant) -> dict[str, Any]:
    return {
        "id": grant.id,
        "name": grant.name,
        "actor": grant.kind,
        "user": grant.user or None,
        "world": grant.world or None,
        "read_only": grant.read_only,
        "created": iso(grant.created),
        "expires": iso(grant.expires) if grant.expires else None,
    }
