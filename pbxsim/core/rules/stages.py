"""What a live call does by itself: it rings, waits, plays, asks for keys, is answered or not, and leaves a record.

`walking` says where a call goes; here it stands at a stage until its time is up or somebody does something (`calls`).
One table says what begins with each stage, one what follows when its time is up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import structs

from pbxsim.core.calls import (
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
from pbxsim.core.entities import CallRecord, Mailbox, Queue, User
from pbxsim.core.rules import mailboxes
from pbxsim.core.rules.serving import SERVICES, noted
from pbxsim.core.state import Change
from pbxsim.core.walking import Walk

MOST_STEPS = 256  # of a call that waits for a very long time, round after round
ATTEMPTS = 3  # at what is typed (KAZOO: hotdesk)


# --- What begins with each -------------------------------------------------------------------------------------------


def go(change: Change, call: LiveCall, onward: Place) -> None:
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


def _begin_serving(change: Change, call: LiveCall, stage: Serving) -> None:
    call = structs.replace(call, due=_after(change, stage.seconds), connected=True)
    change.event("call.serving", call.id, action=stage.action)
    serve(change, call, stage)


def _over(change: Change, call: LiveCall, stage: Over) -> None:
    finish(change, call, stage.outcome, stage.cause)


_BEGINS: dict[type, Callable[[Change, LiveCall, Any], None]] = {
    Ringing: _ring,
    Waiting: _wait,
    Prompting: _prompt,
    Playing: _play,
    Recording: _record,
    Serving: _begin_serving,
    Over: _over,
}


def _after(change: Change, seconds: int) -> int:
    return change.now + seconds * 1000


def _setting(change: Change, rule: str) -> int:
    return int(change.platform.setting(change.account, rule) or 0)


# --- What follows when their time is up ------------------------------------------------------------------------------


def _on(change: Change, call: LiveCall, stage: Ringing | Playing) -> None:
    go(change, call, stage.place)


def _waited(change: Change, call: LiveCall, stage: Waiting) -> None:
    if change.now >= call.until:
        go(change, call, stage.place)
    else:
        _offer(change, call, stage)


def _silent(change: Change, call: LiveCall, stage: Prompting) -> None:
    go(change, call, stage.silent)


def recorded(change: Change, call: LiveCall, stage: Recording) -> None:
    """A message, if the mailbox is still there and somebody has said something."""
    box = change.state.get(Mailbox, stage.mailbox)
    seconds = (change.now - call.since) // 1000
    if box is None:
        finish(change, call, "nobody", "the mailbox was deleted while the caller spoke")
    elif seconds:
        kept = mailboxes.leave_message(change, box, call.caller.number, call.caller.name, seconds)
        finish(change, call, "voicemail" if kept else "nobody", "" if kept else "the mailbox takes no message")
    else:
        finish(change, call, "abandoned", "the caller hung up: he left no message")


def _unserved(change: Change, call: LiveCall, stage: Serving) -> None:
    name, _ = SERVICES[stage.action]
    finish(change, noted(call, name, call.to, "the caller does nothing more"), "served")


def patience(change: Change) -> int:
    """When a call ends in which somebody is heard no more."""
    return _after(change, _setting(change, "call.silent-seconds"))


def _unheard(change: Change, call: LiveCall, stage: Talking) -> None:
    seconds = _setting(change, "call.silent-seconds")
    finish(change, call, "answered", f"nothing was heard from {call.silent} for {seconds} s")


_TIME_UP: dict[type, Callable[[Change, LiveCall, Any], None]] = {
    Ringing: _on,
    Waiting: _waited,
    Prompting: _silent,
    Playing: _on,
    Recording: recorded,
    Serving: _unserved,
    Talking: _unheard,
}


def time_up(change: Change, call: LiveCall) -> None:
    """On from the stage at which a call stands."""
    _TIME_UP[type(call.stage)](change, call, call.stage)


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
    """An agent may have become free: whoever waits in vain in this account is offered again, longest waiting first.
    Where nobody is free for the first of a queue there is nobody for those behind him."""
    in_vain: set[str] = set()
    waiting = [
        call
        for call in running(change.calls.values(), change.account.id)
        if isinstance(call.stage, Waiting) and not call.legs
    ]
    for call in waiting:
        if call.until > change.now and call.queue not in in_vain:
            _offer(change, call, call.stage)  # type: ignore[arg-type]
            if not change.calls[call.id].legs:
                in_vain.add(call.queue)


def _rested(change: Change, call: LiveCall) -> None:
    """An agent's call from a queue is over: his idle time begins."""
    queue, agent = change.state.get(Queue, call.queue), call.answered_by
    if queue is not None and agent is not None and agent.user in queue.members:
        ended = {user: at for user, at in queue.ended if user in queue.members} | {agent.user: change.now}
        change.put(structs.replace(queue, ended=tuple(sorted(ended.items()))))


# --- What the PBX itself serves ----------------------------------------------------------------------------------


def serve(change: Change, call: LiveCall, stage: Serving) -> None:
    """Hand what has been typed to a hot desk or a mailbox: it says what became of it, and whether that was all."""
    name, turn = SERVICES[stage.action]
    call, what, done = turn(change, call, stage.action)
    if what:
        call = noted(call, name, call.to, what)
    if done or call.attempts >= ATTEMPTS:
        finish(change, call, "served")
    else:
        change.put_call(call)


# --- Answered, and over ------------------------------------------------------------------------------------------


def answered(change: Change, call: LiveCall, leg: Leg) -> None:
    """Somebody picks up: the two talk, and nothing else rings."""
    user = change.state.get(User, leg.user)
    name = user.title if user is not None else leg.title
    call = noted(call, "answer", name, f"answers at {leg.title}" if user is not None else "answers")
    change.put_call(
        structs.replace(
            call,
            stage=Talking(),
            legs=(),
            due=patience(change) if call.silent else None,
            connected=True,
            answer=change.now,
            answered_by=leg,
            since=change.now,
        )
    )
    change.event("call.answered", call.id, by=name, at=leg.title, user=leg.user)


def finish(change: Change, call: LiveCall, outcome: Any, cause: str = "") -> None:
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
