"""Yealink: when it looks for a configuration by itself, and by whose clock."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from device_emulator import models
from device_emulator.firmware import yealink_trigger_facts as known
from device_emulator.phone import new
from tests.device_emulator.desk import World, yealink
from tests.device_emulator.facts.proofs import proves
from tests.device_emulator.facts.yealinks import BOOT, COMMON, DAY, HOUR, MINUTE, RUN, common, runs, there

AUTO = "static.auto_provision."
WEEKLY = (f"{AUTO}weekly.enable = 1", "local_time.time_zone = 0")
FLEXIBLE = (f"{AUTO}flexible.enable = 1", "local_time.time_zone = 0")


def next_run(desk: World, days: int = 8) -> str:
    """When (UTC) the next run begins: `Thu 02 00:00`."""
    before = len(desk.seen)
    desk.advance(days * DAY)
    at = next(seen.at for seen in desk.seen[before:] if seen.path == BOOT)
    return f"{datetime.fromtimestamp(at / 1000, UTC):%a %d %H:%M}"


@proves(known.POWER_ON)
def each_boot_is_a_run_unless_the_settings_say_no() -> None:
    desk = yealink()
    assert desk.fetched(desk.plug_in) == RUN
    common(desk, f"{AUTO}power_on = 0")
    desk.check_sync()
    assert desk.fetched(desk.power_cycle) == []
    assert (desk.phone.registered, desk.phone.screen.label) == (True, "Bob")
    assert desk.fetched(desk.check_sync) == RUN


@proves(known.REPEAT)
def it_does_not_look_by_itself() -> None:
    desk = there()
    assert runs(desk, lambda: desk.advance(3 * DAY)) == 0


@proves(known.REPEAT_MINUTES)
def it_looks_once_a_day_or_as_often_as_it_is_told() -> None:
    desk = there(f"{AUTO}repeat.enable = 1")
    assert runs(desk, lambda: desk.advance(DAY - MINUTE)) == 0
    assert runs(desk, lambda: desk.advance(2 * MINUTE)) == 1
    common(desk, f"{AUTO}repeat.minutes = 30")
    desk.check_sync()
    assert runs(desk, lambda: desk.advance(2 * HOUR)) == 4


@proves(known.WEEKLY)
def a_day_of_the_week_alone_means_nothing() -> None:
    desk = there(f"{AUTO}weekly.dayofweek = 0123456")
    assert runs(desk, lambda: desk.advance(8 * DAY)) == 0


@proves(known.WEEKLY_DAYS, known.WEEKLY_BEGIN)
def each_day_at_midnight_or_when_it_is_told() -> None:
    desk = there(*WEEKLY)  # it is Wednesday, 1 January 2025
    assert next_run(desk) == "Thu 02 00:00"
    desk = there(*WEEKLY, f"{AUTO}weekly.dayofweek = 06", f"{AUTO}weekly.begin_time = 03:30")
    assert next_run(desk, 4) == "Sat 04 03:30"
    assert next_run(desk, 1) == "Sun 05 03:30"
    assert next_run(desk, 7) == "Sat 11 03:30"


@proves(known.WEEKLY_WEEKS)
def each_week_or_as_many_weeks_apart_as_it_is_told() -> None:
    sundays = (*WEEKLY, f"{AUTO}weekly.dayofweek = 0")

    def apart(*lines: str) -> set[int]:
        desk = there(*sundays, *lines)
        desk.advance(60 * DAY)
        times = [seen.at for seen in desk.seen if seen.path == BOOT][1:]
        return {later - earlier for earlier, later in pairwise(times)}

    assert apart() == {7 * DAY * 1000}
    assert apart(f"{AUTO}weekly_upgrade_interval = 3") == {21 * DAY * 1000}


@proves(known.INACTIVE)
def it_looks_in_the_middle_of_somebodys_work_or_waits_until_he_is_gone() -> None:
    def after_a_key(desk: World) -> list[int]:
        desk.advance(59 * MINUTE)
        desk.press("linekey1")
        return [runs(desk, lambda: desk.advance(2 * MINUTE)), runs(desk, lambda: desk.advance(20 * MINUTE))]

    hourly = (f"{AUTO}repeat.enable = 1", f"{AUTO}repeat.minutes = 60")
    assert after_a_key(there(*hourly)) == [1, 0]
    assert after_a_key(there(*hourly, f"{AUTO}inactivity_time_expire = 15")) == [0, 1]


@proves(known.FLEXIBLE)
def an_interval_alone_means_nothing() -> None:
    desk = there(f"{AUTO}flexible.interval = 1")
    assert runs(desk, lambda: desk.advance(3 * DAY)) == 0


@proves(known.FLEXIBLE_BEGIN, known.FLEXIBLE_INTERVAL)
def one_day_in_thirty_at_two_or_as_it_is_told() -> None:
    desk = there(*FLEXIBLE)
    first = next_run(desk, 31)
    assert first.endswith("02:00")
    times = [seen.at for seen in desk.seen if seen.path == BOOT]
    desk.advance(60 * DAY)
    times = [seen.at for seen in desk.seen if seen.path == BOOT][1:]
    assert {later - earlier for earlier, later in pairwise(times)} == {30 * DAY * 1000}
    common(desk, f"{AUTO}flexible.interval = 2", f"{AUTO}flexible.begin_time = 04:00")
    desk.check_sync()
    assert runs(desk, lambda: desk.advance(20 * DAY)) == 10
    assert next_run(desk).endswith("04:00")


@proves(known.SPREAD)
def in_a_window_each_phone_has_its_own_minute_and_keeps_it() -> None:
    minutes = []
    for mac in ("805ec0112233", "805ec0112234", "805ec0112235"):
        desk = there(*WEEKLY, f"{AUTO}weekly.begin_time = 23:00", f"{AUTO}weekly.end_time = 02:00")
        spare = World(new(models.find("yealink-t46s"), mac))
        spare.stage()
        spare.files = desk.files | {BOOT.replace("805ec0112233", mac): desk.files[BOOT]}
        spare.plug_in()
        for _ in range(3):
            spare.advance(DAY)
        times = [seen.at for seen in spare.seen if seen.path == COMMON][1:]
        assert {later - earlier for earlier, later in pairwise(times)} <= {DAY * 1000}
        at = datetime.fromtimestamp(times[0] / 1000, UTC)
        minutes.append((at.hour * 60 + at.minute + 60) % 1440)
    assert all(0 <= minute <= 180 for minute in minutes)
    assert len(set(minutes)) == 3


@proves(known.NOW)
def the_menu_starts_a_run() -> None:
    desk = there()
    assert desk.fetched(lambda: desk.press("Auto Provision Now")) == RUN


@proves(known.FORCE)
def an_action_uri_waits_for_the_end_of_a_call() -> None:
    control = ("features.action_uri_limit_ip = any", "features.show_action_uri_option = 0")
    desk = there(*control)
    desk.ring()
    desk.press("Answer")
    assert desk.fetched(lambda: desk.control("key=AutoP")) == []
    assert desk.fetched(lambda: desk.press("End call")) == RUN
    desk = there(*control, "features.action_uri_force_autop = 1")
    desk.ring()
    desk.press("Answer")
    assert desk.fetched(lambda: desk.control("key=AutoP")) == RUN
    assert desk.phone.in_call


# ---- its clock


@proves(known.TIME_ZONE)
def its_clock_is_eight_hours_ahead_until_it_is_told_where_it_is() -> None:
    assert next_run(there(WEEKLY[0])) == "Wed 01 16:00"
    assert next_run(there(WEEKLY[0], "local_time.time_zone = -3:30")) == "Wed 01 03:30"


def summer(*lines: str) -> World:
    """A phone that looks each noon, on 28 March 2025."""
    desk = yealink()
    desk.now += 86 * DAY * 1000
    common(desk, *WEEKLY, f"{AUTO}weekly.begin_time = 12:00", *lines)
    desk.plug_in()
    return desk


BY_DATE = ("local_time.start_time = 03/01/02", "local_time.end_time = 10/31/02")


@proves(known.SUMMER_TIME)
def without_being_told_it_goes_by_no_summer_time_of_the_settings() -> None:
    assert next_run(summer(*BY_DATE)) == "Fri 28 12:00"


@proves(known.DST_MINUTES, known.DST_BY_WEEK)
def in_summer_its_clock_is_an_hour_ahead() -> None:
    assert next_run(summer(*BY_DATE, "local_time.summer_time = 1")) == "Fri 28 11:00"
    assert next_run(summer(*BY_DATE, "local_time.summer_time = 1", "local_time.offset_time = 30")) == "Fri 28 11:30"


@proves(known.DST_MONDAY)
def summer_time_may_begin_on_the_last_sunday_of_march() -> None:
    weeks = ("local_time.start_time = 3/5/7/2", "local_time.end_time = 10/5/7/3")
    desk = summer("local_time.summer_time = 1", "local_time.dst_time_type = 1", *weeks)
    assert next_run(desk, 1) == "Fri 28 12:00"
    assert next_run(desk, 1) == "Sat 29 12:00"
    assert next_run(desk, 1) == "Sun 30 11:00"
