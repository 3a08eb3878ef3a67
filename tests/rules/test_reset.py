"""Reset and recycle (N4, N5, N7 to N9): every item ticked and unticked, and what is in the way."""

from __future__ import annotations

import pytest

from pbxsim import Invalid, Refused
from pbxsim.core.invariants import broken
from pbxsim.core.rules.reset import _CLEARED, ALL, DEFAULT, select_all
from pbxsim.platforms import PLATFORMS

PRIMARY, SECOND = "805ec0112233", "805ec0112244"


@pytest.fixture
def acme(world):
    """John Smith, with everything that a reset can clear."""
    acme = world.accounts.add("acme", platform="netsapiens")
    acme.users.add("1003", first_name="Mary", last_name="Jones", email="mary@acme.example")
    john = acme.users.add(
        "1002",
        first_name="John",
        last_name="Smith",
        email="john@acme.example",
        password="tr0ubador",
        voicemail_pin="4711",
        dnd=True,
        forwarding={"busy": "1003"},
    )
    acme.devices.add(model="yealink-t46s", mac=PRIMARY, owner=john, name="1002")
    acme.devices.add(model="yealink-t46s", mac=SECOND, owner=john, name="1002a")
    acme.users.update(john, contacts=[{"name": "Mum", "number": "+61255501234"}])
    acme.mailboxes.update("1002", greeting="Hello, this is John.")
    call = acme.call("1002", answered=False)
    assert call.outcome
    acme.users.log_in_app(john, "tr0ubador")
    return acme


def secret(acme, id_: str, purpose: str) -> bool:
    return (id_, purpose) in acme._view.world.pbx.secrets


# item -> what is seen of it: (before, after)
SEEN = {
    "name": (lambda acme, user: user.name, "John Smith", ""),
    "email": (lambda acme, user: (user.email, user.mailbox.email), ("john@acme.example",) * 2, ("", "")),
    "password": (lambda acme, user: secret(acme, user.id, "password"), True, False),
    "voicemail-pin": (lambda acme, user: secret(acme, user.mailbox.id, "pin"), True, False),
    "devices": (
        lambda acme, user: ([d.name for d in user.devices], len(user.logins)),
        (["1002", "1002a"], 1),
        (["1002"], 0),
    ),
    "greetings": (lambda acme, user: user.mailbox.greeting, "Hello, this is John.", ""),
    "answering-rules": (lambda acme, user: (user.dnd, user.forwarding.busy), (True, "1003"), (False, "")),
    "contacts": (lambda acme, user: len(user.contacts), 1, 0),
}


def test_every_item_is_looked_at() -> None:
    assert set(_CLEARED) == set(ALL) == {*SEEN, "messages"}


@pytest.mark.parametrize("item", SEEN)
def test_what_is_ticked_goes_and_nothing_else(world, acme, item: str) -> None:
    john = acme.users["1002"]
    acme.users.reset(john, clear=[item])
    for name, (look, before, after) in SEEN.items():
        assert look(acme, john) == (after if name == item else before), name
    assert "1002" in acme.users
    assert not broken(world.pbx, PLATFORMS)


@pytest.mark.parametrize("left_out", SEEN)
def test_what_is_left_out_stays(acme, left_out: str) -> None:
    john = acme.users["1002"]
    acme.users.reset(john, clear=[item for item in ALL if item != left_out])
    for name, (look, before, after) in SEEN.items():
        assert look(acme, john) == (before if name == left_out else after), name


def test_by_default_the_first_five_go(acme) -> None:
    john = acme.users["1002"]
    acme.users.reset(john)
    gone = {name for name, (look, _, after) in SEEN.items() if look(acme, john) == after}
    assert gone == set(DEFAULT)


def test_numbers_queues_and_callflows_go_on_naming_him(acme) -> None:
    john = acme.users["1002"]
    number = acme.numbers.add("+61255501234", user=john)
    queue = acme.queues.add("Demo 1", members=[john])
    acme.users.reset(john, clear=list(ALL))
    assert number.user == john.id
    assert list(queue.members) == [john.id]
    assert acme.call("+61255501234").steps


def test_select_all_ticks_all_and_again_none() -> None:
    assert select_all(DEFAULT) == ALL
    assert select_all(()) == ALL
    assert select_all(select_all(DEFAULT)) == ()
    assert select_all([*reversed(ALL)]) == ()


def test_a_reset_of_nothing_is_none(acme) -> None:
    with pytest.raises(Invalid) as wrong:
        acme.users.reset("1002", clear=[])
    assert [fault.pointer for fault in wrong.value.faults] == ["/clear"]
    with pytest.raises(Invalid, match="/clear/1"):
        acme.users.reset("1002", clear=["name", "history"])


def test_the_oldest_device_is_the_primary_one_where_none_is_named_like_the_extension(world, acme) -> None:
    acme.devices.update(PRIMARY, name="Front desk")
    acme.users.reset("1002")
    assert [device.name for device in acme.users["1002"].devices] == ["Front desk"]


def test_before_version_38_nothing_is_reset(world, acme) -> None:
    world.accounts.update(acme, platform_version=37)
    before = world.pbx
    for attempt in (lambda: acme.users.reset("1002"), lambda: acme.users.recycle("1002", "Ann", "Lee")):
        with pytest.raises(Refused, match="38") as refusal:
            attempt()
        assert refusal.value.rule == "netsapiens.user.reset.version"
        assert [blocker.name for blocker in refusal.value.blockers] == ["37"]
    assert world.pbx == before
    world.accounts.update(acme, platform_version=38)
    acme.users.reset("1002")


@pytest.mark.parametrize("platform", sorted(PLATFORMS.keys() - {"netsapiens"}))
def test_no_other_platform_resets_users(world, platform: str) -> None:
    account = world.accounts.add("other", platform=platform)
    account.users.add("204")
    with pytest.raises(Refused) as refusal:
        account.users.reset("204")
    assert refusal.value.rule == "pbx.user.reset.unknown"


# --- Recycling -----------------------------------------------------------------------------------------------------


def test_recycling_gives_the_extension_to_somebody_else(acme) -> None:
    john = acme.users["1002"]
    acme.users.recycle(john, "Ann", "Lee", "ann@acme.example")
    assert (john.name, john.email, john.tag) == ("Ann Lee", "ann@acme.example", "password-required")
    assert john.mailbox.email == "ann@acme.example", "voicemail to e-mail was on, and follows"
    with pytest.raises(Refused):
        acme.users.log_in_app(john, "tr0ubador")


def test_no_password_and_no_pin_whatever_was_ticked(acme) -> None:
    john = acme.users["1002"]
    acme.users.recycle(john, "Ann", "Lee", clear=["contacts"])
    assert not secret(acme, john.id, "password")
    assert not secret(acme, john.mailbox.id, "pin")
    assert len(john.devices) == 2, "these were not ticked"


@pytest.mark.parametrize(("first", "last", "pointer"), [("", "Lee", "/first_name"), ("Ann", "  ", "/last_name")])
def test_both_names_are_required(acme, first: str, last: str, pointer: str) -> None:
    with pytest.raises(Invalid) as wrong:
        acme.users.recycle("1002", first, last)
    assert [fault.pointer for fault in wrong.value.faults] == [pointer]
    assert acme.users["1002"].name == "John Smith"


def warning(world) -> str:
    return [dict(r.event.detail)["warning"] for r in world.history if r.event.kind == "user.recycled"][-1]


def test_a_missing_address_is_warned_about_where_it_is_needed(world, acme) -> None:
    acme.users.recycle("1002", "Ann", "Lee")
    assert warning(world) == "voicemail to e-mail needs an e-mail address"
    acme.users.recycle("1002", "Ann", "Lee")
    assert warning(world) == "", "nothing needs it any more"
    world.accounts.update(acme, policy={"netsapiens.portal-security": True})
    acme.users.recycle("1002", "Ann", "Lee")
    assert warning(world) == "portal security needs an e-mail address"
    acme.users.recycle("1003", "Bob", "Ray", "bob@acme.example")
    assert warning(world) == ""


def test_later_one_by_one(acme) -> None:
    john = acme.users["1002"]
    acme.users.reset(john)
    acme.users.update(john, first_name="Ann", last_name="Lee", email="ann@acme.example")
    assert john.tag == "password-required"


def test_a_reset_user_can_be_recycled(acme) -> None:
    acme.users.reset("1002")
    acme.users.recycle("1002", "Ann", "Lee")
    assert acme.users["1002"].tag == "password-required"


# --- Mails -----------------------------------------------------------------------------------------------------------


def test_a_forced_password_reset_ends_the_old_password_and_mails_a_link(acme) -> None:
    john = acme.users["1002"]
    acme.users.force_password_reset(john)
    assert john.tag == "password-required"
    with pytest.raises(Refused):
        acme.users.log_in_app(john, "tr0ubador")
    (mail,) = acme.outbox
    assert (mail.to, mail.template, mail.user) == ("john@acme.example", "password-reset", john.id)
    acme.users.redeem(mail.body, "geheim1")
    assert john.tag == ""
    acme.users.log_in_app(john, "geheim1")


def test_a_recovery_leaves_the_old_password_until_the_link_is_used(acme) -> None:
    john = acme.users["1002"]
    acme.users.send_recovery(john)
    assert john.tag == ""
    acme.users.log_in_app(john, "tr0ubador")
    (mail,) = acme.outbox
    acme.users.redeem(mail.body, "geheim1")
    with pytest.raises(Refused):
        acme.users.log_in_app(john, "tr0ubador")


def test_a_welcome_leads_to_password_and_pin(acme) -> None:
    ann = acme.users.add("1004", first_name="Ann", last_name="Lee", email="ann@acme.example")
    acme.users.send_welcome(ann)
    (mail,) = acme.outbox
    assert "1004@acme" in mail.body
    acme.users.redeem(mail.body, "geheim1", voicemail_pin="4711")
    assert ann.tag == ""


@pytest.mark.parametrize("verb", ["send_welcome", "send_recovery", "force_password_reset"])
def test_who_has_no_address_is_not_written_to(world, acme, verb: str) -> None:
    acme.users.update("1002", email="")
    before = world.pbx
    with pytest.raises(Refused, match="e-mail address") as refusal:
        getattr(acme.users, verb)("1002")
    assert refusal.value.rule == "pbx.user.no-email"
    assert world.pbx == before
