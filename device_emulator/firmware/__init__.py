"""The firmwares, by vendor."""

from __future__ import annotations

from typing import Any

from device_emulator.facts import Fact
from device_emulator.firmware import aastra, aastra_facts, yealink, yealink_facts
from device_emulator.firmware.contract import Firmware
from device_emulator.models import Model

FACTS: dict[str, Fact[Any]] = {
    fact.id: fact for rows in (aastra_facts, yealink_facts) for fact in vars(rows).values() if isinstance(fact, Fact)
}
"""Every fact of every firmware, by its id."""

VENDORS: dict[str, Firmware] = {"aastra": aastra, "yealink": yealink}


def of(model: Model) -> Firmware:
    """The firmware that a model runs."""
    return VENDORS[model.vendor]
