"""Laws that hold whatever a server sends and people do: no exception, a whole configuration, honest deadlines."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_emulator import models
from device_emulator.firmware.textfile import Settings
from device_emulator.messages import (
    FactoryReset,
    HttpReply,
    HttpRequest,
    Input,
    KeyPressed,
    LocallySet,
    Place,
    Placed,
    PowerLost,
    PowerOn,
    SipReply,
    SipRequest,
    Staged,
    Typed,
    Wake,
)
from device_emulator.phone import TABLE, Phone, new, step
from tests.law import law

GOOD = {
    "yealink": b"#!version:1.0.0.1\naccount.1.enable = 1\naccount.1.user_name = 204\n"
    b"account.1.sip_server.1.address = p\nsip.notify_reboot_enable = 0\n",
    "aastra": b"sip line1 user name: 204\nsip registrar ip: p\nprgkey1 type: xml\nprgkey1 value: http://h/x\n"
    b"action uri startup: http://h/form\ndynamic sip: 1\nxml application post list: s\nsip xml notify event: 1\n"
    b"prgkey2 type: hotdesklogin\nsoftkey2 type: hotdesklogin\nuser config url: http://h/u/\naction uri poll: http://h/x\n"
    b"action uri poll interval: 30\nauto resync mode: 3\nhttp digest force login: 1\nuser config upload: 60\n"
    b"action uri incoming: http://h/$$REMOTENUMBER$$\naction uri registration event: http://h/x\n",
}
FORM = b"<AastraIPPhoneInputScreen><Title>T</Title><URL>http://h/x</URL><Parameter>p</Parameter></AastraIPPhoneInputScreen>"

DOES = (
    b"<AastraIPPhoneExecute triggerDestroyOnExit='yes'><ExecuteItem URI='Key: prgkey2'/><ExecuteItem URI='Dial: 5'/>"
    b"<ExecuteItem URI='Command: Lock'/><ExecuteItem URI='Led: prgkey1=on'/><ExecuteItem URI='http://h/x'/>"
    b"</AastraIPPhoneExecute>"
)
SETS = b"".join(
    b"<AastraIPPhoneConfiguration setType='%s'><ConfigurationItem><Parameter>hot desk username</Parameter><Value>u"
    b"</Value></ConfigurationItem></AastraIPPhoneConfiguration>" % kind
    for kind in (b"override",)
)
ONCE = SETS.replace(b"override", b"oneBoot")
SAYS = b"<AastraIPPhoneStatus><Session>s</Session><Message index='1'>Hello</Message></AastraIPPhoneStatus>"
XML = (FORM, DOES, SETS, ONCE, SAYS)
bodies = st.one_of(st.binary(max_size=60), st.sampled_from([*GOOD.values(), *XML, b"", b"#!version:1\n"]))
replies = st.tuples(
    st.just("http"), st.sampled_from([0, 200, 200, 200, 301, 401, 404, 404, 500]), bodies, st.integers(-1, 0)
)
sip_replies = st.tuples(st.just("sip"), st.sampled_from([0, 200, 200, 401, 403]), st.integers(-2, 0))
CABLES = (Placed(Place(connected=False)), Placed(Place()), Placed(Place((("66", "http://h/q/"),))))
inputs = st.one_of(
    replies,
    replies,
    sip_replies,
    st.tuples(st.just("wake")),
    st.tuples(st.just("wake")),
    st.builds(lambda value: ("input", value), st.sampled_from([
        PowerOn(), PowerOn(), PowerLost(), FactoryReset(), KeyPressed("prgkey1"), KeyPressed("Done"), Typed(("x",)),
        Typed(()), Staged("http://h/p/", "u", "p"), LocallySet("sip line1 screen name", "x"),
        LocallySet("account.1.label", "x"), SipRequest(1, "NOTIFY", "", "", event="check-sync"),
        SipRequest(1, "NOTIFY", "", "", event="check-sync;reboot=true"), SipRequest(1, "INVITE", "", ""),
        SipRequest(1, "INVITE", "sip:204@x", "", call="c"), SipRequest(1, "BYE", "sip:204@x", "", call="c"),
        KeyPressed("prgkey2"), KeyPressed("softkey2"), KeyPressed("Log In"), KeyPressed("Submit"), KeyPressed("Exit"),
        KeyPressed("Answer"), Typed(("u", "p")), *CABLES,
        *[SipRequest(1, "NOTIFY", "", "", event="aastra-xml", body=body) for body in (b"", *XML)],
        *[HttpRequest(1, "POST", "http://phone/", (), body, "s") for body in (b"xml=", b"xml=%3Ca", *XML)],
    ])),
)  # fmt: skip


def check(phone: Phone, outputs: tuple[Any, ...], now: int) -> None:
    names = [name for name, _, _ in phone.deadlines]
    assert len(names) == len(set(names))
    if not phone.place.connected:
        assert not outputs
    if not phone.powered:
        assert not phone.deadlines
        assert not outputs
        assert not phone.registered
        assert phone.screen.rows == ()
    assert (phone.fetch is not None) == ("http" in names)
    waiting = {line.request for line in (*phone.lines, *phone.leaving) if line.request}
    assert {int(name.partition(":")[2]) for name in names if name.startswith("answer:")} == waiting
    assert all(at > now and at % 1000 == 0 for _, at, _ in phone.deadlines)
    under_way = phone.fetch is not None or bool(waiting) or "invite" in names
    assert phone.busy == (phone.phase in ("booting", "fetching", "updating") or under_way)
    assert (phone.run is not None) == (phone.phase in ("fetching", "updating"))
    assert len(phone.pages) <= 2
    assert len(phone.settings.keys) == len(phone.settings.values)
    screen = phone.screen
    assert len(screen.rows) <= phone.model.rows
    assert all(len(row) <= phone.model.columns for row in screen.rows)
    for output in outputs:
        if isinstance(output, HttpRequest):
            assert output.url.startswith(("http://", "https://"))
            assert output.url.isascii()
            assert output.url.isprintable()


def play(phone: Phone, story: list[tuple[Any, ...]], now: int, asked: list[Any]) -> tuple[Phone, int]:
    """The phone after a story, and the instant; every law holds all the while."""
    for event in story:
        input: Input
        if event[0] == "http":
            ids = [output.id for output in asked if isinstance(output, HttpRequest)]
            headers = (("WWW-Authenticate", 'Digest realm="r", nonce="n"'), ("Location", "/else"))
            input = HttpReply(ids[-1] + event[3] if ids else 1, event[1], headers, event[2])
        elif event[0] == "sip":
            sent = [output.id for output in asked if isinstance(output, SipRequest)]
            input = SipReply(sent[-1] + event[2] if sent else 1, event[1], "", 3600, "r", "n")
        elif event[0] == "wake":
            now = max(now, phone.due or now)
            input = Wake()
        else:
            input = event[1]
        phone, outputs = step(phone, input, now)
        check(phone, outputs, now)
        asked += outputs
    return phone, now


@given(st.sampled_from([model.name for model in models.MODELS]), st.lists(inputs, max_size=40))
@law(300)
def test_whatever_happens(name: str, story: list[tuple[Any, ...]]) -> None:
    now = 1_735_689_600_000
    phone = new(models.find(name), "805ec0112233")
    phone, _ = step(phone, Staged("http://h/p/", "u", "p"), now)
    phone, _ = step(phone, PowerOn(), now)
    play(phone, story, now, [])


UP = [("wake",), ("http", 404, b"", 0), *[("http", 200, GOOD["aastra"], 0)] * 3, ("wake",)]
"""What brings an Aastra up: no firmware, three files, and the time to write them."""


@given(st.sampled_from(["aastra-6731i", "aastra-6867i"]), st.lists(inputs, max_size=40))
@law(300)
def test_whatever_happens_to_one_that_is_up(name: str, story: list[tuple[Any, ...]]) -> None:
    now = 1_735_689_600_000
    phone = new(models.find(name), "00085d112233")
    phone, _ = step(phone, Staged("http://h/p/", "u", "p"), now)
    phone, _ = step(phone, PowerOn(), now)
    asked: list[Any] = []
    phone, now = play(phone, UP, now, asked)
    assert phone.phase == "idle"
    play(phone, story, now, asked)


@given(st.sampled_from(["t46s", "m6731i"]), st.binary(max_size=300), st.booleans())
@law()
def test_any_bytes_leave_the_old_or_the_new_whole_configuration(which: str, body: bytes, headed: bool) -> None:
    """On another road: the new configuration is what the parser alone makes of the file."""
    from device_emulator.firmware import aastra, yealink
    from device_emulator.firmware.contract import Fetched, Flash

    old = Settings.of({"a": "1", "b": "2"})
    flash = Flash(url="http://h/", settings=old, server=old)
    if which == "t46s":
        body = b"#!version:1.0.0.1\n" + body if headed else body
        finish = yealink.finish(models.find("yealink-t46s"), flash, (Fetched("x.cfg", body),), False)
        file = yealink.read(body)
        expected = old.dict()
        for key, value, _ in file.pairs if file.accepted else ():
            if value and not value.startswith("%") and not key.endswith("security.user_password"):
                expected[key] = value
    else:
        finish = aastra.finish(models.find("aastra-6731i"), flash, (Fetched("aastra.cfg", body),), False)
        expected = {}
        for key, value, _ in aastra.read(body).pairs:
            expected[key] = value
        expected = {key: value for key, value in expected.items() if value}
    locked = finish.flash.locked
    got = {key: value for key, value in finish.flash.settings.dict().items() if key not in locked}
    assert got == {key: value for key, value in expected.items() if key not in locked}
    assert finish.report.reason
    # What is stored is always text that can be written down and read again.
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(finish.flash), type=Flash) == finish.flash


def test_every_phase_has_a_row_for_every_input() -> None:
    import typing

    every = set(typing.get_args(Input))
    for phase, row in TABLE.items():
        assert set(row) == every, phase


@pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.name)
def test_every_model_boots_to_no_server(model: models.Model) -> None:
    phone = new(model, "805ec0112233")
    phone, outputs = step(phone, PowerOn(), 0)
    assert not outputs
    assert phone.busy
    phone, (redirect,) = step(phone, Wake(), phone.due or 0)
    assert phone.phase == "looking"  # the vendor's redirect service is asked first
    phone, outputs = step(phone, HttpReply(redirect.id, 404), phone.due or 0)
    assert (outputs, phone.phase, phone.busy) == ((), "no-server", False)
    assert models.find(model.name) is model
