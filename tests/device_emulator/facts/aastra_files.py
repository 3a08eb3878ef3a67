"""Aastra and Mitel: which files, how often, in what order, and which value counts."""

from __future__ import annotations

from msgspec.structs import replace

from device_emulator import models
from device_emulator.firmware import aastra_facts as known
from device_emulator.firmware import aastra_files_facts as files
from device_emulator.firmware import aastra_reboot
from device_emulator.messages import HttpRequest
from device_emulator.phone import new
from tests.device_emulator.desk import AASTRA_MAC, World, aastra, aastra_file
from tests.device_emulator.facts.proofs import proves

OWN = f"{AASTRA_MAC.upper()}.cfg"


def released(version: str, model: str = "aastra-6731i", **knobs: bool) -> World:
    """A staged phone of another release, whose server has the two files that everybody has."""
    tuned = tuple((f"aastra.files.{name}", value) for name, value in knobs.items())
    desk = World(new(replace(models.find(model), version=version, knobs=tuned), AASTRA_MAC))
    desk.stage()
    desk.files = {"aastra.cfg": "time format: 1\n", OWN: aastra_file()}
    return desk


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


# ---- which files


@proves(files.FIRMWARE_FIRST, files.UPPER_MAC)
def firmware_3_3_asks_for_firmware_then_three_files() -> None:
    desk = released("3.3.1.4322")
    desk.plug_in()
    assert desk.paths == ["6731i.st", "aastra.cfg", "6731i.cfg", "00085D1610DE.cfg"]


@proves(files.MODEL_FILE, files.SECURITY)
def before_3_3_it_asks_for_the_password_of_encrypted_files_and_knows_no_model_file() -> None:
    for version in ("2.6.0.2019", "3.2.2.3077"):
        desk = released(version)
        desk.plug_in()
        assert desk.paths == ["6731i.st", "security.tuz", "aastra.cfg", OWN]
    for version in ("3.3.0.1000", "3.3.1.4322"):
        desk = released(version)
        desk.plug_in()
        assert desk.paths == ["6731i.st", "aastra.cfg", "6731i.cfg", OWN]


@proves(files.STARTUP, files.FALLBACK)
def firmware_4_asks_for_startup_cfg_and_takes_aastra_cfg_instead() -> None:
    desk = released("3.3.1.4322")
    desk.plug_in()
    assert "startup.cfg" not in desk.paths
    desk = released("4.0.0.3020", "aastra-6867i")
    desk.plug_in()
    assert desk.paths == ["6867i.st", "startup.cfg", "aastra.cfg", "6867i.cfg", OWN]
    desk.files["startup.cfg"] = "time format: 0\n"
    assert desk.fetched(desk.power_cycle) == ["6867i.st", "startup.cfg", "6867i.cfg", OWN]


@proves(files.EMPTY_STOPS)
def an_empty_file_of_all_phones_is_the_last() -> None:
    desk = aastra()
    desk.files["aastra.cfg"] = "\r\n"
    desk.plug_in()
    assert desk.paths == ["6731i.st", "aastra.cfg"]
    assert not desk.phone.lines


@proves(files.ENCRYPTED)
def nothing_encrypted_is_asked_for() -> None:
    desk = aastra()
    desk.plug_in()
    assert [path for path in desk.paths if path.endswith(".tuz")] == []


@proves(files.REFUSED)
def an_encrypted_file_is_refused_and_the_plain_one_is_read() -> None:
    desk = released("3.3.1.4322", encrypted=True)
    desk.files[OWN.replace(".cfg", ".tuz")] = b"\x01\x02 nobody reads this"
    desk.plug_in()
    assert desk.paths == [
        "6731i.st",
        *("aastra.tuz", "aastra.cfg", "6731i.tuz", "6731i.cfg", OWN.replace(".cfg", ".tuz"), OWN),
    ]
    assert desk.phone.screen.label == "Bob"
    ((name, fault),) = desk.phone.report.faults  # type: ignore[union-attr]
    assert (name, fault.text) == (OWN.replace(".cfg", ".tuz"), "this file is encrypted: it is not read")


@proves(files.FIRMWARE_DIFFERENT)
def firmware_is_taken_when_it_is_another() -> None:
    desk = released("3.3.1.4322")
    desk.files["6731i.st"] = b"\x00\x7fAASTRA 3.3.1.4322\x00"
    desk.plug_in()
    assert desk.paths == ["6731i.st", "aastra.cfg", "6731i.cfg", OWN]
    desk.files["6731i.st"] = b"\x00\x7fAASTRA 2.6.0.2019\x00"
    start = desk.now
    after = desk.fetched(lambda: desk.check_sync("check-sync;reboot=true"))
    assert after == ["6731i.st", "6731i.st", "security.tuz", "aastra.cfg", OWN]
    assert desk.phone.model.version == "2.6.0.2019"
    assert desk.now - start == 15_000 + 1_000 + 15_000


# ---- which value


@proves(files.CACHED)
def without_its_server_it_goes_by_what_it_fetched_last() -> None:
    desk = aastra()
    desk.plug_in()
    desk.statuses["aastra.cfg"] = 500
    desk.power_cycle()
    assert desk.phone.screen.label == "Bob"
    assert desk.phone.registered


@proves(files.REMOVED)
def what_no_file_says_any_more_is_at_its_default() -> None:
    desk = aastra()
    desk.plug_in()
    assert desk.phone.settings.get("time format") == "1"
    desk.files["aastra.cfg"] = "# nothing\n"
    desk.power_cycle()
    assert desk.phone.settings.get("time format", "default") == "default"


@proves(files.LATER_WINS)
def the_last_file_wins() -> None:
    desk = aastra()
    desk.files["aastra.cfg"] = "sip line1 screen name: Common\n"
    desk.files["6731i.cfg"] = "sip line1 screen name: Model\n"
    desk.plug_in()
    assert desk.phone.screen.label == "Bob"


@proves(files.LOCAL_WINS)
def the_hand_wins() -> None:
    desk = aastra()
    desk.plug_in()
    desk.set_locally("sip line1 screen name", "By hand")
    desk.files[OWN] = aastra_file("Bob Two")
    desk.power_cycle()
    assert desk.phone.screen.label == "By hand"


@proves(files.CARET)
def a_caret_discards_what_the_hand_did_from_3_3_on() -> None:
    for version, shown in (("3.3.1.4322", "Bob Two"), ("3.2.0.70", "By hand")):
        desk = released(version)
        desk.plug_in()
        desk.set_locally("sip line1 screen name", "By hand")
        desk.files[OWN] = "^" + aastra_file("Bob Two")
        desk.power_cycle()
        assert desk.phone.screen.label == shown, version


@proves(files.LOCK)
def an_exclamation_mark_locks_from_2_4_on() -> None:
    for version, shown in (("2.4.1.37", "Bob"), ("2.3.0.96", "By hand")):
        desk = released(version)
        desk.files[OWN] = "!" + aastra_file() + "sip line1 display name: Bob\n"
        desk.plug_in()
        desk.set_locally("sip line1 screen name", "By hand")
        assert desk.phone.screen.label == shown, version


@proves(files.LATER_LOCK)
def a_later_file_unlocks() -> None:
    desk = aastra()
    desk.files["aastra.cfg"] = "!sip line1 screen name: Locked\n"
    desk.plug_in()
    assert desk.phone.screen.label == "Bob"
    desk.set_locally("sip line1 screen name", "By hand")
    assert desk.phone.screen.label == "By hand"


@proves(files.DIGEST_KEYS)
def who_it_says_it_is_from_the_next_boot_on() -> None:
    desk = aastra()
    desk.files["aastra.cfg"] = "http digest username: me\nhttp digest password: word\n"
    desk.plug_in()
    desk.web_login = ("me", "word")
    desk.power_cycle()
    assert desk.phone.report.outcome == "applied"  # type: ignore[union-attr]


@proves(files.DEFAULT_LOGIN)
def a_phone_that_was_told_nothing_is_aastra() -> None:
    desk = aastra()
    desk.web_login = ("aastra", "aastra")
    desk.plug_in()
    assert desk.phone.screen.label == "Bob"


@proves(files.MOVES)
def another_server_from_the_next_boot_on() -> None:
    desk = aastra()
    desk.files["aastra.cfg"] = "download protocol: HTTP\nhttp server: new.example\nhttp port: 8667\nhttp path: Aastra\n"
    desk.plug_in()
    assert desk.phone.screen.label == "Bob"
    new_place = "http://new.example:8667/Aastra/"
    desk.files |= {f"{new_place}aastra.cfg": "time format: 1\n", new_place + OWN: aastra_file("Bob Two")}
    fetched = desk.fetched(desk.power_cycle)
    assert fetched == [f"{new_place}{name}" for name in ("6731i.st", "aastra.cfg", "6731i.cfg", OWN)]
    assert desk.phone.screen.label == "Bob Two"


@proves(aastra_reboot.AT_BOOT)
def a_vlan_set_by_hand_waits_for_the_reboot() -> None:
    desk = aastra()
    desk.plug_in()
    desk.set_locally("vlan id", "7")
    assert desk.phone.settings.get("vlan id") == ""
    desk.power_cycle()
    assert desk.phone.settings.get("vlan id") == "7"


def asks(desk: World, url: str, body: bytes, source: str) -> int:
    """Somebody posts to the phone's own web server; its status."""
    desk.give(HttpRequest(9, "POST", url, (), body, source))
    desk.settle()
    return desk.replies[-1].status
