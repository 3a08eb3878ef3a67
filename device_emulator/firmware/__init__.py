"""The firmwares, by vendor."""

from __future__ import annotations

from device_emulator.firmware import aastra, yealink
from device_emulator.firmware.contract import Firmware
from device_emulator.models import Model

VENDORS: dict[str, Firmware] = {"aastra": aastra, "yealink": yealink}


def of(model: Model) -> Firmware:
    """The firmware that a model runs."""
    return VENDORS[model.vendor]
