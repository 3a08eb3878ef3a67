"""Aastra (later Mitel) desk phones, firmware 3.3 and 4.x: which files, what they mean, what applies when.

The whole configuration is re-evaluated at each boot from the files there are, so a key that was removed is at its
default again; what somebody set at the phone wins, unless the server marks the key with `^` or `!`. A running phone
only compares: a change makes it reboot. XML answers set keys at once, until the next boot.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from msgspec.structs import replace

from device_emulator.firmware import aastra_facts as known
from device_emulator.firmware.aastra_xml import read_answer as read_answer
from device_emulator.firmware.contract import Account, Fetched, Finish, Flash, Order, Report, parameters
from device_emulator.firmware.textfile import (
    BLANKS,
    MAX_FAULTS,
    NOTHING,
    ConfigFile,
    Fault,
    Pair,
    Settings,
    decode,
    digest,
    printable,
    seconds,
)
from device_emulator.messages import HttpRequest
from device_emulator.models import Model
from device_emulator.screen import Key

DND = "dnd"  # decided: a key of type `dnd` is documented, where the phone keeps its state is not
EXPIRES = 3_600  # `sip registration period`; default, unverified
NOWHERE = "0.0.0.0"  # as registrar: the line does not register, and shows no "No Service" (vendor guide)

RESET = "^"  # discard the local value and take this one (vendor guide 41-001343)
LOCK = "!"  # later files and the user cannot change it (vendor guide 41-001343)


# ---- requests


@lru_cache(maxsize=4096)  # in every request of a phone
def user_agent(model: Model, mac: str) -> str:
    """As captured: `Aastra6731i MAC:00-08-5D-23-74-29 V:3.2.0.70-SIP`."""
    dashed = f"{mac[:2]}-{mac[2:4]}-{mac[4:6]}-{mac[6:8]}-{mac[8:10]}-{mac[10:]}".upper()
    return f"Aastra{model.product} MAC:{dashed} V:{model.version}-SIP"


def sip_user_agent(model: Model, mac: str) -> str:
    """Default, unverified."""
    return f"Aastra {model.product}/{model.version}"


def boot_ms(model: Model) -> int:
    """See the fact."""
    return known.BOOT_MS.of(model)


def flash_ms(model: Model) -> int:
    """See the fact."""
    return known.FLASH_MS.of(model)


def tries(model: Model, settings: Settings) -> int:
    """See the fact."""
    return known.TRIES.of(model)


def retry_ms(model: Model, settings: Settings) -> int:
    """A file that is not there is not asked for again."""
    return 0


def next_file(model: Model, mac: str, flash: Flash, fetched: tuple[Fetched, ...], live: bool) -> str | None:
    """Firmware 3.3: `<model>.st` at a boot (is there newer firmware?), then aastra.cfg, model file, MAC file.
    Firmware 4: startup.cfg, or aastra.cfg where there is none (unverified, but wazo serves these phones so), and no
    firmware check (decided). The MAC is in upper case."""
    own = (f"{model.common}.cfg", f"{mac.upper()}.cfg")
    names: tuple[str, ...]
    if int(model.version.partition(".")[0]) >= 4:
        missing = bool(fetched) and fetched[0].body is None
        names = ("startup.cfg", *(("aastra.cfg",) if missing else ()), *own)
    else:
        names = (*(() if live else (f"{model.common}.st",)), "aastra.cfg", *own)
    return names[len(fetched)] if len(fetched) < len(names) else None


# ---- files


def parse(text: str) -> ConfigFile:
    """`name: value` lines, read as the firmware does; never fails. `str(parse(text)) == text`.

    Names contain spaces, runs of which count as one. A value may be quoted; outside quotes ` #` starts a comment.
    A `^` or `!` before the name is in `marks`. A byte order mark makes the first line unreadable (decided).
    """
    pairs: list[Pair] = []
    faults: list[Fault] = []
    marks: list[tuple[int, str]] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip(BLANKS)
        if not line or line[0] == "#":
            continue
        key, colon, value = line.partition(":")
        mark = key[:1]
        if mark in (RESET, LOCK):
            key = key[1:]
            marks.append((number, mark))
        key = key.strip(BLANKS)
        if " " in key or "\t" in key:
            key = " ".join([part for part in key.replace("\t", " ").split(" ") if part])
        if not colon or not key or line[0] in '"\ufeff':
            if len(faults) < MAX_FAULTS:
                faults.append(Fault(number, _why(line, colon)))
            if mark in (RESET, LOCK):
                marks.pop()
            continue
        pairs.append((key, _value(value), number))
    return ConfigFile(text, printable(text, pairs), tuple(faults), tuple(marks))


def _why(line: str, colon: str) -> str:
    if line[0] == "\ufeff":
        return "a byte order mark makes this line unreadable"
    if line[0] == '"':
        return "a name cannot be quoted"
    return "no name before ':'" if colon else "no ':' in this line"


def _value(text: str) -> str:
    """The value without its comment and its quotes."""
    text = text.strip(BLANKS)
    if text[:1] == '"':
        end = text.find('"', 1)
        if end > 0:
            return text[1:end]
        text = text[1:]
    if "#" not in text:
        return text
    if text[0] == "#":
        return ""
    quoted = False
    for index, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character == "#" and not quoted and text[index - 1] in BLANKS:
            return text[:index].rstrip(BLANKS)
    return text


@lru_cache(maxsize=64)
def read(body: bytes) -> ConfigFile:
    """The file that these bytes are; never fails."""
    return parse(decode(body))


def finish(model: Model, flash: Flash, fetched: tuple[Fetched, ...], live: bool) -> Finish:
    """At a boot: the configuration is what the files say. On a running phone: reboot if they are other files."""
    found = [(file.name, file.body) for file in fetched if file.body is not None]
    files = [(name, body) for name, body in found if not name.endswith(".st")]
    digests = tuple((name, digest(body)) for name, body in files)
    if live:
        if digests == flash.digests:
            return Finish(flash, Report("unchanged", "the files are those of the last boot"))
        return Finish(flash, Report("changed", "the files are others: the phone reboots to read them"), True)
    if not files:
        # Nothing at all is taken for a wrong address, not for an empty configuration (decided): server.cfg stays.
        return Finish(flash, Report("absent", "the server has no file for this phone"))
    server: dict[str, str] = {}
    locked: set[str] = set()
    discarded: set[str] = set()
    faults: list[tuple[str, Fault]] = []
    for name, body in files:
        file = read(body)
        _merge(file, server, locked, discarded)
        faults += [(name, fault) for fault in file.faults]
    local = flash.local
    if discarded:
        local = Settings.of({key: value for key, value in local.dict().items() if key not in discarded})
    flash = replace(flash, server=Settings.of(server), local=local, locked=tuple(sorted(locked)), digests=digests)
    flash = _identified(power_up(flash), server)
    return Finish(flash, Report("applied", f"{len(server)} settings from {len(files)} files", tuple(faults)))


def _merge(file: ConfigFile, server: dict[str, str], locked: set[str], discarded: set[str]) -> None:
    """Later values win over earlier ones, but for locked keys; an empty value is the default again."""
    marks = dict(file.marks) if file.marks else {}
    for key, value, number in file.pairs:
        if key in locked:
            continue
        if value:
            server[key] = value
        else:
            server.pop(key, None)
        if marks and (mark := marks.get(number)):
            (discarded if mark == RESET else locked).add(key)


def _identified(flash: Flash, server: dict[str, str]) -> Flash:
    """`http digest username/password` are what the phone says it is from now on (vendor guide)."""
    username = server.get("http digest username")
    if not username:
        return flash
    return replace(flash, username=username, password=server.get("http digest password", ""))


# ---- what the phone does with its settings


def power_up(flash: Flash) -> Flash:
    """What is in force at a boot: the cached server.cfg, and what was set at the phone where that is allowed."""
    if not flash.local.keys:
        return replace(flash, settings=flash.server)
    settings = flash.server.dict()
    for key, value in flash.local.dict().items():
        if key not in flash.locked:
            settings[key] = value
    return replace(flash, settings=Settings.of(settings))


def set_locally(flash: Flash, key: str, value: str) -> Flash:
    """In force at once and kept, unless the server has locked the key."""
    if key in flash.locked:
        return flash
    local = Settings.of(flash.local.dict() | {key: value})
    return replace(flash, local=local, settings=Settings.of(flash.settings.dict() | {key: value}))


def configure(flash: Flash, items: tuple[tuple[str, str], ...]) -> Flash:
    """XML sets keys as the server's files would; SIP lines only with `dynamic sip: 1` (firmware 2.5 and later). An
    empty value is the default. The next boot reads the files again, and what was set here is gone."""
    settings = flash.settings.dict()
    dynamic = settings.get("dynamic sip") == "1"
    for key, value in items:
        if key in flash.local.keys or key in flash.locked or (key.startswith("sip ") and not dynamic):
            continue
        if value:
            settings[key] = value
        else:
            settings.pop(key, None)
    return replace(flash, settings=Settings.of(settings))


def clear_local(flash: Flash) -> Flash:
    """ "Remove local configuration": the server's is in force."""
    return power_up(replace(flash, local=NOTHING))


def accounts(model: Model, settings: Settings) -> tuple[Account, ...]:
    """Lines with a user name, `sip lineN …` before the global `sip …`; line 1 may have a global user name. The idle
    screen shows the screen name; without one the display name, then the user name (vendor guide 57i)."""
    values = settings.dict()
    found = []
    for number in range(1, model.lines + 1):
        user = values.get(f"sip line{number} user name") or (values.get("sip user name") if number == 1 else "")
        if not user:
            continue
        one = _Line(values, number)
        registrar = one.get("registrar ip")
        found.append(
            Account(
                number,
                one.get("screen name") or one.get("display name") or user,
                user,
                one.get("auth name") or user,
                one.get("password"),
                "" if registrar == NOWHERE else registrar,
                seconds(one.get("registration period"), EXPIRES),
            )
        )
    return tuple(found)


class _Line:
    """A line's settings over the global ones."""

    def __init__(self, values: dict[str, str], number: int) -> None:
        self.values, self.prefix = values, f"sip line{number} "

    def get(self, name: str) -> str:
        return self.values.get(self.prefix + name) or self.values.get(f"sip {name}", "")


def keys(model: Model, settings: Settings) -> tuple[Key, ...]:
    """The programmed keys of this model that have a type."""
    values = settings.dict()
    found = []
    for prefix, count in model.keys:
        for number in range(1, count + 1):
            name = f"{prefix}{number}"
            kind = values.get(f"{name} type", "none")
            if kind not in ("none", "empty", ""):
                found.append(Key(name, kind, values.get(f"{name} label", ""), values.get(f"{name} value", "")))
    return tuple(found)


def next_run(model: Model, mac: str, settings: Settings, now: int) -> int | None:
    """Power-on only."""
    return None


def notified(model: Model, settings: Settings, event: str, body: bytes) -> Order | None:
    """ "Check the configuration files and reboot if changes are detected" (Mitel TR-069 guide); `;reboot=true`, as
    FusionPBX sends it, reboots always."""
    name, asked = parameters(event)
    if name != "check-sync":
        return None
    return Order(action="reboot" if asked.get("reboot") == "true" else "fetch")


def served(model: Model, mac: str, settings: Settings, request: HttpRequest) -> Order:
    """Nothing yet."""
    return Order(404)


def after_boot(model: Model, mac: str, settings: Settings) -> tuple[str, ...]:
    """`action uri startup`: "end of boot sequence" (vendor XML guide PA-001011)."""
    return _action(model, settings, "startup", 1)


def after_registration(model: Model, mac: str, settings: Settings, line: int) -> tuple[str, ...]:
    """`action uri registered`: first successful registration, per line (the same guide)."""
    return _action(model, settings, "registered", line)


def _action(model: Model, settings: Settings, event: str, line: int) -> tuple[str, ...]:
    uri = settings.get(f"action uri {event}")
    if "$$" in uri:
        account = next((one for one in accounts(model, settings) if one.number == line), None)
        for variable, value in (
            ("SIPUSERNAME", account.user if account else ""),
            ("SIPAUTHNAME", account.auth if account else ""),
            ("DISPLAYNAME", account.label if account else ""),
            ("PROXYURL", account.server if account else ""),
        ):
            uri = uri.replace(f"$${variable}$$", quote(value, safe="", errors="replace"))
    return (uri,) if uri else ()
