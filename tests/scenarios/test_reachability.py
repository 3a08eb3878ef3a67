"""The reachability audit (X3): whatever still names what is gone is told, whatever it is, sorted."""

from __future__ import annotations

import pytest

from pbxsim.callflows import dial, menu, ring_group, voicemail

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
