"""What attacks on the simulation found: each was wrong once, and is told here as it should be."""

from __future__ import annotations

import pytest

from pbxsim import NotReady, Refused
from pbxsim.callflows import dial, hang_up, transfer

YEALINK, AASTRA, OTHER = "80:5e:c0:44:55:66", "00:08:5d:11:22:33", "00:08:5d:44:55:66"


@pytest.fixture
def acme(world):
    return world.accounts.add("acme", platform="jet")


@pytest.fixture
def voxco(world):
    return world.accounts.add("voxco", platform="piston")


def booted(world, account, model, mac, **fields):
    phone = world.phones.add(account.devices.add(model=model, mac=mac, **fields))
    phone.power_on()
    world.settle()
    return phone


def test_a_changed_extension_takes_its_mailbox_along(world, voxco):
    anna = voxco.users.add("204", first_name="Anna", last_name="Lee", voicemail_pin="4711")
    phone = booted(world, voxco, "aastra-6731i", AASTRA)
    voxco.users.update(anna, extension="304")
    phone.log_in("304", "4711")
    world.settle()
    assert phone.screen.label == "Anna Lee"
    assert anna.mailbox.number == "204"


def test_an_extension_without_a_phone_takes_a_message_whatever_its_mailbox_is_numbered(acme):
    john = acme.users.add("1002", first_name="John", last_name="Smith")
    acme.users.update(john, extension="1009")
    assert acme.call("1009").outcome == "voicemail"


def test_a_key_pressed_while_the_phone_updates_is_not_lost(world, voxco):
    anna = voxco.users.add("204", first_name="Anna", last_name="Lee", voicemail_pin="4711")
    phone = booted(world, voxco, "aastra-6867i", AASTRA)
    phone.log_in("204", "4711")
    world.settle()
    phone.power_cycle()  # so that its files are those of its last boot, and check-sync finds nothing to reboot for
    world.settle()
    voxco.devices.sync(AASTRA)
    world.advance(seconds=0.002)
    phone.log_out()
    world.settle()
    assert not anna.logins
    assert phone.screen.prompt is not None


def test_a_booting_phone_has_no_menu_to_reset_it_from(world, acme):
    john = acme.users.add("1002", first_name="John", last_name="Smith")
    phone = booted(world, acme, "yealink-t46s", YEALINK, owner=john)
    phone.power_cycle()
    with pytest.raises(NotReady):
        phone.factory_reset()
    world.settle()
    phone.factory_reset()
    world.settle()
    assert not john.logins


def test_a_phone_that_belongs_to_nobody_may_still_sign_off(world, acme):
    john = acme.users.add("1002", first_name="John", last_name="Smith")
    mary = acme.users.add("1003", first_name="Mary", last_name="Jones")
    phone = booted(world, acme, "yealink-t46s", YEALINK, owner=john)
    acme.devices.update(YEALINK, owner=None)
    phone.factory_reset()
    world.settle()
    acme.devices.update(YEALINK, owner=mary)
    assert not mary.logins


def test_reassigning_does_not_empty_a_callflow_that_needs_a_number(voxco):
    anna = voxco.users.add("204")
    voxco.numbers.add("+16045550101")
    voxco.callflows.add("Direct", dial(anna), numbers=["+16045550101"])
    with pytest.raises(Refused) as refusal:
        voxco.callflows.reassign("Direct", to="204")
    assert refusal.value.rule == "piston.callflow.needs-number"
    voxco.callflows.update("Direct", numbers=["+16045550101", "300"])
    voxco.callflows.reassign("Direct", to="204")
    assert voxco.callflows["Direct"].numbers == ["300"]


def test_a_versions_number_is_never_used_again(acme):
    sales = acme.callflows.add("Sales", hang_up())
    acme.callflows.delete_version(acme.callflows.draft(sales))
    draft = acme.callflows.draft(sales)
    assert [version.status for version in sales.versions] == ["AVAILABLE", "DRAFT"]
    assert draft.path.endswith("/3") if hasattr(draft, "path") else draft.number == 3


def test_of_two_drafts_only_one_that_is_newer_than_what_is_in_service_may_follow(acme):
    sales = acme.callflows.add("Sales", hang_up())
    older, newer = acme.callflows.draft(sales), acme.callflows.draft(sales)
    acme.callflows.make_available(newer)
    with pytest.raises(Refused) as refusal:
        acme.callflows.make_available(older)
    assert refusal.value.rule == "jet.callflow.version.outdated"


def test_taking_all_numbers_away_takes_them_from_every_version(acme):
    sales, other = acme.callflows.add("Sales", hang_up()), acme.callflows.add("Other", hang_up())
    number = acme.numbers.add("+61255501234", callflow=sales)
    acme.callflows.make_available(acme.callflows.draft(sales))
    acme.callflows.reassign(sales, to=other)
    acme.callflows.update(other, numbers=[])
    assert number.callflow is None


def test_another_mac_is_another_phone_with_nobody_logged_in(world, voxco):
    anna = voxco.users.add("204", first_name="Anna", last_name="Lee", voicemail_pin="4711")
    phone = booted(world, voxco, "aastra-6731i", AASTRA)
    phone.log_in("204", "4711")
    world.settle()
    device = voxco.devices[AASTRA]
    voxco.devices.update(device, mac=OTHER)
    assert [login.kind for login in anna.logins] == []
    voxco.devices.update(device, mac=AASTRA)
    phone.stage(device)
    world.settle()
    assert phone.screen.prompt is not None, "the file of the old log-in is gone"


def test_a_long_code_is_dialled_as_it_is(voxco):
    voxco.callflows.add("Door", hang_up(), numbers=["1234567"])
    assert voxco.call("1234567").outcome == "hang-up"


def test_transfers_in_a_circle_and_in_a_long_chain(acme):
    last = acme.callflows.add("0", hang_up())
    for number in range(1, 30):
        last = acme.callflows.add(str(number), transfer(last))
    acme.numbers.add("+61255501234", callflow=last)
    assert acme.callflows["0"].newest.status == "ACTIVE"
    acme.callflows.make_available(acme.callflows.draft("0", transfer(last)))
    assert acme.callflows["0"].newest.status == "ACTIVE"
    assert "circle" in acme.call("+61255501234").cause
