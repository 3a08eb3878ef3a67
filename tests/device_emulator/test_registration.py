"""Lines: register, refresh, be refused, change, and be left behind by a power cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from device_emulator.messages import SipReply
from device_emulator.phone import step

Make = Callable[..., str]
Y = "805ec0112233"


def test_the_request_says_who_and_where(t46s: Any) -> None:
    t46s.plug_in()
    (request,) = t46s.sip
    assert (request.method, request.uri, request.aor) == ("REGISTER", "sip:pbx.example", "sip:204@pbx.example")
    assert request.contact == f"sip:204@{Y}.phone"
    assert request.expires == 3600
    assert request.credentials is None
    assert request.user_agent == "Yealink SIP-T46S 66.86.0.15"


def test_a_challenge_is_answered_and_a_refresh_is_not_challenged(t46s: Any) -> None:
    t46s.passwords["204"] = "secret"
    t46s.plug_in()
    assert [request.credentials is not None for request in t46s.sip] == [False, True]
    assert t46s.phone.registered
    assert t46s.registers(lambda: t46s.advance(1801)) == [("204", 3600)]
    assert t46s.sip[-1].credentials is not None


def test_a_refresh_comes_at_half_of_what_was_granted(t46s: Any) -> None:
    t46s.granted = 60
    t46s.plug_in()
    assert t46s.phone.due - t46s.now == 30_000
    assert len(t46s.registers(lambda: t46s.advance(29))) == 0
    assert len(t46s.registers(lambda: t46s.advance(1))) == 1
    assert len(t46s.registers(lambda: t46s.advance(300))) == 10


def test_a_wrong_password_is_refused_after_two_challenges(t46s: Any) -> None:
    t46s.passwords["204"] = "other"
    t46s.plug_in()
    assert len(t46s.sip) == 2
    assert t46s.phone.screen.message == "Registration refused (401)"
    assert [line.state for line in t46s.phone.screen.lines] == ["refused"]


@pytest.mark.parametrize("status", [403, 404, 423, 503])
def test_a_refused_line_says_so_and_tries_again(t46s: Any, status: int) -> None:
    t46s.refuse = status
    t46s.plug_in()
    assert t46s.phone.screen.message == f"Registration refused ({status})"
    assert t46s.phone.screen.label == "Bob"
    assert not t46s.phone.busy
    t46s.refuse = 0
    t46s.advance(30)
    assert t46s.phone.registered
    assert t46s.phone.screen.message == ""


def test_no_answer_is_no_service(t46s: Any) -> None:
    t46s.plug_in()
    t46s.silent = True
    t46s.advance(1800 + 30)
    assert not t46s.phone.registered
    assert t46s.phone.screen.message == "No Service"
    assert [line.state for line in t46s.phone.screen.lines] == ["unregistered"]
    t46s.silent = False
    t46s.advance(30)
    assert t46s.phone.registered


def test_changed_credentials_register_anew_without_a_farewell(t46s: Any, make_yealink_file: Make) -> None:
    t46s.plug_in()
    t46s.files[f"{Y}.cfg"] = make_yealink_file().replace("secret", "newer")
    assert t46s.registers(t46s.check_sync) == [("204", 3600)]


def test_another_user_says_farewell_for_the_old_one(t46s: Any, make_yealink_file: Make) -> None:
    t46s.plug_in()
    t46s.files[f"{Y}.cfg"] = make_yealink_file(user="205")
    assert t46s.registers(t46s.check_sync) == [("204", 0), ("205", 3600)]
    assert t46s.aors == {"sip:205@pbx.example"}


def test_two_lines_that_change_places_stay_registered(t46s: Any, make_yealink_file: Make) -> None:
    def file(first: str, second: str) -> str:
        more = {"enable": "1", "label": "Two", "user_name": second, "sip_server.1.address": "pbx.example"}
        return make_yealink_file(user=first) + "".join(f"account.2.{key} = {more[key]}\n" for key in more)

    t46s.files[f"{Y}.cfg"] = file("204", "205")
    t46s.plug_in()
    t46s.files[f"{Y}.cfg"] = file("205", "204")
    assert t46s.registers(t46s.check_sync) == [("205", 3600), ("204", 3600)]
    assert t46s.aors == {"sip:204@pbx.example", "sip:205@pbx.example"}
    assert t46s.phone.screen.rows == ("Bob", "Two")


def test_a_disabled_line_leaves(t46s: Any) -> None:
    t46s.plug_in()
    t46s.files[f"{Y}.cfg"] += "account.1.enable = 0\n"
    assert t46s.registers(t46s.check_sync) == [("204", 0)]
    assert t46s.phone.screen.lines == ()
    assert not t46s.phone.registered
    assert t46s.phone.due is None


def test_a_power_cut_leaves_a_ghost_and_the_phone_finds_its_way_back(t46s: Any) -> None:
    t46s.plug_in()
    assert t46s.registers(t46s.unplug) == []
    assert t46s.bindings
    assert t46s.registers(t46s.plug_in) == [("204", 3600)]


def test_an_answer_to_an_old_register_is_dropped(t46s: Any) -> None:
    t46s.plug_in()
    phone = t46s.phone
    assert step(phone, SipReply(t46s.sip[0].id, 403), t46s.now) == (phone, ())
