"""A user's settings: each field of a command that names something, or that a platform bounds, in its canonical form."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from msgspec import UNSET, structs

from pbxsim.core.commands import AddUser, UpdateUser
from pbxsim.core.entities import NOT_FORWARDED, Contact, Forwarding, Number, User
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.rules.common import named, taken
from pbxsim.core.state import Change
from pbxsim.core.values import RING, dialled, e164

MOST_CONTACTS = 1000
NOT_A_USERS = frozenset({"operator", "service-desk"})  # roles of those who are no users of the account


def checked(change: Change, command: AddUser | UpdateUser, user: User | None = None) -> dict[str, Any]:
    """The fields of a command that it names, each in its canonical form. Raises Invalid with all faults at once."""
    fields: dict[str, Any] = {}
    faults: list[Fault] = []
    for (name, canonical), value in zip(_CHECKED, _named(command), strict=True):
        if value is not UNSET and value is not None:
            try:
                fields[name] = canonical(change, value)
            except Invalid as error:
                faults += error.faults
    if faults:
        raise Invalid(faults)
    return fields


def extension(change: Change, digits: str) -> str:
    """As long as the platform wants it. Raises Invalid."""
    fewest, most = change.platform.extension_digits
    if not fewest <= len(digits) <= most:
        title = change.platform.title
        raise Invalid([Fault("/extension", f"must be {fewest} to {most} digits on {title}, not {digits!r}")])
    return digits


def role(change: Change, name: str) -> str:
    """A role that the platform gives to users. Raises Invalid."""
    roles = sorted(change.platform.roles.keys() - NOT_A_USERS)
    if name not in roles:
        raise Invalid([Fault("/role", f"must be one of {', '.join(roles)} on {change.platform.title}, not {name!r}")])
    return name


def caller_id(change: Change, key: str) -> str:
    """The id of one of the account's numbers, given as id or E.164. Raises Invalid."""
    return named(change, Number, key, "/caller_id").id


def ringing(change: Change, seconds: int) -> int:
    """As long as a user's phones may ring: some platforms count rings, within bounds. Raises Invalid."""
    bounds = change.platform.rings
    if bounds is not None and not bounds[0] * RING <= seconds <= bounds[1] * RING:
        fewest, most = bounds
        raise Invalid(
            [Fault("/ring_seconds", f"must be {fewest} to {most} rings of {RING} s on {change.platform.title}")]
        )
    return seconds


def forwarding(change: Change, wanted: Forwarding) -> Forwarding:
    """Every destination as it is dialled: an extension or code, or E.164. Raises Invalid with all that are neither."""
    if wanted == NOT_FORWARDED:
        return NOT_FORWARDED
    faults: list[Fault] = []

    def destination(key: str, pointer: str) -> str:
        try:
            return key and (dialled(key) if change.platform.inside(key) else _number(change, key))
        except ValueError as error:
            faults.append(Fault(f"/forwarding/{pointer}", str(error)))
            return key

    one: dict[str, Any] = {name: destination(getattr(wanted, name), name) for name in ("always", "busy", "no_answer")}
    also = tuple(destination(key, f"also/{index}") for index, key in enumerate(wanted.also))
    if faults:
        raise Invalid(faults)
    return structs.replace(wanted, **one, also=also)


def contacts(change: Change, wanted: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """Each number as it is dialled, in the order given. Raises Invalid with all that are none, or with too many."""
    if len(wanted) > MOST_CONTACTS:
        raise Invalid([Fault("/contacts", f"must be at most {MOST_CONTACTS}, are {len(wanted)}")])
    faults: list[Fault] = []
    found = []
    for index, one in enumerate(wanted):
        try:
            short = change.platform.inside(one.number)
            number = dialled(one.number) if short else _number(change, one.number)
            found.append(structs.replace(one, number=number))
        except ValueError as error:
            faults.append(Fault(f"/contacts/{index}/number", str(error)))
    if faults:
        raise Invalid(faults)
    return tuple(found)


def _number(change: Change, key: str) -> str:
    return e164(key, change.account.country)


def login(change: Change, email: str, extension: str, user: User | None = None) -> str:
    """What a user logs in to the portal with, '' where the platform has no such thing. Refused if somebody has it."""
    match change.platform.login:
        case "email":
            name = email.casefold()
        case "extension":
            name = f"{extension}@{change.account.id}"
        case _:
            return ""
    holder = change.state.get(User, change.state.find("login", "", name)) if name else None
    if holder is not None and (user is None or holder.id != user.id):
        shown = holder.title if holder.account == change.account.id else "of another account"
        taken(change, "login", holder, f"The log-in {name} is in use", shown)
    return name


# The fields that a platform bounds, or that name something of the account.
_CHECKED: tuple[tuple[str, Callable[[Change, Any], Any]], ...] = (
    ("extension", extension),
    ("role", role),
    ("caller_id", caller_id),
    ("ring_seconds", ringing),
    ("forwarding", forwarding),
)
_named = attrgetter(*(name for name, _ in _CHECKED))
