"""Who still shows the old name (X2), and the cheapest way to change that."""

from __future__ import annotations

from pbxsim.observe.staleness import Staleness
from pbxsim.observe.suggest import suggest
from pbxsim.server import views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer

ROUTES = (("GET", "/accounts/{account}/staleness", "staleness"),)


async def staleness(call: Call) -> Answer:
    """All of the account's; with `?suggest=<device>`, what to do about one."""
    wanted = call.options("suggest").get("suggest")
    nature, state = call.world.nature, call.world.state
    if wanted is not None:
        return Answer(200, views.suggestion(suggest(nature, state, call.find("device", wanted))))
    return Answer(200, views.staleness(Staleness(nature, state, call.account)))
