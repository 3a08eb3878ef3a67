"""Calls: a look at where one would go, calls that ring and take time, the records of those that are over; and the audit
of every destination (X3).

What rings takes virtual time, and a standing clock gives it none: POST {"settle": true} to the clock.
"""

from __future__ import annotations

from functools import partial

from msgspec import Struct

from pbxsim.core.calls import LiveCall, running
from pbxsim.core.commands import AnswerCall, HangUpCall, PlaceCall, PressDigits
from pbxsim.core.commands.calls import Digits
from pbxsim.core.entities import CallRecord
from pbxsim.core.reachability import audit
from pbxsim.core.refusals import Fault, Gone, Invalid, NotFound
from pbxsim.core.values import Destination, Text
from pbxsim.server import bodies, paging, views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer

CALLS = "/accounts/{account}/calls"
CDRS = "/accounts/{account}/cdrs"
ROUTES = (
    ("GET", CALLS, "calls"),
    ("POST", CALLS, "place", PlaceCall),
    ("GET", CALLS + "/{call}", "call"),
    ("POST", CALLS + "/{call}/answer", "do", AnswerCall),
    ("POST", CALLS + "/{call}/hang-up", "do", HangUpCall),
    ("POST", CALLS + "/{call}/press", "do", PressDigits),
    ("GET", CDRS, "records"),
    ("GET", CDRS + "/{cdr}", "record"),
    ("GET", "/accounts/{account}/reachability", "reachability"),
)
RENAMED = {"from": "from_"}


class _Call(Struct, frozen=True):
    to: Destination
    from_: Text = ""
    digits: Digits = ""
    answered: bool | None = None
    ring: bool = False


async def place(call: Call) -> Answer:
    """A look at once: `answered` false means that nobody picks up, and the call goes on; nothing rings and nothing
    changes. With `"ring": true` the call is placed, and 201 says where it is."""
    asked = await call.read(_Call, **RENAMED)
    if asked.ring and asked.answered is not None:
        raise Invalid([Fault("/answered", "belongs to a look; a call that rings is answered by POST .../answer")])
    with bodies.named_as(RENAMED):
        if asked.ring:
            values = {"account": call.account.id, "to": asked.to, "from_": asked.from_, "digits": asked.digits}
            return await call.ask(values, partial(_placed, call))
        trace = call.world.look(call.account, asked.to, asked.from_, asked.answered is not False, asked.digits)
    return Answer(200, {"from": asked.from_, **views.trace(trace)})


async def calls(call: Call) -> Answer:
    """Those that run, the oldest first."""
    return paging.whole(views.call(found) for found in running(call.state.calls.values(), call.account.id))


async def call(call: Call) -> Answer:
    """A call, running or over."""
    return Answer(200, views.call(_found(call, call.params["call"])))


async def do(call: Call) -> Answer:
    """What the route's command says, of this call."""
    found = _found(call, call.params["call"])
    values = bodies.values(call.command, await call.body(), {"call": found.id})
    return await call.ask(values, partial(_shown, call))


async def records(call: Call) -> Answer:
    """The newest first."""
    return paging.entities(call.state, call.account.id, CallRecord, call.options(*paging.OPTIONS), call.sees)


async def record(call: Call) -> Answer:
    """One of them."""
    key = call.params["cdr"]
    found = call.state.get(CallRecord, key)
    if found is None or found.account != call.account.id:
        raise NotFound("call record", key, f"Account {call.account.id} has none of that id.")
    return call.show(found)


def _placed(call: Call, id_: str) -> Answer:
    return call.created(_shown(call, id_).value, f"/api/v1/accounts/{call.account.id}/calls/{id_}")


def _found(call: Call, key: str) -> LiveCall | CallRecord:
    found = call.state.calls.get(key) or call.state.get(CallRecord, key)
    if found is None or found.account != call.account.id:
        raise NotFound("call", key, f"Account {call.account.id} has none of that id.")
    return found


def _shown(call: Call, id_: str) -> Answer:
    found = call.state.calls.get(id_) or call.state.get(CallRecord, id_)
    if found is None:
        raise Gone("call", id_)
    return Answer(200, views.call(found))


async def reachability(call: Call) -> Answer:
    """Every number and extension, where its calls end, in business hours and outside them; what names who is gone."""
    found = audit(call.state, call.account, call.world.nature.platforms[call.account.platform])
    return Answer(
        200,
        {
            "traces": [{**views.trace(trace), "when": trace.when} for trace in found.traces],
            "dead_ends": list(dict.fromkeys(trace.to for trace in found.dead_ends)),
            "orphans": [{"kind": orphan.kind, "name": orphan.name, "gone": orphan.gone} for orphan in found.orphans],
        },
    )
