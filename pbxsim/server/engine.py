"""The one writer: everything that happens in a hosted world happens here, on the event loop, one thing at a time.

A change is decided in memory at once. For main, whoever asked is answered, and the change is told to listeners, only
when it is in the file; a fork lives in memory and is answered at once. How main is written is `writer.py`'s business,
how time passes `pace.py`'s, how secrets come in `concealing.py`'s.
"""

from __future__ import annotations

import asyncio
import secrets as chance
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import time
from typing import Any, TypeVar

from pbxsim.core.commands import Actor, PowerPhone
from pbxsim.core.refusals import Fault, Invalid, Refused, Unavailable
from pbxsim.server.clock import Mode
from pbxsim.server.concealing import Concealer
from pbxsim.server.hub import Hub
from pbxsim.server.jobs import Workshop, running
from pbxsim.server.pace import SLICE, Pace
from pbxsim.server.tally import Tally
from pbxsim.server.webhooks import KIND as WEBHOOK
from pbxsim.server.webhooks import PLACE, Hooks
from pbxsim.server.worlds import MAIN, UNUSED, Hosted, Seeded, Worlds, nature
from pbxsim.server.writer import Writer
from pbxsim.store import Group, Header, Journal, Memory, Saved
from pbxsim.store.snapshot import Snapshot
from pbxsim.world import SETTLE_LIMIT, World, iso
from pbxsim.world.state import Nature, Record, WorldState
from provisioning.messages import Request, Response

T = TypeVar("T")
Seed = Callable[[World], None]

__all__ = ["Engine", "Hosted", "Hub", "Seed"]

_NOT_KEPT = frozenset({"screen", "call"})  # what is touched, and on no disk
POWERED = 50  # phones that are given power in one slice of a start
AHEAD = 60_000  # ms that what is restored may be ahead of a real clock: two machines' clocks differ
SWEPT = 60.0  # s between two looks for worlds that nobody uses, at most


class Engine:
    """Made by `open`. `main` is the durable world; `hub` tells what happens in all of them."""

    def __init__(
        self,
        journal: Journal | Memory,
        main: Hosted,
        saved: Saved,
        kept: dict[tuple[str, str], str],
        expiry: timedelta = UNUSED,
    ) -> None:
        self.main = main
        self.hub = Hub()
        self.leaving: list[Callable[[str], None]] = []  # called with a world's id when it ends or becomes another
        self._worlds = Worlds(expiry)
        self._pace = Pace(self._pass_on)
        self._concealer = Concealer()
        self._journal = journal
        self._host(main, saved.header.stream)
        self.tally = Tally()
        self._writer = Writer(journal, main, self.hub, kept, self._revive, self.tally)
        self.webhooks = Hooks(self.keep, self.kept(WEBHOOK), self.kept(PLACE))
        self._open = True
        self._workshop = Workshop(self.write)
        self._sweeper = asyncio.create_task(self._sweep_now_and_then(), name="sweeper")

    @classmethod
    async def open(
        cls,
        path: Path | None,
        *,
        origin: str,
        seed: Seed | None = None,
        clock: Mode = "real",
        rate: float = 0.0,
        expiry: timedelta = UNUSED,
    ) -> Engine:
        """Open main from a file, or make it of `seed` where there is none yet; without a path it lives in memory.

        `origin` is the scheme and host that phones fetch from. `clock` and `rate` are for a new world: an older one
        goes on as it was. A fork ends that nobody has used for `expiry`; zero keeps all. Raises FileRefused."""
        journal = Memory() if path is None else await Journal.open(path)
        try:
            saved = await journal.read() or await _new(journal, origin, seed, clock, rate)
            kept = await journal.kept()
        except BaseException:
            await journal.aclose()
            raise
        header, kind = saved.header, nature(bytes.fromhex(saved.header.key), origin)
        world = World.of(kind, saved.state)
        main = Hosted(MAIN, world, header.clock, header.rate, partial(_seeded, kind, seed), path is not None)
        engine = cls(journal, main, saved, kept, expiry)
        await engine._power(main, saved.plugged)
        engine._workshop.begin(main, running(main.world.pbx))
        return engine

    async def close(self) -> None:
        """Stop all clocks, write what is left, let go of the file."""
        self._open = False
        self._sweeper.cancel()
        await self._workshop.close()
        ticking = [hosted.ticking for hosted in self._worlds.all() if hosted.ticking is not None]
        for task in ticking:
            task.cancel()
        await asyncio.gather(*ticking, return_exceptions=True)
        await self._writer.close()
        await self._journal.aclose()
        self._concealer.close()

    @property
    def ready(self) -> bool:
        """Is main there? Not while it is read again after a failed commit, and not once the server stops."""
        return self._open and self._writer.sound

    @property
    def sound(self) -> bool:
        """Is all that main is in its file, or on its way? Not after a failed commit, until it has been read again."""
        return self._writer.sound

    async def writable(self) -> bool:
        """Is main there, and does its file take a commit now? What is tried changes nothing, and waits for its turn."""
        if not self.ready:
            return False
        try:
            await self._journal.probe()
        except Exception:  # whatever it is: the next change would meet it
            return False
        return self.ready

    # --- Worlds --------------------------------------------------------------------------------------------------

    def world(self, id_: str) -> Hosted:
        """The world of that id. Raises NotFound, or Gone with the reason for one that has been deleted or expired."""
        if id_ == MAIN:
            return self.main
        self._sweep()
        return self._worlds.get(id_)

    def peek(self, id_: str) -> Hosted | None:
        """The same, if it is hosted, and without using it."""
        return self.main if id_ == MAIN else self._worlds.peek(id_)

    @property
    def worlds(self) -> list[Hosted]:
        """All that are hosted now, main first."""
        self._sweep()
        return self._worlds.all()

    async def fork(self, source: Hosted, id_: str | None = None, empty: bool = False) -> Hosted:
        """A private world in memory that begins as `source` is now, or with nothing in it; its clock stands there.

        Raises Invalid for an id that is taken or none."""
        self._check(source)
        self._sweep()
        id_ = self._worlds.new_id(id_)
        self._pace.catch_up(source)
        state = WorldState(now=source.world.state.now) if empty else source.world.state
        if source is self.main and not self._writer.idle:
            await self._writer.committed()  # or the fork would know what never was
            id_ = self._worlds.new_id(id_)  # somebody may have taken it meanwhile
        kind = source.world.nature
        hosted = Hosted(id_, World.of(kind, state), "virtual", 0.0, lambda: (kind, state))
        self._host(hosted)
        self.webhooks.fork(source.id, id_, self.hub.last(id_))
        self._workshop.begin(hosted, () if empty else self._workshop.under_way(source))
        return hosted

    async def delete(self, id_: str) -> None:
        """End a world. Main cannot end: it is emptied."""
        hosted = self.world(id_)
        if hosted is self.main:
            await self.replace(hosted, WorldState(now=hosted.clock.target()), "it was emptied")
        else:
            self._end(id_, "has been deleted")

    async def reset(self, id_: str) -> None:
        """Return a world to its seed: main to the one given at open, a fork to what it was forked from."""
        hosted = self.world(id_)
        kind, state = await asyncio.to_thread(hosted.back)
        await self.replace(hosted, state, "it was reset", kind)

    async def frozen(self, hosted: Hosted) -> tuple[Header, WorldState]:
        """What a snapshot is made of: a world as it is now; of main nothing that is not in its file."""
        self._check(hosted)
        self._pace.catch_up(hosted)
        state, clock, key = hosted.world.state, hosted.clock, hosted.world.nature.key.hex()
        header = Header(key, state.now, state.last_id, state.recorded, clock.mode, clock.rate)
        if hosted is self.main and not self._writer.idle:
            await self._writer.committed()
        return header, state

    async def restore(self, id_: str, snapshot: Snapshot) -> Hosted:
        """Put what a snapshot says in the place of a world, or make a fork of that id where there is none. Its plugged
        phones boot, as after a power cut. Raises Invalid for one that is ahead of a world with a real clock."""
        header, kind = snapshot.header, self.main.world.nature
        there = id_ == MAIN or self._worlds.peek(id_) is not None
        if there:
            hosted = self.world(id_)
            if hosted.clock.mode == "real" and header.now > hosted.clock.target() + AHEAD:
                why = f"the snapshot stands at {iso(header.now)}, and this world follows the real clock"
                raise Invalid([Fault("", f"{why}; restore it into a fork, whose clock is virtual")])
            kind = hosted.world.nature
        if header.key:
            kind = nature(bytes.fromhex(header.key), kind.origin)
        if there:
            await self.replace(hosted, snapshot.state, "it was restored from a snapshot", kind)
        else:
            hosted = await self._found(id_, kind, snapshot.state)
        if hosted.clock.mode == "virtual":
            hosted.clock.set_rate(header.rate if header.clock == "virtual" else 0.0)
        await self._power(hosted, snapshot.plugged)
        await self._committed(hosted)
        return hosted

    def check_id(self, id_: str) -> None:
        """May a world have this id? Raises Invalid."""
        self._worlds.new_id(id_)

    async def _found(self, id_: str, kind: Nature, state: WorldState) -> Hosted:
        """A fork that begins with a state of its own, and returns to it."""
        self._check(self.main)
        self._sweep()
        hosted = Hosted(self._worlds.new_id(id_), World.of(kind, state), "virtual", 0.0, lambda: (kind, state))
        self._host(hosted)
        self._workshop.begin(hosted, running(state.pbx))
        return hosted

    async def replace(self, hosted: Hosted, state: WorldState, reason: str, kind: Nature | None = None) -> None:
        """Put another state in the place of a world's: it was reset, or restored from a snapshot. `kind` is the nature
        that its secrets are concealed by, where it is another one."""
        async with hosted.moving:
            self._check(hosted)
            self._leave(hosted.id)
            if kind is not None:
                hosted.settle_in(kind)
            hosted.world.state = state
            hosted.touched.clear()
            hosted.told = state.recorded
            hosted.clock.anchor()
            hosted.stirred.set()
            if hosted is self.main:
                self._writer.note_whole(reason)
                await self._writer.committed()
            else:
                self.hub.reset(hosted.id, state, reason)
            self._workshop.begin(hosted, running(state.pbx))

    # --- What happens in them --------------------------------------------------------------------------------------

    async def write(self, hosted: Hosted, work: Callable[[World], T]) -> T:
        """Run `work` in the world now: all of it or, if it raises, nothing. For main, returns when what it changed is
        in the file; raises Unavailable if it could not be put there, and then main is as the file says."""
        self._check(hosted)
        world = hosted.world
        self._pace.catch_up(hosted)
        before = world.state
        try:
            result = work(world)
        except BaseException:
            world.state = before
            raise
        hosted.stirred.set()
        if self._pass_on(hosted, soon=True):
            await self._committed(hosted)
        return result

    async def ask(
        self,
        hosted: Hosted,
        actor: Actor,
        type_: type[Any],
        values: Mapping[str, Any],
        check: Callable[[], None] = lambda: None,
    ) -> str:
        """Build a command from foreign values, conceal its secrets, and carry it out; the id it was about. `check` runs
        in the same step as the command, which concealing a password may have put off, and may raise."""
        try:
            command = await self._concealer.command(hosted.world.nature, type_, values)
        except Invalid as error:
            raise Invalid([*error.faults, *hosted.world.besides(type_, values, actor)]) from None

        def carry_out(world: World) -> str:
            check()
            return world.execute(command, actor)

        outcome = "failed"
        try:
            id_ = await self.write(hosted, carry_out)
            outcome = "done"
        except Refused:
            outcome = "refused"
            raise
        finally:
            self.tally.asked(type_.__name__, outcome)
        return id_

    def dry_run(self, hosted: Hosted, actor: Actor, type_: type[Any], values: Mapping[str, Any]) -> list[Record]:
        """The events that `ask` would cause; raises what it would raise. Nothing changes."""
        world = hosted.world.fork()
        world.advance_slice(hosted.clock.target(), SLICE)
        before = world.state.recorded
        world.acting_as(actor).ask(type_, values)
        return [world.state.history[number] for number in range(before + 1, world.state.recorded + 1)]

    async def verify(self, hosted: Hosted, typed: str, kept: str) -> bool:
        """Is a typed PIN or password the one that `kept` was made of? Does not hold up the loop."""
        return await self._concealer.verify(hosted.world.nature, typed, kept)

    async def verify_fully(self, hosted: Hosted, typed: str, kept: str) -> bool:
        """The same, at the same work whatever `kept` is, '' included: one scrypt."""
        return await self._concealer.verify_fully(hosted.world.nature, typed, kept)

    async def provision(self, hosted: Hosted, request: Request, origin: str) -> Response:
        """Answer a phone on the real network. `request.url` is the target as sent, `/w/<id>` included; `origin` the
        scheme and host as the phone sees them."""
        self._check(hosted)
        self._pace.catch_up(hosted)
        response = hosted.provision(request, origin)
        if hosted.touched:  # a log-in, an upload, a file that was frozen: few requests change anything
            hosted.stirred.set()
            if self._pass_on(hosted, soon=True):
                await self._committed(hosted)
        return response

    # --- Time ----------------------------------------------------------------------------------------------------

    async def advance(self, hosted: Hosted, by: timedelta) -> None:
        """Let time pass in a world, in slices. Raises Invalid on a real clock."""
        self._check(hosted)
        await self._pace.advance(hosted, by)
        await self._committed(hosted)

    async def settle(self, hosted: Hosted, limit: timedelta = SETTLE_LIMIT) -> None:
        """Until every message has landed and no phone is busy, in slices; raises NotSettled as `World.settle` does,
        and Invalid on a real clock."""
        self._check(hosted)
        await self._pace.settle(hosted, limit)
        await self._committed(hosted)

    async def set_rate(self, hosted: Hosted, rate: float) -> None:
        """How many seconds a second a virtual clock runs; 0 stands. Raises Invalid on a real clock."""
        self._check(hosted)
        self._pace.catch_up(hosted)
        hosted.clock.set_rate(rate)
        hosted.stirred.set()
        self._pace.tick(hosted)
        await self._committed(hosted)

    # --- What the server keeps for itself --------------------------------------------------------------------------

    def kept(self, kind: str) -> dict[str, str]:
        """What is kept of a kind (tokens, say), by key."""
        return {key: body for (of, key), body in self._writer.kept.items() if of == kind}

    async def keep(self, kind: str, key: str, body: str | None) -> None:
        """Keep a text beside main, in its file; None forgets it. No world knows of it, and no reset."""
        self._writer.keep(kind, key, body)
        await self._writer.committed()

    def forget(self, kind: str, key: str) -> None:
        """The same with the next group that is written, and nobody waits for it."""
        self._writer.keep(kind, key, None)

    # --- Inside ----------------------------------------------------------------------------------------------------

    def _host(self, hosted: Hosted, stream: int = 0) -> None:
        self._worlds.add(hosted)
        self.hub.open(hosted.id, hosted.world.state, stream)

    def _end(self, id_: str, reason: str) -> None:
        hosted = self._worlds.end(id_, reason)
        hosted.stirred.set()  # its clock's task ends by itself
        self.hub.close(id_)
        self.webhooks.drop(id_)
        self._leave(id_)

    def _leave(self, id_: str) -> None:
        """A world ends, or becomes another."""
        for leave in self.leaving:
            leave(id_)

    def _sweep(self) -> None:
        for id_ in self._worlds.unused():
            hosted = self._worlds.peek(id_)
            if self.hub.heard(id_) or (hosted is not None and hosted.moving.locked()):
                self._worlds.use(id_)  # somebody listens to its events, or waits for it to get somewhere
            else:
                self._end(id_, f"has expired: nobody used it for {told(self._worlds.expiry)}")

    async def _sweep_now_and_then(self) -> None:
        """On a server that nobody asks anything, too: a fork whose clock runs goes on for ever otherwise."""
        expiry = self._worlds.expiry.total_seconds()
        while expiry:
            await asyncio.sleep(min(SWEPT, expiry))
            self._sweep()

    def _check(self, hosted: Hosted) -> None:
        if not self._open:
            raise Unavailable("The server is stopping.")
        hosted.check()

    def _pass_on(self, hosted: Hosted, soon: bool = False) -> bool:
        """Tell what has happened in a world since the last time; is there something to wait for?"""
        state = hosted.world.state
        if not hosted.touched and state.recorded == hosted.told:
            return False
        touched = tuple(hosted.touched)
        hosted.touched.clear()
        news = state.recorded != hosted.told
        if news:
            self._begin_jobs(hosted, hosted.told)
            hosted.told = state.recorded
        screens = [key for kind, key in touched if kind in ("screen", "phone")]
        if screens:
            self.hub.show(hosted.id, screens)
        if hosted is self.main:
            rows = [key for key in touched if key[0] not in _NOT_KEPT]
            if rows or news:
                self._writer.note(rows, soon or news)
            return bool(rows or news)
        if news:
            self.hub.publish(hosted.id, state)
        return False

    def _begin_jobs(self, hosted: Hosted, after: int) -> None:
        """Who has confirmed a job sees it carried out."""
        history = hosted.world.state.history
        for number in range(max(after + 1, history.first), history.last + 1):
            event = history[number].event
            if event.kind == "job.confirmed":
                self._workshop.begin(hosted, [event.subject])

    async def _committed(self, hosted: Hosted) -> None:
        if hosted is self.main:
            await self._writer.committed()

    async def _revive(self, saved: Saved) -> None:
        """Put main back as its file says it, at once; and let it go on from there."""
        main = self.main
        main.world.state = saved.state
        if main.world.nature.key.hex() != saved.header.key:  # what could not be written was another world
            main.settle_in(nature(bytes.fromhex(saved.header.key), main.world.nature.origin))
        main.touched.clear()
        main.told = saved.state.recorded
        main.clock.rate = saved.header.rate
        main.clock.anchor()
        await self._power(main, saved.plugged)
        self._workshop.begin(main, running(main.world.pbx))

    async def _power(self, hosted: Hosted, plugged: tuple[str, ...]) -> None:
        """A world goes on as after a power cut: first what fell due meanwhile, then all plugged phones boot."""
        while not await self._pace.slice(hosted, hosted.clock.target()):
            pass
        for first in range(0, len(plugged), POWERED):
            for mac in plugged[first : first + POWERED]:
                if mac in hosted.world.state.phones:  # in a world that others see already it may have been taken away
                    hosted.world.execute(PowerPhone(mac, on=True))
            await self._pace.slice(hosted, hosted.world.state.now)
        self._pace.tick(hosted)


async def _new(journal: Journal | Memory, origin: str, seed: Seed | None, mode: Mode, rate: float) -> Saved:
    """Make main of its seed, and keep it."""
    key = chance.token_bytes(32)
    _, state = await asyncio.to_thread(_seeded, nature(key, origin), seed)
    header = Header(key.hex(), state.now, state.last_id, state.recorded, mode, rate)
    await journal.write(Group(header, state))
    return Saved(header, state, ())


def _seeded(kind: Nature, seed: Seed | None) -> Seeded:
    """A new world; its clock stands at the present."""
    world = World.of(kind, WorldState(now=int(time() * 1000)))
    if seed is not None:
        seed(world)
    return kind, world.state


def told(span: timedelta) -> str:
    """A time without use, in words: a day, 2 hours, 90 seconds."""
    seconds = span.total_seconds()
    if span == timedelta(days=1):
        return "a day"
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} seconds"
