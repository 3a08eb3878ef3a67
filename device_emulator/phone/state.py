"""The value a phone is, its deadlines, and the one HTTP request it may have under way.

Flash survives a power cut; everything else named here is RAM, and `dark` is the only place that says so. Deadlines are
data: (name, time in ms, busy). Whoever drives the phone wakes it at `due` and need not know their names.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from device_emulator import firmware, lamps, words
from device_emulator.firmware import headers, patience
from device_emulator.firmware.contract import Fetched, Finish, Firmware, Flash, Report, Server, Visitor
from device_emulator.firmware.textfile import Settings
from device_emulator.lamps import Button, Lamp
from device_emulator.messages import Output, Place
from device_emulator.models import Model
from device_emulator.rows import boxed, draw_call, draw_idle, draw_page
from device_emulator.screen import DARK, CallShown, Key, LineShown, LineState, Page, Screen
from device_emulator.wire import transfer
from device_emulator.wire.dialog import Call
from device_emulator.wire.registration import Line
from device_emulator.wire.transfer import Fetch, Login, Session

Phase = Literal["off", "booting", "looking", "no-server", "fetching", "idle", "updating"]
Again = Literal["", "fetch", "reboot"]
Stage = Literal["file", "local file", "upload", "last upload"]
Deadline = tuple[str, int, bool]

NOWHERE = Place()


class Run(Struct, frozen=True, gc=False):
    """A provisioning run under way: what has been fetched, what is being asked for, and for the how-many-th time."""

    fetched: tuple[Fetched, ...] = ()
    name: str = ""
    attempt: int = 1


class Watch(Struct, frozen=True, gc=False):
    """A key's subscription to an extension: key and extension, the line it asks on, its Call-ID, the id of a SUBSCRIBE
    under way (0 if none), the last refusal, the state last heard ('' if none), and when (ms) it asks again."""

    key: str
    value: str
    line: int
    call: str = ""
    request: int = 0
    status: int = 0
    state: str = ""
    due: int = 0


class Visit(Struct, frozen=True, gc=False):
    """Somebody logs in or out at the phone itself: which request is next (`asked`: under way), and what is known of
    him."""

    stage: Stage
    visitor: Visitor
    asked: bool = False


class Phone(Struct, frozen=True, gc=False):
    """One phone, whole. `mac` is 12 lower-case hex digits; `serial` the last request id, never used twice.

    `leaving` are lines that say farewell; `pages` at most a form and a text over it; `todo` what an XML answer has told
    the phone to fetch or do next; `again` what a check-sync or a run has asked for while the phone could not follow it;
    `server` is what the network has told it at this boot, and counts more than what it remembers; `place` is where it
    stands.
    `fetch` is the HTTP request under way, `writing` what is being written to flash, `call` who is called or calls.
    `watches` are what its keys know of others, `leds` (key, pattern) what an XML answer has switched. `signals` are
    URLs to fetch because something has happened, also in a call; `status` the messages (session, index, text) that an
    XML answer has put on the idle screen; `locked`: it can only be answered; `visit`: somebody logs in or out;
    `touched` is when (ms) somebody last did something at it, or its last call was over."""

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
    server: Server | None = None
    place: Place = NOWHERE
    again: Again = ""
    lines: tuple[Line, ...] = ()
    leaving: tuple[Line, ...] = ()
    pages: tuple[Page, ...] = ()
    todo: tuple[str, ...] = ()
    notice: str = ""
    report: Report | None = None
    call: Call | None = None
    watches: tuple[Watch, ...] = ()
    leds: tuple[tuple[str, str], ...] = ()
    signals: tuple[str, ...] = ()
    status: tuple[tuple[str, int, str], ...] = ()
    locked: bool = False
    visit: Visit | None = None
    touched: int = 0

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
    def address(self) -> str:
        """The host that its contacts name."""
        return self.place.address or self.mac

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
        message = words.message(self)
        if self.phase not in ("idle", "updating"):
            return draw_idle(self.model, (), message, ())
        lines = lines_shown(self)
        call = self.call
        if call is not None:
            shown = CallShown(call.state, call.number, call.name)
            return draw_call(self.model, shown, call.cause or words.heading(self.model, shown), lines)
        if self.pages:
            return draw_page(self.model, self.pages[-1], lines, self.notice)
        keys = (key for key in self.keys if is_soft(key) and key.label and (not key.states or "idle" in key.states))
        second = tuple([line.account.second for line in self.lines])
        return draw_idle(self.model, lines, message, tuple(key.label for key in keys), second)

    @property
    def lamps(self) -> tuple[Lamp, ...]:
        """What lights: the lamp at the top (`message`), then those of the keys."""
        return lamps.lamps(self)

    @property
    def box(self) -> str:
        """The display in a frame of text, with the lamps and what the keys are for beside it."""
        return boxed(self.model, self.screen, lamps.beside(self))

    def picture(self, *, time: str = "", width: float | None = None) -> str:
        """The phone as an SVG document, with what its display shows and which lamps are lit. `time` is what its clock
        shows ('' for none), `width` how wide it is in CSS pixels."""
        from device_emulator.drawing import picture  # drawing is for those who look

        return picture.svg(self, time=time, width=width)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The programmable keys of the model, with what they stand for and their lamps; empty ones, too."""
        return lamps.buttons(self)


Outputs = tuple[Output, ...]
Step = tuple[Phone, Outputs]


def lines_shown(phone: Phone) -> tuple[LineShown, ...]:
    """The lines as the screen shows them."""
    return tuple([LineShown(line.account.label, _state(line)) for line in phone.lines])


def _state(line: Line) -> LineState:
    return "unregistered" if line.state == "no-service" else line.state


def is_soft(key: Key) -> bool:
    """Whether the key's label is on the display, so that one presses it by its text."""
    return key.name.startswith(("softkey", "topsoftkey"))


def dark(phone: Phone) -> Phone:
    """The phone without power: flash is there, RAM is not."""
    return Phone(phone.model, phone.mac, phone.serial, phone.flash, place=phone.place)


def set_locally(phone: Phone, key: str, value: str) -> Phone:
    """One key changed at the phone. What is being written to flash meanwhile was made before that: it has it, too."""
    firmware, writing = phone.firmware, phone.writing
    if writing is not None:
        writing = replace(writing, flash=firmware.set_locally(phone.model, writing.flash, key, value))
    return set_flash(replace(phone, writing=writing), firmware.set_locally(phone.model, phone.flash, key, value))


def set_flash(phone: Phone, flash: Flash) -> Phone:
    """Somebody at the phone has changed what it remembers: what is kept at the server as well goes there."""
    kept = phone.flash.local
    phone = replace(phone, flash=flash)
    if flash.local is kept or flash.local == kept or UPLOAD in phone.todo:
        return phone
    if phone.firmware.upload(phone.model, phone.mac, flash) is None:
        return phone
    return replace(phone, todo=(*phone.todo, UPLOAD))


UPLOAD = "upload:"
"""On the list of what is to be done: see `Firmware.upload`."""


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


def server_url(phone: Phone) -> str:
    """Where the phone fetches its configuration: what the network has told it, or what it remembers."""
    url = phone.flash.url if phone.server is None else phone.server.url
    return phone.firmware.spelled(phone.model, phone.mac, url) if "$" in url else url


def login(phone: Phone) -> Login:
    """Who the phone is to its own server."""
    if phone.visit is not None and phone.visit.asked:
        return _visitor_login(phone)
    server = phone.flash if phone.server is None else phone.server
    if not server.username:
        return _login(server.url, *phone.firmware.default_login(phone.model))
    return _login(server.url, server.username, server.password)


def _visitor_login(phone: Phone) -> Login:
    """To the server of users' files he says who he is."""
    assert phone.visit is not None
    visits, visitor = phone.firmware.VISITS, phone.visit.visitor
    visiting = visits.visiting(phone.model, phone.mac, phone.flash.settings) if visits is not None else None
    return _login(visiting.url if visiting is not None else "", visitor.user, visitor.password)


@lru_cache(maxsize=4096)
def _login(url: str, username: str, password: str) -> Login:
    return Login(transfer.origin(url), username, password)


def send(phone: Phone, fetch: Fetch, now: int) -> Step:
    """Send the request of a fetch, under a new id."""
    serial = phone.serial + 1
    fetch = replace(fetch, id=serial)
    agent = phone.firmware.user_agent(phone.model, phone.mac, phone.flash.settings)
    session, request = transfer.send(fetch, phone.session, login(phone), agent, headers.accept(phone.model))
    run = phone.run is not None
    wait = phone.firmware.answer_ms(phone.model, phone.flash.settings) if run else patience.of(phone.model).http_ms
    deadlines = arm(phone.deadlines, "http", now + wait, True)
    return replace(phone, serial=serial, fetch=fetch, session=session, deadlines=deadlines), (request,)


def get(phone: Phone, url: str, now: int) -> Step:
    """Ask for a URL, which must be `fetchable`."""
    return send(phone, Fetch(0, url), now)


def fetchable(url: str) -> bool:
    """Whether it is an address this phone knows how to fetch."""
    return url.startswith(("http://", "https://"))
