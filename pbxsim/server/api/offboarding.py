"""Off-boarding a user (X1): the plan with `?dry_run=true`, else as far as it goes here and now."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from time import monotonic

import msgspec

from pbxsim.core.offboarding import Wish
from pbxsim.core.steps import Step
from pbxsim.facade import offboarding
from pbxsim.facade.offboarding import Offboarded
from pbxsim.server import views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer
from pbxsim.world import World

ROUTES = (("POST", "/accounts/{account}/users/{user}/offboarding", "offboard"),)

PATIENCE = 5.0  # seconds that a real phone, or one on a real clock, has to sign off while somebody waits for the answer
LOOK_AGAIN = 0.02


async def offboard(call: Call) -> Answer:
    """Every command that can be carried out at once is, in one step; what is under way is waited for. The answer says
    what is done, and what is left for somebody, or for time."""
    user, wish = call.named("user"), await call.read(Wish)
    shown = {"user": user.id, "title": user.title}
    if call.dry_run:
        plan = offboarding.plan(call.world, call.actor, user.id, wish)
        return Answer(200, {**shown, "steps": _steps(plan.steps)})

    def go(world: World, before: Offboarded | None = None) -> Offboarded:
        return offboarding.offboard(world, call.actor, user.id, wish, before)

    result = await call.engine.write(call.hosted, go)
    end, until = monotonic() + PATIENCE, call.world.state.now + offboarding.PATIENCE
    while result.under_way and await _time_passes(call, end, until):
        result = await call.engine.write(call.hosted, partial(go, before=result))
    done, rest = _steps(result.done), _steps(result.rest)
    return Answer(200, {**shown, "finished": result.finished, "done": done, "rest": rest})


async def _time_passes(call: Call, end: float, until: int) -> bool:
    """Let something happen, by hand where the clock is virtual; False where nothing will, or it takes too long."""
    hosted, now = call.hosted, call.world.state.now
    if hosted.clock.mode == "real":
        await asyncio.sleep(LOOK_AGAIN)
        return monotonic() < end
    instant = call.world.next_instant
    if instant is None or instant > until:
        return False
    await call.engine.advance(hosted, timedelta(milliseconds=max(instant - now, 0)))
    return True


def _steps(steps: Sequence[Step]) -> list[views.Json]:
    return [_step(step) for step in steps]


def _step(step: Step) -> views.Json:
    """A step of a plan; its commands by name, with their values."""
    commands = [{"command": type(one).__name__, **msgspec.to_builtins(one)} for one in step.commands]
    return {
        "kind": step.kind,
        "text": step.text,
        "actor": None if step.actor is None else str(step.actor),
        "roles": step.roles,
        "until": None if step.until is None else views.iso(step.until),
        "device": step.device or None,
        "commands": commands,
    }
