"""Business hours: what is said of one moment, and of all there are, is the same; so is where a call goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxsim import World
from pbxsim.callflows import dial, hang_up, hours, opening, transfer, voicemail
from pbxsim.core.hours import ALWAYS, NEVER, WEEKDAYS, Moments, opened, parted
from pbxsim.core.nodes import Hours, Opening
from pbxsim.core.routing import route, routes
from pbxsim.platforms import PLATFORMS
from pbxsim.world import to_ms, utc_offset
from tests.law import law

NUMBER = "+61255501234"
MONDAY = datetime(2025, 6, 2, tzinfo=UTC)
TIMES = ("00:00", "07:30", "09:00", "12:00", "17:00", "24:00")
DATES = ("2025-06-04", "2025-06-07", "2025-12-25")

openings = st.lists(
    st.builds(
        Opening,
        st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True).map(tuple),
        st.sampled_from(TIMES[:-1]),
        st.sampled_from(TIMES[1:]),
    ).filter(lambda one: one.start < one.end),
    min_size=1,  # or the node is not configured
    max_size=3,
).map(tuple)
nodes = st.builds(Hours, openings, st.lists(st.sampled_from(DATES), max_size=2, unique=True).map(tuple))
instants = st.one_of(
    st.integers(0, 7 * 24 * 60 - 1).map(lambda minute: MONDAY + timedelta(minutes=minute)),
    st.tuples(st.sampled_from(DATES), st.integers(0, 24 * 60 - 1)).map(
        lambda day: datetime.fromisoformat(f"{day[0]}T00:00:00+00:00") + timedelta(minutes=day[1])
    ),
)


def holds(moments: Moments, at: datetime) -> bool:
    """Is a moment one of them?"""
    minute = at.weekday() * 24 * 60 + at.hour * 60 + at.minute
    return bool(moments.on(at.date().isoformat()) >> minute & 1)


@law(300)
@given(nodes=st.lists(nodes, min_size=1, max_size=3), at=instants)
def test_a_moment_is_open_where_the_clock_says_so(nodes: list[Hours], at: datetime) -> None:
    """However many hours have been met before."""
    moments = ALWAYS
    for node in nodes:
        is_open, closed = parted(node, moments)
        assert holds(is_open | closed, at) == holds(moments, at)
        said, _ = opened(node, "UTC", to_ms(at), 0)
        moments = is_open if said else closed
        assert holds(moments, at)
        assert not holds((closed if said else is_open), at)
    assert not (moments - moments)
    assert holds(moments - NEVER, at)


@law(100)
@given(chain=st.lists(nodes, min_size=1, max_size=4), at=instants)
def test_every_moment_has_one_way_and_it_is_the_one_that_a_call_takes(chain: list[Hours], at: datetime) -> None:
    """Hours below hours, in another callflow, and again in a circle."""
    world = World(seed=1)
    acme = world.accounts.add("acme", platform="users-page")
    ann = acme.users.add("1001")
    below = dial(ann, then=hang_up())
    for place, node in enumerate(chain):
        inner = below if place % 2 else transfer(acme.callflows.add(f"Flow {place}", below))
        below = hours(*node.openings, holidays=node.holidays, open=voicemail(ann), then=inner)
    acme.numbers.add(NUMBER, callflow=acme.callflows.add("Front", below))
    account, platform = acme.snapshot(), PLATFORMS["users-page"]
    ways = list(routes(world.pbx, account, NUMBER, platform))
    there = [trace for trace, moments in ways if holds(moments, at)]
    assert len(there) == 1
    now = route(world.pbx, account, NUMBER, platform=platform, now=to_ms(at), offset=utc_offset)
    assert [step.at for step in there[0].steps] == [step.at for step in now.steps]
    assert there[0].outcome == now.outcome
    assert len({trace.when for trace, _ in ways}) == len(ways)
    assert all(moments for _, moments in ways)


@pytest.mark.parametrize(
    ("node", "ways"),
    [
        (hours(opening("09:00", "17:00"), open=hang_up()), {"open": "mon 09:00", "closed": "mon 00:00"}),
        (hours(opening("00:00", "24:00", *WEEKDAYS), open=hang_up()), {"": "mon 00:00"}),
        (
            hours(opening("09:00", "17:00"), open=hang_up(), then=hours(opening("10:00", "12:00"), open=hang_up())),
            {"open": "mon 09:00", "closed": "mon 00:00"},
        ),
        (
            hours(opening("00:00", "24:00", *WEEKDAYS), open=hang_up(), holidays=["2025-12-25"]),
            {"open": "mon 00:00", "closed": "2025-12-25 00:00"},
        ),
        (
            hours(
                opening("09:00", "17:00"),
                open=hours(opening("08:00", "18:00"), open=hang_up(), then=hang_up()),
                then=hours(opening("09:00", "12:00", "sat"), open=hang_up()),
            ),
            {"open": "mon 09:00", "closed, open": "sat 09:00", "closed, closed": "mon 00:00"},
        ),
    ],
    ids=["working days", "always", "an inner one that never is", "but on a holiday", "what the outer ones decide"],
)
def test_the_ways_are_those_that_can_be_taken(node: Hours, ways: dict[str, str]) -> None:
    acme = World(seed=1).accounts.add("acme", platform="users-page")
    acme.numbers.add(NUMBER, callflow=acme.callflows.add("Front", node))
    pbx = acme._view.world.pbx
    found = routes(pbx, acme.snapshot(), NUMBER, PLATFORMS["users-page"])
    assert {trace.when: str(moments) for trace, moments in found} == ways
