"""Phones as pictures: whatever is said and whoever says it, one well-formed drawing that shows it."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from device_emulator import lamps, models, rows
from device_emulator.drawing import display
from device_emulator.firmware.contract import Account, Flash
from device_emulator.firmware.textfile import Settings
from device_emulator.phone import watching
from device_emulator.phone.state import Phone, Watch
from device_emulator.screen import Field, Page, SoftKey
from device_emulator.wire.dialog import Call
from device_emulator.wire.registration import Line
from tests.device_emulator.desk import YEALINK_MAC as MAC
from tests.device_emulator.desk import World, yealink, yealink_file

SVG = "{http://www.w3.org/2000/svg}"
ANYTHING = st.text(st.characters(codec=None), max_size=60)
MODELS = pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.name)


def phone(model: models.Model, label: str = "Anna", **more: Any) -> Phone:
    line = Line(Account(1, label, "1001", "1001", "secret", "pbx.example"), state="registered")
    return Phone(model, MAC, phase="idle", lines=(line,), **more)


def texts(drawn: str) -> list[str]:
    """Every text in a picture that can be read."""
    root = ElementTree.fromstring(drawn)
    assert root.tag == f"{SVG}svg"
    return [one.text or "" for one in root.iter(f"{SVG}text")]


@MODELS
def test_every_model_has_a_front_of_its_own(model: models.Model) -> None:
    assert (model.vendor, model.product) in display.BY_PRODUCT
    front = display.of(model)
    assert (front.glass == "mono") <= (model.rows <= 8)


@MODELS
def test_every_model_in_every_state(model: models.Model) -> None:
    """What its display says stands in the picture, cut to its size; a dark one says nothing."""
    call = Call("c", "ringing", True, "sip:1001@pbx.example", 1, "1002", "John Smith")
    page = Page("Log In", "", (Field("Extension", "e"), Field("PIN", "p", "4711", True)), (SoftKey("Submit", "x"),))
    for one, said in (
        (phone(model), "Anna"),
        (phone(model, call=call), "John Smith"),
        (phone(model, call=replace(call, state="talking")), "John Smith"),
        (phone(model, pages=(page,)), "Log In"),
        (phone(model, notice="Cannot fetch page (404)"), "Cannot fetch"),
        (Phone(model, MAC, phase="booting"), "Initializing"),
        (Phone(model, MAC, phase="no-server"), "No server"),
    ):
        drawn = one.picture()
        assert any(said in text for text in texts(drawn)), (said, texts(drawn))
        assert "4711" not in drawn
        assert len(drawn) < 40_000
    assert "Anna" not in Phone(model, MAC).picture()


@given(label=ANYTHING, name=ANYTHING, key=ANYTHING, title=ANYTHING, time=ANYTHING)
def test_any_text_is_a_text_and_nothing_else(label: str, name: str, key: str, title: str, time: str) -> None:
    """No name breaks the drawing, adds an element to it or leaves a half character; nothing turns what follows it."""
    model = models.find("yealink-t46s")
    settings = Settings.of({"linekey.2.type": "16", "linekey.2.label": key, "linekey.2.value": "1002"})
    call = Call("c", "talking", True, "sip:1001@pbx.example", 1, "1002", name)
    page = Page(title, name, (), (SoftKey(key or "x", "y"),))
    for one in (
        phone(model, label, flash=Flash(settings=settings)),
        phone(model, label, call=call),
        phone(model, label, pages=(page,)),
        phone(models.find("aastra-6731i"), label, pages=(page,)),
    ):
        drawn = one.picture(time=time)
        root = ElementTree.fromstring(drawn.encode())
        assert {element.tag for element in root.iter()} <= {f"{SVG}{tag}" for tag in KNOWN}
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", drawn)


KNOWN = {"svg", "title", "desc", "style", "defs", "linearGradient", "radialGradient", "stop", "g", "rect", "path"}
KNOWN |= {"circle", "ellipse", "text", "clipPath"}


@given(text=ANYTHING, columns=st.integers(1, 48))
def test_a_row_is_as_wide_as_the_display_and_no_wider(text: str, columns: int) -> None:
    row = rows.shown(text, columns)
    assert rows.width(row) <= columns
    assert rows.shown(row, columns) == row
    assert "\n" not in row


def test_wide_characters_take_two_columns() -> None:
    assert rows.shown("田中さくら", 5) == "田中"
    assert rows.shown("e\u0301te\u0301", 2) == "ét"
    assert rows.shown("a\u202eb", 9) == "ab"


def test_a_display_as_text() -> None:
    watches = (Watch("linekey2", "1002", 1, state="early"),)
    settings = Settings.of({"linekey.2.type": "16", "linekey.2.label": "Ben", "linekey.2.value": "1002"})
    one = phone(models.find("yealink-t20p"), "Anna 田", watches=watches, flash=Flash(settings=settings))
    assert (
        one.box
        == """\
┌────────────────┐  message  off
│Anna 田         │  ○ Anna 田
│                │  ◐ Ben  red fast
│                │
└────────────────┘
"""
    )


@MODELS
def test_every_model_fits_its_box(model: models.Model) -> None:
    lines = phone(model, "Anna " * 30).box.splitlines()
    assert len(lines) >= model.rows + 2
    assert all(rows.width(line) == model.columns + 2 for line in lines[-1:])


def test_the_same_phone_gives_the_same_bytes() -> None:
    one = phone(models.find("yealink-t48s"))
    assert one.picture() == replace(one, serial=99).picture()
    assert one.picture() != replace(one, phase="updating").picture()


def test_a_picture_says_what_it_shows_to_whoever_does_not_see_it() -> None:
    watches = (Watch("linekey2", "1002", 1, state="early"),)
    settings = Settings.of({"linekey.2.type": "16", "linekey.2.label": "Ben", "linekey.2.value": "1002"})
    drawn = phone(models.find("yealink-t46s"), watches=watches, flash=Flash(settings=settings)).picture(width=300)
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    assert root.get("width") == "300"
    assert root.findtext(f"{SVG}title") == f"yealink-t46s {MAC}"
    assert root.findtext(f"{SVG}desc") == "The display shows: Anna. Key Ben is red fast."
    assert Phone(models.find("yealink-t46s"), MAC).picture().count("The phone is off.") == 2


def test_a_lamp_that_flashes_stands_still_for_whoever_asks_for_less_motion() -> None:
    drawn = phone(
        models.find("yealink-t46s"), call=Call("c", "ringing", True, "sip:1001@pbx.example", 1, "2")
    ).picture()
    assert 'class="fast"' in drawn
    assert "prefers-reduced-motion" in drawn


def test_nothing_is_loaded_from_anywhere() -> None:
    for model in models.MODELS:
        drawn = phone(model).picture()
        assert drawn.count("://") == 1  # the namespace
        assert not re.search(r"<script|<image|<use|href|url\((?!#)| on\w+=", drawn)


def test_a_led_command_of_a_page_stands_over_what_a_key_shows() -> None:
    one = phone(models.find("aastra-6731i"))
    lit = lamps.switched(one, " PRGKEY3=FastFlash ")
    assert [str(lamp) for lamp in lit.lamps if lamp.name == "prgkey3"] == ["red fast"]
    off = lamps.switched(lit, "prgkey3=off")
    assert {str(lamp) for lamp in off.lamps} == {"off"}
    for wrong in ("prgkey9=on", "prgkey3=blink", "prgkey3", "", "=on", "prgkey=on", "prgkey0=on"):
        assert lamps.switched(one, wrong) is one


class TestSubscriptions:
    """What a phone says and hears of others, message by message."""

    def desk(self, **more: str) -> World:
        desk = yealink()
        desk.files[f"{MAC}.cfg"] = yealink_file(linekey__2__type="16", linekey__2__value="205", **more)
        return desk

    def asked(self, desk: World) -> list[Any]:
        return [one for one in desk.calls if one.method == "SUBSCRIBE"]

    def test_without_an_answer_it_asks_again_and_the_lamp_is_dark(self) -> None:
        desk = self.desk()
        desk.plug_in()
        assert [watch.status for watch in desk.phone.watches] == [408]
        desk.advance(31)
        assert len(self.asked(desk)) == 2
        assert len({one.call for one in self.asked(desk)}) == 2

    def test_a_period_of_its_own(self) -> None:
        desk = self.desk(account__1__blf__subscribe_period="120")
        desk.plug_in()
        assert self.asked(desk)[0].expires == 120

    def test_a_reboot_begins_a_new_dialog(self) -> None:
        desk = self.desk()
        desk.plug_in()
        desk.power_cycle()
        assert len({one.call for one in self.asked(desk)}) == 2

    def test_a_neighbour_in_another_domain(self) -> None:
        desk = self.desk(linekey__3__type="16", linekey__3__value="7@other.example")
        desk.plug_in()
        assert [one.uri for one in self.asked(desk)][:2] == ["sip:205@pbx.example", "sip:7@other.example"]

    def test_without_a_registered_line_nobody_is_asked(self) -> None:
        desk = self.desk()
        desk.refuse = 403
        desk.plug_in()
        assert self.asked(desk) == []
        desk.refuse = 0
        desk.advance(60)
        assert len(self.asked(desk)) == 1


@given(body=st.binary(max_size=60))
def test_any_summary_is_a_number(body: bytes) -> None:
    assert 0 <= watching.waiting(body) < 100_000
