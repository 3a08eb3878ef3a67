"""A world that leaps over refreshes is the world that plays each of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

import pbxsim.world as module
from pbxsim import World
from pbxsim.platforms import PLATFORMS
from tests.law import law

NEVER = 1 << 62


def office(phones: list[tuple[str, int, int]], platform: str, latency: int) -> World:
    """Phones of a model that come up so many seconds after the one before, some of them for a user with BLF keys."""
    world = World(seed=2, latency=timedelta(milliseconds=latency))
    acme = world.accounts.add("acme", platform=platform)
    for serial, (model, pause, period) in enumerate(phones):
        user = acme.users.add(str(1000 + serial), first_name="John", last_name=f"No {serial}")
        vendor = model.partition("-")[0]
        key = "account.1.sip_server.1.expires" if vendor == "yealink" else "sip registration period"
        settings = {vendor: {key: str(period)}} if period else {}
        line = acme.devices.add(model=model, mac=f"80:5e:c0:11:22:{serial:02x}", owner=user, settings=settings)
        world.phones.add(line).power_on()
        world.advance(seconds=pause)
    world.settle()
    return world


def truth(world: World) -> Any:
    """The state without its index of what is due."""
    return structs.replace(world.state, armed=None, agenda=None)


def both(world: World, act: Any) -> tuple[World, World]:
    """What becomes of two forks, of which one plays every message."""
    leaping, playing = world.fork(), world.fork()
    act(leaping)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "leap", lambda run, end: NEVER)
        act(playing)
    return leaping, playing


PHONES = st.lists(
    st.tuples(
        st.sampled_from(["yealink-t46s", "aastra-6867i"]),
        st.integers(0, 5_000),
        st.sampled_from([0, 0, 61, 600, 7_199, 90_001]),
    ),
    min_size=1,
    max_size=3,
)


@law(20)
@given(
    PHONES,
    st.sampled_from(sorted(PLATFORMS)),
    st.sampled_from([0, 1, 7, 400, 999]),
    st.lists(st.integers(1, 3 * 86_400), min_size=1, max_size=3),
    st.sampled_from(["", "power off", "another name", "another password", "no owner"]),
)
def test_leaping_is_playing(phones: Any, platform: str, latency: int, spans: list[int], then: str) -> None:
    world = office(phones, platform, latency)
    for span in spans:

        def advance(world: World, span: int = span) -> None:
            world.advance(seconds=span)

        leaping, playing = both(world, advance)
        assert truth(leaping) == truth(playing)
        world = leaping

        def disturb(world: World) -> None:
            acme = world.accounts["acme"]
            phone = next(iter(world.phones))
            if then == "power off":
                phone.power_off()
            elif then == "another name":
                acme.users.update(acme.users["1000"], first_name="Ann")
                acme.devices.sync(acme.devices[phone.mac])
            elif then == "no owner":
                acme.devices.update(acme.devices[phone.mac], owner=None)
            world.advance(hours=30)

        leaping, playing = both(world, disturb)
        assert truth(leaping) == truth(playing)
    # What the agenda says now may be another thing; what happens by it is not.
    leaping, playing = both(world, lambda world: world.advance(days=1))
    leaping.advance(hours=1)
    playing.advance(hours=1)
    assert truth(leaping) == truth(playing)


def test_a_quiet_day_is_leapt_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from pbxsim.world.run import Run

    world = office([("yealink-t46s", 0, 0)] * 3, "jet", 1)
    played = 0
    play = Run.play

    def counted(run: Run, *values: Any) -> None:
        nonlocal played
        played += 1
        play(run, *values)

    monkeypatch.setattr(Run, "play", counted)
    world.advance(days=100)
    assert played < 20
    assert all(phone.registered for phone in world.phones)
    assert all(user.logins for user in world.accounts["acme"].users)
