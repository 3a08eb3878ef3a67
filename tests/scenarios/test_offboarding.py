"""X1: a plan for whoever leaves, on every platform, and how far it is carried out."""

from __future__ import annotations

import pytest

from pbxsim import SERVICE_DESK, Invalid, NotFound
from pbxsim.callflows import dial, hours, opening, ring_group, transfer, voicemail

MAC = "80:5e:c0:11:22:33"
DIRECT, GROUP, SPARE = "+61255501234", "+61255505678", "+61255509999"


def office(world, platform):
    acme = world.accounts.add("acme", platform=platform)
    john = acme.users.add("102", first_name="John", last_name="Smith", email="john@example.com", password="tr0ubador")
    mary = acme.users.add("103", first_name="Mary", last_name="Jones", email="mary@example.com", password="tr0ubador")
    return acme, john, mary


@pytest.fixture
def jet(world):
    """John is everywhere: at his Yealink, on an app, in a queue, with a direct line and in a group."""
    acme, john, mary = office(world, "jet")
    acme.numbers.add(DIRECT, callflow=acme.callflows.add("John direct", dial(john)))
    acme.numbers.add(GROUP, callflow=acme.callflows.add("Sales", ring_group(john, mary, then=voicemail(mary))))
    acme.queues.add("Demo 1", members=[john, mary])
    phone = world.phones.add(acme.devices.add(model="yealink-t46s", mac=MAC, owner=john))
    phone.power_on()
    world.settle()
    acme.users.log_in_app(john, "tr0ubador")
    return acme, john, mary, phone


def texts(steps):
    return [step.text for step in steps]


def test_what_must_be_decided_is_asked_number_by_number(jet):
    acme, john, mary, phone = jet
    with pytest.raises(Invalid) as invalid:
        acme.users.plan(john)
    assert [fault.pointer for fault in invalid.value.faults] == [f"/numbers/{DIRECT}"]
    assert "would reach nobody without user 102 John Smith" in str(invalid.value)
    assert 'a callflow, "deactivate" or "keep", or give a default' in str(invalid.value)


@pytest.mark.parametrize("platform", ["jet", "netsapiens"])
def test_what_he_alone_answers_at_night_is_asked_about_whatever_the_time_is(world, platform):
    """Mary answers by day. What has been dead at night before is nobody's business."""
    acme, john, mary = office(world, platform)
    acme.users.log_in_app(mary, "tr0ubador")
    day = opening("09:00", "17:00")
    acme.numbers.add(DIRECT, callflow=acme.callflows.add("Line", hours(day, open=dial(mary), then=dial(john))))
    acme.numbers.add(GROUP, callflow=acme.callflows.add("Hers", hours(day, open=dial(john, mary))))
    for hour in (3, 9):  # it is night, then day
        world.advance(hours=hour)
        with pytest.raises(Invalid) as invalid:
            acme.users.plan(john)
        assert [fault.pointer for fault in invalid.value.faults] == [f"/numbers/{DIRECT}"]
    assert acme.users.offboard(john, default=acme.callflows["Hers"]).finished


def test_who_answers_by_night_answers_by_day_once_he_is_gone(world):
    """His node gives its place to the next one, so that nothing is lost and nothing is asked."""
    acme, john, mary = office(world, "jet")
    acme.users.log_in_app(mary, "tr0ubador")
    root = hours(opening("09:00", "17:00"), open=dial(john), then=dial(mary))
    acme.numbers.add(DIRECT, callflow=acme.callflows.add("Line", root))
    assert acme.users.offboard(john).finished
    assert {trace.outcome for trace in acme.reachability().traces if trace.to == DIRECT} == {"rings"}


def test_hours_that_never_come_are_no_reason_to_ask(world):
    acme, john, mary = office(world, "jet")
    acme.users.log_in_app(mary, "tr0ubador")
    always = opening("00:00", "24:00", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
    acme.numbers.add(DIRECT, callflow=acme.callflows.add("Line", hours(always, open=dial(mary), then=dial(john))))
    assert acme.users.offboard(john).finished
    assert acme.call(DIRECT).reaches_somebody


def test_a_plan_names_every_step_in_its_order_and_changes_nothing(jet):
    acme, john, mary, phone = jet
    plan = acme.users.plan(john, numbers={DIRECT: acme.callflows["Sales"]})
    assert texts(plan.steps) == [
        "Reassign all numbers of John direct to Sales",
        "Take user 102 out of Sales, and make the new version Available",
        "Delete version 1 of John direct",
        "Delete version 1 of Sales",
        "Remove user 102 from queue Demo 1",
        "Log the app soft phone out",
        "Factory-reset the phone Yealink T46S 80:5e:c0:11:22:33",
        "Delete user 102 John Smith",
    ]
    assert [step.kind for step in plan.steps] == ["command"] * 6 + ["phone", "command"]
    assert all("admin" in step.roles for step in plan.steps)
    assert john.exists
    assert "John direct" in {callflow.name for callflow in acme.callflows}


def test_offboarding_carries_it_out_and_loses_no_call(world, jet):
    acme, john, mary, phone = jet
    result = acme.users.offboard(john, default=acme.callflows["Sales"])
    assert result.finished
    assert len(result.done) == 8
    assert "102" not in acme.users
    world.settle()
    assert phone.screen.message == "No server"
    for number in (DIRECT, GROUP):
        assert acme.call(number).reaches_somebody
    assert acme.devices[MAC].owner is None, "his phone stays, ownerless (J9)"


def test_what_is_kept_stays_with_an_emptied_callflow_and_what_is_deactivated_is_available(jet):
    acme, john, mary, phone = jet
    acme.numbers.add(SPARE, callflow=acme.callflows["John direct"])
    assert acme.users.offboard(john, numbers={DIRECT: "keep", SPARE: "deactivate"}).finished
    assert acme.call(DIRECT).outcome == "hang-up"
    assert [number.e164 for number in acme.numbers.available] == [SPARE]


def test_a_dead_phone_is_waited_for_unless_support_ends_its_registration(world, jet):
    acme, john, mary, phone = jet
    phone.power_off()
    plan = acme.users.plan(john, default="deactivate")
    assert [step.kind for step in plan.steps][-2:] == ["wait", "command"]
    result = acme.users.offboard(john, default="deactivate")
    assert (texts(result.rest), result.finished) == (
        ["Wait until the registration of Yealink T46S 80:5e:c0:11:22:33 has expired", "Delete user 102 John Smith"],
        False,
    )
    assert "102" in acme.users
    assert acme.call(GROUP).reaches_somebody
    world.advance(hours=1)
    again = acme.users.offboard(john, default="deactivate")
    assert (texts(again.done), again.finished) == (["Delete user 102 John Smith"], True)


def test_support_ends_what_would_have_to_be_waited_for(jet):
    acme, john, mary, phone = jet
    phone.power_off()
    plan = acme.users.plan(john, default="deactivate", end_logins=True)
    ending = next(step for step in plan.steps if step.text.startswith("End "))
    assert ending.text == "End the registration of Yealink T46S 80:5e:c0:11:22:33"
    assert (ending.kind, tuple(ending.roles), str(ending.actor)) == ("command", ("service-desk",), "service-desk")
    assert acme.users.offboard(john, default="deactivate", end_logins=True).finished


def test_a_phone_that_is_still_booting_is_reset_as_soon_as_it_is_there(world, jet):
    acme, john, mary, phone = jet
    phone.power_cycle()
    assert acme.users.offboard(john, default="keep").finished
    world.settle()
    assert phone.screen.message == "No server"


def test_a_phone_that_comes_up_meanwhile_is_reset_as_well(world, jet):
    acme, john, mary, phone = jet
    late = world.phones.add(acme.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:34", owner=john))
    late.power_on()
    world.advance(seconds=10)  # it has a configuration to save, the other one has not
    phone.power_cycle()
    result = acme.users.offboard(john, default="keep")
    assert result.finished
    assert [step.kind for step in result.done].count("phone") == 2


def test_a_callflow_that_somebody_is_transferred_to_stays_without_him(jet):
    acme, john, mary, phone = jet
    acme.numbers.add(SPARE, callflow=acme.callflows.add("Front", dial(mary, then=transfer(acme.callflows["Sales"]))))
    assert acme.users.offboard(john, default="deactivate").finished
    assert acme.callflows["Sales"].newest.status == "ACTIVE"
    assert acme.call(SPARE).reaches_somebody


def test_on_piston_everything_that_would_keep_the_dead_id_goes_too(world):
    acme, john, mary = office(world, "piston")
    acme.devices.add(model="yealink-t46s", mac=MAC, owner=john)
    acme.callflows.add("Sales", ring_group(john, mary, then=voicemail(mary)), numbers=["300"])
    acme.queues.add("Demo 1", members=[john, mary])
    acme.numbers.add(DIRECT)
    acme.callflows.update(acme.callflows["102"], numbers=["102", DIRECT])
    plan = acme.users.plan(john, numbers={DIRECT: acme.callflows["Sales"]})
    assert texts(plan.steps) == [
        "Reassign all numbers of 102 to Sales",
        "Take user 102 out of Sales",
        "Delete callflow 102",
        "Remove user 102 from queue Demo 1",
        "Delete device Yealink T46S 80:5e:c0:11:22:33",
        "Delete mailbox 102",
        "Delete user 102 John Smith",
    ]
    assert acme.users.offboard(john, numbers={DIRECT: acme.callflows["Sales"]}).finished
    assert acme.reachability().orphans == ()
    assert acme.call(DIRECT).reaches_somebody


def test_on_piston_a_callflow_without_another_number_ends_before_its_number_is_taken(world):
    acme, john, mary = office(world, "piston")
    acme.numbers.add(DIRECT)
    acme.callflows.add("John direct", dial(john), numbers=[DIRECT])
    plan = acme.users.plan(john, numbers={DIRECT: acme.callflows["103"]})
    assert texts(plan.steps)[:3] == ["Delete callflow John direct", f"Give {DIRECT} to 103", "Delete callflow 102"]
    assert acme.users.offboard(john, numbers={DIRECT: acme.callflows["103"]}).finished
    assert set(acme.callflows["103"].numbers) == {DIRECT, "103"}


@pytest.mark.parametrize("platform", ["netsapiens", "customer-portal", "users-page"])
def test_elsewhere_most_goes_along_and_callflows_are_edited(world, platform):
    acme, john, mary = office(world, platform)
    acme.callflows.add("Sales", ring_group(john, mary, then=voicemail(mary)))
    acme.numbers.add(GROUP, callflow=acme.callflows["Sales"])
    acme.numbers.add(DIRECT, user=john)
    acme.queues.add("Demo 1", members=[john, mary])
    with pytest.raises(Invalid):
        acme.users.plan(john)
    sales = acme.callflows["Sales"]
    assert texts(acme.users.plan(john, default="deactivate").steps) == [
        "Take user 102 out of Sales",
        "Delete user 102 John Smith",
    ]
    assert texts(acme.users.plan(john, default=sales).steps)[0] == f"Give {DIRECT} to Sales"
    assert acme.users.offboard(john, default=sales).finished
    assert acme.call(DIRECT).reaches_somebody
    assert acme.reachability().orphans == ()


@pytest.mark.parametrize("platform", ["netsapiens", "users-page", "customer-portal"])
def test_how_callflows_are_edited_follows_the_accounts_switch(world, platform):
    """Versions where the account has them; those that it had before it was switched back go as well."""
    acme, john, mary = office(world, platform)
    sales = acme.callflows.add("Sales", ring_group(john, mary))
    acme.numbers.add(GROUP, callflow=sales)
    in_place = f"{platform}.callflow.in-place"
    world.accounts.update(acme, policy={in_place: False})
    acme.callflows.make_available(acme.callflows.draft(sales, ring_group(mary, john)))
    plan = acme.users.plan(john, default="keep")
    assert "Take user 102 out of Sales, and make the new version Available" in texts(plan.steps)
    world.accounts.update(acme, policy={in_place: True})
    plan = acme.users.plan(john, default="keep")
    assert {"Delete version 1 of Sales", "Take user 102 out of Sales"} <= set(texts(plan.steps))
    assert not acme.users.offboard(john, default="keep").rest
    assert [list(version.root.users) for version in sales.versions] == [[mary.id]]


def test_whoever_may_not_do_a_step_is_told_whom_to_ask(world):
    acme, john, mary = office(world, "customer-portal")
    acme.users.update(mary, role="pbx-admin")
    queue = acme.queues.add("Demo 1", members=[john])
    as_mary = world.acting_as(mary)
    plan = as_mary.accounts["acme"].users.plan(john)
    assert (plan.steps[-1].kind, plan.steps[-1].text) == (
        "human",
        "Ask the service team: Delete user 102 John Smith",
    )
    assert not as_mary.accounts["acme"].users.offboard(john).finished
    assert john.exists
    assert world.acting_as(SERVICE_DESK).accounts["acme"].users.offboard(john).finished
    assert list(queue.members) == []


def test_bad_wishes_are_refused_field_by_field(jet):
    acme, john, mary, phone = jet
    acme.numbers.add(SPARE, callflow=acme.callflows.add("Mary", dial(mary)))
    with pytest.raises(Invalid) as invalid:
        acme.users.plan(john, numbers={"+61255500000": "keep", SPARE: "deactivate", GROUP: "sell"}, default="c99")
    assert {fault.pointer: fault.message for fault in invalid.value.faults} == {
        "/numbers/+61255500000": "names no number of account acme",
        f"/numbers/{SPARE}": "does not lead to user 102: move it by itself",
        f"/numbers/{GROUP}": 'must be a callflow of account acme, "keep" or "deactivate", not \'sell\'',
        "/default": 'must be a callflow of account acme, "keep" or "deactivate", not \'c99\'',
    }
    with pytest.raises(Invalid) as invalid:
        acme.users.plan(john, numbres={}, end_logins="yes")
    assert {fault.pointer for fault in invalid.value.faults} == {"/numbres", "/end_logins"}
    with pytest.raises(NotFound):
        acme.users.plan("199")


def test_who_forwards_to_him_is_asked_about_too(world):
    acme, john, mary = office(world, "jet")
    acme.users.log_in_app(john, "tr0ubador")
    acme.users.update(mary, forwarding={"always": "102"})
    acme.numbers.add(DIRECT, callflow=acme.callflows.add("Mary direct", dial(mary)))
    with pytest.raises(Invalid) as invalid:
        acme.users.plan(john)
    assert [fault.pointer for fault in invalid.value.faults] == [f"/numbers/{DIRECT}"]
