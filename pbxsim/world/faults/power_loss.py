"""A phone loses its power at a stage of its boot, and has it back a while later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device_emulator.messages import PowerLost, PowerOn
from device_emulator.phone import Phone
from pbxsim.core.faults import PowerLoss
from pbxsim.world.faults.behaviour import Behaviour, Memory

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def _begins(run: Run, fault: PowerLoss) -> Memory:
    return {}


def _stepped(run: Run, fault: PowerLoss, memory: Memory, before: Phone, after: Phone) -> Memory:
    """`memory` counts by phone how often the power has gone."""
    if _stage(after) != fault.during or _stage(before) == fault.during:
        return memory
    mac = after.address
    count = memory.get(mac, 0)
    if count >= fault.times:
        return memory
    run.send("to phone", mac, PowerLost(), fault.milliseconds)
    if fault.back:
        run.send("to phone", mac, PowerOn(), fault.milliseconds + fault.back * 1000)
    return {**memory, mac: count + 1}


def _stage(phone: Phone) -> str:
    return "writing" if phone.writing is not None else phone.phase


BEHAVIOUR = Behaviour(begins=_begins, stepped=_stepped)
