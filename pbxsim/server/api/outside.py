"""What is around the phones: the network that they stand in, the vendors' redirect services, and what goes wrong.

The operator's alone, but for taking a phone to another network.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, to_builtins

from pbxsim.core.commands import ConnectPhone, RemoveRedirect, SetFaults, SetNetwork, SetRedirect
from pbxsim.core.entities import Device
from pbxsim.core.values import colons
from pbxsim.server import paging
from pbxsim.server.api.phones import mac_of, shown, with_device
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer
from pbxsim.server.resource import nothing
from pbxsim.world import World
from provisioning.identify import masked

ROUTES = (
    ("GET", "/faults", "faults"),
    ("PUT", "/faults", "set_faults", SetFaults),
    ("DELETE", "/faults", "clear_faults", SetFaults),
    ("GET", "/network", "network"),
    ("PUT", "/network", "set_network", SetNetwork),
    ("GET", "/redirects", "redirects"),
    ("PUT", "/redirects/{mac}", "set_redirect", SetRedirect),
    ("DELETE", "/redirects/{mac}", "remove_redirect", RemoveRedirect),
    ("POST", "/phones/{phone}/connect", "connect", ConnectPhone),
    ("POST", "/phones/{phone}/web", "visit"),
)


async def faults(call: Call) -> Answer:
    """What is in force."""
    return Answer(200, _faults(call))


async def set_faults(call: Call) -> Answer:
    """From now on these, and no others. One that was in force already goes on."""
    return await call.ask(call.values(await call.body(), {}), lambda _: Answer(200, _faults(call)))


async def clear_faults(call: Call) -> Answer:
    """Nothing is wrong any more."""
    return await call.ask({"faults": []}, nothing)


def _faults(call: Call) -> dict[str, Any]:
    return {"faults": [to_builtins(one.fault) for one in call.world.state.faults]}


async def network(call: Call) -> Answer:
    """What it tells a phone that asks at its boot where its configuration is."""
    return Answer(200, _network(call))


async def set_network(call: Call) -> Answer:
    """For every phone that stands in no network of its own."""
    return await call.ask(call.values(await call.body(), {}), lambda _: Answer(200, _network(call)))


def _network(call: Call) -> dict[str, Any]:
    return {"offers": {source: masked(url) for source, url in call.world.state.network.offers}}


async def redirects(call: Call) -> Answer:
    """What the vendors' redirect services know, by MAC address."""
    known = call.world.state.network.redirects
    return paging.whole(_redirect(call, mac) for mac in sorted(known))


async def set_redirect(call: Call) -> Answer:
    """`{"device": "<account>/<id or MAC>"}` or `{"url"}`, which may carry credentials."""
    body = with_device(call, await call.body())
    values = call.values(body, {"mac": call.params["mac"]})
    return await call.ask(values, lambda mac: Answer(200, _redirect(call, mac)))


async def remove_redirect(call: Call) -> Answer:
    """It knows nothing of that phone any more."""
    return await call.ask({"mac": call.params["mac"]}, nothing)


def _redirect(call: Call, mac: str) -> dict[str, Any]:
    redirect = call.world.state.network.redirects[mac]
    device = call.state.get(Device, redirect.device)
    named = f"{device.account}/{device.id}" if device else redirect.device  # as it is asked for; it may be gone
    return {"mac": colons(mac), "device": named or None, "url": masked(redirect.url) or None}


async def connect(call: Call) -> Answer:
    """Take it to a network that tells it `offers`; null is the one of all phones. It asks at its next boot."""
    mac = mac_of(call)
    return await call.ask(call.values(await call.body(), {"phone": mac}), lambda _: shown(call, mac))


class _Visit(Struct, frozen=True):
    path: str
    source: str = "127.0.0.1"
    body: str = ""


async def visit(call: Call) -> Answer:
    """Ask the phone's own web server for a path, as somebody at the address `source` does; with a body by POST. Status
    0: nobody answers."""
    call.only_operator()
    mac, asked = mac_of(call), await call.read(_Visit)
    answers = []

    def visited(world: World) -> str:
        answers.append(world.visit(mac, asked.path, asked.source, asked.body.encode()))
        return mac

    def answered(_: str) -> Answer:
        return Answer(200, {"status": answers[-1].status, "body": answers[-1].body.decode("utf-8", "replace")})

    return await call.work(visited, answered)
