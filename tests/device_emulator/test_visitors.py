"""A visitor at a Mitel: what goes wrong on the way in, and on the way out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.device_emulator.facts.aastra_visitors import USERS, visited


def test_a_reboot_in_the_middle_of_a_log_in_is_the_end_of_it() -> None:
    desk = visited(log_in=False)
    desk.press("Login")
    desk.silent = True
    from device_emulator.messages import Typed

    desk.give(Typed(("john", "1234")))
    assert desk.phone.visit is not None
    desk.silent = False
    desk.power_cycle()
    assert (desk.phone.visit, desk.phone.flash.visitor) == (None, None)
    assert desk.phone.screen.label == "Visitor"


@pytest.mark.parametrize(("status", "said"), [(404, "Unknown user"), (500, "Cannot log in (the server answered 500)")])
def test_nobody_is_logged_in_without_a_file(status: int, said: str) -> None:
    desk = visited(log_in=False)
    desk.statuses[USERS + "john.cfg"] = status
    desk.press("Login")
    desk.type("john", "1234")
    assert (desk.phone.screen.message, desk.phone.flash.visitor) == (said, None)


def test_whom_he_has_spoken_with_is_nobody_elses_business() -> None:
    desk = visited()
    desk.ring()
    desk.ask("CANCEL")
    assert desk.phone.flash.callers == ("1002",)
    desk.press("Logout")
    assert desk.phone.flash.callers == ()


def test_without_a_local_file_he_begins_anew() -> None:
    desk = visited(log_in=False)
    del desk.files[USERS + "john_local.cfg"]
    desk.press("Login")
    desk.type("john", "1234")
    assert (desk.phone.screen.label, desk.phone.settings.get("tone set")) == ("John", "")


@pytest.mark.parametrize(("status", "label"), [(500, "John"), (404, "Visitor")])
def test_after_a_power_cut_a_server_that_is_away_lets_him_stay(status: int, label: str) -> None:
    desk = visited()
    desk.statuses[USERS + "john.cfg"] = status
    desk.power_cycle()
    assert desk.phone.screen.label == label


def test_settings_that_cannot_be_uploaded_are_said_to_be_lost() -> None:
    desk = visited()
    desk.statuses[USERS + "john_local.cfg"] = 500
    desk.passwords_of_users["john"] = "changed meanwhile"
    desk.press("Logout")
    assert desk.phone.screen.label == "Visitor"
    assert desk.phone.screen.message.startswith("User settings not saved")
    assert desk.phone.flash.visitor is None


@pytest.mark.parametrize("name", ["../startup", "a/b", "x?y=1", "é ü", "n" * 500, "#"])
def test_a_name_is_one_file_of_that_server(name: str) -> None:
    desk = visited(log_in=False)
    desk.press("Login")
    fetched = desk.fetched(lambda: desk.type(name, "1234"))
    assert fetched
    for url in fetched:
        assert url.startswith(USERS)
        assert not set(url.removeprefix(USERS)) & set("/?#")


def test_somebody_else_takes_his_place_by_xml() -> None:
    from tests.device_emulator.facts.aastra_visitors import BY_XML

    desk = visited()
    desk.passwords_of_users["mary"] = ""
    desk.files[USERS + "mary.cfg"] = "sip line1 user name: 205\nsip line1 screen name: Mary\n"
    from device_emulator.messages import SipRequest

    desk.give(SipRequest(1, "NOTIFY", "", "", event="aastra-xml", body=BY_XML.format("mary").encode()))
    desk.settle()
    assert desk.phone.screen.label == "Mary"
    assert desk.aors == {"sip:205@pbx.example"}


def test_without_a_server_for_users_the_key_says_so() -> None:
    desk = visited(log_in=False)
    desk.files["startup.cfg"] = desk.files["startup.cfg"].replace("user config url", "other url")  # type: ignore[union-attr,arg-type]
    desk.power_cycle()
    desk.press("Login")
    assert desk.phone.screen.message == "No user configuration server"
    assert desk.phone.screen.prompt is None


def test_his_file_cannot_move_the_phone_to_another_server() -> None:
    desk = visited(log_in=False)
    desk.files[USERS + "john.cfg"] += "http server: evil.example\nvlan id: 7\n"  # type: ignore[operator]
    desk.press("Login")
    desk.type("john", "1234")
    settings: Any = desk.phone.settings
    assert (settings.get("http server"), settings.get("vlan id")) == ("", "")
