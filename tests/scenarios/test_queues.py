"""Calls that wait for an agent: who rings next, by each strategy, and who is not asked."""

from __future__ import annotations

import pytest

from pbxsim.callflows import (
    hang_up,
    queue,
    voicemail,
)
from tests.scenarios.callers import NUMBER, app_of, leads_to, person, said


@pytest.fixture
def agents(acme, john, mary):
    third = person(acme, "1004", "Anna Lee")
    return [john, mary, third]


def line_up(acme, agents, strategy, **fields):
    """A queue whose agents are all logged in, and the number that leads to it."""
    made = acme.queues.add("Sales", members=agents, strategy=strategy)
    for agent in agents:
        acme.queues.log_in(made, agent)
    leads_to(acme, queue(made, **fields))
    return made


def test_only_agents_who_are_logged_in_ring(world, acme, agents):
    john, mary, _ = agents
    made = line_up(acme, agents, "ring-all", seconds=40, then=voicemail(john))
    acme.queues.log_out(made, mary)
    assert set(acme.call(NUMBER).rings) == {app_of(agents[0]), app_of(agents[2])}
    call = acme.calls.place(NUMBER)
    assert call.state == "waiting"
    assert set(call.ringing) == {app_of(agents[0]), app_of(agents[2])}
    assert acme.call(NUMBER).rings == ()  # those who ring for one caller do not ring for the next
    world.advance(seconds=40)
    assert call.state == "recording"


def test_a_caller_waits_until_an_agent_logs_in(world, acme, john):
    made = acme.queues.add("Sales", members=[john])
    leads_to(acme, queue(made, seconds=60, then=hang_up()))
    call = acme.calls.place(NUMBER)
    assert (call.state, call.ringing) == ("waiting", ())
    assert "no agent is logged in" in said(acme.call(NUMBER))
    world.settle()  # a caller who waits where nobody rings is idle
    world.advance(seconds=20)
    acme.queues.log_in(made, john)
    assert call.ringing == (app_of(john),)
    call.answer()
    assert call.answered_by == "1002 John Smith"


def test_an_agent_who_talks_is_offered_the_next_caller_afterwards(world, acme, john):
    line_up(acme, [john], "ring-all")
    first, second = acme.calls.place(NUMBER), acme.calls.place(NUMBER)
    assert (first.ringing, second.ringing) == ((app_of(john),), ())
    first.answer()
    world.advance(seconds=10)
    assert second.ringing == ()
    first.hang_up()
    assert second.ringing == (app_of(john),)


def test_round_robin_goes_round_from_call_to_call(world, acme, agents):
    line_up(acme, agents, "round-robin")
    rung = []
    for _ in range(4):
        call = acme.calls.place(NUMBER)
        rung.append(call.ringing)
        call.answer()
        call.hang_up()
    assert rung == [(app_of(agents[index]),) for index in (0, 1, 2, 0)]


def test_the_next_agent_rings_when_one_does_not_answer(world, acme, agents):
    line_up(acme, agents, "round-robin", seconds=50, then=hang_up())
    call = acme.calls.place(NUMBER)
    rung = [call.ringing]
    for _ in range(3):
        world.advance(seconds=15)
        rung.append(call.ringing)
    assert rung == [(app_of(agents[index]),) for index in (0, 1, 2, 0)]
    world.advance(seconds=5)
    assert call.outcome == "hang-up"


def test_the_longest_idle_agent_comes_first(world, acme, agents):
    line_up(acme, agents, "longest-idle")
    for index in (0, 1, 2):
        call = acme.calls.place(NUMBER)
        assert call.ringing == (app_of(agents[index]),)
        call.answer()
        world.advance(minutes=1)
        call.hang_up()
    call = acme.calls.place(NUMBER)
    assert call.ringing == (app_of(agents[0]),)
    world.advance(seconds=15)  # he does not answer: the next one, in this round
    assert call.ringing == (app_of(agents[1]),)
