"""The connection ends in the middle of a body: fewer bytes come than were announced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device_emulator.messages import HttpReply, HttpRequest
from device_emulator.phone import Phone
from pbxsim.core.faults import Truncated
from pbxsim.world.faults.behaviour import Behaviour, Memory, announcing

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def _altered(
    run: Run, fault: Truncated, memory: Memory, phone: Phone, request: HttpRequest, reply: HttpReply
) -> HttpReply:
    whole = len(reply.body)
    return announcing(whole, reply, reply.body[: whole * fault.percent // 100])


BEHAVIOUR = Behaviour(altered=_altered)
