"""Hot desks and one's own mailbox, by feature code (P10, P11); and the phones of somebody who has been deleted (P5)."""

from __future__ import annotations

import pytest

from tests.scenarios.callers import OUTSIDE, YEALINK, last, person, said


@pytest.fixture
def voxco(world):
    return world.accounts.add("voxco", platform="piston")


def desk(world, account, owner, mac=YEALINK):
    """A registered phone."""
    phone = world.phones.add(account.devices.add(model="yealink-t46s", mac=mac, owner=owner))
    phone.power_on()
    world.settle()
    return phone


def typed(world, phone, keys):
    """Keys, one after the other, at a phone."""
    for key in keys:
        phone.press(key)
        world.advance(seconds=0.01)


def test_p11_a_hot_desk_moves_calls_and_neither_configuration_nor_label(world, voxco):
    anna = person(voxco, "204", "Anna Lee", app=False, voicemail_pin="4711")
    ben = person(voxco, "205", "Ben Ray", app=False, voicemail_pin="1234")
    phone = desk(world, voxco, anna)
    device = voxco.devices[YEALINK]
    assert voxco.call("205").rings == ()
    phone.dial("*11")
    world.advance(seconds=1)
    typed(world, phone, "205#1234#")
    world.advance(seconds=1)
    assert [login.kind for login in ben.logins] == ["hotdesk"]
    assert voxco.call("205").rings == (device.id,)
    assert voxco.call("204").rings == ()  # whoever is logged in there has the phone now
    assert phone.screen.label == "Anna Lee"
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Anna Lee"
    assert "205 Ben Ray is logged in at" in said(last(voxco).steps)
    assert "1234" not in said(last(voxco).steps)
    phone.dial("*12")
    world.settle()
    assert not ben.logins
    assert voxco.call("204").rings == (device.id,)
    assert phone.screen.call is None


def test_p11_toggle_and_a_wrong_pin(world, voxco):
    anna = person(voxco, "204", "Anna Lee", app=False, voicemail_pin="4711")
    phone = desk(world, voxco, None)
    for attempt in ("204#0000#", "204#4711#"):
        phone.dial("*13")
        world.advance(seconds=1)
        typed(world, phone, attempt)
        world.advance(seconds=30)
        assert phone.screen.call is None
    assert [login.kind for login in anna.logins] == ["hotdesk"]
    phone.dial("*13")
    world.advance(seconds=1)
    assert not anna.logins


def test_a_hot_desk_needs_a_desk_phone(voxco):
    person(voxco, "204", "Anna Lee", app=False)
    call = voxco.calls.place("*11", from_="204")
    assert (call.state, call.outcome) == ("over", "served")
    assert "the call comes from no desk phone" in said(call.trace)
    assert voxco.call("*11", from_="204").outcome == "served"
    assert voxco.call("*11", from_=OUTSIDE).outcome == "nobody"


def test_p10_the_next_voicemail_log_in_runs_the_wizard(world, voxco):
    anna = person(voxco, "204", "Anna Lee", app=False, voicemail_pin="4711")
    phone = desk(world, voxco, anna)
    voxco.mailboxes.update("204", setup_done=False, greeting="This is John Smith.")
    phone.dial("*97")
    world.advance(seconds=1)
    assert phone.screen.call.state == "talking"
    typed(world, phone, "12#")  # too short
    assert not anna.mailbox.setup_done
    assert anna.mailbox.greeting == "This is John Smith.", "it stays until then"
    typed(world, phone, "1357#")
    assert (anna.mailbox.setup_done, anna.mailbox.greeting) == (True, "")
    world.settle()
    phone.hang_up()
    world.settle()
    assert last(voxco).outcome == "served"
    assert "1357" not in said(last(voxco).steps)
    phone.dial("*97")
    world.advance(seconds=1)
    assert "the caller is logged in" in said(next(iter(voxco.calls)).trace)


def test_other_platforms_have_no_feature_codes(acme, john):
    assert acme.call("*11", from_=john).outcome == "nobody"


def test_a_deleted_users_phone_still_rings_without_his_settings(world, voxco):
    """P5, live."""
    anna = person(voxco, "204", "Anna Lee", app=False, dnd=True)
    phone = desk(world, voxco, anna)
    assert voxco.call("204").rings == ()
    voxco.users.delete(anna)
    call = voxco.calls.place("204", from_=OUTSIDE)
    world.advance(seconds=1)
    phone.answer()
    world.advance(seconds=1)
    assert call.state == "talking"
    assert "has been deleted; rings what is left" in said(call.trace)
