"""Who asks? One bearer token, the operator's; and is this server meant at all?

The server keeps the token's SHA-256 only (a token has at least 128 bits, so that a fast hash is enough). A token stands
for an actor; the operator's may act as somebody else for one request, so that every role can be tried. The Host header
must name this machine, or a name that the server was started with: a web page elsewhere cannot make a browser's name
lookup point here (DNS rebinding).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Collection
from functools import lru_cache
from hashlib import sha256
from ipaddress import ip_address

from aiohttp import web

from pbxsim.core.commands import OPERATOR, SERVICE_DESK, Actor
from pbxsim.core.entities import User
from pbxsim.core.refusals import Blocker, Forbidden
from pbxsim.core.rules.common import resolve
from pbxsim.core.state import State
from pbxsim.server.problems import Problem, malformed

ACTOR = "X-Pbxsim-Actor"

Session = Callable[[web.Request], bool]  # may a request without a token ask, since somebody has logged in?

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]/@\s]+))(?::[0-9]{1,5})?")


def token_hash(token: str) -> bytes:
    """What the server keeps of a token."""
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


def check_token(request: web.Request, kept: bytes, session: Session) -> None:
    """401 unless the request carries the token that `kept` is the hash of, or belongs to a session."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and hmac.compare_digest(token_hash(token.strip()), kept):
        return
    if session(request):
        return
    challenge = 'Bearer realm="pbxsim"' + (', error="invalid_token"' if token else "")
    detail = (
        "Send the header `Authorization: Bearer <token>` with the token that the server printed at its first start."
    )
    raise Problem(401, "unauthorized", detail, (("WWW-Authenticate", challenge),))


def check_host(request: web.Request, hosts: Collection[str]) -> str:
    """The Host header, if it means this server; 400 if there is none, 421 if it is another's."""
    header = request.headers.get("Host", "")
    if not header:
        raise malformed("The Host header is missing.")
    name, loopback = _host(header)
    if not (loopback or (name and name in hosts)):
        detail = f"This server is not {header}. Ask it as localhost, or start it with that host name."
        raise Problem(421, "misdirected", detail)
    return header


def acting_as(request: web.Request, state: State) -> Actor:
    """Whom the request acts as: the operator, or whoever the header X-Pbxsim-Actor names."""
    named = request.headers.get(ACTOR)
    if named is None or named == "operator":
        return OPERATOR
    if named == "service-desk":
        return SERVICE_DESK
    kind, _, place = named.partition(":")
    account, slash, key = place.partition("/")
    if kind != "user" or not slash:
        raise malformed(f"{ACTOR} must be operator, service-desk or user:<account>/<id or extension>, not {named!r}.")
    user = resolve(state, account, User, key)
    if user is None:
        raise malformed(f"{ACTOR} names no user: {named!r}.")
    return Actor("user", user.id)


def only_operator(request: web.Request) -> None:
    """What concerns the whole server is not in any platform's table of roles: it is the operator's."""
    named = request.headers.get(ACTOR)
    if named not in (None, "operator"):
        blocker = Blocker("role", named, named, "Ask the operator.")
        raise Forbidden("pbx.role", f"{named} may not do this", "worlds and clocks are the operator's", [blocker])


@lru_cache(maxsize=1024)
def _host(header: str) -> tuple[str, bool]:
    """The host of a Host header, without its port, '' if it cannot be one; and is it this machine by whatever name?"""
    found = _HOST.fullmatch(header)
    name = (found[1] or found[2]).lower() if found else ""
    return name, _is_loopback(name)


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")  # RFC 6761, 6.3
