"""A phone's call: rows of the table as stories, what a display of three rows shows of it, and its laws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_emulator import models
from device_emulator.messages import (
    Dialled,
    FactoryReset,
    HttpReply,
    HttpRequest,
    Input,
    KeyPressed,
    PowerLost,
    PowerOn,
    SipReply,
    SipRequest,
    Staged,
    Typed,
    Wake,
)
from device_emulator.phone import Phone, new, step
from device_emulator.phone.calls import DIGITS, TABLE
from device_emulator.screen import CallShown
from device_emulator.wire.dialog import Call, party
from tests.law import law

COMMON = "y000000000066.cfg"


@pytest.fixture
def phone(t46s: Any) -> Any:
    """A T46S that is up, registered and free."""
    t46s.plug_in()
    return t46s


def rings(phone: Any) -> None:
    phone.ring()


def calls(phone: Any) -> None:
    phone.dial("1003")
    phone.reply(180)


def talks(phone: Any) -> None:
    phone.ring()
    phone.press("Answer")


def has_called(phone: Any) -> None:
    phone.dial("1003")
    phone.reply(200)


def failed(phone: Any) -> None:
    phone.dial("1003")
    phone.reply(486)


def free(phone: Any) -> None:
    pass


def state(phone: Any) -> str:
    call = phone.phone.call
    return "free" if call is None else call.state


# ---- it rings


def test_an_incoming_call_is_on_the_screen_and_rings(phone: Any) -> None:
    assert phone.said(phone.ring) == [(180, "c1", 1)]
    screen = phone.phone.screen
    assert screen.call == CallShown("ringing", "1002", "John Smith")
    assert screen.rows == ("Incoming call", "John Smith", "1002", "Answer  Reject")
    assert (screen.label, screen.message, screen.soft_keys) == ("", "Incoming call", ("Answer", "Reject"))
    assert phone.phone.registered
    assert not phone.phone.busy  # it waits for a person


def test_a_display_of_three_rows_shows_who_before_what_to_press(m6731i: Any) -> None:
    m6731i.plug_in()
    m6731i.ring(caller='"Maximiliana Featherstonehaugh" <+61255501234>')
    screen = m6731i.phone.screen
    assert screen.rows == ("Incoming call", "Maximiliana Feat", "+61255501234")
    assert screen.call == CallShown("ringing", "+61255501234", "Maximiliana Featherstonehaugh")
    assert screen.soft_keys == ("Answer", "Reject")


def test_answered_both_talk_and_the_other_side_hangs_up(phone: Any) -> None:
    phone.ring()
    assert phone.said(lambda: phone.press("Answer")) == [(200, "c1", 1)]
    assert phone.phone.screen.rows == ("In a call", "John Smith", "1002", "End call")
    phone.advance(3600)
    assert state(phone) == "talking"
    assert phone.said(lambda: phone.ask("BYE")) == [(200, "c1", 2)]
    assert (state(phone), phone.phone.screen.label) == ("free", "Bob")


def test_the_person_hangs_up(phone: Any) -> None:
    talks(phone)
    assert phone.said(lambda: phone.press("End call")) == [("BYE", "c1", "")]
    bye = phone.calls[-1]
    assert (bye.uri, bye.aor) == ("sip:1002@pbx.example", "sip:204@pbx.example")
    assert phone.phone.screen.label == "Bob"
    phone.give(SipReply(bye.id, 200, call="c1"))
    assert phone.phone.screen.label == "Bob"


def test_a_call_that_is_rejected_hears_busy(phone: Any) -> None:
    phone.ring()
    assert phone.said(lambda: phone.press("Reject")) == [(486, "c1", 1)]
    assert phone.phone.screen.label == "Bob"


def test_cancelled_it_stops_ringing(phone: Any) -> None:
    """Somebody else has answered, or the time was up."""
    phone.ring()
    assert phone.said(lambda: phone.ask("CANCEL")) == [(200, "c1", 2), (487, "c1", 1)]
    assert phone.phone.screen.label == "Bob"


def test_a_caller_may_end_it_with_bye_before_the_answer(phone: Any) -> None:
    phone.ring()
    assert phone.said(lambda: phone.ask("BYE")) == [(200, "c1", 2), (487, "c1", 1)]
    assert phone.phone.screen.label == "Bob"


def test_an_answer_to_a_register_is_no_answer_to_an_invite_of_the_same_number(phone: Any) -> None:
    """Both sides count for themselves."""
    phone.advance(1790)
    register = phone.phone.serial + 1
    phone.notified = register - 1
    phone.ring()
    phone.holding = True
    phone.advance(20)
    assert phone.phone.lines[0].request == register == phone.phone.call.invite
    phone.give(SipReply(register, 200, expires=3600))
    assert (phone.phone.busy, state(phone)) == (False, "ringing")


def test_what_has_been_answered_cannot_be_cancelled(phone: Any) -> None:
    talks(phone)
    assert phone.said(lambda: phone.ask("CANCEL")) == [(200, "c1", 2)]
    assert state(phone) == "talking"


def test_it_rings_for_three_minutes_and_then_gives_up(phone: Any) -> None:
    phone.ring()
    phone.advance(179)
    assert state(phone) == "ringing"
    assert phone.said(lambda: phone.advance(2)) == [(480, "c1", 1)]
    assert phone.phone.screen.label == "Bob"


@pytest.mark.parametrize("story", [rings, calls, talks])
def test_whoever_calls_a_phone_in_a_call_hears_busy(phone: Any, story: Callable[[Any], None]) -> None:
    story(phone)
    before = phone.phone
    assert phone.said(lambda: phone.ring("c2"))[0][:2] == (486, "c2")
    assert phone.phone == before


@pytest.mark.parametrize("method", ["CANCEL", "BYE"])
@pytest.mark.parametrize("story", [free, rings, calls, talks, failed])
def test_of_a_call_it_does_not_know_the_phone_says_so(phone: Any, story: Callable[[Any], None], method: str) -> None:
    story(phone)
    before = phone.phone
    assert phone.said(lambda: phone.ask(method, "nobody's"))[0][:2] == (481, "nobody's")
    assert phone.phone == before


def test_a_line_that_the_phone_does_not_have_is_not_found(phone: Any) -> None:
    """A binding outlives the phone that made it: another device's call may come."""
    assert phone.said(lambda: phone.ring(user="d9"))[0][:2] == (404, "c1")
    assert state(phone) == "free"


def test_other_requests_are_not_implemented(phone: Any) -> None:
    assert phone.said(lambda: phone.ask("REFER"))[0][:2] == (501, "c1")


# ---- do not disturb


def test_the_dnd_key_sends_calls_away_and_power_does_not_change_that(t46s: Any) -> None:
    t46s.files[COMMON] += "linekey.2.type = 5\nlinekey.2.label = DND\n"
    t46s.plug_in()
    t46s.press("linekey2")
    assert t46s.phone.screen.message == "Do not disturb"
    assert t46s.said(t46s.ring)[0][:2] == (480, "c1")
    t46s.power_cycle()
    assert t46s.said(t46s.ring)[0][:2] == (480, "c1")
    t46s.press("linekey2")
    assert t46s.phone.screen.message == ""
    assert t46s.said(t46s.ring)[0][:2] == (180, "c1")


def test_an_aastra_has_a_dnd_key_too(m6731i: Any) -> None:
    m6731i.files["aastra.cfg"] += "prgkey3 type: dnd\n"
    m6731i.plug_in()
    m6731i.press("prgkey3")
    assert m6731i.said(m6731i.ring)[0][:2] == (480, "c1")
    m6731i.power_cycle()
    m6731i.press("prgkey3")
    assert m6731i.said(m6731i.ring)[0][:2] == (180, "c1")


# ---- it calls


def test_dialling_calls_on_the_first_registered_line(phone: Any) -> None:
    phone.dial("1003")
    invite = phone.calls[-1]
    assert (invite.method, invite.uri, invite.aor) == ("INVITE", "sip:1003@pbx.example", "sip:204@pbx.example")
    assert (invite.contact, invite.call) == ("sip:204@805ec0112233.phone", f"805ec0112233-{invite.id}")
    assert phone.phone.busy  # until the PBX says anything at all
    assert phone.phone.screen.rows == ("Calling", "1003", "End call")
    phone.reply(180)
    assert not phone.phone.busy
    before = len(phone.sip)
    phone.advance(4000)
    assert state(phone) == "calling"  # it waits as long as the PBX lets it ring
    assert len(phone.sip) > before  # and keeps its registration meanwhile
    assert phone.phone.registered
    phone.reply(200)
    assert phone.phone.screen.call == CallShown("talking", "1003", "")


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (486, "Busy (486)"),
        (404, "Not found (404)"),
        (480, "Not available (480)"),
        (403, "Not allowed (403)"),
        (503, "Call failed (503)"),
        (0, "No answer (408)"),
    ],
)
def test_a_call_that_comes_to_nothing_says_why_until_a_key_is_pressed(phone: Any, status: int, cause: str) -> None:
    phone.dial("1003")
    phone.reply(status)
    screen = phone.phone.screen
    assert (screen.message, screen.call) == (cause, CallShown("ended", "1003", ""))
    phone.advance(3600)
    assert phone.phone.screen.message == cause
    phone.press("OK")
    assert phone.phone.screen.label == "Bob"


@pytest.mark.parametrize("key", ["OK", "5", "linekey1", "Answer", "nonsense"])
def test_any_key_takes_the_notice_away(phone: Any, key: str) -> None:
    failed(phone)
    phone.press(key)
    assert (state(phone), phone.phone.screen.label) == ("free", "Bob")


def test_nobody_answers_the_invite(phone: Any) -> None:
    phone.dial("1003")
    phone.advance(31)
    assert phone.phone.screen.message == "No answer (408)"
    phone.reply(200)
    assert state(phone) == "ended"


@pytest.mark.parametrize("status", [None, 180])
def test_who_hangs_up_before_an_answer_ends_it(phone: Any, status: int | None) -> None:
    phone.dial("1003")
    if status:
        phone.reply(status)
    call = phone.phone.call
    assert phone.said(lambda: phone.press("End call")) == [("BYE", call.id, "")]
    phone.reply(200)  # it was on its way
    assert phone.phone.screen.label == "Bob"
    assert not phone.phone.busy


def test_digits_are_for_whoever_is_at_the_other_end(phone: Any) -> None:
    phone.press("5")
    calls(phone)
    phone.press("5")
    assert [request.method for request in phone.calls] == ["INVITE"]
    phone.reply(200)
    call = phone.phone.call
    assert phone.said(lambda: [phone.press(key) for key in "5*#"]) == [("INFO", call.id, key) for key in "5*#"]


@pytest.mark.parametrize("story", [calls, talks, rings])
def test_a_phone_in_a_call_dials_nothing(phone: Any, story: Callable[[Any], None]) -> None:
    story(phone)
    before = phone.phone
    phone.dial("1004")
    assert phone.phone == before


@pytest.mark.parametrize("number", ["", "+", "abc", "@", " "])
def test_what_has_no_key_is_not_dialled(phone: Any, number: str) -> None:
    phone.dial(number)
    assert (phone.calls, state(phone)) == ([], "free")


@pytest.mark.parametrize(
    ("number", "uri"),
    [("+61 2 5550 1234", "sip:+61255501234"), ("*11", "sip:*11"), ("10\r\nX03@h", "sip:1003"), ("1+2#", "sip:12#")],
)
def test_only_keys_of_a_telephone_are_dialled(phone: Any, number: str, uri: str) -> None:
    phone.dial(number)
    assert phone.calls[-1].uri == f"{uri}@pbx.example"


def test_without_a_registered_line_nothing_is_dialled(t46s: Any) -> None:
    t46s.refuse = 403
    t46s.plug_in()
    t46s.dial("1003")
    assert t46s.calls == []


def test_a_page_that_cannot_be_left_is_not_dialled_from(m6731i: Any) -> None:
    page = '<AastraIPPhoneTextScreen LockIn="yes"><Title>Stay</Title><Text>Here</Text></AastraIPPhoneTextScreen>'
    m6731i.files["aastra.cfg"] += "action uri startup: http://prov.example/p/stay\n"
    m6731i.files["stay"] = page
    m6731i.plug_in()
    assert m6731i.phone.registered
    m6731i.dial("1003")
    assert m6731i.calls == []
    m6731i.ring()
    assert state(m6731i) == "ringing"


def test_a_call_after_one_that_came_to_nothing(phone: Any) -> None:
    failed(phone)
    phone.dial("1004")
    assert phone.phone.screen.call == CallShown("calling", "1004", "")
    assert len({request.call for request in phone.calls}) == 2
    phone.reply(404)
    phone.ring()
    assert state(phone) == "ringing"


def test_keys_that_dial(t46s: Any) -> None:
    t46s.files[COMMON] += (
        "linekey.2.type = 13\nlinekey.2.value = 1003\nlinekey.3.type = 16\nlinekey.3.value = 205\nlinekey.4.type = 15\n"
    )
    t46s.plug_in()
    t46s.press("linekey4")
    for key, number in (("linekey2", "1003"), ("linekey3", "205")):
        t46s.press(key)
        assert t46s.phone.screen.call.number == number
        t46s.reply(486)  # the next key takes the notice away, and does what it does


# ---- a call and everything else


@pytest.mark.parametrize("story", [rings, calls, talks, failed])
def test_power_takes_the_call_without_a_word(phone: Any, story: Callable[[Any], None]) -> None:
    story(phone)
    assert phone.said(phone.power_cycle) == []
    assert (state(phone), phone.phone.screen.label) == ("free", "Bob")


@pytest.mark.parametrize("story", [rings, calls, talks])
def test_a_check_sync_waits_for_the_end_of_the_call(phone: Any, story: Callable[[Any], None]) -> None:
    story(phone)
    phone.files["805ec0112233.cfg"] = phone.files["805ec0112233.cfg"].replace("Bob", "Ann")
    assert phone.fetched(phone.check_sync) == []
    assert phone.answers[-1].status == 200
    assert phone.fetched(lambda: (phone.ask("BYE", phone.phone.call.id), phone.settle()))
    assert phone.phone.screen.label == "Ann"


def test_a_reboot_waits_for_the_end_of_the_call(phone: Any) -> None:
    talks(phone)
    phone.check_sync("check-sync;reboot=true")
    phone.check_sync()  # which asks for less, and takes nothing back
    assert (state(phone), phone.phone.phase) == ("talking", "idle")
    phone.give(KeyPressed("End call"))
    assert phone.phone.phase == "booting"
    phone.settle()
    assert phone.phone.screen.label == "Bob"


def test_a_run_that_ends_in_a_reboot_waits_with_it(phone: Any) -> None:
    """Its key is one that reboots; the call has come while the files were fetched."""
    phone.files["805ec0112233.cfg"] += "network.vpn_enable = 1\n"
    phone.holding = True
    phone.give(SipRequest(99, "NOTIFY", "sip:x", "sip:x", event="check-sync"))
    assert phone.phone.phase == "updating"
    held, phone.held, phone.holding = phone.held, [], False
    phone.ring()
    phone.give(KeyPressed("Answer"))
    for output in held:
        phone.answer(output)
    phone.settle()
    assert (state(phone), phone.phone.phase) == ("talking", "idle")
    phone.give(SipRequest(100, "BYE", "", "", call="c1"))
    assert phone.phone.phase == "booting"
    phone.settle()
    assert phone.phone.screen.label == "Bob"


def test_pages_wait_behind_a_call(m6731i: Any) -> None:
    page = "<AastraIPPhoneTextScreen><Title>News</Title><Text>Hello</Text></AastraIPPhoneTextScreen>"
    m6731i.files["aastra.cfg"] += "prgkey1 type: xml\nprgkey1 value: http://prov.example/p/news\n"
    m6731i.files["news"] = page
    m6731i.plug_in()
    m6731i.ring()
    m6731i.press("prgkey1")
    m6731i.press("Answer")
    assert "news" not in m6731i.paths
    m6731i.ask("BYE")
    m6731i.settle()
    assert m6731i.phone.screen.message == "Hello"
    m6731i.ring("c2")
    assert m6731i.phone.screen.message == "Incoming call"
    m6731i.ask("CANCEL", "c2")
    assert m6731i.phone.screen.message == "Hello"


def test_nobody_types_into_a_form_behind_a_call(m6731i: Any) -> None:
    form = "<AastraIPPhoneInputScreen><Title>PIN</Title><URL>http://prov.example/p/x</URL></AastraIPPhoneInputScreen>"
    m6731i.files["aastra.cfg"] += "action uri startup: http://prov.example/p/form\n"
    m6731i.files["form"] = form
    m6731i.plug_in()
    m6731i.ring()
    before = m6731i.phone
    assert before.screen.prompt is None
    m6731i.type("4711")
    assert m6731i.phone == before
    m6731i.ask("CANCEL")
    assert m6731i.phone.screen.prompt.title == "PIN"


def test_a_factory_reset_in_a_call_tells_the_other_side(phone: Any) -> None:
    talks(phone)
    assert phone.said(phone.factory_reset) == [("BYE", "c1", "")]
    assert phone.phone.phase == "no-server"


def test_an_installer_who_stages_a_phone_that_rings_sends_the_call_away(phone: Any) -> None:
    phone.ring()
    assert phone.said(phone.stage) == [(480, "c1", 1)]
    phone.settle()
    assert phone.phone.screen.label == "Bob"


# ---- who calls


@pytest.mark.parametrize(
    ("caller", "name", "number"),
    [
        ('"John Smith" <1002>', "John Smith", "1002"),
        ("<1002>", "", "1002"),
        ("1002", "", "1002"),
        ("sip:1002@pbx.example", "", "1002"),
        ('"A" <sip:+61255501234@pbx.example>', "A", "+61255501234"),
        ('"Bob "the" <b> X" <1>', 'Bob "the" <b> X', "1"),
        ('"Two\nlines\t" <1>', "Two lines", "1"),
        ("John <1002", "John", ""),
        ('"', "", '"'),
        ("", "", ""),
    ],
)
def test_who_calls(caller: str, name: str, number: str) -> None:
    assert party(caller) == (name, number)


@given(st.text(max_size=40), st.text(alphabet="0123456789+*#", min_size=1, max_size=20))
@law(200)
def test_any_name_and_number_are_read_back(name: str, number: str) -> None:
    printed = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    assert party(f'"{name}" <{number}>') == (printed, number)


# ---- laws


def test_every_state_has_a_row_for_every_event() -> None:
    import typing

    from device_emulator.phone.calls import Event
    from device_emulator.wire.dialog import CallState

    assert set(TABLE) == set(typing.get_args(CallState))
    for name, row in TABLE.items():
        assert set(row) == set(typing.get_args(Event)), name


OWN = "sip:204@805ec0112233.phone"
GOOD = {
    "yealink": b"#!version:1.0.0.1\naccount.1.enable = 1\naccount.1.user_name = 204\nlinekey.1.type = 5\n"
    b"linekey.2.type = 13\nlinekey.2.value = 7\naccount.1.sip_server.1.address = p\nsip.notify_reboot_enable = 0\n",
    "aastra": b"sip line1 user name: 204\nsip registrar ip: p\nprgkey1 type: dnd\nprgkey2 type: speeddial\n"
    b"prgkey2 value: 7\naction uri startup: http://h/form\n",
}
moves = st.one_of(
    st.tuples(st.just("wake"), st.just(0)),
    st.tuples(st.just("http"), st.sampled_from([200, 404, 0])),
    st.tuples(st.just("sip"), st.sampled_from([0, 100, 180, 200, 200, 404, 486, 401])),
    st.tuples(st.sampled_from(["INVITE", "INVITE", "CANCEL", "BYE", "INFO"]), st.integers(0, 2)),
    st.tuples(st.sampled_from(["BYE its own", "CANCEL its own"]), st.just(0)),
    st.tuples(
        st.just("input"),
        st.sampled_from([
            *map(KeyPressed, ("Answer", "Answer", "Reject", "End call", "OK", "5", "linekey1", "linekey2", "prgkey1")),
            Dialled("1003"), Dialled("1003"), PowerOn(), PowerLost(), FactoryReset(), Typed(()),
            Staged("http://h/p/", "u", "p"), SipRequest(1, "NOTIFY", "", "", event="check-sync"),
            SipRequest(1, "NOTIFY", "", "", event="check-sync;reboot=true"),
        ]),
    ),
)  # fmt: skip


class Play:
    """A phone, and the last requests that it made."""

    def __init__(self, model: str) -> None:
        self.now = 1_735_689_600_000
        self.phone = new(models.find(model), "805ec0112233")
        self.http: HttpRequest | None = None
        self.sip: SipRequest | None = None
        self.serial = 0
        for input in (Staged("http://h/p/", "u", "p"), PowerOn()):
            self.give(input)
        self.come_up()

    def give(self, input: Input) -> None:
        self.phone, outputs = step(self.phone, input, self.now)
        for output in outputs:
            if isinstance(output, HttpRequest):
                self.http = output
            elif isinstance(output, SipRequest):
                assert output.method == "REGISTER" or output.call
                self.sip = output
        check(self.phone, self.now)

    def move(self, what: str, how: Any) -> None:
        self.serial += 1
        if what == "wake":
            self.now = max(self.now, self.phone.due or self.now)
            self.give(Wake())
        elif what == "http":
            status = 404 if self.http and self.http.url.endswith((".boot", ".st", "/form")) else how
            body = GOOD[self.phone.model.vendor] if status == 200 else b""
            self.give(HttpReply(self.http.id if self.http else 1, status, (), body))
        elif what == "sip":
            self.give(SipReply(self.sip.id if self.sip else 1, how, "", 3600, "r", "n"))
        elif what == "input":
            self.give(how)
        else:
            method, _, own = what.partition(" ")
            call = self.phone.call.id if own and self.phone.call else f"c{how}"
            self.give(SipRequest(self.serial, method, OWN, OWN, call=call, caller='"Ann" <1>'))

    def come_up(self) -> None:
        """Whatever the phone waits for is answered, until it waits for nothing."""
        for _ in range(60):
            if not self.phone.busy:
                return
            waits = any(line.request for line in (*self.phone.lines, *self.phone.leaving))
            what = "http" if self.phone.fetch else "sip" if waits else "wake"
            self.move(what, 200)
        raise AssertionError(f"never comes up: {self.phone.deadlines}")


def check(phone: Phone, now: int) -> None:
    names = {name for name, _, _ in phone.deadlines}
    call: Call | None = phone.call
    assert ("ringing" in names) == (call is not None and call.state == "ringing")
    assert "invite" not in names or (call is not None and call.state == "calling")
    assert call is None or phone.phase in ("idle", "updating")
    assert phone.in_call == (call is not None and call.state != "ended")
    assert all(at > now for _, at, _ in phone.deadlines)
    screen = phone.screen
    assert (screen.call is None) == (call is None)
    assert len(screen.rows) <= phone.model.rows
    assert all(len(row) <= phone.model.columns for row in screen.rows)
    if call is not None:
        assert screen.soft_keys
        assert screen.message


@given(st.sampled_from([model.name for model in models.MODELS]), st.lists(moves, max_size=40))
@law(300)
def test_whatever_happens_a_phone_is_never_stuck(model: str, story: list[tuple[str, Any]]) -> None:
    """No input is too much for it; and after it, hanging up or the power cable bring the idle screen back."""
    play = Play(model)
    for what, how in story:
        play.move(what, how)
    if play.phone.call is not None:
        for key in ("Reject", "End call", "OK"):
            play.give(KeyPressed(key))
        assert play.phone.call is None
    play.give(PowerLost())
    assert play.phone.deadlines == ()
    play.give(Staged("http://h/p/", "u", "p"))
    play.give(PowerOn())
    play.come_up()
    assert play.phone.phase == "idle"
    assert play.phone.screen.label == "204"
    assert DIGITS.isdisjoint(play.phone.screen.soft_keys)
