"""Seed files: what they say is what a person could have done; every fault is named with its line."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxsim import World
from pbxsim.core.invariants import broken
from pbxsim.platforms import PLATFORMS
from pbxsim.seeds import DEMO, BadSeed, load, plant
from tests.law import law

THREE_FAULTS = """\
accounts:
  - name: acme
    platform: jet
    users:
      - {extension: 1002, first_name: John}
      - {extension: 12a, first_name: Mary}
    devices:
      - {model: nokia-3310, mac: 80:5e:c0:11:22:33}
    queues:
      - name: Demo 1
        members: [1002, 1009]
"""


def test_the_demo_is_two_small_offices_whose_phones_come_up(world):
    load(world, DEMO)
    world.settle()
    acme, voxco = world.accounts["acme"], world.accounts["voxco"]
    assert (acme.platform, voxco.platform) == ("jet", "piston")
    assert all(phone.registered for phone in world.phones if not phone.screen.prompt)
    assert sum(phone.screen.prompt is not None for phone in world.phones) == 2, "two Aastras ask who is there"
    assert acme.call("02 5550 1234").outcome == "rings"
    assert broken(world.pbx, PLATFORMS) == []


LARGER = """\
accounts:
  - name: Harbour
    platform: customer-portal
    country: AU
    policy: {customer-portal.registration.lifetime: 600}
    users:
      - {extension: 100, first_name: Ann, last_name: Lee, caller_id: "02 5550 1234", ring_seconds: 4 rings}
      - {extension: 101, first_name: Bob, last_name: May, forwarding: {no_answer: 100}}
    devices:
      - {model: yealink-t46s, mac: "80:5e:c0:11:22:33", owner: 100}
    blf_keys:
      - {device: "80:5e:c0:11:22:33", position: 2, user: 101}
    queues:
      - {name: Help, members: [100, 101]}
    callflows:
      - name: Main
        root:
          type: hours
          openings: [{days: [mon, fri], start: "09:00", end: "17:30"}]
          open: {type: menu, options: [{key: 1, then: {type: queue, queue: Help}}], then: {type: hang-up}}
          then: {type: announcement, text: We are closed, seconds: 8}
    numbers:
      - {e164: "02 5550 1234", callflow: Main}
      - {e164: "02 5550 5678", user: 101}
"""


def test_a_seed_file_says_all_that_an_office_has(world):
    plant(world, LARGER)
    world.settle()
    harbour = world.accounts["harbour"]
    ann, bob = harbour.users
    assert (ann.ring_seconds, bob.forwarding.no_answer) == (24, "100")
    assert ann.caller_id == harbour.numbers["+61255501234"].id
    assert [key.label for key in harbour.blf_keys] == ["Bob May"]
    assert dict(harbour.policy) == {"customer-portal.registration.lifetime": 600}
    assert broken(world.pbx, PLATFORMS) == []


@pytest.mark.parametrize(
    ("good", "bad", "pointer"),
    [
        ('caller_id: "02 5550 1234"', "caller_id: 999", "/accounts/0/users/0/caller_id"),
        ("position: 2, user", "user", "/accounts/0/blf_keys/0/position"),
        ('device: "80:5e:c0:11:22:33", pos', 'device: "80:5e:c0:11:22:99", pos', "/accounts/0/blf_keys/0"),
        ("queue: Help}", "queue: Halp}", "/accounts/0/callflows/0/root/open/options/0/then/queue"),
    ],
)
def test_what_names_something_that_is_not_there_is_named_itself(world, good, bad, pointer):
    with pytest.raises(BadSeed) as error:
        plant(world, LARGER.replace(good, bad))
    assert pointer in [fault.pointer for fault in error.value.faults]


def test_three_faults_are_all_named_with_their_lines_and_nothing_is_changed(world):
    before = world.state
    with pytest.raises(BadSeed) as error:
        plant(world, THREE_FAULTS, "office.yaml")
    assert [(fault.line, fault.pointer) for fault in error.value.faults] == [
        (6, "/accounts/0/users/1/extension"),
        (8, "/accounts/0/devices/0/model"),
        (11, "/accounts/0/queues/0/members/1"),
    ]
    assert str(error.value).startswith("office.yaml cannot be used, 3 faults; nothing was changed:")
    assert world.state is before


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "is empty"),
        ("just words", 1, "must be a mapping"),
        ("accounts:\n  - name: [", 2, "is not YAML"),
        ("accounts:\n  name: x", 1, "must be a list"),
        ("accounts:\n  - jet", 2, "must be a mapping"),
        ("accounts: []\nusers: []", 2, "is not known here"),
        ("accounts:\n  - name: a1\n    platform: jet\n    name: b1", 4, "stands here twice"),
        ("accounts:\n  - name: acme\n    platform: jet\n    colour: red", 4, "is not known here"),
        ("accounts:\n  - {name: acme, platform: jet}\n  - {name: acme, platform: jet}", 3, "cannot be added"),
        ("accounts:\n  - {name: acme, platform: jet, seats: many}", 2, "must be a whole number"),
        (
            "accounts:\n  - name: acme\n    platform: jet\n    devices:\n"
            "      - {model: yealink-t46s, mac: 805ec0112233, phone: maybe}",
            5,
            "must be one of on, off, none",
        ),
        ("accounts:\n  - &a {name: acme, platform: jet}\n  - *a", 1, "is an alias"),
        ("a: " * 3 + "b", 1, "is not YAML"),
        ("- " * 3000 + "x", 1, "deeply"),
    ],
)
def test_a_bad_file_says_where_and_what(world, text, line, message):
    before = world.state
    with pytest.raises(BadSeed) as error:
        plant(world, text)
    assert [fault.line for fault in error.value.faults] == [line]
    assert message in error.value.faults[0].message
    assert world.state is before


def test_extensions_keep_their_zeros_and_macs_of_digits_stay_texts(world):
    text = (
        "accounts:\n  - name: acme\n    platform: jet\n    users: [{extension: 0100}]\n"
        "    devices: [{model: yealink-t46s, mac: 10:20:30:40:50:59, owner: 0100, phone: none}]"
    )
    plant(world, text)
    assert world.accounts["acme"].devices["102030405059"].owner == world.accounts["acme"].users["0100"].id
    assert len(world.phones) == 0


@law(200)
@given(st.text(max_size=200))
def test_any_text_at_all_is_planted_or_refused(text):
    world = World()
    with suppress(BadSeed):
        plant(world, text)
    assert world.state.recorded == 0


def test_a_file_that_is_no_text_is_told_with_its_line(world, tmp_path):
    seed = tmp_path / "latin.yaml"
    seed.write_bytes("accounts:\n  - {name: Müller, platform: jet}\n".encode("latin-1"))
    with pytest.raises(BadSeed, match="line 2: / is not UTF-8 text"):
        load(world, seed)


def test_a_missing_file_is_an_os_error(world):
    with pytest.raises(OSError, match="nowhere"):
        load(world, Path("nowhere.yaml"))
