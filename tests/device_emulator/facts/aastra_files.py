"""Aastra and Mitel: which files, how often, and when they count."""

from __future__ import annotations

from device_emulator.firmware import aastra_facts as known
from tests.device_emulator.desk import AASTRA_MAC, aastra
from tests.device_emulator.facts.proofs import proves

OWN = f"{AASTRA_MAC.upper()}.cfg"


@proves(known.TRIES)
def asks_once_for_a_file_that_is_not_there() -> None:
    desk = aastra()
    del desk.files[OWN]
    desk.plug_in()
    assert desk.paths.count(OWN) == 1


@proves(known.BOOT_MS, known.FLASH_MS)
def sixteen_seconds_from_power_to_a_new_configuration() -> None:
    desk = aastra()
    start = desk.now
    desk.plug_in()
    assert desk.seen[0].at - start == 15_000
    assert desk.now - desk.seen[-1].at == 1_000
