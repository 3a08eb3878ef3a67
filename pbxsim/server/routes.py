"""From the ROUTES tables to aiohttp's router: every path once, and once more under /w/{world}.

A row names its handler, which is looked up when the server starts: the noun's own, or one that all nouns share
(`resource`). No middleware: what must precede a handler (Host, token, idempotency) stands in one function here, so that
provisioning does not pay for it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from hashlib import blake2b
from importlib import import_module
from types import ModuleType
from typing import Any

import msgspec
from aiohttp import web

from pbxsim.server import auth, once, resource, sight
from pbxsim.server.call import Call, Route, Site, prefix, world_id
from pbxsim.server.problems import Answer, Problem, describe
from pbxsim.server.tokens import NOBODY, Grant

BASE = "/api/v1"
NOUNS = (
    "tokens",
    "accounts",
    "jobs",  # before users: `bulk` is a word, and no extension
    "users",
    "offboarding",
    "apps",
    "mail",
    "devices",
    "directory",
    "staleness",
    "callflows",
    "numbers",
    "queues",
    "mailboxes",
    "calls",
    "phones",
    "outside",
    "worlds",
    "clock",
    "events",
    "webhooks",
    "requests",
    "rules",
)

WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes() -> Iterator[Route]:
    """Every row of every noun."""
    for noun in NOUNS:
        yield from of_noun(noun)


def of_noun(noun: str) -> Iterator[Route]:
    """The rows of one noun."""
    module = noun_module(noun)
    for row in module.ROUTES:
        yield _route(module, *row)


def noun_module(noun: str) -> ModuleType:
    """The file of a noun."""
    return import_module(f"pbxsim.server.api.{noun}")


def _route(module: ModuleType, method: str, path: str, handler: str, command: Any = None) -> Route:
    return Route(method, BASE + path, getattr(module, handler, None) or getattr(resource, handler), command)


def add_routes(app: web.Application, site: Site) -> None:
    """Put all of them on an application, and behind them what answers everything else under /api/."""
    for route in routes():
        handle = _handler(site, route)
        for path in (route.path, f"/w/{{world_prefix}}{route.path}"):
            app.router.add_route(route.method, path, handle)
            if route.method == "GET":
                app.router.add_route("HEAD", path, handle)
    for path in ("/w/{world_prefix}/{path:.*}", "/{path:.*}"):
        app.router.add_route("*", path, _elsewhere(site))


def _handler(site: Site, route: Route) -> WebHandler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            auth.check_host(request, site.hosts)
            call = Call(site, route, request, _grant(site, route, request))
            if call.grant is not NOBODY:
                auth.within(request, call.grant, call.world_named, route.command is not None)
                sight.check(call)
            key = request.headers.get("Idempotency-Key") if route.method == "POST" else None
            if key is not None:
                once.check(key)
            if key is None or call.dry_run or (route.method, route.path) in auth.OPEN:
                reply = await route.handler(call)
            else:
                world, who = world_id(request, False, call.grant.world), call.grant.id
                fingerprint = await _fingerprint(request)
                reply = await site.once(world, key, fingerprint, lambda: route.handler(call), who)
        except Exception as error:
            reply = describe(error, request.path, prefix(request))
        return respond(reply) if isinstance(reply, Answer) else reply

    return handle


def _grant(site: Site, route: Route, request: web.Request) -> Grant:
    """What the request's token stands for; nobody, where none is needed and none is sent."""
    if (route.method, route.path) in auth.OPEN and "Authorization" not in request.headers:
        return site.session(request) or NOBODY
    return auth.check_token(request, site.tokens, site.session)


async def _fingerprint(request: web.Request) -> bytes:
    """Two requests are the same if they say the same, at the same place, for the same actor."""
    said = f"{request.path_qs}\0{request.headers.get(auth.ACTOR, '')}\0".encode("utf-8", "surrogatepass")
    return blake2b(said + await request.read()).digest()


def _elsewhere(site: Site) -> WebHandler:
    """404, or 405 where another method would do; whoever has no token learns neither. A browser gets a page."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            auth.check_host(request, site.hosts)
            path = request.path.removeprefix(prefix(request))
            if path.startswith("/api/"):
                auth.check_token(request, site.tokens, site.session)
            allowed = await _allowed(request)
            if allowed:
                use = ", ".join(sorted(allowed))
                raise Problem(405, "method-not-allowed", f"{request.method} means nothing here.", (("Allow", use),))
            raise Problem(404, "not-found", "There is nothing at this path.")
        except Exception as error:
            answer = describe(error, request.path)
            if site.nowhere is not None and isinstance(error, Problem) and _reads_pages(request):
                return site.nowhere(request, answer)
            return respond(answer)

    return handle


def _reads_pages(request: web.Request) -> bool:
    """Does somebody look for a page, in a browser? The API's own paths have none."""
    if request.path.removeprefix(prefix(request)).startswith("/api/"):
        return False
    wanted = {part.partition(";")[0].strip().lower() for part in request.headers.get("Accept", "").split(",")}
    return "text/html" in wanted and not wanted & {"application/json", "application/problem+json"}


async def _allowed(request: web.Request) -> set[str]:
    """The methods that a route has for the request's path; of two that fit (users/import, users/{user}) the one with
    fewer names to fill in."""
    found: dict[int, set[str]] = {}
    for place in request.app.router.resources():
        _, allowed = await place.resolve(request)
        if allowed - {"*"}:
            found.setdefault(place.canonical.count("{"), set()).update(allowed - {"*"})
    return found[min(found)] if found else set()


def respond(answer: Answer) -> web.Response:
    """An answer as HTTP has it, in JSON. Only a problem may quote what was sent, and so hold what has no UTF-8."""
    if answer.value is None:
        return web.Response(status=answer.status, headers=answer.headers)
    if answer.status >= 400:
        body, kind = json.dumps(answer.value).encode(), "application/problem+json"
    else:
        body, kind = msgspec.json.encode(answer.value), "application/json"
    return web.Response(status=answer.status, body=body, headers=answer.headers, content_type=kind)
