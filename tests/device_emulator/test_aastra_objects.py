"""XML objects and action URIs on an Aastra: what no fact says by itself, but a person at the phone would notice."""

from __future__ import annotations

from typing import Any

import pytest

from device_emulator.messages import HttpRequest, SipRequest
from tests.device_emulator.facts.aastra_xml import FORM, HOST, NEWS, does, sets, with_key


@pytest.fixture
def desk() -> Any:
    """A phone that is up; its key 1 fetches what a test puts at `x`."""
    return with_key("", "sip xml notify event: 1", "xml application post list: s")


def fetches(desk: Any, answer: str) -> None:
    desk.files[HOST + "x"] = answer
    desk.press("prgkey1")


def test_a_menu_an_item_of_which_is_fetched(desk: Any) -> None:
    item = f"<MenuItem base='{HOST}'><Prompt>One</Prompt><URI>one</URI></MenuItem>"
    fetches(desk, f"<AastraIPPhoneTextMenu><Title>Pick</Title>{item}</AastraIPPhoneTextMenu>")
    assert desk.phone.screen.soft_keys == ("One",)
    assert desk.fetched(lambda: desk.press("One")) == [HOST + "one"]


def test_lines_that_scroll_between_lines_that_do_not(desk: Any) -> None:
    fetches(
        desk,
        "<AastraIPPhoneFormattedTextScreen><Line>Top</Line><Scroll><Line>Middle</Line></Scroll><Line>End</Line>"
        "</AastraIPPhoneFormattedTextScreen>",
    )
    assert desk.phone.pages[-1].text == "Top\nMiddle\nEnd"


def test_a_directory_whose_entry_is_dialled(desk: Any) -> None:
    fetches(
        desk,
        "<AastraIPPhoneDirectory><Title>People</Title><MenuItem><Prompt>Ann</Prompt><URI>1003</URI></MenuItem>"
        "</AastraIPPhoneDirectory>",
    )
    desk.press("Ann")
    assert desk.phone.call.number == "1003"


def test_leaving_by_exit_fetches_what_the_page_wants_then(desk: Any) -> None:
    fetches(desk, FORM.format(f"cancelAction='{HOST}cancelled'", "string"))
    assert desk.fetched(lambda: desk.press("Exit")) == [HOST + "cancelled"]
    assert desk.phone.pages == ()


def test_a_field_that_cannot_be_edited_keeps_what_stands_there(desk: Any) -> None:
    field = "<InputField editable='no'><Parameter>a</Parameter><Default>1</Default></InputField>"
    other = "<InputField type='empty'/><InputField><Parameter>b</Parameter></InputField>"
    form = f"<AastraIPPhoneInputScreen><URL>{HOST}w</URL>{field}{other}</AastraIPPhoneInputScreen>"
    fetches(desk, form)
    assert desk.fetched(lambda: desk.type("9", "2")) == [HOST + "w?a=1&b=2"]


def test_an_object_presses_keys_dials_and_switches_leds(desk: Any) -> None:
    fetches(desk, does("Led: prgkey2=slowflash", "Dial: 1003", "Wav.Play:http://h/a.wav", "Nonsense"))
    assert desk.phone.leds == (("prgkey2", "slowflash"),)
    assert desk.phone.call.number == "1003"


def test_an_object_that_presses_the_key_that_fetches_it_does_not_end_the_world(desk: Any) -> None:
    desk.files[HOST + "x"] = does("Key: prgkey1", "Key: prgkey1")
    desk.holding = True
    from device_emulator.messages import KeyPressed

    desk.give(KeyPressed("prgkey1"))
    for _ in range(100):
        held, desk.held = desk.held, []
        for output in held:
            assert isinstance(output, HttpRequest)
            desk.give(desk.web(output))
    assert len(desk.phone.todo) <= 64


def test_a_key_that_presses_itself_comes_to_an_end(desk: Any) -> None:
    desk.files["aastra.cfg"] += "\nprgkey2 type: xml\nprgkey2 value: Key:prgkey2\nprgkey3 type: xml\n"
    desk.files["aastra.cfg"] += "prgkey3 value: Dial: 1003"
    desk.power_cycle()
    desk.press("prgkey2")
    assert desk.phone.todo == ()
    desk.press("prgkey3")
    assert desk.phone.call.number == "1003"


def test_an_address_that_no_wire_carries_is_written_so_that_one_does(desk: Any) -> None:
    desk.files["aastra.cfg"] += f"\naction uri startup: {HOST}für uns?ä\naction uri incoming: {HOST}ö $$REMOTENUMBER$$"
    fetched = desk.fetched(desk.power_cycle)
    assert fetched[-1] == HOST + "f%C3%BCr%20uns?%C3%A4"
    assert desk.fetched(desk.ring) == [HOST + "%C3%B6%201002"]


def test_one_boot_in_a_call_waits_for_its_end(desk: Any) -> None:
    desk.ring()
    desk.press("Answer")
    body = sets(("time format", "0"), attributes="setType='oneBoot'").encode()
    desk.give(SipRequest(7, "NOTIFY", "", "", event="aastra-xml", body=body))
    assert desk.phone.phase == "idle"
    desk.ask("BYE")
    assert desk.phone.phase == "booting"
    desk.settle()
    assert desk.phone.settings.get("time format") == "0"


def test_an_action_uri_is_fetched_in_the_call_and_its_page_lies_under_it(desk: Any) -> None:
    desk.files["aastra.cfg"] += f"\naction uri incoming: {HOST}who?n=$$REMOTENUMBER$$&name=$$INCOMINGNAME$$"
    desk.files[HOST + "who?n=1002&name=John%20Smith"] = NEWS.format("")
    desk.power_cycle()
    desk.ring()
    assert desk.phone.screen.message == "Incoming call"
    assert desk.phone.pages[-1].title == "News"
    desk.ask("CANCEL")
    assert desk.phone.screen.message == "Hello"


def test_a_locked_phone_can_be_answered_and_unlocked_by_its_key(desk: Any) -> None:
    desk.files["aastra.cfg"] += "\nprgkey2 type: phonelock\nprgkey3 type: speeddial\nprgkey3 value: 1003"
    desk.power_cycle()
    desk.press("prgkey2")
    assert desk.phone.screen.message == "Phone is locked"
    desk.press("prgkey3")
    assert desk.phone.call is None
    desk.ring()
    desk.press("Answer")
    assert desk.phone.call.state == "talking"
    desk.ask("BYE")
    desk.press("prgkey2")
    desk.press("prgkey3")
    assert desk.phone.call.number == "1003"


def test_callers_and_redial(desk: Any) -> None:
    desk.files["aastra.cfg"] += "\nprgkey2 type: callers\nprgkey3 type: redial"
    desk.power_cycle()
    desk.press("prgkey3")
    assert desk.phone.call is None
    for number in ("1002", "1004", "1002"):
        desk.ring(f"c{number}", f"<{number}>")
        desk.ask("CANCEL", f"c{number}")
    desk.press("prgkey2")
    assert desk.phone.screen.soft_keys == ("1002", "1004", "Exit")
    desk.press("1004")
    desk.reply(486)
    desk.press("OK")
    desk.power_cycle()  # they are kept
    desk.press("prgkey3")
    assert desk.phone.call.number == "1004"


def test_the_resync_waits_for_the_end_of_a_call_and_keeps_what_the_hand_did(desk: Any) -> None:
    desk.files["aastra.cfg"] += "\nauto resync mode: 1\nauto resync time: 03:00\nauto resync max delay: 0"
    desk.power_cycle()
    desk.set_locally("time format", "2")
    desk.files["6731i.cfg"] = "date format: 5\n"
    desk.ring()
    desk.press("Answer")
    desk.advance(4 * 3_600)
    assert desk.phone.phase == "idle"
    desk.ask("BYE")
    desk.settle()
    assert (desk.phone.settings.get("date format"), desk.phone.settings.get("time format")) == ("5", "2")


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"xml=", 400), (b"x" * 10_000_000, 400), (b"xml=%ff%fe", 200), (b"<a", 200), (b"&" * 5_000, 400)],
)
def test_whatever_is_pushed(desk: Any, body: bytes, status: int) -> None:
    desk.give(HttpRequest(1, "POST", "http://phone/", (), body, "s"))
    assert desk.replies[-1].status == status
    assert desk.phone.phase == "idle"
    desk.give(HttpRequest(2, "GET", "http://phone/", (), b"", "s"))
    assert desk.replies[-1].status == 404
