"""Who may make a Yealink do something from afar, and what: NOTIFY by SIP, Action URI by SIP and by HTTP.

The phone's web server obeys only addresses on a list, which is empty in a new phone, and asks whoever stands at the
phone the first time. What would reboot or look for a configuration waits until a call is over.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from msgspec.structs import replace

from device_emulator.firmware import yealink_local_facts as local
from device_emulator.firmware import yealink_remote_facts as known
from device_emulator.firmware import yealink_trigger_facts as triggers
from device_emulator.firmware.contract import Flash, Order, parameters
from device_emulator.firmware.textfile import Settings, decode
from device_emulator.firmware.yealink_ways import Ways, ways
from device_emulator.messages import HttpRequest
from device_emulator.models import Model
from device_emulator.screen import LineShown, OwnPurpose, Page, SoftKey

MAX_KEYS = 32
"""Keys of one Action URI that are pressed (decided)."""

ALLOW: OwnPurpose = "remote-control"
_LIFT = ("Answer",)
_HANG_UP = ("Reject", "End call", "OK")
# The vendor's words for keys (administrator guides) and what they press here. Keys for things that are not modelled
# (volume, hold, transfer) press nothing.
_KEYS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("OK", "ENTER", "ASW", "OFFHOOK", "SPEAKER", "HEADSET", "ANSWER"), _LIFT),
    **dict.fromkeys(("X", "CANCEL", "ONHOOK", "CALLEND", "REJECT"), _HANG_UP),
    **{digit: (digit,) for digit in "0123456789*#"},
    "STAR": ("*",),
    "POUND": ("#",),
}
_LETTERS = {"L": "linekey", "D": "linekey"}


def notified(model: Model, settings: Settings, event: str, body: bytes, stranger: bool) -> Order | None:
    """`check-sync` by `sip.notify_reboot_enable`, and the Action URI that comes by SIP."""
    way = ways(model, settings)
    name, asked = parameters(event)
    if name not in (known.CHECK_SYNC_EVENT.of(model), known.URI_EVENT.of(model)):
        return None
    if stranger and not way.trusting:
        return Order(403)
    if name == known.URI_EVENT.of(model):
        return _by_sip(model, way, decode(body)) if way.uri_enabled else Order(403)
    if way.check_sync == "2":
        return Order()
    return Order(action="fetch" if way.check_sync == "0" and asked.get("reboot") != "true" else "reboot")


def _by_sip(model: Model, way: Ways, body: str) -> Order:
    """`key=AutoP` or `key=Reboot` in a fragment of a message: other keys are for HTTP (vendor guides)."""
    for line in body.splitlines():
        name, _, key = line.strip().partition("=")
        if name.strip() == "key" and key.strip() in (known.URI_RUN.of(model), known.URI_REBOOT.of(model)):
            return _meant(model, way, key.strip())
    return Order()


def served(model: Model, mac: str, flash: Flash, request: HttpRequest, lines: tuple[LineShown, ...]) -> Order:
    """The Action URI by HTTP. The pages for people are not modelled."""
    try:
        parts = urlsplit(request.url)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True, separator="&"))
    except ValueError:
        return Order(400)
    status = known.URI_STATUS.of(model)
    if parts.path not in known.URI_PATHS.of(model) or not (asked.get("key") or asked.get(status)):
        return Order(404)
    way = ways(model, flash.settings)
    if not _listed(model, way, request.source):
        return Order(403, body=b"not on the list of features.action_uri_limit_ip\n")
    if asked.get(status) == "get":
        return Order(body=_state(model, mac, flash, asked, lines))
    key = asked.get("key", "")
    if way.uri_asks and request.source not in flash.trusted:
        return Order(403, body=b"somebody at the phone must allow it first\n", ask=_question(request.source, key))
    return _meant(model, way, key)


def _listed(model: Model, way: Ways, source: str) -> bool:
    """Is that address on the list? `10.10.*.*` is a pattern, part by part."""
    star = known.URI_STAR.of(model)
    for entry in way.uri_limit:
        if entry == known.URI_ANY.of(model):
            return True
        ours, theirs = entry.split("."), source.split(".")
        if source and len(ours) == len(theirs) and all(a in (star, b) for a, b in zip(ours, theirs, strict=True)):
            return True
    return False


def _question(source: str, key: str) -> Page:
    return Page(
        "Allow Remote Control?",
        source or "somebody",
        soft_keys=(SoftKey("Allow", "SoftKey:Submit"), SoftKey("Deny", "SoftKey:Exit")),
        url=key,
        purpose=ALLOW,
    )


def allowed(model: Model, flash: Flash, page: Page) -> tuple[Flash, Order]:
    """Somebody at the phone has allowed it: he is asked no more (decided: it is kept in flash), and it is done."""
    source = page.text
    trusted = flash.trusted if source in flash.trusted else (*flash.trusted, source)[-16:]
    return replace(flash, trusted=trusted), _meant(model, ways(model, flash.settings), page.url)


def _meant(model: Model, way: Ways, key: str) -> Order:
    """What an Action URI's keys make the phone do. The last of them that begins a run or a reboot counts."""
    order = Order()
    for word in key.split(known.URI_SEPARATOR.of(model))[:MAX_KEYS]:
        word = word.strip()
        if word == known.URI_RUN.of(model):
            order = replace(order, action="fetch", force=way.force)
        elif word == known.URI_REBOOT.of(model):
            order = replace(order, action="reboot")
        elif word == known.URI_RESET.of(model):
            order = replace(order, action="reset")
        elif word.startswith("number="):
            order = replace(order, dial=word.removeprefix("number=").partition("&")[0])
        elif word in ("DNDOn", "DNDOff"):
            order = replace(order, sets=(*order.sets, ("features.dnd.enable", "1" if word == "DNDOn" else "0")))
        else:
            order = replace(order, presses=order.presses + _presses(word))
    return order


def _presses(word: str) -> tuple[str, ...]:
    if word[:1] in _LETTERS and word[1:].isdecimal() and len(word) < 5:
        return (f"{_LETTERS[word[0]]}{int(word[1:])}",)
    return _KEYS.get(word, ())


def _state(model: Model, mac: str, flash: Flash, asked: dict[str, str], lines: tuple[LineShown, ...]) -> bytes:
    """What was asked for, a line each (the form is decided; the vendor's guides show only the request)."""
    said = []
    if asked.get("accounts") == "1":
        said += [f"account.{number}={line.label};{line.state}" for number, line in enumerate(lines, 1)]
    if asked.get("dnd") == "1":
        said.append(f"dnd={flash.settings.get('features.dnd.enable') or '0'}")
    if asked.get("fw") == "1":
        said.append(f"fw={model.version}")
    return "".join(f"{line}\n" for line in said).encode("utf-8", "replace")


def menu(model: Model) -> tuple[str, ...]:
    """What somebody at the phone can choose."""
    return triggers.NOW.of(model), local.RESET_LOCAL.of(model)


def chosen(model: Model, item: str) -> Order | None:
    """Somebody at the phone chooses it."""
    if item == triggers.NOW.of(model):
        return Order(action="fetch")
    return Order(action="clear") if item == local.RESET_LOCAL.of(model) else None
