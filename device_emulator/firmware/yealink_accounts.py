"""A Yealink's accounts and programmable keys, as the settings in force say."""

from __future__ import annotations

from functools import lru_cache

from device_emulator.firmware import yealink_facts as known
from device_emulator.firmware.contract import Account
from device_emulator.firmware.textfile import Settings, seconds
from device_emulator.firmware.yealink_key_facts import LINE_INDEX, REGISTER_MAC, TYPES
from device_emulator.models import Model
from device_emulator.screen import Key

_FROM_ZERO = frozenset(("T32G", "T38G"))  # their line keys count accounts from 0 (wazo-provd's plugins)


# The server has two names: V8x, then V7x.
_FIELDS = (
    "user_name sip_server.1.address auth_name password sip_server.1.expires unregister_on_reboot register_mac "
    "sip_server_host"
)


@lru_cache(maxsize=256)
def _enables(model: Model) -> tuple[str, ...]:
    return tuple([f"account.{number}.enable" for number in range(1, model.lines + 1)])


@lru_cache(maxsize=1024)
def _names(model: Model, number: int) -> tuple[tuple[str, ...], str, int, str]:
    """The key names of one account, at their end those of what the idle screen shows, the first that is there; and what
    is not said otherwise."""
    fields = (*_FIELDS.split(), *known.LABEL.of(model))
    names = tuple([f"account.{number}.{field}" for field in fields])
    return names, known.UNREGISTER.of(model), known.EXPIRES.of(model), REGISTER_MAC.of(model)


@lru_cache(maxsize=1024)  # a phone that boots mostly finds its files unchanged, and its settings are the same value
def accounts(model: Model, settings: Settings) -> tuple[Account, ...]:
    """Enabled accounts with a user name. The idle screen shows the label; only without one the display name, then the
    user name (FusionPBX PR 6582, 4043: the display name goes into SIP From)."""
    found = []
    for number, enabled in enumerate(settings.some(_enables(model)), 1):
        if enabled != "1":
            continue
        names, leaves, lasts, told = _names(model, number)
        user, server, auth, password, expires, leave, tells, old_server, *shown = settings.some(names)
        if user:
            found.append(
                Account(
                    number,
                    next(filter(None, shown), user),
                    user,
                    auth or user,
                    password,
                    server or old_server,
                    seconds(expires, lasts),
                    (leave or leaves) == "1",
                    tells_mac=(tells or told) == "1",
                )
            )
    return tuple(found)


@lru_cache(maxsize=256)
def key_types(model: Model) -> dict[str, str]:
    """What the codes of key types mean; others are shown by number."""
    types = dict(one.split(" ", 1) for one in TYPES.of(model))
    return {"": "none"} | types


def keys(model: Model, settings: Settings) -> tuple[Key, ...]:
    """The line keys that have a type. The value of one for a line is the account's number, where it names one."""
    values = settings.dict()
    types = key_types(model)
    found = []
    for prefix, count in model.keys:
        for number in range(1, count + 1):
            name = f"{prefix}.{number}"
            kind = types.get(code := values.get(f"{name}.type", ""), code)
            if kind == "none":
                continue
            value = values.get(f"{name}.value", "")
            if kind == "line" and (line := values.get(f"{name}.line", "")).isdecimal() and len(line) < 4:
                first = 0 if model.product in _FROM_ZERO else LINE_INDEX.of(model)
                value = str(int(line) - first + 1)
            found.append(Key(f"{prefix}{number}", kind, values.get(f"{name}.label", ""), value))
    return tuple(found)
