"""A phone is given the file of another device: it shows that one's user, and registers as him."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from device_emulator.messages import HttpReply, HttpRequest
from device_emulator.phone import Phone
from pbxsim.core.entities import Device
from pbxsim.core.faults import WrongMac
from pbxsim.world import plans
from pbxsim.world.faults.behaviour import Behaviour, Memory
from provisioning import models
from provisioning.render import render
from provisioning.vendors import VENDORS

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def _altered(
    run: Run, fault: WrongMac, memory: Memory, phone: Phone, request: HttpRequest, reply: HttpReply
) -> HttpReply:
    device = run.pbx.get(Device, run.pbx.find("mac", "", fault.other))
    own = VENDORS[models.find(phone.model.name).vendor].own_file(phone.mac)
    if device is None or reply.status != 200 or not request.url.endswith(f"/{own}"):
        return reply
    rendered = render(plans.plan(run.nature, run.pbx, run.now, device), "mac")
    return replace(reply, body=rendered.body, headers=(("ETag", rendered.etag),))


BEHAVIOUR = Behaviour(altered=_altered)
