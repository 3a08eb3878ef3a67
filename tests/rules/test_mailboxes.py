"""Mailboxes: what the rules say of messages, PINs and addresses, and what is seen of each event."""

from __future__ import annotations

from typing import Any

import pytest

from pbxsim import Gone, Invalid, Refused, World
from pbxsim.core.invariants import broken
from pbxsim.platforms import PLATFORMS
from pbxsim.portal.past import Past
from pbxsim.portal.words import KINDS, sentence


class Office:
    """An account of a platform, with Anna and her mailbox, whom nobody can ring."""

    def __init__(self, platform: str = "jet", policy: dict[str, Any] | None = None) -> None:
        self.world = World(seed=7)
        self.account = self.world.accounts.add("acme", platform=platform, policy=policy or {})
        self.anna = self.account.users.add("204", first_name="Anna", last_name="Lee", email="anna@example.com")
        self.box = self.anna.mailbox

    def leave(self, seconds: int = 3) -> None:
        """A message of so many seconds."""
        self.account.calls.place("204", from_="+61400000000")
        self.world.advance(seconds=seconds)
        for call in list(self.account.calls):
            call.hang_up()
        self.world.settle()

    def events(self, kind: str) -> list[dict[str, Any]]:
        """The details of all events of that kind."""
        history = self.world.state.history
        records = [history[number] for number in range(1, self.world.state.recorded + 1)]
        return [dict(record.event.detail) for record in records if record.event.kind == kind]


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_a_message_is_left_on_every_platform(platform: str) -> None:
    office = Office(platform)
    office.leave()
    (message,) = office.anna.messages
    assert (message.caller, message.caller_name, message.seconds) == ("+61400000000", "", 3)
    assert [event["seconds"] for event in office.events("message.left")] == [3]
    assert broken(office.world.pbx, PLATFORMS) == []


def test_a_full_mailbox_takes_none_until_some_are_deleted() -> None:
    office = Office(policy={"pbx.mailbox.full": 2})
    for _ in range(3):
        office.leave()
    assert len(office.box.messages) == 2
    assert office.account.cdrs[next(iter(office.account.cdrs)).id].outcome == "nobody"
    office.account.mailboxes.delete_message(office.box.messages[0])
    office.leave()
    assert [message.folder for message in office.box.messages] == ["new", "deleted", "new"]


def test_a_mailbox_that_fills_up_while_somebody_speaks_loses_his_message() -> None:
    office = Office(policy={"pbx.mailbox.full": 1})
    calls = [office.account.calls.place("204", from_=f"+6140000000{digit}") for digit in (1, 2)]
    office.world.advance(seconds=2)
    for call in calls:
        call.hang_up()
    assert [message.caller for message in office.box.messages] == ["+61400000001"]
    (lost,) = office.events("message.lost")
    assert lost["why"] == "mailbox 204 is full: 1 of 1 messages"


def test_where_nothing_is_kept_a_delete_is_for_good() -> None:
    office = Office(policy={"pbx.message.delete": False})
    office.leave()
    message = office.box.messages[0]
    office.account.mailboxes.delete_message(message)
    with pytest.raises(Gone):
        _ = message.folder
    assert office.box.messages == []


def test_voicemail_that_is_off_can_be_left_to_the_callflow() -> None:
    office = Office(policy={"pbx.voicemail.off": False})
    flow = office.account.callflows.add("Straight", {"type": "voicemail", "mailbox": office.box.id})
    office.account.numbers.add("+61255501234", callflow=flow)
    office.account.users.update(office.anna, voicemail=False)
    office.account.calls.place("+61255501234", from_="+61400000000")
    office.world.advance(seconds=30)
    assert len(office.box.messages) == 1


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_messages_go_with_their_mailbox_and_their_account(platform: str) -> None:
    office = Office(platform, {} if platform == "piston" else {f"{platform}.user.delete.mailboxes": "delete"})
    office.leave()
    message = office.anna.messages[0]
    office.account.users.delete(office.anna)
    assert message.exists == (platform == "piston")  # there the mailbox stays
    world = office.world.fork()
    world.accounts.delete("acme")
    assert broken(world.pbx, PLATFORMS) == []
    assert not world.pbx.entities


def test_a_reset_can_clear_messages_and_greeting() -> None:
    office = Office("netsapiens")
    office.leave()
    office.account.mailboxes.update(office.box, greeting="Hello")
    office.account.users.reset(office.anna, clear=("greetings",))
    assert (office.box.greeting, len(office.box.messages)) == ("", 1)
    office.account.users.reset(office.anna, clear=("messages",))
    assert office.box.messages == []


# --- C5: whose address is it? --------------------------------------------------------------------------------------

CHANGES = {
    "another name": ({"first_name": "Bob"}, "Bob Lee"),
    "another e-mail address": ({"email": "bob@example.com"}, "Anna Lee"),
    "both": ({"first_name": "Bob", "email": "bob@example.com"}, "Bob Lee"),
    "the mailbox's own address": ({"first_name": "Bob", "email": "box@example.com"}, None),
    "the same once more": ({"first_name": "Anna", "email": "anna@example.com"}, None),
    "something else": ({"dnd": True}, None),
}


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_person_warns_of_the_address_that_stays(platform: str, what: str) -> None:
    office = Office(platform)
    office.account.mailboxes.update(office.box, email="box@example.com")
    fields, person = CHANGES[what]
    office.account.users.update(office.anna, **fields)
    assert office.box.email == "box@example.com"
    warned = office.events("mailbox.address_kept")
    assert [(warning["email"], warning["name"]) for warning in warned] == [("box@example.com", person)][: bool(person)]
    assert all(warning["user"] == office.anna.id for warning in warned)


def test_a_mailbox_without_an_address_is_not_warned_about() -> None:
    office = Office()
    office.account.mailboxes.update(office.box, email="")
    office.account.users.update(office.anna, first_name="Bob")
    assert office.events("mailbox.address_kept") == []


def test_an_account_may_have_the_address_follow() -> None:
    office = Office(policy={"pbx.voicemail.email": "follows"})
    office.account.users.update(office.anna, email="bob@example.com")
    assert office.box.email == "bob@example.com"
    assert office.events("mailbox.address_kept") == []


# --- Bad input, and words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nobody"), ("email", None), ("greeting", "a\nb"), ("greeting", "x" * 129), ("pin", "1")],
)
def test_what_no_mailbox_has_is_refused_by_field(field: str, value: object) -> None:
    office = Office()
    before = office.world.state
    with pytest.raises(Invalid) as refusal:
        office.account.mailboxes.update(office.box, **{field: value})
    assert [fault.pointer for fault in refusal.value.faults] == [f"/{field}"]
    assert office.world.state is before


def test_a_wrong_pin_says_only_that() -> None:
    office = Office()
    office.account.mailboxes.update(office.box, pin="4711")
    before = office.world.state
    with pytest.raises(Refused, match="wrong PIN") as refusal:
        office.account.mailboxes.log_in(office.box, "0815")
    assert refusal.value.rule == "pbx.mailbox.pin"
    assert "4711" not in str(refusal.value)
    assert "0815" not in str(refusal.value)
    assert office.world.state is before


def test_every_event_of_a_mailbox_has_words() -> None:
    office = Office("piston", {"pbx.mailbox.full": 1})
    calls = [office.account.calls.place("204", from_="+61400000000") for _ in "ab"]
    office.world.advance(seconds=2)
    for call in calls:
        call.hang_up()
    office.account.mailboxes.delete_message(office.box.messages[0])
    office.account.mailboxes.delete_message(office.box.messages[0])
    office.account.mailboxes.log_in(office.box, new_pin="4711", greeting="Hello")
    office.account.users.update(office.anna, first_name="Bob")
    past = Past(office.world.pbx)
    history = office.world.state.history
    said = {
        record.event.kind: sentence(past, record.event)
        for number in range(1, office.world.state.recorded + 1)
        if (record := history[number]).event.kind.startswith(("mailbox.", "message."))
    }
    assert said.keys() <= set(KINDS)
    messages = {"message.left", "message.lost", "message.moved", "message.deleted"}
    assert said.keys() >= messages | {"mailbox.logged_in", "mailbox.set_up", "mailbox.address_kept"}
    assert all(text.endswith(".") for text in said.values()), said
