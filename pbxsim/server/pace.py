"""How time passes in hosted worlds: in slices, one of all worlds' slices per turn of the event loop.

A world that runs by itself has a task that sleeps until its next instant, or until something was done to it by hand;
one that stands is moved by `advance` and `settle`. All three only call `World.advance_slice`. (One instant is played
whole, so a slice may exceed its time where very many phones do something in the same millisecond.)
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from pbxsim.core.refusals import Fault, Invalid, NotSettled
from pbxsim.server.worlds import Hosted
from pbxsim.world import instant_after

LOG = logging.getLogger("pbxsim.server")

SLICE = 0.004  # s
LOOK_AGAIN = 10.0  # s: a wall clock may be set while we sleep


class Pace:
    """`after` is called after each slice, to pass on what has happened in it."""

    def __init__(self, after: Callable[[Hosted], object]) -> None:
        self._after = after
        self._lane = asyncio.Lock()

    def catch_up(self, hosted: Hosted) -> None:
        """Bring a running world to where its clock is, so far as one slice gets. (What is left of the millisecond it
        already stands at comes with the next: very many requests fall into one.)"""
        if hosted.clock.runs and (target := hosted.clock.target()) > hosted.world.state.now:
            hosted.world.advance_slice(target, SLICE)
            self._after(hosted)

    async def slice(self, hosted: Hosted, end: int) -> bool:
        """Move a world on for one slice; has it got to `end`? Raises WorldGone."""
        async with self._lane:
            hosted.check()
            done = hosted.world.advance_slice(end, SLICE)
            self._after(hosted)
            await asyncio.sleep(0)  # with the lane held: the loop serves everybody else before the next slice
        return done

    async def advance(self, hosted: Hosted, by: timedelta) -> None:
        """Let so much time pass. Raises Invalid."""
        async with self._by_hand(hosted):
            end = instant_after(hosted.clock.target(), by)
            while not await self.slice(hosted, end):
                pass

    async def settle(self, hosted: Hosted, limit: timedelta) -> None:
        """Until every message has landed and no phone is busy. Raises Invalid, or NotSettled at the limit."""
        async with self._by_hand(hosted):
            world, end = hosted.world, instant_after(hosted.clock.target(), limit)
            while not world.settled:
                instant = world.next_instant
                if instant is None or instant > end:
                    await self.slice(hosted, end)
                    raise NotSettled(limit.total_seconds(), world.state.busy_with)
                await self.slice(hosted, instant)

    @asynccontextmanager
    async def _by_hand(self, hosted: Hosted) -> AsyncIterator[None]:
        if hosted.clock.mode == "real":
            remedy = "fork it (POST /api/v1/worlds) and ask as /w/<id>, or start a new world with --clock virtual"
            raise Invalid([Fault("", f"is not possible: this world follows the real clock; {remedy}")])
        async with hosted.moving:
            try:
                yield
            finally:
                hosted.clock.anchor()
                hosted.stirred.set()

    def tick(self, hosted: Hosted) -> None:
        """See to it that a world whose clock runs is kept at it."""
        if hosted.clock.runs and (hosted.ticking is None or hosted.ticking.done()):
            hosted.ticking = asyncio.create_task(self._keep_up(hosted), name=f"clock of {hosted.id}")
            hosted.ticking.add_done_callback(_report)

    async def _keep_up(self, hosted: Hosted) -> None:
        while hosted.clock.runs and not hosted.ended:
            hosted.stirred.clear()
            if not await self.slice(hosted, hosted.clock.target()):
                continue
            instant = hosted.world.next_instant
            wait = None if instant is None else hosted.clock.wait(instant)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN if wait is None else min(wait, LOOK_AGAIN)):
                    await hosted.stirred.wait()


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        LOG.error("%s has stopped", task.get_name(), exc_info=error)
