"""The pages and their files: the world's page, the log-in, style and script. Every answer carries strict headers.

A page is drawn whole, each time it is asked for; the script asks again when something has happened and changes what
differs. So there is one place that says how a thing looks: the templates.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import web
from markupsafe import Markup

from pbxsim.portal import words
from pbxsim.portal.office import shown
from pbxsim.portal.session import Sessions, check_csrf, csrf_token, same_origin
from pbxsim.server import auth
from pbxsim.server.engine import Engine
from pbxsim.server.problems import Answer, describe
from pbxsim.server.routes import respond
from pbxsim.server.throttle import Throttle
from pbxsim.server.tokens import Tokens

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

STRICT = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # no-referrer would make browsers send `Origin: null` with the log-in form
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


ASKS, WRONG = "Who is calling?", "That was not the password."


def routes(engine: Engine, tokens: Tokens, sessions: Sessions, hosts: Collection[str] = ()) -> Iterable[web.RouteDef]:
    """What the server's application is to serve besides the API: `/`, `/login`, `/logout` and `/static/`."""
    hosts = frozenset(map(str.lower, hosts))
    throttle = Throttle()

    async def page(request: web.Request) -> web.StreamResponse:
        """An office, or the first one. Whoever is not logged in is sent to log in."""
        if sessions.knows(request) is None:
            return _see("/login")
        values = shown(engine, request.query.get("account", ""))
        return _page("page.html", values | {"csrf": csrf_token(request)})

    async def login(request: web.Request) -> web.StreamResponse:
        """The form."""
        return _page("login.html", {"says": ASKS}) if sessions.knows(request) is None else _see("/")

    async def log_in(request: web.Request) -> web.StreamResponse:
        """The password is the operator's token: the page shows everything there is."""
        if not same_origin(request):
            return _page("login.html", {"says": ASKS}, status=403)
        typed, source = (await request.post()).get("password", ""), request.remote or ""
        wait = throttle.attempt(source, f"page {source}")
        if wait is not None:
            if wait.first:
                told: dict[str, Any] = {"source": source, "by": "source", "seconds": wait.seconds}
                await engine.write(engine.main, lambda world: world.note("login.throttled", "", **told))
            response = _page("login.html", {"says": f"Too often. Try in {wait.seconds} s."}, status=429)
            response.headers["Retry-After"] = str(wait.seconds)
            return response
        grant = tokens.check(typed.strip()) if isinstance(typed, str) else None
        if grant is None or not grant.whole:
            return _page("login.html", {"says": WRONG}, status=401)
        throttle.succeeded(source, f"page {source}")
        response = _see("/")
        sessions.begin(request, response, grant)
        return response

    async def log_out(request: web.Request) -> web.StreamResponse:
        """The session ends, here and in the browser."""
        response = _see("/login")
        if same_origin(request) and sessions.knows(request) is not None:
            check_csrf(request, str((await request.post()).get("csrf", "")))
            sessions.end(request, response)
        return response

    async def static(request: web.Request) -> web.StreamResponse:
        """Style and script: their names hold their hash, so a browser may keep them for ever."""
        found = _files().get(request.match_info["name"])
        if found is None:
            return web.Response(status=404, headers=STRICT)
        body, kind = found
        headers = STRICT | {"Cache-Control": "public, max-age=31536000, immutable"}
        return web.Response(body=body, headers=headers, content_type=kind, charset="utf-8")

    table = (
        ("GET", "/", page),
        ("GET", "/login", login),
        ("POST", "/login", log_in),
        ("POST", "/logout", log_out),
        ("GET", "/static/{name}", static),
    )
    return [web.route(method, path, _guarded(handler, hosts)) for method, path, handler in table]  # HEAD with GET


def nowhere(request: web.Request, problem: Answer) -> web.StreamResponse:
    """What a browser gets at a path at which there is nothing."""
    values = {name: problem.value[name] for name in ("title", "status", "detail")} | {"path": request.path}
    response = _page("nowhere.html", values, problem.status)
    response.headers.extend(problem.headers)
    return response


def _guarded(handler: Handler, hosts: Collection[str]) -> Handler:
    """The Host header is checked here as for the API: a name elsewhere may have been pointed at this machine."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            auth.check_host(request, hosts)
            return await handler(request)
        except Exception as error:
            return respond(describe(error, request.path))

    return guarded


def _page(template: str, values: dict[str, Any], status: int = 200) -> web.Response:
    text = _templates().get_template(template).render(values)
    headers = STRICT | {"Cache-Control": "no-store"}
    return web.Response(status=status, text=text, headers=headers, content_type="text/html")


def _see(place: str) -> web.Response:
    return web.Response(status=303, headers=STRICT | {"Location": place, "Cache-Control": "no-store"})


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    """{name with hash: (body, type)}."""
    return {static_name(path.name): (path.read_bytes(), KINDS[path.suffix]) for path in (HERE / "static").iterdir()}


@cache
def static_name(name: str) -> str:
    """page.css -> page.1f0c….css."""
    path = HERE / "static" / name
    return f"{path.stem}.{sha256(path.read_bytes()).hexdigest()[:16]}{path.suffix}"


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # 15 ms that no start waits for

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"body": _body, "segment": _segment, "number": words.spaced}
    environment.globals |= {"static": lambda name: f"/static/{static_name(name)}", "kinds": words.KINDS}
    return environment


def _body(value: Any) -> str:
    """A request's body, for an attribute: JSON, which the template then escapes like any text."""
    return json.dumps(value, ensure_ascii=False)


def _segment(value: object) -> Markup:
    """An id as a part of a path. What is percent-encoded needs no escaping."""
    return Markup(quote(str(value), safe=""))
