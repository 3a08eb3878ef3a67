"""Jobs that run: the server gives each user of a running job his turn, one commit a turn, and serves others between.

Nothing is kept here that the world does not say: a job that runs in a world that is opened, forked or restored goes on
where it stands. A turn is asked in the name of whoever began the job, or of the service desk once he is gone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from pbxsim.core.commands import OPERATOR, SERVICE_DESK, Actor, StepJob
from pbxsim.core.entities import Job
from pbxsim.core.refusals import Forbidden, Gone, NotFound, Refused, Unavailable
from pbxsim.core.state import State
from pbxsim.server.worlds import Hosted
from pbxsim.world import World

LOG = logging.getLogger("pbxsim.server")

AGAIN = 0.5  # s: main cannot be written just now
Write = Callable[[Hosted, Callable[[World], str]], Awaitable[str]]


def running(state: State) -> list[str]:
    """The jobs of all accounts that are under way."""
    return [job.id for account in state.accounts for job in state.listed(account, Job) if job.status == "running"]


class Workshop:
    """`write` is the engine's: it returns when the turn is in the file."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    def begin(self, hosted: Hosted, jobs: Iterable[str]) -> None:
        """See to it that these jobs are carried out; who is at it already stays at it."""
        for job in jobs:
            key = (hosted.id, job)
            if key not in self._tasks:
                task = self._tasks[key] = asyncio.create_task(self._carry_out(hosted, job), name=f"job {job}")
                task.add_done_callback(lambda task, key=key: self._ended(key, task))  # type: ignore[misc]

    def under_way(self, hosted: Hosted) -> list[str]:
        """The jobs of a world that are being carried out."""
        return [job for world, job in self._tasks if world == hosted.id]

    async def close(self) -> None:
        """Stop behind the present turns; the world says how far each job is."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _carry_out(self, hosted: Hosted, id_: str) -> None:
        while True:
            job = hosted.world.pbx.get(Job, id_)
            if job is None or job.status != "running" or hosted.ended:
                return
            try:
                await self._turn(hosted, job)
            except Unavailable:  # main is being read again: then its file says how far the job is
                await asyncio.sleep(AGAIN)
            except Gone:  # the world
                return
            await asyncio.sleep(0)

    async def _turn(self, hosted: Hosted, job: Job) -> None:
        def turn(actor: Actor) -> Callable[[World], str]:
            return lambda world: world.execute(StepJob(job.id), actor)

        try:
            await self._write(hosted, turn(_actor(job.by)))
        except (Forbidden, NotFound):  # he has gone, or may no longer
            await self._write(hosted, turn(SERVICE_DESK))
        except Refused:  # cancelled meanwhile
            return

    def _ended(self, key: tuple[str, str], task: asyncio.Task[None]) -> None:
        del self._tasks[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            LOG.error("%s has stopped", task.get_name(), exc_info=error)


def _actor(by: str) -> Actor:
    kind, _, user = by.partition(" ")
    return Actor("user", user) if user else SERVICE_DESK if kind == SERVICE_DESK.kind else OPERATOR
