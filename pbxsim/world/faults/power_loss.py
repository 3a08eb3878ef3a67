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
    """`memory` has by phone the messages that take its power and give it back: two numbers for each time."""
    if _stage(after) != fault.during or _stage(before) == fault.during:
        return memory
    mac = after.address
    told = memory.get(mac, ())
    if len(told) >= fault.times:
        return memory
    cut = run.send("to phone", mac, PowerLost(), fault.milliseconds)
    back = run.send("to phone", mac, PowerOn(), fault.milliseconds + fault.back * 1000) if fault.back else 0
    return {**memory, mac: (*told, (cut, back))}


def _ends(run: Run, fault: PowerLoss, memory: Memory) -> None:
    """What has not happened yet does not happen; who was to have power again has it now."""
    for mac, told in memory.items():
        for cut, back in told:
            waiting = run.recall(cut)
            if run.recall(back) and not waiting:
                run.tell(mac, PowerOn())


def _stage(phone: Phone) -> str:
    return "writing" if phone.writing is not None else phone.phase


BEHAVIOUR = Behaviour(begins=_begins, ends=_ends, stepped=_stepped)
