"""From options to a report: warm up if asked, play the storm in real or in virtual time, and see what came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from device_emulator.fleet import doors, report
from device_emulator.fleet.engine import Engine, Manners, Unit
from device_emulator.fleet.live import Manner, Storm, Watch
from device_emulator.fleet.plan import Plan, starts
from device_emulator.fleet.report import Report, Setting, WarmUp
from device_emulator.fleet.roster import Desk
from device_emulator.fleet.simulated import FOREVER, Queue, Server, play


class Options(Struct, frozen=True):
    """A storm to play. `server` is only for virtual time; `duration` None: until the last phone is done. `warm_up`: let
    every phone boot once before, as fast as the connections allow, which is in no figure."""

    url: str
    desks: Sequence[Desk]
    plan: Plan
    manners: Manners = Manners()
    manner: Manner = Manner()
    duration: float | None = None
    warm_up: bool = False
    allow_remote: bool = False
    server: Server | None = None


class Progress(Struct, frozen=True, gc=False):
    """How far it is. `rate` is answers in the last whole second."""

    stage: str
    seconds: float
    phones: int
    ready: int
    gave_up: int
    rate: int
    failures: int


Tell = Callable[[Progress], None]


def _progress(engine: Engine, stage: str, now: float) -> Progress:
    tally = engine.tally
    done = len(engine.units) - engine.under_way
    gave_up = tally.reasons.total()
    last = tally.cells.get(int(now) - 1)
    failures = tally.failures.total()
    return Progress(stage, now, len(engine.units), done - gave_up, gave_up, last.answered if last else 0, failures)


async def live(options: Options, stop: asyncio.Event, tell: Tell) -> Report:
    """Over sockets. `stop` ends it early, with the report so far. Raises `CannotStorm` before anything is sent."""
    targets = await doors.find(dict.fromkeys(desk.url for desk in options.desks), options.allow_remote)
    doors.make_room(options.manners.connections)
    storm = Storm(targets, options.manner)
    engine = storm.engine = Engine([Unit(desk) for desk in options.desks], options.manners, storm.carry)
    warmed: WarmUp | None = None
    try:
        if options.warm_up:
            _warm(engine)
            took, _ = await storm.run(None, stop, lambda now: tell(_progress(engine, "warming up", now)))
            warmed = _warmed(engine, took)
        if stop.is_set():
            engine.reset([], options.plan.pattern)
            return report.build(engine, _setting(options), 0.0, "interrupted", Watch(), warmed)
        _begin(engine, options)
        took, _ = await storm.run(options.duration, stop, lambda now: tell(_progress(engine, "storm", now)))
        outcome = "complete" if engine.over else "interrupted" if stop.is_set() else "out of time"
        return report.build(engine, _setting(options), took, outcome, storm.watch, warmed)
    finally:
        await storm.close()


def simulate(options: Options, tell: Tell, stopped: Callable[[], bool] = lambda: False) -> Report:
    """In virtual time. `stopped` is asked now and then."""
    model = options.server or Server()
    queue: Queue
    engine = Engine([Unit(desk) for desk in options.desks], options.manners, lambda ask, now: queue.arrive(ask, now))
    warmed: WarmUp | None = None
    if options.warm_up:
        queue = Queue(Server(rate=FOREVER, workers=1, size=model.size), engine.answered)
        _warm(engine)
        took = play(engine, queue, FOREVER, stopped, lambda now: tell(_progress(engine, "warming up", now)))
        warmed = _warmed(engine, took)
    queue = Queue(model, engine.answered)
    _begin(engine, options)
    until = FOREVER if options.duration is None else options.duration
    took = play(engine, queue, until, stopped, lambda now: tell(_progress(engine, "storm", now)))
    outcome = "complete" if engine.over else "interrupted" if stopped() else "out of time"
    return report.build(engine, _setting(options), took, outcome, None, warmed)


def _warm(engine: Engine) -> None:
    engine.manners = replace(engine.manners, skip_waits=True)
    engine.reset([0.0] * len(engine.units), "power-cut")


def _warmed(engine: Engine, took: float) -> WarmUp:
    states = Counter(unit.state for unit in engine.units)
    return WarmUp(states["ready"], len(engine.units) - states["ready"], round(took, 3))


def _begin(engine: Engine, options: Options) -> None:
    engine.manners = options.manners
    engine.reset(starts(options.plan, len(engine.units)), options.plan.pattern)


def _setting(options: Options) -> Setting:
    models = Counter(desk.model.name for desk in options.desks)
    model = options.server
    told = None
    if model is not None:
        told = {"rate": model.rate, "workers": model.workers, "backlog": model.backlog, "varying": float(model.varying)}
    return Setting(
        url=options.url,
        simulated=model is not None,
        models=dict(sorted(models.items())),
        plan=options.plan,
        manners=options.manners,
        keep_alive=options.manner.keep_alive,
        timeout=options.manner.timeout,
        duration=options.duration,
        server=told,
    )
