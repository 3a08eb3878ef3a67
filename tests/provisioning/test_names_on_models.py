"""Any name on every model: the server writes it, the phone of that model and release reads and shows it, and nothing
else comes in with it. The two sides share no code."""

from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

import device_emulator.models as hardware
from device_emulator.firmware import of
from device_emulator.firmware.contract import Fetched, Flash
from provisioning import models as believed
from provisioning.plan import Line, Plan
from provisioning.render import render
from provisioning.vendors import VENDORS
from tests.law import law
from tests.provisioning.test_clean import ANYTHING, HOSTILE

MAC = "805ec0112233"
NAMES = [model.name for model in hardware.MODELS]


def plan(model: str, name: str) -> Plan:
    line = Line(name, name, "d1", "d1", "secret", "204", "pbx.example")
    return Plan("d1", "acme", MAC, model, MAC, "x", "http://a/", lines=(line,))


@lru_cache(maxsize=256)
def usual(model: str) -> tuple[str, ...]:
    """The keys of its file for a plain name."""
    return tuple(key for key, _ in render(plan(model, "Bob"), "mac").pairs)


def shown(model: str, name: str) -> str:
    """What the phone of that model has for its line's label, from the files as the server writes them."""
    phone = hardware.find(model)
    firmware = of(phone)
    common = render(plan(model, name), "common").body
    own = render(plan(model, name), "mac")
    assert tuple(key for key, _ in own.pairs) == usual(model)
    flash = Flash(url="http://a/")
    finish = firmware.finish(phone, flash, (Fetched("y.cfg", common), Fetched("own.cfg", own.body)), False)
    assert not finish.report.faults
    known = {key for key, _ in (*own.pairs, *render(plan(model, "Bob"), "common").pairs)}
    assert set(finish.flash.settings.keys) <= known
    (account,) = firmware.accounts(phone, finish.flash.settings)
    assert (account.user, account.password, account.server) == ("d1", "secret", "pbx.example")
    return account.label


def expected(model: str, name: str) -> set[str]:
    """A name that is nothing is not shown: another of the line's takes its place."""
    phone = believed.find(model)
    clean = VENDORS[phone.vendor].clean(name).encode(phone.encoding, "replace").decode(phone.encoding)
    return {clean} if clean else {"204", "d1", ""}


@pytest.mark.parametrize("model", NAMES)
def test_what_is_known_to_be_nasty(model: str) -> None:
    for name in HOSTILE:
        assert shown(model, name) in expected(model, name), name


@law(600)
@given(st.sampled_from(NAMES), ANYTHING)
def test_any_text_whatever(model: str, name: str) -> None:
    assert shown(model, name) in expected(model, name)
