"""The server asks for credentials again and again, whatever it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device_emulator.messages import HttpReply, HttpRequest
from device_emulator.phone import Phone
from pbxsim.core.faults import ChallengeLoop
from pbxsim.world.faults.behaviour import Behaviour, Memory

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def _instead(run: Run, fault: ChallengeLoop, memory: Memory, phone: Phone, request: HttpRequest) -> HttpReply:
    challenge = f'Digest realm="pbx", nonce="{run.now}-{request.id}", qop="auth", algorithm=MD5, stale=true'
    return HttpReply(request.id, 401, (("WWW-Authenticate", challenge),))


BEHAVIOUR = Behaviour(instead=_instead)
