"""Calls: what each node does with one, who rings and for how long, and the record that is left. A look and a live call
are one reading of the same nodes; where it matters both are asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pbxsim import Invalid, NotFound, Refused
from pbxsim.callflows import (
    announcement,
    dial,
    dial_by_name,
    hang_up,
    hours,
    menu,
    opening,
    queue,
    ring_group,
    transfer,
    voicemail,
)

NUMBER, OUTSIDE, MOBILE = "+61255501234", "+61400000000", "+61411111111"
YEALINK = "80:5e:c0:44:55:66"


@pytest.fixture
def acme(world):
    return world.accounts.add("acme", platform="jet", timezone="Australia/Sydney", country="AU")


def person(account, extension, name, app=True, **fields):
    """Somebody with an app that rings; its log-in's id is what rings."""
    first, _, last = name.partition(" ")
    user = account.users.add(extension, first_name=first, last_name=last, password="tr0ubador", **fields)
    if app:
        account.users.log_in_app(user, "tr0ubador")
    return user


@pytest.fixture
def john(acme):
    return person(acme, "1002", "John Smith")


@pytest.fixture
def mary(acme):
    return person(acme, "1003", "Mary Jones")


def leads_to(account, root, number=NUMBER):
    """A number that leads there."""
    return account.numbers.add(number, callflow=account.callflows.add(f"Flow of {number}", root))


def app_of(user):
    """What rings for him."""
    return next(login.id for login in user.logins if login.kind == "app")


def said(trace):
    """The trace as text."""
    return "\n".join(f"{step.at} {step.name}: {step.what}" for step in getattr(trace, "steps", trace))


def last(account):
    """The newest call record."""
    return next(iter(account.cdrs))


# --- Ringing ------------------------------------------------------------------------------------------------------


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


# --- Forwarding -----------------------------------------------------------------------------------------------------


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
    for to in ("1999", "+61299999999", "*11", "", "no number"):
        assert acme.call(to).outcome == "nobody"
        assert acme.calls.place(to).outcome == "nobody"
    assert len(list(acme.cdrs)) == 5


# --- Menus, names, hours, announcements -----------------------------------------------------------------------------


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


# --- Queues -------------------------------------------------------------------------------------------------------


@pytest.fixture
def agents(acme, john, mary):
    third = person(acme, "1004", "Anna Lee")
    return [john, mary, third]


def line_up(acme, agents, strategy, **fields):
    """A queue whose agents are all logged in, and the number that leads to it."""
    made = acme.queues.add("Sales", members=agents, strategy=strategy)
    for agent in agents:
        acme.queues.log_in(made, agent)
    leads_to(acme, queue(made, **fields))
    return made


def test_only_agents_who_are_logged_in_ring(world, acme, agents):
    john, mary, _ = agents
    made = line_up(acme, agents, "ring-all", seconds=40, then=voicemail(john))
    acme.queues.log_out(made, mary)
    assert set(acme.call(NUMBER).rings) == {app_of(agents[0]), app_of(agents[2])}
    call = acme.calls.place(NUMBER)
    assert call.state == "waiting"
    assert set(call.ringing) == {app_of(agents[0]), app_of(agents[2])}
    assert acme.call(NUMBER).rings == ()  # those who ring for one caller do not ring for the next
    world.advance(seconds=40)
    assert call.state == "recording"


def test_a_caller_waits_until_an_agent_logs_in(world, acme, john):
    made = acme.queues.add("Sales", members=[john])
    leads_to(acme, queue(made, seconds=60, then=hang_up()))
    call = acme.calls.place(NUMBER)
    assert (call.state, call.ringing) == ("waiting", ())
    assert "no agent is logged in" in said(acme.call(NUMBER))
    world.settle()  # a caller who waits where nobody rings is idle
    world.advance(seconds=20)
    acme.queues.log_in(made, john)
    assert call.ringing == (app_of(john),)
    call.answer()
    assert call.answered_by == "1002 John Smith"


def test_an_agent_who_talks_is_offered_the_next_caller_afterwards(world, acme, john):
    line_up(acme, [john], "ring-all")
    first, second = acme.calls.place(NUMBER), acme.calls.place(NUMBER)
    assert (first.ringing, second.ringing) == ((app_of(john),), ())
    first.answer()
    world.advance(seconds=10)
    assert second.ringing == ()
    first.hang_up()
    assert second.ringing == (app_of(john),)


def test_round_robin_goes_round_from_call_to_call(world, acme, agents):
    line_up(acme, agents, "round-robin")
    rung = []
    for _ in range(4):
        call = acme.calls.place(NUMBER)
        rung.append(call.ringing)
        call.answer()
        call.hang_up()
    assert rung == [(app_of(agents[index]),) for index in (0, 1, 2, 0)]


def test_the_next_agent_rings_when_one_does_not_answer(world, acme, agents):
    line_up(acme, agents, "round-robin", seconds=50, then=hang_up())
    call = acme.calls.place(NUMBER)
    rung = [call.ringing]
    for _ in range(3):
        world.advance(seconds=15)
        rung.append(call.ringing)
    assert rung == [(app_of(agents[index]),) for index in (0, 1, 2, 0)]
    world.advance(seconds=5)
    assert call.outcome == "hang-up"


def test_the_longest_idle_agent_comes_first(world, acme, agents):
    line_up(acme, agents, "longest-idle")
    for index in (0, 1, 2):
        call = acme.calls.place(NUMBER)
        assert call.ringing == (app_of(agents[index]),)
        call.answer()
        world.advance(minutes=1)
        call.hang_up()
    call = acme.calls.place(NUMBER)
    assert call.ringing == (app_of(agents[0]),)
    world.advance(seconds=15)  # he does not answer: the next one, in this round
    assert call.ringing == (app_of(agents[1]),)


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


# --- Hot desks and one's own mailbox, by feature code (PISTON) --------------------------------------------------------


@pytest.fixture
def voxco(world):
    return world.accounts.add("voxco", platform="piston")


def desk(world, account, owner, mac=YEALINK):
    """A registered phone."""
    phone = world.phones.add(account.devices.add(model="yealink-t46s", mac=mac, owner=owner))
    phone.power_on()
    world.settle()
    return phone


def typed(world, phone, keys):
    """Keys, one after the other, at a phone."""
    for key in keys:
        phone.press(key)
        world.advance(seconds=0.01)


def test_p11_a_hot_desk_moves_calls_and_neither_configuration_nor_label(world, voxco):
    anna = person(voxco, "204", "Anna Lee", app=False, voicemail_pin="4711")
    ben = person(voxco, "205", "Ben Ray", app=False, voicemail_pin="1234")
    phone = desk(world, voxco, anna)
    device = voxco.devices[YEALINK]
    assert voxco.call("205").rings == ()
    phone.dial("*11")
    world.advance(seconds=1)
    typed(world, phone, "205#1234#")
    world.advance(seconds=1)
    assert [login.kind for login in ben.logins] == ["hotdesk"]
    assert voxco.call("205").rings == (device.id,)
    assert voxco.call("204").rings == ()  # whoever is logged in there has the phone now
    assert phone.screen.label == "Anna Lee"
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Anna Lee"
    assert "205 Ben Ray is logged in at" in said(last(voxco).steps)
    assert "1234" not in said(last(voxco).steps)
    phone.dial("*12")
    world.settle()
    assert not ben.logins
    assert voxco.call("204").rings == (device.id,)
    assert phone.screen.call is None


def test_p11_toggle_and_a_wrong_pin(world, voxco):
    anna = person(voxco, "204", "Anna Lee", app=False, voicemail_pin="4711")
    phone = desk(world, voxco, None)
    for attempt in ("204#0000#", "204#4711#"):
        phone.dial("*13")
        world.advance(seconds=1)
        typed(world, phone, attempt)
        world.advance(seconds=30)
        assert phone.screen.call is None
    assert [login.kind for login in anna.logins] == ["hotdesk"]
    phone.dial("*13")
    world.advance(seconds=1)
    assert not anna.logins


def test_a_hot_desk_needs_a_desk_phone(voxco):
    person(voxco, "204", "Anna Lee", app=False)
    call = voxco.calls.place("*11", from_="204")
    assert (call.state, call.outcome) == ("over", "served")
    assert "the call comes from no desk phone" in said(call.trace)
    assert voxco.call("*11", from_="204").outcome == "served"
    assert voxco.call("*11", from_=OUTSIDE).outcome == "nobody"


def test_p10_the_next_voicemail_log_in_runs_the_wizard(world, voxco):
    anna = person(voxco, "204", "Anna Lee", app=False, voicemail_pin="4711")
    phone = desk(world, voxco, anna)
    voxco.mailboxes.update("204", setup_done=False, greeting="This is John Smith.")
    phone.dial("*97")
    world.advance(seconds=1)
    assert phone.screen.call.state == "talking"
    typed(world, phone, "12#")  # too short
    assert not anna.mailbox.setup_done
    assert anna.mailbox.greeting == "This is John Smith.", "it stays until then"
    typed(world, phone, "1357#")
    assert (anna.mailbox.setup_done, anna.mailbox.greeting) == (True, "")
    world.settle()
    phone.hang_up()
    world.settle()
    assert last(voxco).outcome == "served"
    assert "1357" not in said(last(voxco).steps)
    phone.dial("*97")
    world.advance(seconds=1)
    assert "the caller is logged in" in said(next(iter(voxco.calls)).trace)


def test_other_platforms_have_no_feature_codes(acme, john):
    assert acme.call("*11", from_=john).outcome == "nobody"


def test_a_deleted_users_phone_still_rings_without_his_settings(world, voxco):
    """P5, live."""
    anna = person(voxco, "204", "Anna Lee", app=False, dnd=True)
    phone = desk(world, voxco, anna)
    assert voxco.call("204").rings == ()
    voxco.users.delete(anna)
    call = voxco.calls.place("204", from_=OUTSIDE)
    world.advance(seconds=1)
    phone.answer()
    world.advance(seconds=1)
    assert call.state == "talking"
    assert "has been deleted; rings what is left" in said(call.trace)
