"""Two phones have one MAC address: the second is what the first was, and stands elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from device_emulator.messages import Place, PowerLost, PowerOn
from device_emulator.phone.state import dark
from pbxsim.core.faults import ClonedMac
from pbxsim.world.faults.behaviour import Behaviour, Memory

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def _begins(run: Run, fault: ClonedMac) -> Memory:
    """Its contacts name another host, and that is where its answers go."""
    phone = run.phone(fault.phone)
    if phone is None:
        return ""
    address = f"{fault.phone}-clone"
    run.put_phone(replace(dark(phone), place=Place(phone.place.offers, phone.place.skew, address)))
    run.tell(address, PowerOn())
    return address


def _ends(run: Run, fault: ClonedMac, memory: Memory) -> None:
    if memory and run.phone(memory) is not None:
        run.tell(memory, PowerLost())
        run.drop_phone(memory)


BEHAVIOUR = Behaviour(begins=_begins, ends=_ends)
