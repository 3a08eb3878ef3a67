"""What happens at a phone and is told to a server that wants to know: registrations, calls, and that time goes by.

A firmware says which URLs an event fetches; they are fetched also in a call, and what comes back is carried out like
any other answer. The numbers of a call are remembered here, too.
"""

from __future__ import annotations

from msgspec.structs import replace

from device_emulator.phone.state import Phone, Step, arm, disarm
from device_emulator.wire.dialog import Call
from device_emulator.wire.registration import Line

DEADLINE = "poll"
MAX_SIGNALS = 16
MAX_CALLERS, MAX_REDIAL = 200, 100
"""Numbers that are remembered (default, unverified)."""

About = tuple[tuple[str, str], ...]

_REGISTRATION = {"registered": "REGISTERED", "refused": "REFUSED", "no-service": "TIMEOUT", "unregistered": ""}
_LINE = {"ringing": "INCOMING", "calling": "OUTGOING", "talking": "CONNECTED", "ended": "IDLE", "": "IDLE"}

# From what a call was to what it is: what has happened, in order. '' is no call. What is not here is nothing.
_EVENTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "ringing"): ("incoming",),
    ("", "calling"): ("offhook", "outgoing"),
    ("ringing", "talking"): ("offhook", "connected"),
    ("calling", "talking"): ("connected",),
    ("ringing", ""): ("disconnected",),
    ("calling", ""): ("disconnected", "onhook"),
    ("talking", ""): ("disconnected", "onhook"),
}


def tell(phone: Phone, event: str, line: int, about: About) -> Phone:
    """The phone with what there is to fetch, if anything."""
    uris = phone.firmware.happened(phone.model, phone.mac, phone.flash.settings, event, line, about)
    return replace(phone, signals=(phone.signals + uris)[:MAX_SIGNALS]) if uris else phone


def registration(phone: Phone, before: Line, after: Line) -> Phone:
    """A REGISTER has come to something. The same as last time is not told again."""
    state = _REGISTRATION[after.state]
    if not state or (before.state == after.state and before.status == after.status):
        return phone
    code = f"{after.status:03d}" if after.status else "" if after.state == "registered" else "408"
    about = (("REGISTRATIONSTATE", state), ("REGISTRATIONCODE", code))
    return tell(phone, "registration event", after.account.number, about)


def left(phone: Phone, line: Line) -> Phone:
    """An un-REGISTER has been answered."""
    about = (("REGISTRATIONSTATE", "UNREGISTERED"), ("REGISTRATIONCODE", ""))
    return tell(phone, "registration event", line.account.number, about)


def call(phone: Phone, before: Call | None, now: int) -> Phone:
    """A call is not what it was before: remember whose it is, and tell."""
    after = phone.call
    one = after or before
    was = before.state if before is not None and before.state != "ended" else ""
    state = after.state if after is not None and after.state != "ended" else ""
    if one is None or was == state:
        return phone
    if was == "":
        phone = _remembered(phone, one)
    line = next((line.account.number for line in phone.lines if f"sip:{line.account.user}@" in one.aor), 1)
    seconds = (now - one.since) // 1000 if one.since else 0
    about = (
        ("REMOTENUMBER", one.number),
        ("INCOMINGNAME", one.name),
        ("LINESTATE", _LINE[state]),
        ("CALLDURATION", str(seconds)),
        ("CALLDIRECTION", "Incoming" if one.incoming else "Outgoing"),
    )
    for event in _EVENTS.get((was, state), ()):
        phone = tell(phone, event, line, about)
    return phone


def _remembered(phone: Phone, one: Call) -> Phone:
    flash = phone.flash
    if not one.number:
        return phone
    if one.incoming:
        callers = (one.number, *[number for number in flash.callers if number != one.number])
        return replace(phone, flash=replace(flash, callers=callers[:MAX_CALLERS]))
    redial = (one.number, *[number for number in flash.redial if number != one.number])
    return replace(phone, flash=replace(flash, redial=redial[:MAX_REDIAL]))


def polling(phone: Phone, now: int) -> Phone:
    """With the timer of the poll as the settings say. One that runs already runs on."""
    pause = phone.firmware.poll_ms(phone.model, phone.flash.settings)
    armed = any(name == DEADLINE for name, _, _ in phone.deadlines)
    if pause and not armed:
        return replace(phone, deadlines=arm(phone.deadlines, DEADLINE, now + pause, False))
    return replace(phone, deadlines=disarm(phone.deadlines, DEADLINE)) if armed and not pause else phone


def poll(phone: Phone, name: str, now: int) -> Step:
    """The time is up: ask, and start anew."""
    return polling(tell(phone, "poll", 1, ()), now), ()
