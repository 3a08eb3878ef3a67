"""Faults in force: what goes wrong between phones and their configuration server, and at the phones.

One table says what each kind does; each kind is a file. A world without faults pays one look at an empty tuple.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from device_emulator.messages import HttpReply, HttpRequest
from device_emulator.phone import Phone
from pbxsim.core import faults as kinds
from pbxsim.core.faults import AnyFault, concerns
from pbxsim.world import web
from pbxsim.world.faults import (
    certificate_expired,
    challenge_loop,
    clock_skew,
    cloned_mac,
    no_such_host,
    power_loss,
    redirect_loop,
    server_error,
    slow,
    stale_copy,
    truncated,
    wrong_length,
    wrong_mac,
)
from pbxsim.world.faults.behaviour import Behaviour
from pbxsim.world.state import InForce

if TYPE_CHECKING:
    from pbxsim.world.run import Run

BEHAVIOURS: dict[type[AnyFault], Behaviour] = {
    kinds.ServerError: server_error.BEHAVIOUR,
    kinds.Slow: slow.BEHAVIOUR,
    kinds.Truncated: truncated.BEHAVIOUR,
    kinds.WrongLength: wrong_length.BEHAVIOUR,
    kinds.StaleCopy: stale_copy.BEHAVIOUR,
    kinds.ChallengeLoop: challenge_loop.BEHAVIOUR,
    kinds.WrongMac: wrong_mac.BEHAVIOUR,
    kinds.ClonedMac: cloned_mac.BEHAVIOUR,
    kinds.NoSuchHost: no_such_host.BEHAVIOUR,
    kinds.CertificateExpired: certificate_expired.BEHAVIOUR,
    kinds.RedirectLoop: redirect_loop.BEHAVIOUR,
    kinds.PowerLoss: power_loss.BEHAVIOUR,
    kinds.ClockSkew: clock_skew.BEHAVIOUR,
}


def put(run: Run, faults: tuple[AnyFault, ...]) -> None:
    """Let these be in force from now on, and no others. One that was in force already goes on as it is."""
    before = run.faults
    run.faults = tuple([one for one in before if one.fault in faults])  # what ends begins nothing any more
    for one in before:
        if one not in run.faults:
            BEHAVIOURS[type(one.fault)].ends(run, one.fault, one.memory)
    for fault in faults:
        if all(one.fault != fault for one in run.faults):
            run.faults += (InForce(fault, BEHAVIOURS[type(fault)].begins(run, fault)),)


def carry(run: Run, mac: str, request: HttpRequest) -> None:
    """A phone's request on its way to the server, and the answer on its way back."""
    phone = run.phone(mac)
    if not run.faults or phone is None:
        run.send("http reply", mac, web.answered(run, mac, request))
        return
    reply = _instead(run, phone, request) or web.answered(run, mac, request)
    reply, late = _altered(run, phone, request, reply)
    run.send("http reply", mac, reply, late)


def _instead(run: Run, phone: Phone, request: HttpRequest) -> HttpReply | None:
    """What answers in the server's place, if anything does: the first fault that has an answer."""
    for one in run.faults:
        if concerns(one.fault, phone.mac):
            reply = BEHAVIOURS[type(one.fault)].instead(run, one.fault, one.memory, phone, request)
            if reply is not None:
                return reply
    return None


def _altered(run: Run, phone: Phone, request: HttpRequest, reply: HttpReply) -> tuple[HttpReply, int]:
    """What arrives of a reply, and by how many ms later."""
    late = 0
    for one in run.faults:
        if concerns(one.fault, phone.mac):
            behaviour = BEHAVIOURS[type(one.fault)]
            if behaviour.altered is not None:
                reply = behaviour.altered(run, one.fault, one.memory, phone, request, reply)
            if behaviour.delay is not None:
                late += behaviour.delay(one.fault)
    return reply, late


def stepped(run: Run, before: Phone, after: Phone) -> None:
    """What has become of a phone may be what a fault waits for."""
    for place, one in enumerate(run.faults):
        stepped = BEHAVIOURS[type(one.fault)].stepped
        if stepped is not None and concerns(one.fault, after.mac):
            memory = stepped(run, one.fault, one.memory, before, after)
            if memory is not one.memory:
                run.faults = (*run.faults[:place], replace(one, memory=memory), *run.faults[place + 1 :])
