"""One phone on a workbench: a fork of the world with this phone alone, to try things on.

The others would play along (their registrations fall due while time passes), and change nothing about what this one
shows. On the bench whoever logs in at a phone is believed: nobody here knows his PIN.
"""

from __future__ import annotations

from msgspec import structs

from pbxsim.core.entities import Device
from pbxsim.core.refusals import NotReady, NotSettled
from pbxsim.world import World
from pbxsim.world.state import Nature, WorldState


def _believed(typed: str, kept: str) -> bool:
    return True


def on_bench(nature: Nature, state: WorldState, device: Device) -> World:
    """A world in which nothing happens but what this device's phone does."""
    return World.of(structs.replace(nature, verify=_believed, planned={}), state.alone(device))


def restarted(world: World, device: Device, visitor: str) -> None:
    """Power off, power on; whoever was logged in (by extension; '' for nobody) logs out and in again."""
    phone = world.phones[device.mac]
    phone.power_cycle()
    settled(world)
    if visitor:
        again(world, device, visitor)


def again(world: World, device: Device, visitor: str) -> None:
    """Log out, and in again."""
    phone = world.phones[device.mac]
    try:
        phone.log_out()
        settled(world)
    except NotReady:
        pass  # nobody is logged in there (any more): the prompt is up, or it has none
    try:
        phone.log_in(visitor, "0000")
        settled(world)
    except NotReady:
        pass


def settled(world: World) -> bool:
    """Until nothing goes on; False for a phone that never comes to rest."""
    try:
        world.settle()
    except NotSettled:
        return False
    return True
