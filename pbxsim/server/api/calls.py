"""Where calls go: one simulated call with its trace, and the audit of every destination (X3)."""

from __future__ import annotations

from msgspec import Struct

from pbxsim.core.reachability import audit
from pbxsim.core.routing import route
from pbxsim.core.values import Text
from pbxsim.server import views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer

ROUTES = (
    ("POST", "/accounts/{account}/calls", "simulate"),
    ("GET", "/accounts/{account}/reachability", "reachability"),
)


class _Call(Struct, frozen=True):
    to: Text
    from_: Text = ""
    answered: bool = True


async def simulate(call: Call) -> Answer:
    """`answered` false: nobody picks up, and the call goes on. Rings nothing, changes nothing."""
    asked = await call.read(_Call, **{"from": "from_"})
    trace = route(call.state, call.account, asked.to, asked.answered)
    return Answer(200, {"from": asked.from_, **views.trace(trace)})


async def reachability(call: Call) -> Answer:
    """Every number and extension, where its calls end, and what still names somebody who is gone."""
    found = audit(call.state, call.account)
    return Answer(
        200,
        {
            "traces": [views.trace(trace) for trace in found.traces],
            "dead_ends": [trace.to for trace in found.dead_ends],
            "orphans": [{"kind": orphan.kind, "name": orphan.name, "gone": orphan.gone} for orphan in found.orphans],
        },
    )
