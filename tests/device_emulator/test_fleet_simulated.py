"""A storm in virtual time obeys the laws of queues, and is the same each time."""

from __future__ import annotations

import random
import time
from typing import Any

import msgspec
import pytest

from device_emulator.fleet import page, report, roster, run, words
from device_emulator.fleet.engine import Ask, Manners, Unit
from device_emulator.fleet.plan import Plan
from device_emulator.fleet.simulated import Queue, Server
from device_emulator.messages import HttpReply, HttpRequest

URL = "http://simulated.invalid/"


def play(phones: int, plan: Plan, server: Server, models: str = "aastra-6867i", **options: Any) -> report.Report:
    manners = {name: options.pop(name) for name in Manners.__struct_fields__ if name in options}
    desks = roster.counted("805ec0000000", phones, roster.Defaults(URL, roster.mix(models)), 1)
    asked = run.Options(URL, desks, plan, Manners(**manners), server=server, **options)
    return run.simulate(asked, lambda progress: None)


def test_the_same_seed_gives_the_same_report_to_the_byte() -> None:
    plan = Plan(ramp=5, jitter=2, seed=7)
    once, again, other = (
        msgspec.json.encode(play(300, plan, Server(50, 2, 100, True, seed=seed), "yealink-t46s:1,aastra-6867i:1"))
        for seed in (7, 7, 8)
    )
    assert once == again != other


def test_ten_thousand_phones_take_seconds() -> None:
    began = time.perf_counter()
    told = play(10_000, Plan(), Server(rate=2000), "yealink-t46s:70,aastra-6867i:30")
    assert told.phones.ready == 10_000
    assert time.perf_counter() - began < 30, "a loaded machine; alone it takes two"


def test_an_overloaded_server_works_without_a_pause_until_the_last_phone_is_ready() -> None:
    told = play(500, Plan(ramp=0), Server(rate=100, workers=4), connections=10_000)
    boot = told.phones.boot
    requests = told.requests.answers
    first = told.seconds - requests / 100
    assert requests == told.requests.planned
    assert told.phones.last_ready == told.seconds
    assert first == pytest.approx(boot.max - requests / 100)
    assert told.requests.per_second == pytest.approx(100, rel=0.03)
    assert max(row.answered for row in told.series) <= 101


def test_a_server_that_is_fast_enough_makes_nobody_wait() -> None:
    """D/D/1 below its capacity: each request takes its service time, from planned as well."""
    told = play(100, Plan("rolling", rate=10), Server(rate=100, workers=1))
    for latency in (told.service, told.from_planned):
        assert latency.max == pytest.approx(0.01, abs=1e-6)
        assert latency.mean == pytest.approx(0.01, abs=1e-6)
    assert told.phones.boot.max - 4 * 0.01 == pytest.approx(told.phones.boot.p50 - 4 * 0.01, abs=0.2)


@pytest.mark.parametrize("load", [0.5, 0.8])
@pytest.mark.parametrize("varying", [False, True])
def test_the_queue_obeys_the_formula(load: float, varying: bool) -> None:
    """Poisson arrivals at one worker: the mean wait is load / (1 - load) service times, half of it where they do not
    vary (Pollaczek and Khinchine)."""
    chance = random.Random(3)
    unit = Unit(roster.counted("805ec0000000", 1, roster.Defaults(URL, roster.mix("yealink-t46s")), 1)[0])
    waits: list[float] = []

    def done(ask: Ask, reply: HttpReply, now: float) -> None:
        waits.append(now - ask.sent)

    queue, now = Queue(Server(1, 1, varying=varying), done), 0.0
    for _ in range(60_000):
        now += chance.expovariate(load)
        while queue.due <= now:
            queue.finish()
        queue.arrive(Ask(unit, HttpRequest(1, "GET", URL), now), now)
    expected = 1 + load / (1 - load) * (1 if varying else 0.5)
    assert sum(waits) / len(waits) == pytest.approx(expected, rel=0.08)
    assert queue.busy / now == pytest.approx(load, rel=0.03)


def test_littles_law() -> None:
    """What is under way on average is the rate times how long each takes."""
    told = play(2000, Plan(ramp=30, jitter=5), Server(rate=400, workers=8, varying=True), connections=10_000)
    under_way = told.requests.answers * told.service.mean / told.seconds
    assert under_way <= told.requests.in_flight_peak
    assert under_way == pytest.approx(told.requests.answers / told.seconds * told.from_planned.mean, rel=1e-3)


def test_a_full_backlog_answers_503_and_back_off_brings_the_phones_in() -> None:
    server = Server(rate=100, workers=1, backlog=20)
    firm = play(200, Plan(ramp=1), server, retries=0)
    assert firm.phones.gave_up > 100
    assert firm.requests.failures == {"503": firm.phones.gave_up}
    patient = play(200, Plan(ramp=1), server, retries=20)
    assert patient.phones.ready == 200
    assert patient.requests.again == patient.requests.failures["503"]


def test_phones_wait_as_their_firmware_does_unless_they_are_told_not_to() -> None:
    fast = Server(rate=1e6, workers=100)
    kept = play(5, Plan(ramp=0), fast, "yealink-t46s")
    skipped = play(5, Plan(ramp=0), fast, "yealink-t46s", skip_waits=True)
    assert kept.requests.answers == skipped.requests.answers == 40
    assert kept.phones.boot.p50 > 20, "its boot, and four pauses of five seconds between tries"
    assert skipped.phones.boot.max < 0.1


def test_a_check_sync_in_virtual_time() -> None:
    told = play(50, Plan("check-sync", ramp=1), Server(), "yealink-t46s", warm_up=True)
    assert told.warm_up == report.WarmUp(50, 0, told.warm_up.seconds if told.warm_up else 0)
    assert (told.phones.ready, told.phones.reboots) == (50, 0)


def test_it_can_be_stopped() -> None:
    desks = roster.counted("805ec0000000", 500, roster.Defaults(URL, roster.mix("yealink-t46s")), 1)
    told = run.simulate(run.Options(URL, desks, Plan(), server=Server()), lambda progress: None, lambda: True)
    assert told.outcome == "interrupted"
    assert told.phones.unfinished == 500
    assert "the report so far" in words.text(told)
    assert "never" in page.page(told)
    out = play(100, Plan(ramp=10), Server(), duration=5)
    assert (out.outcome, out.seconds) == ("out of time", 5)


def test_a_long_storm_is_drawn_in_few_columns_and_loses_nothing() -> None:
    told = play(200, Plan("rolling", rate=0.2), Server())
    rows, width = page.thinned(told.series)
    assert len(told.series) > 900
    assert len(rows) <= page.COLUMNS
    assert sum(row.answered for row in rows) == told.requests.answers
    assert rows[-1].ready == 200
    assert f"mean of {width} seconds" in page.page(told)
