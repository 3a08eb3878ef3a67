"""Yealink: what a run applies, when the phone reboots, what check-sync does, who wins against local changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from device_emulator.firmware.yealink_reboot import needs_reboot
from device_emulator.messages import SipRequest

Make = Callable[..., str]
Y = "805ec0112233"
COMMON = "y000000000066.cfg"
HEADER = "#!version:1.0.0.1\n"


def test_a_new_label_shows_after_a_power_cycle_or_a_check_sync_and_not_before(
    t46s: Any, make_yealink_file: Make
) -> None:
    t46s.plug_in()
    t46s.files[f"{Y}.cfg"] = make_yealink_file("Bob Two")
    assert t46s.phone.screen.label == "Bob"
    assert t46s.registers(t46s.check_sync) == []  # a label is no business of the registrar
    assert t46s.phone.screen.label == "Bob Two"
    t46s.files[f"{Y}.cfg"] = make_yealink_file("Bob Three")
    t46s.power_cycle()
    assert t46s.phone.screen.label == "Bob Three"


@pytest.mark.parametrize(
    ("label", "display", "shown"),
    [("Label", "Display", "Label"), ("%EMPTY%", "Display", "Display"), ("%NULL%", "%NULL%", "204")],
)
def test_what_the_idle_screen_shows(t46s: Any, make_yealink_file: Make, label: str, display: str, shown: str) -> None:
    t46s.files[f"{Y}.cfg"] = make_yealink_file(label, account__1__display_name=display)
    t46s.plug_in()
    assert t46s.phone.screen.label == shown
    assert t46s.phone.screen.text == shown


def test_an_empty_value_leaves_the_old_one(t46s: Any, make_yealink_file: Make) -> None:
    t46s.plug_in()
    t46s.files[f"{Y}.cfg"] = make_yealink_file("", account__1__display_name="Newer")
    t46s.power_cycle()
    assert t46s.phone.screen.label == "Bob"
    assert t46s.phone.settings.get("account.1.display_name") == "Newer"


def test_an_absent_key_leaves_the_old_value_and_overwrite_mode_does_not(t46s: Any, make_yealink_file: Make) -> None:
    t46s.files[COMMON] += "lang.wui = French\n"
    t46s.plug_in()
    t46s.files[COMMON] = HEADER
    t46s.power_cycle()
    assert t46s.phone.settings.get("lang.wui") == "French"
    t46s.files[f"{Y}.boot"] += "overwrite_mode = 1\n"
    t46s.files[COMMON] = HEADER + "# newer\n"
    t46s.power_cycle()
    assert t46s.phone.settings.get("lang.wui", "default") == "default"


def test_logins_are_not_collapsed(t46s: Any) -> None:
    t46s.files[COMMON] = HEADER + "security.user_password = admin:a\nsecurity.user_password = user:b\n"
    t46s.plug_in()
    assert t46s.phone.settings.get("security.user_password") == "admin:a\nuser:b"
    t46s.files[COMMON] = HEADER + "security.user_password = admin:c\n"
    t46s.power_cycle()
    assert t46s.phone.settings.get("security.user_password") == "user:b\nadmin:c"


@pytest.mark.parametrize("broken", ["", "account.1.label = Eve\n", "\ufeff#!version:1.0.0.1\naccount.1.label = Eve\n"])
def test_a_file_without_header_is_ignored_and_the_rest_applied(t46s: Any, broken: str) -> None:
    t46s.plug_in()
    t46s.files[f"{Y}.cfg"] = broken
    t46s.files[COMMON] = HEADER + "lang.gui = French\n"
    t46s.power_cycle()
    assert t46s.phone.screen.label == "Bob"
    assert t46s.phone.settings.get("lang.gui") == "French"
    assert [name for name, _ in t46s.phone.report.faults] == [f"{Y}.cfg"]


# ---- the MD5 short cut


def test_unchanged_files_are_not_applied_again_so_a_local_change_survives(t46s: Any) -> None:
    t46s.plug_in()
    t46s.set_locally("account.1.label", "By hand")
    t46s.power_cycle()
    assert t46s.phone.report.outcome == "unchanged"
    assert t46s.phone.screen.label == "By hand"


def test_a_comment_is_a_change_and_the_server_overwrites(t46s: Any) -> None:
    t46s.plug_in()
    t46s.set_locally("account.1.label", "By hand")
    t46s.files[f"{Y}.cfg"] += "# 2025-01-01 00:00:00\n"
    t46s.power_cycle()
    assert t46s.phone.report.outcome == "applied"
    assert t46s.phone.screen.label == "Bob"


def test_with_protect_the_local_change_wins_if_it_was_made_under_it(t46s: Any) -> None:
    t46s.plug_in()
    t46s.set_locally("account.1.display_name", "before")
    t46s.files[COMMON] += "static.auto_provision.custom.protect = 1\n"
    t46s.files[f"{Y}.cfg"] += "account.1.display_name = server\n"
    t46s.power_cycle()
    t46s.set_locally("account.1.label", "By hand")
    assert t46s.phone.settings.get("account.1.display_name") == "server"
    t46s.files[f"{Y}.cfg"] += "# changed\n"
    t46s.power_cycle()
    assert t46s.phone.screen.label == "By hand"
    t46s.files[COMMON] += "static.auto_provision.custom.protect = 0\n"
    t46s.power_cycle()
    assert t46s.phone.screen.label == "Bob"


# ---- reboot keys


@pytest.mark.parametrize("key", ["network.vlan.internet_port_vid", "static.network.vlan.internet_port_vid"])
def test_a_changed_reboot_key_reboots_once(t46s: Any, key: str) -> None:
    t46s.plug_in()
    t46s.files[COMMON] += f"{key} = 12\n"
    run = [f"{Y}.boot", COMMON, f"{Y}.cfg"]
    assert t46s.fetched(t46s.check_sync) == run + run
    assert t46s.phone.report.outcome == "unchanged"
    assert t46s.fetched(t46s.check_sync) == run
    assert t46s.phone.registered


@pytest.mark.parametrize(
    ("key", "reboots"),
    [
        ("account.1.dns_srv_type", True),
        ("account.12.srv_ttl_timer_enable", True),
        ("account.1.label", False),
        ("account.1.password", False),
        ("static.wui.https_enable", True),
        ("managementserver.url", True),
        ("static.auto_provision.server.url", False),
        ("linekey.1.label", False),
    ],
)
def test_the_reboot_set(key: str, reboots: bool) -> None:
    assert needs_reboot(key) == reboots


def test_a_line_that_is_gone_leaves_before_the_reboot(t46s: Any, make_yealink_file: Make) -> None:
    t46s.plug_in()
    t46s.files[f"{Y}.cfg"] = make_yealink_file(user="205", network__vpn_enable="1")
    t46s.check_sync()
    assert t46s.aors == {"sip:205@pbx.example"}


def test_unregister_on_reboot_leaves_and_the_default_does_not(t46s: Any, make_yealink_file: Make) -> None:
    t46s.plug_in()
    assert t46s.registers(lambda: t46s.check_sync("check-sync;reboot=true")) == [("204", 3600)]
    t46s.files[f"{Y}.cfg"] = make_yealink_file(account__1__unregister_on_reboot="1")
    t46s.check_sync()
    assert t46s.registers(lambda: t46s.check_sync("check-sync;reboot=true")) == [("204", 0), ("204", 3600)]


# ---- check-sync


@pytest.mark.parametrize(
    ("setting", "event", "reboots", "fetches"),
    [
        (None, "check-sync", True, True),
        (None, "check-sync;reboot=false", True, True),
        ("1", "check-sync;reboot=false", True, True),
        ("0", "check-sync", False, True),
        ("0", "check-sync;reboot=false", False, True),
        ("0", "check-sync; reboot=true", True, True),
        ("2", "check-sync;reboot=true", False, False),
    ],
)
def test_check_sync_obeys_notify_reboot_enable(
    t46s: Any, setting: str | None, event: str, reboots: bool, fetches: bool
) -> None:
    t46s.files[COMMON] = HEADER + (f"sip.notify_reboot_enable = {setting}\n" if setting else "")
    t46s.plug_in()
    start = t46s.now
    assert bool(t46s.fetched(lambda: t46s.check_sync(event))) == fetches
    assert (t46s.now - start == 10_000) == reboots
    assert [answer.status for answer in t46s.answers] == [200]
    assert t46s.phone.registered


def test_while_updating_it_stays_registered_and_keeps_its_label(t46s: Any) -> None:
    t46s.plug_in()
    t46s.holding = True
    t46s.give(SipRequest(1, "NOTIFY", "sip:x", "sip:x", event="check-sync"))
    phone = t46s.phone
    assert (phone.phase, phone.registered, phone.busy) == ("updating", True, True)
    assert (phone.screen.label, phone.screen.message) == ("Bob", "Updating configuration")


def test_a_check_sync_during_a_run_makes_another_run(t46s: Any) -> None:
    t46s.plug_in()
    t46s.holding = True
    notify = SipRequest(1, "NOTIFY", "sip:x", "sip:x", event="check-sync")
    t46s.give(notify)
    t46s.give(notify)
    held, t46s.holding = t46s.held, False

    def answer() -> None:
        for output in held:
            t46s.answer(output)
        t46s.settle()

    run = [f"{Y}.boot", COMMON, f"{Y}.cfg"]
    assert t46s.fetched(answer) == run + run


@pytest.mark.parametrize(("method", "event", "status"), [("NOTIFY", "presence", 489), ("OPTIONS", "", 501)])
def test_other_sip_requests(t46s: Any, method: str, event: str, status: int) -> None:
    t46s.plug_in()
    t46s.give(SipRequest(7, method, "sip:x", "sip:x", event=event))
    assert [(answer.id, answer.status) for answer in t46s.answers] == [(7, status)]


# ---- the server's address in the files


def test_a_new_server_takes_effect_for_the_next_run(t46s: Any) -> None:
    t46s.plug_in()
    t46s.files[COMMON] += "static.auto_provision.server.url = http://new.example/x\n"
    t46s.power_cycle()
    assert t46s.phone.flash.url == "http://new.example/x/"
    assert t46s.fetched(t46s.power_cycle)[0] == f"http://new.example/x/{Y}.boot"


def test_line_keys(t46s: Any, make_yealink_file: Make) -> None:
    t46s.files[COMMON] += "linekey.1.type = 15\nlinekey.2.type = 16\nlinekey.2.label = Ann\nlinekey.2.value = 205\n"
    t46s.plug_in()
    assert [(key.name, key.type, key.label, key.value) for key in t46s.phone.keys] == [
        ("linekey1", "line", "", ""),
        ("linekey2", "blf", "Ann", "205"),
    ]
    phone = t46s.phone
    t46s.press("linekey1")
    assert replace(t46s.phone, touched=0) == phone
