"""Logins: what the PBX believes, what the phone believes, and when they differ."""

from __future__ import annotations

import pytest

MAC = "80:5e:c0:11:22:33"


@pytest.fixture(params=["jet", "piston"])
def office(request, world):
    account = world.accounts.add("acme", platform=request.param)
    john = account.users.add("1002", first_name="John", last_name="Smith")
    phone = world.phones.add(account.devices.add(model="yealink-t46s", mac=MAC, owner=john))
    phone.power_on()
    world.settle()
    return account, john, phone


def test_a_registration_lives_as_long_as_the_platform_grants(world, office):
    account, john, phone = office
    lifetime = {"jet": 3600, "piston": 300}[account.platform]
    binding = account.devices[MAC].bindings[0]
    granted = (binding.expires - binding.since) // 1000
    assert granted == lifetime
    phone.power_off()
    left = (binding.expires - world.state.now) / 1000
    world.advance(seconds=left - 1)
    assert john.logins
    assert phone.phase == "off"
    world.advance(seconds=1)
    assert not john.logins


def test_a_powered_phone_refreshes_for_ever_and_is_one_login(world, office):
    account, john, phone = office
    since = john.logins[0].since
    world.advance(days=3)
    assert len(john.logins) == 1
    assert john.logins[0].since == since
    assert john.logins[0].expires > world.state.now


def test_history_keeps_registrations_but_not_their_refreshes(world, office):
    account, john, phone = office
    world.advance(days=1)
    kinds = [record.event.kind for record in world.state.history.values()]
    assert kinds.count("device.registered") == 1
    phone.power_off()
    world.advance(days=1)
    kinds = [record.event.kind for record in world.state.history.values()]
    assert kinds.count("device.unregistered") == 1


def test_wrong_sip_credentials_are_refused(world, office):
    account, john, phone = office
    account.devices.update(MAC, settings={"yealink": {"account.1.password": "wrong"}})
    phone.power_cycle()
    world.settle()
    assert not phone.registered
    assert phone.screen.message == "Registration refused (403)"
    world.advance(hours=2)
    assert not john.logins, "what was bound before has expired"


def test_a_deleted_device_is_refused_and_the_screen_says_so(world, office):
    account, john, phone = office
    account.devices.delete(MAC)
    assert not john.logins
    world.advance(hours=1)
    assert not phone.registered
    assert phone.screen.message == "Registration refused (403)"


def test_where_the_account_is_gone_nobody_is_found(world, office):
    account, john, phone = office
    world.accounts.delete(account)
    world.advance(hours=1)
    assert phone.screen.message == "Registration refused (404)"
