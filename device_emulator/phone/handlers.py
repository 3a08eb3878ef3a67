"""What each input does to a phone that heeds it. Which does so in which phase, `table.py` says.

A handler hands over to whoever knows: boots, lines, calls, pages, watchers. What waits until the phone is free is done
at the end of each of them, in one order: see `go_on`.
"""

from __future__ import annotations

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
)
from device_emulator.phone import boot, cable, calls, lines, own, pages, signals, visitor, watching
from device_emulator.phone.state import (
    Outputs,
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

# ---- power


def ignore(phone: Phone, input: Input, now: int) -> Step:
    """It means nothing in this phase."""
    return phone, ()


def power_on(phone: Phone, input: PowerOn, now: int) -> Step:
    """The cable is plugged in."""
    return boot.start_up(phone, now, lost=True), ()


def power_lost(phone: Phone, input: PowerLost, now: int) -> Step:
    """Everything but flash is gone, and nobody is told."""
    return dark(phone), ()


# ---- somebody at the phone


def store_server(phone: Phone, input: Staged, now: int) -> Step:
    """An installer has entered a server."""
    server = boot.server_of(input.url)
    username, password = input.username or server.username, input.password or server.password
    return replace(phone, flash=replace(phone.flash, url=server.url, username=username, password=password)), ()


def placed(phone: Phone, input: Placed, now: int) -> Step:
    """Its clock may go another way: what is scheduled by the clock is scheduled anew. Or there is a network again."""
    back = input.place.connected and not phone.place.connected
    phone = replace(phone, place=input.place)
    if phone.phase == "idle":
        phone = boot.scheduled(phone, now)
    return go_on(*cable.plugged(phone, now), now) if back and phone.powered else (phone, ())


def stage(phone: Phone, input: Staged, now: int) -> Step:
    """Another server: the phone starts anew."""
    phone, _ = store_server(phone, input, now)
    phone, outputs = calls.abandoned(phone, now)
    phone, more = boot.reboot(phone, now)
    return phone, outputs + more


def factory_reset(phone: Phone, input: FactoryReset, now: int) -> Step:
    """Farewell to every registrar, and as from the factory."""
    phone, outputs = calls.abandoned(phone, now)
    phone, more = lines.farewell(phone, list(phone.lines), now)
    return boot.start_up(replace(phone, flash=Flash()), now), outputs + more


def locally_set(phone: Phone, input: LocallySet, now: int) -> Step:
    """A key changed at the phone counts at once."""
    phone = set_locally(phone, input.key, input.value)
    if phone.phase != "idle":
        return phone, ()
    phone, outputs = lines.settle(phone, now)
    return go_on(boot.scheduled(phone, now), outputs, now)


def key_pressed(phone: Phone, input: KeyPressed, now: int) -> Step:
    """A call's keys come first, then the phone's own menu, then the page on the screen, then what is programmed."""
    if phone.call is not None:
        taken = calls.pressed(phone, input.key, now)
        if taken is not None:
            return go_on(*taken, now)
        phone = calls.closed(phone)
    free = not phone.pages or not phone.pages[-1].locked
    order = phone.firmware.chosen(phone.model, input.key) if free else None
    if order is not None:
        return _ordered(phone, order, (), now)
    page = phone.pages[-1] if phone.pages else None
    if page is not None and page.purpose in own.PURPOSES and own.submits(page, input.key):
        return _submitted(phone, (), now)
    phone, outputs = pages.pressed(phone, input.key, now)
    return go_on(phone, outputs, now)


def typed(phone: Phone, input: Typed, now: int) -> Step:
    """The prompt on the screen is filled and submitted."""
    if phone.call is not None:
        return phone, ()  # a call covers the prompt
    if phone.pages and phone.pages[-1].purpose in own.PURPOSES:
        return _submitted(phone, input.fields, now)
    return go_on(*pages.typed(phone, input.fields, now), now)


def _submitted(phone: Phone, fields: tuple[str, ...], now: int) -> Step:
    """A page of the phone's own is filled."""
    phone, order, outputs = own.submitted(phone, phone.pages[-1], fields, now)
    return _ordered(phone, order, outputs, now)


def dialled(phone: Phone, input: Dialled, now: int) -> Step:
    """A number is called."""
    return calls.dial(phone, input.number, now)


# ---- HTTP


def http_reply(phone: Phone, reply: HttpReply, now: int) -> Step:
    """The answer to the request under way; any other is dropped."""
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
    return go_on(phone, outputs, now)


def go_on(phone: Phone, outputs: Outputs, now: int) -> Step:
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


def sip_reply(phone: Phone, reply: SipReply, now: int) -> Step:
    """The answer to a call, a subscription or a registration."""
    if phone.call is not None and calls.waits_for(phone.call, reply.id):
        phone, outputs = calls.replied(phone, reply, now)
    elif (index := watching.asked_for(phone, reply.id)) is not None:
        phone, outputs = watching.replied(phone, index, reply, now)
    else:
        phone, outputs = lines.replied(phone, reply, now)
    return go_on(phone, outputs, now)


def not_implemented(phone: Phone, request: SipRequest, now: int) -> Step:
    """A method that no phone here knows."""
    return phone, (SipReply(request.id, 501, "Not Implemented", call=request.call),)


def called(phone: Phone, request: SipRequest, now: int) -> Step:
    """The PBX's side of a call."""
    phone, outputs = calls.asked(phone, request, now)
    return go_on(phone, outputs, now)


def notified(phone: Phone, request: SipRequest, now: int) -> Step:
    """A NOTIFY: who watches is told, a message waits, or the phone is to do something."""
    if request.event.startswith((watching.DIALOG, watching.SUMMARY)):
        return watching.notified(phone, request, now)
    host = request.caller.partition("@")[2].partition(">")[0].partition(";")[0]  # '' is the registrar's own
    stranger = bool(request.caller) and all(line.account.server != host for line in phone.lines)
    order = phone.firmware.notified(phone.model, phone.flash.settings, request.event, request.body, stranger)
    if order is None:
        return phone, (SipReply(request.id, 489, "Bad Event"),)
    return _ordered(phone, order, (SipReply(request.id, order.status, REASONS.get(order.status, "")),), now)


def asked(phone: Phone, request: HttpRequest, now: int) -> Step:
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
        phone, outputs = factory_reset(phone, FactoryReset(), now)
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
    return go_on(phone, answer, now)


def _as_if_at_the_phone(phone: Phone, order: Order, now: int) -> Step:
    """What an order presses, sets and dials."""
    outputs: Outputs = ()
    for key, value in order.sets:
        phone = set_locally(phone, key, value)
    for pressed in order.presses:
        if phone.phase in ("idle", "updating"):
            phone, more = key_pressed(phone, KeyPressed(pressed), now)
            outputs += more
    if order.dial:
        phone, more = calls.dial(phone, order.dial, now)
        outputs += more
    return phone, outputs


# ---- deadlines


def booted(phone: Phone, name: str, now: int) -> Step:
    """The first stage of a boot is over."""
    phone, outputs = boot.booted(phone, now)
    return go_on(phone, outputs, now)


def retry(phone: Phone, name: str, now: int) -> Step:
    """Ask once more for a file that was not there."""
    phone, outputs = boot.ask(phone, now)
    return go_on(phone, outputs, now)


def http_timeout(phone: Phone, name: str, now: int) -> Step:
    """No answer to the HTTP request under way."""
    if phone.fetch is None:
        return phone, ()
    return http_reply(phone, HttpReply(phone.fetch.id, 0, body=b"no answer in time"), now)


def written(phone: Phone, name: str, now: int) -> Step:
    """The configuration is in flash."""
    phone, outputs = boot.written(phone, now)
    return go_on(phone, outputs, now)


def scheduled(phone: Phone, name: str, now: int) -> Step:
    """Time to look. What goes on meanwhile ends first, and it may be that whoever uses the phone must have left it
    alone for a while; the end of the run arms the next."""
    patience = phone.firmware.patience_ms(phone.model, phone.flash.settings)
    if phone.touched and now < phone.touched + patience:
        return replace(phone, deadlines=arm(phone.deadlines, name, phone.touched + patience, False)), ()
    return go_on(replace(phone, again=phone.again or "fetch"), (), now)


def polled(phone: Phone, name: str, now: int) -> Step:
    """Time to ask the server whether there is anything to do."""
    return go_on(*signals.poll(phone, name, now), now)


def visitor_due(phone: Phone, name: str, now: int) -> Step:
    """Something of the visitor's is due."""
    return go_on(*visitor.due(phone, name, now), now)


def sip_timeout(phone: Phone, name: str, now: int) -> Step:
    """No answer to the request of that id."""
    return sip_reply(phone, SipReply(int(name.partition(":")[2]), 0), now)


def call_timeout(phone: Phone, name: str, now: int) -> Step:
    """No answer to a call, or nobody has come to the phone."""
    phone, outputs = calls.timeout(phone, name, now)
    return go_on(phone, outputs, now)
