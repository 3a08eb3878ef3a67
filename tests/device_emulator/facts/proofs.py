"""How a fact is proved: by a story at a phone, through its public inputs, that fails when the fact is turned round."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from msgspec.structs import force_setattr

from device_emulator.facts import Fact

Proof = Callable[[], None]
PROOFS: dict[str, Proof] = {}


def proves(*facts: Fact[Any]) -> Callable[[Proof], Proof]:
    """The story proves these facts: with any of them turned round it fails."""

    def register(story: Proof) -> Proof:
        for fact in facts:
            assert fact.id not in PROOFS, f"{fact.id} has a proof already"
            PROOFS[fact.id] = story
        return story

    return register


@contextmanager
def turned_round(fact: Fact[Any]) -> Iterator[None]:
    """For a while, the fact says the other thing."""
    with saying(fact, value=fact.other):
        yield


@contextmanager
def saying(fact: Fact[Any], **said: Any) -> Iterator[None]:
    """For a while, parts of the fact say something else."""
    before = {name: getattr(fact, name) for name in said}
    for name, value in said.items():
        force_setattr(fact, name, value)
    _forget()
    try:
        yield
    finally:
        for name, value in before.items():
            force_setattr(fact, name, value)
        _forget()


def _forget() -> None:
    """What the phones remember was worked out by facts."""
    for name, module in list(sys.modules.items()):
        if name.startswith("device_emulator"):
            for thing in vars(module).values():
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()
