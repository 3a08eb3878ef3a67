"""Live calls: they ring, wait, are answered or not, and leave a record.

`walking` says where a call goes; here it stands at a stage until its time is up (`wake`), somebody does something
(commands), or a telephone says something (`picked_up`, `declined`). One table says what begins with each stage, one
what follows when its time is up. Nobody is rung by this file: the world compares a call before and after, and sends.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from msgspec import structs

from pbxsim.core.calls import (
    Caller,
    Leg,
    LiveCall,
    Over,
    Place,
    Playing,
    Prompting,
    Recording,
    Ringing,
    Serving,
    Talking,
    Waiting,
    running,
)
from pbxsim.core.commands import AnswerCall, HangUpCall, PlaceCall, PressDigits
from pbxsim.core.entities import Account, CallRecord, Device, Mailbox, Queue, User
from pbxsim.core.logins import device_title, visitor
from pbxsim.core.refusals import Blocker, Fault, Invalid
from pbxsim.core.rules import mailboxes
from pbxsim.core.rules.common import refuse, resolve
from pbxsim.core.rules.serving import SERVICES, noted
from pbxsim.core.state import Change, State
from pbxsim.core.values import e164, mac
from pbxsim.core.walking import Walk

MOST_STEPS = 256  # of a call that waits for a very long time, round after round
ATTEMPTS = 3  # at what is typed (KAZOO: hotdesk)


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
    _answered(change, call, found[0])
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
    return leg.id == _device_key(change.state, change.account.id, by)


def _device_key(state: State, account: str, key: str) -> str | None:
    with suppress(ValueError):
        key = mac(key)
    device = resolve(state, account, Device, key)
    return device.id if device else None


def caller_of(state: State, account: Account, from_: str) -> Caller:
    """Who that is: a user, a device, or somebody outside. Raises Invalid."""
    if not from_:
        return Caller("anonymous")
    user = resolve(state, account.id, User, from_)
    if user is not None:
        return Caller(user.extension, user.name, user.id)
    device = state.get(Device, _device_key(state, account.id, from_))
    if device is not None:
        return at_device(state, device)
    try:
        return Caller(e164(from_, account.country))
    except ValueError as error:
        known = f"names no user or device of account {account.id}, and as a telephone outside it {error}"
        raise Invalid([Fault("/from_", known)]) from None


def at_device(state: State, device: Device, call: str = "", invite: int = 0) -> Caller:
    """Who calls from a device: whoever is logged in there, else its owner, else the device by its name."""
    user = visitor(state, device) or state.get(User, device.owner)
    if user is None:
        return Caller(device.id, device_title(device), "", device.id, call, invite)
    return Caller(user.extension, user.name, user.id, device.id, call, invite)


# --- What others say ---------------------------------------------------------------------------------------------


def begin(change: Change, to: str, caller: Caller, digits: str = "") -> str:
    """Somebody has dialled."""
    id_ = change.new_id("k")
    placed = Place("dialled", to)
    call = LiveCall(id_, change.account.id, to, caller, change.now, Playing(0, placed), digits=digits)
    change.put_call(call)
    change.event("call.placed", id_, **{"from": caller.number, "name": caller.name, "to": to})
    _go(change, call, placed)
    return id_


def wake(change: Change, call: LiveCall) -> None:
    """A stage's time is up."""
    _TIME_UP[type(call.stage)](change, call, call.stage)


def picked_up(change: Change, call: LiveCall, device: str) -> bool:
    """A phone has answered; False if the call no longer rings there."""
    leg = next((leg for leg in call.legs if leg.id == device), None)
    if leg is not None:
        _answered(change, call, leg)
    return leg is not None


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
        _go(change, call, onward)


def pressed(change: Change, call: LiveCall, digits: str) -> None:
    """Keys from the caller: for whoever asks, or, while something is said, for whoever will."""
    stage = call.stage
    open_ = type(stage) is Prompting  # elsewhere it may be a PIN
    change.event("call.pressed", call.id, digits=digits if open_ else "*" * len(digits))
    if isinstance(stage, Prompting):
        _go(change, structs.replace(call, digits=call.digits + digits), stage.again)
    elif isinstance(stage, Playing):
        change.put_call(structs.replace(call, digits=call.digits + digits))
    elif isinstance(stage, Serving):
        due = change.now + stage.seconds * 1000
        _serve(change, structs.replace(call, digits=call.digits + digits, due=due), stage)


def end(change: Change, call: LiveCall) -> None:
    """Somebody has hung up."""
    match call.stage:
        case Talking():
            _finish(change, call, "answered")
        case Recording():
            _recorded(change, call, call.stage)
        case Serving():
            _finish(change, call, "served")
        case _:
            _finish(change, call, "abandoned", f"the caller hung up: {call.phase}")


# --- Stages: what begins with each ---------------------------------------------------------------------------------


def _go(change: Change, call: LiveCall, onward: Place) -> None:
    """On to the next stage. What rang before rings no more."""
    walk = _walk(change, call)
    stage = walk.go(onward)
    call = structs.replace(
        call,
        stage=stage,
        steps=call.steps + tuple(walk.steps),
        legs=(),
        due=None,
        digits=walk.digits,
        forwarded=walk.forwarded,
        hops=walk.hops,
        declined=False,
        queue="",
        tried=(),
        since=change.now,
    )
    _BEGINS[type(stage)](change, call, stage)


def _walk(change: Change, call: LiveCall) -> Walk:
    return Walk(
        change.state,
        change.account,
        change.platform,
        change.now,
        change.outside.offset,
        call.caller.user,
        call.caller.inside,
        call.digits,
        call.forwarded,
        call.hops,
    )


def _ring(change: Change, call: LiveCall, stage: Ringing) -> None:
    change.put_call(structs.replace(call, legs=stage.legs, due=_after(change, stage.seconds)))
    change.event("call.ringing", call.id, at=", ".join(leg.title for leg in stage.legs))


def _wait(change: Change, call: LiveCall, stage: Waiting) -> None:
    call = structs.replace(call, queue=stage.queue, until=_after(change, stage.seconds))
    change.event("call.waiting", call.id, queue=stage.queue)
    _offer(change, call, stage)


def _prompt(change: Change, call: LiveCall, stage: Prompting) -> None:
    change.put_call(structs.replace(call, due=_after(change, stage.seconds), connected=True))
    change.event("call.prompting", call.id)


def _play(change: Change, call: LiveCall, stage: Playing) -> None:
    change.put_call(structs.replace(call, due=_after(change, stage.seconds)))
    change.event("call.playing", call.id)


def _record(change: Change, call: LiveCall, stage: Recording) -> None:
    change.put_call(
        structs.replace(call, due=_after(change, _setting(change, "voicemail.message-seconds")), connected=True)
    )
    change.event("call.recording", call.id, mailbox=stage.mailbox)


def _served(change: Change, call: LiveCall, stage: Serving) -> None:
    call = structs.replace(call, due=_after(change, stage.seconds), connected=True)
    change.event("call.serving", call.id, action=stage.action)
    _serve(change, call, stage)


def _over(change: Change, call: LiveCall, stage: Over) -> None:
    _finish(change, call, stage.outcome, stage.cause)


_BEGINS: dict[type, Callable[[Change, LiveCall, Any], None]] = {
    Ringing: _ring,
    Waiting: _wait,
    Prompting: _prompt,
    Playing: _play,
    Recording: _record,
    Serving: _served,
    Over: _over,
}


def _after(change: Change, seconds: int) -> int:
    return change.now + seconds * 1000


def _setting(change: Change, rule: str) -> int:
    return int(change.platform.setting(change.account, rule) or 0)


# --- Stages: what follows when their time is up ----------------------------------------------------------------------


def _on(change: Change, call: LiveCall, stage: Ringing | Playing) -> None:
    _go(change, call, stage.place)


def _waited(change: Change, call: LiveCall, stage: Waiting) -> None:
    if change.now >= call.until:
        _go(change, call, stage.place)
    else:
        _offer(change, call, stage)


def _silent(change: Change, call: LiveCall, stage: Prompting) -> None:
    _go(change, call, stage.silent)


def _recorded(change: Change, call: LiveCall, stage: Recording) -> None:
    """A message, if the mailbox is still there and somebody has said something."""
    box = change.state.get(Mailbox, stage.mailbox)
    seconds = (change.now - call.since) // 1000
    if box is None:
        _finish(change, call, "nobody", "the mailbox was deleted while the caller spoke")
    elif seconds:
        kept = mailboxes.leave_message(change, box, call.caller.number, call.caller.name, seconds)
        _finish(change, call, "voicemail" if kept else "nobody", "" if kept else "the mailbox takes no message")
    else:
        _finish(change, call, "abandoned", "the caller hung up: he left no message")


def _unserved(change: Change, call: LiveCall, stage: Serving) -> None:
    name, _ = SERVICES[stage.action]
    _finish(change, noted(call, name, call.to, "the caller does nothing more"), "served")


_TIME_UP: dict[type, Callable[[Change, LiveCall, Any], None]] = {
    Ringing: _on,
    Waiting: _waited,
    Prompting: _silent,
    Playing: _on,
    Recording: _recorded,
    Serving: _unserved,
}


# --- Queues ------------------------------------------------------------------------------------------------------


def _offer(change: Change, call: LiveCall, stage: Waiting) -> None:
    """A round: ring whom the queue's strategy says. Its pointer moves with whoever rings, not with whoever answers."""
    walk = _walk(change, call)
    legs = walk.agents(stage.queue, call.tried, call.id)
    rung = tuple(dict.fromkeys(leg.user for leg in legs))
    queue = change.state.get(Queue, stage.queue)
    tried = call.tried
    if queue is not None and rung:
        tried = rung if set(rung) <= set(tried) else (*tried, *rung)
        if queue.strategy == "round-robin":
            change.put(structs.replace(queue, rung=rung[0]))
    steps = call.steps
    if len(steps) < MOST_STEPS and tuple(walk.steps) != steps[-len(walk.steps) :]:  # once is enough
        steps += tuple(walk.steps)
    due = min(call.until, _after(change, _setting(change, "queue.agent-seconds")))
    change.put_call(structs.replace(call, legs=legs, tried=tried, steps=steps, due=due))
    if legs and legs != call.legs:
        change.event("call.ringing", call.id, at=", ".join(leg.title for leg in legs))


def nudge(change: Change) -> None:
    """An agent may have become free: whoever waits in vain in this account is offered again, longest waiting first."""
    waiting = [
        call
        for call in running(change.calls.values(), change.account.id)
        if isinstance(call.stage, Waiting) and not call.legs
    ]
    for call in waiting:
        if call.until > change.now:
            _offer(change, call, call.stage)  # type: ignore[arg-type]


def _rested(change: Change, call: LiveCall) -> None:
    """An agent's call from a queue is over: his idle time begins."""
    queue, agent = change.state.get(Queue, call.queue), call.answered_by
    if queue is not None and agent is not None and agent.user in queue.members:
        ended = {user: at for user, at in queue.ended if user in queue.members} | {agent.user: change.now}
        change.put(structs.replace(queue, ended=tuple(sorted(ended.items()))))


# --- What the PBX itself serves ----------------------------------------------------------------------------------


def _serve(change: Change, call: LiveCall, stage: Serving) -> None:
    """Hand what has been typed to a hot desk or a mailbox: it says what became of it, and whether that was all."""
    name, turn = SERVICES[stage.action]
    call, what, done = turn(change, call, stage.action)
    if what:
        call = noted(call, name, call.to, what)
    if done or call.attempts >= ATTEMPTS:
        _finish(change, call, "served")
    else:
        change.put_call(call)


# --- Answered, and over ------------------------------------------------------------------------------------------


def _answered(change: Change, call: LiveCall, leg: Leg) -> None:
    user = change.state.get(User, leg.user)
    name = user.title if user is not None else leg.title
    call = noted(call, "answer", name, f"answers at {leg.title}" if user is not None else "answers")
    change.put_call(
        structs.replace(
            call,
            stage=Talking(),
            legs=(),
            due=None,
            connected=True,
            answer=change.now,
            answered_by=leg,
            since=change.now,
        )
    )
    change.event("call.answered", call.id, by=name, at=leg.title, user=leg.user)


def _finish(change: Change, call: LiveCall, outcome: Any, cause: str = "") -> None:
    """The call becomes a record, with the names of this moment."""
    leg = call.answered_by
    record = CallRecord(
        id=call.id,
        account=call.account,
        caller=call.caller.number,
        to=call.to,
        start=call.start,
        end=change.now,
        outcome=outcome,
        name=call.caller.name,
        user=call.caller.user,
        answer=call.answer,
        answered_by=call.answered_title,
        answered_user=leg.user if leg is not None else "",
        queue=call.queue,
        cause=cause,
        steps=call.steps,
    )
    change.drop_call(call)
    change.put(record)
    if call.queue:
        _rested(change, call)
    change.event(
        "call.ended",
        call.id,
        **{"from": call.caller.number, "name": call.caller.name, "to": call.to},
        outcome=outcome,
        cause=cause,
    )
    nudge(change)
