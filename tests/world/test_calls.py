"""Live calls in a world: they are part of the value, and what is on the wire follows from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pbxsim import SERVICE_DESK, NotSettled, World
from pbxsim.callflows import announcement, hang_up, hot_desk, hours, menu, opening, queue, ring_group
from pbxsim.core.calls import LiveCall

MACS = ("80:5e:c0:00:00:01", "80:5e:c0:00:00:02", "80:5e:c0:00:00:03")
NUMBER = "+61255501234"


@pytest.fixture
def office():
    """Three people with a phone each, and an account."""
    world = World(seed=1)
    acme = world.accounts.add("acme", platform="jet")
    for serial, mac in enumerate(MACS, 1):
        user = acme.users.add(f"100{serial}", first_name="User", last_name=str(serial), voicemail_pin="4711")
        world.phones.add(acme.devices.add(model="yealink-t46s", mac=mac, owner=user)).power_on()
    world.settle()
    return world, acme, [world.phones[mac] for mac in MACS]


def wire(world, seconds=1.0):
    """Let time pass; the SIP messages that were on the wire meanwhile, in order: (method or status, phone)."""
    seen, end = [], world.state.now + int(seconds * 1000)
    known = set()
    while world.state.now < end:
        for _, sequence, _, mac, message in world.state.in_flight:
            if sequence not in known and getattr(message, "call", ""):
                known.add(sequence)
                seen.append((getattr(message, "method", None) or message.status, mac[-1]))
        world.advance(seconds=0.001)
    return seen


def test_whoever_answers_first_has_the_call_and_the_others_are_cancelled(office):
    world, acme, phones = office
    acme.numbers.add(NUMBER, callflow=acme.callflows.add("Team", ring_group("1001", "1002")))
    acme.calls.place(NUMBER, from_="+61400000000")
    assert wire(world) == [("INVITE", "1"), ("INVITE", "2"), (180, "1"), (180, "2")]
    phones[0].answer()
    assert wire(world) == [(200, "1"), ("CANCEL", "2"), (200, "2"), (487, "2")]
    phones[0].hang_up()
    assert wire(world) == [("BYE", "1"), (200, "1")]  # and nobody tells him what he knows
    assert not world.pbx.calls


def test_two_who_answer_in_the_same_moment(office):
    """The second has lost: his phone is told that the call is over."""
    world, acme, phones = office
    acme.numbers.add(NUMBER, callflow=acme.callflows.add("Team", ring_group("1001", "1002")))
    call = acme.calls.place(NUMBER)
    world.advance(seconds=1)
    phones[1].answer()
    phones[0].answer()
    world.advance(seconds=1)
    assert call.answered_by == "1002 User 2"
    assert phones[1].screen.call.state == "talking"
    assert phones[0].screen.call is None


def test_a_call_from_phone_to_phone_and_who_hangs_up(office):
    world, acme, phones = office
    for ends in (0, 1):
        phones[0].dial("1002")
        assert wire(world)[:4] == [("INVITE", "1"), ("INVITE", "2"), (180, "1"), (180, "2")]
        phones[1].answer()
        assert wire(world) == [(200, "2"), (200, "1")]
        phones[ends].hang_up()
        one, other = ("1", "2") if ends == 0 else ("2", "1")
        assert wire(world) == [("BYE", one), (200, one), ("BYE", other), (200, other)]
        assert all(phone.screen.call is None for phone in phones)
    assert [record.outcome for record in acme.cdrs] == ["answered", "answered"]


@pytest.mark.parametrize("strategy", ["round-robin", "longest-idle"])
def test_a_fork_goes_on_exactly_as_its_origin(office, strategy):
    world, acme, _ = office
    sales = acme.queues.add("Sales", members=list(acme.users), strategy=strategy)
    for user in acme.users:
        acme.queues.log_in(sales, user)
    acme.numbers.add(NUMBER, callflow=acme.callflows.add("Wait", queue(sales)))
    for _ in range(2):
        call = acme.calls.place(NUMBER)
        call.answer()
        world.advance(minutes=1)
        call.hang_up()
    waiting = acme.calls.place(NUMBER)
    world.advance(seconds=20)
    twin = world.fork()
    for one in (world, twin):
        one.advance(seconds=200)
    assert world.state == twin.state
    assert waiting.ringing == twin.accounts["acme"].calls[waiting.id].ringing
    twin.advance(minutes=5)
    assert waiting.state == "waiting", "what happens in the fork stays there"


def test_who_is_busy_is_named(office):
    world, acme, _ = office
    call = acme.calls.place("1001")
    with pytest.raises(NotSettled, match=rf"call {call.id} to 1001 \(ringing\)"):
        world.settle(limit=timedelta(seconds=5))
    world.settle()
    assert call.outcome == "voicemail"


def test_a_deadline_that_has_moved_comes_again(office):
    """Keys give the caller more time: the old deadline finds nothing to do."""
    world, acme, phones = office
    piston = world.accounts.add("voxco", platform="piston")
    anna = piston.users.add("204", voicemail_pin="4711")
    device = piston.devices.add(model="yealink-t46s", mac="80:5e:c0:00:00:09", owner=anna)
    call = piston.calls.place("*11", from_=device)
    for key in "204#":
        world.advance(seconds=6)
        call.press(key)
    assert call.state == "serving"
    world.advance(seconds=9)
    assert call.state == "serving"
    world.advance(seconds=1)
    assert (call.state, call.outcome) == ("over", "served")


def test_a_pin_is_in_no_event(office):
    world, _, _ = office
    piston = world.accounts.add("voxco", platform="piston")
    anna = piston.users.add("204", voicemail_pin="4711")
    device = piston.devices.add(model="yealink-t46s", mac="80:5e:c0:00:00:09", owner=anna)
    call = piston.calls.place("*11", from_=device)
    assert isinstance(call.snapshot(), LiveCall)
    call.press("204#4711#")
    assert call.outcome == "served"
    assert all("4711" not in str(record.event.detail) for record in world.history)
    assert "4711" not in str(call.snapshot())


@pytest.mark.parametrize("gone", ["device", "login", "account"])
@pytest.mark.parametrize("answered", ["at the phone", "by whoever says so"])
def test_a_phone_that_is_gone_from_the_pbx_hears_that_the_call_is_over(office, gone, answered):
    """A dialog goes on at the phone that has answered, registered or not: or it would talk for ever."""
    world, acme, phones = office
    phones[0].dial("1002")
    world.advance(seconds=1)
    if answered == "at the phone":
        phones[1].answer()
    else:
        next(iter(acme.calls)).answer("1002")
    world.advance(seconds=1)
    device = acme.devices[MACS[1]]
    if gone == "device":
        acme.devices.delete(device)
    elif gone == "login":
        world.acting_as(SERVICE_DESK).end_login(device.id)
    else:
        world.accounts.delete("acme")
    if gone != "account":
        phones[0].hang_up()
    world.advance(seconds=1)
    assert not world.pbx.calls
    assert [phone.screen.call for phone in phones] == [None, None, None]


def test_a_thousand_wait_for_one_agent(office):
    """Whoever hangs up frees nobody for those who wait: they are not all asked again."""
    world, acme, phones = office
    line = acme.queues.add("Line", members=["1001"])
    acme.queues.log_in(line, "1001")
    acme.numbers.add(NUMBER, callflow=acme.callflows.add("Line", queue(line, seconds=3600)))
    calls = [acme.calls.place(NUMBER, from_=f"+6140000{place:04}") for place in range(1000)]
    world.advance(seconds=1)
    phones[0].answer()
    world.advance(seconds=1)
    assert [call.state for call in calls[:2]] == ["talking", "waiting"]
    offered = len(world.history)
    for call in calls[2:]:
        call.hang_up()
    assert len(world.history) == offered + 998
    phones[0].hang_up()
    world.advance(seconds=1)
    assert calls[1].ringing


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/New_York"])
def test_the_last_minute_of_the_calendar(zone):
    world = World(seed=1, start=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    acme = world.accounts.add("acme", platform="jet", timezone=zone)
    flow = acme.callflows.add("Day", hours(opening("00:00", "24:00"), open=announcement("Hello"), then=hang_up()))
    acme.numbers.add(NUMBER, callflow=flow)
    assert acme.calls.place(NUMBER).state == "playing"


def test_keys_beyond_the_one_that_is_asked_for_may_be_a_pin(office):
    world, acme, phones = office
    acme.numbers.add(NUMBER, callflow=acme.callflows.add("Menu", menu({"1": hot_desk()}, then=hang_up())))
    call = acme.calls.place(NUMBER, from_="1001")
    call.press("11002#4711#")
    assert "4711" not in repr((world.history, call.trace))
    typed = [record.event for record in world.history if record.event.kind == "call.pressed"]
    assert [dict(event.detail)["digits"] for event in typed] == ["1**********"]


# --- A phone that loses its power hangs up no more -------------------------------------------------------------------

SILENCE = timedelta(seconds=300)


def talking(world, phones):
    """User 1 has called User 2."""
    phones[0].dial("1002")
    world.advance(seconds=1)
    phones[1].answer()
    world.advance(seconds=1)
    (call,) = world.pbx.calls.values()
    return call.id


@pytest.mark.parametrize(("dark", "other"), [(0, 1), (1, 0)])
@pytest.mark.parametrize("how", ["power cut", "power cycle", "taken away"])
def test_a_call_ends_when_one_of_its_phones_has_not_been_heard_for_long(office, dark, other, how):
    """Nobody says so: the PBX learns it from the silence, and the other one is told then."""
    world, acme, phones = office
    talking(world, phones)
    if how == "taken away":
        world.phones.delete(phones[dark])
    else:
        phones[dark].power_off()
        if how == "power cycle":
            phones[dark].power_on()
    lost = world.now
    world.settle()
    assert world.now - lost < SILENCE, "to settle is not to wait for it"
    world.advance(SILENCE - (world.now - lost) - timedelta(seconds=1))
    assert phones[other].screen.call.state == "talking"
    assert acme.call(f"100{other + 1}").outcome != "rings", "he is in a call"
    world.advance(seconds=2)
    assert not world.pbx.calls
    assert phones[other].screen.call is None
    (record,) = acme.cdrs
    assert record.outcome == "answered"
    assert 300 <= record.seconds < 303 if how != "power cycle" else record.seconds >= 300
    assert record.cause == f"nothing was heard from Yealink T46S {MACS[dark]} for 300 s"


def test_whoever_is_left_may_hang_up_before(office):
    world, acme, phones = office
    talking(world, phones)
    phones[1].power_off()
    world.advance(minutes=1)
    phones[0].hang_up()
    world.advance(SILENCE)
    assert [(record.outcome, record.cause) for record in acme.cdrs] == [("answered", "")]


def test_both_lose_their_power(office):
    """The first to be missed ends it, and is named."""
    world, acme, phones = office
    talking(world, phones)
    phones[1].power_off()
    world.advance(minutes=2)
    phones[0].power_off()
    world.advance(minutes=3, seconds=1)
    assert not world.pbx.calls
    assert [MACS[1] in record.cause for record in acme.cdrs] == [True]


def test_a_caller_whose_phone_goes_dark_while_it_rings_is_missed_once_somebody_answers(office):
    world, acme, phones = office
    phones[0].dial("1002")
    world.advance(seconds=2)
    phones[0].power_off()
    phones[1].answer()
    world.advance(seconds=1)
    assert phones[1].screen.call.state == "talking"
    world.advance(SILENCE + timedelta(seconds=1))
    assert phones[1].screen.call is None
    assert [MACS[0] in record.cause for record in acme.cdrs] == [True]


def test_a_call_that_is_said_to_be_answered_at_a_phone_without_power(office):
    """Its registration lives, so it seems to ring; nobody can lift its handset."""
    world, acme, phones = office
    phones[1].power_off()
    call = acme.calls.place("1002", from_="+61400000000")
    call.answer("1002")
    world.advance(SILENCE + timedelta(seconds=1))
    assert (call.state, call.outcome) == ("over", "answered")
    assert "nothing was heard from" in call.cause


def test_who_is_in_no_call_is_not_missed(office):
    world, acme, phones = office
    id_ = talking(world, phones)
    phones[2].power_off()
    world.advance(hours=2)
    assert world.pbx.calls[id_].phase == "talking"
