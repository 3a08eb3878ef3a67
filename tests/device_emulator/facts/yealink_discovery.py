"""Yealink: how it finds its server."""

from __future__ import annotations

from device_emulator.firmware import yealink_discovery as known
from tests.device_emulator.desk import YEALINK_MAC, World, world, yealink, yealink_file
from tests.device_emulator.facts.proofs import proves

REDIRECT = f"https://rps.yealink.example/{YEALINK_MAC}"
OWN = f"{YEALINK_MAC}.cfg"


def first(desk: World) -> str:
    """The first URL that the phone asks for in a boot."""
    before = len(desk.http)
    desk.power_cycle()
    return next((request.url for request in desk.http[before:]), "")


@proves(known.ORDER)
def plug_and_play_before_custom_before_66_before_43() -> None:
    desk = yealink()
    desk.files[OWN] = yealink_file(static__auto_provision__dhcp_option__list_user_options="128-254")
    desk.plug_in()
    offers = [("43", "http://o43/"), ("66", "http://o66/"), ("160", "http://o160/"), ("pnp", "http://pnp/")]
    hosts = []
    while offers:
        desk.network(*offers)
        hosts.append(first(desk).split("/")[2])
        offers.pop()
    assert hosts == ["pnp", "o160", "o66", "o43"]


@proves(known.NETWORK_FIRST)
def option_66_counts_more_than_what_was_staged() -> None:
    desk = yealink()
    desk.network(("66", "http://elsewhere/"))
    assert first(desk) == f"http://elsewhere/{YEALINK_MAC}.boot"
    desk.network()
    assert first(desk) == f"http://prov.example/p/{YEALINK_MAC}.boot"


@proves(known.CUSTOM_OPTIONS)
def a_custom_option_is_read_only_when_it_is_listed() -> None:
    desk = yealink()
    desk.network(("160", "http://o160/"))
    assert first(desk).startswith("http://prov.example/")
    desk.network()
    desk.files[OWN] = yealink_file(static__auto_provision__dhcp_option__list_user_options="43,158-161")
    desk.power_cycle()
    desk.network(("160", "http://o160/"))
    assert first(desk).startswith("http://o160/")


@proves(known.PNP)
def plug_and_play_can_be_switched_off() -> None:
    desk = yealink()
    desk.files[OWN] = yealink_file(static__auto_provision__pnp_enable="0")
    desk.network(("pnp", "http://pnp/"))
    assert first(desk).startswith("http://pnp/")
    desk.network()
    desk.power_cycle()
    desk.network(("pnp", "http://pnp/"))
    assert first(desk).startswith("http://prov.example/")


@proves(known.DHCP)
def dhcp_options_can_be_switched_off() -> None:
    desk = yealink()
    desk.files[OWN] = yealink_file(static__auto_provision__dhcp_option__enable="0")
    desk.network(("66", "http://o66/"))
    assert first(desk).startswith("http://o66/")
    desk.network()
    desk.power_cycle()
    desk.network(("66", "http://o66/"))
    assert first(desk).startswith("http://prov.example/")


@proves(known.REDIRECT_ONCE, known.REDIRECTOR)
def out_of_its_box_it_asks_the_redirect_service_and_remembers_the_answer() -> None:
    desk = world("yealink-t46s")
    desk.redirects[REDIRECT] = "https://me:pw@prov.example/x"
    assert first(desk) == REDIRECT
    assert desk.phone.flash.url == "https://prov.example/x/"
    assert (desk.phone.flash.username, desk.phone.flash.password) == ("me", "pw")
    assert first(desk) == f"https://prov.example/x/{YEALINK_MAC}.boot"
    desk.factory_reset()
    assert desk.http[-1].url.startswith("https://prov.example/x/")
    assert [request.url for request in desk.http].count(REDIRECT) == 2


@proves(known.TRUST)
def certificates_count_until_it_is_told_otherwise() -> None:
    desk = yealink()
    desk.certificate = "expired"
    desk.plug_in()
    assert desk.phone.report is not None
    assert desk.phone.report.outcome == "failed"
    assert "expired" in desk.phone.report.reason
    desk.certificate = ""
    desk.files[OWN] = yealink_file(security__trust_certificates="0")
    desk.power_cycle()
    desk.certificate = "expired"
    desk.files[OWN] = yealink_file("Ann")
    desk.power_cycle()
    assert desk.phone.screen.label == "Ann"
