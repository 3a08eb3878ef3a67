"""The phones' clocks are wrong: schedules come early or late, and a valid certificate is not valid to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from device_emulator.messages import HttpReply, HttpRequest, Placed
from device_emulator.phone import Phone
from pbxsim.core.faults import ClockSkew, concerns
from pbxsim.world.faults.behaviour import Behaviour, Memory

if TYPE_CHECKING:
    from pbxsim.world.run import Run


VALIDITY = 45 * 86_400
"""Seconds that a certificate is valid, each way from now: half of 90 days, as public authorities give them."""


def _begins(run: Run, fault: ClockSkew) -> Memory:
    for phone in run.every_phone():
        if concerns(fault, phone.mac):
            run.tell(phone.address, Placed(replace(phone.place, skew=fault.seconds * 1000)))


def _ends(run: Run, fault: ClockSkew, memory: Memory) -> None:
    for phone in run.every_phone():
        if concerns(fault, phone.mac):
            run.tell(phone.address, Placed(replace(phone.place, skew=0)))


def _altered(
    run: Run, fault: ClockSkew, memory: Memory, phone: Phone, request: HttpRequest, reply: HttpReply
) -> HttpReply:
    if abs(fault.seconds) < VALIDITY or not request.url.startswith("https://"):
        return reply
    return replace(reply, certificate="it has expired" if fault.seconds > 0 else "it is not valid yet")


BEHAVIOUR = Behaviour(begins=_begins, ends=_ends, altered=_altered)
