"""Laws of a Yealink that is set up for everything: no exception, a whole configuration, honest deadlines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from device_emulator import models
from device_emulator.firmware import yealink
from device_emulator.firmware.contract import Fetched, Flash
from device_emulator.firmware.textfile import Settings
from device_emulator.messages import (
    FactoryReset,
    HttpRequest,
    KeyPressed,
    LocallySet,
    PowerLost,
    PowerOn,
    SipRequest,
    Staged,
    Typed,
)
from device_emulator.phone import Phone, new, step
from tests.device_emulator.facts.yealinks import HEADER, MAC
from tests.device_emulator.test_laws import CABLES, play, replies, sip_replies
from tests.law import law

T46S = models.find("yealink-t46s")
NOW = 1_735_689_600_000
AUTO = "static.auto_provision."
RICH = (
    HEADER
    + "\n".join([
        *("account.1.enable = 1", "account.1.user_name = 204", "account.1.sip_server.1.address = p"),
        *(f"{AUTO}custom.protect = 1", f"{AUTO}custom.sync = 1", f"{AUTO}repeat.enable = 1", "linekey.3.type = 5"),
        *(f"{AUTO}weekly.enable = 1", f"{AUTO}flexible.enable = 1", f"{AUTO}aes_key.com = 0123456789abcdef"),
        *("features.action_uri_limit_ip = any", "sip.notify_reboot_enable = 0", "linekey.9.type = 34"),
        *("static.firmware.url = http://h/66.86.0.20.rom", "hotdesking.startup_username_enable = 1"),
        *(f"action_url.{name} = http://h/?e=$local" for name in ("registered", "incoming_call", "setup_completed")),
    ])
).encode()  # fmt: skip

FILES = [
    RICH,
    b"",
    b"x" * 32,
    b"#!encrypt:1\n",
    b"#!version:1\nstatic.firmware.url = %NULL%\nlinekey.9.type = %EMPTY%\n",
]
inputs = st.one_of(
    replies,
    st.tuples(st.just("http"), st.sampled_from([200, 200, 404, 401]), st.sampled_from(FILES), st.just(0)),
    sip_replies,
    st.just(("wake",)),
    st.builds(lambda value: ("input", value), st.sampled_from([
        PowerOn(), PowerLost(), FactoryReset(), Typed(("u", "v", "w")), Typed(()), *CABLES,
        LocallySet("account.1.label", "x\ny"), LocallySet("account.1.label", "Ann"),
        Staged("http://h/$PN/", "", ""), LocallySet("static.auto_provision.custom.protect", "0"),
        *[KeyPressed(key) for key in ("linekey9", "linekey3", "OK", "Cancel", "Allow", "Deny", "Answer", "End call")],
        *[KeyPressed(item) for item in yealink.menu(T46S)],
        *[HttpRequest(7, "GET", f"http://x/servlet?{query}", source="10.0.0.9") for query in (
            "key=AutoP", "key=Reboot;1;L9;number=205", "key=Reset", "phonecfg=get&accounts=1", "key=%00", "%ff=[",
        )],
        *[SipRequest(1, "NOTIFY", "", "", event="ACTION-URI", body=body) for body in (b"key=AutoP", b"key=", b"\xff")],
        SipRequest(1, "NOTIFY", "", "", event="check-sync;reboot=true", caller="<sip:x@evil>"),
        SipRequest(1, "NOTIFY", "", "", event="check-sync"), SipRequest(1, "INVITE", "sip:204@x", "", call="c"),
        SipRequest(1, "CANCEL", "sip:204@x", "", call="c"),
    ])),
)  # fmt: skip


def up(body: bytes) -> tuple[Phone, int, list[Any]]:
    """A phone that has applied this file."""
    phone, _ = step(new(T46S, MAC), Staged("http://h/p/", "u", "p"), NOW)
    phone, _ = step(phone, PowerOn(), NOW)
    boot = f"{HEADER}include:config a.cfg\n".encode()
    asked: list[Any] = []
    story = [("wake",), ("http", 200, boot, 0), ("http", 200, body, 0), *[("http", 404, b"", 0), ("wake",)] * 4]
    phone, now = play(phone, story, NOW, asked)
    return phone, now, asked


@given(st.lists(inputs, max_size=40))
@law(400)
def test_whatever_happens_to_one_that_is_set_up_for_everything(story: list[tuple[Any, ...]]) -> None:
    phone, now, asked = up(RICH)
    assert "account.1.enable" in phone.settings.keys
    play(phone, story, now, asked)


REAL = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "configs" / "yealink").iterdir())]
mutations = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.binary(max_size=3)), max_size=8)


def mutated(body: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """The file with some bytes replaced by others."""
    for place, length, bytes_ in changes:
        at = int(place * len(body))
        body = body[:at] + bytes_ + body[at + length :]
    return body


@given(
    st.sampled_from([RICH, *REAL]),
    mutations,
    st.sampled_from(["a.cfg", f"{MAC}.cfg", f"{MAC}-local.cfg", "1.2.3.4.rom"]),
)
@law(400)
def test_a_damaged_file_leaves_a_whole_configuration_and_a_reason(
    body: bytes, changes: list[tuple[float, int, bytes]], name: str
) -> None:
    body = mutated(body, changes)
    old = Settings.of({"a": "1", "static.auto_provision.aes_key.com": "0123456789abcdef"})
    flash = Flash(url="http://h/", settings=old)
    files = (Fetched("b.cfg", HEADER.encode()), Fetched(name, body))
    finish = yealink.finish(T46S, flash, files, False)
    assert finish.report.reason
    file = yealink.read(body)
    if name.endswith(("-local.cfg", ".rom")) or not file.accepted:
        assert finish.flash.settings == old
    else:
        # Every key is of the old configuration or of the file, and every value, too: nothing is made up.
        values = {value for _, value, _ in file.pairs} | {*old.values, ""}
        assert set(finish.flash.settings.keys) <= {key for key, _, _ in file.pairs} | {*old.keys}
        assert all(value in values or "\n" in value for value in finish.flash.settings.values)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(finish.flash), type=Flash) == finish.flash


@given(mutations)
@law(200)
def test_a_damaged_file_keeps_the_phone_alive(changes: list[tuple[float, int, bytes]]) -> None:
    phone, now, asked = up(mutated(RICH, changes))
    play(phone, [("wake",)] * 6, now, asked)
