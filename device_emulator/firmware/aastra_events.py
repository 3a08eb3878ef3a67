"""What an Aastra tells a server of itself and what others may make it do: action URIs, polling, check-sync, pushed XML.

An action URI names an event and says what it tells of it by variables; its answer may be an XML object, which is
carried out like any other.
"""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

from device_emulator.facts import Fact
from device_emulator.firmware import aastra_xml_facts as xml
from device_emulator.firmware.aastra_keys import accounts, display_name
from device_emulator.firmware.aastra_xml import MAX_BYTES
from device_emulator.firmware.contract import Flash, Order, parameters
from device_emulator.firmware.textfile import Settings, seconds
from device_emulator.messages import HttpRequest
from device_emulator.models import Model
from device_emulator.screen import LineShown

ADMIN_GUIDE = "administrator guide 41-001343"
STARTUP = Fact(
    "aastra.events.startup",
    "aastra",
    "At the end of a boot it fetches `action uri startup`.",
    "vendor guide",
    f"{xml.XML_GUIDE}, 6.2.7",
    True,
    False,
)
REGISTERED = Fact(
    "aastra.events.registered",
    "aastra",
    "When a line registers for the first time since the boot it fetches `action uri registered`, once for each line.",
    "vendor guide",
    f"{xml.XML_GUIDE}, 6.2.8",
    True,
    False,
)
REGISTRATION = Fact(
    "aastra.events.registration",
    "aastra",
    "Whenever a line's registration is another than before it fetches `action uri registration event`.",
    "vendor guide",
    "release notes 2.4 (RN-001029-03); XML guide PA-001011-03, 6.2.9",
    True,
    False,
    since=(2, 4),
    otherwise=False,
)
CODE = Fact(
    "aastra.events.registration-code",
    "aastra",
    "$$REGISTRATIONCODE$$ of a registration that succeeded is this; of one refused, the SIP status.",
    "vendor guide",
    "release notes 2.4 (RN-001029-03)",
    "001",
    "200",
)
CALLS = Fact(
    "aastra.events.calls",
    "aastra",
    "It fetches the action URIs incoming, outgoing, offhook, onhook, connected and disconnected as a call goes on.",
    "vendor guide",
    f"{ADMIN_GUIDE}-02, 5-254",
    True,
    False,
)
CONNECTED = Fact(
    "aastra.events.connected",
    "aastra",
    "`action uri connected` came after release 2.4.",
    "inferred",
    "the guide of release 2.4 lists the other five, that of 3.3 (41-001343-02, 5-254) this one too",
    True,
    False,
    since=(2, 5),
    otherwise=False,
)
POLL = Fact(
    "aastra.events.poll",
    "aastra",
    "It fetches `action uri poll` every `action uri poll interval` seconds, first that long after the end of a boot.",
    "vendor guide",
    f"{xml.XML_GUIDE}, 6.2.10",
    True,
    False,
)
COMPARES = Fact(
    "aastra.sync.compares",
    "aastra",
    "On NOTIFY `check-sync` it fetches its files and reboots if they are other files than at its last boot.",
    "vendor guide",
    "Mitel 6800 TR-069 guide R5.1, p. 9",
    True,
    False,
)
REBOOTS = Fact(
    "aastra.sync.reboots",
    "aastra",
    "On NOTIFY `check-sync;reboot=true` it reboots whatever the files say.",
    "source code",
    "FusionPBX sends this to every Aastra to make it reboot",
    True,
    False,
)
TR_069 = Fact(
    "aastra.sync.tr-069",
    "aastra",
    "With `tr69 check sync: 1` a check-sync is the management server's business; with 2 the phone also fetches `action "
    "uri tr69 check sync`.",
    "vendor guide",
    "Mitel 6800 TR-069 guide R5.1, p. 9",
    True,
    False,
)
_EVENTS = frozenset(("incoming", "outgoing", "offhook", "onhook", "disconnected"))


# ---- what it fetches of itself


def after_boot(model: Model, mac: str, settings: Settings) -> tuple[str, ...]:
    """End of the boot sequence."""
    return _action(model, mac, settings, "startup", 1) if STARTUP.of(model) else ()


def after_registration(model: Model, mac: str, settings: Settings, line: int) -> tuple[str, ...]:
    """First successful registration of that line."""
    return _action(model, mac, settings, "registered", line) if REGISTERED.of(model) else ()


def happened(
    model: Model, mac: str, settings: Settings, event: str, line: int, about: tuple[tuple[str, str], ...]
) -> tuple[str, ...]:
    """See `Firmware`."""
    if f"action uri {event}" not in settings.keys:
        return ()  # nearly always
    if event == "registration event":
        known = REGISTRATION.of(model)
        about = tuple([(name, value or CODE.of(model)) for name, value in about])
    elif event == "poll":
        known = POLL.of(model)
    else:
        known = CALLS.of(model) and (event in _EVENTS or CONNECTED.of(model))
    return _action(model, mac, settings, event, line, about) if known else ()


def poll_ms(model: Model, settings: Settings) -> int:
    """The interval, if there is something to fetch."""
    if "action uri poll" not in settings.keys or not settings.get("action uri poll"):
        return 0
    return seconds(settings.get("action uri poll interval"), 0) * 1000


def _action(
    model: Model, mac: str, settings: Settings, event: str, line: int, about: tuple[tuple[str, str], ...] = ()
) -> tuple[str, ...]:
    uri = settings.get(f"action uri {event}")
    if "$$" in uri:
        uri = filled(model, mac, settings, uri, line, about)
    return (uri,) if uri else ()


def filled(
    model: Model, mac: str, settings: Settings, uri: str, line: int, about: tuple[tuple[str, str], ...] = ()
) -> str:
    """The URI with its variables, of that line and of what has happened."""
    account = next((one for one in accounts(model, settings) if one.number == line), None)
    variables = {
        "SIPUSERNAME": account.user if account else "",
        "SIPAUTHNAME": account.auth if account else "",
        "DISPLAYNAME": (display_name(settings, line) or account.label) if account else "",
        "PROXYURL": account.server if account else "",
        "LOCALIP": f"{mac}.phone",
        "LINESTATE": "IDLE",
    } | dict(about)
    for variable, value in variables.items():
        uri = uri.replace(f"$${variable}$$", quote(value, safe="", errors="replace"))
    return uri


# ---- what others may make it do


def notified(model: Model, settings: Settings, event: str, body: bytes, stranger: bool) -> Order | None:
    """`check-sync`, and `aastra-xml` where it is switched on; from a stranger, too (default, unverified)."""
    name, asked = parameters(event)
    if name == "aastra-xml":
        if settings.get("sip xml notify event") != "1" and xml.NOTIFY.of(model):
            return None
        if body.strip():
            return Order(page=body[: MAX_BYTES + 1])
        uri = settings.get("action uri xml sip notify")
        return Order(uris=(uri,) if uri else ())
    if name != "check-sync":
        return None
    if asked.get("reboot") == "true" and REBOOTS.of(model):
        return Order(action="reboot")
    action = "fetch" if COMPARES.of(model) else "reboot"
    mode = settings.get("tr69 check sync") if TR_069.of(model) else ""
    if mode == "1":
        return Order()
    uri = settings.get("action uri tr69 check sync") if mode == "2" else ""
    return Order(action="fetch" if action == "fetch" else "reboot", uris=(uri,) if uri else ())


_PUSHED = b"<html><body>OK</body></html>"


def served(model: Model, mac: str, flash: Flash, request: HttpRequest, lines: tuple[LineShown, ...]) -> Order:
    """Its web server takes XML objects from those on the list, as a form's field `xml` or as the body itself. Whoever
    is not on it is refused; the pages for people are not modelled."""
    if request.method != "POST":
        return Order(404)
    try:
        path = urlsplit(request.url).path
    except ValueError:
        return Order(404)
    if path not in ("", "/"):
        return Order(404)
    listed = [one.strip() for one in flash.settings.get("xml application post list").split(",")]
    if request.source not in [one for one in listed if one] and xml.PUSH.of(model):
        return Order(403)
    body = request.body[: 4 * MAX_BYTES]
    if body.lstrip()[:1] == b"<":
        return Order(200, body=_PUSHED, page=body)
    try:
        form = parse_qs(body.decode("utf-8", "replace"), max_num_fields=16)
    except ValueError:
        return Order(400)
    page = form.get("xml", [""])[0].encode("utf-8", "replace")
    return Order(200, body=_PUSHED, page=page) if page else Order(400)
