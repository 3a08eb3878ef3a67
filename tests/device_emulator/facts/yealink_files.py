"""Yealink: how it asks for files, how long it waits, and what it does without an answer."""

from __future__ import annotations

from device_emulator.firmware import yealink_facts as known
from device_emulator.messages import PowerOn
from tests.device_emulator.desk import URL, World, yealink, yealink_file
from tests.device_emulator.facts.proofs import proves
from tests.device_emulator.facts.yealinks import COMMON, MAC, OWN, common, runs, said, there


def asked(desk: World, name: str) -> list[int]:
    """When (seconds from the first time) the file was asked for."""
    times = [seen.at for seen in desk.seen if seen.path == name]
    return [(time - times[0]) // 1000 for time in times]


@proves(known.TRIES, known.RETRY_MS)
def asks_three_times_for_a_file_that_is_not_there() -> None:
    desk = yealink()
    del desk.files[OWN]
    desk.plug_in()
    assert asked(desk, OWN) == [0, 5, 10]


@proves(known.TRIES_KEY, known.RETRY_KEY)
def asks_as_often_and_as_soon_as_the_settings_say() -> None:
    desk = there(
        "static.auto_provision.attempt_before_failed = 4",
        "static.auto_provision.retry_delay_after_file_transfer_failed = 2",
    )
    del desk.files[OWN]
    desk.seen.clear()
    desk.check_sync()
    assert asked(desk, OWN) == [0, 2, 4, 6]


@proves(known.ABSENT)
def goes_on_without_a_file_that_is_not_there() -> None:
    desk = yealink()
    del desk.files[COMMON]
    desk.plug_in()
    assert desk.phone.screen.label == "Bob"


@proves(known.ERROR_ENDS)
def keeps_everything_when_one_file_cannot_be_had() -> None:
    desk = there()
    desk.files[OWN] = yealink_file("Eve")
    desk.statuses[COMMON] = 503
    desk.check_sync()
    assert desk.phone.screen.label == "Bob"
    assert runs(desk, lambda: desk.advance(3600)) == 0
    desk.statuses.clear()
    desk.check_sync()
    assert desk.phone.screen.label == "Eve"


@proves(known.ANSWER_MS)
def waits_five_seconds_for_an_answer() -> None:
    desk = yealink()
    desk.silent = True
    desk.give(PowerOn())
    desk.advance(10)
    assert desk.phone.phase == "fetching"
    desk.advance(4)
    assert desk.phone.phase == "fetching"
    desk.advance(1)
    assert desk.phone.phase == "idle"


@proves(known.ANSWER_KEY)
def waits_for_an_answer_as_long_as_the_settings_say() -> None:
    desk = there("static.auto_provision.attempt_expired_time = 12")
    desk.silent = True
    desk.notify_only("check-sync")
    desk.advance(11)
    assert desk.phone.phase == "updating"
    desk.advance(1)
    assert desk.phone.phase == "idle"


@proves(known.REDIRECTS)
def follows_five_redirects_and_not_a_sixth() -> None:
    desk = yealink()
    desk.files["there.cfg"] = desk.files[OWN]
    desk.redirects = {OWN: "1", "1": "2", "2": "3", "3": "4", "4": "there.cfg"}
    desk.plug_in()
    assert desk.phone.screen.label == "Bob"
    desk.redirects |= {"4": "5", "5": "there.cfg"}
    desk.power_cycle()
    assert desk.phone.report is not None
    assert desk.phone.report.outcome == "failed"


@proves(known.WILDCARDS)
def puts_its_product_and_its_mac_into_the_servers_address() -> None:
    desk = yealink()
    desk.stage(url=f"{URL}$PN/$MAC/")
    desk.plug_in()
    assert desk.paths[0] == f"T46S/{MAC}/{MAC}.boot"


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


# ---- credentials


@proves(known.SCHEMES)
def answers_digest() -> None:
    desk = yealink()
    desk.stage("me", "word")
    desk.web_login = ("me", "word")
    desk.plug_in()
    assert desk.phone.screen.label == "Bob"


@proves(known.PROMPT)
def asks_who_it_is_when_the_server_wants_to_know() -> None:
    desk = yealink()
    desk.web_login = ("me", "word")
    desk.plug_in()
    prompt = desk.phone.screen.prompt
    assert prompt is not None
    assert prompt.fields == ("User Name", "Password")
    desk.type("me", "wrong")
    assert desk.phone.screen.prompt == prompt
    desk.type("me", "word")
    assert (desk.phone.screen.prompt, desk.phone.screen.label) == (None, "Bob")
    desk.power_cycle()  # what was typed is kept
    assert desk.phone.screen.label == "Bob"
    desk.files[OWN] = yealink_file(static__auto_provision__prompt__enable="0")
    desk.check_sync()
    desk.web_login = ("me", "another")
    desk.check_sync()
    assert desk.phone.screen.prompt is None


@proves(known.MAC_BY_HTTP)
def says_its_mac_to_web_servers() -> None:
    desk = there()
    assert dict(desk.http[-1].headers)["User-Agent"] == "Yealink SIP-T46S 66.86.0.15 80:5e:c0:11:22:33"
    common(desk, "static.auto_provision.user_agent_mac.enable = 0")
    desk.check_sync()
    desk.check_sync()
    assert dict(desk.http[-1].headers)["User-Agent"] == "Yealink SIP-T46S 66.86.0.15"


@proves(known.MAC_BY_SIP)
def keeps_its_mac_from_registrars() -> None:
    desk = there()
    assert desk.sip[-1].user_agent == "Yealink SIP-T46S 66.86.0.15"
    common(desk, "sip.mac_in_ua = 1", "account.1.password = other")
    desk.files[OWN] = yealink_file().replace("secret", "other")
    desk.check_sync()
    assert desk.sip[-1].user_agent == "Yealink SIP-T46S 66.86.0.15 80:5e:c0:11:22:33"


# ---- firmware

ROM = "fw/T46S-66.86.0.20.rom"


def upgrading(url: str = ROM) -> World:
    """A phone whose server has newer firmware for it."""
    desk = yealink()
    common(desk, f"static.firmware.url = {url}")
    desk.files[url] = b"\x7fROM"
    return desk


@proves(known.FIRMWARE_KEYS, known.UPGRADE, known.UPGRADE_AGAIN, known.FIRMWARE_MS)
def installs_the_firmware_that_the_settings_name_and_starts_from_the_beginning() -> None:
    desk = upgrading()
    start = desk.now
    desk.plug_in()
    assert desk.paths == [f"{MAC}.boot", COMMON, OWN, ROM, f"{MAC}.boot", COMMON, OWN]
    assert desk.phone.model.version == "66.86.0.20"
    assert "66.86.0.20" in dict(desk.http[-1].headers)["User-Agent"]
    assert desk.phone.report is not None
    assert desk.phone.report.outcome == "applied"
    assert desk.now - start == 10_000 + 1_000 + 60_000 + 10_000 + 1_000
    desk.power_cycle()
    assert desk.paths.count(ROM) == 1
    desk.factory_reset()
    assert desk.phone.model.version == "66.86.0.20"


@proves(known.FIRMWARE_LAST)
def settings_hold_even_if_the_firmware_cannot_be_had() -> None:
    desk = upgrading()
    desk.statuses[ROM] = 500
    desk.plug_in()
    assert desk.paths[-1] == ROM
    assert desk.phone.screen.label == "Bob"
    assert desk.phone.model.version == "66.86.0.15"


@proves(known.FAMILY)
def firmware_of_another_family_is_left_alone() -> None:
    desk = upgrading("fw/T58-58.86.0.20.rom")
    desk.plug_in()
    assert desk.paths == [f"{MAC}.boot", COMMON, OWN]


# ---- accounts


@proves(known.LABEL)
def shows_the_label_before_the_display_name() -> None:
    desk = yealink()
    desk.files[OWN] = yealink_file("Label", account__1__display_name="Display")
    desk.plug_in()
    assert desk.phone.screen.label == "Label"
    desk.files[OWN] = yealink_file("%EMPTY%", account__1__display_name="Display")
    desk.power_cycle()
    assert desk.phone.screen.label == "Display"
    desk.files[OWN] = yealink_file("%EMPTY%", account__1__display_name="%EMPTY%")
    desk.power_cycle()
    assert desk.phone.screen.label == "204"


@proves(known.UNREGISTER)
def leaves_its_registration_behind_when_it_reboots() -> None:
    desk = there()
    assert desk.registers(lambda: desk.check_sync("check-sync;reboot=true")) == [("204", 3600)]
    common(desk, "account.1.unregister_on_reboot = 1")
    desk.check_sync()
    assert desk.registers(lambda: desk.check_sync("check-sync;reboot=true")) == [("204", 0), ("204", 3600)]


@proves(known.EXPIRES)
def registers_for_an_hour() -> None:
    desk = yealink()
    assert desk.registers(desk.plug_in) == [("204", 3600)]
    common(desk, "account.1.sip_server.1.expires = 600")
    assert desk.registers(desk.check_sync) == [("204", 600)]
    assert said(desk, "account.1.sip_server.1.expires") == "600"
