"""A phone's call: it rings, is answered, dials, talks and hangs up.

The table at the end says what each event means in each state, empty rows written out. One call at a time: whoever calls
a phone that has one hears busy (decided; the vendors have keys for call waiting, `call_waiting.enable` and `sip lineN
call waiting`, but what a second call then shows nobody documents). A call is RAM: power takes it without a word. What
begins a reboot or a run waits for the end of it ("reboots after call/idle", vendor guides).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from msgspec.structs import replace

from device_emulator.firmware import patience
from device_emulator.messages import SipReply, SipRequest
from device_emulator.phone.state import Phone, Step, arm, disarm
from device_emulator.wire import dialog
from device_emulator.wire.dialog import Call, CallState
from device_emulator.wire.registration import Line

UNANSWERED = 408  # RFC 3261: what a request that nobody answers comes to
DIGITS = frozenset("0123456789*#")

Event = Literal[
    "cancel", "bye", "progress", "accepted", "failed", "timeout", "answer", "reject", "end", "close", "digit"
]
Handler = Callable[[Phone, Call, Any, int], Step]

CAUSES = {403: "Not allowed", 404: "Not found", 408: "No answer", 480: "Not available", 486: "Busy"}
KEYS: dict[str, Event] = {"Answer": "answer", "Reject": "reject", "End call": "end", "OK": "close"}


# ---- what comes in


def asked(phone: Phone, request: SipRequest, now: int) -> Step:
    """The PBX's INVITE, CANCEL or BYE. One for a call that the phone does not have is told so."""
    call = phone.call
    if request.method == "INVITE":
        return _invited(phone, request, now)
    if call is None or call.id != request.call:
        return phone, (dialog.reply(request.id, 481, request.call),)
    return _play(phone, call, "cancel" if request.method == "CANCEL" else "bye", request, now)


def _invited(phone: Phone, request: SipRequest, now: int) -> Step:
    """Free, and for a line of this phone, and not told to be left alone: otherwise it does not ring."""
    line = _line_for(phone, request)
    if line is None:
        return phone, (dialog.reply(request.id, 404, request.call),)
    if phone.in_call:
        return phone, (dialog.reply(request.id, 486, request.call),)
    if phone.dnd:
        return phone, (dialog.reply(request.id, 480, request.call),)
    deadlines = arm(phone.deadlines, "ringing", now + patience.of(phone.model).ringing_ms, False)
    phone = replace(phone, call=dialog.ringing(line, request), deadlines=deadlines)
    return phone, (dialog.reply(request.id, 180, request.call),)


def _line_for(phone: Phone, request: SipRequest) -> Line | None:
    """The line that is called. After the phone was staged anew, somebody else's binding may still lead to it."""
    called = dialog.user_of(request.uri)
    return next((line for line in phone.lines if line.account.user == called), None)


def waits_for(call: Call, id: int) -> bool:
    """Is that the id of the call's INVITE, and has it not been answered?"""
    return call.state == "calling" and call.invite == id


def replied(phone: Phone, reply: SipReply, now: int) -> Step:
    """An answer to the phone's INVITE."""
    assert phone.call is not None
    if 100 <= reply.status < 200:
        return _play(phone, phone.call, "progress", reply, now)
    return _play(phone, phone.call, "accepted" if reply.status == 200 else "failed", reply, now)


def timeout(phone: Phone, name: str, now: int) -> Step:
    """Nobody has answered the phone's INVITE, or nobody the phone."""
    return (phone, ()) if phone.call is None else _play(phone, phone.call, "timeout", None, now)


# ---- somebody at the phone


def line_out(phone: Phone) -> Line | None:
    """The line that a number dialled now would go out on: the first that is registered. None while there is no such
    line, while there is a call, under a page that cannot be left, and while the phone is locked."""
    if phone.phase not in ("idle", "updating") or phone.in_call or (phone.pages and phone.pages[-1].locked):
        return None
    if phone.locked:
        return None
    return next((line for line in phone.lines if line.state == "registered"), None)


def dial(phone: Phone, number: str, now: int) -> Step:
    """Call a number: digits, `*` and `#`, perhaps `+` before them; anything else in it has no key."""
    number = "".join([one for place, one in enumerate(number) if one in DIGITS or (one == "+" and not place)])
    line = line_out(phone)
    if line is None or number in ("", "+"):
        return phone, ()
    serial = phone.serial + 1
    call, invite = dialog.placed(line, number, serial, phone.address, _agent(phone))
    deadlines = arm(phone.deadlines, "invite", now + patience.of(phone.model).answer_ms, True)
    return replace(phone, serial=serial, call=call, deadlines=deadlines), (invite,)


def pressed(phone: Phone, key: str, now: int) -> Step | None:
    """A key of the call on the screen, or a digit for whoever is at the other end; None if it is another key."""
    assert phone.call is not None
    event: Event | None = "digit" if key in DIGITS else KEYS.get(key)
    return None if event is None else _play(phone, phone.call, event, key, now)


def closed(phone: Phone) -> Phone:
    """Without the notice of a call that came to nothing: any key takes it away."""
    return phone if phone.in_call else replace(phone, call=None)


def abandoned(phone: Phone, now: int) -> Step:
    """Somebody makes the phone start anew in the middle of a call: the other side is told."""
    call = phone.call
    if call is None or call.state == "ended":
        return phone, ()
    if call.state == "ringing":
        return _over(phone), (dialog.reply(call.invite, 480, call.id),)
    return _hang_up(phone, call, None, now)


# ---- what follows


def _play(phone: Phone, call: Call, event: Event, thing: Any, now: int) -> Step:
    return TABLE[call.state][event](phone, call, thing, now)


def _over(phone: Phone, call: Call | None = None) -> Phone:
    """The phone without its call, or with what is left of it; no deadline stays armed for a call that is over."""
    deadlines = disarm(disarm(phone.deadlines, "ringing"), "invite")
    return replace(phone, call=call, deadlines=deadlines)


def _nothing(phone: Phone, call: Call, thing: Any, now: int) -> Step:
    return phone, ()


def _agent(phone: Phone) -> str:
    return phone.firmware.sip_user_agent(phone.model, phone.mac, phone.flash.settings)


def _answer(phone: Phone, call: Call, key: str, now: int) -> Step:
    return _over(phone, replace(call, state="talking", since=now)), (dialog.reply(call.invite, 200, call.id),)


def _reject(phone: Phone, call: Call, key: str, now: int) -> Step:
    """486, as to any caller of a phone that is busy (Yealink has a key for it, `features.normal_refuse_code`)."""
    return _over(phone), (dialog.reply(call.invite, 486, call.id),)


def _give_up(phone: Phone, call: Call, nothing: None, now: int) -> Step:
    return _over(phone), (dialog.reply(call.invite, 480, call.id),)


def _cancelled(phone: Phone, call: Call, request: SipRequest, now: int) -> Step:
    """Somebody else has answered, or the time is up: CANCEL has its answer, and the INVITE has one too."""
    outputs = (dialog.reply(request.id, 200, call.id), dialog.reply(call.invite, 487, call.id))
    return _over(phone), outputs


def _too_late(phone: Phone, call: Call, request: SipRequest, now: int) -> Step:
    """RFC 3261, 9.2: what has been answered cannot be cancelled. Whoever wants it ended says BYE."""
    return phone, (dialog.reply(request.id, 200, call.id),)


def _unknown(phone: Phone, call: Call, request: SipRequest, now: int) -> Step:
    return phone, (dialog.reply(request.id, 481, call.id),)


def _ended(phone: Phone, call: Call, request: SipRequest, now: int) -> Step:
    """The other side has hung up."""
    return _over(phone), (dialog.reply(request.id, 200, call.id),)


def _hang_up(phone: Phone, call: Call, key: str | None, now: int) -> Step:
    """BYE, also before there was an answer (RFC 3261, 15). Nobody waits for the answer to it: the call is over."""
    serial = phone.serial + 1
    bye = dialog.within(call, "BYE", serial, phone.address, _agent(phone))
    return replace(_over(phone), serial=serial), (bye,)


def _digit(phone: Phone, call: Call, key: str, now: int) -> Step:
    serial = phone.serial + 1
    info = dialog.within(call, "INFO", serial, phone.address, _agent(phone), key.encode())
    return replace(phone, serial=serial), (info,)


def _progress(phone: Phone, call: Call, reply: SipReply, now: int) -> Step:
    """It rings there, or something plays: from now on the phone waits as long as the PBX does."""
    return _over(phone, call), ()


def _accepted(phone: Phone, call: Call, reply: SipReply, now: int) -> Step:
    return _over(phone, replace(call, state="talking", since=now)), ()


def _failed(phone: Phone, call: Call, reply: SipReply | None, now: int) -> Step:
    status = (reply.status if reply else 0) or UNANSWERED
    cause = f"{CAUSES.get(status, 'Call failed')} ({status})"
    return _over(phone, replace(call, state="ended", cause=cause)), ()


def _close(phone: Phone, call: Call, key: str, now: int) -> Step:
    return closed(phone), ()


# A phone without a call has no row: only an INVITE and a number dialled begin one, and any other request gets 481.
TABLE: dict[CallState, dict[Event, Handler]] = {
    "ringing": {
        "cancel": _cancelled,
        "bye": _cancelled,  # a caller may end an early dialog this way, too
        "progress": _nothing,
        "accepted": _nothing,
        "failed": _nothing,
        "timeout": _give_up,
        "answer": _answer,
        "reject": _reject,
        "end": _nothing,
        "close": _nothing,
        "digit": _nothing,
    },
    "calling": {
        "cancel": _unknown,  # the INVITE is the phone's own
        "bye": _ended,
        "progress": _progress,
        "accepted": _accepted,
        "failed": _failed,
        "timeout": _failed,
        "answer": _nothing,
        "reject": _nothing,
        "end": _hang_up,
        "close": _nothing,
        "digit": _nothing,
    },
    "talking": {
        "cancel": _too_late,
        "bye": _ended,
        "progress": _nothing,
        "accepted": _nothing,
        "failed": _nothing,
        "timeout": _nothing,
        "answer": _nothing,
        "reject": _nothing,
        "end": _hang_up,
        "close": _nothing,
        "digit": _digit,
    },
    "ended": {
        "cancel": _unknown,
        "bye": _unknown,
        "progress": _nothing,
        "accepted": _nothing,
        "failed": _nothing,
        "timeout": _nothing,
        "answer": _close,
        "reject": _close,
        "end": _close,
        "close": _close,
        "digit": _close,  # any key takes the notice away; one that is no key of a call does so in `phone.py`
    },
}
