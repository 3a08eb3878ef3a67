"""Accounts: one customer each. In a body an account's id is called `id`, as in every view."""

from __future__ import annotations

from pbxsim.core.commands import AddAccount, DeleteAccount, UpdateAccount
from pbxsim.core.entities import Account
from pbxsim.server import bodies
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer
from pbxsim.server.resource import created

ROUTES = (
    ("GET", "/accounts", "items"),
    ("POST", "/accounts", "add", AddAccount),
    ("GET", "/accounts/{account}", "item"),
    ("PATCH", "/accounts/{account}", "change", UpdateAccount),
    ("DELETE", "/accounts/{account}", "delete", DeleteAccount),
)


RENAMED = {"id": "account"}


async def add(call: Call) -> Answer:
    """Without an id, one is made of the name."""
    values = call.values(await call.body(), {}, **RENAMED)
    with bodies.named_as(RENAMED):
        return await call.ask(values, lambda id_: created(call, call.state.the(Account, id_)))
