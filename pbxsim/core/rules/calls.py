"""What people and telephones do to a live call: they place it, answer it, press keys, hang up.

What the call does by itself, from one stage to the next, is `stages`. Nobody is rung by this file: the world compares a
call before and after, and sends.
"""

from __future__ import annotations

from msgspec import structs

from pbxsim.core.calls import Caller, Leg, LiveCall, Place, Playing, Prompting, Recording, Ringing, Serving, Talking
from pbxsim.core.commands import AnswerCall, HangUpCall, PlaceCall, PressDigits
from pbxsim.core.entities import Device, User
from pbxsim.core.refusals import Blocker
from pbxsim.core.rules import stages
from pbxsim.core.rules.callers import caller_of
from pbxsim.core.rules.common import refuse, resolve
from pbxsim.core.state import Change

# --- Commands ----------------------------------------------------------------------------------------------------


def place(change: Change, command: PlaceCall) -> str:
    """It begins at once, and has its first stage when this returns."""
    return begin(change, command.to, caller_of(change.state, change.account, command.from_), command.digits)


def answer(change: Change, command: AnswerCall) -> str:
    """One of what rings is picked up, the others stop."""
    call = change.state.calls[command.call]
    found = [leg for leg in call.legs if _is(change, leg, command.by)]
    if len(found) != 1:
        ringing = ", ".join(f"{leg.title} ({leg.id})" for leg in call.legs)
        what = f"rings in several places: {ringing}; name one" if found else f"rings at {ringing or 'nobody'}"
        what = what if call.legs else f"does not ring, it is {call.phase}"
        at = f" at {command.by}" if command.by else ""
        blocker = Blocker("call", call.id, f"to {call.to}", f"The call {what}.")
        refuse(change, "call.not-ringing", f"The call cannot be answered{at}", f"it {what}", [blocker])
    stages.answered(change, call, found[0])
    return call.id


def hang_up(change: Change, command: HangUpCall) -> str:
    """Whoever it is."""
    end(change, change.state.calls[command.call])
    return command.call


def press(change: Change, command: PressDigits) -> str:
    """Where nobody asks for keys, somebody hears a tone."""
    pressed(change, change.state.calls[command.call], command.digits)
    return command.call


def _is(change: Change, leg: Leg, by: str) -> bool:
    if by in ("", leg.id, leg.user):
        return True
    user = resolve(change.state, change.account.id, User, by)
    if user is not None:
        return leg.user == user.id
    device = resolve(change.state, change.account.id, Device, by)
    return device is not None and leg.id == device.id


# --- What others say ---------------------------------------------------------------------------------------------


def begin(change: Change, to: str, caller: Caller, digits: str = "") -> str:
    """Somebody has dialled."""
    id_ = change.new_id("k")
    placed = Place("dialled", to)
    call = LiveCall(id_, change.account.id, to, caller, change.now, Playing(0, placed), digits=digits)
    change.put_call(call)
    change.event("call.placed", id_, **{"from": caller.number, "name": caller.name, "to": to})
    stages.go(change, call, placed)
    return id_


def picked_up(change: Change, call: LiveCall, device: str, phone: str = "") -> bool:
    """A phone has answered; False if the call no longer rings there."""
    leg = next((leg for leg in call.legs if leg.id == device), None)
    if leg is not None:
        stages.answered(change, call, structs.replace(leg, phone=phone))
    return leg is not None


def lifted(change: Change, call: LiveCall, phone: str) -> bool:
    """Where somebody has said that the call is answered, the handset is up; False if it is another one's by now."""
    leg = call.answered_by
    if leg is not None and not leg.phone:
        change.put_call(structs.replace(call, answered_by=structs.replace(leg, phone=phone)))
    return leg is not None and leg.phone in ("", phone)


def declined(change: Change, call: LiveCall, device: str, busy: bool) -> None:
    """A phone does not want the call, or is busy. When nothing rings any more the call goes on; in a queue the next
    round comes in its own time, or a phone that always declines would be asked for ever."""
    legs = tuple(leg for leg in call.legs if leg.id != device)
    if len(legs) == len(call.legs):
        return
    call = structs.replace(call, legs=legs, declined=call.declined or busy)
    change.put_call(call)
    if not legs and isinstance(call.stage, Ringing):
        onward = call.stage.place
        if call.declined and onward.do == "unanswered":
            onward = structs.replace(onward, do="busy")
        stages.go(change, call, onward)


def pressed(change: Change, call: LiveCall, digits: str) -> None:
    """Keys from the caller: for whoever asks, or, while something is said, for whoever will. What whoever asks may
    leave to those behind him, and what is typed elsewhere, may be a PIN."""
    stage = call.stage
    shown = 1 if type(stage) is Prompting else 0
    change.event("call.pressed", call.id, digits=digits[:shown] + "*" * len(digits[shown:]))
    if isinstance(stage, Prompting):
        stages.go(change, structs.replace(call, digits=call.digits + digits), stage.again)
    elif isinstance(stage, Playing):
        change.put_call(structs.replace(call, digits=call.digits + digits))
    elif isinstance(stage, Serving):
        due = change.now + stage.seconds * 1000
        stages.serve(change, structs.replace(call, digits=call.digits + digits, due=due), stage)


def silenced(change: Change, call: LiveCall, who: str) -> None:
    """One of the two phones is heard no more. Nobody says so: a switch ends a call when it has heard nothing for a
    while, whatever it stands at meanwhile."""
    if not call.silent:
        talking = type(call.stage) is Talking
        change.put_call(structs.replace(call, silent=who, due=stages.patience(change) if talking else call.due))


def end(change: Change, call: LiveCall) -> None:
    """Somebody has hung up."""
    match call.stage:
        case Talking():
            stages.finish(change, call, "answered")
        case Recording():
            stages.recorded(change, call, call.stage)
        case Serving():
            stages.finish(change, call, "served")
        case _:
            stages.finish(change, call, "abandoned", f"the caller hung up: {call.phase}")
