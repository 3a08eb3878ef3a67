"""Every fact is proved by a story, and every story needs its fact."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, get_args

import pytest

from device_emulator.facts import Evidence, Fact
from device_emulator.firmware import FACTS
from device_emulator.messages import Input
from device_emulator.phone import Phone, step
from device_emulator.phone.state import Step
from tests.device_emulator import desk
from tests.device_emulator.facts.proofs import PROOFS, saying, turned_round

for file in Path(__file__).parent.glob("*_*.py"):
    if not file.name.startswith("test_"):
        importlib.import_module(f"tests.device_emulator.facts.{file.stem}")

EVERY = pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)


@EVERY
def test_it_holds(fact: Fact[Any]) -> None:
    PROOFS[fact.id]()


@EVERY
def test_turned_round_it_breaks_its_proof(fact: Fact[Any]) -> None:
    assert fact.other != fact.value
    with turned_round(fact), pytest.raises(AssertionError):
        PROOFS[fact.id]()


RELEASES: dict[str, list[tuple[int, ...]]] = {
    "yealink": [(61,), (70,), (71,), (72,), (73,), (80,), (81,), (82,)],
    "aastra": [(2, 3), (2, 4), (2, 5), (2, 6), (3, 0), (3, 2), (3, 3), (4, 0), (4, 1)],
}
"""Those about which a fact changes, and their neighbours."""

BOUNDED = {id_: fact for id_, fact in FACTS.items() if fact.since or fact.before}


@pytest.mark.parametrize("fact", BOUNDED.values(), ids=BOUNDED)
def test_its_releases_are_proved_too(fact: Fact[Any]) -> None:
    """What other releases do is part of the fact: if they did the same, its proof would fail; and so it would if all
    releases were others."""
    assert fact.otherwise is not None
    assert fact.otherwise != fact.value
    with saying(fact, otherwise=fact.value), pytest.raises(AssertionError):
        PROOFS[fact.id]()
    with saying(fact, value=fact.otherwise), pytest.raises(AssertionError):
        PROOFS[fact.id]()


@pytest.mark.parametrize("fact", BOUNDED.values(), ids=BOUNDED)
def test_the_very_release_is_proved(fact: Fact[Any]) -> None:
    """One release earlier or later, and the proof fails."""
    name = "since" if fact.since else "before"
    releases = RELEASES[fact.vendor]
    place = releases.index(getattr(fact, name))
    for other in (releases[place - 1], releases[place + 1]):
        with saying(fact, **{name: other}), pytest.raises(AssertionError):
            PROOFS[fact.id]()


@EVERY
def test_it_says_where_it_comes_from(fact: Fact[Any]) -> None:
    assert fact.evidence in get_args(Evidence)
    assert fact.source
    assert fact.text.endswith(".")
    assert fact.id.startswith(f"{fact.vendor}.")


@EVERY
def test_its_proof_goes_through_public_inputs(fact: Fact[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks the phone, by what comes to it from outside; no function of a firmware."""
    asked: list[type] = []

    def counted(phone: Phone, input: Input, now: int) -> Step:
        asked.append(type(input))
        return step(phone, input, now)

    monkeypatch.setattr(desk, "step", counted)
    PROOFS[fact.id]()
    assert set(asked) <= set(get_args(Input))
    assert len(asked) > 1


def test_no_proof_is_left_over() -> None:
    assert PROOFS.keys() == FACTS.keys()
