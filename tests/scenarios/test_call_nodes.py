"""What each node does with a call: menus, dial by name, business hours, announcements, transfers, mailboxes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pbxsim.callflows import (
    announcement,
    dial,
    dial_by_name,
    hang_up,
    hours,
    menu,
    opening,
    transfer,
    voicemail,
)
from tests.scenarios.callers import NUMBER, OUTSIDE, app_of, last, leads_to, person, said


@pytest.fixture
def front_door(acme, john, mary):
    keys = {"1": dial(john), "2": dial(mary)}
    return leads_to(acme, announcement("Hello", then=menu(keys, text="1 for John, 2 for Mary", then=hang_up())))


def test_each_key_of_a_menu_leads_somewhere(world, acme, front_door, john, mary):
    assert acme.call(NUMBER, digits="1").rings == (app_of(john),)
    assert acme.call(NUMBER, digits="2").rings == (app_of(mary),)
    assert "presses 9, which leads nowhere" in said(acme.call(NUMBER, digits="9"))
    assert "presses no key for 10 s" in said(acme.call(NUMBER))
    call = acme.calls.place(NUMBER)
    assert call.state == "playing"
    world.settle()  # an announcement ends by itself; a caller who is asked for a key may stand there
    assert call.state == "prompting"
    call.press("2")
    assert call.ringing == (app_of(mary),)


def test_a_caller_who_presses_nothing_in_time(world, acme, front_door):
    call = acme.calls.place(NUMBER)
    world.advance(seconds=5 + 9)
    assert call.state == "prompting"
    world.advance(seconds=1)
    assert (call.state, call.outcome) == ("over", "hang-up")


def test_keys_pressed_ahead_are_kept_for_the_menu(world, acme, front_door, john):
    call = acme.calls.place(NUMBER)
    call.press("1")
    world.advance(seconds=5)
    assert call.ringing == (app_of(john),)
    assert acme.calls.place(NUMBER, digits="2").state == "playing"


def test_dial_by_name(world, acme, john, mary):
    """U3: the last name by default, or the first."""
    smithers = person(acme, "1004", "Wayland Smithers")
    leads_to(acme, dial_by_name(then=voicemail(john)))
    leads_to(acme, dial_by_name(match="first", then=hang_up()), "+61255505678")
    assert acme.call(NUMBER, digits="566").rings == (app_of(mary),)  # JON
    assert acme.call(NUMBER, digits="764843").rings == (app_of(smithers),)  # SMITHE
    look = acme.call(NUMBER, digits="7648")  # SMIT
    assert look.outcome == "voicemail"
    assert "may stand for 1002 John Smith, 1004 Wayland Smithers" in said(look)
    assert "is nobody's last name" in said(acme.call(NUMBER, digits="999"))
    assert "fewer than 3 letters" in said(acme.call(NUMBER, digits="7#"))
    assert acme.call("+61255505678", digits="564").rings == (app_of(john),)  # JOH
    call = acme.calls.place(NUMBER)
    for digit in "76484":
        call.press(digit)
        assert call.state == "prompting"
    call.press("3")
    assert call.ringing == (app_of(smithers),)


def until(world, year, month, day, hour, minute=0):
    """Let time pass until then (UTC)."""
    left = datetime(year, month, day, hour, minute, tzinfo=UTC) - world.now
    while left:  # a server advances ten years at a time
        step = min(left, timedelta(days=3000))
        world.advance(seconds=step.total_seconds())
        left -= step


def test_business_hours_follow_the_clock_on_the_wall(world, acme, john):
    """Sydney's clocks go back at 3:00 on 1 April 2040: nine o'clock comes an hour later by UTC."""
    open_ = opening("09:00", "17:00", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
    leads_to(acme, hours(open_, open=dial(john), holidays=["2040-01-02"], then=voicemail(john)))
    until(world, 2040, 1, 2, 0)
    assert "mon 2040-01-02 11:00 in Australia/Sydney: closed, a holiday" in said(acme.call(NUMBER))
    for month, day, hour, minute, outcome in [
        (1, 3, 5, 59, "rings"),  # 16:59
        (1, 3, 6, 0, "voicemail"),  # 17:00
        (1, 3, 21, 59, "voicemail"),  # 08:59
        (1, 3, 22, 0, "rings"),  # 09:00
        (3, 30, 22, 0, "rings"),  # the last nine o'clock of summer time
        (3, 31, 22, 0, "voicemail"),  # 08:00
        (3, 31, 23, 0, "rings"),  # 09:00
    ]:
        until(world, 2040, month, day, hour, minute)
        assert acme.call(NUMBER).outcome == outcome, (month, day, hour, minute)
    assert "sun 2040-04-01 09:00" in said(acme.call(NUMBER))


def test_until_midnight_and_from_midnight_on(world, acme, john):
    late = [opening("22:00", "24:00", "wed"), opening("00:00", "06:00", "thu")]
    leads_to(acme, hours(*late, open=dial(john), then=hang_up()))
    for day, hour, outcome in [(3, 10, "hang-up"), (4, 11, "rings"), (4, 18, "rings"), (4, 19, "hang-up")]:
        until(world, 2040, 1, day, hour)  # 4 January is a Wednesday; Sydney is 11 hours ahead
        assert acme.call(NUMBER).outcome == outcome, (day, hour)


def test_an_announcement_without_a_next_node_ends_the_call(world, acme):
    leads_to(acme, announcement("This number is no longer in use", seconds=4))
    assert acme.call(NUMBER).outcome == "hang-up"
    call = acme.calls.place(NUMBER)
    world.settle()
    assert call.outcome == "hang-up"


def test_a_transfer_goes_on_in_the_other_callflow(acme, john):
    sales = acme.callflows.add("Sales", dial(john))
    leads_to(acme, transfer(sales))
    assert acme.calls.place(NUMBER).ringing == (app_of(john),)


def test_a_message_goes_into_the_mailbox_with_its_length(world, acme, john):
    leads_to(acme, voicemail(john))
    acme.calls.place(NUMBER, from_=OUTSIDE)
    world.advance(seconds=7)
    next(iter(acme.calls)).hang_up()
    assert last(acme).outcome == "voicemail"
    acme.calls.place(NUMBER, from_=OUTSIDE).hang_up()  # before he has said anything
    assert last(acme).outcome == "abandoned"
