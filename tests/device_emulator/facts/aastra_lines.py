"""Aastra and Mitel: lines, and programmable keys."""

from __future__ import annotations

from device_emulator.firmware import aastra_keys as known
from tests.device_emulator.desk import AASTRA_MAC, World, aastra
from tests.device_emulator.facts.aastra_files import released
from tests.device_emulator.facts.proofs import proves

OWN = f"{AASTRA_MAC.upper()}.cfg"


def with_file(*lines: str, model: str = "aastra-6731i") -> World:
    """A phone that is up, with these lines as its own file."""
    desk = aastra(model)
    desk.files[OWN] = "\n".join(lines)
    desk.plug_in()
    return desk


@proves(known.LINE_FIRST)
def its_own_before_the_global() -> None:
    desk = with_file(
        "sip line1 user name: 204",
        "sip line2 user name: 205",
        "sip registrar ip: pbx.example",
        "sip line2 registrar ip: other.example",
    )
    assert desk.aors == {"sip:204@pbx.example", "sip:205@other.example"}


@proves(known.SCREEN_NAME)
def the_screen_name_is_shown() -> None:
    desk = with_file("sip line1 user name: 204", "sip line1 display name: Display", "sip line1 screen name: Screen")
    assert desk.phone.screen.label == "Screen"
    desk.files[OWN] = "sip line1 user name: 204\nsip line1 display name: Display\n"
    desk.power_cycle()
    assert desk.phone.screen.label == "Display"


@proves(known.SECOND_ROW)
def the_second_row_makes_way_for_a_message() -> None:
    desk = with_file(
        "sip line1 user name: 204",
        "sip line1 screen name: Bob",
        "sip line1 screen name 2: Ext 204",
        "sip registrar ip: pbx.example",
    )
    assert desk.phone.screen.rows[:2] == ("Bob", "Ext 204")
    desk.files["aastra.cfg"] = "#\n"
    desk.silent = True
    desk.power_cycle()
    assert "Ext 204" not in desk.phone.screen.rows
    assert desk.phone.screen.message != ""


@proves(known.NOWHERE)
def nowhere_is_no_registrar() -> None:
    desk = with_file("sip line1 user name: XXNAXX", "sip registrar ip: 0.0.0.0")
    assert not desk.sip
    assert (desk.phone.screen.label, desk.phone.screen.message) == ("XXNAXX", "")


@proves(known.EXPIRES)
def an_hour() -> None:
    desk = with_file("sip line1 user name: 204", "sip registrar ip: pbx.example")
    assert desk.sip[0].expires == 3_600


@proves(known.KEY_LOCKED)
def a_locked_key_is_the_servers() -> None:
    desk = with_file("prgkey2 type: speeddial", "prgkey2 value: 201")
    desk.set_locally("prgkey2 value", "900")
    assert desk.phone.keys[0].value == "900"
    desk.files[OWN] += "\nprgkey2 locked: 1\n"
    desk.power_cycle()
    assert desk.phone.keys[0].value == "201"
    desk.set_locally("prgkey2 value", "901")
    assert desk.phone.keys[0].value == "201"


@proves(known.KEY_STATES, known.STATES)
def a_soft_key_is_there_when_it_is_for() -> None:
    desk = with_file(
        "softkey1 type: speeddial",
        "softkey1 label: Park",
        "softkey1 states: connected",
        "softkey2 type: speeddial",
        "softkey2 label: Ann",
        model="aastra-6867i",
    )
    assert desk.phone.screen.soft_keys == ("Ann",)


@proves(known.FORCE_LOGIN)
def a_log_in_key_for_a_phone_that_nobody_knows() -> None:
    """The flow of a client management system: default profile, Log In, own profile."""
    desk = aastra("aastra-6867i")
    desk.files = {"aastra.cfg": "http digest force login: 1\n"}
    desk.web_login = ("aastra", "aastra")
    desk.plug_in()
    assert desk.phone.screen.soft_keys == ("Log In",)
    desk.press("Log In")
    prompt = desk.phone.screen.prompt
    assert prompt is not None
    assert prompt.fields == ("Username", "Password")
    desk.web_login = ("bob@example.com", "s3cret")
    desk.files = {"aastra.cfg": "http digest force login: 0\nsip line1 user name: 204\nsip line1 screen name: Bob\n"}
    desk.type("bob@example.com", "s3cret")
    assert (desk.phone.screen.label, desk.phone.screen.soft_keys) == ("Bob", ())


@proves(known.VISITOR_KEY)
def a_visitors_key_from_4_0_on() -> None:
    for version, names in (("4.0.0.3020", ["softkey1"]), ("3.3.1.4322", [])):
        desk = released(version, "aastra-6867i")
        desk.files[OWN] = "softkey1 type: hotdesklogin\n"
        desk.plug_in()
        assert [key.name for key in desk.phone.keys] == names, version
