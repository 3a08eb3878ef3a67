"""Aastra: the configuration is what the files say at a boot; local changes, marks, check-sync."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., str]
A = "00085D1610DE"
OWN = f"{A}.cfg"


def test_a_removed_key_is_at_its_default_after_the_next_boot(m6731i: Any) -> None:
    m6731i.plug_in()
    assert m6731i.phone.settings.get("time format") == "1"
    m6731i.files["aastra.cfg"] = "# nothing\n"
    m6731i.power_cycle()
    assert m6731i.phone.settings.get("time format", "default") == "default"


def test_an_empty_value_takes_back_what_an_earlier_file_said(m6731i: Any) -> None:
    m6731i.files["6731i.cfg"] = "time format:\n"
    m6731i.plug_in()
    assert m6731i.phone.settings.get("time format", "default") == "default"


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (("sip line1 screen name: Screen", "sip line1 display name: Display"), "Screen"),
        (("sip line1 display name: Display",), "Display"),
        (("sip display name: Global",), "Global"),
        ((), "204"),
    ],
)
def test_what_the_idle_screen_shows(m6731i: Any, lines: tuple[str, ...], shown: str) -> None:
    m6731i.files[OWN] = "\n".join(("sip line1 user name: 204", "sip registrar ip: pbx.example", *lines))
    m6731i.plug_in()
    assert m6731i.phone.screen.label == shown


@pytest.mark.parametrize("registrar", ["0.0.0.0", ""])
def test_no_registrar_no_registration_and_no_complaint(m6731i: Any, registrar: str) -> None:
    m6731i.files[OWN] = f"sip line1 user name: XXNAXX\nsip registrar ip: {registrar}\n"
    m6731i.plug_in()
    assert not m6731i.sip
    assert not m6731i.phone.registered
    assert (m6731i.phone.screen.label, m6731i.phone.screen.message) == ("XXNAXX", "")


def test_the_local_value_wins_and_survives_power(m6731i: Any, make_aastra_file: Make) -> None:
    m6731i.plug_in()
    m6731i.set_locally("sip line1 screen name", "By hand")
    assert m6731i.phone.screen.label == "By hand"
    m6731i.files[OWN] = make_aastra_file("Bob Two")
    m6731i.power_cycle()
    assert m6731i.phone.screen.label == "By hand"


def test_a_caret_discards_the_local_value(m6731i: Any) -> None:
    m6731i.plug_in()
    m6731i.set_locally("sip line1 screen name", "By hand")
    m6731i.files[OWN] = "^" + m6731i.files[OWN]
    m6731i.power_cycle()
    assert m6731i.phone.screen.label == "Bob"
    m6731i.set_locally("sip line1 screen name", "Again")  # not locked
    assert m6731i.phone.screen.label == "Again"


def test_an_exclamation_mark_locks_against_hands_and_a_later_file_unlocks(m6731i: Any) -> None:
    m6731i.files["aastra.cfg"] = "!date format: 1\n!time format: 1\n"
    m6731i.files["6731i.cfg"] = "time format: 2\n"
    m6731i.plug_in()
    for key, value in (("date format", "1"), ("time format", "0")):
        m6731i.set_locally(key, "0")
        assert m6731i.phone.settings.get(key) == value


def test_a_failed_boot_keeps_the_cached_configuration(m6731i: Any) -> None:
    m6731i.plug_in()
    m6731i.set_locally("time format", "0")
    m6731i.statuses["aastra.cfg"] = 500
    m6731i.power_cycle()
    assert m6731i.phone.settings.get("time format") == "0"
    assert m6731i.phone.screen.label == "Bob"


# ---- check-sync


def test_check_sync_without_a_change_does_not_reboot(m6731i: Any) -> None:
    m6731i.plug_in()
    start = m6731i.now
    assert m6731i.fetched(m6731i.check_sync) == ["aastra.cfg", "6731i.cfg", OWN]  # no firmware check
    assert m6731i.now == start
    assert m6731i.registers(m6731i.check_sync) == []


@pytest.mark.parametrize("change", ["edited", "vanished", "appeared"])
def test_check_sync_reboots_when_something_changed(m6731i: Any, make_aastra_file: Make, change: str) -> None:
    m6731i.plug_in()
    if change == "edited":
        m6731i.files[OWN] = make_aastra_file("Bob Two")
    elif change == "vanished":
        del m6731i.files[OWN]
    else:
        m6731i.files["6731i.cfg"] = "date format: 5\n"
    start = m6731i.now
    m6731i.check_sync()
    assert m6731i.now - start == 16_000
    assert m6731i.phone.screen.label == {"edited": "Bob Two", "vanished": "", "appeared": "Bob"}[change]


def test_check_sync_with_reboot_true_reboots_always(m6731i: Any) -> None:
    m6731i.plug_in()
    fetched = m6731i.fetched(lambda: m6731i.check_sync("check-sync;reboot=true"))
    assert fetched == ["6731i.st", "aastra.cfg", "6731i.cfg", OWN]


def test_a_failed_check_changes_nothing(m6731i: Any, make_aastra_file: Make) -> None:
    m6731i.plug_in()
    before = m6731i.phone.settings
    m6731i.files[OWN] = make_aastra_file("Bob Two")
    m6731i.statuses[OWN] = 503
    m6731i.check_sync()
    assert (m6731i.phone.phase, m6731i.phone.settings) == ("idle", before)
    assert m6731i.phone.registered


# ---- lines and keys


def test_lines_fall_back_to_global_settings(m6731i: Any) -> None:
    m6731i.files[OWN] = (
        "sip registrar ip: pbx.example\nsip registration period: 600\nsip password: p\n"
        "sip line1 user name: 204\nsip line2 user name: 205\nsip line2 registrar ip: other.example\n"
    )
    m6731i.plug_in()
    assert [(r.aor, r.expires) for r in m6731i.sip] == [("sip:204@pbx.example", 600), ("sip:205@other.example", 600)]
    assert {r.contact for r in m6731i.sip} == {"sip:204@00085d1610de.phone", "sip:205@00085d1610de.phone"}


def test_keys_of_the_model(m6731i: Any, make_world: Callable[[str], Any]) -> None:
    text = "prgkey1 type: xml\nprgkey1 label: Log Out\nprgkey2 type: none\nprgkey9 type: xml\n"
    m6731i.files[OWN] += text + "softkey3 type: speeddial\nsoftkey3 label: Ann\n"
    m6731i.plug_in()
    assert [(key.name, key.type, key.label) for key in m6731i.phone.keys] == [("prgkey1", "xml", "Log Out")]
    world = make_world("aastra-6867i")
    world.stage()
    world.files = m6731i.files
    world.plug_in()
    assert [(key.name, key.type, key.label) for key in world.phone.keys] == [("softkey3", "speeddial", "Ann")]
    assert world.phone.screen.soft_keys == ("Ann",)


def test_http_digest_credentials_of_the_files_are_used_from_the_next_run_on(m6731i: Any) -> None:
    m6731i.files["aastra.cfg"] += "http digest username: me\nhttp digest password: word\n"
    m6731i.plug_in()
    assert (m6731i.phone.flash.username, m6731i.phone.flash.password) == ("me", "word")
    m6731i.web_login = ("me", "word")
    m6731i.power_cycle()
    assert m6731i.phone.report.outcome == "applied"
