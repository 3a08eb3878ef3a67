"""Laws of an Aastra at damaged files and pages: no exception, a whole configuration, a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from device_emulator import models
from device_emulator.firmware import aastra
from device_emulator.firmware.contract import Fetched, Flash
from device_emulator.firmware.textfile import Settings
from device_emulator.messages import PowerOn, SipRequest, Staged
from device_emulator.phone import new, step
from tests.device_emulator.test_laws import GOOD, UP, XML, play
from tests.device_emulator.test_yealink_laws import mutated, mutations
from tests.law import law

NOW = 1_735_689_600_000
HERE = Path(__file__).parents[1] / "configs" / "aastra"
REAL = [path.read_bytes() for path in sorted(HERE.iterdir())]
RELEASES = ("2.3.0.96", "2.6.0.2019", "3.2.2.3077", "3.3.1.4322", "4.2.0.181", "6.0.0.1")
M6867 = models.find("aastra-6867i")


def whole(body: bytes, version: str, name: str) -> None:
    """A boot with this file beside a good one leaves what they say, and nothing of what was there before."""
    model = replace(M6867, version=version)
    old = Settings.of({"sip line1 user name": "old", "time format": "9"})
    flash = Flash(url="http://h/", settings=old, server=old)
    files = (Fetched("6867i.st", None), Fetched("startup.cfg", b"language: 1\n"), Fetched(name, body))
    finish = aastra.finish(model, flash, files, False)
    assert finish.report.reason
    if name.endswith(".cfg"):
        settings = finish.flash.settings.dict()
        assert "9" not in settings.values() or b"9" in body
        assert settings.get("language") in ("1", None) or b"language" in body.lower()
        assert "old" not in settings.values() or b"old" in body
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(finish.flash), type=Flash) == finish.flash
    assert all("\n" not in value for value in finish.flash.settings.values)


@given(
    st.sampled_from([GOOD["aastra"], *REAL]),
    mutations,
    st.sampled_from(RELEASES),
    st.sampled_from(["6867i.cfg", "00085D112233.cfg", "00085D112233.tuz"]),
)
@law(400)
def test_a_damaged_file_leaves_a_whole_configuration_and_a_reason(
    body: bytes, changes: list[tuple[float, int, bytes]], version: str, name: str
) -> None:
    whole(mutated(body, changes), version, name)


def test_real_files_cut_anywhere(real_configs: Path) -> None:
    """As a connection that breaks leaves them; whole lines or not."""
    for path in sorted((real_configs / "aastra").iterdir())[:40]:
        body = path.read_bytes()
        for place in range(0, len(body), max(1, len(body) // 9)):
            whole(body[:place], "3.3.1.4322", "00085D112233.cfg")


@given(st.sampled_from(XML), mutations)
@law(300)
def test_a_damaged_page_keeps_the_phone_alive(page: bytes, changes: list[tuple[float, int, bytes]]) -> None:
    phone, _ = step(new(M6867, "00085d112233"), Staged("http://h/p/", "u", "p"), NOW)
    phone, _ = step(phone, PowerOn(), NOW)
    asked: list[Any] = []
    phone, now = play(phone, UP, NOW, asked)
    body = mutated(page, changes)
    story = [("http", 200, body, 0), ("input", SipRequest(1, "NOTIFY", "", "", event="aastra-xml", body=body))]
    phone, now = play(phone, [*story, ("wake",), ("http", 200, body, 0), ("wake",)], now, asked)
    assert phone.powered
