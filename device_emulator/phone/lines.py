"""A phone's SIP lines: registering them, keeping them registered, and leaving.

What the settings say is compared with the lines there are: a line whose credentials changed registers anew, one whose
address of record is gone says farewell, and a label alone changes without a word to the registrar.
"""

from __future__ import annotations

from msgspec.structs import replace

from device_emulator.firmware import patience
from device_emulator.messages import Output, SipReply
from device_emulator.phone import signals, watching
from device_emulator.phone.state import Phone, Step, arm, disarm
from device_emulator.wire import registration
from device_emulator.wire.registration import Line


def settle(phone: Phone, now: int) -> Step:
    """Bring the lines in accord with the settings in force."""
    accounts = phone.firmware.accounts(phone.model, phone.flash.settings)
    old = {line.account.number: line for line in phone.lines}
    kept: list[Line] = []
    fresh: list[int] = []
    for account in accounts:
        line = old.get(account.number)
        if line is not None and registration.same_registration(line.account, account):
            kept.append(replace(line, account=account))
            del old[account.number]
        else:
            fresh.append(len(kept))
            kept.append(Line(account))
    # What is left of the old lines is gone or has other credentials. Farewell is for addresses of record that no line
    # has any more: to another it would take away the binding that its REGISTER makes.
    present = {line.key for line in kept}
    deadlines = phone.deadlines
    leaving = []
    for line in old.values():
        deadlines = disarm(disarm(deadlines, _again(line)), _answer(line))
        if line.key not in present:
            leaving.append(line)
    phone = replace(phone, lines=tuple(kept), deadlines=deadlines)
    phone, outputs = farewell(phone, leaving, now)
    for index in fresh:
        if kept[index].account.server:
            phone, output = _register(phone, index, now)
            outputs += (output,)
    phone, more = watching.settle(phone, now)
    return phone, outputs + more


def farewell(phone: Phone, lines: list[Line], now: int) -> Step:
    """Un-REGISTER those of the lines that the registrar may know. They are kept until it has answered."""
    outputs: tuple[Output, ...] = ()
    for line in lines:
        if line.state == "registered" or line.request:
            phone, output = _leave(phone, replace(line, answered=False), now)
            outputs += (output,)
    return phone, outputs


def due_again(phone: Phone, name: str, now: int) -> Step:
    """The deadline of a refresh or of another attempt has come; `name` ends in the line's number."""
    number = int(name.partition(":")[2])
    for index, line in enumerate(phone.lines):
        if line.account.number == number and not line.request:
            phone, output = _register(phone, index, now)
            return phone, (output,)
    return phone, ()


def anew(phone: Phone, now: int) -> Step:
    """Every line that has a registrar registers now, whatever it waits for; what it had asked is forgotten."""
    outputs: tuple[Output, ...] = ()
    for index, line in enumerate(phone.lines):
        if line.account.server:
            phone = replace(phone, deadlines=disarm(phone.deadlines, _answer(line)))
            phone, output = _register(_with(phone, index, replace(line, answered=False)), index, now)
            outputs += (output,)
    return phone, outputs


def replied(phone: Phone, reply: SipReply, now: int) -> Step:
    """An answer to a REGISTER. One that answers no present request is dropped."""
    for index, line in enumerate(phone.lines):
        if line.request == reply.id:
            return _registering(phone, index, reply, now)
    for line in phone.leaving:
        if line.request == reply.id:
            leaving = tuple([other for other in phone.leaving if other is not line])
            phone = replace(phone, leaving=leaving, deadlines=disarm(phone.deadlines, _answer(line)))
            again = registration.challenged(line, reply)
            if again is None:
                return signals.left(phone, line) if reply.status == 200 else phone, ()
            phone, output = _leave(phone, again, now)
            return phone, (output,)
    return phone, ()


def _registering(phone: Phone, index: int, reply: SipReply, now: int) -> Step:
    line = phone.lines[index]
    phone = replace(phone, deadlines=disarm(phone.deadlines, _answer(line)))
    again = registration.challenged(line, reply)
    if again is not None:
        phone, output = _register(_with(phone, index, again), index, now)
        return phone, (output,)
    after, wait = registration.concluded(line, reply, patience.of(phone.model))
    deadlines = arm(phone.deadlines, _again(line), now + wait, False)
    phone = replace(_with(phone, index, after), deadlines=deadlines)
    if after.state != line.state or after.status != line.status:
        phone = signals.registration(phone, line, after)
    if after.greeted and not line.greeted:
        uris = phone.firmware.after_registration(phone.model, phone.mac, phone.flash.settings, line.account.number)
        if uris:
            phone = replace(phone, todo=phone.todo + uris)
        return watching.settle(phone, now)
    return phone, ()


def _register(phone: Phone, index: int, now: int) -> tuple[Phone, Output]:
    line = phone.lines[index]
    serial = phone.serial + 1
    agent = phone.firmware.sip_user_agent(phone.model, phone.mac, phone.flash.settings)
    line, request = registration.register(line, serial, phone.address, agent, line.account.expires, phone.mac)
    late = now + patience.of(phone.model).answer_ms
    deadlines = arm(disarm(phone.deadlines, _again(line)), _answer(line), late, True)
    return replace(_with(phone, index, line), serial=serial, deadlines=deadlines), request


def _leave(phone: Phone, line: Line, now: int) -> tuple[Phone, Output]:
    serial = phone.serial + 1
    agent = phone.firmware.sip_user_agent(phone.model, phone.mac, phone.flash.settings)
    line, request = registration.register(line, serial, phone.address, agent, 0, phone.mac)
    deadlines = arm(phone.deadlines, _answer(line), now + patience.of(phone.model).answer_ms, True)
    return replace(phone, serial=serial, leaving=(*phone.leaving, line), deadlines=deadlines), request


def _with(phone: Phone, index: int, line: Line) -> Phone:
    lines = phone.lines
    return replace(phone, lines=(*lines[:index], line, *lines[index + 1 :]))


def _answer(line: Line) -> str:
    """The deadline of the answer to the line's request."""
    return f"answer:{line.request}"


def _again(line: Line) -> str:
    """The deadline of the line's next REGISTER."""
    return f"again:{line.account.number}"
