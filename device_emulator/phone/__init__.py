"""A phone as a value, and everything that it does: the table in `table.py`, and a file for each thing."""

from __future__ import annotations

from device_emulator.phone.state import Phone as Phone
from device_emulator.phone.state import dark as dark
from device_emulator.phone.table import TABLE as TABLE
from device_emulator.phone.table import new as new
from device_emulator.phone.table import step as step
