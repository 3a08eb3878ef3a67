"""The outbox: what the PBX has written to people, and what has become of it."""

from __future__ import annotations

from pbxsim.core.entities import Mail
from pbxsim.server import paging
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer

OUTBOX = "/accounts/{account}/outbox"
ROUTES = (
    ("GET", OUTBOX, "outbox"),
    ("GET", OUTBOX + "/{mail}", "item"),
)


async def outbox(call: Call) -> Answer:
    """A page of it, oldest first."""
    return paging.entities(call.state, call.account.id, Mail, call.options(*paging.OPTIONS))
