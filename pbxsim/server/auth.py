"""Who asks, and how far does what he came with reach? And is this server meant at all?

A token or a session stands for an actor (see `tokens`); the operator's may act as somebody else for one request, so
that every role can be tried. The Host header must name this machine, or a name that the server was started with: a web
page elsewhere cannot make a browser's name lookup point here (DNS rebinding).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from ipaddress import ip_address

from aiohttp import web

from pbxsim.core.commands import OPERATOR, SERVICE_DESK, Actor
from pbxsim.core.entities import User
from pbxsim.core.refusals import Blocker, Forbidden
from pbxsim.core.rules.common import resolve
from pbxsim.core.state import State
from pbxsim.server.problems import Problem, malformed
from pbxsim.server.tokens import Grant, Tokens, token_hash

__all__ = [
    "ACTOR",
    "OPEN",
    "Session",
    "acting_as",
    "check_host",
    "check_token",
    "only_operator",
    "token_hash",
    "within",
]

ACTOR = "X-Pbxsim-Actor"

# The token behind the session that a request without one belongs to; None for none. Raises Problem.
Session = Callable[[web.Request], Grant | None]

OPEN = frozenset({("POST", "/api/v1/tokens")})  # what is asked without a token as well: logging in
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]/@\s]+))(?::[0-9]{1,5})?")


def check_token(request: web.Request, tokens: Tokens, session: Session) -> Grant:
    """What the request's token stands for, or its session's; 401 without either."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    grant = tokens.check(token.strip()) if scheme.lower() == "bearer" else None
    grant = grant or session(request)
    if grant is not None:
        return grant
    challenge = 'Bearer realm="pbxsim"' + (', error="invalid_token"' if token else "")
    detail = "Send `Authorization: Bearer <token>`: the operator's, or one that POST /api/v1/tokens has given."
    raise Problem(401, "unauthorized", detail, (("WWW-Authenticate", challenge),))


def check_host(request: web.Request, hosts: Collection[str]) -> str:
    """The Host header, if it means this server; 400 if there is none, 421 if it is another's."""
    header = request.headers.get("Host", "")
    if not header:
        raise malformed("The Host header is missing.")
    name, loopback = _host(header) if len(header) <= 300 else ("", False)  # what is looked at is remembered
    if not (loopback or (name and name in hosts)):
        detail = f"This server is not {header}. Ask it as localhost, or start it with that host name."
        raise Problem(421, "misdirected", detail)
    return header


def within(request: web.Request, grant: Grant, world: str | None, command: bool) -> None:
    """403 for what a token was not made for: another world than its own (`world` is the one that is named), or, where
    it may only read, anything that is more (`command`: the path asks for one, whatever the method)."""
    if grant.world and world is not None and world != grant.world:
        raise _narrow(grant, f"it is for the world {grant.world} alone", "Ask in that world, or use another token.")
    if grant.read_only and (command or request.method not in SAFE):
        raise _narrow(grant, "it may only read", "Use a token that may write.")


def acting_as(request: web.Request, state: State, grant: Grant) -> Actor:
    """Whom the request acts as: whoever its token stands for, or whom the operator's names in X-Pbxsim-Actor."""
    named = request.headers.get(ACTOR)
    if named is None:
        return grant.actor
    if grant.kind != "operator":
        raise _narrow(grant, f"{ACTOR} is the operator's", "Leave the header out: the token says who asks.")
    return actor_named(named, state)


def actor_named(named: str, state: State) -> Actor:
    """operator, service-desk, or user:<account>/<id or extension>. Raises Problem."""
    if named == "operator":
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


def only_operator(request: web.Request, grant: Grant) -> None:
    """What concerns the whole server is not in any platform's table of roles: it is the operator's."""
    named = request.headers.get(ACTOR, "operator") if grant.kind == "operator" else str(grant.actor)
    if named != "operator":
        blocker = Blocker("role", named, named, "Ask the operator.")
        raise Forbidden("pbx.role", f"{named} may not do this", "worlds and clocks are the operator's", [blocker])


def _narrow(grant: Grant, why: str, do: str) -> Forbidden:
    return Forbidden("pbx.role", "This token may not do this", why, [Blocker("token", grant.id, grant.name, do)])


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
