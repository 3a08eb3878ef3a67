"""The builders: one for each node, each a value that the API would take as well."""

from __future__ import annotations

from typing import get_args

import pytest

from pbxsim import Refused, World, callflows
from pbxsim.callflows import (
    announcement,
    check_voicemail,
    dial,
    dial_by_name,
    hang_up,
    hot_desk,
    hours,
    menu,
    opening,
    queue,
    ring_group,
    transfer,
    voicemail,
)
from pbxsim.core import nodes as n
from pbxsim.core.build import build
from pbxsim.core.commands import AddCallflow


@pytest.fixture
def office():
    world = World(seed=1)
    acme = world.accounts.add("acme", platform="jet")
    return acme, acme.users.add("1002", first_name="John"), acme.queues.add("Sales")


def built(john, sales):
    """One of each."""
    return [
        dial(john, seconds="4 rings"),
        ring_group(john, strategy="in-turn", seconds=10),
        queue(sales, seconds=60),
        menu({"1": dial(john), "#": hang_up()}, text="1 for John", seconds=5),
        dial_by_name(match="first"),
        hours(opening("09:00", "17:00"), opening("10:00", "24:00", "sat"), open=dial(john), holidays=["2025-12-25"]),
        announcement("Hello", seconds=3),
        voicemail(john),
        check_voicemail(),
        transfer("Sales"),
        hot_desk("log-in"),
        hang_up(),
    ]


def test_there_is_a_builder_for_each_node(office):
    _, john, sales = office
    assert {type(node) for node in built(john, sales)} == set(get_args(n.Node))
    assert len(set(callflows.__all__) - {"opening"}) == len(get_args(n.Node))


def test_what_they_build_can_be_put_into_service(office):
    acme, john, sales = office
    for number, node in enumerate(built(john, sales)):
        if isinstance(node, n.Transfer):
            node = transfer(acme.callflows.add("Sales", hang_up()))
        flow = acme.callflows.add(f"Flow {number}", node)
        assert flow.newest.percent == 100
    assert acme.callflows["Flow 0"].newest.root.seconds == 24
    assert acme.callflows["Flow 5"].newest.root.openings[0].days == callflows.WORKDAYS


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: dial(seconds=0),
        lambda: ring_group(seconds="many rings"),
        lambda: queue("q1", seconds=-1),
        lambda: menu({"12": hang_up()}),
        lambda: menu({"1": hang_up()}, seconds=0),
        lambda: dial_by_name(seconds=0),
        lambda: opening("9:00", "17:00"),
        lambda: hours(open=hang_up(), holidays=["Christmas"]),
        lambda: announcement(seconds=0),
    ],
)
def test_what_no_telephone_has_is_refused_where_it_is_said(wrong):
    with pytest.raises(ValueError, match="must be"):
        wrong()


def test_the_same_as_json():
    json = {"type": "menu", "options": [{"key": "1", "then": {"type": "check-voicemail"}}]}
    assert build(AddCallflow, {"account": "acme", "name": "A", "root": json}).root == menu({"1": check_voicemail()})


def test_every_node_that_is_not_configured_says_what_it_lacks(office):
    """In the field's words, not by the names of our types."""
    acme, _, _ = office
    unfinished = [n.Dial(), n.RingGroup(), n.Enqueue(), n.Menu(), n.Hours(), n.Voicemail(), n.Transfer()]
    assert {type(node) for node in unfinished} == {node for node in get_args(n.Node) if not n.configured(node())}
    said = []
    for node in unfinished:
        with pytest.raises(Refused) as refusal:
            acme.callflows.add("X", node)
        said += [(blocker.name, blocker.do) for blocker in refusal.value.blockers]
    assert said == [
        ("dial", "Say who rings at node 1 (dial)."),
        ("ring group", "Say who rings at node 1 (ring group)."),
        ("queue", "Say which queue is meant by node 1 (queue)."),
        ("menu", "Say which keys there are at node 1 (menu)."),
        ("hours", "Say when it is open, and what then, at node 1 (hours)."),
        ("voicemail", "Say which mailbox is meant by node 1 (voicemail)."),
        ("transfer", "Say which callflow is meant by node 1 (transfer)."),
    ]
