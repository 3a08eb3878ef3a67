"""JSON of any value, laid out for reading. Bytes that were no UTF-8 travel through this program as lone surrogates,
which JSON cannot carry: they become U+FFFD here."""

from __future__ import annotations

from typing import Any

import msgspec

from device_emulator.firmware.textfile import clean


def as_json(value: Any) -> str:
    """The text; never fails for what stands in a string."""
    plain = msgspec.to_builtins(value)
    try:
        body = msgspec.json.encode(plain)
    except UnicodeEncodeError:
        body = msgspec.json.encode(_cleaned(plain))
    return msgspec.json.format(body, indent=2).decode()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    return value
