"""Aastra and Mitel: how it finds its server."""

from __future__ import annotations

from device_emulator.firmware import aastra_discovery as known
from tests.device_emulator.desk import AASTRA_MAC, World, aastra, aastra_file, world
from tests.device_emulator.facts.proofs import proves

OWN = f"{AASTRA_MAC.upper()}.cfg"
REDIRECT = f"https://rcs.aastra.example/{AASTRA_MAC.upper()}"


def first(desk: World) -> str:
    """The first URL that the phone asks for in a boot."""
    before = len(desk.http)
    desk.power_cycle()
    return next((request.url for request in desk.http[before:]), "")


@proves(known.ORDER)
def option_43_before_66_before_159_before_160() -> None:
    desk = aastra()
    offers = [("160", "http://o160/"), ("159", "http://o159/"), ("66", "http://o66/"), ("43", "http://o43/")]
    hosts = []
    while offers:
        desk.network(*offers)
        hosts.append(first(desk).split("/")[2])
        offers.pop()
    assert hosts == ["o43", "o66", "o159", "o160"]


@proves(known.OVERRIDE)
def dhcp_is_left_alone_when_the_configuration_says_so() -> None:
    desk = aastra()
    desk.files[OWN] = aastra_file("Bob", "204", "dhcp config option override: -1")
    desk.plug_in()
    desk.network(("43", "http://o43/"))
    assert first(desk).startswith("http://prov.example/")
    desk.files[OWN] = aastra_file("Bob", "204", "dhcp config option override: 159")
    desk.network()
    desk.power_cycle()
    desk.network(("43", "http://o43/"), ("159", "http://o159/"))
    assert first(desk).startswith("http://o159/")


@proves(known.CONTACT_RCS, known.REDIRECTOR)
def out_of_its_box_it_asks_the_redirection_server() -> None:
    desk = world("aastra-6731i")
    desk.redirects[REDIRECT] = "http://prov.example/x"
    assert first(desk) == REDIRECT
    assert desk.phone.flash.url == "http://prov.example/x/"


@proves(known.RCS_WITHOUT_SERVER)
def but_not_where_dhcp_offers_one() -> None:
    desk = world("aastra-6731i")
    desk.network(("66", "http://o66/"))
    assert first(desk).startswith("http://o66/")


@proves(known.VALIDATE)
def certificates_count_until_it_is_told_otherwise() -> None:
    desk = aastra()
    desk.certificate = "expired"
    desk.plug_in()
    assert desk.phone.report is not None
    assert desk.phone.report.outcome == "failed"
    desk.certificate = ""
    desk.files[OWN] = aastra_file("Bob", "204", "https validate expires: 0")
    desk.power_cycle()
    desk.certificate = "expired"
    desk.files[OWN] = aastra_file("Ann")
    desk.power_cycle()
    assert desk.phone.screen.label == "Ann"
