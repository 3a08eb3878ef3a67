"""What is the cheapest thing that brings a phone up to date? Each way is tried on a workbench, the cheapest first.

A way is one or two steps. What a step costs is what it costs people: a message to the phone is nothing, a walk to it is
something, and a factory reset, which forgets all that was set at the phone, is the last resort.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from msgspec import Struct

from pbxsim.core import commands as c
from pbxsim.core.directory import is_old, name_of
from pbxsim.core.entities import BlfKey, Device, User
from pbxsim.core.refusals import PbxsimError
from pbxsim.core.rules.common import path
from pbxsim.observe import bench
from pbxsim.observe.fields import DISPLAY_NAME, LABEL
from pbxsim.observe.look import Look
from pbxsim.world import World
from pbxsim.world.state import Nature, WorldState

Request = tuple[str, str]  # method and path of an API call


class Trial(Struct, frozen=True):
    """A way that was tried: what the label was in the end, None if it showed none, and whether all was well."""

    way: str
    label: str | None
    worked: bool


class Suggestion(Struct, frozen=True):
    """`way` is '' where there is nothing to do, or nothing helps. `do` says it to people, a sentence a step;
    `requests` are the API calls that do it, where calls do; `seconds` how long it takes until the name is there.
    A phone that is not emulated could not be tried on: then `tried` is empty, and the way is what should help."""

    way: str
    do: tuple[str, ...]
    requests: tuple[Request, ...] = ()
    seconds: float | None = None
    tried: tuple[Trial, ...] = ()

    def __str__(self) -> str:
        took = "" if self.seconds is None else f" ({self.seconds:.0f} s)"
        return " ".join(self.do) + took if self.do else "Nothing to do, or nothing helps."


class _Case(NamedTuple):
    """A world with one phone in it, and whose it is."""

    world: World
    device: Device
    visitor: str


class _Step(NamedTuple):
    do: str
    act: Callable[[_Case], object]
    request: Callable[[Device], Request] | None = None


def _sync(reboot: bool) -> Callable[[_Case], object]:
    return lambda case: case.world.execute(c.SyncDevice(case.device.id, reboot))


def _relabel(case: _Case) -> None:
    """What the service desk does: every key that keeps an old name gets the present one."""
    pbx = case.world.pbx
    for key in pbx.pointing_at(case.device.id, BlfKey):
        if is_old(pbx, key):
            case.world.execute(c.UpdateBlfKey(key.id, label=None), c.SERVICE_DESK)


def _reset(case: _Case) -> None:
    phone = case.world.phones[case.device.mac]
    phone.factory_reset()
    bench.settled(case.world)
    phone.stage(case.device.id)
    if case.visitor:
        bench.settled(case.world)
        bench.again(case.world, case.device, case.visitor)


def _device(device: Device) -> Request:
    return "PATCH", path(device)


STEPS: dict[str, _Step] = {
    "check-sync": _Step("Send check-sync.", _sync(False), lambda device: ("POST", f"{path(device)}/sync")),
    "check-sync with a reboot": _Step(
        "Send check-sync with a reboot.", _sync(True), lambda device: ("POST", f"{path(device)}/sync")
    ),
    "log out and in": _Step(
        "Log out at the phone, and in again.", lambda case: bench.again(case.world, case.device, case.visitor)
    ),
    "power cycle": _Step(
        "Pull the phone's power, and give it back.",
        lambda case: case.world.phones[case.device.mac].power_cycle(),
        lambda device: ("POST", f"/api/v1/phones/{device.mac}/power"),
    ),
    "save": _Step("Save the device.", lambda case: case.world.execute(c.UpdateDevice(case.device.id)), _device),
    "service desk": _Step("Ask the service desk to change the keys' labels.", _relabel),
    "rename the device": _Step(
        "Clear the device's own name, which hides the user's.",
        lambda case: case.world.execute(c.UpdateDevice(case.device.id, name="")),
        _device,
    ),
    "factory reset": _Step(
        "Reset the phone to its factory settings, and stage it anew.",
        _reset,
        lambda device: ("POST", f"/api/v1/phones/{device.mac}/factory-reset"),
    ),
}

# The last steps of all ways, the cheapest first: what makes the phone take what the PBX says now.
_FETCHES = ("check-sync", "check-sync with a reboot", "log out and in", "power cycle")
_LAST = "factory reset"


def suggest(nature: Nature, state: WorldState, device: Device) -> Suggestion:
    """The cheapest way that brings every name on this device up to date."""
    look = Look(nature, state, device)
    goal = _goal(look)
    if look.phone is None:
        return _untried(look)
    if not _missing(look, goal):
        return Suggestion("", ("It shows the present names.",))
    trials: list[Trial] = []
    for way in _ways(look):
        world = bench.on_bench(nature, state, device)
        began = world.state.now
        case = _Case(world, device, look.visitor)
        try:
            for step in way:
                STEPS[step].act(case)
            rested = bench.settled(world)
        except PbxsimError:
            continue  # nothing that one can do here
        after = Look(world.nature, world.state, world.pbx.the(Device, device.id))
        worked = rested and not _missing(after, goal)
        trials.append(Trial(" + ".join(way), after.shown, worked))
        if worked:
            return _told(device, way, (world.state.now - began) / 1000, tuple(trials))
    return Suggestion("", ("Nothing that was tried brings the present names to this phone.",), tried=tuple(trials))


def _told(device: Device, way: tuple[str, ...], seconds: float | None, tried: tuple[Trial, ...]) -> Suggestion:
    steps = [STEPS[name] for name in way]
    requests = tuple(step.request(device) for step in steps if step.request is not None)
    if not tried:  # a phone that is not emulated: nobody pulls its cable by a request
        requests = tuple(request for request in requests if not request[1].startswith("/api/v1/phones/"))
    return Suggestion(" + ".join(way), tuple(step.do for step in steps), requests, seconds, tried)


def _untried(look: Look) -> Suggestion:
    """For a phone that nobody here can look at: what the server knows of it decides."""
    waits = {field.waits_for for field in look.fields} - {""}
    first = _first_steps(look)
    if not waits and not first:
        told = "fetched nothing yet" if look.made is None else "been told the present names"
        return Suggestion("", (f"It has {told}; what it shows is unknown.",))
    if "log-in" in waits:
        return _told(look.device, (*first, "log out and in"), None, ())
    if "save" in waits and "save" not in first:
        first = ("save", *first)
    bound = look.device.id in look.state.pbx.bindings
    return _told(look.device, (*first, "check-sync" if bound else "power cycle"), None, ())


def _goal(look: Look) -> dict[str, str | None]:
    """field -> what is to be seen there; at a phone at which nobody is logged in, no label."""
    pbx = look.state.pbx
    if not look.texts(look.present):
        return {LABEL: None}
    goal: dict[str, str | None] = {name: look.wanted(look.present, name) for name in look.texts(look.present)}
    for key in pbx.pointing_at(look.device.id, BlfKey):
        user = pbx.get(User, key.user)
        if is_old(pbx, key) and user is not None:
            goal[f"blf {key.position}"] = look.kind.vendor.clean(name_of(user))
    if _renames(look) and look.present.owner is not None:
        goal |= dict.fromkeys((LABEL, DISPLAY_NAME), look.kind.vendor.clean(look.present.owner.name))
    return goal


def _renames(look: Look) -> bool:
    """Is it the device's own name that stands where its owner's would?"""
    owner, name = look.present.owner, look.device.name.strip()
    shown = look.texts(look.present).get(LABEL)
    if not name or owner is None or not owner.name or look.kind.mode == "at_login":
        return False
    clean = look.kind.vendor.clean
    return shown == clean(name) != clean(owner.name)


def _missing(look: Look, goal: dict[str, str | None]) -> list[str]:
    """The fields that do not show what they should."""
    said = look.said or {}
    return [name for name, text in goal.items() if said.get(name) != text]


def _first_steps(look: Look) -> tuple[str, ...]:
    """What only the PBX's side can change."""
    pbx = look.state.pbx
    keys = any(is_old(pbx, key) for key in pbx.pointing_at(look.device.id, BlfKey))
    return ("service desk",) * keys + ("rename the device",) * _renames(look)


def _ways(look: Look) -> list[tuple[str, ...]]:
    """All ways that can be gone here, the cheapest first."""
    bound = look.device.id in look.state.pbx.bindings
    fetches = [
        name
        for name in (*_FETCHES, _LAST)
        if (bound or "check-sync" not in name) and (look.visitor or name != "log out and in")
    ]
    first = _first_steps(look)
    firsts = [first, ("save", *first)] if look.kind.mode == "at_save" and not first else [first]
    ways = [(*before, last) for before in firsts for last in fetches if last != _LAST]
    return [*ways, *((*before, _LAST) for before in firsts)]
