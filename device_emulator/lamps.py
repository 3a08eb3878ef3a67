"""What lights at a phone: the lamp at the top, the keys' own lamps, and the keys that have one.

A lamp is a colour and a rhythm, worked out from what the phone knows when somebody looks; what it means on which brand
are rows of the table of facts. An XML answer's `Led:` commands stand over what a key would show by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from device_emulator.facts import Fact
from device_emulator.firmware import aastra_screen_facts, yealink_screen_facts
from device_emulator.models import Model
from device_emulator.rows import shown
from device_emulator.screen import Key
from device_emulator.wire.registration import Line

if TYPE_CHECKING:
    from device_emulator.phone.state import Phone

Rhythm = Literal["off", "on", "slow", "fast"]
MESSAGE = "message"
"""The name of the lamp at the top."""

FACTS: dict[str, Any] = {"aastra": aastra_screen_facts, "yealink": yealink_screen_facts}
_LED_WORDS: dict[str, Rhythm] = {"on": "on", "off": "off", "slowflash": "slow", "fastflash": "fast"}
_BY_NUMBER = "linekey"
"""Keys that are line keys as they leave the factory: the first is line 1's (wazo and FusionPBX templates, type 15)."""


class Lamp(Struct, frozen=True, gc=False):
    """One lamp: `message`, or the key beside it. `colour` is '' while it is off."""

    name: str
    colour: str = ""
    rhythm: Rhythm = "off"

    def __str__(self) -> str:
        """`off`, `green`, `red fast`: as the facts have it."""
        if self.rhythm == "off":
            return "off"
        return self.colour if self.rhythm == "on" else f"{self.colour} {self.rhythm}"


class Button(Struct, frozen=True, gc=False):
    """A programmable key as somebody sees it: what it is for, what stands beside it, and its lamp. `type` is '' for one
    that nothing was programmed for; `state` is what is known of what it stands for: of a line `idle`, `ringing`,
    `calling`, `talking` or `unregistered`, of an extension the word of its last notification."""

    name: str
    type: str
    label: str
    value: str
    state: str
    lamp: Lamp


def lamp(name: str, shown: str) -> Lamp:
    """The lamp that a fact describes: `red fast`."""
    colour, _, rhythm = shown.partition(" ")
    return Lamp(name, colour, "off" if not colour else rhythm or "on")  # type: ignore[arg-type]


def lamps(phone: Phone) -> tuple[Lamp, ...]:
    """Every lamp of the phone: the one at the top, then those of its keys, in their order."""
    return (message(phone), *(button.lamp for button in buttons(phone)))


def message(phone: Phone) -> Lamp:
    """The lamp at the top: whoever calls comes before whatever waits."""
    facts, model = FACTS[phone.model.vendor], phone.model
    if not phone.powered:
        return Lamp(MESSAGE)
    shown = ""
    if phone.phase not in ("idle", "updating"):
        shown = facts.LAMP_BOOTING.of(model) if phone.phase != "no-server" else ""
    elif phone.call is not None and phone.call.state == "ringing":
        shown = facts.LAMP_RINGING.of(model)
    elif any(line.messages for line in phone.lines) and phone.settings.get(_MAIL, "1") != "0":
        shown = facts.LAMP_MESSAGES.of(model)
    elif phone.dnd:
        shown = facts.LAMP_DND.of(model)
    return lamp(MESSAGE, shown)


_MAIL = "phone_setting.mail_power_led_flash_enable"  # a Yealink's; FusionPBX and wazo templates


def buttons(phone: Phone) -> tuple[Button, ...]:
    """Every programmable key of the model, in its order."""
    programmed = {key.name: key for key in phone.keys}
    watched = {watch.key: watch.state for watch in phone.watches}
    switched = dict(phone.leds)
    lines = {line.account.number: line for line in phone.lines}
    found = []
    for prefix, count in phone.model.keys:
        for number in range(1, count + 1):
            name = f"{prefix}{number}"
            key = programmed.get(name)
            line = None
            if (key is None and prefix == _BY_NUMBER) or (key is not None and key.type == "line"):
                line = lines.get(_line_of(key, number))
            button = _button(phone, name, key, line, watched.get(name, ""))
            if name in switched and phone.powered:
                rhythm = _LED_WORDS[switched[name]]
                button = replace(button, lamp=Lamp(name, "red" if rhythm != "off" else "", rhythm))
            found.append(button)
    return tuple(found)


def _line_of(key: Key | None, number: int) -> int:
    """The line that a line key is for: the one it names, else the one of its own number."""
    value = key.value if key is not None else ""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 4 else number


def _button(phone: Phone, name: str, key: Key | None, line: Line | None, watched: str) -> Button:
    model = phone.model
    if line is not None:
        state = line_state(phone, line)
        label = key.label if key is not None and key.label else line.account.label
        return Button(name, "line", label, line.account.user, state, line_lamp(phone, name, state))
    if key is None:
        return Button(name, "", "", "", "", Lamp(name))
    shown = ""
    if key.type == "blf":
        shown = _watched(phone, watched)
    elif key.type == "dnd" and phone.dnd and model.vendor == "aastra":
        shown = aastra_screen_facts.KEY_DND.of(model)
    return Button(name, key.type, key.label, key.value, watched, lamp(name, shown))


def _watched(phone: Phone, state: str) -> str:
    """How a BLF key shows what it knows."""
    facts, model = FACTS[phone.model.vendor], phone.model
    by_state: dict[str, Fact[str]] = {
        "early": facts.BLF_RINGING,
        "confirmed": facts.BLF_BUSY,
        "terminated": facts.BLF_IDLE,
    }
    if state == "terminated":
        mode = phone.settings.get("features.blf_led_mode") if model.vendor == "yealink" else ""
        quiet = bool(mode) and mode in yealink_screen_facts.BLF_QUIET.of(model)
        return "" if quiet else by_state["terminated"].of(model)
    nobody: Fact[str] = facts.BLF_NOBODY
    return by_state.get(state, nobody).of(model)


def line_state(phone: Phone, line: Line) -> str:
    """What a line is doing."""
    call = phone.call
    if call is not None and call.state != "ended" and call.aor == f"sip:{line.account.user}@{line.account.server}":
        return call.state
    return "idle" if line.state == "registered" or not line.account.server else "unregistered"


def line_lamp(phone: Phone, name: str, state: str) -> Lamp:
    """The lamp beside a line that is doing that."""
    facts = FACTS[phone.model.vendor]
    by_state = {"ringing": facts.LINE_RINGING, "calling": facts.LINE_BUSY, "talking": facts.LINE_BUSY}
    return lamp(name, by_state.get(state, facts.LINE_IDLE).of(phone.model) if state else "")


def switched(phone: Phone, command: str) -> Phone:
    """A `Led:` command of an XML answer, without that word: `prgkey1=fastflash`. `off` leaves the key dark, whatever it
    is for; a key that the phone does not have, and a rhythm that is none, change nothing."""
    name, equals, word = command.strip().lower().partition("=")
    name, word = name.strip(), word.strip()
    if not equals or word not in _LED_WORDS or not _has(phone.model, name):
        return phone
    kept = [led for led in phone.leds if led[0] != name]
    return replace(phone, leds=(*kept, (name, word)))


def _has(model: Model, name: str) -> bool:
    prefix = name.rstrip("0123456789")
    number = name[len(prefix) :]
    return any(one == prefix and number and 1 <= int(number[:4]) <= count for one, count in model.keys)


_SIGNS: dict[Rhythm, str] = {"off": "\u25cb", "on": "\u25cf", "slow": "\u25d0", "fast": "\u25d0"}


def beside(phone: Phone) -> tuple[str, ...]:
    """What stands beside a display that is shown as text: the lamp at the top, then the keys that are for something,
    with a ring for a dark lamp, a disc for a lit one, and half a disc for one that flashes."""
    found = [f"{MESSAGE}  {message(phone)}"]
    for button in buttons(phone):
        if button.type:
            label = shown(button.label or button.value or button.type, 24)
            lit = "" if button.lamp.rhythm == "off" else f"  {button.lamp}"
            found.append(f"{_SIGNS[button.lamp.rhythm]} {label}{lit}")
    return tuple(found)
