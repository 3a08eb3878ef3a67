"""The reachability audit (X3): whatever still names what is gone is told, whatever it is, sorted."""

from __future__ import annotations

import pytest

from pbxsim.callflows import announcement, dial, hours, menu, opening, ring_group, voicemail

YEALINK = "80:5e:c0:44:55:66"


@pytest.fixture
def voxco(world):
    return world.accounts.add("voxco", platform="piston", policy={"piston.user.delete.blf-keys": "keep"})


def orphans(account):
    return [(orphan.kind, orphan.name, orphan.gone) for orphan in account.reachability().orphans]


def test_everything_that_names_a_deleted_user_is_told_by_kind_and_name(world, voxco):
    anna = voxco.users.add("204", first_name="Anna", last_name="Lee")
    bob = voxco.users.add("205", first_name="Bob", last_name="Ray")
    voxco.users.update(bob, forwarding={"always": "204", "no_answer": "+61255501234"})
    hers = voxco.devices.add(model="yealink-t46s", mac=YEALINK, owner=anna, name="Hers")
    voxco.blf_keys.add(hers, 2, anna)
    voxco.queues.add("Sales", members=[anna, bob])
    assert orphans(voxco) == []
    voxco.callflows.delete("204")
    voxco.callflows.add(
        "Front", menu({"1": dial(anna), "2": ring_group(bob, anna)}, then=voicemail(anna)), numbers=["300"]
    )
    voxco.users.delete(anna)
    assert orphans(voxco) == [
        ("BLF key", "key 2 of Hers", anna.id),
        ("device", "Hers", anna.id),
        ("forwarding", "205 Bob Ray", "204"),
        ("mailbox", "204", anna.id),
        ("node", "dial in Front 1", anna.id),
        ("node", "ring group in Front 1", anna.id),
        ("queue", "Sales", anna.id),
    ]


def test_a_callflow_that_waits_in_a_queue_that_is_gone_is_told(world, voxco):
    sales = voxco.queues.add("Sales")
    voxco.callflows.add(
        "Front",
        {"type": "menu", "options": [{"key": "1", "then": {"type": "queue", "queue": sales.id}}]},
        numbers=["300"],
    )
    voxco.queues.delete(sales)
    assert orphans(voxco) == [("node", "queue in Front 1", sales.id)]


def test_a_number_that_is_sold_is_nobodys_caller_id(world, voxco):
    number = voxco.numbers.add("+61255501234")
    anna = voxco.users.add("204", first_name="Anna", last_name="Lee", caller_id=number)
    voxco.numbers.delete(number)
    assert anna.caller_id is None
    assert orphans(voxco) == []


def test_what_is_reached_when_open_and_when_closed_is_told_of_each_number(world, voxco):
    """Whatever the time is now: it is Wednesday at midnight."""
    anna = voxco.users.add("204")
    voxco.callflows.delete("204")
    day = opening("09:00", "17:00")
    saturday = hours(opening("10:00", "12:00", "sat"), open=voicemail(anna))
    for number, then in (("300", voicemail(anna)), ("301", None), ("302", saturday)):
        voxco.callflows.add(f"Line {number}", hours(day, open=announcement("Hello"), then=then), numbers=[number])
    ends = [(trace.to, trace.when, trace.outcome) for trace in voxco.reachability().traces]
    assert ends == [
        ("204", "", "voicemail"),
        ("300", "open", "hang-up"),
        ("300", "closed", "voicemail"),
        ("301", "open", "hang-up"),
        ("301", "closed", "nobody"),
        ("302", "open", "hang-up"),
        ("302", "closed, open", "voicemail"),
        ("302", "closed, closed", "nobody"),
    ]
    steps = {
        trace.when: [step.what for step in trace.steps if step.at == "hours"] for trace in voxco.reachability().traces
    }
    assert steps["closed, closed"] == ["closed, as at mon 00:00", "closed, as at mon 00:00"]
    assert steps["closed, open"][-1] == "open, as at sat 10:00"
