"""PISTON's rules beside the article: in-place editing, the last number, the switch of P5."""

from __future__ import annotations

import pytest

from pbxsim import Refused
from pbxsim.callflows import dial, hang_up


@pytest.fixture
def voxco(world):
    account = world.accounts.add("voxco", platform="piston")
    account.users.add("204", first_name="Anna", last_name="Lee")
    return account


def test_a_callflow_is_edited_in_place(voxco):
    voxco.callflows.update("204", root=dial("204", then=hang_up()))
    assert voxco.call("204", answered=False).outcome == "hang-up"
    assert len(voxco.callflows["204"].versions) == 1


def test_a_callflow_needs_a_number_and_keeps_its_last(voxco):
    for attempt in (
        lambda: voxco.callflows.add("FREE", hang_up()),
        lambda: voxco.callflows.update("204", numbers=[]),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.rule == "piston.callflow.needs-number"


def test_a_dead_id_may_stay_in_a_callflow_that_is_saved_again(voxco):
    anna = voxco.users["204"].id
    voxco.users.delete("204")
    voxco.callflows.update("204", root=dial(anna, then=hang_up()))
    assert voxco.callflows["204"].newest.root.users == (anna,)


def test_an_extension_is_free_again_after_its_callflow_and_mailbox_are_gone(voxco):
    voxco.users.delete("204")
    with pytest.raises(Refused):
        voxco.users.add("204")
    voxco.callflows.delete("204")
    voxco.mailboxes.delete("204")
    assert voxco.users.add("204").name == ""


def test_deleting_a_callflow_frees_its_numbers(voxco):
    number = voxco.numbers.add("+16045550101", callflow="204")
    voxco.callflows.delete("204")
    assert number.callflow is None
    assert number in voxco.numbers


@pytest.mark.parametrize("on", [False, True])
def test_the_devices_of_a_deleted_user_go_only_if_the_account_says_so(world, voxco, on):
    world.accounts.update(voxco, policy={"piston.user.delete.devices": "delete" if on else "keep"})
    voxco.devices.add(model="yealink-t46s", mac="805ec0112233", owner="204")
    voxco.users.delete("204")
    assert ("805ec0112233" in voxco.devices) is not on
