"""Routing over whatever people may set up: it always ends, and never raises; and the two readings of it agree."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pbxsim import World
from pbxsim.core import nodes as n
from pbxsim.core.entities import CallRecord
from pbxsim.core.keypad import keyed
from pbxsim.core.logins import devices_ringing_for
from pbxsim.core.refusals import PbxsimError
from pbxsim.core.ringing import telephones
from tests.law import law

EXTENSIONS = ("1001", "1002", "1003")
NUMBER, OUTSIDE = "+61255501234", "+61400000000"
DESTINATIONS = st.sampled_from(["", *EXTENSIONS, "1999", NUMBER, OUTSIDE])


def offices(platform: str = "jet") -> tuple[World, Any]:
    """Three people, of whom two have an app, a queue, and callflows to transfer to."""
    world = World(seed=1)
    acme = world.accounts.add("acme", platform=platform)
    for extension in EXTENSIONS:
        user = acme.users.add(extension, first_name="Ann", last_name=f"Lee {extension}", password="tr0ubador")
        if extension != "1003":
            acme.users.log_in_app(user, "tr0ubador")
    queue = acme.queues.add("Sales", members=list(acme.users))
    acme.queues.log_in(queue, "1001")
    return world, acme


_, _OFFICE = offices()
USERS = [user.id for user in _OFFICE.users]
BOXES = [box.id for box in _OFFICE.mailboxes]
QUEUE = next(iter(_OFFICE.queues)).id

users = st.lists(st.sampled_from(USERS), min_size=1, max_size=3).map(tuple)
seconds = st.integers(1, 60)
ends = st.one_of(
    st.none(),
    st.just(n.HangUp()),
    st.sampled_from(BOXES).map(n.Voicemail),
    st.sampled_from(["Front", "Back"]).map(n.Transfer),  # callflows by name: their ids come later
    st.sampled_from(["log-in", "log-out", "toggle"]).map(n.HotDesking),
    st.just(n.CheckVoicemail()),
)


def above(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A node with others below it."""
    some = below.filter(lambda node: node is not None)
    options = st.dictionaries(st.sampled_from("0123456789*#"), some, min_size=1, max_size=3).map(
        lambda keys: tuple(n.Option(key, node) for key, node in sorted(keys.items()))
    )
    days = (n.Opening(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "09:00", "17:00"),)
    return st.one_of(
        st.builds(n.Dial, users, seconds, below),
        st.builds(n.RingGroup, users, st.sampled_from(["simultaneous", "in-turn"]), seconds, below),
        st.builds(n.Enqueue, st.just(QUEUE), seconds, below),
        st.builds(n.Menu, options, st.just("press"), seconds, below),
        st.builds(n.DialByName, st.sampled_from(["last", "first"]), seconds, below),
        st.builds(n.Hours, st.just(days), st.just(()), some, below),
        st.builds(n.Announcement, st.just("hello"), seconds, below),
    )


trees = st.recursive(ends, above, max_leaves=8).filter(lambda node: node is not None)


def set_up(account: Any, roots: list[Any], forwardings: list[dict[str, Any]]) -> None:
    """Two callflows that may lead to one another, a number, and what the users forward."""
    ids = {name: account.callflows.add(name, n.HangUp()).id for name in ("Front", "Back")}
    for name, root in zip(ids, roots, strict=True):
        try:
            draft = account.callflows.draft(ids[name], named(root, ids))
            account.callflows.make_available(draft)
        except PbxsimError:
            pass  # an empty transfer to oneself, ...: what is refused cannot be routed
    account.numbers.add(NUMBER, callflow=account.callflows[ids["Front"]])
    for user, forwarding in zip(account.users, forwardings, strict=True):
        account.users.update(user, forwarding=forwarding)


def named(node: Any, ids: dict[str, str]) -> Any:
    """The tree with ids for the names of callflows."""
    if isinstance(node, n.Transfer):
        return n.Transfer(ids[node.callflow])
    return n.with_branches(node, {pointer: named(below, ids) for pointer, below in n.branches(node)})


forwardings = st.lists(
    st.fixed_dictionaries(
        {
            "always": DESTINATIONS,
            "busy": DESTINATIONS,
            "no_answer": DESTINATIONS,
            "also": st.lists(DESTINATIONS.filter(bool), max_size=2),
        }
    ),
    min_size=3,
    max_size=3,
)


@law(150)
@given(
    roots=st.lists(trees, min_size=2, max_size=2), forwardings=forwardings, digits=st.text("0123456789*#", max_size=6)
)
def test_a_look_always_ends_and_says_why_it_reaches_nobody(roots, forwardings, digits):
    _, account = offices()
    set_up(account, roots, forwardings)
    for to in (NUMBER, *EXTENSIONS, "1999", OUTSIDE, "*11", "#", "0"):
        for caller in ("", "1001"):
            for answered in (True, False):
                trace = account.call(to, answered=answered, from_=caller, digits=digits)
                assert trace.steps
                assert (trace.outcome == "nobody") == bool(trace.cause)
                assert bool(trace.rings) == (trace.outcome == "rings")
                assert answered or not trace.rings


@law(60)
@given(
    roots=st.lists(trees, min_size=2, max_size=2), forwardings=forwardings, to=st.sampled_from([NUMBER, *EXTENSIONS])
)
def test_a_live_call_that_nobody_answers_ends_as_the_look_says(roots, forwardings, to):
    world, account = offices()
    set_up(account, roots, forwardings)
    look = account.call(to, answered=False)
    call = account.calls.place(to)
    world.advance(hours=12)
    assert call.state == "over"
    record = world.pbx.the(CallRecord, call.id)
    same = {"hang-up": {"hang-up"}, "voicemail": {"voicemail"}, "served": {"served"}, "nobody": {"nobody", "busy"}}
    assert record.outcome in same[look.outcome]
    assert world.settled
    assert not world.pbx.calls


@law(100)
@given(st.data())
def test_what_rings_is_where_he_is_logged_in_and_what_he_owns(data):
    """`telephones` is one pass; `devices_ringing_for` says the rule."""
    world = World(seed=1)
    account = world.accounts.add("acme", platform="piston")
    people = [account.users.add(extension, voicemail_pin="4711") for extension in ("204", "205")]
    devices = []
    for serial in range(data.draw(st.integers(1, 4))):
        owner = data.draw(st.sampled_from([None, *people]))
        name = data.draw(st.sampled_from(["", "A", "B"]))
        device = account.devices.add(model="yealink-t46s", mac=f"805ec000000{serial}", owner=owner, name=name)
        devices.append(device)
        if data.draw(st.booleans()):
            world.phones.add(device).power_on()
    world.settle()
    for device in devices:
        if data.draw(st.booleans()):
            at = account.calls.place("*11", from_=device, digits="")
            at.press(f"{data.draw(st.sampled_from(['204', '205']))}#4711#")
    for person in people:
        there = [device.id for device in devices_ringing_for(world.pbx, person.id) if device.id in world.pbx.bindings]
        assert [leg.id for leg in telephones(world.pbx, person.id)] == there


def test_names_on_a_keypad():
    for name, keys in [("Smith", "76484"), ("O'Brien", "627436"), ("Müller", "685537"), ("Łuk", "85"), ("李", "")]:
        assert keyed(name) == keys, name


def test_what_is_longer_than_an_extension_is_a_telephone_number():
    """How long extensions are is the platform's: six digits may be one on Jet, and are a number on the users page."""
    for platform, what in (("jet", "is not on account acme"), ("users-page", "rings outside")):
        account = World().accounts.add("acme", platform=platform, country="AU")
        account.users.add("1001")
        assert account.call("131114", from_="1001").steps[-1].what == what  # Australian numbers of six digits
        assert account.call("1001").steps[0].name == "1001"
        forwards = {"always": "131114"}
        assert account.users.add("1002", forwarding=forwards).forwarding.always == (
            "131114" if platform == "jet" else "+61131114"
        )
