"""Settings that people make at a Yealink: in force at once, and kept in a file of their own while custom.protect is 1.

That file, `<mac>-local.cfg`, can be kept at the server: it goes there after each change and comes back in each run.
"""

from __future__ import annotations

from msgspec.structs import replace

from device_emulator.firmware import yealink_local_facts as known
from device_emulator.firmware.contract import Flash
from device_emulator.firmware.textfile import NOTHING, ConfigFile, Settings, encode
from device_emulator.firmware.yealink_file_facts import EMPTY, NULL
from device_emulator.firmware.yealink_ways import ways
from device_emulator.models import Model

PROTECT = ("static.auto_provision.custom.protect", "auto_provision.custom.protect")


def protects(model: Model, values: dict[str, str]) -> bool:
    """Does what people have set count more than the server's files?"""
    return (values.get(PROTECT[0]) or values.get(PROTECT[1]) or known.PROTECT.of(model)) == "1"


def set_locally(model: Model, flash: Flash, key: str, value: str) -> Flash:
    """A change at the phone is in force at once. It is kept apart for later runs only while custom.protect is 1:
    changes made before that are not in the local file, and `static.` keys never are (vendor guides)."""
    if "\n" in key or "\n" in value or not key:
        return flash  # no menu takes that, and no file could carry it
    settings = flash.settings.dict()
    kept = protects(model, settings) or not known.LOCAL_SINCE.of(model)
    settings[key] = value
    flash = replace(flash, settings=Settings.of(settings))
    if kept and not (known.STATIC_NEVER.of(model) and key.startswith("static.")):
        flash = replace(flash, local=Settings.of(flash.local.dict() | {key: value}))
    return flash


def clear_local(flash: Flash) -> Flash:
    """ "Reset local settings": the local file is empty, what is in force stays until a run changes it."""
    return replace(flash, local=NOTHING)


def over(model: Model, local: Settings, server: dict[str, str]) -> dict[str, str]:
    """The server's settings with what people have set, in the order of precedence."""
    if not protects(model, server) or not local.keys:
        return server
    return server | local.dict() if known.LOCAL_WINS.of(model) else local.dict() | server


def personal(model: Model, file: ConfigFile) -> Settings:
    """What a local file says."""
    values: dict[str, str] = {}
    for key, value, _ in file.pairs:
        if not value or value == NULL.of(model) or (key.startswith("static.") and known.STATIC_NEVER.of(model)):
            continue
        values[key] = "" if value == EMPTY.of(model) else value
    return Settings.of(values)


def name_of(model: Model, mac: str) -> str:
    """The name under which it is kept."""
    return known.LOCAL_NAME.of(model).replace("{mac}", mac)


def is_local(model: Model, name: str) -> bool:
    """Is a file of that name one's local file?"""
    return name.endswith(known.LOCAL_NAME.of(model).replace("{mac}", ""))


def address(model: Model, mac: str, path: str) -> str:
    """Where it is kept: below `custom.sync.path`, or (relative) below the server's URL."""
    name = name_of(model, mac)
    return f"{path.rstrip('/')}/{name}" if "://" in path else name


def upload(model: Model, mac: str, flash: Flash) -> tuple[str, str, bytes] | None:
    """(method, name or URL, body) of the upload of the local file, if it is kept at the server."""
    way = ways(model, flash.settings)
    if not way.synced or not known.LOCAL_SENT.of(model):
        return None
    return way.upload, address(model, mac, way.sync_path), text(model, flash.local)


def text(model: Model, local: Settings) -> bytes:
    """The local file."""
    lines = [f"{key} = {value or EMPTY.of(model)}" for key, value in zip(local.keys, local.values, strict=True)]
    return encode("\n".join(["#!version:1.0.0.1", *lines, ""]))
