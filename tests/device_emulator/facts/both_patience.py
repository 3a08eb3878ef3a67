"""Both brands: how long they wait for others."""

from __future__ import annotations

from device_emulator.firmware import patience
from device_emulator.firmware.patience import Rows
from tests.device_emulator.desk import AASTRA_MAC, World, aastra, aastra_file, yealink, yealink_file
from tests.device_emulator.facts.proofs import proves

MAKE = {"yealink": yealink, "aastra": aastra}


def up(brand: str) -> World:
    desk = MAKE[brand]()
    desk.plug_in()
    return desk


def prove(brand: str, rows: Rows) -> None:
    """The stories that are told of either brand."""

    @proves(rows.refresh_part)
    def half_of_it_is_over() -> None:
        desk = up(brand)
        assert desk.registers(lambda: desk.advance(1_790)) == []
        assert desk.registers(lambda: desk.advance(20)) == [("204", 3600)]

    @proves(rows.retry)
    def it_was_refused() -> None:
        desk = MAKE[brand]()
        desk.refuse = 403
        desk.plug_in()
        assert desk.registers(lambda: desk.advance(28)) == []
        assert len(desk.registers(lambda: desk.advance(4))) == 1

    @proves(rows.answer)
    def nobody_answers_its_register() -> None:
        desk = up(brand)
        desk.silent = True
        desk.advance(1_801)
        desk.advance(25)
        assert desk.phone.registered, "it still waits"
        desk.advance(8)
        assert not desk.phone.registered

    @proves(rows.http)
    def nobody_answers_what_it_tells() -> None:
        desk = MAKE[brand]()
        url = "http://prov.example/told"
        if brand == "yealink":
            desk.files["805ec0112233.cfg"] = yealink_file(action_url__incoming_call=url)
        else:
            desk.files[f"{AASTRA_MAC.upper()}.cfg"] = aastra_file("Bob", "204", f"action uri incoming: {url}")
        desk.plug_in()
        desk.silent = True
        desk.ring()
        assert desk.phone.fetch is not None
        desk.advance(25)
        assert desk.phone.fetch is not None
        desk.advance(8)
        assert desk.phone.fetch is None

    @proves(rows.ringing)
    def nobody_comes() -> None:
        desk = up(brand)
        desk.ring()
        desk.advance(150)
        assert desk.phone.in_call
        desk.advance(40)
        assert not desk.phone.in_call


prove("yealink", patience.YEALINK)
prove("aastra", patience.AASTRA)
