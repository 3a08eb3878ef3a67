"""Aastra and Mitel: what they light, and what they say."""

from __future__ import annotations

from device_emulator.firmware import aastra_screen_facts as known
from tests.device_emulator.facts.proofs import proves
from tests.device_emulator.lights import dnd, lit, prove_what_both_brands_have, subscribed

prove_what_both_brands_have("aastra", known, "prgkey2", "prgkey4")


@proves(known.KEY_DND)
def the_key_that_keeps_callers_away_is_lit() -> None:
    desk = subscribed("aastra")
    assert lit(desk, "prgkey3") == ""
    assert lit(dnd(desk), "prgkey3") == "red"
