"""Every phone model, row by row and on a desk: the server's table and the hardware's agree, each names itself as real
ones were heard to, and each boots, registers and shows its keys."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

import device_emulator.models as hardware
import provisioning.models as server
from device_emulator.facts import release
from device_emulator.firmware import of
from pbxsim.core.refusals import Invalid
from provisioning.user_agents import recognise
from provisioning.vendors import VENDORS

MAC = "805ec0112233"
each = pytest.mark.parametrize("model", hardware.MODELS, ids=lambda model: model.name)


def test_both_tables_have_the_same_names_once():
    theirs, ours = ([model.name for model in table] for table in (hardware.MODELS, server.MODELS))
    assert len(set(theirs)) == len(theirs)
    assert sorted(theirs) == sorted(ours)


@each
def test_the_server_believes_what_the_hardware_is(model):
    believed = server.find(model.name)
    assert (believed.vendor, believed.product, believed.lines) == (model.vendor, model.product, model.lines)
    there = dict(model.keys)
    for name, count in ((believed.key, believed.keys), *believed.more):
        assert there.get(name) == count, name
    if model.vendor == "yealink":  # Aastra's common file is one for all; the hardware's part is its <model>.cfg
        assert believed.common == f"y000000000{model.common}.cfg"
        assert release(model) == (believed.release,)
        assert set(there) == {believed.key, *(name for name, _ in believed.more)}


@each
def test_a_row_is_whole_and_says_where_it_is_from(model):
    family = hardware.FAMILIES[model.family]
    assert (model.columns, model.rows) == (family.columns, family.rows)
    assert model.lines >= 1
    assert re.fullmatch(r"\d+(\.\d+){3}", model.version)
    row = next(row for row in hardware.ROWS if row.model is model)
    told = {note.what: note for note in row.notes}
    assert {"version", "agent", "lines", "keys", "display"} <= set(told)
    assert all(note.source for note in row.notes)
    evidence = {"source code", "vendor guide", "issue", "public page", "inferred", "decided", "unverified"}
    assert {note.evidence for note in row.notes} <= evidence


@each
def test_the_server_recognises_the_phone_by_its_user_agent(model):
    agent = recognise(of(model).user_agent(model, MAC))
    assert (agent.version, agent.mac) == (model.version, MAC if "28.1.0.128" not in model.agent else None)
    assert server.named(agent.brand, agent.model).name == model.name
    registers = recognise(of(model).sip_user_agent(model, MAC))
    assert registers.brand in ("yealink", "aastra", "mitel")


def test_every_captured_user_agent_is_said_and_understood(shared):
    """Byte for byte, at the version and with the MAC that it was captured with."""
    rows = [row.split("\t")[0] for row in (shared / "data/user_agents.tsv").read_text(encoding="utf-8").splitlines()]
    told = 0
    for text in rows:
        agent = recognise(text)
        if agent.brand not in ("yealink", "aastra", "mitel"):
            continue
        believed = server.named(agent.brand, agent.model)
        assert believed is not None, text
        model = replace(hardware.find(believed.name), version=agent.version)
        assert of(model).user_agent(model, agent.mac or MAC) == text
        assert agent.mac or text == "Yealink-T46G 28.71.0.81 28.1.0.128.0.0.0"  # which hardware it is, instead
        told += 1
    assert told >= 50


HEARD = [
    # captured elsewhere: FusionPBX, wazo-provd-plugins' comments, the vendor's XML scripts
    ("yealink-t56a", "58.80.0.25", "001565f429a4", "Yealink SIP-T56A  58.80.0.25 001565f429a4"),
    ("yealink-w52p", "25.30.0.2", "00156544b37c", "W52P 25.30.0.2 00:15:65:44:b3:7c"),
    ("yealink-w52p", "25.80.0.15", "001565b86005", "Yealink W52P 25.80.0.15 00:15:65:b8:60:05"),
    ("yealink-t26p", "6.72.0.30", "0015654b57d2", "Yealink SIP-T26P 6.72.0.30 00:15:65:4b:57:d2"),
    ("yealink-t85w", "185.87.0.10", "44dbd267584b", "Yealink SIP-T85W 185.87.0.10 44:db:d2:67:58:4b"),
    ("aastra-6737i", "3.2.2.6038", "00085d30a6ce", "Aastra6737i MAC:00-08-5D-30-A6-CE V:3.2.2.6038-SIP"),
    ("aastra-6863i", "4.1.0.128", "00085d40905f", "Aastra6863i MAC:00-08-5D-40-90-5F V:4.1.0.128-SIP"),
    ("aastra-6915", "6.4.0.140", "1400e91be241", "Mitel6915 MAC:14-00-E9-1B-E2-41 V:6.4.0.140-SIP"),
    ("aastra-480ict", "1.4.2.3000", "00085d1a9870", "Aastra480i Cordless MAC:00-08-5D-1A-98-70 V:1.4.2.3000-SIP"),
]


@pytest.mark.parametrize(("name", "version", "mac", "text"), HEARD)
def test_others_were_heard_elsewhere(name, version, mac, text):
    model = replace(hardware.find(name), version=version)
    assert of(model).user_agent(model, mac) == text
    agent = recognise(text)
    assert (server.named(agent.brand, agent.model).name, agent.version, agent.mac) == (name, version, mac)


def test_a_phone_may_have_a_user_agent_of_its_own():
    model = replace(hardware.find("yealink-t46s"), agent="Branded {product}/{version} ({bare})")
    assert of(model).user_agent(model, MAC) == f"Branded T46S/66.86.0.15 ({MAC})"


@each
def test_it_boots_registers_and_has_its_keys_where_they_were_put(world, model):
    acme = world.accounts.add("acme", platform="jet")
    john = acme.users.add("1002", first_name="John", last_name="Smith")
    acme.users.add("205", first_name="Bob", last_name="Jones")
    device = acme.devices.add(model=model.name, mac=MAC, owner=john)
    believed = server.find(model.name)
    positions = {2, believed.positions} if believed.positions > 1 else set()
    if not positions:
        with pytest.raises(Invalid, match="is no key of a"):
            acme.blf_keys.add(device, 2, "205")
    else:
        for position in positions:
            acme.blf_keys.add(device, position, "205")
        with pytest.raises(Invalid, match=f"must be 2 to {believed.positions} on a"):
            acme.blf_keys.add(device, believed.positions + 1, "205")
    phone = world.phones.add(device)
    phone.power_on()
    world.settle()
    assert phone.registered
    assert phone.screen.label == "John Smith"
    assert VENDORS[believed.vendor].own_file(MAC) in {name for _, name in world.state.downloads}
    watching = {key.name: key.label for key in phone.keys if key.type == "blf"}
    assert watching == {"".join(map(str, believed.key_at(position))): "Bob Jones" for position in positions}
    acme.users.update("1002", last_name="Schmidt")
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "John Schmidt"


@pytest.mark.parametrize("model", [model.name for model in hardware.MODELS if model.vendor == "aastra"])
def test_somebody_can_log_in_and_out_at_any_aastra(world, model):
    voxco = world.accounts.add("voxco", platform="piston")
    voxco.users.add("204", first_name="Anna", last_name="Lee", voicemail_pin="4711")
    phone = world.phones.add(voxco.devices.add(model=model, mac=MAC))
    phone.power_on()
    world.settle()
    phone.log_in("204", "4711")
    world.settle()
    if release(hardware.find(model)) < (2, 5):  # knows no `dynamic sip`: its line is another after a restart only
        phone.power_cycle()
        world.settle()
    assert (phone.registered, phone.screen.label) == (True, "Anna Lee")
    phone.log_out()
    world.settle()
    if release(hardware.find(model)) < (2, 5):
        phone.power_cycle()
        world.settle()
    assert (phone.registered, phone.screen.prompt is not None) == (False, True)


UNKNOWN = [
    ("t46s", r"Is it yealink-t46s\?"),
    ("mitel-6920", r"Is it aastra-6920\?"),
    ("yealink-t46x", r"Is it .*yealink-t46s"),
    (
        "nokia-3310",
        "Say one such as yealink-t46s or aastra-6867i; there are 107, of the series yealink-t1x",
    ),
]


@pytest.mark.parametrize(("name", "told"), UNKNOWN)
def test_an_unknown_model_is_told_the_nearest_or_the_series(name, told):
    with pytest.raises(hardware.UnknownModel, match=told):
        hardware.find(name)
