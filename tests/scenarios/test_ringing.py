"""Emulated phones ring, are answered, dial and hang up; what their screens show is the proof.

A call takes time: `settle` plays it to its end, as nobody answers meanwhile; a moment is `advance`.
"""

from __future__ import annotations

import pytest

from pbxsim import Invalid, NotReady
from pbxsim.callflows import ring_group

YEALINK, SECOND, AASTRA = "80:5e:c0:44:55:66", "80:5e:c0:77:88:99", "00:08:5d:11:22:33"
NUMBER = "+61255501234"


@pytest.fixture
def acme(world):
    return world.accounts.add("acme", platform="jet")


def desk(world, account, extension, first, last, mac, model="yealink-t46s"):
    """A person, and his phone, which is up."""
    user = account.users.add(extension, first_name=first, last_name=last)
    phone = world.phones.add(account.devices.add(model=model, mac=mac, owner=user))
    phone.power_on()
    world.settle()
    return user, phone


@pytest.fixture
def phones(world, acme):
    """John's and Mary's."""
    _, john = desk(world, acme, "1002", "John", "Smith", YEALINK)
    _, mary = desk(world, acme, "1003", "Mary", "Jones", SECOND, "yealink-t54w")
    return john, mary


def moment(world):
    world.advance(seconds=1)


def idle(phone):
    screen = phone.screen
    return screen.call is None and screen.label != ""


def shown(phone):
    call = phone.screen.call
    return call and (call.state, call.number, call.name)


def test_one_dials_the_other_answers_and_the_first_hangs_up(world, phones):
    john, mary = phones
    john.dial("1003")
    moment(world)
    assert shown(john) == ("calling", "1003", "")
    assert shown(mary) == ("ringing", "1002", "John Smith")
    assert "John Smith" in mary.screen.text
    assert (mary.screen.message, mary.screen.label) == ("Incoming call", "")
    mary.answer()
    moment(world)
    assert [phone.screen.call.state for phone in phones] == ["talking", "talking"]
    world.advance(minutes=5)
    john.hang_up()
    moment(world)
    assert idle(john)
    assert idle(mary)
    assert john.registered
    assert mary.registered


def test_the_other_side_may_hang_up_too(world, phones):
    john, mary = phones
    john.dial("1003")
    moment(world)
    mary.answer()
    moment(world)
    mary.hang_up()
    moment(world)
    assert idle(john)
    assert idle(mary)


def test_whoever_hangs_up_before_an_answer_stops_the_ringing(world, phones):
    john, mary = phones
    john.dial("1003")
    moment(world)
    john.hang_up()
    moment(world)
    assert idle(john)
    assert idle(mary)


def test_nobody_answers_and_the_phone_is_idle_again(world, phones):
    john, mary = phones
    john.dial("1003")
    moment(world)
    assert shown(mary)
    world.settle()
    assert idle(mary)  # its time was up: the call has gone on to her voicemail
    assert shown(john) in (None, ("talking", "1003", ""))


def test_in_a_ring_group_the_second_phone_stops_when_the_first_answers(world, acme, phones):
    john, mary = phones
    anna, phone = desk(world, acme, "1004", "Anna", "Lee", AASTRA, "aastra-6731i")
    everybody = acme.callflows.add("Sales", ring_group(acme.users["1003"], anna))
    acme.numbers.add(NUMBER, callflow=everybody)
    john.dial(NUMBER)
    moment(world)
    assert shown(mary) == shown(phone) == ("ringing", "1002", "John Smith")
    phone.answer()
    moment(world)
    assert shown(phone) == ("talking", "1002", "John Smith")
    assert idle(mary)
    john.hang_up()
    moment(world)
    assert idle(phone)


def test_two_who_answer_in_the_same_moment(world, acme, phones):
    """The second's 200 and his CANCEL cross on the wire: the PBX ends what it no longer wants."""
    john, mary = phones
    anna, phone = desk(world, acme, "1004", "Anna", "Lee", AASTRA, "aastra-6731i")
    acme.numbers.add(NUMBER, callflow=acme.callflows.add("Sales", ring_group(acme.users["1003"], anna)))
    john.dial(NUMBER)
    moment(world)
    phone.answer()
    mary.answer()
    moment(world)
    assert sorted(str(shown(one)) for one in (phone, mary)) == ["('talking', '1002', 'John Smith')", "None"]
    assert john.screen.call.state == "talking"


def test_a_power_cut_while_it_rings(world, phones):
    john, mary = phones
    john.dial("1003")
    moment(world)
    mary.power_cycle()
    world.settle()
    assert idle(mary)
    assert mary.registered
    john.power_off()
    assert not john.screen.on
    john.power_on()
    world.settle()
    assert idle(john)


def test_a_power_cut_in_the_middle_of_a_call(world, phones):
    john, mary = phones
    john.dial("1003")
    moment(world)
    mary.answer()
    moment(world)
    mary.power_off()
    moment(world)
    assert john.screen.call.state == "talking"  # nothing has told him
    john.hang_up()
    mary.power_on()
    world.settle()
    assert idle(john)
    assert idle(mary)
    john.dial("1003")
    moment(world)
    assert shown(mary) == ("ringing", "1002", "John Smith")


def test_a_call_that_is_rejected_goes_on_without_the_phone(world, phones):
    john, mary = phones
    john.dial("1003")
    moment(world)
    mary.reject()
    moment(world)
    assert idle(mary)
    assert shown(john) != ("ringing", "1002", "John Smith")


def test_a_number_that_nobody_has(world, phones):
    john, _ = phones
    john.dial("9999")
    moment(world)
    assert (john.screen.message, shown(john)) == ("Not found (404)", ("ended", "9999", ""))
    john.press("OK")
    moment(world)
    assert idle(john)


def test_what_is_not_on_the_screen_cannot_be_pressed(world, phones):
    john, mary = phones
    for attempt in (john.answer, john.reject, john.hang_up, lambda: john.press("5")):
        with pytest.raises(NotReady, match="John Smith"):
            attempt()
    john.dial("1003")
    moment(world)
    for attempt in (john.answer, lambda: john.dial("1004"), lambda: mary.dial("1004"), mary.hang_up):
        with pytest.raises(NotReady, match=r"1003|1002"):
            attempt()
    mary.answer()
    moment(world)
    with pytest.raises(NotReady):
        mary.reject()
    with pytest.raises(Invalid, match="nonsense"):
        mary.press("nonsense")
    john.power_off()
    for attempt in (lambda: john.dial("1003"), john.answer, john.hang_up):
        with pytest.raises(NotReady, match="no power"):
            attempt()


@pytest.mark.parametrize("number", ["", "+", "sip:1003@acme", "1003\n", "1" * 33, "John"])
def test_what_no_telephone_has_keys_for(phones, number):
    john, _ = phones
    with pytest.raises(Invalid) as refusal:
        john.dial(number)
    assert [fault.pointer for fault in refusal.value.faults] == ["/number"]
    assert idle(john)


def test_numbers_are_dialled_as_people_write_them(world, acme, phones):
    john, mary = phones
    acme.numbers.add(NUMBER, callflow=acme.callflows.add("Mary", ring_group(acme.users["1003"])))
    john.dial("+61 (2) 5550-1234")
    moment(world)
    assert john.screen.call.number == NUMBER
    assert shown(mary) == ("ringing", "1002", "John Smith")


def test_without_a_line_nobody_dials(world, acme):
    phone = world.phones.add(acme.devices.add(model="yealink-t46s", mac=YEALINK))
    with pytest.raises(NotReady, match="no power"):
        phone.dial("1003")
    phone.power_on()
    world.settle()  # Jet: a device without an owner does not register
    with pytest.raises(NotReady, match="refused"):
        phone.dial("1003")


def test_a_new_name_waits_for_the_end_of_the_call(world, acme, phones):
    john, mary = phones
    john.dial("1003")
    moment(world)
    mary.answer()
    moment(world)
    acme.users.update("1003", first_name="Maria")
    acme.devices.sync(acme.devices[SECOND])
    world.settle()
    assert shown(mary) == ("talking", "1002", "John Smith")
    john.hang_up()
    world.settle()
    assert mary.screen.label == "Maria Jones"


def test_a_check_sync_with_a_reboot_waits_too(world, acme, phones):
    john, mary = phones
    john.dial("1003")
    moment(world)
    mary.answer()
    moment(world)
    acme.devices.sync(acme.devices[SECOND], reboot=True)
    world.settle()
    assert (mary.phase, shown(mary)) == ("idle", ("talking", "1002", "John Smith"))
    mary.hang_up()
    assert mary.phase == "booting"
    world.settle()
    assert idle(mary)
    assert idle(john)
