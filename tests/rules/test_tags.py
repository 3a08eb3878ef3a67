"""Tags (N11): every tag and everything that can happen to a user, as a table; and the same by what people do."""

from __future__ import annotations

import typing

import pytest

from pbxsim import World
from pbxsim.core.entities import Tag
from pbxsim.core.rules.tags import TABLE, Input
from pbxsim.platforms import PLATFORMS

# tag: what becomes of it by reset, recycled, forced, cleared, named, password, ready ("." is: it stays).
EXPECTED = """
-                   setup-required password-required password-required password-required .                 . .
new                 setup-required password-required password-required .                 .                 . -
setup-required      .              password-required .                 .                 password-required - -
password-required   setup-required .                 .                 .                 .                 - -
"""
INPUTS = ("reset", "recycled", "forced", "cleared", "named", "password", "ready")


def test_the_table_is_written_out() -> None:
    assert set(TABLE) == set(typing.get_args(Tag))
    assert set(INPUTS) == set(typing.get_args(Input))


@pytest.mark.parametrize("row", EXPECTED.strip().splitlines(), ids=lambda row: row.split()[0])
def test_every_input_moves_every_tag_as_it_is_said(row: str) -> None:
    tag, *after = ("" if word == "-" else word for word in row.split())
    for said, expected in zip(INPUTS, after, strict=True):
        assert TABLE[tag].get(said, tag) == (tag if expected == "." else expected), (tag, said)


@pytest.fixture
def acme(world):
    return world.accounts.add("acme", platform="netsapiens")


def test_a_new_user_needs_password_and_pin(acme) -> None:
    john = acme.users.add("1002", first_name="John", last_name="Smith")
    assert john.tag == "new"
    acme.users.update(john, password="tr0ubador")
    assert john.tag == "new", "the PIN is missing"
    acme.mailboxes.update("1002", pin="4711")
    assert john.tag == ""


def test_in_the_other_order(acme) -> None:
    john = acme.users.add("1002")
    acme.mailboxes.update("1002", pin="4711")
    assert john.tag == "new"
    acme.users.update(john, password="tr0ubador")
    assert john.tag == ""


def test_who_brings_both_is_never_new(acme) -> None:
    assert acme.users.add("1002", password="tr0ubador", voicemail_pin="4711").tag == ""


def test_a_reset_user_who_is_named_needs_a_password(acme) -> None:
    john = acme.users.add("1002", first_name="John", last_name="Smith", password="tr0ubador", voicemail_pin="4711")
    acme.users.reset(john)
    assert (john.tag, john.name) == ("setup-required", "")
    acme.users.update(john, first_name="Ann")
    assert john.tag == "setup-required", "a last name is missing"
    acme.users.update(john, last_name="Lee")
    assert john.tag == "password-required"
    acme.users.update(john, password="geheim1")
    assert john.tag == ""


def test_a_recycled_user_lacks_password_and_pin_and_is_not_new(acme) -> None:
    """So a tag cannot be told from what is empty."""
    john = acme.users.add("1002", first_name="John", last_name="Smith", password="tr0ubador", voicemail_pin="4711")
    acme.users.recycle(john, "Ann", "Lee")
    mary = acme.users.add("1003", first_name="Mary", last_name="Jones")
    assert (john.tag, mary.tag) == ("password-required", "new")


def test_a_password_that_is_taken_away_is_required(acme) -> None:
    john = acme.users.add("1002", password="tr0ubador", voicemail_pin="4711")
    acme.users.update(john, password=None)
    assert john.tag == "password-required"


def test_a_password_kept_in_a_reset_is_not_required_again(acme) -> None:
    john = acme.users.add("1002", first_name="John", last_name="Smith", password="tr0ubador", voicemail_pin="4711")
    acme.users.reset(john, clear=["name"])
    acme.users.update(john, dnd=True)
    assert john.tag == "setup-required", "it is the name that is missing"
    acme.users.update(john, first_name="Ann", last_name="Lee")
    assert john.tag == ""


def test_history_tells_every_tag_and_why(world, acme) -> None:
    john = acme.users.add("1002", first_name="John", last_name="Smith", password="tr0ubador", voicemail_pin="4711")
    acme.users.recycle(john, "Ann", "Lee")
    acme.users.update(john, password="geheim1")
    told = [dict(record.event.detail) for record in world.history if record.event.kind == "user.tagged"]
    assert told == [
        {"tag": ("", "password-required"), "why": "recycled"},
        {"tag": ("password-required", ""), "why": "password"},
    ]


@pytest.mark.parametrize("platform", sorted(PLATFORMS.keys() - {"netsapiens"}))
def test_elsewhere_there_are_no_tags(platform: str) -> None:
    world = World()
    john = world.accounts.add("acme", platform=platform).users.add("204")
    world.accounts["acme"].users.update(john, password="tr0ubador")
    assert john.tag == ""
    assert not [record for record in world.history if record.event.kind == "user.tagged"]


def test_the_platform_has_words_for_its_tags() -> None:
    words = [PLATFORMS["netsapiens"].word(tag) for tag in typing.get_args(Tag) if tag]
    assert words == ["New", "Setup Required", "Password Required"]
