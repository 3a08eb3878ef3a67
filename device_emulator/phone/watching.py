"""What a phone is told about others and about its mailbox: subscriptions of its BLF keys, and messages that wait.

Each key that watches an extension has a subscription of its own to the `dialog` events of that extension (RFC 4235,
RFC 6665); it begins when a line has registered, is refreshed at half of what was granted, and is RAM: after a power cut
the PBX goes on sending to the old one, and the phone answers 481. A phone without such a key pays for none of this.
The body of a `dialog` NOTIFY is the one word of `dialog-info+xml` that a lamp shows: its <state>, `early` where the
extension rings, `confirmed` where it is in a call, `terminated` where it has no call. That of a `message-summary` is
RFC 3842's own text. New messages come without having been asked for, as both vendors take them (decided: `SUBSCRIBE`
to one's own mailbox is not modelled).
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from device_emulator.firmware import patience
from device_emulator.messages import Output, SipReply, SipRequest
from device_emulator.phone.state import Phone, Step, Watch, arm, disarm
from device_emulator.screen import Key
from device_emulator.wire.registration import Line

DIALOG, SUMMARY = "dialog", "message-summary"
STATES = frozenset(("early", "confirmed", "terminated"))
_FINAL = frozenset((403, 404, 489))
"""Refusals that another attempt in half a minute would only repeat: such a key asks again when its period is over."""


class _Wanted(Struct, frozen=True, gc=False):
    key: Key
    line: Line


def settle(phone: Phone, now: int) -> Step:
    """Bring the subscriptions in accord with the keys there are and the lines that are registered."""
    watches = phone.watches
    if not watches and phone.firmware.WATCHES not in phone.flash.settings.values:
        return phone, ()  # as on most phones
    if not any(line.state == "registered" for line in phone.lines):
        return phone, ()
    wanted = {(one.key.name, one.key.value, one.line.account.number): one for one in _wanted(phone)}
    kept = tuple([watch for watch in watches if (watch.key, watch.value, watch.line) in wanted])
    there = {(watch.key, watch.value, watch.line) for watch in kept}
    outputs: tuple[Output, ...] = ()
    for watch in watches:
        if (watch.key, watch.value, watch.line) not in there:
            phone, output = _ask(phone, watch, 0)
            outputs += (output,) if output is not None else ()
    fresh = tuple([Watch(*place) for place in wanted if place not in there])
    phone = replace(phone, watches=kept + fresh)
    phone, more = _due(phone, now)
    return phone, outputs + more


def _wanted(phone: Phone) -> list[_Wanted]:
    """The keys that watch somebody, each with the line it asks on: its own, else the first that is registered."""
    lines = [line for line in phone.lines if line.state == "registered"]
    keys = phone.firmware.keys(phone.model, phone.flash.settings)
    return [_Wanted(key, lines[0]) for key in keys if key.type == "blf" and key.value]


def due_again(phone: Phone, name: str, now: int) -> Step:
    """Some of the subscriptions are to be refreshed, or tried again."""
    return _due(phone, now)


def _due(phone: Phone, now: int) -> Step:
    """Ask for all that are due."""
    outputs: tuple[Output, ...] = ()
    for index, watch in enumerate(phone.watches):
        if not watch.request and watch.due <= now:
            phone, output = _ask(phone, watch, phone.firmware.watch_seconds(phone.model, phone.flash.settings))
            if output is None:  # its line is gone: another begins when that, or another, has registered
                continue
            call = watch.call or output.call
            due = now + patience.of(phone.model).answer_ms
            phone = _with(phone, index, replace(watch, call=call, request=output.id, due=due))
            outputs += (output,)
    return _armed(phone), outputs


def _ask(phone: Phone, watch: Watch, expires: int) -> tuple[Phone, SipRequest | None]:
    line = next((line for line in phone.lines if line.account.number == watch.line), None)
    if line is None or line.state != "registered" or (not expires and not watch.call):
        return phone, None
    account, serial = line.account, phone.serial + 1
    watched = watch.value if "@" in watch.value else f"{watch.value}@{account.server}"
    request = SipRequest(
        serial,
        "SUBSCRIBE",
        f"sip:{watched}",
        f"sip:{account.user}@{account.server}",
        f"sip:{account.user}@{phone.address}.phone",
        expires,
        DIALOG,
        user_agent=phone.firmware.sip_user_agent(phone.model, phone.mac, phone.flash.settings),
        call=watch.call or f"{phone.address}-{serial}",
    )
    return replace(phone, serial=serial), request


def _armed(phone: Phone) -> Phone:
    """The phone with its two deadlines: the next refresh (idle), and the end of waiting for an answer (busy)."""
    asked = [watch.due for watch in phone.watches if watch.request]
    rest = [watch.due for watch in phone.watches if not watch.request]
    deadlines = disarm(disarm(phone.deadlines, "watch"), "watching")
    if rest:
        deadlines = arm(deadlines, "watch", min(rest), False)
    if asked:
        deadlines = arm(deadlines, "watching", min(asked), True)
    return replace(phone, deadlines=deadlines)


def _with(phone: Phone, index: int, watch: Watch) -> Phone:
    watches = phone.watches
    return replace(phone, watches=(*watches[:index], watch, *watches[index + 1 :]))


# ---- what the PBX says


def asked_for(phone: Phone, id: int) -> int | None:
    """Which of the subscriptions that request was for; None if for none."""
    return next((index for index, watch in enumerate(phone.watches) if watch.request == id), None)


def replied(phone: Phone, index: int, reply: SipReply, now: int) -> Step:
    """The answer to a SUBSCRIBE. Whoever is refused shows nothing: the lamp is off."""
    watch = phone.watches[index]
    period = phone.firmware.watch_seconds(phone.model, phone.flash.settings)
    if reply.status == 200:
        due = now + (reply.expires or period) * 1000 // patience.of(phone.model).refresh_part
        watch = replace(watch, request=0, status=0, due=due)
    else:
        wait = period * 1000 if reply.status in _FINAL else patience.of(phone.model).retry_ms
        call = "" if reply.status == 481 else watch.call
        watch = replace(watch, request=0, status=reply.status, state="", call=call, due=now + wait)
    return _armed(_with(phone, index, watch)), ()


def unanswered(phone: Phone, name: str, now: int) -> Step:
    """Nobody has answered some of the SUBSCRIBEs."""
    for index, watch in enumerate(phone.watches):
        if watch.request and watch.due <= now:
            due = now + patience.of(phone.model).retry_ms
            watch = replace(watch, request=0, status=408, state="", call="", due=due)
            phone = _with(phone, index, watch)
    return _armed(phone), ()


def notified(phone: Phone, request: SipRequest, now: int) -> Step:
    """A NOTIFY of a subscription, or of a mailbox."""
    if request.event.partition(";")[0].strip().lower() == SUMMARY:
        return _summary(phone, request)
    for index, watch in enumerate(phone.watches):
        if watch.call == request.call != "":
            word = request.body.decode("ascii", "replace").strip()
            state = word if word in STATES else ""
            if not request.expires:  # terminated: the PBX has ended it, and nothing is known any more
                wait = phone.firmware.watch_seconds(phone.model, phone.flash.settings) * 1000
                phone = _armed(_with(phone, index, replace(watch, state="", call="", due=now + wait)))
            elif state != watch.state:
                phone = _with(phone, index, replace(watch, state=state))
            return phone, (SipReply(request.id, 200, "OK", call=request.call),)
    return phone, (SipReply(request.id, 481, "Subscription Does Not Exist", call=request.call),)


def _summary(phone: Phone, request: SipRequest) -> Step:
    """How many messages wait: `Messages-Waiting: yes`, `Voice-Message: 2/1` (new/old, RFC 3842)."""
    user = request.uri.removeprefix("sip:").partition("@")[0]
    new = waiting(request.body)
    lines = tuple([replace(line, messages=new) if line.account.user == user else line for line in phone.lines])
    return replace(phone, lines=lines), (SipReply(request.id, 200, "OK", call=request.call),)


def waiting(body: bytes) -> int:
    """How many new messages a summary tells of: at least one where it only says that some wait. Never raises."""
    found: dict[str, str] = {}
    for line in body.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        found.setdefault(name.strip().lower(), value.strip())
    if found.get("messages-waiting", "").lower() != "yes":
        return 0
    count = found.get("voice-message", "").partition("/")[0].strip()
    return max(int(count), 1) if count.isascii() and count.isdecimal() and len(count) < 6 else 1
