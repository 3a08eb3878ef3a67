"""Numbers: where they point, and how they move.

A number points at one version of a callflow, straight at a user where the platform knows that, or at nothing. On Jet
it moves directly (J5); on PISTON it must leave the callflow that has it before another takes it (P3), and cannot leave
one that would be left without any.
"""

from __future__ import annotations

from typing import Any, NoReturn

from msgspec import UNSET

from pbxsim.core.commands import ActivateNumber, AddNumber, DeactivateNumber, DeleteNumber, UpdateNumber
from pbxsim.core.entities import Callflow, Number, User, Version
from pbxsim.core.refusals import Blocker, Fault, Invalid
from pbxsim.core.rules.common import named, path, refuse, taken, update
from pbxsim.core.state import Change
from pbxsim.core.status import newest, numbers_of
from pbxsim.core.values import dialled, e164


def add(change: Change, command: AddNumber) -> str:
    """AVAILABLE, or ACTIVE at once where a callflow is given."""
    try:
        canonical = e164(command.e164, change.account.country)
    except ValueError as error:
        raise Invalid([Fault("/e164", str(error))]) from None
    holder = change.state.get(Number, change.state.find("e164", "", canonical))
    taken(change, "number", holder, f"Number {canonical} cannot be added", canonical)
    number = Number(change.new_id("n"), change.account.id, canonical, command.name)
    change.put(number)
    change.event("number.added", number.id, e164=canonical)
    _move(change, number, command.callflow or UNSET, command.user or UNSET)
    return number.id


def update_number(change: Change, command: UpdateNumber) -> str:
    """J13: the service name; and where the number points."""
    number = change.state.the(Number, command.number)
    _move(change, number, command.callflow, command.user)
    update(change, change.state.the(Number, number.id), {"name": command.name})
    return number.id


def activate(change: Change, command: ActivateNumber) -> str:
    """J13: an AVAILABLE number can be set up again, with or without a callflow."""
    number = change.state.the(Number, command.number)
    update(change, number, {"active": True, "name": command.name}, "number.activated")
    _move(change, change.state.the(Number, number.id), command.callflow, command.user)
    return number.id


def deactivate(change: Change, command: DeactivateNumber) -> str:
    """J12: it stays on the account, points at nothing, and can be set up for a new user."""
    number = change.state.the(Number, command.number)
    _may_leave(change, number)
    release(change, number)
    return number.id


def release(change: Change, number: Number) -> None:
    """It becomes AVAILABLE: it stays on the account and leads nowhere."""
    update(change, number, {"active": False, "version": None, "user": None, "name": ""}, "number.deactivated")


def delete(change: Change, command: DeleteNumber) -> str:
    """Off the account, and no longer anybody's caller ID. Not while it leads somewhere."""
    number = change.state.the(Number, command.number)
    version = change.state.get(Version, number.version)
    if not change.platform.switched(change.account, "number.in-use"):
        _may_leave(change, number)
    elif version is not None or number.user is not None:
        blocker = _holder(change, number, version)
        title, detail = f"Number {number.e164} cannot be deleted", f"{blocker.name} has it"
        refuse(change, "number.in-use", title, detail, [blocker])
    for user in change.state.pointing_at(number.id, User):
        update(change, user, {"caller_id": None})
    change.drop(number)
    change.event("number.deleted", number.id, e164=number.e164)
    return number.id


def _holder(change: Change, number: Number, version: Version | None) -> Blocker:
    """Where the number leads, and how to end that."""
    request = ("POST", f"{path(number)}/deactivate")
    if version is not None:
        callflow = change.state.the(Callflow, version.callflow)
        remedy = f"Deactivate {number.e164}, or take it out of {callflow.name}."
        return Blocker("callflow", callflow.id, callflow.name, remedy, request)
    user = change.state.get(User, number.user)
    id_, name = str(number.user), user.title if user else str(number.user)
    return Blocker("user", id_, name, f"Deactivate {number.e164}, or let it lead elsewhere.", request)


def point(change: Change, number: Number, version: Version, reassigning: bool = False) -> None:
    """Let a number lead to a version. `reassigning`: the whole callflow moves, which every platform allows."""
    now = change.state.get(Version, number.version)
    if now is not None and now.callflow != version.callflow and not reassigning:
        if not change.platform.numbers_move_directly:
            holder = change.state.the(Callflow, now.callflow)
            remedy = f"Remove {number.e164} from callflow {holder.name} first."
            blocker = Blocker("callflow", holder.id, holder.name, remedy, ("PATCH", path(holder)))
            refuse(
                change,
                "number.held",
                f"Number {number.e164} is in use",
                f"callflow {holder.name} has it",
                [blocker],
            )
        _may_leave(change, number)
    if number.version != version.id or not number.active:
        update(change, number, {"version": version.id, "user": None, "active": True}, "number.assigned")


def split_numbers(change: Change, keys: tuple[str, ...]) -> tuple[list[Number], tuple[str, ...]]:
    """P2: a callflow's list holds E.164 numbers and extensions, told apart. Raises Invalid for anything else."""
    numbers: list[Number] = []
    codes: dict[str, None] = {}
    faults = []
    for index, key in enumerate(keys):
        try:
            if key.startswith(("+", "n")):
                numbers.append(named(change, Number, key, f"/numbers/{index}"))
            elif change.platform.dialled_callflows:
                codes[dialled(key)] = None
            else:
                raise ValueError("must be an E.164 number of the account; extensions belong to users here")
        except ValueError as error:
            faults.append(Fault(f"/numbers/{index}", str(error)))
        except Invalid as error:
            faults.extend(error.faults)
    if faults:
        raise Invalid(faults)
    return numbers, tuple(codes)


def dialled_here(change: Change, key: str, callflow: str | None) -> None:
    """Refuse an extension or code that another callflow answers to."""
    holder = change.state.get(Callflow, change.state.find("dialled", change.account.id, key))
    if holder is not None and holder.id != callflow:
        taken(change, "number", holder, f"{key} is in use", holder.name)


def _service(change: Change, callflow: str) -> Version:
    """`callflow=` in a number means its newest version that is not a draft."""
    found = named(change, Callflow, callflow, "/callflow")
    version = newest(change.state, found)
    if version is None:
        raise Invalid([Fault("/callflow", f"{found.name} has only a draft: make it Available first")])
    return version


def _move(change: Change, number: Number, callflow: Any, user: Any) -> None:
    """To a callflow, to a user, or (None) away from where it led; UNSET leaves it."""
    straight = change.platform.numbers_to_users
    straight = straight and change.platform.setting(change.account, "number.to-user") is not False
    if user not in (UNSET, None) and not straight:
        raise Invalid([Fault("/user", f"numbers lead to callflows on {change.platform.title}: name a callflow")])
    if callflow not in (UNSET, None) and user not in (UNSET, None):
        raise Invalid([Fault("/user", "leads elsewhere than the callflow: name one of the two")])
    if callflow not in (UNSET, None):
        point(change, number, _service(change, callflow))
    elif user not in (UNSET, None):
        whom = named(change, User, user, "/user")
        _may_leave(change, number)
        if number.user != whom.id or not number.active:
            update(change, number, {"version": None, "user": whom.id, "active": True}, "number.assigned")
    elif (callflow is None and number.version is not None) or (user is None and number.user is not None):
        _may_leave(change, number)
        update(change, number, {"version": None, "user": None}, "number.unassigned")


def needs_number(change: Change, callflow: Callflow, title: str) -> NoReturn:
    """Refuse to leave a callflow without any number (P3)."""
    detail = f"{callflow.name} keeps at least one number or extension; add another first, or delete the callflow"
    refuse(change, "callflow.needs-number", title, detail)


def _may_leave(change: Change, number: Number) -> None:
    """PISTON: the last number or pattern of a callflow cannot be removed (KAZOO)."""
    version = change.state.get(Version, number.version)
    if version is None or not change.platform.callflow_needs_number:
        return
    callflow = change.state.the(Callflow, version.callflow)
    if not callflow.dialled and len(numbers_of(change.state, version)) == 1:
        needs_number(change, callflow, f"{number.e164} is the last number of {callflow.name}")
