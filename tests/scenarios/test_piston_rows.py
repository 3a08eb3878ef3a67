"""PISTON's workflows P1 to P9 and P12, a test a row (the articles' own walks are in tests/articles)."""

from __future__ import annotations

import pytest

from pbxsim import NotReady, Refused
from pbxsim.callflows import dial, hang_up, voicemail

YEALINK, AASTRA, AASTRA_2 = "80:5e:c0:44:55:66", "00:08:5d:11:22:33", "00:08:5d:44:55:66"


@pytest.fixture
def voxco(world):
    return world.accounts.add("voxco", platform="piston")


@pytest.fixture
def anna(voxco):
    return voxco.users.add("204", first_name="Anna", last_name="Lee", voicemail_pin="4711")


def booted(world, account, model, mac, **fields):
    phone = world.phones.add(account.devices.add(model=model, mac=mac, **fields))
    phone.power_on()
    world.settle()
    return phone


def log_in(world, phone, extension="204", pin="4711"):
    phone.log_in(extension, pin)
    world.settle()


def test_p1_adding_a_user_makes_his_callflow_and_mailbox(voxco, anna):
    callflow = voxco.callflows["204"]
    root = callflow.newest.root
    assert root.users == (anna.id,)
    assert root.then.mailbox == voxco.mailboxes["204"].id
    assert voxco.callflows[callflow.name] == callflow


def test_p2_a_callflows_list_tells_numbers_and_extensions_apart(voxco, anna):
    voxco.numbers.add("+16045550101", callflow="204")
    assert voxco.callflows["204"].numbers == ["+16045550101", "204"]


def test_p3_a_number_must_leave_before_another_takes_it(voxco, anna):
    number = voxco.numbers.add("+16045550101", callflow=voxco.callflows["204"])
    voxco.callflows.add("FREE", hang_up(), numbers=["9999"])
    with pytest.raises(Refused) as refusal:
        voxco.numbers.update(number, callflow=voxco.callflows["FREE"])
    assert refusal.value.rule == "piston.number.held"
    assert "204" in str(refusal.value)
    voxco.numbers.update(number, callflow=None)
    voxco.numbers.update(number, callflow=voxco.callflows["FREE"])
    assert number.callflow.name == "FREE"


def test_p3_the_last_number_of_a_callflow_cannot_be_removed(voxco, anna):
    number = voxco.numbers.add("+16045550101")
    voxco.callflows.add("Direct", dial(anna), numbers=["+16045550101"])
    for attempt in (
        lambda: voxco.callflows.update("Direct", numbers=[]),
        lambda: voxco.numbers.update(number, callflow=None),
        lambda: voxco.numbers.deactivate(number),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.rule == "piston.callflow.needs-number"
    assert voxco.callflows["Direct"].numbers == ["+16045550101"]


def test_p4_deleting_is_never_refused_and_nothing_cascades(world, voxco, anna):
    phone = booted(world, voxco, "yealink-t46s", YEALINK, owner=anna)
    voxco.queues.add("Support", members=[anna])
    voxco.users.delete(anna)
    assert phone.registered
    assert voxco.devices[YEALINK].owner == anna.id
    assert voxco.mailboxes["204"].owner == anna.id
    assert voxco.callflows["204"].newest.root.users == (anna.id,)
    assert voxco.queues["Support"].members == (anna.id,)


def test_p5_the_price_remaining_devices_ring_then_the_child_then_nobody(world, voxco, anna):
    phone = booted(world, voxco, "yealink-t46s", YEALINK, owner=anna)
    voxco.callflows.add("Only Anna", dial(anna), numbers=["300"])
    voxco.users.delete(anna)
    assert voxco.call("300").rings == (voxco.devices[YEALINK].id,)
    assert "without the user's settings" in voxco.call("300").steps[-1].what
    phone.power_off()
    world.advance(minutes=6)
    trace = voxco.call("300")
    assert trace.outcome == "nobody"
    assert "has been deleted" in trace.steps[-2].what
    assert trace.cause
    assert voxco.call("204").outcome == "voicemail"
    audit = voxco.reachability()
    assert {(orphan.kind, orphan.gone) for orphan in audit.orphans} == {
        ("node", anna.id),
        ("device", anna.id),
        ("mailbox", anna.id),
    }
    assert [trace.to for trace in audit.traces if trace.outcome == "nobody"] == ["300"]


def test_p5_a_switch_deletes_the_devices_too(world, voxco, anna):
    world.accounts.update(voxco, policy={"piston.user.delete.devices": "delete"})
    booted(world, voxco, "yealink-t46s", YEALINK, owner=anna)
    voxco.users.delete(anna)
    assert YEALINK not in voxco.devices


def test_p6_a_rename_is_stored_at_once_and_renames_nothing_else(voxco, anna):
    device = voxco.devices.add(model="yealink-t46s", mac=YEALINK, owner=anna, name="Front desk")
    voxco.users.update(anna, first_name="Unused", last_name="Phone")
    assert anna.name == "Unused Phone"
    assert (voxco.callflows["204"].name, voxco.mailboxes["204"].name, device.name) == ("204", "204", "Front desk")


def test_p7_an_aastra_shows_the_new_name_only_after_log_out_and_log_in(world, voxco, anna):
    phone = booted(world, voxco, "aastra-6731i", AASTRA)
    log_in(world, phone)
    voxco.users.update(anna, first_name="Ann")
    for _ in range(2):
        phone.power_cycle()
        world.settle()
        assert phone.screen.label == "Anna Lee"
    phone.log_out()
    world.settle()
    log_in(world, phone)
    assert phone.screen.label == "Ann Lee"


def test_p8_most_others_show_it_after_a_power_cycle(world, voxco, anna):
    phone = booted(world, voxco, "yealink-t54w", YEALINK, owner=anna)
    voxco.users.update(anna, first_name="Ann")
    world.advance(hours=2)
    assert phone.screen.label == "Anna Lee"
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Ann Lee"


def test_p9_a_named_device_never_shows_it(world, voxco, anna):
    phone = booted(world, voxco, "yealink-t46s", YEALINK, owner=anna, name="Front desk")
    voxco.users.update(anna, first_name="Ann")
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Front desk"


class TestP12LogInAtAnAastra:
    """P12: any user of the account, extension and voicemail PIN, at a phone that renders at log-in."""

    def test_without_a_log_in_it_has_no_file_and_asks(self, world, voxco, anna):
        phone = booted(world, voxco, "aastra-6867i", AASTRA, owner=anna)
        assert phone.screen.prompt is not None
        assert not phone.registered
        assert phone.screen.label == ""

    def test_a_wrong_pin_shows_on_the_screen_and_raises_nothing(self, world, voxco, anna):
        phone = booted(world, voxco, "aastra-6867i", AASTRA)
        log_in(world, phone, pin="9999")
        assert "Authentication failed" in phone.screen.text
        assert not anna.logins
        phone.press("Retry")
        world.settle()
        log_in(world, phone)
        assert phone.screen.label == "Anna Lee"

    def test_log_in_without_a_prompt_is_not_ready_and_says_what_the_screen_shows(self, world, voxco, anna):
        yealink = booted(world, voxco, "yealink-t46s", YEALINK, owner=anna)
        with pytest.raises(NotReady, match="Anna Lee"):
            yealink.log_in("204", "4711")
        with pytest.raises(NotReady):
            yealink.log_out()
        yealink.power_off()
        with pytest.raises(NotReady, match="no power"):
            yealink.log_in("204", "4711")

    def test_the_file_carries_the_visitors_name_whoever_owns_the_device(self, world, voxco, anna):
        bob = voxco.users.add("205", first_name="Bob", last_name="Ray", voicemail_pin="1234")
        phone = booted(world, voxco, "aastra-6731i", AASTRA, owner=bob)
        log_in(world, phone)
        assert phone.screen.label == "Anna Lee"
        assert phone.registered
        assert [login.kind for login in anna.logins] == ["hotdesk"]
        assert [login.kind for login in bob.logins] == ["registration"]

    def test_calls_to_the_visitor_ring_there_and_the_owners_do_not(self, world, voxco, anna):
        bob = voxco.users.add("205", first_name="Bob", last_name="Ray", voicemail_pin="1234")
        phone = booted(world, voxco, "aastra-6731i", AASTRA, owner=bob)
        log_in(world, phone)
        device = voxco.devices[AASTRA].id
        assert voxco.call("204").rings == (device,)
        assert voxco.call("205").outcome == "voicemail"
        phone.log_out()
        world.settle()
        assert voxco.call("204").outcome == "voicemail"

    def test_in_use_elsewhere_offers_override_which_logs_the_other_out(self, world, voxco, anna):
        booted(world, voxco, "yealink-t46s", YEALINK, owner=anna)  # registered for her: does not count as in use
        first = booted(world, voxco, "aastra-6731i", AASTRA)
        second = booted(world, voxco, "aastra-6867i", AASTRA_2)
        log_in(world, first)
        log_in(world, second)
        assert {"Override", "Close"} <= set(second.screen.soft_keys)
        assert "already in use" in second.screen.message
        second.press("Close")
        world.settle()
        assert second.screen.prompt is not None
        assert first.screen.label == "Anna Lee"
        log_in(world, second)
        second.press("Override")
        world.settle()
        assert second.screen.label == "Anna Lee"
        assert first.screen.prompt is not None, "the first phone was told, and asks again"
        assert [login.kind for login in anna.logins].count("hotdesk") == 1

    def test_a_power_cycle_does_not_ask_again(self, world, voxco, anna):
        phone = booted(world, voxco, "aastra-6731i", AASTRA)
        log_in(world, phone)
        phone.power_cycle()
        world.settle()
        assert phone.screen.prompt is None
        assert phone.screen.label == "Anna Lee"

    def test_log_out_asks_nothing_unregisters_and_brings_the_prompt_back(self, world, voxco, anna):
        phone = booted(world, voxco, "aastra-6867i", AASTRA)
        log_in(world, phone)
        assert voxco.devices[AASTRA].bindings
        phone.log_out()
        world.settle()
        assert not voxco.devices[AASTRA].bindings
        assert not anna.logins
        assert phone.screen.prompt is not None
        phone.power_cycle()
        world.settle()
        assert phone.screen.prompt is not None


def test_the_label_is_the_devices_name_then_the_users_then_the_accounts(world, voxco, anna):
    phone = booted(world, voxco, "yealink-t46s", YEALINK)
    assert phone.screen.label == "voxco"
    voxco.devices.update(YEALINK, owner=anna)
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Anna Lee"
    voxco.devices.update(YEALINK, name="Front desk")
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Front desk"


def test_the_mailbox_node_takes_a_message(voxco, anna):
    voxco.callflows.add("After hours", voicemail(anna), numbers=["300"])
    assert voxco.call("300").outcome == "voicemail"
