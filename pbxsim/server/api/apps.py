"""Setting up apps by QR code (U4): a picture to be scanned, and what an app does with it."""

from __future__ import annotations

import secrets as chance

from aiohttp import web

from pbxsim.core.commands import MakeSetupCode, RedeemSetupCode
from pbxsim.core.links import Link
from pbxsim.core.logins import logins
from pbxsim.core.refusals import Fault, Gone, Invalid
from pbxsim.core.rules.common import path
from pbxsim.facade.qr import qr_code
from pbxsim.server import bodies, views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer, Reply

USER = "/accounts/{account}/users/{user}"
ROUTES = (
    ("GET", USER + "/setup-code.svg", "picture", MakeSetupCode),
    ("POST", USER + "/setup-code", "redeem", RedeemSetupCode),
)


async def picture(call: Call) -> Reply:
    """A new code at each look: the one before it no longer counts."""
    asked = call.options("app")
    if "app" not in asked:
        raise Invalid([Fault("/app", "is required: mobile or desktop")])
    user, code = call.named("user"), chance.token_urlsafe(24)
    values = {"user": user.id, "app": asked["app"], "code": code}
    id_ = await call.engine.ask(call.hosted, call.actor, MakeSetupCode, values)
    server = f"{call.request.scheme}://{call.request.host}{call.prefix}"
    drawing = qr_code(str(Link("setup", user.account, id_, code, server, asked["app"])))
    return web.Response(text=drawing, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


async def redeem(call: Call) -> Answer:
    """201: the app that read the code is logged in."""
    user = call.named("user")
    values = bodies.values(RedeemSetupCode, await call.body(), {"user": user.id})

    def logged_in(id_: str) -> Answer:
        for login in logins(call.state, user):
            if login.id == id_:
                return call.created(views.login(login), f"{path(user)}/apps/{id_}")
        raise Gone("login", id_)

    return await call.ask(values, logged_in)
