"""Every address leads to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device_emulator.messages import HttpReply, HttpRequest
from device_emulator.phone import Phone
from pbxsim.core.faults import RedirectLoop
from pbxsim.world.faults.behaviour import Behaviour, Memory

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def _instead(run: Run, fault: RedirectLoop, memory: Memory, phone: Phone, request: HttpRequest) -> HttpReply:
    return HttpReply(request.id, 302, (("Location", request.url),))


BEHAVIOUR = Behaviour(instead=_instead)
