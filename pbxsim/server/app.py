"""The aiohttp application: the API, the configuration server, and whether this process is well.

It has no middleware and opens no socket: where it listens is the command line's business. Phones come to `/provision/`
without a token, with credentials of their own; their path is kept short, since a site boots all at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from aiohttp import web

from pbxsim.core.refusals import Unavailable
from pbxsim.server import auth
from pbxsim.server.call import Nowhere, Site, prefix, world_id
from pbxsim.server.engine import Engine
from pbxsim.server.once import Once
from pbxsim.server.problems import Answer, describe
from pbxsim.server.routes import WebHandler, add_routes, respond
from provisioning.messages import Request
from provisioning.respond import UPLOAD_LIMIT

BODY_LIMIT = 1024 * 1024


def make_app(
    engine: Engine,
    token_hash: bytes,
    *,
    hosts: Collection[str] = (),
    require_world: bool = False,
    session: auth.Session = lambda request: False,
    pages: Iterable[web.RouteDef] = (),
    nowhere: Nowhere | None = None,
) -> web.Application:
    """The application over an engine.

    `token_hash` is the SHA-256 of the operator's token (see `auth.token_hash`); `hosts` are the names, besides
    loopback, by which this server may be asked; `require_world` refuses requests that name no world. `session` says
    whether a request without a token comes from somebody who has logged in, at the `pages` that are served besides;
    `nowhere` draws the one that a browser gets where there is nothing."""
    site = Site(engine, token_hash, session, frozenset(map(str.lower, hosts)), require_world, Once(), set(), nowhere)
    app = web.Application(client_max_size=BODY_LIMIT)
    app.router.add_get("/healthz", _healthz)
    app.router.add_get("/readyz", _readyz(site))
    phones = _provision(site)
    app.router.add_route("*", "/provision/{path:.*}", phones)
    app.router.add_route("*", "/w/{world_prefix}/provision/{path:.*}", phones)
    app.router.add_routes(pages)
    add_routes(app, site)

    async def end_streams(app: web.Application) -> None:
        for stream in tuple(site.streams):
            stream.close()

    app.on_shutdown.append(end_streams)
    return app


async def _healthz(request: web.Request) -> web.Response:
    """The process answers."""
    return respond(Answer(200, {"status": "ok"}))


def _readyz(site: Site) -> WebHandler:
    async def readyz(request: web.Request) -> web.Response:
        """Main is there, as the file says it."""
        if site.engine.ready:
            return respond(Answer(200, {"status": "ready"}))
        return respond(describe(Unavailable("The world is being loaded."), request.path))

    return readyz


def _provision(site: Site) -> WebHandler:
    async def provision(request: web.Request) -> web.Response:
        """A phone on the network: its request as a value to the engine, and the answer as it comes."""
        try:
            host = auth.check_host(request, site.hosts)
            hosted = site.engine.world(world_id(request, site.require_world))
            body = await _body(request) if request.body_exists else b""
            headers = tuple(request.headers.items())
            asked = Request(request.method, request.raw_path, headers, body, request.remote or "")
            answer = await site.engine.provision(hosted, asked, f"{request.scheme}://{host}")
        except Exception as error:
            return respond(describe(error, request.path, prefix(request)))
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    return provision


async def _body(request: web.Request) -> bytes:
    """As much of it as decides: whoever sends more than a phone may is answered without being read out."""
    body = b""
    while len(body) <= UPLOAD_LIMIT and (chunk := await request.content.readany()):
        body += chunk
    return body
