"""Yealink: runs from begin to end, where several facts meet; and what a hostile or careless server can do to them."""

from __future__ import annotations

from typing import Any

import pytest

from device_emulator import models
from device_emulator.messages import LocallySet, PowerOn, Wake
from device_emulator.phone import new
from tests.device_emulator.desk import World, yealink, yealink_file
from tests.device_emulator.facts.yealinks import BOOT, COMMON, DAY, HEADER, LOCAL, OWN, RUN, common, runs, said, there

PROTECT = ("static.auto_provision.custom.protect = 1", "static.auto_provision.custom.sync = 1")
ROM = "fw/T46S-66.86.0.20.rom"


def test_a_file_that_is_never_the_same_reboots_for_ever() -> None:
    """The loop hazard: a time in a file defeats the comparison, and a reboot key that always differs does the rest."""
    desk = there()
    honest, count = desk.web, iter(range(1_000_000))

    def unstable(request: Any) -> Any:
        desk.files[COMMON] = f"{HEADER}network.vlan.internet_port_vid = {next(count)}\n"
        return honest(request)

    desk.web = unstable  # type: ignore[method-assign]
    with pytest.raises(AssertionError, match="never settles"):
        desk.check_sync()


def test_what_would_begin_in_a_call_waits_for_its_end() -> None:
    desk = there("static.auto_provision.repeat.enable = 1", "static.auto_provision.repeat.minutes = 30")
    desk.ring()
    desk.press("Answer")
    assert desk.fetched(desk.check_sync) == []
    assert runs(desk, lambda: desk.advance(3 * 3600)) == 0
    assert desk.fetched(lambda: desk.press("End call")) == RUN  # once, however often it was asked
    assert runs(desk, lambda: desk.advance(3600)) == 2


def test_a_reboot_key_in_a_run_during_a_call_waits_too() -> None:
    desk = there()
    desk.holding = True
    desk.notify_only("check-sync")
    held, desk.holding, desk.held = desk.held, False, []
    common(desk, "network.vpn_enable = 1")
    desk.ring()
    for output in held:
        desk.answer(output)
    desk.settle()
    assert desk.phone.in_call
    start = desk.now
    desk.ask("CANCEL")
    desk.settle()
    assert desk.now - start == 10_000


# ---- personal settings


def test_a_change_made_during_a_run_is_uploaded_after_it() -> None:
    desk = there(*PROTECT)
    desk.holding = True
    desk.notify_only("check-sync")
    held, desk.holding, desk.held = desk.held, False, []
    desk.give(LocallySet("account.1.label", "By hand"))
    assert LOCAL not in desk.files
    for output in held:
        desk.answer(output)
    desk.settle()
    assert desk.files[LOCAL] == f"{HEADER}account.1.label = By hand\n".encode()
    assert desk.phone.screen.label == "By hand"


def test_the_servers_copy_of_the_local_file_counts_and_does_not_come_back_as_an_upload() -> None:
    desk = there(*PROTECT)
    desk.files[LOCAL] = HEADER + "account.1.label = From the server\nstatic.lang.gui = Greek\n"
    desk.check_sync()
    assert desk.phone.screen.label == "From the server"
    assert said(desk, "static.lang.gui") is None
    assert {request.method for request in desk.http} == {"GET"}
    desk.check_sync()
    assert desk.phone.report is not None
    assert desk.phone.report.outcome == "unchanged"


@pytest.mark.parametrize(("protect", "after"), [("0", None), ("1", "By hand")])
def test_files_that_own_the_configuration_respect_protected_changes_only(protect: str, after: str | None) -> None:
    desk = there(f"static.auto_provision.custom.protect = {protect}")
    desk.set_locally("lang.wui", "By hand")
    desk.files[BOOT] = f"{desk.files[BOOT]!s}overwrite_mode = 1\n"
    common(desk, "# changed")
    desk.check_sync()
    assert said(desk, "lang.wui") == after


def test_a_line_feed_typed_into_a_setting_makes_no_second_key_of_it() -> None:
    desk = there(*PROTECT)
    desk.set_locally("account.1.label", "x\naccount.1.sip_server.1.address = evil.example")
    assert desk.phone.screen.label == "Bob"
    assert LOCAL not in desk.files


def test_an_upload_that_fails_is_no_matter() -> None:
    desk = there(*PROTECT)
    honest = desk.web

    def full(request: Any) -> Any:
        if request.method == "PUT":
            desk.statuses[LOCAL] = 507
        return honest(request)

    desk.web = full  # type: ignore[method-assign]
    desk.set_locally("account.1.label", "By hand")
    assert (desk.phone.screen.label, desk.phone.screen.message) == ("By hand", "")


# ---- firmware


def upgrading() -> World:
    desk = yealink()
    common(desk, f"static.firmware.url = {ROM}")
    desk.files[ROM] = b"rom"
    return desk


def test_a_power_cut_while_firmware_is_written_leaves_the_old_one_and_the_old_configuration() -> None:
    desk = upgrading()
    desk.give(PowerOn())
    desk.advance(30)
    assert desk.phone.writing is not None
    desk.unplug()
    assert (desk.phone.model.version, desk.phone.settings.keys) == ("66.86.0.15", ())
    desk.plug_in()
    assert (desk.phone.model.version, desk.phone.screen.label) == ("66.86.0.20", "Bob")


@pytest.mark.parametrize("name", ["T46S.rom", "66.86.0.15.rom", "readme.txt", "66.86.0.20.exe", "$PN-66.86.0.15.rom"])
def test_firmware_whose_name_tells_nothing_new_is_not_fetched(name: str) -> None:
    desk = there(f"static.firmware.url = http://cdn.example/{name}")
    assert desk.paths == RUN


def test_an_upgrade_from_v80_to_v81_finds_the_boot_files() -> None:
    from tests.device_emulator.facts.yealinks import of

    desk = of("66.80.0.95")
    desk.files[ROM.replace("86", "81")] = b"rom"
    common(desk, f"firmware.url = {ROM.replace('86', '81')}")
    desk.files[BOOT] = f"{HEADER}include:config {OWN}\n"
    desk.plug_in()
    assert desk.paths == [COMMON, OWN, ROM.replace("86", "81"), BOOT, OWN]


# ---- triggers


def test_a_schedule_outlives_a_power_cycle_and_a_failed_run() -> None:
    desk = there("static.auto_provision.weekly.enable = 1", "local_time.time_zone = 0")
    desk.power_cycle()
    assert runs(desk, lambda: desk.advance(DAY)) == 1
    desk.statuses[COMMON] = 500
    assert runs(desk, lambda: desk.advance(2 * DAY)) == 2
    assert desk.phone.report is not None
    assert desk.phone.report.outcome == "failed"


@pytest.mark.parametrize(
    "line",
    [
        "weekly.dayofweek = 789",
        "weekly.dayofweek = ",
        "weekly.begin_time = 25:99",
        "weekly.begin_time = noon",
        "weekly.end_time = 00",
        "flexible.enable = 1\nstatic.auto_provision.flexible.interval = 99999999999999999999",
        "flexible.enable = 1\nstatic.auto_provision.flexible.interval = -3",
        "repeat.enable = 1\nstatic.auto_provision.repeat.minutes = 0",
        "power_on = 1\nlocal_time.time_zone = east",
        "power_on = 1\nlocal_time.summer_time = 1\nlocal_time.start_time = 13/40/99\nlocal_time.end_time = x/y",
        "power_on = 1\nlocal_time.summer_time = 1\nlocal_time.dst_time_type = 1\nlocal_time.start_time = 2/5/99/99\n"
        "local_time.end_time = 0/0/0/0",
    ],
)
def test_nonsense_in_a_schedule_does_no_harm(line: str) -> None:
    desk = there("static.auto_provision.weekly.enable = 1", f"static.auto_provision.{line}")
    desk.advance(3 * DAY)
    assert desk.phone.registered
    assert desk.phone.due is not None


def test_a_wrong_password_asks_again_and_cancel_goes_away() -> None:
    desk = there()
    desk.web_login = ("me", "word")
    desk.check_sync()
    assert desk.phone.screen.prompt is not None
    assert desk.phone.registered  # what was in force still is
    desk.press("Cancel")
    assert desk.phone.screen.label == "Bob"
    desk.check_sync()
    desk.web_login = None
    desk.check_sync()  # somebody has opened the server meanwhile: nothing is asked any more
    assert desk.phone.screen.prompt is None


@pytest.mark.parametrize("reason", [b"certificate has expired", b"TLS failed", b""])
def test_without_an_answer_the_reason_is_in_the_report(reason: bytes) -> None:
    from device_emulator.messages import HttpReply

    desk = there()
    desk.holding = True
    desk.notify_only("check-sync")
    desk.give(HttpReply(desk.phone.fetch.id if desk.phone.fetch else 0, 0, body=reason))
    assert desk.phone.report is not None
    assert desk.phone.report.outcome == "failed"
    assert (reason.decode() or "no answer") in desk.phone.report.reason


def test_registration_keys_of_one_line_leave_the_others_alone() -> None:
    desk = yealink()
    two = {
        "account__2__enable": "1",
        "account__2__user_name": "205",
        "account__2__sip_server__1__address": "pbx.example",
    }
    desk.files[OWN] = yealink_file(**two)
    desk.plug_in()
    desk.files[OWN] = yealink_file(**two, account__2__password="new", account__1__label="Ann")
    assert desk.registers(desk.check_sync) == [("205", 3600)]
    desk.files[OWN] = yealink_file(**two | {"account__2__user_name": "206"}, account__1__label="Ann")
    assert desk.registers(desk.check_sync) == [("205", 0), ("206", 3600)]


def test_an_encrypted_file_without_the_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from device_emulator.firmware import yealink_aes
    from tests.device_emulator.facts.yealink_personal import KEY, encrypted

    desk = there(f"static.auto_provision.aes_key.com = {KEY}")
    desk.files[OWN] = encrypted(yealink_file("Secret"), KEY)
    for name in [name for name in sys.modules if name.startswith("cryptography.hazmat.primitives.ciphers")]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers", None)
    yealink_aes.opened.cache_clear()
    desk.check_sync()
    yealink_aes.opened.cache_clear()
    assert desk.phone.screen.label == "Bob"
    assert desk.phone.report is not None
    assert [fault.text for _, fault in desk.phone.report.faults] == [
        "an encrypted file: install pbxsim[aes] to read it; file ignored"
    ]


def test_a_wake_long_after_everything_was_due_plays_it_all() -> None:
    desk = there("static.auto_provision.repeat.enable = 1")
    desk.now += 90 * DAY * 1000
    desk.give(Wake())
    desk.settle()
    assert desk.phone.registered


def test_a_hook_is_told_of_the_receiver_and_of_each_run() -> None:
    hook = "http://hook.example/?e="
    desk = there(*(f"action_url.{name} = {hook}{name}" for name in ("off_hook", "on_hook", "setup_autop_finish")))
    desk.dial("205")
    desk.settle()
    desk.press("End call")
    told = [path.removeprefix(hook) for path in desk.paths if path.startswith(hook)]
    assert told == ["setup_autop_finish", "off_hook", "on_hook"]


def test_two_phones_whose_boot_files_differ_by_their_mac_fetch_each_its_own() -> None:
    for mac in ("805ec0112233", "805ec0445566"):
        desk = World(new(models.find("yealink-t46s"), mac))
        desk.stage()
        desk.files[f"{mac}.boot"] = f"{HEADER}include:config sub-{mac}/a.cfg\ninclude:config {mac.upper()}.cfg\n"
        desk.files |= {f"sub-{mac}/a.cfg": f"{HEADER}lang.gui = English\n", f"{mac.upper()}.cfg": yealink_file()}
        desk.plug_in()
        assert desk.paths == [f"{mac}.boot", f"sub-{mac}/a.cfg", f"{mac.upper()}.cfg"]
        assert desk.phone.report is not None
        assert desk.phone.report.outcome == "applied"


def test_an_address_to_tell_may_be_nonsense() -> None:
    desk = there("action_url.setup_completed = file:///etc/passwd", "action_url.registered = http://[x/$mac")
    assert [path for path in desk.paths if path not in RUN] == ["http://[x/805ec0112233"]  # and nobody answers
    assert desk.phone.registered
    assert desk.phone.screen.message == ""
