"""Yealink desk phones, firmware V81 and later: which files, what they mean, what applies when.

A run downloads every file before it applies anything, later files win, and a file set that was applied last time is
not applied again (MD5). What a file leaves empty stays as it was. Keys of the reboot set make the phone reboot once.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from device_emulator.firmware import yealink_facts as known
from device_emulator.firmware.contract import (
    Account,
    Answer,
    Fetched,
    Finish,
    Flash,
    Order,
    Report,
    Unreadable,
    parameters,
)
from device_emulator.firmware.textfile import (
    BLANKS,
    MAX_FAULTS,
    ConfigFile,
    Fault,
    Pair,
    Settings,
    decode,
    digest,
    printable,
    seconds,
)
from device_emulator.firmware.yealink_boot import BootFile, read_boot
from device_emulator.firmware.yealink_reboot import needs_reboot
from device_emulator.messages import HttpRequest
from device_emulator.models import Model
from device_emulator.screen import Key

DND = "features.dnd.enable"  # key lists of FusionPBX and wazo; that its DND key sets this one is unverified
EXPIRES = 3_600  # account.X.sip_server.Y.expires, the vendor's default

HEADER = "#!version:"
ENCRYPTED = "#!encrypt:"
NULL = "%NULL%"  # reset to factory default (wazo templates)
EMPTY = "%EMPTY%"  # an empty string, where leaving it out would change nothing (wazo templates)
LIST_KEY = "security.user_password"  # repeated once per login: `admin:pw`, `user:pw`; never collapsed
SERVER = "auto_provision.server."


# ---- requests


@lru_cache(maxsize=4096)  # in every request of a phone
def user_agent(model: Model, mac: str) -> str:
    """As captured from V70-V87 phones: `Yealink SIP-T46G 28.83.0.120 00:15:65:4a:a9:37`."""
    colons = f"{mac[:2]}:{mac[2:4]}:{mac[4:6]}:{mac[6:8]}:{mac[8:10]}:{mac[10:]}"
    return f"Yealink SIP-{model.product} {model.version} {colons}"


def sip_user_agent(model: Model, mac: str) -> str:
    """Without the MAC, unless `sip.mac_in_ua` (not modelled) adds it."""
    return f"Yealink SIP-{model.product} {model.version}"


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
    """See the fact."""
    return known.RETRY_MS.of(model)


def next_file(model: Model, mac: str, flash: Flash, fetched: tuple[Fetched, ...], live: bool) -> str | None:
    """Boot files first; what a boot file includes replaces the two old names (vendor guides V81-V86)."""
    asked = len(fetched)
    if asked == 0:
        return f"{mac}.boot"
    boot = _boot_file(model, fetched[0])
    if boot is None:
        if asked == 1:
            return "y000000000000.boot"
        boot = _boot_file(model, fetched[1])
        names = boot.includes if boot else (f"y000000000{model.common}.cfg", f"{mac}.cfg")
        asked -= 2
    else:
        names = boot.includes
        asked -= 1
    return names[asked] if asked < len(names) else None


def _boot_file(model: Model, file: Fetched) -> BootFile | None:
    if file.body is None or not file.name.endswith(".boot"):
        return None
    return read_boot(file.body, model.product)


# ---- files


def parse(text: str) -> ConfigFile:
    """`key = value` lines, read as the firmware does; never fails. `str(parse(text)) == text`.

    The first line must be the version header, at its very beginning, or the whole file is ignored; a byte order mark
    in front of it breaks it (default, unverified). Keys are case-sensitive; values may hold `#`, `=` and `;`.
    """
    pairs: list[Pair] = []
    faults: list[Fault] = []
    accepted = text.startswith(HEADER)
    if not accepted:
        faults.append(Fault(1, _no_header(text)))
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip(BLANKS)
        if not line or line[0] == "#":
            continue
        key, equals, value = line.partition("=")
        key = key.rstrip(BLANKS)
        if equals and key:
            pairs.append((key, value.lstrip(BLANKS), number))
        elif (number > 1 or accepted) and len(faults) < MAX_FAULTS:
            faults.append(Fault(number, "no '=' in this line" if not equals else "no key before '='"))
    return ConfigFile(text, printable(text, pairs), tuple(faults), (), accepted)


def _no_header(text: str) -> str:
    if text.startswith("\ufeff"):
        return f"a byte order mark hides the {HEADER} line: file ignored"
    if text.startswith(ENCRYPTED):
        return "an encrypted file, and this phone has no key for it: file ignored"
    return f"the first line is not {HEADER}1.0.0.1: file ignored"


@lru_cache(maxsize=64)
def read(body: bytes) -> ConfigFile:
    """The file that these bytes are; never fails."""
    return parse(decode(body))


def finish(model: Model, flash: Flash, fetched: tuple[Fetched, ...], live: bool) -> Finish:
    """Apply a complete set of files, or find that nothing is new."""
    boot: BootFile | None = None
    bodies: list[tuple[str, bytes]] = []
    for file in fetched:
        if file.body is None:
            continue
        if file.name.endswith(".boot"):
            boot = _boot_file(model, file) or boot
        else:
            bodies.append((file.name, file.body))
    if not bodies:
        return Finish(flash, Report("absent", "the server has no file for this phone"))
    digests = tuple((name, digest(body)) for name, body in bodies)
    if digests == flash.digests:
        return Finish(flash, Report("unchanged", "the files are those of the last run: not applied again"))

    files = [(name, read(body)) for name, body in bodies]
    before = flash.settings.dict()
    after = {} if boot is not None and boot.overwrite else before.copy()
    for _, file_ in files:
        if file_.accepted:
            _apply(file_, after)
    if _protects(after):
        after |= flash.local.dict()
    changed = [key for key, value in after.items() if before.get(key) != value]
    changed += [key for key in before if key not in after]
    reasons = [key for key in changed if needs_reboot(key)]
    flash = replace(flash, settings=Settings.of(after), digests=digests)
    flash = _new_server(flash, before, after)
    faults = tuple((name, fault) for name, file_ in files for fault in file_.faults)
    reason = f"{len(changed)} settings changed"
    if reasons:
        reason += f"; the phone reboots for {', '.join(sorted(reasons)[:5])}"
    return Finish(flash, Report("applied", reason, faults), bool(reasons))


def _apply(file: ConfigFile, settings: dict[str, str]) -> None:
    """Write one file's pairs over the settings. An empty value leaves what is there (overwrite_mode 0)."""
    for key, value, _ in file.pairs:
        if not value:
            continue
        if value[0] == "%":
            if value == NULL:
                settings.pop(key, None)
                continue
            if value == EMPTY:
                value = ""
        if key.endswith(LIST_KEY):
            value = _with_login(settings.get(key, ""), value)
        settings[key] = value


def _with_login(logins: str, entry: str) -> str:
    """A list-like value, one login a line: the entry replaces that login's and leaves the others."""
    name = entry.partition(":")[0]
    kept = [login for login in logins.split("\n") if login and login.partition(":")[0] != name]
    return "\n".join([*kept, entry])


def _static(settings: dict[str, str], key: str) -> str:
    """A value whose key may be written with or without `static.` (V81 renamed them, the old names still work)."""
    return settings.get(f"static.{key}") or settings.get(key, "")


def _protects(settings: dict[str, str]) -> bool:
    return _static(settings, "auto_provision.custom.protect") == "1"


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


# ---- what the phone does with its settings


def power_up(flash: Flash) -> Flash:
    """Yealink keeps its settings as they are; only a run changes them."""
    return flash


def set_locally(flash: Flash, key: str, value: str) -> Flash:
    """A change at the phone is in force at once. It is kept apart for later runs only while custom.protect is 1:
    changes made before that are not in the local file, and `static.` keys never are (vendor guides)."""
    settings = flash.settings.dict()
    protect = _protects(settings)
    settings[key] = value
    flash = replace(flash, settings=Settings.of(settings))
    if protect and not key.startswith("static."):
        flash = replace(flash, local=Settings.of(flash.local.dict() | {key: value}))
    return flash


def configure(flash: Flash, items: tuple[tuple[str, str], ...]) -> Flash:
    """Not reached: `read_answer` never asks for it."""
    return flash


def clear_local(flash: Flash) -> Flash:
    """ "Reset local settings": the local file is gone, what is in force stays until a run changes it."""
    return replace(flash, local=Settings())


@lru_cache(maxsize=256)
def _names(number: int) -> tuple[str, ...]:
    """The key names of one account. The server's two names: V8x, then V7x."""
    fields = "enable user_name sip_server.1.address auth_name password label display_name sip_server.1.expires"
    more = "unregister_on_reboot sip_server_host"
    return tuple(f"account.{number}.{field}" for field in f"{fields} {more}".split())


@lru_cache(maxsize=1024)  # a phone that boots mostly finds its files unchanged, and its settings are the same value
def accounts(model: Model, settings: Settings) -> tuple[Account, ...]:
    """Enabled accounts with a user name. The idle screen shows the label; only without one the display name, then the
    user name (FusionPBX PR 6582, 4043: the display name goes into SIP From)."""
    values = settings.dict()
    found = []
    for number in range(1, model.lines + 1):
        enable, user_, server, auth, password, label, display, expires, leave, old_server = _names(number)
        if values.get(enable) != "1" or not (user := values.get(user_)):
            continue
        found.append(
            Account(
                number,
                values.get(label) or values.get(display) or user,
                user,
                values.get(auth) or user,
                values.get(password, ""),
                values.get(server) or values.get(old_server, ""),
                seconds(values.get(expires, ""), EXPIRES),
                values.get(leave) == "1",
            )
        )
    return tuple(found)


# Key type codes by FusionPBX's vendor functions; others are shown by number.
KEY_TYPES = {
    "": "none",
    "0": "none",
    "5": "dnd",
    "13": "speeddial",
    "15": "line",
    "16": "blf",
    "27": "xml",
    "34": "hotdesk",
}


def keys(model: Model, settings: Settings) -> tuple[Key, ...]:
    """The line keys that have a type."""
    values = settings.dict()
    found = []
    for prefix, count in model.keys:
        for number in range(1, count + 1):
            name = f"{prefix}.{number}"
            kind = KEY_TYPES.get(code := values.get(f"{name}.type", ""), code)
            if kind != "none":
                label = values.get(f"{name}.label", "")
                found.append(Key(f"{prefix}{number}", kind, label, values.get(f"{name}.value", "")))
    return tuple(found)


def next_run(model: Model, mac: str, settings: Settings, now: int) -> int | None:
    """Power-on only."""
    return None


def notified(model: Model, settings: Settings, event: str, body: bytes) -> Order | None:
    """`check-sync` by `sip.notify_reboot_enable`: 1 (default) reboots always, 0 only if asked to, 2 ignores (vendor
    guides)."""
    name, asked = parameters(event)
    if name != "check-sync":
        return None
    mode = settings.get("sip.notify_reboot_enable") or "1"
    if mode == "2":
        return Order()
    return Order(action="fetch" if mode == "0" and asked.get("reboot") != "true" else "reboot")


def served(model: Model, mac: str, settings: Settings, request: HttpRequest) -> Order:
    """Nothing yet."""
    return Order(404)


def after_boot(model: Model, mac: str, settings: Settings) -> tuple[str, ...]:
    """`action_url.setup_completed` is not modelled."""
    return ()


def after_registration(model: Model, mac: str, settings: Settings, line: int) -> tuple[str, ...]:
    """`action_url.registered` is not modelled."""
    return ()


def read_answer(body: bytes, url: str) -> Answer:
    """The vendor's XML browser is not modelled."""
    return Unreadable("This phone shows no pages")
