"""What every phone does, whatever its vendor: one pure function from (phone, input, now) to (phone, outputs).

The tables say what an input means in each phase and what each deadline does when it comes; nothing else decides
that. No clock, chance or transport is known here: `now` is given, in milliseconds, and deadlines leave as data.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from msgspec.structs import replace

from device_emulator.firmware.contract import Flash, Order
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
from device_emulator.phone import boot, cable, calls, lines, own, pages, signals, visitor, watching
from device_emulator.phone.state import (
    Outputs,
    Phase,
    Phone,
    Step,
    arm,
    dark,
    disarm,
    fetchable,
    get,
    lines_shown,
    login,
    send,
    set_flash,
    set_locally,
)
from device_emulator.wire import transfer
from device_emulator.wire.dialog import REASONS
from device_emulator.wire.transfer import Done

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
            return _go_on(after, outputs, now)
    return after, outputs


# ---- power


def _ignore(phone: Phone, input: Input, now: int) -> Step:
    return phone, ()


def _power_on(phone: Phone, input: PowerOn, now: int) -> Step:
    return boot.start_up(phone, now, lost=True), ()


def _power_lost(phone: Phone, input: PowerLost, now: int) -> Step:
    return dark(phone), ()


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


# ---- somebody at the phone


def _store_server(phone: Phone, input: Staged, now: int) -> Step:
    server = boot.server_of(input.url)
    username, password = input.username or server.username, input.password or server.password
    return replace(phone, flash=replace(phone.flash, url=server.url, username=username, password=password)), ()


def _placed(phone: Phone, input: Placed, now: int) -> Step:
    """Its clock may go another way: what is scheduled by the clock is scheduled anew. Or there is a network again."""
    back = input.place.connected and not phone.place.connected
    phone = replace(phone, place=input.place)
    if phone.phase == "idle":
        phone = boot.scheduled(phone, now)
    return _go_on(*cable.plugged(phone, now), now) if back and phone.powered else (phone, ())


def _stage(phone: Phone, input: Staged, now: int) -> Step:
    phone, _ = _store_server(phone, input, now)
    phone, outputs = calls.abandoned(phone, now)
    phone, more = boot.reboot(phone, now)
    return phone, outputs + more


def _factory_reset(phone: Phone, input: FactoryReset, now: int) -> Step:
    phone, outputs = calls.abandoned(phone, now)
    phone, more = lines.farewell(phone, list(phone.lines), now)
    return boot.start_up(replace(phone, flash=Flash()), now), outputs + more


def _locally_set(phone: Phone, input: LocallySet, now: int) -> Step:
    phone = set_locally(phone, input.key, input.value)
    if phone.phase != "idle":
        return phone, ()
    phone, outputs = lines.settle(phone, now)
    return _go_on(boot.scheduled(phone, now), outputs, now)


def _key_pressed(phone: Phone, input: KeyPressed, now: int) -> Step:
    if phone.call is not None:
        taken = calls.pressed(phone, input.key, now)
        if taken is not None:
            return _go_on(*taken, now)
        phone = calls.closed(phone)
    free = not phone.pages or not phone.pages[-1].locked
    order = phone.firmware.chosen(phone.model, input.key) if free else None
    if order is not None:
        return _ordered(phone, order, (), now)
    page = phone.pages[-1] if phone.pages else None
    if page is not None and page.purpose in own.PURPOSES and own.submits(page, input.key):
        return _submitted(phone, (), now)
    phone, outputs = pages.pressed(phone, input.key, now)
    return _go_on(phone, outputs, now)


def _typed(phone: Phone, input: Typed, now: int) -> Step:
    if phone.call is not None:
        return phone, ()  # a call covers the prompt
    if phone.pages and phone.pages[-1].purpose in own.PURPOSES:
        return _submitted(phone, input.fields, now)
    return _go_on(*pages.typed(phone, input.fields, now), now)


def _submitted(phone: Phone, fields: tuple[str, ...], now: int) -> Step:
    """A page of the phone's own is filled."""
    phone, order, outputs = own.submitted(phone, phone.pages[-1], fields, now)
    return _ordered(phone, order, outputs, now)


def _dialled(phone: Phone, input: Dialled, now: int) -> Step:
    return calls.dial(phone, input.number, now)


# ---- HTTP


def _http_reply(phone: Phone, reply: HttpReply, now: int) -> Step:
    fetch = phone.fetch
    if fetch is None or fetch.id != reply.id:
        return phone, ()
    if reply.certificate and phone.firmware.checks_certificates(phone.model, phone.flash.settings):
        reply = HttpReply(reply.id, 0, body=f"the server's certificate: {reply.certificate}".encode())
    if phone.phase == "looking":
        return boot.redirected(phone, reply, now)
    firmware = phone.firmware
    redirects, schemes = firmware.redirects(phone.model), firmware.schemes(phone.model)
    outcome = transfer.receive(fetch, phone.session, login(phone), reply, redirects, schemes)
    if not isinstance(outcome, Done):
        fetch, session = outcome
        return send(replace(phone, session=session), fetch, now)
    phone = replace(phone, fetch=None, deadlines=disarm(phone.deadlines, "http"))
    if phone.run is not None:
        phone, outputs = boot.received(phone, outcome, now)
    elif fetch.quiet:
        outputs = ()
    elif phone.visit is not None and phone.visit.asked:
        phone, outputs = visitor.received(phone, outcome, now)
    else:
        phone, outputs = pages.received(phone, fetch.url, outcome, now)
    return _go_on(phone, outputs, now)


def _go_on(phone: Phone, outputs: Outputs, now: int) -> Step:
    """An idle phone does what is waiting: first it tells what has happened, then comes a visitor, then what an answer
    listed, then what a check-sync asked for meanwhile. In a call it only tells."""
    if phone.signals and phone.phase == "idle" and phone.fetch is None:
        phone, more = _signalled(phone, now)
        outputs += more
    if phone.phase == "idle" and phone.fetch is None and not phone.in_call:
        if phone.visit is not None and not phone.visit.asked:
            phone, more = visitor.go_on(phone, now)
            outputs += more
        if phone.todo:
            phone, more = pages.go_on(phone, now)
            outputs += more
        if phone.again and phone.phase == "idle" and phone.fetch is None:
            phone, more = boot.reboot(phone, now) if phone.again == "reboot" else boot.update(phone, now)
            outputs += more
    return phone, outputs


def _signalled(phone: Phone, now: int) -> Step:
    """Tell the next of what has happened."""
    while phone.signals and phone.fetch is None:
        uri = phone.signals[0]
        phone = replace(phone, signals=phone.signals[1:])
        told = uri.startswith(own.TELL)
        if told or fetchable(uri):
            return own.tell(phone, uri, now) if told else get(phone, transfer.resolve(uri, uri), now)
    return phone, ()


# ---- SIP


def _sip_reply(phone: Phone, reply: SipReply, now: int) -> Step:
    if phone.call is not None and calls.waits_for(phone.call, reply.id):
        phone, outputs = calls.replied(phone, reply, now)
    elif (index := watching.asked_for(phone, reply.id)) is not None:
        phone, outputs = watching.replied(phone, index, reply, now)
    else:
        phone, outputs = lines.replied(phone, reply, now)
    return _go_on(phone, outputs, now)


def _sip_request(phone: Phone, request: SipRequest, now: int) -> Step:
    return REQUESTS.get(request.method, _not_implemented)(phone, request, now)


def _not_implemented(phone: Phone, request: SipRequest, now: int) -> Step:
    return phone, (SipReply(request.id, 501, "Not Implemented", call=request.call),)


def _called(phone: Phone, request: SipRequest, now: int) -> Step:
    phone, outputs = calls.asked(phone, request, now)
    return _go_on(phone, outputs, now)


def _notified(phone: Phone, request: SipRequest, now: int) -> Step:
    if request.event.startswith((watching.DIALOG, watching.SUMMARY)):
        return watching.notified(phone, request, now)
    host = request.caller.partition("@")[2].partition(">")[0].partition(";")[0]  # '' is the registrar's own
    stranger = bool(request.caller) and all(line.account.server != host for line in phone.lines)
    order = phone.firmware.notified(phone.model, phone.flash.settings, request.event, request.body, stranger)
    if order is None:
        return phone, (SipReply(request.id, 489, "Bad Event"),)
    return _ordered(phone, order, (SipReply(request.id, order.status, REASONS.get(order.status, "")),), now)


def _asked(phone: Phone, request: HttpRequest, now: int) -> Step:
    """Somebody asks the phone's own web server."""
    order = phone.firmware.served(phone.model, phone.mac, phone.flash, request, lines_shown(phone))
    return _ordered(phone, order, (HttpReply(request.id, order.status, (), order.body),), now)


def _ordered(phone: Phone, order: Order, answer: Outputs, now: int) -> Step:
    """Do what somebody may make the phone do; whoever asked has had his answer."""
    if order.uris:
        phone = replace(phone, todo=(phone.todo + order.uris)[: pages.MAX_TODO])
    if order.page:
        phone, outputs = pages.carried_out(phone, "", order.page, now)
        answer += outputs
    if order.ask is not None and phone.call is None:
        phone = replace(phone, pages=(order.ask,))
    phone, outputs = _as_if_at_the_phone(phone, order, now)
    answer += outputs
    if order.action == "reset":
        phone, outputs = _factory_reset(phone, FactoryReset(), now)
        return phone, answer + outputs
    if order.action == "clear":
        phone = set_flash(phone, phone.firmware.clear_local(phone.flash))
    if order.action == "reboot" and phone.in_call:
        return replace(phone, again="reboot"), answer  # after the call (vendor guides)
    if order.action == "reboot":
        phone, outputs = boot.reboot(phone, now)
        return phone, answer + outputs
    if order.action == "fetch" and order.force and phone.phase == "idle" and phone.fetch is None:
        phone, outputs = boot.update(phone, now)  # even during a call
        return phone, answer + outputs
    if order.action == "fetch":
        phone = replace(phone, again=phone.again or "fetch")
    return _go_on(phone, answer, now)


def _as_if_at_the_phone(phone: Phone, order: Order, now: int) -> Step:
    """What an order presses, sets and dials."""
    outputs: Outputs = ()
    for key, value in order.sets:
        phone = set_locally(phone, key, value)
    for pressed in order.presses:
        if phone.phase in ("idle", "updating"):
            phone, more = _key_pressed(phone, KeyPressed(pressed), now)
            outputs += more
    if order.dial:
        phone, more = calls.dial(phone, order.dial, now)
        outputs += more
    return phone, outputs


# ---- deadlines


def _booted(phone: Phone, name: str, now: int) -> Step:
    phone, outputs = boot.booted(phone, now)
    return _go_on(phone, outputs, now)


def _retry(phone: Phone, name: str, now: int) -> Step:
    phone, outputs = boot.ask(phone, now)
    return _go_on(phone, outputs, now)


def _http_timeout(phone: Phone, name: str, now: int) -> Step:
    if phone.fetch is None:
        return phone, ()
    return _http_reply(phone, HttpReply(phone.fetch.id, 0, body=b"no answer in time"), now)


def _written(phone: Phone, name: str, now: int) -> Step:
    phone, outputs = boot.written(phone, now)
    return _go_on(phone, outputs, now)


def _scheduled(phone: Phone, name: str, now: int) -> Step:
    """Time to look. What goes on meanwhile ends first, and it may be that whoever uses the phone must have left it
    alone for a while; the end of the run arms the next."""
    patience = phone.firmware.patience_ms(phone.model, phone.flash.settings)
    if phone.touched and now < phone.touched + patience:
        return replace(phone, deadlines=arm(phone.deadlines, name, phone.touched + patience, False)), ()
    return _go_on(replace(phone, again=phone.again or "fetch"), (), now)


def _polled(phone: Phone, name: str, now: int) -> Step:
    return _go_on(*signals.poll(phone, name, now), now)


def _visitor_due(phone: Phone, name: str, now: int) -> Step:
    return _go_on(*visitor.due(phone, name, now), now)


def _sip_timeout(phone: Phone, name: str, now: int) -> Step:
    return _sip_reply(phone, SipReply(int(name.partition(":")[2]), 0), now)


def _call_timeout(phone: Phone, name: str, now: int) -> Step:
    phone, outputs = calls.timeout(phone, name, now)
    return _go_on(phone, outputs, now)


# ---- the tables. Empty rows are written out: an input that a phase ignores is a decision, too.

DEADLINES: dict[str, Callable[[Phone, str, int], Step]] = {
    "boot": _booted,  # busy: the boot stage is over
    "retry": _retry,  # busy: ask once more for a file that was not there
    "http": _http_timeout,  # busy: no answer to the HTTP request under way
    "flash": _written,  # busy: the configuration is in flash
    "schedule": _scheduled,  # idle: look for another configuration, as the settings say
    "answer": _sip_timeout,  # busy: no answer to the REGISTER of that id
    "again": lines.due_again,  # idle: refresh that line's registration, or try it again
    "watch": watching.due_again,  # idle: refresh the subscriptions of BLF keys that are due
    "watching": watching.unanswered,  # busy: no answer to a SUBSCRIBE
    "invite": _call_timeout,  # busy: no answer to the INVITE under way, not even that it rings
    "page": pages.timed_out,  # idle: nobody has pressed a key for so long that the page leaves
    "poll": _polled,  # idle: fetch what the settings say, every so often
    "visitor": _visitor_due,  # idle: upload what whoever is logged in has set
    "ringing": _call_timeout,  # idle: it has rung for so long that nobody will come
}

REQUESTS: dict[str, Callable[[Phone, SipRequest, int], Step]] = {
    "NOTIFY": _notified,
    "INVITE": _called,
    "CANCEL": _called,
    "BYE": _called,
}

_HANDS = frozenset((KeyPressed, Typed, Dialled, LocallySet))
"""What a person does at the phone."""

TABLE: dict[Phase, dict[type, Handler]] = {
    "off": {
        PowerOn: _power_on,
        PowerLost: _ignore,
        Wake: _ignore,
        Staged: _store_server,  # entered before it is plugged in, as a distributor does
        FactoryReset: _ignore,
        KeyPressed: _ignore,
        Typed: _ignore,
        Dialled: _ignore,
        LocallySet: _ignore,
        Placed: _placed,
        HttpRequest: _ignore,
        HttpReply: _ignore,
        SipReply: _ignore,
        SipRequest: _ignore,  # nobody answers
    },
    "booting": {
        PowerOn: _ignore,
        PowerLost: _power_lost,
        Wake: _wake,
        Staged: _stage,
        FactoryReset: _factory_reset,
        KeyPressed: _ignore,
        Typed: _ignore,
        Dialled: _ignore,
        LocallySet: _ignore,
        Placed: _placed,
        HttpRequest: _ignore,  # its web server is not up
        HttpReply: _ignore,
        SipReply: _sip_reply,  # of a farewell
        SipRequest: _ignore,  # the SIP stack is not up: nobody answers
    },
    "looking": {
        PowerOn: _ignore,
        PowerLost: _power_lost,
        Wake: _wake,
        Staged: _stage,
        FactoryReset: _factory_reset,
        KeyPressed: _ignore,
        Typed: _ignore,
        Dialled: _ignore,
        LocallySet: _ignore,
        Placed: _placed,
        HttpRequest: _ignore,  # its web server is not up
        HttpReply: _http_reply,
        SipReply: _sip_reply,  # of a farewell
        SipRequest: _ignore,  # the SIP stack is not up: nobody answers
    },
    "no-server": {
        PowerOn: _ignore,
        PowerLost: _power_lost,
        Wake: _wake,
        Staged: _stage,
        FactoryReset: _factory_reset,
        KeyPressed: _ignore,
        Typed: _ignore,
        Dialled: _ignore,
        LocallySet: _locally_set,
        Placed: _placed,
        HttpRequest: _ignore,  # its web server is not up
        HttpReply: _ignore,
        SipReply: _sip_reply,  # of a farewell
        SipRequest: _ignore,
    },
    "fetching": {
        PowerOn: _ignore,
        PowerLost: _power_lost,
        Wake: _wake,
        Staged: _stage,
        FactoryReset: _factory_reset,
        KeyPressed: _ignore,
        Typed: _ignore,
        Dialled: _ignore,
        LocallySet: _ignore,
        Placed: _placed,
        HttpRequest: _ignore,  # its web server is not up
        HttpReply: _http_reply,
        SipReply: _sip_reply,  # of a farewell
        SipRequest: _ignore,
    },
    "idle": {
        PowerOn: _ignore,
        PowerLost: _power_lost,
        Wake: _wake,
        Staged: _stage,
        FactoryReset: _factory_reset,
        KeyPressed: _key_pressed,
        Typed: _typed,
        Dialled: _dialled,
        LocallySet: _locally_set,
        Placed: _placed,
        HttpRequest: _asked,
        HttpReply: _http_reply,
        SipReply: _sip_reply,
        SipRequest: _sip_request,
    },
    "updating": {
        PowerOn: _ignore,
        PowerLost: _power_lost,
        Wake: _wake,
        Staged: _stage,
        FactoryReset: _factory_reset,
        KeyPressed: _key_pressed,  # what it fetches waits until the run is over
        Typed: _typed,
        Dialled: _dialled,
        LocallySet: _locally_set,
        Placed: _placed,
        HttpRequest: _asked,
        HttpReply: _http_reply,
        SipReply: _sip_reply,
        SipRequest: _sip_request,  # a check-sync is remembered until the run is over
    },
}
