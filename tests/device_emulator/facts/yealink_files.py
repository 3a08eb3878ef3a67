"""Yealink: which files, how often, and when they count."""

from __future__ import annotations

from device_emulator.firmware import yealink_facts as known
from tests.device_emulator.desk import YEALINK_MAC, yealink
from tests.device_emulator.facts.proofs import proves

OWN = f"{YEALINK_MAC}.cfg"


@proves(known.TRIES, known.RETRY_MS)
def asks_three_times_for_a_file_that_is_not_there() -> None:
    desk = yealink()
    del desk.files[OWN]
    desk.plug_in()
    times = [seen.at for seen in desk.seen if seen.path == OWN]
    assert [time - times[0] for time in times] == [0, 5_000, 10_000]


@proves(known.BOOT_MS)
def first_request_ten_seconds_after_power() -> None:
    desk = yealink()
    start = desk.now
    desk.plug_in()
    assert desk.seen[0].at - start == 10_000


@proves(known.FLASH_MS)
def half_a_second_into_writing_the_old_configuration_is_whole() -> None:
    desk = yealink()
    desk.plug_in()
    ready = desk.now
    assert desk.phone.settings.get("account.1.label") == "Bob"
    assert ready - desk.seen[-1].at == 1_000
