"""The value a phone is, its deadlines, and the one HTTP request it may have under way.

Flash survives a power cut; everything else named here is RAM, and `dark` is the only place that says so. Deadlines are
data: (name, time in ms, busy). Whoever drives the phone wakes it at `due` and need not know their names.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from device_emulator import firmware, transfer
from device_emulator.dialog import Call
from device_emulator.firmware.contract import Fetched, Finish, Firmware, Flash, Report
from device_emulator.firmware.textfile import Settings
from device_emulator.messages import Output
from device_emulator.models import Model
from device_emulator.registration import Line
from device_emulator.screen import (
    DARK,
    CallShown,
    Key,
    LineShown,
    LineState,
    Page,
    Screen,
    draw_call,
    draw_idle,
    draw_page,
)
from device_emulator.transfer import Fetch, Login, Session

Phase = Literal["off", "booting", "no-server", "fetching", "idle", "updating"]
Again = Literal["", "fetch", "reboot"]
Deadline = tuple[str, int, bool]

HTTP_MS = 30_000
"""How long a phone waits for an HTTP answer (Aastra: `xml get timeout` 30 s; else default, unverified)."""


class Run(Struct, frozen=True, gc=False):
    """A provisioning run under way: what has been fetched, what is being asked for, and for the how-many-th time."""

    fetched: tuple[Fetched, ...] = ()
    name: str = ""
    attempt: int = 1


class Phone(Struct, frozen=True, gc=False):
    """One phone, whole. `mac` is 12 lower-case hex digits; `serial` the last request id, never used twice.

    `leaving` are lines that say farewell; `pages` at most a form and a text over it; `todo` what an XML answer has told
    the phone to fetch or do next; `again` what a check-sync or a run has asked for while the phone could not follow it;
    `fetch` is the HTTP request under way, `writing` what is being written to flash, `call` who is called or calls."""

    model: Model
    mac: str
    serial: int = 0
    flash: Flash = Flash()
    phase: Phase = "off"
    deadlines: tuple[Deadline, ...] = ()
    fetch: Fetch | None = None
    session: Session = transfer.NO_SESSION
    run: Run | None = None
    writing: Finish | None = None
    again: Again = ""
    lines: tuple[Line, ...] = ()
    leaving: tuple[Line, ...] = ()
    pages: tuple[Page, ...] = ()
    todo: tuple[str, ...] = ()
    notice: str = ""
    report: Report | None = None
    call: Call | None = None

    @property
    def powered(self) -> bool:
        """Whether it has power."""
        return self.phase != "off"

    @property
    def busy(self) -> bool:
        """Whether something is going on that ends by itself: a boot stage, a transfer, a retry, a request under way."""
        for deadline in self.deadlines:  # asked of every phone that moves: a generator costs three times as much
            if deadline[2]:
                return True
        return False

    @property
    def due(self) -> int | None:
        """The earliest deadline, in milliseconds since the epoch."""
        deadlines = self.deadlines
        if len(deadlines) == 1:
            return deadlines[0][1]
        return min([deadline[1] for deadline in deadlines]) if deadlines else None

    @property
    def registered(self) -> bool:
        """Whether the phone believes that each line it has to register is registered, and that there is one."""
        found = False
        for line in self.lines:
            if line.account.server:
                if line.state != "registered":
                    return False
                found = True
        return found

    @property
    def in_call(self) -> bool:
        """Whether it rings, calls or talks; what a call that came to nothing has left on the screen is none."""
        call = self.call
        return call is not None and call.state != "ended"

    @property
    def dnd(self) -> bool:
        """Whether somebody has told it not to ring."""
        return self.flash.settings.get(self.firmware.DND) == "1"

    @property
    def firmware(self) -> Firmware:
        """What decides where vendors differ."""
        return firmware.VENDORS[self.model.vendor]

    @property
    def settings(self) -> Settings:
        """The configuration in force."""
        return self.flash.settings

    @property
    def keys(self) -> tuple[Key, ...]:
        """The programmed keys, as the settings in force say; none while the phone is off."""
        return self.firmware.keys(self.model, self.flash.settings) if self.powered else ()

    @property
    def screen(self) -> Screen:
        """What the display shows."""
        if self.phase == "off":
            return DARK
        message = _message(self)
        if self.phase not in ("idle", "updating"):
            return draw_idle(self.model, (), message, ())
        lines = tuple(LineShown(line.account.label, _shown(line)) for line in self.lines)
        call = self.call
        if call is not None:
            return draw_call(self.model, CallShown(call.state, call.number, call.name), call.cause, lines)
        if self.pages:
            return draw_page(self.model, self.pages[-1], lines, self.notice)
        labels = tuple(key.label for key in self.keys if is_soft(key) and key.label)
        return draw_idle(self.model, lines, message, labels)


Outputs = tuple[Output, ...]
Step = tuple[Phone, Outputs]

_PHASE_MESSAGES = {
    "booting": "Initializing",
    "fetching": "Updating configuration",
    "updating": "Updating configuration",
    "no-server": "No server",
}


def _message(phone: Phone) -> str:
    if phone.phase in _PHASE_MESSAGES:
        return _PHASE_MESSAGES[phone.phase]
    for line in phone.lines:
        if line.state == "refused":
            return f"Registration refused ({line.status})"
    if phone.notice:
        return phone.notice
    if any(line.state == "no-service" for line in phone.lines):
        return "No Service"
    return "Do not disturb" if phone.dnd else ""


def _shown(line: Line) -> LineState:
    return "unregistered" if line.state == "no-service" else line.state


def is_soft(key: Key) -> bool:
    """Whether the key's label is on the display, so that one presses it by its text."""
    return key.name.startswith(("softkey", "topsoftkey"))


def dark(phone: Phone) -> Phone:
    """The phone without power: flash is there, RAM is not."""
    return Phone(phone.model, phone.mac, phone.serial, phone.flash)


def set_locally(phone: Phone, key: str, value: str) -> Phone:
    """One key changed at the phone. What is being written to flash meanwhile was made before that: it has it, too."""
    firmware, writing = phone.firmware, phone.writing
    if writing is not None:
        writing = replace(writing, flash=firmware.set_locally(writing.flash, key, value))
    return replace(phone, flash=firmware.set_locally(phone.flash, key, value), writing=writing)


# ---- deadlines


def arm(deadlines: tuple[Deadline, ...], name: str, at: int, busy: bool) -> tuple[Deadline, ...]:
    """The deadlines with this one, in place of any of the same name. Rounded up to a whole second: a fleet then has
    few distinct instants."""
    at += -at % 1000
    return (*disarm(deadlines, name), (name, at, busy))


def disarm(deadlines: tuple[Deadline, ...], name: str) -> tuple[Deadline, ...]:
    """The deadlines without the one of that name."""
    if len(deadlines) < 2:  # nearly always: a phone that boots waits for one thing at a time
        return deadlines if deadlines and deadlines[0][0] != name else ()
    return tuple([deadline for deadline in deadlines if deadline[0] != name])


# ---- the request under way


def login(phone: Phone) -> Login:
    """Who the phone is to its own server."""
    return _login(phone.flash.url, phone.flash.username, phone.flash.password)


@lru_cache(maxsize=4096)
def _login(url: str, username: str, password: str) -> Login:
    return Login(transfer.origin(url), username, password)


def send(phone: Phone, fetch: Fetch, now: int) -> Step:
    """Send the request of a fetch, under a new id."""
    serial = phone.serial + 1
    fetch = replace(fetch, id=serial)
    agent = phone.firmware.user_agent(phone.model, phone.mac)
    session, request = transfer.send(fetch, phone.session, login(phone), agent)
    deadlines = arm(phone.deadlines, "http", now + HTTP_MS, True)
    return replace(phone, serial=serial, fetch=fetch, session=session, deadlines=deadlines), (request,)


def get(phone: Phone, url: str, now: int) -> Step:
    """Ask for a URL, which must be `fetchable`."""
    return send(phone, Fetch(0, url), now)


def fetchable(url: str) -> bool:
    """Whether it is an address this phone knows how to fetch."""
    return url.startswith(("http://", "https://"))
