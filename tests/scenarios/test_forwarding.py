"""Calls that are passed on, to another user or to the outside; and what leads to a user or to nowhere."""

from __future__ import annotations

import pytest

from pbxsim.callflows import (
    dial,
    ring_group,
)
from tests.scenarios.callers import MOBILE, NUMBER, OUTSIDE, app_of, leads_to, person, said


def test_all_calls_are_forwarded_inside_or_outside(world, acme, john, mary):
    acme.users.update(john, forwarding={"always": "1003"})
    assert acme.call("1002").rings == (app_of(mary),)
    acme.users.update(john, forwarding={"always": "0411 111 111"})
    look = acme.call("1002")
    assert look.rings == (MOBILE,)
    assert f"outside {MOBILE}: rings outside" in said(look)
    call = acme.calls.place("1002", from_=OUTSIDE)
    call.answer(MOBILE)
    assert call.answered_by == MOBILE


def test_where_nobody_answers_outside_the_mailbox_does(world, acme, john):
    acme.users.update(john, forwarding={"always": MOBILE})
    call = acme.calls.place("1002")
    world.settle()
    assert call.outcome == "voicemail"


def test_unanswered_calls_are_forwarded_after_ringing(world, acme, john, mary):
    acme.users.update(john, forwarding={"no_answer": "1003"})
    call = acme.calls.place("1002")
    assert call.ringing == (app_of(john),)
    world.advance(seconds=20)
    assert call.ringing == (app_of(mary),)


def test_all_destinations_at_once(acme, john, mary):
    acme.users.update(john, forwarding={"also": ["1003", MOBILE, "1999"]})
    look = acme.call("1002")
    assert look.rings == (app_of(john), app_of(mary), MOBILE)
    assert "1999: cannot ring together" in said(look)


def test_forwarding_in_a_circle_ends_and_is_named(world, acme, john, mary):
    acme.users.update(john, forwarding={"always": "1003"})
    acme.users.update(mary, forwarding={"always": "1002"})
    look = acme.call("1002")
    assert (look.outcome, "1002 > 1003 > 1002" in look.cause) == ("nobody", True)
    call = acme.calls.place("1002")
    assert (call.state, call.outcome) == ("over", "nobody")


def test_ring_groups_ignore_forwarding_but_a_dial_does_not(acme, john, mary):
    acme.users.update(john, forwarding={"always": MOBILE})
    leads_to(acme, ring_group(john, mary))
    leads_to(acme, dial(john, mary), "+61255505678")
    assert acme.call(NUMBER).rings == (app_of(john), app_of(mary))
    assert acme.call("+61255505678").rings == (MOBILE, app_of(mary))


def test_a_node_of_one_user_forwards_and_goes_on_behind_it(world, acme, john, mary):
    acme.users.update(john, forwarding={"always": MOBILE})
    leads_to(acme, dial(john, then=dial(mary)))
    assert acme.call(NUMBER).rings == (MOBILE,)
    call = acme.calls.place(NUMBER)
    world.advance(seconds=30)
    assert call.ringing == (app_of(mary),)


def test_those_inside_can_call_outside(world, acme, john):
    assert acme.call(MOBILE).outcome == "nobody"
    assert acme.call(MOBILE, from_=john).rings == (MOBILE,)
    call = acme.calls.place("0411 111 111", from_="1002")
    world.settle()
    assert (call.outcome, call.cause) == ("nobody", f"outside {MOBILE}: nobody answers")


# --- Numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", ["netsapiens", "users-page"])
def test_a_number_may_lead_straight_to_a_user(world, platform):
    office = world.accounts.add("office", platform=platform)
    fields = {"email": "ann@example.com"} if platform == "users-page" else {}
    ann = person(office, "101", "Ann Lee", **fields)
    office.numbers.add(NUMBER, user=ann)
    assert office.call(NUMBER).rings == (app_of(ann),)
    assert office.call(NUMBER, answered=False).outcome == "voicemail"


def test_a_call_to_nowhere_is_a_call_too(world, acme):
    for to in ("1999", "+61299999999", "*11", "*", "no number"):
        assert acme.call(to).outcome == "nobody"
        assert acme.calls.place(to).outcome == "nobody"
    assert len(list(acme.cdrs)) == 5
