"""The aiohttp application: the API, the configuration server, and whether this process is well.

It has one middleware, which watches and decides nothing, and opens no socket: where it listens is the command line's
business. Phones come to `/provision/` without a token, with credentials of their own; their path is kept short, since a
site boots all at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from aiohttp import web

from pbxsim.core.refusals import Unavailable
from pbxsim.server import auth, reference
from pbxsim.server.brake import Brake
from pbxsim.server.call import Nowhere, Site, prefix, world_id
from pbxsim.server.engine import Engine
from pbxsim.server.metrics import add_metrics
from pbxsim.server.once import Once
from pbxsim.server.probe import Probe
from pbxsim.server.problems import Answer, describe
from pbxsim.server.routes import WebHandler, add_routes, respond
from pbxsim.server.targets import Rules
from pbxsim.server.throttle import Throttle
from pbxsim.server.tokens import Tokens
from pbxsim.server.watch import watching
from pbxsim.server.worlds import Hosted
from pbxsim.world import scans
from provisioning.messages import Request
from provisioning.respond import UPLOAD_LIMIT

BODY_LIMIT = 1024 * 1024


TOKENS = web.AppKey("tokens", Tokens)

# On every answer but those to phones, unless a handler has said otherwise: nothing here is a page, is kept by a cache,
# or is anybody's business elsewhere.
STRICT = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)


def make_app(
    engine: Engine,
    tokens: bytes | Tokens,
    *,
    hosts: Collection[str] = (),
    require_world: bool = False,
    session: auth.Session = lambda request: None,
    pages: Iterable[web.RouteDef] = (),
    nowhere: Nowhere | None = None,
    webhook_rules: Rules | None = None,
    brake: Brake | None = None,
) -> web.Application:
    """The application over an engine.

    `tokens` are the server's, or the SHA-256 of the operator's (see `auth.token_hash`); `hosts` are the names, besides
    loopback, by which this server may be asked; `require_world` refuses requests that name no world. `session` says
    whether a request without a token comes from somebody who has logged in, at the `pages` that are served besides;
    `nowhere` draws the one that a browser gets where there is nothing. `webhook_rules` say where webhooks may lead
    beside the public network; `brake` holds back whoever guesses at provisioning passwords."""
    names = frozenset(map(str.lower, hosts))
    held = tokens if isinstance(tokens, Tokens) else Tokens(engine, tokens)
    rules = webhook_rules or Rules()
    site = Site(engine, held, session, names, require_world, Once(), set(), Throttle(), nowhere, rules)
    app = web.Application(client_max_size=BODY_LIMIT, middlewares=[watching(engine.tally)])
    app.router.add_get("/healthz", _healthz)
    app.router.add_get("/readyz", _readyz(site))
    add_metrics(app, engine)
    phones = _provision(site, brake or Brake())
    app.router.add_route("*", "/provision/{path:.*}", phones)
    app.router.add_route("*", "/w/{world_prefix}/provision/{path:.*}", phones)
    reference.add(app, names)
    app.router.add_routes(pages)
    add_routes(app, site)

    async def end_streams(app: web.Application) -> None:
        for stream in tuple(site.streams):
            stream.stop()

    async def strict(request: web.Request, response: web.StreamResponse) -> None:
        if request.match_info.handler is not phones:
            for name, value in STRICT:
                response.headers.setdefault(name, value)

    app[TOKENS] = held
    app.on_response_prepare.append(strict)
    app.on_shutdown.append(end_streams)
    return app


async def _healthz(request: web.Request) -> web.Response:
    """The process answers."""
    return respond(Answer(200, {"status": "ok"}))


def _readyz(site: Site) -> WebHandler:
    probe = Probe(site.engine.writable)

    async def readyz(request: web.Request) -> web.Response:
        """Main is there, as the file says it, and the file takes a commit."""
        if not site.engine.ready:
            return respond(describe(Unavailable("The world is being loaded."), request.path))
        if not await probe():
            why = "The world's file takes no commit now: look at the log, and at the disk that holds it."
            return respond(describe(Unavailable(why), request.path))
        return respond(Answer(200, {"status": "ready"}))

    return readyz


def _provision(site: Site, brake: Brake) -> WebHandler:
    async def provision(request: web.Request) -> web.Response:
        """A phone on the network: its request as a value to the engine, and the answer as it comes."""
        try:
            host = auth.check_host(request, site.hosts)
            hosted = site.engine.world(world_id(request, site.require_world))
            body = await _body(request) if request.body_exists else b""
            headers = tuple(request.headers.items())
            asked = Request(request.method, request.raw_path, headers, body, request.remote or "")
            misses = hosted.world.state.misses
            answer = await site.engine.provision(hosted, asked, f"{request.scheme}://{host}")
            if hosted.world.state.misses is not misses:  # a wrong password, or a wrong PIN at a phone
                await _missed(hosted, asked)
        except Exception as error:
            return respond(describe(error, request.path, prefix(request)))
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    async def _missed(hosted: Hosted, asked: Request) -> None:
        """Whoever has failed too often waits for his answer."""
        site.engine.tally.misses += 1
        key = asked.url.partition("/provision/")[2].partition("/")[0]
        if scans.failures(hosted.world.state, asked.source, key) > 0:
            site.engine.tally.slowed += 1
            await brake.hold(scans.of_source(asked.source))

    return provision


async def _body(request: web.Request) -> bytes:
    """As much of it as decides: whoever sends more than a phone may is answered without being read out."""
    body = b""
    while len(body) <= UPLOAD_LIMIT and (chunk := await request.content.readany()):
        body += chunk
    return body
