"""The firmwares, by vendor, and every fact that is known of them."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from device_emulator.facts import Fact
from device_emulator.firmware import aastra, yealink
from device_emulator.firmware.contract import Firmware
from device_emulator.models import Model

FACTS: dict[str, Fact[Any]] = {
    fact.id: fact
    for module in iter_modules(__path__)
    for fact in vars(import_module(f"{__name__}.{module.name}")).values()
    if isinstance(fact, Fact)
}
"""The rows of every module here, by their ids. A row stands beside what goes by it, or in a file of rows."""

VENDORS: dict[str, Firmware] = {"aastra": aastra, "yealink": yealink}


def of(model: Model) -> Firmware:
    """The firmware that a model runs."""
    return VENDORS[model.vendor]
