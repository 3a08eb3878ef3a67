"""A world as a file that travels: whole or without its secrets, and refused when anything is wrong with it."""

from __future__ import annotations

import re
import zlib
from hashlib import sha256

import pytest
from msgspec import structs

from device_emulator import models
from pbxsim import Invalid, World
from pbxsim.callflows import dial
from pbxsim.core.invariants import broken
from pbxsim.platforms import PLATFORMS
from pbxsim.store import schema, snapshot
from pbxsim.store.snapshot import Reader, SnapshotRefused, pack
from pbxsim.world.state import Network
from tests.store.conftest import AASTRA, YEALINK, header, lasting

WORD = "0123456789abcdef01234567"


def read(body, part=1000, present=None, draw=lambda id_, purpose: f"{purpose}{id_}drawnanew"):
    reader = Reader()
    for first in range(0, len(body), part):
        reader.feed(body[first : first + part])
    return reader.finish(present, draw)


def rows(body):
    """Its rows as text."""
    return zlib.decompress(body[body.index(b"\n", body.index(b"\n") + 1) + 1 : -32]).decode()


def sealed(first, second, text):
    """A file of these parts with the right checksum."""
    body = first + b"\n" + second + b"\n" + zlib.compress(text)
    return body + sha256(body).digest()


@pytest.fixture
def whole(office):
    return b"".join(pack(header(office.state), office.state))


@pytest.fixture
def veiled(office):
    return b"".join(pack(header(office.state), office.state, WORD))


@pytest.mark.parametrize("part", [1, 7, 33, 100_000])
def test_a_world_comes_back_whole_however_it_comes(office, whole, part):
    taken = read(whole, part)
    state = office.state
    assert taken.header == header(state)
    assert taken.secrets
    assert taken.state.pbx == lasting(state.pbx)
    assert broken(taken.state.pbx, PLATFORMS) == []
    assert (taken.state.files, taken.state.history, taken.state.network) == (state.files, state.history, state.network)
    for mac, phone in state.phones.items():
        back = taken.state.phones[mac]
        assert (back.flash, back.model, back.place) == (phone.flash, phone.model, phone.place)
    assert set(taken.plugged) == {mac for mac, phone in state.phones.items() if phone.powered}


def test_it_says_what_it_is(whole):
    first, second = whole.split(b"\n")[:2]
    assert first == b"pbxsim snapshot 1"
    assert second.startswith(b'{"schema":2,"header":{')


# --- Refused -------------------------------------------------------------------------------------------------------


def refused(body, match):
    with pytest.raises(SnapshotRefused, match=match):
        read(body)


def test_any_bit_that_is_turned_is_noticed(whole):
    for at in range(0, len(whole), 11):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        with pytest.raises(Invalid):
            read(bytes(damaged))


def test_any_end_but_its_own_is_noticed(whole):
    for end in range(0, len(whole), 97):
        refused(whole[:end], "snapshot")
    refused(whole + b"\0", "checksum")
    refused(whole + whole, "checksum|damaged")


def test_what_is_later_is_refused_and_its_version_named(whole):
    first, second = whole.split(b"\n")[:2]
    refused(sealed(b"pbxsim snapshot 2", second, b""), "format 2; this pbxsim knows formats up to 1. Upgrade")
    later = second.replace(b'"schema":2', b'"schema":9')
    refused(sealed(first, later, b""), f"version 9; this pbxsim knows versions up to {schema.VERSION}. Upgrade")


@pytest.mark.parametrize("body", [b"", b"PK\3\4", b"pbxsim snapshot x\n{}\n", b"pbxsim snapshot 1\n{}\n" + b"x" * 40])
def test_what_is_none(body):
    refused(body, "snapshot")


def test_a_line_without_an_end():
    refused(b"pbxsim snapshot 1\n" + b"{" * 100_000, "no end")


def test_a_few_bytes_that_unpack_to_very_many(whole, monkeypatch):
    monkeypatch.setattr(snapshot, "UNPACKED", 1 << 20)
    first, second = whole.split(b"\n")[:2]
    refused(sealed(first, second, b" " * (2 << 20)), "unpacks to more than 1 MiB")
    monkeypatch.setattr(snapshot, "LIMIT", 100)
    refused(whole, "is larger than")


@pytest.mark.parametrize(
    ("old", "new", "law"),
    [
        (b'"kind-of-row"', b"", "no kind"),
        (b"netsapiens", b"nosuchpbxs", "platforms_are_known"),
        (b'\\"members\\":[\\"u', b'\\"members\\":[\\"x', "only_deletion_dangles"),
    ],
)
def test_a_world_that_breaks_a_law_is_refused_by_its_name(office, whole, old, new, law):
    """Its checksum is right: somebody has made it."""
    first, second = whole.split(b"\n")[:2]
    text = rows(whole).encode()
    if old == b'"kind-of-row"':
        text = text.replace(b'"user"', b'"fax"')
    else:
        assert old in text
        text = text.replace(old, new)
    refused(sealed(first, second, text), law)


def test_counters_that_lag_behind_are_refused(office):
    lagging = structs.replace(header(office.state), last_id=1)
    refused(b"".join(pack(lagging, office.state)), "ids_are_given_once")
    lagging = structs.replace(header(office.state), recorded=1)
    refused(b"".join(pack(lagging, office.state)), "history_has_no_gaps")


# --- Older ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["", WORD])
def test_an_older_snapshot_goes_through_the_migrations_of_a_file(office, word):
    """Version 1 knew no network, and one firmware a model."""
    body = b"".join(pack(header(office.state), office.state, word))
    first, second = body.split(b"\n")[:2]
    second = second.replace(b'"schema":2', b'"schema":1').replace(b',"hardware"]', b"]")
    second = re.sub(rb',"network":\[[^]]*\]', b"", second)
    lines = [line for line in rows(body).split("\n") if not line.startswith('["network"')]
    lines = [re.sub(r',"[^"]*(?:\\"[^"]*)*"\]$', "]", line) if line.startswith('["phone"') else line for line in lines]
    taken = read(sealed(first, second, "\n".join(lines).encode()), present=office.state)
    assert taken.state.pbx == lasting(office.pbx)
    assert taken.state.network == Network()
    assert {phone.model.version for phone in taken.state.phones.values()} == {
        models.find(phone.model.name).version for phone in office.state.phones.values()
    }


# --- Without secrets -----------------------------------------------------------------------------------------------


def test_no_secret_is_in_it(office, veiled):
    text = rows(veiled) + veiled.split(b"\n")[1].decode()
    for key, value in office.pbx.secrets.items():
        assert value not in text, key
    assert header(office.state).key not in text
    for clear in ("geheim1", "geheim2", "4711", "me:pw"):
        assert clear not in text, clear
    assert not re.search(r"code=(?!\*{8})", text), "codes in links"


def test_settings_that_are_named_like_secrets_are_not_in_it_either(office):
    acme = office.accounts["acme"]
    for change in (
        lambda of: office.accounts.update("acme", settings=of),
        lambda of: acme.devices.update(YEALINK, settings=of),
    ):
        change({"yealink": {"static.wifi.1.password": "canary-1", "security.client_secret": "canary-2", "x": "plain"}})
    office.phones[YEALINK].set_locally("network.wpa_psk", "canary-3")
    office.settle()
    body = b"".join(pack(header(office.state), office.state, WORD))
    assert "canary" not in rows(body)
    assert "plain" in rows(body)
    assert read(body, present=office.state).state.pbx == lasting(office.pbx), "in its own place nothing is lost"
    alone = World.restore(body)
    assert "static.wifi.1.password" not in str(alone.accounts["acme"].settings)


def test_restored_where_it_came_from_it_is_the_same_world(office, veiled):
    taken = read(veiled, present=office.state)
    assert not taken.secrets
    assert taken.state.pbx == lasting(office.pbx)
    assert taken.state.files == office.state.files
    assert taken.state.network == office.state.network
    assert {mac: phone.flash for mac, phone in taken.state.phones.items()} == {
        mac: phone.flash for mac, phone in office.state.phones.items()
    }


def test_restored_elsewhere_devices_have_new_secrets_and_people_none(office, veiled):
    world = World.restore(veiled, seed=9)
    assert broken(world.pbx, PLATFORMS) == []
    kept = {purpose for _, purpose in world.pbx.secrets}
    assert kept == {"sip", "provisioning"}
    assert not set(world.pbx.secrets.values()) & set(office.pbx.secrets.values())
    world.settle()
    for mac in (YEALINK, AASTRA):  # one with live files, one with files that were frozen
        assert world.phones[mac].registered, "its flash, its files and the PBX have the same new secrets"
    acme = world.accounts["acme"]
    assert acme.users["1002"].name == "John Smith"
    with pytest.raises(Exception, match="password"):
        acme.users.log_in_app("1002", "geheim1")


def test_what_only_looks_the_same_gets_nobodys_secret(office, veiled):
    """Another world has a device of that id, and it is another device."""
    other = World(seed=8)
    account = other.accounts.add("acme", platform="jet")
    for number in range(6):
        account.devices.add(model="yealink-t46s", mac=f"805ec099{number:04x}")
    taken = read(veiled, present=other.state)
    assert not set(taken.state.pbx.secrets.values()) & set(other.pbx.secrets.values())


def test_a_name_cannot_ask_for_a_secret(office):
    """The mark that stands for a secret holds a word that nobody knows beforehand; an old one means nothing."""
    device = office.accounts["acme"].devices[YEALINK]
    office.accounts["acme"].users.update("1003", first_name=f"{'f' * 24}.{device.id}.sip.", last_name="********")
    taken = read(b"".join(pack(header(office.state), office.state, WORD)), present=office.state)
    assert taken.state.pbx == lasting(office.pbx)
    alone = World.restore(b"".join(pack(header(office.state), office.state, WORD)))
    assert alone.accounts["acme"].users["1003"].name == f"{'f' * 24}.{device.id}.sip. ********"


# --- In process ----------------------------------------------------------------------------------------------------


def test_in_process_a_world_is_saved_and_goes_on():
    world = World(seed=4)
    acme = world.accounts.add("acme", platform="jet")
    john = acme.users.add("1002", first_name="John", password="geheim1")
    world.phones.add(acme.devices.add(model="yealink-t46s", mac=YEALINK, owner=john)).power_on()
    acme.callflows.add("John direct", dial(john))
    world.settle()
    saved = world.snapshot()
    back = World.restore(saved, seed=4)
    assert back.now == world.now
    assert not back.phones[YEALINK].registered, "as after a power cut"
    back.settle()
    assert back.phones[YEALINK].registered
    back.accounts["acme"].users.log_in_app("1002", "geheim1")
    assert back.accounts["acme"].users.add("1003").id not in world.pbx.entities, "ids go on where they were"
    assert world.snapshot() == saved, "the same world gives the same file"
    assert World.restore(world.snapshot(secrets=False)).accounts["acme"].users["1002"].name == "John"
    with pytest.raises(Invalid, match="no snapshot"):
        World.restore(b"hello")
