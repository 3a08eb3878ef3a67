"""An Aastra's SIP lines and programmable keys, as its settings say.

What `sip lineN …` says counts for that line before what the global `sip …` says; a key is what its five settings make
of it, and stands on the display only while the phone is in a state that it is for.
"""

from __future__ import annotations

from device_emulator.facts import Fact
from device_emulator.firmware.contract import Account
from device_emulator.firmware.textfile import Settings, seconds
from device_emulator.models import Model
from device_emulator.screen import Key

SCRIPTS = "Aastra XML scripts 2.3.1"
LINE_FIRST = Fact(
    "aastra.lines.line-first",
    "aastra",
    "`sip lineN …` counts for that line before the global `sip …`, which is every line's default.",
    "vendor guide",
    "administrator guide 57i: global and per-line parameters",
    True,
    False,
)
SCREEN_NAME = Fact(
    "aastra.lines.screen-name",
    "aastra",
    "The idle screen shows a line's screen name; only without one its display name, then its user name.",
    "vendor guide",
    "administrator guide 57i, 4-55",
    True,
    False,
)
SECOND_ROW = Fact(
    "aastra.lines.second-row",
    "aastra",
    "Screen name 2 stands in the row below; a status message takes its place.",
    "vendor guide",
    "administrator guide 57i, 4-55",
    True,
    False,
)
NOWHERE = Fact(
    "aastra.lines.nowhere",
    "aastra",
    "With this registrar a line does not register, and no `No Service` is shown.",
    "vendor guide",
    "administrator guides: sip registrar ip",
    "0.0.0.0",
    "255.255.255.255",
)
EXPIRES = Fact(
    "aastra.lines.expires",
    "aastra",
    "A registration is asked for for this many seconds, until `sip registration period` says otherwise.",
    "unverified",
    "the key is documented; its default has not been looked up",
    3_600,
    300,
)
KEY_LOCKED = Fact(
    "aastra.keys.locked",
    "aastra",
    "With `softkeyN locked: 1` the key is what the server says, whatever was set at the phone before or is set now.",
    "vendor guide",
    "administrator guide 2.1 (41-001160-00), A-163",
    True,
    False,
)
KEY_STATES = Fact(
    "aastra.keys.states",
    "aastra",
    "A soft key is on the display only in the states that its `states` names.",
    "vendor guide",
    "administrator guide 57i: softkeyN states idle, connected, incoming, outgoing, busy",
    True,
    False,
)
STATES = Fact(
    "aastra.keys.default-states",
    "aastra",
    "A soft key without `states` is there in these.",
    "unverified",
    "a default for each type of key is likely, and not modelled",
    "idle connected incoming outgoing busy",
    "connected",
)
FORCE_LOGIN = Fact(
    "aastra.keys.force-login",
    "aastra",
    "With `http digest force login: 1` the idle screen has a key `Log In`: name and password that are entered there "
    "are what the phone says it is, and it reboots to fetch its files with them.",
    "vendor guide",
    "administrator guide 41-001343, 5-273 and A-81",
    True,
    False,
)
VISITOR_KEY = Fact(
    "aastra.keys.visitor",
    "aastra",
    "A key of type `hotdesklogin` logs a visitor in and out.",
    "vendor guide",
    "Mitel 6800i administrator guide 41-001561-00, 6-47",
    True,
    False,
    since=(4, 0),
    otherwise=False,
)
LOG_IN = "Log In"


def accounts(model: Model, settings: Settings) -> tuple[Account, ...]:
    """Lines with a user name; line 1 may have the global one."""
    values = settings.dict()
    nowhere, period = NOWHERE.of(model), EXPIRES.of(model)
    first, named, rows = LINE_FIRST.of(model), SCREEN_NAME.of(model), SECOND_ROW.of(model)
    found = []
    for number in range(1, model.lines + 1):
        user = values.get(f"sip line{number} user name") or (values.get("sip user name") if number == 1 else "")
        if not user:
            continue
        one = _Line(values, number, first)
        registrar = one.get("registrar ip")
        display = one.get("display name")
        found.append(
            Account(
                number,
                (one.get("screen name") if named else "") or display or user,
                user,
                one.get("auth name") or user,
                one.get("password"),
                "" if registrar == nowhere else registrar,
                seconds(one.get("registration period"), period),
                second=one.get("screen name 2") if rows else "",
            )
        )
    return tuple(found)


def display_name(settings: Settings, number: int) -> str:
    """What a line says in SIP From."""
    return _Line(settings.dict(), number, True).get("display name")


class _Line:
    """A line's settings over the global ones."""

    def __init__(self, values: dict[str, str], number: int, first: bool) -> None:
        self.values, self.one, self.other = values, f"sip line{number} ", "sip "
        if not first:
            self.one, self.other = self.other, self.one

    def get(self, name: str) -> str:
        return self.values.get(self.one + name) or self.values.get(self.other + name, "")


def keys(model: Model, settings: Settings) -> tuple[Key, ...]:
    """The programmed keys of this model that have a type, and `Log In` where the phone is to ask who it is."""
    values = settings.dict()
    found = []
    for prefix, count in model.keys:
        for number in range(1, count + 1):
            name = f"{prefix}{number}"
            kind = values.get(f"{name} type", "none")
            if kind in ("none", "empty", "") or (kind == "hotdesklogin" and not VISITOR_KEY.of(model)):
                continue
            states = _states(model, values.get(f"{name} states", "")) if "softkey" in prefix else ""
            found.append(Key(name, kind, values.get(f"{name} label", ""), values.get(f"{name} value", ""), states))
    if values.get("http digest force login") == "1" and FORCE_LOGIN.of(model):
        found.append(Key("softkey0", "httplogin", LOG_IN, "", "idle"))
    return tuple(found)


def _states(model: Model, said: str) -> str:
    return (said if KEY_STATES.of(model) and said else STATES.of(model)).lower()


_OF_KEY = frozenset(("type", "label", "value", "line", "states"))


def locked_by_key(settings: dict[str, str], key: str) -> bool:
    """Whether it is a setting of a key that the server has locked (`softkey1 locked: 1`)."""
    name, _, rest = key.partition(" ")
    return rest in _OF_KEY and settings.get(f"{name} locked") == "1" and KEY_LOCKED.value
