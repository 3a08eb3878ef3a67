"""What a storm has shown, as one value: numbers, the seconds they came from, and whether the generator was the limit.

Durations are seconds, sizes bytes, rates per second. `from_planned` counts from the instant at which a phone would
have sent the request, so a server that stalls is charged for all who wait (no coordinated omission); `service` counts
from the first byte that was really sent. Where `lower_bounds` is true the server can do more than the rates say.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from device_emulator.fleet.engine import Engine, Manners
from device_emulator.fleet.live import OWN_FAULTS, Watch
from device_emulator.fleet.plan import Plan
from device_emulator.fleet.tally import Cell, Durations

SLIP = 0.05  # of the schedule's length
LAG = 0.05  # s
FULL = 0.95  # of a core
FULL_SECONDS = 0.05  # of the seconds with load
CURVE = (0, 10, 20, 30, 40, 50, 60, 70, 80, 85, 90, 92.5, 95, 97, 98, 99, 99.5, 99.8, 99.9, 99.95, 99.99, 100)


class Latency(Struct, frozen=True, rename={"p99_9": "p99.9"}):
    """Percentiles, exact to 1.1 %; `max` and `mean` exactly. `curve`: (percentile, seconds)."""

    count: int
    mean: float
    p50: float
    p90: float
    p99: float
    p99_9: float
    max: float
    curve: tuple[tuple[float, float], ...] = ()


class Phones(Struct, frozen=True):
    """How the fleet fared. `last_ready` is when the last phone was ready, from the beginning of the storm; `boot` how
    long one took from its start until it was ready; `reasons` why some gave up. `reboots` are those of the phones' own
    making."""

    total: int
    started: int
    ready: int
    gave_up: int
    unfinished: int
    last_ready: float
    ready_per_second: float
    ready_per_second_peak: int
    reboots: int
    boot: Latency
    reasons: dict[str, int]


class Requests(Struct, frozen=True):
    """What was asked. `per_second` is the mean between the first planned request and the last answer; `again` those
    that were sent again after a back-off; `held` those that waited for one of the `connections`, and how long."""

    planned: int
    answers: int
    failed: int
    again: int
    per_second: float
    per_second_peak: int
    in_flight_peak: int
    body_bytes: int
    statuses: dict[str, int]
    failures: dict[str, int]
    held: Latency


class Check(Struct, frozen=True):
    """One look at the generator: `value` above `limit` means that it was the limit."""

    name: str
    value: float
    limit: float
    text: str

    @property
    def exceeded(self) -> bool:
        """Was the generator the limit here?"""
        return self.value > self.limit


class Generator(Struct, frozen=True):
    """Was the generator, not the server, the limit? `exceeded` names the checks that say so."""

    limited: bool
    exceeded: tuple[str, ...]
    checks: tuple[Check, ...]
    reopened: int


class Second(Struct, frozen=True):
    """One second. Latencies are of the requests planned for it; phones are so far."""

    second: int
    powered: int
    ready: int
    gave_up: int
    planned: int
    sent: int
    answered: int
    failed: int
    bytes: int
    in_flight: int
    holding: int
    service_p50: float
    service_p99: float
    planned_p50: float
    planned_p99: float
    cpu: float | None = None


class Setting(Struct, frozen=True):
    """What was asked for."""

    url: str
    simulated: bool
    models: dict[str, int]
    plan: Plan
    manners: Manners
    keep_alive: bool
    timeout: float
    duration: float | None
    server: dict[str, float] | None = None


class WarmUp(Struct, frozen=True):
    """The boots before the storm, which are in none of its figures."""

    ready: int
    gave_up: int
    seconds: float


class Report(Struct, frozen=True):
    """Everything. `outcome`: complete, out of time (--duration), or interrupted."""

    outcome: str
    lower_bounds: bool
    seconds: float
    setting: Setting
    phones: Phones
    requests: Requests
    service: Latency
    from_planned: Latency
    generator: Generator
    warm_up: WarmUp | None
    series: tuple[Second, ...]


def build(
    engine: Engine, setting: Setting, took: float, outcome: str, watch: Watch | None, warm_up: WarmUp | None
) -> Report:
    """The report of what an engine has counted; `watch` None: virtual time, where no generator is late."""
    tally = engine.tally
    service, planned = tally.total()
    cells = sorted(tally.cells.items())
    generator = _generator(engine, watch, cells)
    first = next((second for second, cell in cells if cell.planned), 0)
    length = tally.last_answer - first
    states = [unit.state for unit in engine.units]
    ready, gave_up = states.count("ready"), states.count("gave-up")
    started = sum(cell.powered for _, cell in cells)
    begun = min((unit.began for unit in engine.units if unit.state == "ready"), default=0.0)
    phones = Phones(
        total=len(states),
        started=started,
        ready=ready,
        gave_up=gave_up,
        unfinished=len(states) - ready - gave_up,
        last_ready=_s(tally.last_ready),
        ready_per_second=_rate(ready, tally.last_ready - begun),
        ready_per_second_peak=max((cell.ready for _, cell in cells), default=0),
        reboots=tally.reboots,
        boot=latency(tally.boots),
        reasons=dict(tally.reasons.most_common(20)),
    )
    requests = Requests(
        planned=tally.requests,
        answers=tally.answers,
        failed=sum(cell.failed for _, cell in cells),
        again=tally.again,
        per_second=_rate(tally.answers, length),
        per_second_peak=max((cell.answered for _, cell in cells), default=0),
        in_flight_peak=max((cell.in_flight for _, cell in cells), default=0),
        body_bytes=tally.body_bytes,
        statuses={str(status): count for status, count in sorted(tally.statuses.items())},
        failures=dict(sorted(tally.failures.items(), key=lambda row: (-row[1], row[0]))),
        held=latency(tally.held),
    )
    return Report(
        outcome=outcome,
        lower_bounds=generator.limited,
        seconds=_s(took),
        setting=setting,
        phones=phones,
        requests=requests,
        service=latency(service, True),
        from_planned=latency(planned, True),
        generator=generator,
        warm_up=warm_up,
        series=tuple(_series(cells, watch)),
    )


def latency(durations: Durations, curve: bool = False) -> Latency:
    """The percentiles of a histogram."""
    p50, p90, p99, p999 = (_s(value) for value in durations.curve((50, 90, 99, 99.9)))
    points = tuple(zip(CURVE, map(_s, durations.curve(CURVE)), strict=True)) if curve and durations.count else ()
    return Latency(durations.count, _s(durations.mean), p50, p90, p99, p999, _s(durations.top), points)


def _generator(engine: Engine, watch: Watch | None, cells: Sequence[tuple[int, Cell]]) -> Generator:
    if watch is None:
        return Generator(False, (), (), 0)
    tally = engine.tally
    span = max(1.0, tally.last_due - (tally.first_due or 0.0))
    slip = tally.lateness.at(99)
    lag = watch.lag.at(99)
    loaded = {second for second, cell in cells if cell.sent or cell.answered}
    cores = [share for at, share in watch.cores if loaded & {int(at), max(0, int(at) - 1)}]
    full = sum(share >= FULL for share in cores)
    faults = sum(tally.failures[fault] for fault in OWN_FAULTS)
    checks = (
        Check(
            "schedule",
            _s(slip / span),
            SLIP,
            f"99 % of what was due at an instant began within {1000 * slip:.1f} ms of it, "
            f"{slip / span:.1%} of a schedule of {span:.1f} s",
        ),
        Check("event loop", _s(lag), LAG, f"99 % of the time the event loop was at most {1000 * lag:.1f} ms late"),
        Check(
            "processor",
            _s(full / len(cores)) if cores else 0.0,
            FULL_SECONDS,
            f"in {full} of {len(cores)} seconds with load this process used {FULL:.0%} of a core or more "
            f"(the most: {max(cores, default=0):.0%})",
        ),
        Check("ports and files", faults, 0, f"{faults} requests failed because this machine had no port or file left"),
    )
    exceeded = tuple(check.name for check in checks if check.exceeded)
    return Generator(bool(exceeded), exceeded, checks, watch.reopened)


def _series(cells: Sequence[tuple[int, Cell]], watch: Watch | None) -> list[Second]:
    if not cells:
        return []
    cores = {max(0, round(at) - 1): share for at, share in watch.cores} if watch is not None else {}
    table = dict(cells)
    rows = []
    powered = ready = gave_up = 0
    for second in range(cells[-1][0] + 1):
        cell = table.get(second) or Cell()
        powered, ready, gave_up = powered + cell.powered, ready + cell.ready, gave_up + cell.gave_up
        (s50, s99), (p50, p99) = cell.service.curve((50, 99)), cell.planned_from.curve((50, 99))
        cpu = round(cores[second], 3) if second in cores else None
        rows.append(
            Second(
                second,
                powered,
                ready,
                gave_up,
                cell.planned,
                cell.sent,
                cell.answered,
                cell.failed,
                cell.received,
                cell.in_flight,
                cell.holding,
                _s(s50),
                _s(s99),
                _s(p50),
                _s(p99),
                cpu,
            )
        )
    return rows


def _rate(count: int, seconds: float) -> float:
    """Of less than a tenth of a second nothing can be said but the count."""
    return round(count / seconds, 2) if seconds >= 0.1 else float(count)


def _s(seconds: float) -> float:
    """Microseconds are enough."""
    return round(seconds, 6)
