"""What is kept of a phone between two runs of `pbxsim phone --state FILE`: its flash, and the keys it had fetched.

A file of JSON that only its owner may read, for there are passwords in it. It is written whole or not at all.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import msgspec
from msgspec import Struct

from device_emulator.firmware.contract import Flash
from device_emulator.models import Model
from device_emulator.trial.asjson import as_json
from device_emulator.trial.exchanges import Boot, read

FORMAT = 1


class BadState(ValueError):
    """The file is none of this phone's; the message says what to do."""


class Keep(Struct, frozen=True):
    """`keys`: key -> (value, file), as fetched last."""

    format: int
    model: str
    mac: str
    flash: Flash
    keys: dict[str, tuple[str, str]]


def load(path: Path, model: str, mac: str) -> Keep | None:
    """What was kept; None when there is no such file yet. Raises `BadState` for another phone's or a damaged one."""
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadState(f"{path} cannot be read: {error.strerror}.") from None
    try:
        kept = msgspec.json.decode(body, type=Keep)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadState(f"{path} is no state of a phone ({error}); name another file, or delete it.") from None
    if kept.format != FORMAT:
        raise BadState(f"{path} was written by another version of pbxsim; name another file, or delete it.")
    if (kept.model, kept.mac) != (model, mac):
        raise BadState(f"{path} is of a {kept.model} {kept.mac}, not of a {model} {mac}; name another file.")
    return kept


def save(path: Path, boot: Boot, model: Model, before: Keep | None) -> None:
    """Keep what the phone has now. Keys that were not fetched this time, because nothing was, stay as they were."""
    keys: dict[str, tuple[str, str]] = {}
    for one in boot.files:
        source = read(one, model)
        if source.accepted:
            keys |= {key: (value, one.file) for key, (value, _) in source.values.items()}
    if not boot.fetched and before is not None:
        keys = before.keys
    kept = Keep(FORMAT, boot.model, boot.mac, boot.flash, keys)
    body = as_json(kept).encode() + b"\n"
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
