"""Both brands: what they say when something went wrong."""

from __future__ import annotations

from device_emulator.facts import Fact
from device_emulator.firmware import mishaps
from tests.device_emulator.desk import aastra, yealink
from tests.device_emulator.facts.proofs import proves

MAKE = {"yealink": yealink, "aastra": aastra}
FAILED = {"yealink": "Configuration failed", "aastra": "Bad config server"}


def prove(brand: str, failed: Fact[str], refused: Fact[str]) -> None:
    """The stories that are told of either brand."""

    @proves(failed)
    def a_run_has_failed() -> None:
        desk = MAKE[brand]()
        desk.statuses = dict.fromkeys((*desk.files, "6731i.st"), 503)
        desk.plug_in()
        assert desk.phone.screen.message == FAILED[brand]

    @proves(refused)
    def a_registration_is_refused() -> None:
        desk = MAKE[brand]()
        desk.refuse = 403
        desk.plug_in()
        assert desk.phone.screen.message == "Registration refused (403)"


prove("yealink", mishaps.YEALINK_FAILED, mishaps.YEALINK_REFUSED)
prove("aastra", mishaps.AASTRA_FAILED, mishaps.AASTRA_REFUSED)
