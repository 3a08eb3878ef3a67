"""A cache between phone and server still has the answers of the instant at which the fault began.

The server learns nothing of what it answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from device_emulator.messages import HttpReply, HttpRequest
from device_emulator.phone import Phone
from pbxsim.core.faults import StaleCopy
from pbxsim.world import web
from pbxsim.world.faults.behaviour import Behaviour, Memory

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def _begins(run: Run, fault: StaleCopy) -> Memory:
    return run.pbx, run.files


def _instead(run: Run, fault: StaleCopy, memory: Memory, phone: Phone, request: HttpRequest) -> HttpReply | None:
    pbx, files = memory
    if not web.ours(run, request.url):
        return None
    response, _ = web.answer(run.nature, pbx, files, run.now, web.wanted(phone.address, request), "")
    return web.replied(request, response)


BEHAVIOUR = Behaviour(begins=_begins, instead=_instead)
