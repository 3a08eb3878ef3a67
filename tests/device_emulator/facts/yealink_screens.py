"""Yealink: what it lights, and what it says."""

from __future__ import annotations

from device_emulator.firmware import yealink_screen_facts as known
from tests.device_emulator.facts.proofs import proves
from tests.device_emulator.lights import lit, prove_what_both_brands_have, subscribed, told

prove_what_both_brands_have("yealink", known, "linekey2", "linekey1")


@proves(known.BLF_QUIET)
def a_free_neighbour_is_dark_in_three_of_the_modes() -> None:
    def shown(mode: str, word: str) -> str:
        return lit(told(subscribed("yealink", features__blf_led_mode=mode), word), "linekey2")

    assert [shown(mode, "terminated") for mode in "0123"] == ["green", "", "", ""]
    assert {shown(mode, "confirmed") for mode in "0123"} == {"red"}
