"""What XML answers do to a phone: pages on the screen, keys set while it runs, lists of things to do.

A form replaces every page; a text lies over the form, and its key `Done` uncovers it, unless the form says that it is
gone once answered. Anything that cannot be fetched or read is said on the screen and changes nothing else.
"""

from __future__ import annotations

from urllib.parse import quote_plus

from msgspec.structs import replace

from device_emulator import lamps
from device_emulator.firmware.contract import Configure, Execute, Say, Show
from device_emulator.phone import boot, calls, lines, own, signals, visitor
from device_emulator.phone.state import UPLOAD, Outputs, Phone, Step, arm, disarm, fetchable, get, is_soft, set_locally
from device_emulator.screen import Field, Key, Page, Purpose, SoftKey
from device_emulator.wire import transfer
from device_emulator.wire.transfer import Done

MAX_TODO = 64
"""Things to do that a phone remembers (decided): an answer that lists itself must not grow without end."""
MAX_STATUS = 16
"""Messages that the idle screen remembers (decided)."""

EXIT = "SoftKey:Exit"
SUBMIT = "SoftKey:Submit"
LOCKED = "Phone is locked"
DEADLINE = "page"

_WHO = (Field("Username", ""), Field("Password", "", password=True))
_WHO_IS_THERE = Page(
    "Log In", fields=_WHO, soft_keys=(SoftKey("Submit", SUBMIT), SoftKey("Exit", EXIT)), purpose="http-login"
)


def go_on(phone: Phone, now: int) -> Step:
    """Do what is to be done next, until something is under way."""
    outputs: Outputs = ()
    for _ in range(MAX_TODO):
        if phone.phase != "idle" or phone.fetch is not None or not phone.todo:
            break
        uri = phone.todo[0]
        phone = replace(phone, todo=phone.todo[1:])
        if fetchable(uri):
            phone, more = get(phone, transfer.resolve(uri, uri), now)
        else:
            phone, more = _command(phone, uri, now)
        outputs += more
    else:
        phone = replace(phone, todo=())  # a key that presses itself would go on for ever
    return phone, outputs


def _command(phone: Phone, uri: str, now: int) -> Step:
    """What is no address: `Command: Reset`, `Led: prgkey1=on`, `Dial: 204`, `Key: prgkey1`. Any other word, such as
    those for sounds, changes nothing that is modelled."""
    scheme, _, rest = uri.partition(":")
    scheme, rest = scheme.strip().lower(), rest.strip()
    if scheme == own.TELLS:
        return own.tell(phone, uri, now)
    if uri == UPLOAD:
        return own.upload(phone, now)
    if scheme == "command":
        return _told(phone, rest.lower(), now)
    if scheme == "led":
        return lamps.switched(phone, rest), ()
    if scheme == "dial":
        return calls.dial(replace(phone, pages=()), rest, now)
    if scheme == "key":
        return pressed(phone, rest, now)
    return phone, ()


def _told(phone: Phone, word: str, now: int) -> Step:
    flash = phone.flash
    if word in ("reset", "fastreboot"):
        return (replace(phone, again="reboot"), ()) if phone.in_call else boot.reboot(phone, now)
    if word == "clearlocal":
        return lines.settle(replace(phone, flash=phone.firmware.clear_local(flash)), now)
    if word == "clearcallerslist" and flash.callers:
        return replace(phone, flash=replace(flash, callers=())), ()
    if word == "clearrediallist" and flash.redial:
        return replace(phone, flash=replace(flash, redial=())), ()
    if word in ("lock", "unlock"):
        return replace(phone, locked=word == "lock", notice=LOCKED if word == "lock" else ""), ()
    return phone, ()  # `ClearDirectory`, too: no directory is modelled


def received(phone: Phone, url: str, done: Done, now: int) -> Step:
    """The end of the fetch of a page."""
    if done.status != 200:
        return replace(phone, notice=f"Cannot fetch page ({done.status or done.why})"), ()
    return carried_out(replace(phone, notice=LOCKED if phone.locked else ""), url, done.body, now)


def carried_out(phone: Phone, url: str, body: bytes, now: int) -> Step:
    """Do what an answer, or an object that somebody has sent, asks for. `url` is where it came from."""
    answer = phone.firmware.read_answer(phone.model, body, url)
    if answer is None:
        return phone, ()
    if isinstance(answer, Show):
        return _shown(phone, _over(phone.pages, answer.page), now), ()
    if isinstance(answer, Configure):
        return _configured(_closed(phone, answer.closes, now), answer, now)
    if isinstance(answer, Execute):
        # What an answer asks for comes before what was waiting.
        phone = _closed(phone, answer.closes, now)
        return replace(phone, todo=(answer.uris + phone.todo)[:MAX_TODO]), ()
    if isinstance(answer, Say):
        return _closed(_said(phone, answer), answer.closes, now), ()
    return replace(phone, notice=answer.why), ()


def _configured(phone: Phone, answer: Configure, now: int) -> Step:
    """The keys count now, or from the reboot on that they make. One of them may log a visitor in or out."""
    phone = replace(phone, flash=phone.firmware.configure(phone.model, phone.flash, answer))
    if phone.flash.once.keys and "oneBoot" in answer.kinds:
        return (replace(phone, again="reboot"), ()) if phone.in_call else boot.reboot(phone, now)
    phone, outputs = lines.settle(phone, now)
    phone = boot.scheduled(signals.polling(phone, now), now)
    visits = phone.firmware.VISITS
    user = visits.by_xml(phone.model, answer.items) if visits is not None else None
    if user is None:
        return phone, outputs
    phone, more = visitor.log_in(phone, user, "", now) if user else visitor.log_out(phone, now)
    return phone, outputs + more


def _said(phone: Phone, answer: Say) -> Phone:
    """The messages on the idle screen, in order of session and index."""
    kept = {(session, index): text for session, index, text in phone.status}
    for index, text in answer.messages:
        kept[answer.session, index] = text
    found = [(*place, text) for place, text in sorted(kept.items()) if text]
    return replace(phone, status=tuple(found[:MAX_STATUS]))


# ---- pages


def _shown(phone: Phone, pages: tuple[Page, ...], now: int) -> Phone:
    """With these pages. The one on top leaves by itself when its time is over."""
    timeout = pages[-1].timeout if pages else 0
    deadlines = phone.deadlines
    if timeout:
        deadlines = arm(deadlines, DEADLINE, now + timeout * 1000, False)
    else:
        deadlines = disarm(deadlines, DEADLINE)
    return replace(phone, pages=pages, deadlines=deadlines)


def timed_out(phone: Phone, name: str, now: int) -> Step:
    """Nobody has pressed a key for so long that the page leaves."""
    return _shown(phone, phone.pages[:-1], now), ()


def _closed(phone: Phone, closes: bool, now: int) -> Phone:
    """Without the page that was answered, if both it and the answer say so."""
    if not (closes and phone.pages):
        return phone
    return _shown(phone, (), now) if phone.pages[-1].destroyed else phone


def _over(pages: tuple[Page, ...], page: Page) -> tuple[Page, ...]:
    alone = page.fields or not pages or not pages[0].fields or pages[0].destroyed or pages[0].purpose
    return (page,) if alone else (pages[0], page)


def pressed(phone: Phone, key: str, now: int) -> Step:
    """A key of the page on the screen, by its text; otherwise a programmed key, by its name or its text."""
    if phone.pages:
        page = phone.pages[-1]
        if page.renewed and page.timeout:
            phone = _shown(phone, phone.pages, now)
        for soft_key in page.soft_keys:
            if soft_key.label == key:
                return _follow(phone, soft_key.uri, now)
        if page.locked:
            return phone, ()
    state = _state(phone)
    for programmed in phone.keys:
        named = key == programmed.name or (is_soft(programmed) and key == programmed.label)
        if named and (not programmed.states or state in programmed.states):
            return _programmed(phone, programmed, now)
    return phone, ()


_STATES = {"ringing": "incoming", "calling": "outgoing", "talking": "connected", "ended": "busy"}


def _state(phone: Phone) -> str:
    """What the phone does, as keys say for when they are."""
    return _STATES[phone.call.state] if phone.call is not None else "idle"


def _programmed(phone: Phone, key: Key, now: int) -> Step:
    """What a key does by its type. One that shows an extension's lamp calls that extension (default, unverified)."""
    if key.type == "phonelock":
        return _told(phone, "unlock" if phone.locked else "lock", now)
    if phone.locked:
        return phone, ()
    if key.type == "xml":
        return _follow(phone, key.value, now)
    if key.type in ("speeddial", "blf"):
        return calls.dial(phone, key.value, now)
    if key.type == "dnd":
        phone = set_locally(phone, phone.firmware.DND, "0" if phone.dnd else "1")
        return signals.tell(phone, "dnd_on" if phone.dnd else "dnd_off", 1, ()), ()
    if key.type == "redial":
        return calls.dial(phone, phone.flash.redial[0], now) if phone.flash.redial else (phone, ())
    if key.type == "callers":
        return _shown(phone, (_callers(phone),), now), ()
    if key.type == "hotdesk":
        return own.wizard(phone, key, now)
    if key.type == "hotdesklogin":
        return visitor.pressed(phone, now)
    if key.type == "httplogin":
        return _shown(phone, (_WHO_IS_THERE,), now), ()
    return phone, ()


def _callers(phone: Phone) -> Page:
    """Who has called, the last one first; choosing one calls him."""
    keys = [SoftKey(number, f"Dial:{number}") for number in phone.flash.callers]
    return Page("Callers List", "\n".join(phone.flash.callers) or "Empty", (), (*keys, SoftKey("Exit", EXIT)))


def typed(phone: Phone, fields: tuple[str, ...], now: int) -> Step:
    """Submit the form on the screen: a GET with a parameter for each field. Missing fields keep their default."""
    if not phone.pages or not phone.pages[-1].fields:
        return phone, ()
    page = phone.pages[-1]
    given = (*fields[: len(page.fields)], *(field.default for field in page.fields[len(fields) :]))
    values = [_enterable(field, value) for field, value in zip(page.fields, given, strict=True)]
    if page.purpose:
        return _entered(phone, page.purpose, tuple(values), now)
    query = "&".join(
        f"{quote_plus(field.parameter)}={quote_plus(value, errors='replace')}"
        for field, value in zip(page.fields, values, strict=True)
        if field.parameter
    )
    return _follow(phone, f"{page.url}{'&' if '?' in page.url else '?'}{query}", now)


_ENTERABLE = {"number": "0123456789*#", "ip": "0123456789.", "time": "0123456789:APMapm ", "date": "0123456789/-"}


def _enterable(field: Field, value: str) -> str:
    """What of a text can be typed into the field: the others have no key there."""
    if field.fixed:
        return field.default
    allowed = _ENTERABLE.get(field.kind)
    return value if allowed is None else "".join([one for one in value if one in allowed])


def _entered(phone: Phone, purpose: Purpose, values: tuple[str, ...], now: int) -> Step:
    """A form of the phone's own. Who it says it is, it says from the reboot on that follows."""
    if purpose != "http-login":
        return visitor.entered(phone, purpose, values, now)
    flash = replace(phone.flash, username=values[0], password=values[1])
    return boot.reboot(replace(phone, flash=flash), now)


def _follow(phone: Phone, uri: str, now: int) -> Step:
    if uri == EXIT:
        cancel = phone.pages[-1].cancel if phone.pages else ""
        phone = _shown(phone, phone.pages[:-1], now)
        return _follow(phone, cancel, now) if cancel and cancel != EXIT else (phone, ())
    if uri == SUBMIT:
        return typed(phone, (), now)
    return replace(phone, todo=(*phone.todo, uri)[:MAX_TODO], notice=LOCKED if phone.locked else ""), ()
