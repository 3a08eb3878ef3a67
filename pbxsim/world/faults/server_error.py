"""The configuration server answers, but not with what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device_emulator.messages import HttpReply, HttpRequest
from device_emulator.phone import Phone
from pbxsim.core.faults import ServerError
from pbxsim.world.faults.behaviour import Behaviour, Memory

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def _instead(run: Run, fault: ServerError, memory: Memory, phone: Phone, request: HttpRequest) -> HttpReply:
    return HttpReply(request.id, fault.status, (("Retry-After", str(fault.retry_after)),))


BEHAVIOUR = Behaviour(instead=_instead)
