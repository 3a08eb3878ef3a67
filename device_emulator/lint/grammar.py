"""What the checks take from the firmwares, in one place: how a brand reads a file, and which keys restart a phone.

With a model it is that model's firmware; without one, the present one.
"""

from __future__ import annotations

from typing import Literal

from device_emulator.firmware import (
    aastra_syntax,
    yealink_file_facts,
    yealink_local_facts,
    yealink_reboot,
    yealink_text,
)
from device_emulator.firmware.textfile import BLANKS, ConfigFile, decode
from device_emulator.firmware.yealink_boot import HEADER, INCLUDE
from device_emulator.models import Model

__all__ = [
    "BLANKS",
    "EMPTY",
    "ENCRYPTED",
    "HEADER",
    "INCLUDE",
    "LIST_KEYS",
    "MAX_INCLUDES",
    "NULL",
    "Brand",
    "decode",
    "parsed",
    "restarts",
]

Brand = Literal["yealink", "aastra"]

ENCRYPTED: str = yealink_local_facts.RSA.value
NULL: str = yealink_file_facts.NULL.value
EMPTY: str = yealink_file_facts.EMPTY.value
LIST_KEYS: tuple[str, ...] = yealink_file_facts.LIST_KEYS.value  # repeated once per login: never a duplicate
MAX_INCLUDES: int = yealink_file_facts.INCLUDES.value


def parsed(brand: Brand, text: str, model: Model | None = None) -> ConfigFile:
    """The file as that firmware reads it; never fails."""
    own = model is not None and model.vendor == brand
    if brand == "yealink":
        return yealink_text.parse(text, yealink_text.syntax(model if own else None))
    return aastra_syntax.parse(text, aastra_syntax.syntax(model) if own else aastra_syntax.NEWEST)


def restarts(brand: Brand, key: str) -> bool:
    """Whether a change of that key restarts a phone, or waits for its next boot."""
    return brand == "yealink" and yealink_reboot.needs_reboot(key)
