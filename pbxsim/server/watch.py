"""What is seen of every request, whoever answers it: an id, how long it took, a line in the log.

The one middleware there is. A line says the route, never a query (extension and PIN stand in those of the XML pages)
and never an account's key (whoever has it may ask for files); ids come from the client where they are harmless, and go
back to him, so that his log and ours can be laid side by side.
"""

from __future__ import annotations

import logging
import re
import secrets
from contextvars import ContextVar
from itertools import count
from time import perf_counter

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_urldispatcher import AbstractResource

from pbxsim.server.tally import Tally

REQUEST_ID = "X-Request-Id"
LOG = logging.getLogger("pbxsim.access")

current: ContextVar[str] = ContextVar("pbxsim request", default="")
"""The id of the request that is being answered, '' outside of one: for the log's lines."""

_HARMLESS = re.compile(r"[A-Za-z0-9._:/+=-]{1,64}")
_PREFIX = "/w/{world_prefix}"
_ELSEWHERE = "elsewhere"
_PROCESS, _NUMBERS = secrets.token_hex(4), count(1)  # an id of ours: which process, and its how-many-th request
GONE = 499  # the client left before he was answered: nginx's number for it


def watching(tally: Tally) -> Middleware:
    """The middleware that fills the tally."""
    names: dict[AbstractResource | None, str] = {}

    @web.middleware
    async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
        began = perf_counter()
        asked = request.headers.get(REQUEST_ID, "")
        id_ = asked if asked and _HARMLESS.fullmatch(asked) else f"{_PROCESS}{next(_NUMBERS) & 0xFFFFFFFF:08x}"
        current.set(id_)
        status = GONE
        tally.under_way += 1
        whole = True
        try:
            response = await handler(request)
            status, whole = response.status, isinstance(response, web.Response)
            if not response.prepared:
                response.headers[REQUEST_ID] = id_
        except web.HTTPException as answer:
            status = answer.status
            answer.headers[REQUEST_ID] = id_
            raise
        except Exception:
            status = 500
            raise
        else:
            return response
        finally:
            tally.under_way -= 1
            resource = request.match_info.route.resource
            route = names.get(resource)
            if route is None:
                route = names[resource] = template(resource)
            took = perf_counter() - began
            if whole:
                tally.served(request.method, route, status, took)
            else:  # how long somebody has listened is no latency
                tally.requests[request.method, route, status] += 1
            if LOG.isEnabledFor(logging.INFO):
                _line(request, route, status, took)

    return watch


def template(resource: AbstractResource | None) -> str:
    """The route that a request was for, as the router has it: one of so many."""
    found = _ELSEWHERE if resource is None else resource.canonical.removeprefix(_PREFIX)
    return _ELSEWHERE if found == "/{path}" else found


def _line(request: web.Request, route: str, status: int, took: float) -> None:
    method = request.method if request.method.isalpha() and len(request.method) < 20 else "?"
    world = request.match_info.get("world_prefix") or request.headers.get("X-Pbxsim-World") or "main"
    fields = {
        "method": method,
        "route": route,
        "path": shown_path(request),
        "status": status,
        "ms": round(took * 1000, 1),
        "remote": request.remote or "",
        "world": world if _HARMLESS.fullmatch(world) else "?",
    }
    LOG.info("%s %s %d", method, fields["path"], status, extra=fields)


def shown_path(request: web.Request) -> str:
    """The path as a log may show it: percent-encoded as it came, without query and without an account's key."""
    path = request.rel_url.raw_path[:200]
    before, found, after = path.partition("/provision/")
    if found:
        _, slash, file = after.partition("/")
        path = f"{before}{found}***{slash}{file}"
    return path
