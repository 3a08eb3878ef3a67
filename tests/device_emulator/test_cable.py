"""A network cable that is pulled at the worst moment, and what comes of it."""

from __future__ import annotations

import pytest

from device_emulator import models
from device_emulator.messages import HttpRequest, PowerOn, SipRequest
from device_emulator.phone import new
from tests.device_emulator.desk import AASTRA_MAC, World, aastra, yealink

BRANDS = pytest.mark.parametrize("desk", [yealink, aastra])


@BRANDS
def test_without_a_network_nobody_reaches_it_and_it_reaches_nobody(desk):
    world = desk()
    world.plug_in()
    world.cable(on=False)
    here = world.phone
    world.ring()
    assert world.phone is here, "an INVITE is lost"
    world.give(HttpRequest(9, "GET", "http://x.phone/servlet?key=Reboot"))
    world.give(SipRequest(10, "NOTIFY", "sip:x", "sip:x", event="check-sync;reboot=true"))
    assert (world.phone, world.replies, world.answers) == (here, [], [])
    assert world.registers(lambda: world.advance(2 * 3600)) == [], "refreshes are lost as well"
    assert not world.phone.registered
    assert {line.state for line in world.phone.lines} == {"no-service"}
    assert world.phone.powered


@BRANDS
def test_what_was_asked_is_asked_again_when_the_cable_is_back(desk):
    """It was pulled while the first file was on its way."""
    world = desk()
    world.silent = True
    world.give(PowerOn())
    while world.phone.phase != "fetching":
        world.advance(1)
    asked = len(world.http)
    world.cable(on=False)
    world.advance(2)
    world.silent = False
    world.cable(on=True)
    assert len(world.http) > asked
    assert world.http[asked].url == world.http[asked - 1].url
    world.settle()
    assert world.phone.screen.label == "Bob"
    assert world.phone.registered


@BRANDS
def test_a_cable_that_goes_in_and_out_costs_nothing_and_breaks_nothing(desk):
    world = desk()
    world.give(PowerOn())
    for second in range(90):
        world.cable(on=second % 3 == 0)
        world.advance(1)
    world.cable(on=True)
    world.settle()
    world.advance(60)
    assert world.phone.registered
    assert world.phone.screen.label == "Bob"
    assert not world.phone.busy


@BRANDS
def test_an_old_configuration_is_kept_through_a_boot_without_a_network(desk):
    world = desk()
    world.plug_in()
    settings = world.phone.settings
    world.cable(on=False)
    world.power_cycle()
    assert world.phone.settings == settings
    assert world.phone.screen.label == "Bob"
    assert world.phone.phase == "idle"


def test_the_network_tells_a_phone_nothing_while_its_cable_is_out():
    world = World(new(models.find("aastra-6731i"), AASTRA_MAC))
    world.network(("66", "http://prov.example/p/"))
    world.files = aastra().files
    world.cable(on=False)
    world.plug_in()
    assert world.phone.phase == "no-server"
    assert world.phone.screen.message == "Network Disconnected"
    world.cable(on=True)
    world.settle()
    assert world.phone.screen.label == "Bob"


def test_the_second_row_gives_way():
    """Administrator guide 57i, 4-55."""
    world = aastra("aastra-6757i")
    world.files[f"{AASTRA_MAC.upper()}.cfg"] += "sip line1 screen name 2: Room 12\n"
    world.plug_in()
    assert "Room 12" in world.phone.screen.text
    world.cable(on=False)
    assert "Room 12" not in world.phone.screen.text
    assert "Network Disconnected" in world.phone.screen.text
