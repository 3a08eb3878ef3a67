"""Jet's workflows J1 to J9, J12 and J13, a test a row (the article's own walk is in tests/articles)."""

from __future__ import annotations

import pytest

from pbxsim import SERVICE_DESK, NotFound, Refused
from pbxsim.callflows import dial, ring_group, transfer, voicemail

MAC = "80:5e:c0:11:22:33"


@pytest.fixture
def acme(world):
    return world.accounts.add("acme", platform="jet")


@pytest.fixture
def john(acme):
    return acme.users.add("1002", first_name="John", last_name="Smith", password="tr0ubador")


@pytest.fixture
def mary(acme):
    return acme.users.add("1003", first_name="Mary", last_name="Jones")


@pytest.fixture
def phone(world, acme, john):
    phone = world.phones.add(acme.devices.add(model="yealink-t46s", mac=MAC, owner=john))
    phone.power_on()
    world.settle()
    return phone


def blocked(acme, user):
    with pytest.raises(Refused) as refusal:
        acme.users.delete(user)
    assert refusal.value.rule == "jet.user.delete.blocked"
    return [(blocker.kind, blocker.name) for blocker in refusal.value.blockers]


def test_j1_drafts_block_too(acme, john, mary):
    sales = acme.callflows.add("Sales", dial(mary))
    acme.callflows.draft(sales, dial(john))
    assert blocked(acme, john) == [("callflow", "Sales")]


def test_j1_a_version_that_takes_messages_for_his_mailbox_blocks(acme, john, mary):
    acme.callflows.add("Night", dial(mary, then=voicemail(john)))
    assert blocked(acme, john) == [("callflow", "Night")]


def test_j2_lists_all_at_once_in_an_order_people_can_see(acme, john, mary, phone):
    acme.users.log_in_app(john, "tr0ubador")
    for name in ("Zulu", "Alpha"):
        acme.queues.add(name, members=[john])
        acme.callflows.add(name, ring_group(john, mary))
    acme.callflows.make_available(acme.callflows.draft("Alpha", dial(john)))
    with pytest.raises(Refused) as refusal:
        acme.users.delete(john)
    blockers = refusal.value.blockers
    assert [(b.kind, b.name) for b in blockers] == [
        ("login", "Yealink T46S 80:5e:c0:11:22:33"),
        ("login", "soft phone"),
        ("queue", "Alpha"),
        ("queue", "Zulu"),
        ("callflow", "Alpha"),
        ("callflow", "Alpha"),
        ("callflow", "Zulu"),
    ]
    assert [dict(b.more)["version"] for b in blockers[4:]] == [1, 2, 1]
    assert all(blocker.do for blocker in blockers)
    assert "2 logins, 2 queues and 3 callflow versions hold user 1002" in str(refusal.value)


def test_j3_a_factory_reset_unregisters_and_forgets_its_server(world, acme, john, phone):
    phone.factory_reset()
    world.settle()
    assert phone.screen.message == "No server"
    assert not john.logins
    world.advance(hours=3)
    assert not john.logins, "it does not come back by itself"
    phone.stage(acme.devices[MAC])
    world.settle()
    assert [login.kind for login in john.logins] == ["registration"]


def test_j3_a_power_cut_unregisters_nothing_until_it_expires(world, acme, john, phone):
    phone.power_off()
    world.advance(minutes=29)
    assert blocked(acme, john)
    world.advance(minutes=31)
    assert not john.logins
    acme.users.delete(john)


def test_j3_a_network_cable_that_is_out_is_like_a_power_cut_to_the_pbx(world, acme, john, phone):
    phone.network_off()
    assert phone.screen.message == "Network unavailable"
    assert blocked(acme, john)
    world.advance(minutes=61)
    assert not john.logins
    assert phone.screen.label == "John Smith", "it has power, and what it knew"
    phone.network_on()
    world.settle()
    assert phone.screen.message == ""
    assert blocked(acme, john)


def test_j3_a_power_cycle_registers_again(world, acme, john, phone):
    phone.power_cycle()
    world.settle()
    world.advance(days=2)
    assert phone.registered
    assert john.logins


def test_j3a_support_ends_a_login_and_a_configured_phone_comes_back(world, acme, john, phone):
    acme.users.log_in_app(john, "tr0ubador")
    desk = world.acting_as(SERVICE_DESK)
    for login in john.logins:
        desk.end_login(login)
    assert not john.logins
    world.advance(minutes=31)  # the phone refreshes at half of 3,600 s
    assert [login.kind for login in john.logins] == ["registration"], "the phone is back, the app is not"


def test_j4_leaving_a_queue(acme, john, mary):
    queue = acme.queues.add("Demo 1", members=[john, mary])
    acme.queues.remove_member(queue, john)
    assert list(queue.members) == [mary.id]
    acme.users.delete(john)


def test_j5_reassign_moves_all_numbers_in_one_step(acme, john, mary):
    direct = acme.callflows.add("John direct", dial(john))
    team = acme.callflows.add("Team", dial(mary))
    for number in ("+61255501234", "+61255501235"):
        acme.numbers.add(number, callflow=direct)
    assert direct.newest.status == "ACTIVE"
    acme.callflows.reassign(direct, to=team)
    assert direct.newest.status == "AVAILABLE"
    assert {number.callflow.name for number in acme.numbers} == {"Team"}
    assert acme.call("+61255501234").steps[1].name == "Team 1"


def test_j6_only_available_versions_are_deleted_and_the_refusal_names_what_holds(acme, john):
    direct = acme.callflows.add("John direct", dial(john))
    acme.numbers.add("+61255501234", callflow=direct)
    for attempt in (
        lambda: acme.callflows.delete(direct),
        lambda: acme.callflows.delete_version(direct.newest),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.rule == "jet.callflow.delete.active"
        assert [(b.kind, b.name) for b in refusal.value.blockers] == [("number", "+61255501234")]


def test_j6_a_transfer_of_an_active_version_makes_its_target_active(acme, john, mary):
    team = acme.callflows.add("Team", dial(mary))
    front = acme.callflows.add("Front", transfer(team))
    assert (team.newest.status, front.newest.status) == ("AVAILABLE", "AVAILABLE")
    acme.numbers.add("+61255501234", callflow=front)
    assert (team.newest.status, front.newest.status) == ("ACTIVE", "ACTIVE")
    with pytest.raises(Refused) as refusal:
        acme.callflows.delete(team)
    assert [(b.kind, b.name) for b in refusal.value.blockers] == [("callflow", "Front")]


def test_j7_a_new_version_takes_every_number_of_the_old_one(acme, john, mary):
    sales = acme.callflows.add("Sales", ring_group(john, mary))
    acme.numbers.add("+61255501234", callflow=sales)
    draft = acme.callflows.draft(sales)
    assert draft.root == sales.newest.root
    acme.callflows.change(draft, dial())
    assert (draft.status, draft.percent) == ("DRAFT", 0)
    with pytest.raises(Refused) as refusal:
        acme.callflows.make_available(draft)
    assert refusal.value.rule == "pbx.callflow.incomplete"
    acme.callflows.change(draft, dial(mary, then=voicemail(mary)))
    assert draft.percent == 100
    acme.callflows.make_available(draft)
    assert [version.status for version in sales.versions] == ["AVAILABLE", "ACTIVE"]
    assert [number.e164 for number in draft.numbers] == ["+61255501234"]


def test_j7_a_version_in_service_is_not_changed(acme, john, mary):
    sales = acme.callflows.add("Sales", dial(john))
    with pytest.raises(Refused) as refusal:
        acme.callflows.change(sales.newest, dial(mary))
    assert refusal.value.rule == "pbx.callflow.version.fixed"
    with pytest.raises(Refused) as refusal:
        acme.callflows.update(sales, root=dial(mary))
    assert refusal.value.rule == "jet.callflow.versions"


def test_j8_the_old_version_still_blocks_until_it_is_deleted(acme, john, mary):
    sales = acme.callflows.add("Sales", ring_group(john, mary))
    acme.callflows.make_available(acme.callflows.draft(sales, dial(mary)))
    assert blocked(acme, john) == [("callflow", "Sales")]
    acme.callflows.delete_version(sales.versions[0])
    acme.users.delete(john)


def test_j9_after_deletion_the_devices_stay_ownerless_and_are_refused(world, acme, john, phone):
    phone.power_off()
    world.advance(hours=2)
    acme.users.delete(john)
    device = acme.devices[MAC]
    assert device.owner is None
    assert "1002" not in acme.mailboxes
    phone.power_on()
    world.settle()
    assert not phone.registered
    assert phone.screen.message == "Registration refused (403)"
    with pytest.raises(Refused) as refusal:
        acme.users.log_in_app("1002", "tr0ubador")
    assert refusal.value.rule == "pbx.app.password"


def test_j9_a_new_owner_gets_the_phone_registered_again(world, acme, john, mary, phone):
    phone.power_off()
    world.advance(hours=2)
    acme.users.delete(john)
    phone.power_on()
    world.settle()
    acme.devices.update(MAC, owner=mary)
    phone.power_cycle()
    world.settle()
    assert phone.registered
    assert phone.screen.label == "Mary Jones"


def test_j12_a_deactivated_number_stays_and_can_be_set_up_anew(acme, john, mary):
    direct = acme.callflows.add("John direct", dial(john))
    number = acme.numbers.add("+61255501234", callflow=direct, name="John's line")
    acme.numbers.deactivate(number)
    assert (number.status, number.callflow) == ("AVAILABLE", None)
    assert [n.e164 for n in acme.numbers.available] == ["+61255501234"]
    assert acme.call("+61255501234").outcome == "nobody"
    acme.numbers.activate(number, callflow=acme.callflows.add("Mary direct", dial(mary)))
    assert (number.status, number.callflow.name) == ("ACTIVE", "Mary direct")


def test_j13_a_number_can_be_activated_without_a_user_and_a_service_renamed(acme):
    number = acme.numbers.add("+61255501234")
    assert number.status == "AVAILABLE"
    acme.numbers.activate(number, name="Spare")
    assert (number.status, number.name) == ("ACTIVE", "Spare")
    assert "leads nowhere" in acme.call("+61255501234").cause
    acme.numbers.update(number, name="Reception")
    assert number.name == "Reception"


def test_j11_users_beyond_the_seats_are_refused_and_deleting_lowers_nothing(world, acme, john):
    world.accounts.update(acme, seats=1)
    with pytest.raises(Refused) as refusal:
        acme.users.add("1004")
    assert refusal.value.rule == "pbx.seats.exhausted"
    assert "1 of 1 seats" in str(refusal.value)
    acme.users.delete(john)
    assert acme.seats == 1


def test_only_members_take_a_queues_calls_and_leave_with_their_membership(acme, john, mary):
    queue = acme.queues.add("Demo 1", members=[john, mary])
    acme.queues.log_in(queue, john)
    acme.queues.log_in(queue, john)
    acme.queues.log_in(queue, mary)
    assert list(queue.agents) == [john.id, mary.id]
    acme.queues.log_out(queue, mary)
    acme.queues.remove_member(queue, john)
    assert list(queue.agents) == []
    with pytest.raises(NotFound):
        acme.queues.log_in(queue, john)
    acme.queues.log_in(queue, mary)
    acme.queues.update(queue, members=[john])
    assert (list(queue.members), list(queue.agents)) == ([john.id], [])
