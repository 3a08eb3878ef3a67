"""What a device is told: the files it has fetched, and what it would get now, with the layer that each value came from.

A preview makes nothing happen. Nothing here shows a secret: neither the device's own credentials, wherever they stand,
nor the value of any key that is named like one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pbxsim.core.entities import Device
from pbxsim.core.masking import masked
from pbxsim.core.refusals import NotFound
from pbxsim.core.state import NOTHING
from pbxsim.server.views import iso
from pbxsim.world import World, plans
from provisioning import models
from provisioning.render import render
from provisioning.vendors import VENDORS


def downloads(world: World, device: Device) -> Iterator[dict[str, Any]]:
    """The last time it fetched each of its files: when, 200 or 304, and which (its ETag)."""
    model = models.find(device.model)
    for name in sorted(VENDORS[model.vendor].files(model, device.mac)):
        last = world.state.downloads.get((device.id, name))
        if last is not None:
            yield {"file": name, "time": iso(last.time), "status": last.status, "etag": last.etag}


def preview(world: World, device: Device, name: str) -> dict[str, Any]:
    """The file of that name as the device would get it now. Raises NotFound for one that it would not get.

    `layer` is None for what stands in a file that was written earlier (at the last save, at a log-in) and would not
    stand there if it were written now."""
    model = models.find(device.model)
    vendor = VENDORS[model.vendor]
    kind = vendor.files(model, device.mac).get(name)
    plan = plans.plan(world.nature, world.pbx, world.state.now, device)
    kept = world.state.files.get(device.id, NOTHING).get(name) if kind == "mac" and plan.mode != "live" else None
    if kind is None or (kind == "boot" and not plan.boot_files):
        there = ", ".join(sorted(vendor.files(model, device.mac)))
        raise NotFound("file", name, f"A {model.name} with this MAC address asks for {there}.")
    if kind == "boot":
        return {"file": name, "mode": plan.mode, "text": vendor.boot(model, device.mac).decode(), "settings": []}
    if plan.mode == "at_login" and kind == "mac" and kept is None:
        raise NotFound("file", name, "It is written when somebody logs in at the phone.")
    fresh = render(plan, kind)
    pairs = fresh.pairs if kept is None else vendor.read(kept)
    layers = dict(zip((key for key, _ in fresh.pairs), fresh.provenance, strict=True))
    secrets = (plan.password, *(line.password for line in plan.lines))
    clear = [(key, masked(key, value, secrets), layers.get(key)) for key, value in pairs]
    return {
        "file": name,
        "mode": plan.mode,
        "text": vendor.show(tuple((key, value) for key, value, _ in clear)).decode(),
        "settings": [{"key": key, "value": value, "layer": layer} for key, value, layer in clear],
    }
