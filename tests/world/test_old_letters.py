"""A phone older than UTF-8: its files are written as it reads them."""

from __future__ import annotations

from pbxsim import World


def office(platform: str):
    world = World(seed=5)
    acme = world.accounts.add("acme", platform=platform)
    zoe = acme.users.add("1002", first_name="Zoë", last_name="Ünal", voicemail_pin="4321")
    line = acme.devices.add(model="aastra-480i", mac="00:08:5d:11:22:33", owner=zoe)
    phone = world.phones.add(line)
    phone.power_on()
    world.settle()
    return world, acme, zoe, phone


def test_an_umlaut_on_a_480i() -> None:
    """Its firmware reads ISO-8859-1; what cannot be said in that becomes a question mark."""
    world, acme, zoe, phone = office("jet")
    assert phone.screen.label == "Zoë Ünal"
    assert world.accounts["acme"].staleness().devices == ()
    acme.users.update(zoe, last_name="Иван")
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Zoë ????"


def test_a_file_that_is_kept_for_one_can_be_read_again() -> None:
    world, acme, zoe, phone = office("piston")
    phone.log_in("1002", "4321")
    world.settle()
    assert phone.screen.label == "Zoë Ünal"
    acme.users.update(zoe, last_name="Øst")
    world.advance(minutes=1)
    assert phone.screen.label == "Zoë Ünal", "written when he logged in"
    assert acme.staleness().devices
