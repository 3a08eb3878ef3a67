"""Carrying out an off-boarding plan (X1): step by step, as far as it goes here and now.

Every command goes through `execute`, as whoever carries it out. A factory reset takes its time on the wire: whoever
drives the world lets it pass and goes on. Whoever comes back later, after a wait or when somebody has done his part,
asks for a new plan: it holds what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from pbxsim.core import offboarding
from pbxsim.core.entities import Device
from pbxsim.core.offboarding import Asked, Plan, Wish, listed
from pbxsim.core.refusals import PbxsimError
from pbxsim.core.steps import Step

if TYPE_CHECKING:
    from pbxsim.core.commands import Actor
    from pbxsim.world import World

PATIENCE = 600_000  # ms: as long as `settle` waits for phones


class Offboarded(Struct, frozen=True):
    """How far it went: `rest` begins with the step that could not be done here and now; () when the user is gone.

    `under_way`: what the next step needs is on its way already (a phone signs off, or boots)."""

    done: tuple[Step, ...]
    rest: tuple[Step, ...]
    under_way: bool = False

    @property
    def finished(self) -> bool:
        """Is the user gone?"""
        return not self.rest

    def __str__(self) -> str:
        lines = ["Done:", *(listed(self.done) or ["  nothing"])]
        return "\n".join([*lines, *(["Still to be done:", *listed(self.rest)] if self.rest else [])])


def plan(world: World, actor: Actor, user: str, wish: Wish) -> Plan:
    """The plan for a user (id), as that actor would carry it out in this world now."""
    nature, now, asked = world.nature, world.state.now, Asked(user, wish, actor)
    return offboarding.plan(world.pbx, nature.platforms, now, asked, world.hardware)


def carry_out(world: World, steps: Sequence[Step], done: tuple[Step, ...] = ()) -> Offboarded:
    """Do what can be done at once; `done` is what has been done before."""
    for place, step in enumerate(steps):
        rest = tuple(steps[place:])
        if step.kind != "phone" and any(one.kind == "phone" and _registered(world, one) for one in done):
            return Offboarded(done, rest, under_way=True)
        if step.kind == "phone" and _registered(world, step):
            hardware = world.hardware(world.pbx.the(Device, step.device))
            if hardware != "ready":
                return Offboarded(done, rest, under_way=hardware == "busy")
            _do(world, step)
        elif step.kind == "command":
            _do(world, step)
        elif step.kind in ("wait", "human") and not (step.device and not _registered(world, step)):
            return Offboarded(done, rest)
        done = (*done, step)
    return Offboarded(done, ())


def offboard(world: World, actor: Actor, user: str, wish: Wish, before: Offboarded | None = None) -> Offboarded:
    """Plan, and do what can be done at once. `before` is how far it went until something was under way: meanwhile other
    things may have happened (another phone of his has come up), so it is planned anew. Where that has become
    impossible, because a number is to be decided about only now, it ends there."""
    try:
        steps = plan(world, actor, user, wish).steps
    except PbxsimError:
        if before is None:
            raise
        return structs.replace(before, under_way=False)
    return carry_out(world, steps, before.done if before else ())


def drive(world: World, actor: Actor, user: str, wish: Wish) -> Offboarded:
    """Carry out a plan, and let time pass for what is under way."""
    result, until = offboard(world, actor, user, wish), world.state.now + PATIENCE
    while result.under_way:
        instant = world.next_instant
        if instant is None or instant > until:
            break
        world.advance_slice(instant, 0.0)
        result = offboard(world, actor, user, wish, result)
    return result


def _registered(world: World, step: Step) -> bool:
    """Is the device that a step is about still registered?"""
    return step.device in world.pbx.bindings


def _do(world: World, step: Step) -> None:
    assert step.actor is not None, "somebody does what is done here"
    for command in step.commands:
        world.execute(command, step.actor)
