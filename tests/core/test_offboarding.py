"""The off-boarding plan (X1) on random accounts of every platform: after it nothing is refused, orphaned or lost, and
there is no shorter one.

`make prove` tries many more accounts, and writes how much hung on their users.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxsim import Invalid, Refused
from pbxsim.core.entities import AppLogin, Device, HotDesk, Mailbox, Number, Queue, User, Version
from pbxsim.core.indexes import references_of
from pbxsim.core.invariants import broken
from pbxsim.core.routing import route
from pbxsim.core.state import State
from pbxsim.platforms import PLATFORMS
from pbxsim.testing.strategies import Drawn, accounts
from tests.core.brute_force import Search, looks_of
from tests.law import FACTOR, law, tell

TASTE = st.binary(min_size=8, max_size=8)
MANY = 10 * FACTOR  # accounts with five to seven that are tried by brute force
CLUTTERED = (3, 2)  # a user whom at least so many things hold, of at least so many kinds


@pytest.fixture(scope="module")
def counts() -> Iterator[dict[str, Counter[str]]]:
    """What each test has tried; at least half of the accounts are cluttered."""
    found: dict[str, Counter[str]] = {}
    yield found
    for test, counter in found.items():
        tell(test, counter)
        if counter["accounts"] >= 100:
            assert 2 * counter["cluttered"] >= counter["accounts"], counter


def held_by(state: State, user: str) -> list[str]:
    """The kinds of all that holds a user, whatever his platform makes of it."""
    sources = state.sources(user)
    kinds = ["login" for one in sources if isinstance(one, AppLogin | HotDesk)]
    kinds += ["login" for one in sources if isinstance(one, Device) and one.id in state.bindings]
    kinds += ["queue" for one in sources if isinstance(one, Queue)]
    kinds += ["number" for one in sources if isinstance(one, Number)]
    naming = {one.id for one in sources if isinstance(one, Version)}
    for box in sources:
        if isinstance(box, Mailbox):
            naming |= {one.id for one in state.pointing_at(box.id, Version)}
    return kinds + ["callflow"] * len(naming)


def count(counter: Counter[str], drawn: Drawn) -> int:
    """Count an account; how many things hold its user."""
    kinds = held_by(drawn.world.pbx, drawn.user)
    counter["accounts"] += 1
    counter["cluttered"] += len(kinds) >= CLUTTERED[0] and len(set(kinds)) >= CLUTTERED[1]
    counter[drawn.account.platform] += 1
    return len(kinds)


def planned(drawn: Drawn, taste: bytes, **wish: Any) -> tuple[Any, dict[str, str]]:
    """A plan, and what was said about the numbers: something about some of them, and about all that must be said."""
    account = drawn.account
    said: dict[str, str] = {}
    callflows = [one.id for one in account.callflows if one.newest is not None]
    ways = ["keep", "deactivate", *callflows, *callflows]
    for byte, number in zip(taste, account.numbers, strict=False):
        if byte % 4 == 3:
            said[number.e164] = ways[byte // 4 % len(ways)]
    while True:
        try:
            return account.users.plan(drawn.user, numbers=said, **wish), said
        except Refused as refused:  # two callflows that cannot be without a number cannot change their last ones
            if refused.rule != "piston.callflow.needs-number" or set(said.values()) <= {"keep", "deactivate"}:
                raise
            said = dict.fromkeys(said, "keep")
        except Invalid as invalid:
            for fault in invalid.faults:
                number = fault.pointer.removeprefix("/numbers/")
                if "does not lead to" in fault.message:
                    del said[number]
                elif "would reach nobody" not in fault.message:
                    raise
                else:
                    said[number] = ways[taste[len(said) % len(taste)] % len(ways)]


def hardware(drawn: Drawn) -> dict[str, str]:
    """What can be done about each registered device."""
    phones = {phone.id: phone for phone in drawn.world.phones}
    found = {}
    for device in drawn.account.devices:
        phone = phones.get(device.mac)
        found[device.id] = "human" if phone is None else "reset" if phone.powered else "wait"
    return found


def no_shorter(drawn: Drawn, plan: Any, said: dict[str, str], end_logins: bool) -> bool:
    """Does brute force find no shorter plan, and this one?"""
    numbers = {drawn.account.numbers[key].id: choice for key, choice in said.items()}
    state, now = drawn.world.pbx, drawn.world.state.now
    search = Search(state, drawn.user, numbers, hardware(drawn), end_logins, now)
    return search.shortest(len(plan.steps)) == len(plan.steps)


@law(500)
@given(drawn=accounts(), taste=TASTE, end_logins=st.booleans(), patient=st.booleans())
def test_nothing_is_refused_orphaned_or_lost_and_no_plan_is_shorter(
    counts: dict[str, Counter[str]], drawn: Drawn, taste: bytes, end_logins: bool, patient: bool
) -> None:
    """Against brute force: every account whose user at most four things hold, and some with five to seven.

    Whoever is not `patient` lets support end what the plan waits for, so that no time passes. Where it does, other
    people's phones go too: then what a number reached is judged in a world where nothing but time and he has gone."""
    world, before = drawn.world, drawn.world.pbx
    counter = counts.setdefault("off-boarding", Counter())
    held = count(counter, drawn)
    control = world.fork()
    plan, said = planned(drawn, taste, end_logins=end_logins)
    assert world.pbx is before, "a plan changes nothing"
    counter["steps"] += len(plan.steps)
    few, many = held <= 4, 5 <= held <= 7 and counter["brute force: five to seven"] < MANY
    counter["brute force: at most four"] += few
    counter["brute force: five to seven"] += many
    assert not (few or many) or no_shorter(drawn, plan, said, end_logins), f"{plan}\n{said}"
    result = drawn.account.users.offboard(drawn.user, numbers=said, end_logins=end_logins)
    waited = False
    while not result.finished:
        step = result.rest[0]
        counter[step.kind] += 1
        assert step.kind in ("wait", "human"), step
        assert not end_logins, step
        if step.kind == "wait" and patient:
            world.advance(timedelta(milliseconds=step.until - world.state.now))
            waited = True
        elif step.kind == "wait":
            world.end_login(step.device)
        else:
            drawn.strangers[step.device].leave(world)
        result = drawn.account.users.offboard(drawn.user, numbers=said, end_logins=end_logins)
    if waited:
        control.advance(timedelta(milliseconds=world.state.now - control.state.now))
        for login in control.accounts[drawn.account.id].users[drawn.user].logins:
            control.end_login(login)
    after = world.pbx
    assert after.get(User, drawn.user) is None
    assert dangling(after) <= dangling(before)
    assert broken(after, PLATFORMS) == []
    account = after.accounts[drawn.account.id]
    platform = PLATFORMS[account.platform]
    for number in after.listed(account.id, Number):
        for look in looks_of(world.state.now):
            reached = route(control.pbx, account, number.e164, platform=platform, **look).reaches_somebody
            still = route(after, account, number.e164, platform=platform, **look).reaches_somebody
            assert still or not reached or number.e164 in said, (number, look)


def dangling(state: State) -> set[tuple[str, str]]:
    """Who points at what is gone."""
    entities = state.entities
    return {(one.id, to) for one in entities.values() for to in references_of(one) if to not in entities}
