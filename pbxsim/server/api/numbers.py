"""Numbers: where they point, and which are free (J12, J13)."""

from __future__ import annotations

from msgspec import Struct

from pbxsim.core.commands import ActivateNumber, AddNumber, DeactivateNumber, DeleteNumber, UpdateNumber
from pbxsim.core.entities import Number
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.status import number_status
from pbxsim.server import paging
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer

NUMBERS = "/accounts/{account}/numbers"
ROUTES = (
    ("GET", NUMBERS, "list_numbers"),
    ("POST", NUMBERS, "add", AddNumber),
    ("GET", NUMBERS + "/{number}", "item"),
    ("PATCH", NUMBERS + "/{number}", "change", UpdateNumber),
    ("DELETE", NUMBERS + "/{number}", "delete", DeleteNumber),
    ("POST", NUMBERS + "/{number}/activate", "act", ActivateNumber),
    ("POST", NUMBERS + "/{number}/deactivate", "act", DeactivateNumber),
    ("POST", NUMBERS + "/{number}/assign", "assign", UpdateNumber),
)


async def list_numbers(call: Call) -> Answer:
    """`?state=available` (or active) for those of one status."""
    options = call.options(*paging.OPTIONS, "state")
    state = options.get("state", "").upper()
    if state not in ("", "ACTIVE", "AVAILABLE"):
        raise Invalid([Fault("/state", "must be available or active")])
    return paging.entities(
        call.state, call.account.id, Number, options, lambda number: state in ("", number_status(number))
    )


class _Assignment(Struct, frozen=True):
    callflow: str | None


async def assign(call: Call) -> Answer:
    """`{"callflow": id}` points it there, `{"callflow": null}` at nothing."""
    to = (await call.read(_Assignment)).callflow
    number = call.named("number")
    values = {"number": number.id, "callflow": to}
    return await call.ask(values, lambda id_: call.show(call.state.the(Number, id_)), number)
