"""Emulated phones: the hardware on a desk, and what a person does with it.

What a key or a cable sets off takes time, and a standing clock gives it none: POST {"settle": true} to the clock.
"""

from __future__ import annotations

from functools import partial
from hashlib import blake2b
from typing import Any

import msgspec
from aiohttp import web
from msgspec import Struct

from pbxsim.core.commands import (
    ANSWER,
    END_CALL,
    LOG_OUT,
    REJECT,
    AddPhone,
    CablePhone,
    DialAtPhone,
    FactoryResetPhone,
    PowerPhone,
    PressKey,
    RemovePhone,
    StagePhone,
    TypeAtPhone,
)
from pbxsim.core.entities import Account, Device
from pbxsim.core.masking import masked
from pbxsim.core.refusals import Fault, Gone, Invalid, NotFound
from pbxsim.core.rules.common import resolve
from pbxsim.core.values import mac as parse_mac
from pbxsim.server import bodies, paging, views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer, Reply
from pbxsim.server.resource import nothing
from pbxsim.world import World

PHONE = "/phones/{phone}"
ROUTES = (
    ("GET", "/phones", "phones"),
    ("POST", "/phones", "add", AddPhone),
    ("GET", PHONE, "phone"),
    ("GET", PHONE + "/screen.svg", "picture"),
    ("DELETE", PHONE, "remove", RemovePhone),
    ("POST", PHONE + "/power", "power", PowerPhone),
    ("POST", PHONE + "/cable", "ask", CablePhone),
    ("POST", PHONE + "/login", "log_in", TypeAtPhone),
    ("POST", PHONE + "/logout", "log_out", PressKey),
    ("POST", PHONE + "/press", "ask", PressKey),
    ("POST", PHONE + "/dial", "ask", DialAtPhone),
    ("POST", PHONE + "/answer", "answer", PressKey),
    ("POST", PHONE + "/reject", "reject", PressKey),
    ("POST", PHONE + "/hang-up", "hang_up", PressKey),
    ("POST", PHONE + "/factory-reset", "ask", FactoryResetPhone),
    ("POST", PHONE + "/stage", "stage", StagePhone),
)


async def phones(call: Call) -> Answer:
    """By MAC address."""
    phones = call.world.state.phones.items()
    there = {mac: phone for mac, phone in phones if not phone.place.address and call.sees_phone(mac)}  # no clones
    return paging.few(call.options(*paging.OPTIONS), there, views.phone)


async def phone(call: Call) -> Answer:
    """As it is now, with the configuration in force and everything that its keys stand for."""
    mac = mac_of(call)
    settings = call.world.state.phones[mac].settings.dict()
    clear = {key: masked(key, value) for key, value in settings.items()}
    buttons = [
        {**msgspec.to_builtins(button), "lamp": str(button.lamp)}
        for button in call.world.state.phones[mac].buttons
        if button.type
    ]
    return Answer(200, {**shown(call, mac).value, "buttons": buttons, "settings": clear})


_WIDTHS = range(40, 4_001)
_CLOCK = 12  # characters of `time`


async def picture(call: Call) -> Reply:
    """As one sees it: an SVG document, whose ETag says whether it looks different. `time` is what its clock shows,
    `width` how wide it is in CSS pixels."""
    mac, asked = mac_of(call), call.options("time", "width")
    width, time = asked.get("width", ""), asked.get("time", "")
    if width and not (width.isascii() and width.isdecimal() and len(width) < 5 and int(width) in _WIDTHS):
        raise Invalid([Fault("/width", f"must be {_WIDTHS[0]} to {_WIDTHS[-1]} pixels, not {width!r}")])
    if len(time) > _CLOCK:
        raise Invalid([Fault("/time", f"must be at most {_CLOCK} characters, such as 10:24")])
    drawn = call.world.state.phones[mac].picture(time=time, width=int(width) if width else None).encode()
    tag = f'"{blake2b(drawn, digest_size=12).hexdigest()}"'
    # What stands in it is anybody's text: escaped, and even so it may load and run nothing.
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Content-Security-Policy": policy}
    known = {one.strip().removeprefix("W/") for one in call.request.headers.get("If-None-Match", "").split(",")}
    if tag in known or "*" in known:
        return web.Response(status=304, headers=headers)
    return web.Response(body=drawn, content_type="image/svg+xml", charset="utf-8", headers=headers)


async def add(call: Call) -> Answer:
    """Staged for a device as an installer does, or bare: then it shows "No server" until it is staged."""
    body = with_device(call, await call.body())
    return await call.ask(
        call.values(body, {}),
        lambda mac: call.created(shown(call, mac).value, f"/api/v1/phones/{mac}"),
    )


async def remove(call: Call) -> Answer:
    """Take it off the desk; the PBX learns nothing of it."""
    return await call.ask({"phone": mac_of(call)}, nothing)


class _Power(Struct, frozen=True):
    on: bool | None = None
    cycle: bool = False


async def power(call: Call) -> Answer:
    """`{"on": true}`, `{"on": false}`, or `{"cycle": true}`: both, in one step."""
    mac, asked = mac_of(call), await call.read(_Power)
    if asked.cycle == (asked.on is not None):
        raise Invalid([Fault("", 'must be {"on": true}, {"on": false} or {"cycle": true}')])
    if asked.on is not None:
        return await call.ask({"phone": mac, "on": asked.on}, partial(shown, call))
    actor = call.actor

    def cycle(world: World) -> str:
        world.execute(PowerPhone(mac, on=False), actor)
        return world.execute(PowerPhone(mac, on=True), actor)

    return await call.work(cycle, partial(shown, call))


class _LogIn(Struct, frozen=True):
    extension: str
    pin: str
    more: tuple[str, ...] = ()


async def log_in(call: Call) -> Answer:
    """Type both into the prompt on the screen. A wrong PIN is no error here: the screen says so, in time."""
    mac, typed = mac_of(call), await call.read(_LogIn)
    values = {"phone": mac, "fields": (typed.extension, typed.pin, *typed.more)}
    return await call.ask(values, partial(shown, call))


async def log_out(call: Call) -> Answer:
    """Press the key that a log-in has put there."""
    return await _pressed(call, LOG_OUT)


async def answer(call: Call) -> Answer:
    """Take the call that rings."""
    return await _pressed(call, ANSWER)


async def reject(call: Call) -> Answer:
    """Send the call away that rings; its caller hears busy."""
    return await _pressed(call, REJECT)


async def hang_up(call: Call) -> Answer:
    """End the call, or stop calling."""
    return await _pressed(call, END_CALL)


async def _pressed(call: Call, key: str) -> Answer:
    values = bodies.values(PressKey, await call.body(), {"phone": mac_of(call), "key": key})
    return await call.ask(values, partial(shown, call))


async def ask(call: Call) -> Answer:
    """What the route's command says, of this phone."""
    values = bodies.values(call.command, await call.body(), {"phone": mac_of(call)})
    return await call.ask(values, partial(shown, call))


RENAMED = {"user": "username"}


async def stage(call: Call) -> Answer:
    """Enter a provisioning server: that of a device, or any `url` with `user` and `password`."""
    body = with_device(call, await call.body())
    values = bodies.values(StagePhone, body, {"phone": mac_of(call)}, RENAMED)
    with bodies.named_as(RENAMED):
        return await call.ask(values, partial(shown, call))


def mac_of(call: Call) -> str:
    """The phone that the path names, as it is there."""
    key = call.params["phone"]
    try:
        mac = parse_mac(key)
    except ValueError:
        mac = ""
    if mac not in call.world.state.phones or not call.sees_phone(mac):
        raise NotFound("phone", key, "Put one on a desk first: POST /api/v1/phones.")
    return mac


def shown(call: Call, mac: str) -> Answer:
    """What has become of it."""
    found = call.world.state.phones.get(mac)
    if found is None:
        raise Gone("phone", mac)
    return Answer(200, views.phone(found))


def with_device(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """`"device": "<account>/<id or MAC>"` as the command has it: an id."""
    named = body.get("device")
    if not isinstance(named, str):
        return body
    account, _, key = named.partition("/")
    found = resolve(call.state, account, Device, key) if call.sees_account(call.state.get(Account, account)) else None
    if found is None:
        form = "it is <account>/<id or MAC>, such as acme/80:5e:c0:11:22:33"
        raise Invalid([Fault("/device", f"names no device: {named!r}; {form}")])
    return {**body, "device": found.id}
