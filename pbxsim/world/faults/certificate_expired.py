"""The server's certificate is past its date. Whether that counts is for the phone to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from device_emulator.messages import HttpReply, HttpRequest
from device_emulator.phone import Phone
from pbxsim.core.faults import CertificateExpired
from pbxsim.world.faults.behaviour import Behaviour, Memory

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def _altered(
    run: Run, fault: CertificateExpired, memory: Memory, phone: Phone, request: HttpRequest, reply: HttpReply
) -> HttpReply:
    return replace(reply, certificate="it has expired") if request.url.startswith("https://") else reply


BEHAVIOUR = Behaviour(altered=_altered)
