"""What may be read of the API without a token: its document, a page to read and try it, and what each rule says.

Nothing here knows a world: all of it is the same on every server of a version, and whatever an answer names (a rule, in
its `type`) can be looked up by whoever holds the answer. The page is drawn from the document; its style and script are
files of their own, since the policy of every page here allows nothing else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web
from markupsafe import Markup, escape

from pbxsim.core.refusals import NotFound
from pbxsim.server import auth
from pbxsim.server.api import rules
from pbxsim.server.problems import Answer, describe
from pbxsim.server.routes import respond

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent / "pages"
KINDS = {".css": "text/css", ".js": "text/javascript"}
STRICT = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add(app: web.Application, hosts: Collection[str]) -> None:
    """Put these paths on an application."""
    table = (
        ("/api/v1/openapi.json", _document),
        ("/api/docs", _page),
        ("/api/docs/{name}", _file),
        ("/rules", _rules),
        ("/rules/{rule}", _rule),
    )
    for path, handler in table:
        app.router.add_get(path, _guarded(handler, hosts))


def _guarded(handler: Handler, hosts: Collection[str]) -> Handler:
    """The Host header is checked as everywhere."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            auth.check_host(request, hosts)
            return await handler(request)
        except Exception as error:
            return respond(describe(error, request.path))

    return guarded


async def _document(request: web.Request) -> web.StreamResponse:
    """The OpenAPI document; it changes with the version alone."""
    from pbxsim.server import openapi

    text, tag = openapi.encoded()
    return _kept(request, text, "application/json", tag)


async def _page(request: web.Request) -> web.StreamResponse:
    """The page to read and try the API."""
    return _kept(request, *_drawn())


async def _file(request: web.Request) -> web.StreamResponse:
    """Style and script; their names hold their hash, so a browser may keep them for ever."""
    found = _files().get(request.match_info["name"])
    if found is None:
        raise NotFound("file", request.match_info["name"], "GET /api/docs is the page.")
    body, kind = found
    headers = STRICT | {"Cache-Control": "public, max-age=31536000, immutable"}
    return web.Response(body=body, headers=headers, content_type=kind, charset="utf-8")


async def _rules(request: web.Request) -> web.StreamResponse:
    """All rules: for a browser a page, else the API's list."""
    if not _reads_pages(request):
        return _vary(respond(rules.every({})))
    return _html("rules.html", {"rules": rules.every({}).value["items"]})


async def _rule(request: web.Request) -> web.StreamResponse:
    """What the `type` of a refusal leads to."""
    shown = rules.one(request.match_info["rule"])
    if not _reads_pages(request):
        return _vary(respond(Answer(200, shown)))
    return _html("rule.html", {"rule": shown})


def _reads_pages(request: web.Request) -> bool:
    wanted = {part.partition(";")[0].strip().lower() for part in request.headers.get("Accept", "").split(",")}
    return "text/html" in wanted


def _vary(response: web.Response) -> web.Response:
    response.headers["Vary"] = "Accept"
    return response


def _html(template: str, values: dict[str, Any]) -> web.Response:
    text = _templates().get_template(template).render(values)
    return web.Response(text=text, headers=STRICT | {"Vary": "Accept"}, content_type="text/html")


def _kept(request: web.Request, body: bytes, kind: str, tag: str) -> web.Response:
    """Something that a browser may keep, and asks for again by its tag."""
    headers = STRICT | {"ETag": tag, "Cache-Control": "no-cache"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    if tag in known or "*" in known:
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, headers=headers, content_type=kind, charset="utf-8")


@cache
def _drawn() -> tuple[bytes, str, str]:
    from pbxsim.server import openapi
    from pbxsim.server.openapi.reading import chapters

    found = openapi.document()
    text = _templates().get_template("docs.html").render(document=found, chapters=chapters(found)).encode()
    return text, "text/html", f'"{sha256(text).hexdigest()[:24]}"'


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    """{name with hash: (body, type)}."""
    found = (path for path in HERE.iterdir() if path.suffix in KINDS)
    return {_static(path.name): (path.read_bytes(), KINDS[path.suffix]) for path in found}


@cache
def _static(name: str) -> str:
    """docs.css -> docs.1f0c….css."""
    path = HERE / name
    return f"{path.stem}.{sha256(path.read_bytes()).hexdigest()[:16]}{path.suffix}"


def _code(text: str) -> Markup:
    """`so` becomes code; everything is escaped."""
    parts = str(escape(text)).split("`")
    return Markup("".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts)))


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # 15 ms that no start waits for

    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"static": lambda name: f"/api/docs/{_static(name)}"}
    environment.filters |= {
        "code": _code,
        "json": lambda value: msgspec.json.format(msgspec.json.encode(value), indent=2).decode(),
    }
    return environment
