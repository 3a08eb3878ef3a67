"""Calls: who rings and for how long, who answers, and the record that is left. A look and a live call are one reading
of the same nodes; where it matters both are asked."""

from __future__ import annotations

import pytest

from pbxsim import Invalid, NotFound, Refused
from pbxsim.callflows import (
    ring_group,
    voicemail,
)
from tests.scenarios.callers import MOBILE, NUMBER, OUTSIDE, YEALINK, app_of, last, leads_to, person, said


def test_an_extension_rings_as_long_as_its_user_wants_and_then_takes_a_message(world, acme, john):
    acme.users.update(john, ring_seconds="4 rings")
    began = world.now
    call = acme.calls.place("1002", from_=OUTSIDE)
    assert (call.state, call.ringing) == ("ringing", (app_of(john),))
    world.advance(seconds=23)
    assert call.state == "ringing"
    world.advance(seconds=1)
    assert call.state == "recording"
    world.settle()
    assert (call.state, call.outcome) == ("over", "voicemail")
    assert (world.now - began).total_seconds() == 34
    assert [step.at for step in call.trace] == ["extension", "voicemail"]


def test_without_voicemail_it_reaches_nobody_and_says_why(world, acme, john):
    acme.users.update(john, voicemail=False)
    assert "voicemail is off" in acme.call("1002", answered=False).cause
    call = acme.calls.place("1002")
    world.settle()
    assert (call.outcome, call.cause) == ("nobody", "extension 1002 John Smith: nobody answers, and voicemail is off")


def test_a_call_is_answered_and_leaves_a_record_that_survives_both(world, acme, john, mary):
    """J10: with the names of its moment."""
    call = acme.calls.place("1002", from_=mary)
    world.advance(seconds=3)
    call.answer()
    assert (call.state, call.answered_by) == ("talking", "1002 John Smith")
    world.settle()  # two who talk are idle
    world.advance(minutes=2)
    call.hang_up()
    acme.users.log_out_app(john)
    acme.users.delete(john)
    record = last(acme)
    assert (record.caller, record.name, record.to) == ("1003", "Mary Jones", "1002")
    assert (record.outcome, record.answered_by, record.seconds) == ("answered", "1002 John Smith", 120)
    assert [step.at for step in record.steps] == ["extension", "answer"]
    assert list(acme.calls) == []


def test_records_are_listed_newest_first(world, acme, john):
    for number in (OUTSIDE, MOBILE):
        acme.calls.place("1002", from_=number)
        world.settle()
    assert [record.caller for record in acme.cdrs] == [MOBILE, OUTSIDE]


def test_a_caller_who_hangs_up_before_has_abandoned_the_call(world, acme, john):
    call = acme.calls.place("1002")
    world.advance(seconds=5)
    call.hang_up()
    assert (call.outcome, call.cause) == ("abandoned", "the caller hung up: ringing")
    world.settle()


@pytest.mark.parametrize("seconds", [20, "4 rings"])
def test_a_team_rings_in_turn_each_for_its_time(world, acme, john, mary, seconds):
    leads_to(acme, ring_group(john, mary, strategy="in-turn", seconds=seconds, then=voicemail(john)))
    each = 24 if seconds == "4 rings" else 20
    call = acme.calls.place(NUMBER)
    assert call.ringing == (app_of(john),)
    world.advance(seconds=each)
    assert call.ringing == (app_of(mary),)
    world.advance(seconds=each)
    assert call.state == "recording"
    assert acme.call(NUMBER).rings == (app_of(john),)


def test_a_team_rings_all_at_once(acme, john, mary):
    leads_to(acme, ring_group(john, mary))
    call = acme.calls.place(NUMBER)
    assert set(call.ringing) == {app_of(john), app_of(mary)} == set(acme.call(NUMBER).rings)
    call.answer(mary)
    assert (call.ringing, call.answered_by) == ((), "1003 Mary Jones")


def test_who_does_not_want_to_be_disturbed_is_not_rung(acme, john, mary):
    acme.users.update(john, dnd=True)
    leads_to(acme, ring_group(john, mary))
    look = acme.call(NUMBER)
    assert look.rings == (app_of(mary),)
    assert "1002 John Smith: does not want to be disturbed" in said(look)
    assert acme.call("1002").outcome == "voicemail"


def test_whoever_is_in_a_call_is_busy(world, acme, john, mary):
    call = acme.calls.place("1002", from_=OUTSIDE)
    call.answer()
    look = acme.call("1002")
    assert (look.outcome, look.rings) == ("voicemail", ())
    assert "busy 1002 John Smith: is in a call" in said(look)
    acme.users.update(john, forwarding={"busy": "1003"})
    assert acme.call("1002").rings == (app_of(mary),)
    call.hang_up()
    assert acme.call("1002").rings == (app_of(john),)


def test_whoever_calls_himself_is_busy(acme, john):
    assert acme.calls.place("1002", from_=john).state == "recording"


def test_a_phone_that_rejects_is_busy_and_nobody_else_rings(world, acme):
    anna = person(acme, "1004", "Anna Lee", app=False, forwarding={"busy": MOBILE})
    phone = world.phones.add(acme.devices.add(model="yealink-t46s", mac=YEALINK, owner=anna))
    phone.power_on()
    world.settle()
    call = acme.calls.place("1004")
    world.advance(seconds=1)
    phone.press("Reject")
    world.advance(seconds=1)
    assert call.ringing == (MOBILE,)


# --- What is refused ------------------------------------------------------------------------------------------------


def test_only_what_rings_can_be_answered(world, acme, john, mary):
    leads_to(acme, ring_group(john, mary))
    call = acme.calls.place(NUMBER)
    with pytest.raises(Refused, match="rings in several places"):
        call.answer()
    with pytest.raises(Refused, match="cannot be answered at 1999"):
        call.answer("1999")
    call.answer("1002")
    with pytest.raises(Refused, match="does not ring, it is talking"):
        call.answer("1002")
    call.hang_up()
    for verb in (call.answer, call.hang_up, lambda: call.press("1")):
        with pytest.raises(NotFound):
            verb()


@pytest.mark.parametrize("fields", [{"from_": "1999"}, {"from_": "nobody"}, {"digits": "12a"}, {"digits": "1" * 65}])
def test_a_caller_must_be_somebody_and_press_keys(acme, john, fields):
    with pytest.raises(Invalid):
        acme.calls.place("1002", **fields)
    assert list(acme.calls) == []


def test_calls_of_an_account_go_with_it(world, acme, john):
    acme.calls.place("1002")
    world.accounts.delete(acme)
    world.settle()
