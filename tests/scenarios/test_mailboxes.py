"""Mailboxes: what callers leave and what the owner does with it (U5), the set-up wizard (P10), and the address that a
rename leaves behind (C5)."""

from __future__ import annotations

import pytest

from pbxsim import Forbidden, Invalid, NotFound, Refused

CALLER = "+61400000000"


@pytest.fixture
def acme(world):
    return world.accounts.add("acme", platform="users-page")


@pytest.fixture
def anna(acme):
    """No phone: whoever calls gets her mailbox."""
    user = acme.users.add("204", first_name="Anna", last_name="Lee", email="anna@example.com", voicemail_pin="4711")
    acme.mailboxes.update(user.mailbox, email="anna@example.com")
    return user


def leave(world, account, to="204", seconds=5, caller=CALLER):
    """Somebody calls, speaks so long, and hangs up."""
    call = account.calls.place(to, from_=caller)
    world.advance(seconds=seconds)
    if call.state == "recording":
        call.hang_up()
    world.settle()


def folders(box):
    return [message.folder for message in box.messages]


# --- Messages -------------------------------------------------------------------------------------------------------


def test_what_a_caller_says_is_a_new_message(world, acme, anna):
    before = world.now
    leave(world, acme)
    (message,) = anna.messages
    assert (message.caller, message.seconds, message.folder) == (CALLER, 5, "new")
    assert message.mailbox == anna.mailbox.id
    assert before < world.now


def test_messages_are_listed_per_user_the_newest_first(world, acme, anna):
    """U5."""
    bob = acme.users.add("205", first_name="Bob")
    for seconds in (3, 4, 6):
        leave(world, acme, seconds=seconds)
    leave(world, acme, "205", seconds=7)
    assert [message.seconds for message in anna.messages] == [6, 4, 3]
    assert [message.seconds for message in anna.mailbox.messages] == [6, 4, 3]
    assert [message.seconds for message in bob.messages] == [7]


def test_a_message_is_saved_deleted_brought_back_and_deleted_for_good(world, acme, anna):
    leave(world, acme)
    leave(world, acme)
    box = anna.mailbox
    newest = box.messages[0]
    acme.mailboxes.move_message(newest, "saved")
    assert folders(box) == ["saved", "new"]
    acme.mailboxes.delete_message(newest)
    assert folders(box) == ["deleted", "new"]
    acme.mailboxes.move_message(newest, "new")
    assert folders(box) == ["new", "new"]
    acme.mailboxes.delete_message(newest)
    acme.mailboxes.delete_message(newest)
    assert folders(box) == ["new"]
    with pytest.raises(NotFound):
        acme.mailboxes.delete_message(newest)
    with pytest.raises(Invalid, match="folder"):
        acme.mailboxes.move_message(box.messages[0], "spam")


def test_a_mailboxs_messages_go_with_it(world, acme, anna):
    leave(world, acme)
    box = anna.mailbox
    message = box.messages[0]
    acme.mailboxes.delete(box)
    assert not message.exists
    assert anna.messages == []


def test_who_has_switched_voicemail_off_gets_none(world, acme, anna):
    flow = acme.callflows.add("Straight", {"type": "voicemail", "mailbox": anna.mailbox.id})
    acme.numbers.add("+61255501234", callflow=flow)
    acme.users.update(anna, voicemail=False)
    for to in ("204", "+61255501234"):
        leave(world, acme, to)
        assert acme.call(to).outcome == "nobody"
    assert "voicemail of 204 Anna Lee is switched off" in acme.call("+61255501234").cause
    assert anna.messages == []
    acme.users.update(anna, voicemail=True)
    leave(world, acme)
    assert len(anna.messages) == 1


def test_a_mail_tells_of_a_message_where_an_address_is_set(world, acme, anna):
    leave(world, acme, seconds=8)
    (mail,) = [mail for mail in acme.outbox if mail.template == "voicemail"]
    assert mail.to == "anna@example.com"
    assert CALLER in mail.subject
    assert "8 seconds" in mail.body
    acme.mailboxes.update(anna.mailbox, email="")
    leave(world, acme)
    assert len([mail for mail in acme.outbox if mail.template == "voicemail"]) == 1


def test_everybody_reads_his_own_messages_and_nobody_moves_anothers(world, acme, anna):
    leave(world, acme)
    bob = acme.users.add("205", first_name="Bob")
    message = anna.messages[0]
    with pytest.raises(Forbidden):
        world.acting_as(bob).accounts["acme"].mailboxes.delete_message(message)
    assert folders(anna.mailbox) == ["new"]
    world.acting_as(anna).accounts["acme"].mailboxes.delete_message(message)
    assert folders(anna.mailbox) == ["deleted"]


# --- The set-up wizard (P10) ----------------------------------------------------------------------------------------


@pytest.fixture
def voxco(world):
    account = world.accounts.add("voxco", platform="piston")
    account.users.add("204", first_name="John", last_name="Smith", voicemail_pin="4711")
    return account


def test_already_setup_is_unset_and_the_next_log_in_sets_it_again(world, voxco):
    box = voxco.mailboxes["204"]
    voxco.mailboxes.update(box, greeting="John is away")
    leave(world, voxco)
    voxco.mailboxes.log_in(box, "4711")  # set up: nothing is asked
    voxco.mailboxes.update(box, setup_done=False)
    assert (box.setup_done, box.greeting, folders(box)) == (False, "John is away", ["new"])

    for wizard in ({}, {"new_pin": "0815"}, {"greeting": "Hello"}):
        with pytest.raises(Refused) as refusal:
            voxco.mailboxes.log_in(box, "4711", **wizard)
        assert refusal.value.rule == "piston.mailbox.setup"
    with pytest.raises(Refused) as refusal:  # the old PIN stays until the wizard has another
        voxco.mailboxes.log_in(box, "0815", new_pin="0815", greeting="Hello")
    assert refusal.value.rule == "pbx.mailbox.pin"
    assert (box.setup_done, box.greeting) == (False, "John is away")

    voxco.mailboxes.log_in(box, "4711", new_pin="0815", greeting="Ann is away")
    assert (box.setup_done, box.greeting, folders(box)) == (True, "Ann is away", ["new"])
    with pytest.raises(Refused):
        voxco.mailboxes.log_in(box, "4711")
    voxco.mailboxes.log_in(box, "0815")


def test_a_mailbox_that_has_no_pin_asks_for_none(voxco):
    box = voxco.mailboxes.add("900", name="Reception")
    voxco.mailboxes.log_in(box, new_pin="0815", greeting="")
    assert box.setup_done
    with pytest.raises(Refused) as refusal:
        voxco.mailboxes.log_in(box)
    assert refusal.value.rule == "pbx.mailbox.pin"


def test_a_pin_that_is_none_is_no_pin_for_the_wizard_either(voxco):
    voxco.mailboxes.update("204", setup_done=False)
    with pytest.raises(Invalid, match="4 to 6 digits"):
        voxco.mailboxes.log_in("204", "4711", new_pin="12", greeting="")


def test_other_platforms_have_no_wizard(acme, anna):
    acme.mailboxes.update(anna.mailbox, setup_done=False)
    acme.mailboxes.log_in(anna.mailbox, "4711", greeting="Hello")
    assert anna.mailbox.greeting == "Hello"


# --- Voicemail to e-mail (C5) ---------------------------------------------------------------------------------------


@pytest.fixture
def portal(world):
    account = world.accounts.add("portal", platform="customer-portal")
    account.users.add("204", first_name="John", last_name="Smith", email="john@example.com")
    return account


def test_the_old_address_stays_until_it_is_changed_there(world, portal):
    """C3, C4, C5: three tabs, each of which stores itself only."""
    john = portal.users["204"]
    assert john.mailbox.email == "john@example.com"
    portal.users.update(john, first_name="Ann", last_name="Lee")
    portal.users.update_login(john, first_name="Ann", last_name="Lee", email="ann@example.com")
    assert john.mailbox.email == "john@example.com"
    leave(world, portal)
    assert [mail.to for mail in portal.outbox if mail.template == "voicemail"] == ["john@example.com"]
    portal.mailboxes.update(john.mailbox, email="ann@example.com")
    leave(world, portal)
    told = [mail.to for mail in portal.outbox if mail.template == "voicemail"]
    assert sorted(told) == ["ann@example.com", "john@example.com"]


# --- Searching (U1, U9) ---------------------------------------------------------------------------------------------


def test_people_are_found_by_the_beginning_of_extension_or_name(acme):
    names = {"204": ("Anna", "Lee"), "21": ("Zoë", "van der Åberg"), "301": ("Sam", "Annand"), "2105": ("", "")}
    for extension, (first, last) in names.items():
        acme.users.add(extension, first_name=first, last_name=last)

    def found(text):
        return [user.extension for user in acme.users.search(text)]

    assert found("ann") == ["204", "301"]
    assert found("ANNA L") == ["204"]
    assert found("der å") == found("der a") == ["21"]
    assert found("zoe") == ["21"]
    assert found("21") == ["21", "2105"]
    assert found("2") == ["21", "204", "2105"]
    assert found("eric") == found("nna") == []
    acme.users.update("204", first_name="Eric")
    assert (found("eric"), found("anna")) == (["204"], ["301"])
    acme.users.delete("301")
    assert found("anna") == []
