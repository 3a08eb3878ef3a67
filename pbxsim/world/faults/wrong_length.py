"""More bytes are announced than come, or fewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device_emulator.messages import HttpReply, HttpRequest
from device_emulator.phone import Phone
from pbxsim.core.faults import WrongLength
from pbxsim.world.faults.behaviour import Behaviour, Memory, announcing

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def _altered(
    run: Run, fault: WrongLength, memory: Memory, phone: Phone, request: HttpRequest, reply: HttpReply
) -> HttpReply:
    return announcing(max(0, len(reply.body) + fault.by), reply, reply.body)


BEHAVIOUR = Behaviour(altered=_altered)
