"""Who the phones are and when they start: known before anything is sent, and told in words where it is wrong."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from device_emulator import models
from device_emulator.fleet.plan import BadPlan, Plan, starts
from device_emulator.fleet.roster import BadRoster, Defaults, counted, mix, read, shares
from device_emulator.fleet.tally import Durations

T46S, A6867 = models.find("yealink-t46s"), models.find("aastra-6867i")
DEFAULTS = Defaults("http://me:word@h/p", ((T46S, 1),))


def test_a_power_cut_spreads_its_phones_evenly_over_the_ramp() -> None:
    found = starts(Plan(ramp=10), 1000)
    assert found == starts(Plan(ramp=10), 1000)
    assert found != starts(Plan(ramp=10, seed=2), 1000)
    assert sorted(found) == [pytest.approx(number / 100) for number in range(1000)]
    assert found != sorted(found), "which phone is first is chance"


def test_a_rolling_restart_keeps_its_rate_and_order() -> None:
    assert starts(Plan("rolling", rate=20), 4) == [0, 0.05, 0.1, pytest.approx(0.15)]


def test_jitter_makes_late_and_never_early() -> None:
    plain, late = starts(Plan("check-sync", ramp=5), 500), starts(Plan("check-sync", ramp=5, jitter=2), 500)
    delays = [after - before for before, after in zip(plain, late, strict=True)]
    assert all(0 <= delay < 2 for delay in delays)
    assert sum(delays) / 500 == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(
    "bad",
    [{"pattern": "flood"}, {"ramp": -1}, {"jitter": 1e9}, {"ramp": float("nan")}, {"pattern": "rolling", "rate": 0}],
)
def test_a_plan_that_is_none(bad: dict[str, object]) -> None:
    with pytest.raises(BadPlan):
        Plan(**bad)  # type: ignore[arg-type]


def test_a_mix_is_dealt_to_the_phone() -> None:
    dealt = shares(mix("yealink-t46s:70, aastra-6867i:30"), 1001, random.Random(1))
    assert Counter(dealt) == {T46S: 701, A6867: 300}
    assert mix("yealink-t46s") == ((T46S, 1),)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no model"),
        ("nokia-3310", "no phone model"),
        ("yealink-t46s:0", "above 0"),
        ("yealink-t46s:x", "whole number"),
        ("yealink-t46s:1,yealink-t46s:2", "twice"),
    ],
)
def test_a_mix_that_is_none(text: str, why: str) -> None:
    with pytest.raises(BadRoster, match=why):
        mix(text)


def test_phones_are_counted_up_from_a_first_mac() -> None:
    desks = counted("80:5E:C0:00:00:FE", 3, DEFAULTS, 1)
    assert [desk.mac for desk in desks] == ["805ec00000fe", "805ec00000ff", "805ec0000100"]
    assert (desks[0].url, desks[0].user, desks[0].password) == ("http://h/p/", "me", "word")


@pytest.mark.parametrize(
    ("first", "count", "why"), [("80:5e", 1, "12 hexa"), ("ffffffffffff", 2, "begin lower"), ("0" * 12, 0, "1 to")]
)
def test_what_cannot_be_counted(first: str, count: int, why: str) -> None:
    with pytest.raises(BadRoster, match=why):
        counted(first, count, DEFAULTS, 1)


def test_a_file_says_what_it_knows_and_leaves_the_rest() -> None:
    text = "\ufeffMAC,user,password,model,url\n# the office\n00:08:5d:16:10:de,u,p,aastra-6867i,http://other/x\n\n80-5e-c0-11-22-33\n"
    first, second = read(text.splitlines(True), DEFAULTS, 1)
    assert (first.mac, first.model, first.user, first.password, first.url) == (
        "00085d1610de",
        A6867,
        "u",
        "p",
        "http://other/x/",
    )
    assert (second.mac, second.model, second.user, second.url) == ("805ec0112233", T46S, "me", "http://h/p/")
    assert len(read(["805ec0112233\n", "805ec0112234,yealink-t46s\n"], DEFAULTS, 1, limit=1)) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no phone in it"),
        ("mac,colour\n805ec0112233,red\n", "'colour'"),
        ("805ec0112233\nxyz\n", "line 2: 'xyz' is not a MAC"),
        ("805ec0112233\n80:5e:c0:11:22:33\n", "line 2: .* in line 1 already"),
        ("805ec0112233,nokia\n", "line 1: There is no phone model"),
        ("805ec0112233,,,,ftp\n", "line 1: 'ftp' is not the address"),
        ("805ec0112233,,,,,,\n", "only 5"),
        ('805ec0112233,,"a\rb\n', "line"),
        ("805ec0112233,,a\x00b,\n", "line 1"),
        ("x\n" * 30, "and 20 more"),
    ],
)
def test_a_file_that_cannot_be_used(text: str, why: str) -> None:
    with pytest.raises(BadRoster, match=why):
        read(text.splitlines(True), DEFAULTS, 1)


def test_percentiles_are_exact_to_a_bucket() -> None:
    chance = random.Random(1)
    values = sorted(chance.lognormvariate(-4, 2) for _ in range(10_000))
    found = Durations()
    for value in chance.sample(values, len(values)):
        found.add(value)
    for percent in (1, 50, 90, 99, 99.9, 100):
        true = values[max(0, -(-len(values) * percent // 100).__trunc__() - 1)] if percent != 99.9 else values[9989]
        assert true <= found.at(percent) <= true * 1.0111
    assert found.at(100) == found.top == values[-1]
    assert found.mean == pytest.approx(sum(values) / 10_000)
    halves = Durations(), Durations()
    for number, value in enumerate(values):
        halves[number % 2].add(value)
    halves[0].merge(halves[1])
    assert halves[0].buckets == found.buckets
    assert Durations().at(99) == 0
