"""What every phone does, whatever its vendor: one pure function from (phone, input, now) to (phone, outputs).

The tables say what an input means in each phase and what each deadline does when it comes; nothing else decides
that. No clock, chance or transport is known here: `now` is given, in milliseconds, and deadlines leave as data.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from msgspec.structs import replace

from device_emulator.messages import (
    Dialled,
    FactoryReset,
    HttpReply,
    HttpRequest,
    Input,
    KeyPressed,
    LocallySet,
    Placed,
    PowerLost,
    PowerOn,
    SipReply,
    SipRequest,
    Staged,
    Typed,
    Wake,
)
from device_emulator.models import Model
from device_emulator.phone import cable, handlers, lines, pages, signals, watching
from device_emulator.phone.state import (
    Outputs,
    Phase,
    Phone,
    Step,
    disarm,
)

__all__ = ["Phone", "new", "step"]

Handler = Callable[[Phone, Any, int], Step]


def new(model: Model, mac: str) -> Phone:
    """A phone out of its box: no power, no server. `mac` in any usual writing; a `ValueError` says what is wrong."""
    digits = mac.strip().lower().replace(":", "").replace("-", "").replace(".", "")
    if len(digits) != 12 or not set(digits) <= set("0123456789abcdef"):
        raise ValueError(f"{mac!r} is not a MAC address: 12 hexadecimal digits, such as 80:5e:c0:11:22:33.")
    return Phone(model, digits)


def step(phone: Phone, input: Input, now: int) -> Step:
    """The phone after an input at an instant (ms since the epoch), and what it sends. Never raises for what a
    server, a file or a person says; an input that means nothing in the present phase changes nothing."""
    if phone.place.connected or type(input) is Placed:
        return _step(phone, input, now)
    if type(input) in cable.ARRIVES:
        return phone, ()
    return _step(phone, input, now)[0], ()  # what it sends is lost


def _step(phone: Phone, input: Input, now: int) -> Step:
    after, outputs = TABLE[phone.phase][type(input)](phone, input, now)
    if type(input) in _HANDS and phone.phase != "off":
        after = replace(after, touched=now)
    if after.call is not phone.call and after.phase in ("idle", "updating"):
        after = replace(after, touched=now)
        after = signals.call(after, phone.call, now)
        if after.signals:
            return handlers.go_on(after, outputs, now)
    return after, outputs


def _wake(phone: Phone, input: Wake, now: int) -> Step:
    outputs: Outputs = ()
    while phone.deadlines:
        name, at, _ = min(phone.deadlines, key=itemgetter(1))
        if at > now:
            break
        phone = replace(phone, deadlines=disarm(phone.deadlines, name))
        phone, more = DEADLINES[name.partition(":")[0]](phone, name, now)
        outputs += more
    return phone, outputs


def _sip_request(phone: Phone, request: SipRequest, now: int) -> Step:
    return REQUESTS.get(request.method, handlers.not_implemented)(phone, request, now)


# ---- the tables. Empty rows are written out: an input that a phase ignores is a decision, too.

DEADLINES: dict[str, Callable[[Phone, str, int], Step]] = {
    "boot": handlers.booted,  # busy: the boot stage is over
    "retry": handlers.retry,  # busy: ask once more for a file that was not there
    "http": handlers.http_timeout,  # busy: no answer to the HTTP request under way
    "flash": handlers.written,  # busy: the configuration is in flash
    "schedule": handlers.scheduled,  # idle: look for another configuration, as the settings say
    "answer": handlers.sip_timeout,  # busy: no answer to the REGISTER of that id
    "again": lines.due_again,  # idle: refresh that line's registration, or try it again
    "watch": watching.due_again,  # idle: refresh the subscriptions of BLF keys that are due
    "watching": watching.unanswered,  # busy: no answer to a SUBSCRIBE
    "invite": handlers.call_timeout,  # busy: no answer to the INVITE under way, not even that it rings
    "page": pages.timed_out,  # idle: nobody has pressed a key for so long that the page leaves
    "poll": handlers.polled,  # idle: fetch what the settings say, every so often
    "visitor": handlers.visitor_due,  # idle: upload what whoever is logged in has set
    "ringing": handlers.call_timeout,  # idle: it has rung for so long that nobody will come
}

REQUESTS: dict[str, Callable[[Phone, SipRequest, int], Step]] = {
    "NOTIFY": handlers.notified,
    "INVITE": handlers.called,
    "CANCEL": handlers.called,
    "BYE": handlers.called,
}

_HANDS = frozenset((KeyPressed, Typed, Dialled, LocallySet))
"""What a person does at the phone."""

TABLE: dict[Phase, dict[type, Handler]] = {
    "off": {
        PowerOn: handlers.power_on,
        PowerLost: handlers.ignore,
        Wake: handlers.ignore,
        Staged: handlers.store_server,  # entered before it is plugged in, as a distributor does
        FactoryReset: handlers.ignore,
        KeyPressed: handlers.ignore,
        Typed: handlers.ignore,
        Dialled: handlers.ignore,
        LocallySet: handlers.ignore,
        Placed: handlers.placed,
        HttpRequest: handlers.ignore,
        HttpReply: handlers.ignore,
        SipReply: handlers.ignore,
        SipRequest: handlers.ignore,  # nobody answers
    },
    "booting": {
        PowerOn: handlers.ignore,
        PowerLost: handlers.power_lost,
        Wake: _wake,
        Staged: handlers.stage,
        FactoryReset: handlers.factory_reset,
        KeyPressed: handlers.ignore,
        Typed: handlers.ignore,
        Dialled: handlers.ignore,
        LocallySet: handlers.ignore,
        Placed: handlers.placed,
        HttpRequest: handlers.ignore,  # its web server is not up
        HttpReply: handlers.ignore,
        SipReply: handlers.sip_reply,  # of a farewell
        SipRequest: handlers.ignore,  # the SIP stack is not up: nobody answers
    },
    "looking": {
        PowerOn: handlers.ignore,
        PowerLost: handlers.power_lost,
        Wake: _wake,
        Staged: handlers.stage,
        FactoryReset: handlers.factory_reset,
        KeyPressed: handlers.ignore,
        Typed: handlers.ignore,
        Dialled: handlers.ignore,
        LocallySet: handlers.ignore,
        Placed: handlers.placed,
        HttpRequest: handlers.ignore,  # its web server is not up
        HttpReply: handlers.http_reply,
        SipReply: handlers.sip_reply,  # of a farewell
        SipRequest: handlers.ignore,  # the SIP stack is not up: nobody answers
    },
    "no-server": {
        PowerOn: handlers.ignore,
        PowerLost: handlers.power_lost,
        Wake: _wake,
        Staged: handlers.stage,
        FactoryReset: handlers.factory_reset,
        KeyPressed: handlers.ignore,
        Typed: handlers.ignore,
        Dialled: handlers.ignore,
        LocallySet: handlers.locally_set,
        Placed: handlers.placed,
        HttpRequest: handlers.ignore,  # its web server is not up
        HttpReply: handlers.ignore,
        SipReply: handlers.sip_reply,  # of a farewell
        SipRequest: handlers.ignore,
    },
    "fetching": {
        PowerOn: handlers.ignore,
        PowerLost: handlers.power_lost,
        Wake: _wake,
        Staged: handlers.stage,
        FactoryReset: handlers.factory_reset,
        KeyPressed: handlers.ignore,
        Typed: handlers.ignore,
        Dialled: handlers.ignore,
        LocallySet: handlers.ignore,
        Placed: handlers.placed,
        HttpRequest: handlers.ignore,  # its web server is not up
        HttpReply: handlers.http_reply,
        SipReply: handlers.sip_reply,  # of a farewell
        SipRequest: handlers.ignore,
    },
    "idle": {
        PowerOn: handlers.ignore,
        PowerLost: handlers.power_lost,
        Wake: _wake,
        Staged: handlers.stage,
        FactoryReset: handlers.factory_reset,
        KeyPressed: handlers.key_pressed,
        Typed: handlers.typed,
        Dialled: handlers.dialled,
        LocallySet: handlers.locally_set,
        Placed: handlers.placed,
        HttpRequest: handlers.asked,
        HttpReply: handlers.http_reply,
        SipReply: handlers.sip_reply,
        SipRequest: _sip_request,
    },
    "updating": {
        PowerOn: handlers.ignore,
        PowerLost: handlers.power_lost,
        Wake: _wake,
        Staged: handlers.stage,
        FactoryReset: handlers.factory_reset,
        KeyPressed: handlers.key_pressed,  # what it fetches waits until the run is over
        Typed: handlers.typed,
        Dialled: handlers.dialled,
        LocallySet: handlers.locally_set,
        Placed: handlers.placed,
        HttpRequest: handlers.asked,
        HttpReply: handlers.http_reply,
        SipReply: handlers.sip_reply,
        SipRequest: _sip_request,  # a check-sync is remembered until the run is over
    },
}
