"""A Yealink's run: which file comes next, and what the files make of the phone when all are there.

Boot files come before the usual names and take their place. Nothing is applied before everything is fetched; later
files win; a file set that was applied last time is not applied again (MD5). Settings come first and firmware last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec.structs import replace

from device_emulator.firmware import yealink_facts as base
from device_emulator.firmware import yealink_file_facts as known
from device_emulator.firmware import yealink_local as local
from device_emulator.firmware import yealink_reboot as reboots
from device_emulator.firmware.contract import Fetched, Finish, Flash, Report
from device_emulator.firmware.textfile import ConfigFile, Fault, Settings, digest
from device_emulator.firmware.yealink_aes import opened
from device_emulator.firmware.yealink_boot import HEADER, BootFile, included, read_boot
from device_emulator.firmware.yealink_local_facts import (
    AES_DETECTED,
    AES_PADDING,
    AES_SIZES,
    LOCAL_FETCHED,
    RSA,
)
from device_emulator.firmware.yealink_text import parse, read, syntax
from device_emulator.firmware.yealink_ways import Ways, ways
from device_emulator.models import Model

SERVER = "auto_provision.server."
_OWN = re.compile(r"(?:.*/)?[0-9a-f]{12}\.cfg")
_VERSION = re.compile(r"(?<![\d.])(\d{1,4}(?:\.\d{1,4}){3,6})(?![\d])")
_PLAIN = b"#!"


# ---- which file comes next


def next_file(model: Model, mac: str, flash: Flash, fetched: tuple[Fetched, ...], live: bool) -> str | None:
    """Boot files first; what a boot file includes replaces the two old names."""
    asked = len(fetched)
    boots, names, replaces = _patterns(model)
    boot: BootFile | None = None
    for place, pattern in enumerate(boots):
        if asked == place:
            return pattern.replace("{mac}", mac)
        boot = _boot_file(model, mac, flash, fetched[place])
        if boot is not None:
            names = boot.includes if replaces else boot.includes + names
            boots = boots[: place + 1]
            break
    asked -= len(boots)
    if asked < len(names):
        return names[asked].replace("{mac}", mac)
    configs = fetched[len(boots) :]
    if not known.NESTED.of(model):
        more = tuple([name for file in configs for name in included(file.body or b"")])[: known.INCLUDES.of(model)]
        names += more
        if asked < len(names):
            return names[asked]
    further = _further(model, mac, flash, configs[: len(names)])
    asked -= len(names)
    return further[asked] if asked < len(further) else None


@lru_cache(maxsize=256)
def _patterns(model: Model) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    boots = known.BOOT_NAMES.of(model) if known.BOOT_FILES.of(model) else ()
    names = tuple([name.replace("{code}", model.common) for name in known.OLD_NAMES.of(model)])
    return boots, names, known.BOOT_REPLACES.of(model)


def _boot_file(model: Model, mac: str, flash: Flash, file: Fetched) -> BootFile | None:
    """As the phone of that MAC reads it, with `{mac}` in the place of it: boot files mostly differ in nothing else, and
    those are read once for all phones of a model."""
    if file.body is None or not file.name.endswith(".boot"):
        return None
    return read_boot(_open(model, flash, file)[0].replace(mac.encode(), b"{mac}"), model)


def _further(model: Model, mac: str, flash: Flash, configs: tuple[Fetched, ...]) -> tuple[str, ...]:
    """The local file and firmware, if the settings in force or those just fetched ask for them."""
    way = _as_fetched(model, flash, configs)
    names = []
    if way.synced and LOCAL_FETCHED.of(model):
        names.append(local.address(model, mac, way.sync_path))
    firmware = _firmware(model, mac, way.firmware)
    if firmware:
        names.insert(len(names) if base.FIRMWARE_LAST.of(model) else 0, firmware)
    return tuple(names)


def _as_fetched(model: Model, flash: Flash, configs: tuple[Fetched, ...]) -> Ways:
    """What the settings will say of it once these files are applied. Few files say anything of it: looking for the
    words in their bytes spares reading the others."""
    bodies = [(file.name, _open(model, flash, file)[0]) for file in configs if file.body]
    if not any(b"custom.sync" in body or b"firmware.url" in body for _, body in bodies):
        return ways(model, flash.settings)
    values = flash.settings.dict()
    how = syntax(model)
    for _, body in bodies:
        file = read(body, how)
        if file.accepted:
            _apply(model, file, values, False)
    return ways(model, Settings.of(values))


def _firmware(model: Model, mac: str, url: str) -> str:
    """The firmware to fetch; '' if the phone runs it, or if the name does not tell which it is."""
    if not url or not base.UPGRADE.of(model):
        return ""
    url = spelled(model, mac, url)
    version = version_of(url)
    if not version or version == model.version:
        return ""
    same = version.partition(".")[0] == model.version.partition(".")[0]
    return url if same or not base.FAMILY.of(model) else ""


def spelled(model: Model, mac: str, url: str) -> str:
    """An address with the words in it that stand for product and MAC."""
    for word, value in zip(base.WILDCARDS.of(model), (model.product, mac), strict=False):
        url = url.replace(word, value)
    return url


def version_of(url: str) -> str:
    """The version that a firmware file's name tells: `…/T46S-66.86.0.20.rom`; '' if it tells none."""
    name = url.partition("?")[0].rpartition("/")[2]
    found = _VERSION.findall(name) if name.lower().endswith(".rom") else []
    return found[-1] if found else ""


def absent(model: Model, name: str, status: int) -> bool:
    """404 says that there is no such file. Firmware that cannot be had, for whatever reason, spoils no run."""
    if status == 404:
        return base.ABSENT.of(model)
    return not base.ERROR_ENDS.of(model) or (base.FIRMWARE_LAST.of(model) and bool(version_of(name)))


# ---- encrypted files


def _open(model: Model, flash: Flash, file: Fetched) -> tuple[bytes, str]:
    """A file's text, and why there is none."""
    body = file.body or b""
    if body.startswith(_PLAIN) or not AES_DETECTED.of(model):
        return body, ""
    way = ways(model, flash.settings)
    if not way.common_key and not way.own_key:
        return body, ""
    key = way.own_key if _OWN.fullmatch(file.name) else way.common_key
    return opened(body, key, AES_SIZES.of(model), HEADER.encode(), AES_PADDING.of(model))


def _read(model: Model, flash: Flash, file: Fetched, only_encrypted: bool) -> ConfigFile:
    plain, why = _open(model, flash, file)
    if why:
        return ConfigFile("", faults=(Fault(0, why),), accepted=False)
    if only_encrypted and plain is file.body:
        why = "not encrypted, and update_file_mode 1 takes encrypted files only: file ignored"
        return ConfigFile("", faults=(Fault(0, why),), accepted=False)
    how = syntax(model)
    if plain.startswith(RSA.of(model).encode()) and not plain.startswith(how.header.encode()):
        return parse(RSA.of(model), how)  # one fault says it: the rest is no text
    return read(plain, how)


# ---- what the files make of the phone


def finish(model: Model, flash: Flash, fetched: tuple[Fetched, ...], live: bool) -> Finish:
    """Apply a complete set of files, or find that nothing is new."""
    boots: list[Fetched] = []
    configs: list[Fetched] = []
    personal = flash.local
    version = ""
    for file in fetched:
        if file.body is None:
            continue
        if file.name.endswith(".boot"):
            boots.append(file)
        elif local.is_local(model, file.name):
            theirs = _read(model, flash, file, False)
            personal = local.personal(model, theirs) if theirs.accepted else personal
        elif found := version_of(file.name):  # no configuration, whatever is in it
            version = found if _firmware(model, "", file.name) else version
        else:
            configs.append(file)
    if not configs and not version:
        return Finish(flash, Report("absent", "the server has no file for this phone"))
    digests = tuple([(file.name, digest(file.body or b"")) for file in configs])
    same = digests == flash.digests and known.MD5.of(model)
    if same and personal == flash.local and not version:
        return Finish(flash, Report("unchanged", "the files are those of the last run: not applied again"))
    if not known.BOOT_PARAMETERS.of(model):
        configs = boots + configs
    read_ = (read_boot(_open(model, flash, file)[0], model) for file in boots)
    overwrite = next((boot.overwrite for boot in read_ if boot is not None), False)
    done = _applied(model, replace(flash, local=personal), configs, overwrite)
    done = replace(done, flash=replace(done.flash, digests=digests))
    if digests != flash.digests and known.MD5_REBOOTS.of(model):
        done = replace(done, reboot=True)
    return _upgraded(model, done, version) if version else done


def _upgraded(model: Model, done: Finish, version: str) -> Finish:
    """The new firmware is written after the settings; it runs after a reboot, which does the run from the start."""
    flash = replace(done.flash, digests=()) if base.UPGRADE_AGAIN.of(model) else done.flash
    reason = f"{done.report.reason}; firmware {version} takes the place of {model.version}, and the phone reboots"
    report = replace(done.report, reason=reason)
    return Finish(flash, report, True, version, flash_ms=base.FIRMWARE_MS.of(model))


def _applied(model: Model, flash: Flash, configs: list[Fetched], overwrite: bool) -> Finish:
    before = flash.settings.dict()
    after = {} if overwrite else before.copy()
    only = ways(model, flash.settings).only_encrypted
    files = [(file.name, _read(model, flash, file, only)) for file in configs]
    for _, file in files:
        if file.accepted:
            _apply(model, file, after, overwrite and known.OVERWRITE_BLANK.of(model))
    after = local.over(model, flash.local, after)
    changed = [key for key, value in after.items() if before.get(key) != value]
    changed += [key for key in before if key not in after]
    reasons = [key for key in changed if reboots.needs_reboot(key) or not reboots.ONCE.of(model)]
    flash = _new_server(replace(flash, settings=Settings.of(after)), before, after)
    reason = f"{len(changed)} settings changed"
    if reasons:
        reason += f"; the phone reboots for {', '.join(sorted(reasons)[:5])}"
    faults = tuple([(name, fault) for name, file in files for fault in file.faults])
    return Finish(flash, Report("applied", reason, faults), bool(reasons))


def _apply(model: Model, file: ConfigFile, settings: dict[str, str], blank_resets: bool) -> None:
    """Write one file's pairs over the settings."""
    null, empty, leaves, last, lists = _words(model)
    pairs: Iterable[tuple[str, str, int]] = file.pairs if last else reversed(file.pairs)
    for key, value, _ in pairs:
        if not value:
            if leaves and not blank_resets:
                continue
            value = null
        if value[0] == "%":
            if value == null:
                settings.pop(key, None)
                continue
            if value == empty:
                value = ""
        if lists and key.endswith(lists):
            value = _with_login(settings.get(key, ""), value)
        settings[key] = value


@lru_cache(maxsize=256)
def _words(model: Model) -> tuple[str, str, bool, bool, tuple[str, ...]]:
    return (
        known.NULL.of(model),
        known.EMPTY.of(model),
        known.BLANK_LEAVES.of(model),
        known.LAST.of(model),
        known.LIST_KEYS.of(model),
    )


def _with_login(logins: str, entry: str) -> str:
    """A list-like value, one login a line: the entry replaces that login's and leaves the others."""
    name = entry.partition(":")[0]
    kept = [login for login in logins.split("\n") if login and login.partition(":")[0] != name]
    return "\n".join([*kept, entry])


def _static(settings: dict[str, str], key: str) -> str:
    """A value whose key may be written with or without `static.` (V81 renamed them, the old names still work)."""
    return settings.get(f"static.{key}") or settings.get(key, "")


def _new_server(flash: Flash, before: dict[str, str], after: dict[str, str]) -> Flash:
    """`static.auto_provision.server.*` take effect for the next run (vendor guides). What an installer entered stays
    until the files say something else than they did."""
    old = [_static(before, SERVER + name) for name in ("url", "username", "password")]
    new = [_static(after, SERVER + name) for name in ("url", "username", "password")]
    if new == old:
        return flash
    url, username, password = (
        value if value and value != was else present
        for value, was, present in zip(new, old, (flash.url, flash.username, flash.password), strict=True)
    )
    return replace(flash, url=url if url.endswith("/") or not url else url + "/", username=username, password=password)
