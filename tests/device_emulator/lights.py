"""A desk at which a phone watches others: what the proofs of lamps and words are told with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from device_emulator.messages import HttpRequest, PowerOn, SipRequest, Wake
from device_emulator.phone import new
from tests.device_emulator.desk import AASTRA_MAC, World, aastra, aastra_file, yealink, yealink_file
from tests.device_emulator.desk import YEALINK_MAC as MAC
from tests.device_emulator.facts.proofs import proves

WAITING = "Messages-Waiting: yes\r\nVoice-Message: {}/0\r\n"


def lit(desk: World, name: str) -> str:
    """A lamp in words; '' while it is dark."""
    return next(f"{one}" for one in desk.phone.lamps if one.name == name).replace("off", "")


def watching(brand: str, **more: str) -> World:
    """A phone whose second key watches 205, before it has power."""
    if brand == "yealink":
        desk = yealink()
        desk.files[f"{MAC}.cfg"] = yealink_file(linekey__2__type="16", linekey__2__value="205", **more)
        return desk
    desk = aastra()
    lines = ["prgkey2 type: blf", "prgkey2 value: 205", "prgkey3 type: dnd", "prgkey4 type: line", "prgkey4 value: 1"]
    desk.files[f"{AASTRA_MAC.upper()}.cfg"] = aastra_file("Bob", "204", *lines)
    return desk


def subscribed(brand: str, status: int = 200, **more: str) -> World:
    """That phone when it is up, and the PBX has answered its SUBSCRIBE."""
    desk = watching(brand, **more)
    desk.subscribing = status
    desk.plug_in()
    asked = [(one.uri, one.event) for one in desk.calls if one.method == "SUBSCRIBE"]
    assert asked == [("sip:205@pbx.example", "dialog")]
    return desk


def told(desk: World, word: str, left: int = 600) -> World:
    """The PBX says how 205 is."""
    call = next(one.call for one in desk.calls if one.method == "SUBSCRIBE")
    desk.give(SipRequest(77, "NOTIFY", "sip:x", "sip:205@x", "", left, "dialog", body=word.encode(), call=call))
    return desk


def messages(desk: World, count: int) -> World:
    """Messages wait."""
    uri = f"sip:204@{desk.phone.mac}.phone"
    body = WAITING.format(count).encode()
    desk.give(SipRequest(78, "NOTIFY", uri, uri, event="message-summary", body=body))
    return desk


def dnd(desk: World) -> World:
    """Somebody has told the phone not to ring."""
    desk.set_locally(desk.phone.firmware.DND, "1")
    return desk


def while_phase(desk: World, phase: str, said: Callable[[World], Any]) -> Any:
    """What is there as soon as a phone that gets power is in that phase, or its line is; no registrar answers it."""
    desk.holding = True
    desk.give(PowerOn())
    for _ in range(200):
        phone = desk.phone
        there = {phone.phase if phone.writing is None else "writing", *(line.state for line in phone.lines)}
        if phase in there:
            return said(desk)
        if desk.held and isinstance(desk.held[0], HttpRequest):
            desk.answer(desk.held.pop(0))
        else:
            assert desk.phone.due is not None
            desk.now = max(desk.now, desk.phone.due)
            desk.give(Wake())
    raise AssertionError(f"never {phase}")


def prove_what_both_brands_have(brand: str, known: Any, key: str, line: str) -> None:
    """The stories that are told of either brand: `known` are its rows, `key` watches 205 and `line` is line 1's."""

    @proves(known.WATCH_SECONDS)
    def a_key_subscribes_for_so_long() -> None:
        desk = subscribed(brand)
        asked = [one.expires for one in desk.calls if one.method == "SUBSCRIBE"]
        assert asked == [3600 if brand == "aastra" else 1800]

    @proves(known.BLF_IDLE, known.BLF_RINGING, known.BLF_BUSY)
    def a_neighbour_is_free_rings_and_talks() -> None:
        desk = subscribed(brand)
        seen = [lit(told(desk, word), key) for word in ("terminated", "early", "confirmed")]
        assert seen == [{"yealink": "green", "aastra": ""}[brand], "red fast", "red"]

    @proves(known.BLF_NOBODY)
    def a_neighbour_whom_nobody_knows() -> None:
        assert lit(subscribed(brand, 404), key) == ""

    @proves(known.LINE_IDLE, known.LINE_RINGING, known.LINE_BUSY)
    def a_line_is_free_rings_and_talks() -> None:
        desk = subscribed(brand)
        seen = [lit(desk, line)]
        desk.ring()
        seen.append(lit(desk, line))
        desk.press("Answer")
        seen.append(lit(desk, line))
        colour = {"yealink": "green", "aastra": "red"}[brand]
        assert seen == ["", f"{colour} fast", colour]

    @proves(known.LAMP_BOOTING, known.BOOTING)
    def it_starts() -> None:
        seen = while_phase(watching(brand), "booting", lambda desk: (lit(desk, "message"), desk.phone.screen.message))
        assert seen == ({"yealink": "red", "aastra": ""}[brand], "Initializing")

    @proves(known.FETCHING)
    def it_fetches() -> None:
        said = while_phase(watching(brand), "fetching", lambda desk: desk.phone.screen.message)
        assert said == {"yealink": "Updating configuration", "aastra": "Updating config"}[brand]

    @proves(known.WRITING)
    def it_writes() -> None:
        said = while_phase(watching(brand), "writing", lambda desk: desk.phone.screen.message)
        assert said == {"yealink": "Saving configuration", "aastra": "Writing config"}[brand]

    @proves(known.LOOKING)
    def it_looks_for_a_server() -> None:
        desk = World(new(watching(brand).phone.model, MAC))
        assert while_phase(desk, "looking", lambda desk: desk.phone.screen.message) == "Looking for a server"

    @proves(known.NO_SERVER)
    def it_finds_no_server() -> None:
        desk = World(new(watching(brand).phone.model, MAC))
        desk.plug_in()
        assert desk.phone.screen.message == "No server"

    @proves(known.NO_SERVICE)
    def no_registrar_answers() -> None:
        said = while_phase(watching(brand), "no-service", lambda desk: desk.phone.screen.message)
        assert said == "No Service"

    @proves(known.LAMP_MESSAGES, known.ONE_MESSAGE, known.MESSAGES)
    def messages_wait() -> None:
        desk = messages(subscribed(brand), 1)
        word = {"yealink": "voice mail", "aastra": "message"}[brand]
        assert (lit(desk, "message"), desk.phone.screen.message) == ("red slow", f"1 new {word}")
        assert messages(desk, 2).phone.screen.message == f"2 new {word}s"

    @proves(known.LAMP_DND, known.DND)
    def it_is_told_not_to_ring() -> None:
        desk = dnd(subscribed(brand))
        assert lit(desk, "message") == {"yealink": "", "aastra": "red"}[brand]
        assert desk.phone.screen.message == "Do not disturb"

    @proves(known.LAMP_RINGING, known.INCOMING, known.TALKING)
    def it_rings() -> None:
        desk = subscribed(brand)
        desk.ring()
        assert (lit(desk, "message"), desk.phone.screen.rows[0]) == ("red fast", "Incoming call")
        desk.press("Answer")
        assert desk.phone.screen.rows[0] == "In a call"

    @proves(known.CALLING)
    def it_calls() -> None:
        desk = subscribed(brand)
        desk.dial("205")
        assert desk.phone.screen.rows[0] == "Calling"
