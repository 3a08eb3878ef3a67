"""Aastra and Mitel: action URIs, check-sync, and looking for another configuration by themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from msgspec.structs import replace

from device_emulator.firmware import aastra_events as known
from device_emulator.firmware import aastra_resync as resync
from device_emulator.phone import new
from tests.device_emulator.desk import AASTRA_MAC, World, aastra, aastra_file
from tests.device_emulator.facts.aastra_files import released
from tests.device_emulator.facts.proofs import proves

OWN = f"{AASTRA_MAC.upper()}.cfg"
HOST = "http://pbx.example/"


def told(*lines: str, desk: World | None = None) -> World:
    """A phone with these lines in its common file, and power."""
    desk = desk or aastra()
    desk.files["aastra.cfg"] = "\n".join(("time format: 1", *lines))
    desk.plug_in()
    return desk


def heard(desk: World) -> list[str]:
    """What it has told the PBX, without the address."""
    return [path.removeprefix(HOST) for path in desk.paths if path.startswith(HOST)]


@proves(known.STARTUP)
def the_end_of_a_boot() -> None:
    desk = told(f"action uri startup: {HOST}up?u=$$SIPUSERNAME$$&ip=$$LOCALIP$$")
    assert heard(desk) == [f"up?u=204&ip={AASTRA_MAC}.phone"]


@proves(known.REGISTERED)
def each_line_once() -> None:
    desk = told(f"action uri registered: {HOST}r/$$SIPUSERNAME$$/$$PROXYURL$$", "sip line2 user name: 205")
    assert heard(desk) == ["r/204/pbx.example", "r/205/pbx.example"]
    desk.advance(20_000)
    assert len(heard(desk)) == 2


@proves(known.REGISTRATION, known.CODE)
def every_change_of_a_registration() -> None:
    line = f"action uri registration event: {HOST}$$REGISTRATIONSTATE$$/$$REGISTRATIONCODE$$"
    desk = told(line, desk=released("2.4.1.37"))
    assert heard(desk) == ["REGISTERED/001"]
    desk.refuse = 403
    desk.advance(4_000)
    assert heard(desk) == ["REGISTERED/001", "REFUSED/403"]
    desk.refuse = 0
    desk.advance(60)
    assert heard(desk)[2:] == ["REGISTERED/001"]
    assert heard(told(line, desk=released("2.3.0.96"))) == []


@proves(known.CALLS)
def a_call_goes_on() -> None:
    events = ("incoming", "outgoing", "offhook", "onhook", "connected", "disconnected")
    desk = told(*(f"action uri {event}: {HOST}{event}/$$REMOTENUMBER$$/$$CALLDURATION$$" for event in events))
    desk.ring()
    desk.press("Answer")
    desk.advance(5)
    desk.ask("BYE")
    assert heard(desk) == [
        *("incoming/1002/0", "offhook/1002/0", "connected/1002/0", "disconnected/1002/5", "onhook/1002/5"),
    ]
    desk.dial("1003")
    desk.reply(486)
    assert heard(desk)[5:] == ["offhook/1003/0", "outgoing/1003/0", "disconnected/1003/0", "onhook/1003/0"]


@proves(known.CONNECTED)
def connected_from_2_5_on() -> None:
    for version, count in (("2.5.0.30", 1), ("2.4.1.37", 0)):
        desk = told(f"action uri connected: {HOST}connected", desk=released(version))
        desk.ring()
        desk.press("Answer")
        assert len(heard(desk)) == count, version


@proves(known.POLL)
def it_polls() -> None:
    desk = told(f"action uri poll: {HOST}poll", "action uri poll interval: 600")
    up = desk.now
    desk.advance(1_900)
    assert heard(desk) == ["poll"] * 3
    polled = [seen.at for seen in desk.seen if seen.path == HOST + "poll"]
    assert polled[0] == up + 600_000


# ---- check-sync


@proves(known.COMPARES)
def it_reboots_if_the_files_are_others() -> None:
    desk = told()
    start = desk.now
    assert desk.fetched(desk.check_sync) == ["aastra.cfg", "6731i.cfg", OWN]
    assert desk.now == start
    desk.files[OWN] = aastra_file("Bob Two")
    desk.check_sync()
    assert (desk.now - start, desk.phone.screen.label) == (16_000, "Bob Two")


@proves(known.REBOOTS)
def it_reboots_when_it_is_told_to() -> None:
    desk = told()
    start = desk.now
    desk.check_sync("check-sync;reboot=true")
    assert desk.now - start == 15_000


@proves(known.TR_069)
def the_management_servers_business() -> None:
    acs = f"action uri tr69 check sync: {HOST}acs"
    for mode, paths in (("0", ["aastra.cfg", "6731i.cfg", OWN]), ("1", []), ("2", [HOST + "acs", "aastra.cfg"])):
        desk = told(f"tr69 check sync: {mode}", acs)
        fetched = desk.fetched(desk.check_sync)
        assert fetched[: len(paths) or None] == paths, mode


# ---- by itself


def looks(*lines: str, mac: str = AASTRA_MAC, days: int = 3) -> list[datetime]:
    """When a phone looks in its first days; it is up at midnight (UTC) of 1 January 2025."""
    desk = World(replace(new(aastra().phone.model, mac)))
    desk.stage()
    desk.files = {f"{mac.upper()}.cfg": aastra_file(), "aastra.cfg": "\n".join(("auto resync mode: 1", *lines))}
    desk.plug_in()
    before = len(desk.seen)
    desk.advance(days * 86_400)
    times = [seen.at for seen in desk.seen[before:] if seen.path == "aastra.cfg"]
    return [datetime.fromtimestamp(at / 1000, UTC) for at in times]


@proves(resync.RESYNC_MODE)
def it_does_not_look_by_itself() -> None:
    desk = told()
    assert desk.fetched(lambda: desk.advance(3 * 86_400)) == []


@proves(resync.RESYNC_TIME)
def at_midnight() -> None:
    assert [(at.day, at.hour, at.minute) for at in looks("auto resync max delay: 0")] == [
        *((2, 0, 0), (3, 0, 0), (4, 0, 0)),
    ]


@proves(resync.RESYNC_DELAY)
def within_a_quarter_of_an_hour_each_at_another_moment() -> None:
    moments = {mac: looks("auto resync time: 03:00", mac=mac, days=1)[0] for mac in ("00085d000001", "00085d000002")}
    assert len(set(moments.values())) == 2
    assert all((at.hour, at.minute < 15) == (3, True) for at in moments.values())
    assert looks("auto resync time: 03:00", mac="00085d000001", days=1)[0] == moments["00085d000001"]


@proves(resync.RESYNC_DAYS)
def every_other_day() -> None:
    found = looks("auto resync time: 03:00", "auto resync max delay: 0", "auto resync days: 2", days=6)
    assert [(late - early).days for early, late in pairwise(found)] == [2, 2]
