"""Which files an Aastra asks for, and what they, a person at the phone, and an XML object make of its configuration.

The whole configuration is made anew at each boot from the files there are; what was set at the phone wins, unless the
server marks the key. A running phone only compares, and reboots to read what changed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec.structs import replace

from device_emulator.firmware import aastra_files_facts as known
from device_emulator.firmware import aastra_syntax_facts, aastra_xml_facts
from device_emulator.firmware.aastra_keys import locked_by_key
from device_emulator.firmware.aastra_reboot import needs_reboot
from device_emulator.firmware.aastra_syntax import LOCK, RESET, read, syntax
from device_emulator.firmware.contract import Configure, Fetched, Finish, Flash, Report, Visitor
from device_emulator.firmware.textfile import NOTHING, ConfigFile, Fault, Settings, digest
from device_emulator.models import Model

ENCRYPTED = ".tuz"
FIRMWARE = ".st"
SECURITY = "security.tuz"
CHECKS_FIRMWARE = ("2", "3")
"""`auto resync mode`: 0 none, 1 configuration, 2 firmware, 3 both (administrator guide 41-001343, A-22)."""

_RELEASE = re.compile(rb"(?<![\d.])(\d{1,2}(?:\.\d{1,5}){3})(?![\d.])")
_SEARCHED = 4_096
_COMMON = frozenset(("startup.cfg", "aastra.cfg"))


# ---- which files


def next_file(model: Model, mac: str, flash: Flash, fetched: tuple[Fetched, ...], live: bool) -> str | None:
    """Firmware, then the files of all phones, of the model, and the phone's own; the facts say what each release does.
    A running phone that was told to look for firmware by itself (`auto resync mode`) asks for it, too."""
    steps = _steps(model, mac.upper() if known.UPPER_MAC.of(model) else mac)
    asks = known.FIRMWARE_FIRST.of(model) and (not live or flash.settings.get("auto resync mode") in CHECKS_FIRMWARE)
    index = 0 if asks else 1
    for file in fetched:
        name, body = file.name, file.body
        index += 1
        if body is None:
            continue
        if name.endswith(FIRMWARE):
            if _other_release(model, body) is not None:
                return None
        elif name.endswith(ENCRYPTED):
            if name != SECURITY and not known.REFUSED.of(model):
                index += 1
        elif name in _COMMON:
            if not body.strip() and known.EMPTY_STOPS.of(model):
                return None
            while index < len(steps) and steps[index].startswith("aastra."):
                index += 1  # there is a startup.cfg
    return steps[index] if index < len(steps) else None


@lru_cache(maxsize=4096)
def _steps(model: Model, mac: str) -> tuple[str, ...]:
    """Everything that may be asked for, in order. The firmware is the first."""
    common = known.STARTUP.of(model)
    names = [common]
    if common != "aastra.cfg" and known.FALLBACK.of(model):
        names.append("aastra.cfg")
    if known.MODEL_FILE.of(model):
        names.append(f"{model.common}.cfg")
    names.append(f"{mac}.cfg")
    if known.ENCRYPTED.of(model):
        names = [one for name in names for one in (name[:-4] + ENCRYPTED, name)]
    security = (SECURITY,) if known.SECURITY.of(model) else ()
    return (f"{model.common}{FIRMWARE}", *security, *names)


def _other_release(model: Model, image: bytes | None) -> str | None:
    """The release in a firmware image, if it is one that the phone takes. An image is recognised by a release number
    of four parts near its beginning (decided; its format is not public); a web server's page is none."""
    if not image or image.lstrip()[:1] == b"<":
        return None
    found = _RELEASE.search(image[:_SEARCHED])
    if found is None:
        return None
    release = found[1].decode()
    return release if release != model.version or not known.FIRMWARE_DIFFERENT.of(model) else None


# ---- what they say


def finish(model: Model, flash: Flash, fetched: tuple[Fetched, ...], live: bool) -> Finish:
    """At a boot: the configuration is what the files say. On a running phone: reboot if they are other files."""
    found = [(file.name, file.body) for file in fetched if file.body is not None]
    if found and found[0][0].endswith(FIRMWARE):
        release = _other_release(model, found[0][1])
        if release is not None:
            report = Report("changed", f"the server has firmware {release}: the phone runs it after a reboot")
            return Finish(flash, report, True, "" if live else release)
    refused = [(name, body) for name, body in found if name.endswith(ENCRYPTED)]
    faults: list[tuple[str, Fault]] = [
        (name, Fault(0, "this file is encrypted: it is not read")) for name, _ in refused if known.REFUSED.of(model)
    ]
    files = [(name, body) for name, body in found if not name.endswith((FIRMWARE, ENCRYPTED))]
    digests = tuple([(name, digest(body)) for name, body in files])
    if live:
        if digests == flash.digests:
            return Finish(flash, Report("unchanged", "the files are those of the last boot"))
        return Finish(flash, Report("changed", "the files are others: the phone reboots to read them"), True)
    if not files:
        # Nothing at all is taken for a wrong address, not for an empty configuration (decided): server.cfg stays.
        return Finish(flash, Report("absent", "the server has no file for this phone", tuple(faults)))
    flash, read_faults = _applied(model, flash, files)
    count = len(flash.server.keys)
    reason = f"{count} settings from {len(files)} files"
    return Finish(replace(flash, digests=digests), Report("applied", reason, (*faults, *read_faults)))


def _applied(model: Model, flash: Flash, files: list[tuple[str, bytes]]) -> tuple[Flash, list[tuple[str, Fault]]]:
    server: dict[str, str] = {} if known.REMOVED.of(model) else flash.server.dict()
    locked: set[str] = set()
    discarded: set[str] = set()
    faults: list[tuple[str, Fault]] = []
    dialect = syntax(model)
    if not known.LATER_WINS.of(model):
        files = files[::-1]
    for name, body in files:
        file = read(body, dialect)
        _merge(model, file, server, locked, discarded)
        if file.faults:
            faults += [(name, fault) for fault in file.faults]
    local = flash.local
    if discarded and local.keys:
        local = Settings.of({key: value for key, value in local.dict().items() if key not in discarded})
    flash = replace(flash, server=Settings.of(server), local=local, locked=tuple(sorted(locked)))
    if known.LOCAL_WINS.of(model):
        flash = power_up(flash)
    else:
        flash = replace(flash, settings=Settings.of(flash.local.dict() | server))
    if flash.once.keys:
        flash = replace(flash, once=NOTHING)  # in force until the next boot, and gone then
    return _identified(model, flash, server), faults


def _merge(model: Model, file: ConfigFile, server: dict[str, str], locked: set[str], discarded: set[str]) -> None:
    """A later value takes the place of an earlier one, and its mark of the earlier one's mark."""
    marks = dict(file.marks) if file.marks else {}
    emptied = aastra_syntax_facts.EMPTY.of(model)
    keeps = bool(locked) and not known.LATER_LOCK.of(model)
    for key, value, number in file.pairs:
        if keeps and key in locked:
            continue
        if value:
            server[key] = value
        elif emptied:
            server.pop(key, None)
        if locked:
            locked.discard(key)
        if marks and (mark := marks.get(number)):
            if mark == RESET:
                discarded.add(key)
            elif mark == LOCK:
                locked.add(key)


def _identified(model: Model, flash: Flash, server: dict[str, str]) -> Flash:
    """What the phone says it is from now on, and whom it asks."""
    scheme = server.get("download protocol", "").lower()
    if scheme in ("http", "https") and known.MOVES.of(model) and (host := server.get(f"{scheme} server")):
        flash = replace(flash, url=_address(server, scheme, host))
    username = server.get("http digest username")
    if not username or not known.DIGEST_KEYS.of(model):
        return flash
    return replace(flash, username=username, password=server.get("http digest password", ""))


def _address(server: dict[str, str], scheme: str, host: str) -> str:
    port, path = server.get(f"{scheme} port", ""), server.get(f"{scheme} path", "").strip("/")
    standard = {"http": "80", "https": "443"}[scheme]
    at = f":{port}" if port and port != standard else ""
    return f"{scheme}://{host}{at}/{path}{'/' if path else ''}"


# ---- what is in force


def power_up(flash: Flash) -> Flash:
    """What is in force at a boot: the cached server.cfg, what counts for this boot alone, what was set at the phone
    where that is allowed, and the visitor's."""
    if not known.CACHED.value:
        flash = replace(flash, server=NOTHING)
    if not (flash.local.keys or flash.once.keys or flash.visitor):
        return flash if flash.settings is flash.server else replace(flash, settings=flash.server)
    visitor = flash.visitor
    his = {} if visitor is None else visitor.server.dict() | visitor.local.dict()
    settings = flash.server.dict() | flash.once.dict()
    if not known.SCOPE.value:
        settings |= his
    for key, value in flash.local.dict().items():
        if key not in flash.locked and not locked_by_key(settings, key):
            settings[key] = value
    if known.SCOPE.value:
        settings |= his
    return replace(flash, settings=Settings.of(settings))


def set_locally(model: Model, flash: Flash, key: str, value: str) -> Flash:
    """In force at once (but for keys that a boot reads) and kept, unless the server has locked the key. What a visitor
    sets is his."""
    settings = flash.settings.dict()
    if key in flash.locked or locked_by_key(settings, key):
        return flash
    if not needs_reboot(model, key):
        settings[key] = value
        flash = replace(flash, settings=Settings.of(settings))
    visitor = flash.visitor
    if visitor is not None:
        return replace(flash, visitor=replace(visitor, local=_with(visitor.local, key, value)))
    return replace(flash, local=_with(flash.local, key, value))


def _with(settings: Settings, key: str, value: str) -> Settings:
    return Settings.of(settings.dict() | {key: value})


def _without(settings: Settings, key: str) -> Settings:
    return Settings.of({name: value for name, value in settings.dict().items() if name != key})


def configure(model: Model, flash: Flash, answer: Configure) -> Flash:
    """XML sets keys by its `setType`; SIP lines only with `dynamic sip: 1`. An empty value is the default."""
    lines = flash.settings.get("dynamic sip") == "1" and aastra_xml_facts.DYNAMIC_SIP.of(model)
    fixed = frozenset(flash.locked if aastra_xml_facts.LOCKED.of(model) else ())
    kinds = answer.kinds if aastra_xml_facts.SET_TYPES.of(model) else ()
    settings = flash.settings.dict()
    local, once = flash.local, flash.once
    for index, (key, value) in enumerate(answer.items):
        kind = kinds[index] if kinds else "remote"
        if key in fixed:
            continue
        if kind == "oneBoot" and aastra_xml_facts.ONE_BOOT.of(model):
            once = _with(once, key, value)
            continue
        if kind == "local" and aastra_xml_facts.LOCAL.of(model):
            local = _with(local, key, value)
        elif kind == "override" and key in local.keys and aastra_xml_facts.OVERRIDE.of(model):
            local = _without(local, key)
        elif key in local.keys:
            continue  # `remote`: what was set at the phone counts more
        if needs_reboot(model, key) or (key.startswith("sip ") and not lines):
            continue
        if value:
            settings[key] = value
        else:
            settings.pop(key, None)
    flash = replace(flash, local=local, once=once, settings=Settings.of(settings))
    return flash if aastra_xml_facts.REMOTE.of(model) else replace(flash, server=flash.settings)


def clear_local(flash: Flash) -> Flash:
    """ "Remove local configuration": the server's is in force."""
    return power_up(replace(flash, local=NOTHING))


def enter(flash: Flash, visitor: Visitor | None) -> Flash:
    """His settings are in force, or they are gone."""
    return power_up(replace(flash, visitor=visitor))
