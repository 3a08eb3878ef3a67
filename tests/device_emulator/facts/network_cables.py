"""Both brands: the network cable is pulled, and plugged in again."""

from __future__ import annotations

from typing import Any

from device_emulator.firmware import network
from tests.device_emulator.desk import World, aastra, yealink
from tests.device_emulator.facts.proofs import proves

DESKS = {"yealink": yealink, "aastra": aastra}
SAYS = {"yealink": "Network unavailable", "aastra": "Network Disconnected"}


def up(brand: str) -> World:
    desk = DESKS[brand]()
    desk.plug_in()
    assert desk.phone.registered
    return desk


def prove(brand: str, says: Any, at_once: Any, run: Any) -> None:
    """The stories that are told of either brand."""

    @proves(says)
    def its_screen_says_so() -> None:
        desk = up(brand)
        assert desk.phone.screen.message == ""
        desk.cable(on=False)
        assert desk.phone.screen.message == SAYS[brand]
        desk.cable(on=True)
        desk.settle()
        assert desk.phone.screen.message == ""

    @proves(at_once)
    def its_lines_register_at_once() -> None:
        desk = up(brand)
        desk.cable(on=False)
        desk.advance(60)
        assert desk.registers(lambda: desk.cable(on=True)) == [("204", 3600)]

    @proves(run)
    def what_it_could_not_fetch_it_fetches() -> None:
        desk = DESKS[brand]()
        desk.cable(on=False)
        desk.plug_in()
        assert desk.paths == []
        assert desk.phone.screen.message == SAYS[brand]
        desk.cable(on=True)
        desk.settle()
        assert desk.phone.screen.label == "Bob"


prove("yealink", network.YEALINK_SAYS, network.YEALINK_LINES, network.YEALINK_RUN)
prove("aastra", network.AASTRA_SAYS, network.AASTRA_LINES, network.AASTRA_RUN)
