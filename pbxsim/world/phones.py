"""What a person does with the hardware: the handler of each phone command, in one table.

An installer stages a phone with its device's address and credentials; everything else is keys, cables and a prompt.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from device_emulator import messages as em
from device_emulator import models
from device_emulator.facts import BadVersion, UnknownKnob, running, tuned
from device_emulator.firmware import FACTS
from device_emulator.models import Model
from device_emulator.phone import Phone, calls
from device_emulator.phone import new as new_phone
from pbxsim.core import commands as c
from pbxsim.core.entities import Device
from pbxsim.core.refusals import Blocker, Fault, Invalid, NotFound, NotReady, Refused
from pbxsim.core.transition import may
from pbxsim.core.values import colons
from pbxsim.world import calls as live
from pbxsim.world import outside, plans
from pbxsim.world.run import Run


def faults(command: c.Command) -> list[Fault]:
    """What is wrong with a command's values that no parser knows: there is no such hardware."""
    if isinstance(command, c.AddPhone) and isinstance(command.model, str):
        try:
            models.find(command.model)
        except LookupError as error:
            return [Fault("/model", str(error.args[0]))]
    return []


def _hardware(model: str, command: c.AddPhone) -> Model:
    """The model, with another firmware or other knobs if the command says so."""
    hardware = models.find(model)
    wrong = []
    try:
        hardware = running(hardware, command.version) if command.version else hardware
    except BadVersion as error:
        wrong.append(Fault("/version", str(error)))
    try:
        hardware = tuned(hardware, dict(command.knobs), FACTS)
    except UnknownKnob as error:
        wrong.append(Fault("/knobs", str(error)))
    if wrong:
        raise Invalid(wrong)
    return hardware


def _add(run: Run, command: c.AddPhone) -> str:
    device = _device(run, command.device)
    if device is None and (command.model is None or command.mac is None):
        raise Invalid([Fault("", "needs either a device, or a model and a MAC address")])
    model, mac = (device.model, device.mac) if device else (command.model, command.mac)
    assert model is not None
    assert mac is not None
    unknown = faults(c.AddPhone(model=model))
    if unknown:
        raise Invalid(unknown)
    hardware = _hardware(model, command)
    if run.phone(mac) is not None:
        blocker = Blocker("phone", mac, colons(mac), "Use the phone that is there, or remove it first.")
        raise Refused("pbx.phone.taken", f"There is a phone {colons(mac)} already", blockers=[blocker])
    run.put_phone(replace(new_phone(hardware, mac), place=em.Place(run.network.offers)))
    if device is not None:
        run.tell(mac, _staging(run, device))
    return mac


def _remove(run: Run, command: c.RemovePhone) -> str:
    phone = _phone(run, command.phone)
    run.drop_phone(phone.mac)
    if run.pbx.calls:
        live.silenced(run, phone.mac)
    return command.phone


def _stage(run: Run, command: c.StagePhone) -> str:
    phone = _phone(run, command.phone)
    device = _device(run, command.device)
    if device is not None:
        staged = _staging(run, device)
    elif outside.fetchable(command.url):
        url = command.url if command.url.endswith("/") else f"{command.url}/"
        staged = em.Staged(url, command.username, command.password)
    else:
        raise Invalid([Fault("/url", "must be an http or https URL, or name a device instead")])
    run.tell(phone.mac, staged)
    return phone.mac


def _power(run: Run, command: c.PowerPhone) -> str:
    phone = _phone(run, command.phone)
    run.tell(phone.mac, em.PowerOn() if command.on else em.PowerLost())
    if not command.on and run.pbx.calls:
        live.silenced(run, phone.mac)
    return phone.mac


def _cable(run: Run, command: c.CablePhone) -> str:
    """Whoever is in a call with it hears nothing any more, as when its power is gone."""
    phone = _phone(run, command.phone)
    if phone.place.connected != command.on:
        run.tell(phone.mac, em.Placed(replace(phone.place, connected=command.on)))
        if not command.on and run.pbx.calls:
            live.silenced(run, phone.mac)
    return phone.mac


# Every phone of that kind has these keys, but they answer to something: without it the phone is not asking.
_ANSWERS = frozenset({c.LOG_OUT, c.ANSWER, c.REJECT, c.END_CALL, *calls.DIGITS})


def _press(run: Run, command: c.PressKey) -> str:
    phone, key = _phone(run, command.phone), command.key
    screen = phone.screen
    by_label = {programmed.label: programmed.name for programmed in reversed(phone.keys) if programmed.label}
    now = {*screen.soft_keys}  # what is on the screen comes first
    if screen.call is not None and screen.call.state == "talking":
        now |= calls.DIGITS
    there = {*now, *by_label, *(programmed.name for programmed in phone.keys)}
    if phone.phase in ("idle", "updating"):
        there |= {*phone.firmware.menu(phone.model)}
    if not phone.powered or (key in _ANSWERS and key not in there):
        raise NotReady(screen.text)
    if key not in there:
        names = ", ".join(sorted(there)) or "none"
        raise Invalid([Fault("/key", f"is no key of this phone at the moment: {key!r}; there are {names}")])
    run.tell(phone.mac, em.KeyPressed(key if key in now else by_label.get(key, key)))
    return phone.mac


def _dial(run: Run, command: c.DialAtPhone) -> str:
    phone = _phone(run, command.phone)
    if calls.line_out(phone) is None:
        raise NotReady(phone.screen.text)
    run.tell(phone.mac, em.Dialled(command.number))
    return phone.mac


def _type(run: Run, command: c.TypeAtPhone) -> str:
    phone = _phone(run, command.phone)
    prompt = phone.screen.prompt
    if prompt is None:
        raise NotReady(phone.screen.text)
    if len(command.fields) != len(prompt.fields):
        asked = ", ".join(prompt.fields)
        raise Invalid([Fault("/fields", f"{prompt.title!r} asks for {len(prompt.fields)} fields: {asked}")])
    run.tell(phone.mac, em.Typed(command.fields))
    return phone.mac


def _set(run: Run, command: c.SetAtPhone) -> str:
    phone = _phone(run, command.phone)
    run.tell(phone.mac, em.LocallySet(command.key, command.value))
    return phone.mac


def _reset(run: Run, command: c.FactoryResetPhone) -> str:
    phone = _phone(run, command.phone)
    if phone.phase in ("off", "booting", "fetching"):
        raise NotReady(phone.screen.text)  # its menu is not there yet
    run.tell(phone.mac, em.FactoryReset())
    return phone.mac


def _phone(run: Run, mac: str) -> Phone:
    phone = run.phone(mac)
    if phone is None:
        raise NotFound("phone", colons(mac), "Put one on a desk first: phones.add(device).")
    return phone


def _device(run: Run, id_: str | None) -> Device | None:
    return None if id_ is None else run.pbx.the(Device, id_)


def _staging(run: Run, device: Device) -> em.Staged:
    return em.Staged(*plans.staging(run.nature, run.pbx, device))


def execute(run: Run, command: c.Command, actor: c.Actor) -> str:
    """Let somebody do something at a phone; the phone's MAC. To whom it belongs is its device's matter: a phone that
    is no account's device is the operator's. Raises PbxsimError, and then nothing has changed."""
    if actor != c.OPERATOR:
        # Both the phone that is acted on and the device that it is to become must be within reach.
        named = [getattr(command, name) for name in ("device", "phone", "mac") if getattr(command, name, None)]
        for key in named or ("",):
            device = run.pbx.get(Device, key) or run.pbx.get(Device, run.pbx.find("mac", "", key))
            may(run.pbx, run.nature.platforms, actor, command, device)
    return HANDLERS[type(command)](run, command)


HANDLERS: dict[type, Callable[[Run, Any], str]] = {
    c.AddPhone: _add,
    c.RemovePhone: _remove,
    c.StagePhone: _stage,
    c.PowerPhone: _power,
    c.CablePhone: _cable,
    c.PressKey: _press,
    c.TypeAtPhone: _type,
    c.DialAtPhone: _dial,
    c.SetAtPhone: _set,
    c.FactoryResetPhone: _reset,
    **outside.HANDLERS,
}
