"""Live calls on the wire: what a phone says becomes a rule's business, and what has become of a call is told to the
phones.

A rule changes a call, no phone: `follow` compares the call before and after, so that whatever rings is rung once and
cancelled once, however it came about. What belongs to a call carries its Call-ID: the PBX's own towards those that
ring, the phone's (`<mac>-<serial>`) towards one that has dialled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from device_emulator import messages as em
from pbxsim.core import registrar
from pbxsim.core.calls import Caller, Leg, LiveCall, Talking
from pbxsim.core.commands import Actor
from pbxsim.core.entities import CallRecord, Device
from pbxsim.core.logins import device_title
from pbxsim.core.rules import calls as rules
from pbxsim.core.rules import stages
from pbxsim.core.rules.callers import at_device
from pbxsim.world import sip
from pbxsim.world.state import SYSTEM

if TYPE_CHECKING:
    from pbxsim.world.run import Run

ANSWER = "Answer"  # the key of a phone that rings
REASONS = {
    180: "Ringing",
    200: "OK",
    403: "Forbidden",
    404: "Not Found",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
}


# --- What has become of a call -------------------------------------------------------------------------------------


def follow(run: Run, before: LiveCall | None, after: LiveCall | None) -> None:
    """Tell the phones, and give the call its place among what falls due."""
    _ring(run, before, after)
    _answer(run, before, after)
    _tell_caller(run, before, after)
    if after is None and before is not None and before.answered_by is not None:
        _bye_answered(run, before.id, before.answered_by)
    if after is not None and after.due is not None:
        _due(run, after)


def _bye_answered(run: Run, call: str, leg: Leg) -> None:
    """To the phone that has answered, registered or not; to all of the device until that is known."""
    if not leg.phone:
        sip.to_device(run, leg.id, "BYE", call, except_for=run.hung_up)
    elif leg.phone != run.hung_up:
        sip.to_phone(run, leg.phone, leg.id, "BYE", call)


def _ring(run: Run, before: LiveCall | None, after: LiveCall | None) -> None:
    """INVITE what rings now, CANCEL what rings no more and was not answered."""
    old = {leg.id for leg in before.legs if leg.kind == "device"} if before is not None else set()
    new = {leg.id for leg in after.legs if leg.kind == "device"} if after is not None else set()
    answered = after.answered_by.id if after is not None and after.answered_by is not None else ""
    for leg in after.legs if after is not None else ():
        if leg.id in new - old and after is not None:
            sip.to_device(run, leg.id, "INVITE", after.id, after.caller.shown)
    for leg in before.legs if before is not None else ():
        if leg.id in old - new and leg.id != answered and before is not None:
            sip.to_device(run, leg.id, "CANCEL", before.id)


def _answer(run: Run, before: LiveCall | None, after: LiveCall | None) -> None:
    """Somebody has said that the call is answered at a phone: his hand lifts the handset."""
    if after is None or after.answered_by is None or (before is not None and before.answered_by is not None):
        return
    macs = sip.macs(run, after.answered_by.id)
    for mac in macs:
        _lift(run, mac, after.id)
    if macs and all(_dark(run, mac) for mac in macs):  # it was said of a phone that nobody reaches
        _silenced(run, after)


def _lift(run: Run, mac: str, call: str) -> None:
    phone = run.phone(mac)
    if phone is not None and phone.call is not None and phone.call.id == call and phone.call.state == "ringing":
        run.tell(mac, em.KeyPressed(ANSWER))


def _tell_caller(run: Run, before: LiveCall | None, after: LiveCall | None) -> None:
    """The phone that has dialled: 180 while something rings or plays, 200 once it is answered, by whatever; BYE when a
    call is over that had been answered, else the reason."""
    call = after or before
    if call is None or not call.caller.call:
        return
    if after is None:
        if before is not None and before.connected:
            _bye(run, call.caller)
        else:
            _final(run, call.id, call.caller)
    elif after.connected and not (before is not None and before.connected):
        _reply(run, call.caller, 200)
    elif before is None:
        _reply(run, call.caller, 180)


def _final(run: Run, id_: str, caller: Caller) -> None:
    """Why there was no answer; whoever has hung up knows."""
    record = run.pbx.get(CallRecord, id_)
    if record is not None and record.outcome == "served":
        _reply(run, caller, 200)
        _bye(run, caller)
    elif run.hung_up != _mac(caller):
        unknown = record is not None and record.outcome == "nobody" and record.steps[-1].at == "number"
        busy = record is not None and record.outcome == "busy"
        _reply(run, caller, 404 if unknown else 486 if busy else 480)


def _reply(run: Run, caller: Caller, status: int) -> None:
    run.send("sip reply", _mac(caller), em.SipReply(caller.invite, status, REASONS[status], call=caller.call))


def _bye(run: Run, caller: Caller) -> None:
    if run.hung_up != _mac(caller):
        sip.to_phone(run, _mac(caller), caller.device, "BYE", caller.call)


def _mac(caller: Caller) -> str:
    return caller.call.partition("-")[0]


# --- What a phone says -------------------------------------------------------------------------------------------


def asked(run: Run, mac: str, request: em.SipRequest) -> None:
    """INVITE, INFO and BYE of a phone."""
    if request.method == "INVITE":
        _invited(run, mac, request)
        return
    call = _known(run, request.call)
    status = 481 if call is None else 200
    run.send("sip reply", mac, em.SipReply(request.id, status, REASONS[status], call=request.call))
    if call is None:
        return
    change = run.change(call.account)
    if request.method == "BYE":
        run.hung_up = mac
        rules.end(change, call)
    elif request.call == call.caller.call:  # whoever was called presses keys for nobody
        rules.pressed(change, call, request.body.decode("ascii", "ignore"))
    run.accept(change, _who(call.caller.user))
    run.hung_up = ""


def _invited(run: Run, mac: str, request: em.SipRequest) -> None:
    """A registered device dials. No digest is asked for: where it is registered it has shown who it is."""
    device = run.pbx.get(Device, registrar.device_of(request.aor))
    if device is None or mac not in sip.macs(run, device.id):
        run.send("sip reply", mac, em.SipReply(request.id, 403, REASONS[403], call=request.call))
        return
    if _known(run, request.call) is not None:
        return  # said again
    change = run.change(device.account)
    caller = at_device(change.state, device, request.call, request.id)
    id_ = rules.begin(change, registrar.device_of(request.uri), caller)
    run.accept(change, _who(caller.user))
    if id_ not in run.pbx.calls:  # over before anybody was told of it
        _final(run, id_, caller)


def replied(run: Run, mac: str, reply: em.SipReply) -> None:
    """A phone's answer to an INVITE; others say nothing new (`to_phone` gives only INVITEs a positive id)."""
    call = run.pbx.calls.get(reply.call)
    if reply.id <= 0 or not reply.call:
        return
    device = next((id_ for id_ in _devices(call) if mac in sip.macs(run, id_)), None) if call is not None else None
    if call is None or device is None:
        if reply.status == 200:  # it was answered in the very moment in which it ended, or was answered elsewhere
            sip.to_phone(run, mac, "", "BYE", reply.call)
        return
    if call.answered_by is not None and call.answered_by.id == device:
        if reply.status == 180:
            _lift(run, mac, call.id)
        elif reply.status == 200:
            _lifted(run, mac, call, reply)
        return
    if reply.status == 180 or reply.status == 487:
        return
    change = run.change(call.account)
    if reply.status == 200:
        if not rules.picked_up(change, call, device, mac):
            sip.to_phone(run, mac, device, "BYE", reply.call)
    else:
        rules.declined(change, call, device, busy=reply.status == 486)
    leg = next((leg for leg in call.legs if leg.id == device), None)
    run.accept(change, _who(leg.user if leg is not None else ""))


def _lifted(run: Run, mac: str, call: LiveCall, reply: em.SipReply) -> None:
    """A handset is up because the call was said to be answered: one of a device's phones has it, another is let go."""
    change = run.change(call.account)
    if not rules.lifted(change, call, mac):
        sip.to_phone(run, mac, "", "BYE", reply.call)
    run.accept(change, _who(""))


def _devices(call: LiveCall | None) -> list[str]:
    if call is None:
        return []
    legs = (*call.legs, call.answered_by) if isinstance(call.stage, Talking) and call.answered_by else call.legs
    return [leg.id for leg in legs if leg is not None and leg.kind == "device"]


def _known(run: Run, call: str) -> LiveCall | None:
    """The call of a Call-ID, ours or a phone's."""
    found = run.pbx.calls.get(call)
    if found is not None:
        return found
    return next((other for other in run.pbx.calls.values() if call and other.caller.call == call), None)


# --- What a phone cannot say -------------------------------------------------------------------------------------


def silenced(run: Run, mac: str) -> None:
    """A phone has lost its power, or its place on the desk. In a call it hangs up no more: it is just not heard."""
    for id_ in sorted(run.pbx.calls):
        call = run.pbx.calls[id_]
        if _mac(call.caller) == mac or _answered_at(run, call, mac):
            _silenced(run, call, caller=_mac(call.caller) == mac)


def _answered_at(run: Run, call: LiveCall, mac: str) -> bool:
    """Is a phone the one that has answered? Until that is known, the only one that can have."""
    leg = call.answered_by
    return leg is not None and (leg.phone or ",".join(sip.macs(run, leg.id))) == mac


def _silenced(run: Run, call: LiveCall, caller: bool = False) -> None:
    device = run.pbx.get(Device, call.caller.device)
    leg = call.answered_by
    who = (
        device_title(device) if caller and device is not None else leg.title if leg is not None else call.caller.number
    )
    change = run.change(call.account)
    rules.silenced(change, call, who)
    run.accept(change, SYSTEM)


def _dark(run: Run, mac: str) -> bool:
    phone = run.phone(mac)
    return phone is not None and not (phone.powered and phone.place.connected)


def _who(user: str) -> str:
    return str(Actor("user", user)) if user else SYSTEM


def wake(run: Run, id_: str, instant: int) -> None:
    """A stage's time may be up; a deadline that has moved comes again."""
    call = run.pbx.calls.get(id_)
    if call is None or call.due is None:
        return
    if call.due > instant:
        _due(run, call)
        return
    change = run.change(call.account)
    stages.time_up(change, call)
    run.accept(change, SYSTEM)


def _due(run: Run, call: LiveCall) -> None:
    """Give a call its place among what falls due."""
    assert call.due is not None
    run.arm("c" + call.id, call.due)
