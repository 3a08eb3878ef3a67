"""The network cable of a phone in a world: who notices, and when."""

from __future__ import annotations

import pytest

from pbxsim import World


@pytest.fixture
def office():
    world = World(seed=5)
    acme = world.accounts.add(name="Acme", platform="jet")
    john, mary = (
        acme.users.add(first_name=first, last_name="Doe", extension=number)
        for first, number in (("J", "204"), ("M", "205"))
    )
    phones = []
    for user, mac in ((john, "80:5e:c0:11:22:33"), (mary, "80:5e:c0:11:22:44")):
        phone = world.phones.add(acme.devices.add(model="yealink-t46s", mac=mac, owner=user))
        phone.power_on()
        phones.append(phone)
    world.settle()
    return world, acme, john, phones


def test_the_pbx_learns_nothing_until_the_registration_expires(office):
    world, acme, john, (phone, _) = office
    phone.network_off()
    assert phone.screen.message == "Network unavailable"
    assert john.logins, "the PBX still believes in it"
    world.advance(minutes=61)
    assert not john.logins
    assert not phone.registered
    phone.network_on()
    world.settle()
    assert phone.registered
    assert john.logins


def test_a_change_reaches_it_when_the_cable_is_back_and_it_is_told_again(office):
    world, acme, john, (phone, _) = office
    phone.network_off()
    acme.users.update(john, first_name="Jim")
    world.settle()
    shown = phone.screen.label
    phone.network_on()
    world.settle()
    assert phone.screen.label == shown, "a lost NOTIFY is lost"
    phone.power_cycle()
    world.settle()
    assert "Jim" in phone.screen.label


def test_a_call_to_it_is_not_heard(office):
    world, _, _, (phone, hers) = office
    phone.network_off()
    hers.dial("204")
    world.advance(seconds=2)
    assert phone.screen.call is None
    assert hers.screen.call is not None
    hers.hang_up()
    world.settle()
    assert not world.state.pbx.calls


def test_in_a_call_it_is_silent_and_the_other_side_hangs_up(office):
    world, _, _, (phone, hers) = office
    hers.dial("204")
    world.advance(seconds=2)
    phone.answer()
    world.advance(seconds=2)
    phone.network_off()
    world.advance(seconds=2)
    hers.hang_up()
    world.settle()
    assert not world.state.pbx.calls
    assert phone.screen.call is not None, "the BYE was lost"
    phone.hang_up()
    phone.network_on()
    world.settle()
    assert phone.screen.call is None
    hers.dial("204")
    world.advance(seconds=2)
    assert phone.screen.call is not None


def test_the_phones_own_web_server_is_gone_too(office):
    _, _, _, (phone, _) = office
    phone.network_off()
    assert phone.visit("/").status == 0


def test_another_network_does_not_put_the_cable_in(office):
    world, acme, john, (phone, _) = office
    phone.network_off()
    phone.connect({"66": "http://elsewhere.example/"})
    world.network.offer({"66": "http://nowhere.example/"})
    assert not phone.snapshot().place.connected


def test_a_year_without_a_network_and_back(office):
    """Leaps over refreshes are for phones that refresh."""
    world, acme, john, (phone, hers) = office
    phone.network_off()
    world.advance(days=2)
    assert hers.registered
    assert not phone.registered
    assert not john.logins
    phone.network_on()
    world.settle()
    assert john.logins
