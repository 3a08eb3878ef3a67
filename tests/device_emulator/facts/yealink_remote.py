"""Yealink: who may control it from afar, what he may make it do, and what it tells others."""

from __future__ import annotations

from device_emulator.firmware import yealink_remote_facts as known
from tests.device_emulator.desk import World, aastra_file, yealink, yealink_file
from tests.device_emulator.facts.proofs import proves
from tests.device_emulator.facts.yealinks import COMMON, HEADER, OWN, RUN, common, runs, there

OPEN = ("features.action_uri_limit_ip = any", "features.show_action_uri_option = 0")
BOOT_MS = 10_000


def reboots(desk: World, event: str) -> bool:
    """Does it reboot for that event? It takes its time then."""
    start = desk.now
    desk.notify(event)
    return desk.now - start == BOOT_MS


# ---- told by SIP


@proves(known.CHECK_SYNC, known.CHECK_SYNC_EVENT)
def any_check_sync_reboots_it_unless_it_is_told_to_look_only() -> None:
    desk = yealink()
    desk.files[COMMON] = HEADER
    desk.plug_in()
    assert reboots(desk, "check-sync;reboot=false")
    assert desk.notify("resync") == 489
    common(desk, "sip.notify_reboot_enable = 0")
    desk.check_sync()
    assert not reboots(desk, "check-sync")
    assert reboots(desk, "check-sync;reboot=true")
    common(desk, "sip.notify_reboot_enable = 2")
    desk.check_sync()
    assert runs(desk, lambda: desk.notify("check-sync;reboot=true")) == 0


@proves(known.TRUST)
def it_listens_to_strangers_unless_it_is_told_not_to() -> None:
    stranger, server = "<sip:pbx@evil.example>", "<sip:pbx@pbx.example>"
    desk = there()
    assert desk.notify("check-sync", caller=stranger) == 200
    for key in ("sip.trust_ctrl", "account.1.sip_trust_ctrl"):
        desk = there(f"{key} = 1")
        assert desk.notify("check-sync", caller=stranger) == 403
        assert desk.notify("check-sync", caller=server) == 200
        assert desk.notify("check-sync") == 200


@proves(known.URI_EVENT, known.URI_ENABLE)
def an_action_uri_may_come_by_sip() -> None:
    desk = there()
    assert desk.fetched(lambda: desk.notify("ACTION-URI", b"key=AutoP")) == RUN
    start = desk.now
    assert desk.notify("ACTION-URI", b"key=Reboot\r\n") == 200
    assert desk.now - start == BOOT_MS
    assert desk.fetched(lambda: desk.notify("ACTION-URI", b"key=Reset")) == []
    common(desk, "features.action_uri.enable = 0")
    desk.check_sync()
    assert desk.notify("ACTION-URI", b"key=AutoP") == 403


# ---- asked by HTTP


@proves(known.URI_LIMIT)
def a_new_phone_lets_nobody_control_it() -> None:
    desk = there("features.show_action_uri_option = 0")
    assert desk.control("key=AutoP").status == 403
    assert desk.seen[-1].path == OWN


@proves(known.URI_PATHS, known.URI_RUN, known.URI_ANY)
def an_action_uri_starts_a_run() -> None:
    desk = there(*OPEN)
    for path in ("/servlet", "/cgi-bin/ConfigManApp.com", "/cgi-bin/cgiServer.exx"):
        assert desk.fetched(lambda path=path: desk.control("key=AutoP", path=path)) == RUN  # type: ignore[misc]
        assert desk.replies[-1].status == 200
    assert desk.control("key=AutoP", path="/index.htm").status == 404


@proves(known.URI_STAR)
def the_list_may_hold_patterns() -> None:
    desk = there("features.action_uri_limit_ip = 10.0.0.7, 192.168.*.*", OPEN[1])
    allowed = [desk.control("key=AutoP", source).status for source in ("10.0.0.7", "192.168.3.4", "10.0.0.9", "")]
    assert allowed == [200, 200, 403, 403]


@proves(known.URI_ASKS)
def the_first_time_somebody_at_the_phone_must_allow_it() -> None:
    desk = there(OPEN[0])
    assert desk.control("key=AutoP").status == 403
    assert "Allow Remote Control?" in desk.phone.screen.text
    desk.press("Deny")
    assert "Allow" not in desk.phone.screen.text
    assert desk.control("key=AutoP").status == 403
    assert desk.fetched(lambda: desk.press("Allow")) == RUN
    desk.power_cycle()
    assert desk.control("key=AutoP").status == 200
    assert desk.control("key=AutoP", "10.0.0.77").status == 403


@proves(known.URI_SEPARATOR)
def one_action_uri_may_press_several_keys() -> None:
    desk = there(*OPEN)
    desk.dial("205")
    desk.reply(200)
    sent = len(desk.calls)
    desk.control("key=1;2;POUND")
    assert [one.body for one in desk.calls[sent:]] == [b"1", b"2", b"#"]
    desk.control("key=MUTE;X")
    assert not desk.phone.in_call
    desk.ring()
    desk.control("key=OK")
    assert desk.phone.screen.call is not None
    assert desk.phone.screen.call.state == "talking"


@proves(known.URI_REBOOT)
def an_action_uri_reboots_it() -> None:
    desk = there(*OPEN)
    start = desk.now
    desk.control("key=Reboot")
    assert desk.now - start == BOOT_MS


@proves(known.URI_RESET)
def an_action_uri_resets_it() -> None:
    desk = there(*OPEN)
    desk.control("key=Reset")
    assert desk.phone.phase == "no-server"
    assert not desk.bindings


@proves(known.URI_STATUS)
def it_tells_its_state() -> None:
    desk = there(*OPEN)
    reply = desk.control("phonecfg=get&accounts=1&dnd=1&fw=1")
    assert (reply.status, reply.body) == (200, b"account.1=Bob;registered\ndnd=0\nfw=66.86.0.15\n")
    desk.control("key=DNDOn")
    assert desk.control("phonecfg=get&dnd=1").body == b"dnd=1\n"


# ---- what it tells others

HOOK = "http://hook.example/?e="


def told(desk: World) -> list[str]:
    """What it has fetched from the hook."""
    return [path.removeprefix(HOOK) for path in desk.paths if path.startswith(HOOK)]


@proves(known.URL_EVENTS)
def it_tells_what_happens_and_reads_no_answer() -> None:
    events = "setup_completed registered unregistered register_failed incoming_call outgoing_call call_established"
    more = "call_terminated dnd_on dnd_off"
    keys = [f"action_url.{name} = {HOOK}{name}" for name in f"{events} {more}".split()]
    desk = yealink()
    common(desk, *keys, "linekey.3.type = 5")
    desk.files[f"{HOOK}registered"] = aastra_file()  # nonsense, and never looked at
    desk.plug_in()
    assert sorted(told(desk)) == ["registered", "setup_completed"]
    desk.ring()
    desk.press("Answer")
    desk.ask("BYE")
    desk.settle()
    assert told(desk)[2:] == ["incoming_call", "call_established", "call_terminated"]
    desk.press("linekey3")
    desk.press("linekey3")
    assert told(desk)[5:] == ["dnd_on", "dnd_off"]
    desk.dial("205")
    desk.settle()
    assert told(desk)[7:8] == ["outgoing_call"]
    desk.press("End call")
    desk.files[OWN] = yealink_file("Ann", "207")
    desk.check_sync()
    assert sorted(told(desk)[9:]) == ["registered", "unregistered"]
    desk.refuse = 403
    desk.power_cycle()
    assert "register_failed" in told(desk)
    assert desk.phone.screen.label == "Ann"
    assert "Cannot fetch" not in desk.phone.screen.message


@proves(known.URL_VARIABLES)
def it_puts_into_the_address_what_it_knows() -> None:
    variables = "$mac,$model,$firmware,$active_user,$active_host,$local,$remote,$display_remote"
    desk = there(f"action_url.incoming_call = {HOOK}{variables}")
    desk.ring(caller='"John Smith" <1002>')
    (said_,) = told(desk)
    assert said_ == (
        "805ec0112233,SIP-T46S,66.86.0.15,204,pbx.example,sip%3A204%40pbx.example,sip%3A1002%40pbx.example,John%20Smith"
    )
