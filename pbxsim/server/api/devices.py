"""Devices: the PBX's records of desk phones, where they are registered, and what they are told."""

from __future__ import annotations

from pbxsim.core.commands import AddDevice, DeleteDevice, EndLogin, SyncDevice, UpdateDevice
from pbxsim.observe.staleness import Staleness
from pbxsim.server import files, paging, views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer
from pbxsim.server.resource import nothing

DEVICES = "/accounts/{account}/devices"
ROUTES = (
    ("GET", DEVICES, "items"),
    ("POST", DEVICES, "add", AddDevice),
    ("GET", DEVICES + "/{device}", "item"),
    ("PATCH", DEVICES + "/{device}", "change", UpdateDevice),
    ("DELETE", DEVICES + "/{device}", "delete", DeleteDevice),
    ("GET", DEVICES + "/{device}/registrations", "registrations"),
    ("DELETE", DEVICES + "/{device}/registrations", "unregister", EndLogin),
    ("POST", DEVICES + "/{device}/sync", "act", SyncDevice),
    ("GET", DEVICES + "/{device}/provisioning", "downloads"),
    ("GET", DEVICES + "/{device}/preview/{file}", "preview"),
    ("GET", DEVICES + "/{device}/staging", "staging"),
)


async def registrations(call: Call) -> Answer:
    """Where it is registered now."""
    bindings = call.state.bindings.get(call.named("device").id, ())
    return paging.whole(map(views.binding, bindings))


async def unregister(call: Call) -> Answer:
    """The service desk ends its registrations (J3a)."""
    return await call.ask({"login": call.named("device").id}, nothing)


async def downloads(call: Call) -> Answer:
    """The last time it fetched each of its files, and how far each name on it has got since."""
    device, world = call.named("device"), call.world
    fetched = paging.whole(files.downloads(world, device))
    names = views.shown(Staleness(world.nature, world.state, call.account).of(device))
    return Answer(200, {**fetched.value, "staleness": names})


async def staging(call: Call) -> Answer:
    """What an installer enters on a phone: the one place that shows a secret, and to the operator alone."""
    call.only_operator()
    device = call.named("device")
    prefix = call.hosted.outside.prefix
    return Answer(
        200,
        {
            "url": f"{call.request.scheme}://{call.request.host}{prefix}{call.account.key}/",
            "username": device.mac,
            "password": call.state.secrets[device.id, "provisioning"],
        },
    )


async def preview(call: Call) -> Answer:
    """What it would get under that name."""
    return Answer(200, files.preview(call.world, call.named("device"), call.params["file"]))
