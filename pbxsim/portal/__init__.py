"""The demo's page: what a world looks like to somebody who is shown it, live, with buttons.

It stands above the server and is handed to it: pages are drawn here from the world as it is, and everything that a
button does is a call of the JSON API. `make_app` is the server's application with the page at `/`.
"""

from __future__ import annotations

from collections.abc import Collection

from aiohttp import web

from pbxsim.portal.pages import nowhere, routes
from pbxsim.portal.session import Sessions
from pbxsim.server.app import make_app as make_server
from pbxsim.server.engine import Engine
from pbxsim.server.targets import Rules
from pbxsim.server.tokens import Tokens

__all__ = ["Sessions", "make_app", "routes"]


def make_app(
    engine: Engine,
    token_hash: bytes,
    *,
    hosts: Collection[str] = (),
    require_world: bool = False,
    webhook_rules: Rules | None = None,
) -> web.Application:
    """As `pbxsim.server.app.make_app`, with the page: whoever logs in at `/login` with the operator's token is
    the operator."""
    tokens = Tokens(engine, token_hash)
    sessions = Sessions(tokens)
    pages = routes(engine, tokens, sessions, hosts)
    return make_server(
        engine,
        tokens,
        hosts=hosts,
        require_world=require_world,
        session=sessions.allows,
        pages=pages,
        nowhere=nowhere,
        webhook_rules=webhook_rules,
    )
