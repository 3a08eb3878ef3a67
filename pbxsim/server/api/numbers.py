"""Numbers: where they point, and which are free (J12, J13)."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

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
    callflow: str | UnsetType | None = UNSET
    user: str | UnsetType | None = UNSET


async def assign(call: Call) -> Answer:
    """`{"callflow": id}` or `{"user": id}` points it there, `{"callflow": null}` at nothing."""
    to = await call.read(_Assignment)
    given = {name: where for name in ("callflow", "user") if (where := getattr(to, name)) is not UNSET}
    if not given:
        raise Invalid([Fault("/callflow", "is required, or a user")])
    number = call.named("number")
    values = {"number": number.id, **given}
    return await call.ask(values, lambda id_: call.show(call.state.the(Number, id_)), number)
