"""The three programs meet on the wire only: their messages have the same fields, their models are the same hardware."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode

import pytest

import device_emulator.messages as phone_side
import device_emulator.models
import pbxsim
import provisioning.messages as server_side
import provisioning.models
from device_emulator.firmware import of
from pbxsim.core import registrar
from provisioning.vendors import VENDORS


@pytest.mark.parametrize("name", ["SipRequest", "SipReply", "SipCredentials"])
def test_phone_and_registrar_mean_the_same_by_a_sip_message(name):
    theirs, ours = getattr(phone_side, name), getattr(registrar, name)
    assert theirs.__struct_fields__ == ours.__struct_fields__
    assert theirs.__struct_defaults__ == ours.__struct_defaults__


def test_phone_and_provisioning_mean_the_same_by_a_request_and_a_reply():
    request, reply = phone_side.HttpRequest.__struct_fields__, phone_side.HttpReply.__struct_fields__
    assert request == ("id", *server_side.Request.__struct_fields__)
    assert reply == ("id", *server_side.Response.__struct_fields__)


def test_server_and_hardware_know_the_same_models():
    theirs = {model.name: model for model in device_emulator.models.MODELS}
    ours = {model.name: model for model in provisioning.models.MODELS}
    assert set(theirs) == set(ours)
    for name, hardware in theirs.items():
        believed = ours[name]
        assert (believed.vendor, believed.product) == (hardware.vendor, hardware.product)
        assert believed.lines == hardware.lines
        assert dict(hardware.keys)[believed.key] == believed.keys
        if hardware.vendor == "yealink":  # Aastra's common file is one for all; the hardware's part is its <model>.cfg
            assert believed.common == f"y000000000{hardware.common}.cfg"


@pytest.mark.parametrize("model", [model.name for model in device_emulator.models.MODELS])
def test_the_server_recognises_the_phone_by_its_user_agent(model):
    from provisioning.user_agents import recognise

    hardware = device_emulator.models.find(model)
    agent = recognise(of(hardware).user_agent(hardware, "805ec0112233"))
    assert agent.mac == "805ec0112233"
    assert agent.brand == hardware.vendor
    assert agent.version == hardware.version


@pytest.mark.parametrize("model", [model.name for model in device_emulator.models.MODELS])
def test_the_server_has_the_file_that_the_phone_will_ask_for(world, model):
    account = world.accounts.add("acme", platform="jet")
    user = account.users.add("1002", first_name="John", last_name="Smith")
    phone = world.phones.add(account.devices.add(model=model, mac="80:5e:c0:11:22:33", owner=user))
    phone.power_on()
    world.settle()
    assert phone.registered
    assert phone.screen.label == "John Smith"
    believed = provisioning.models.find(model)
    own = VENDORS[believed.vendor].own_file("805ec0112233")
    assert own in {name for _, name in world.state.downloads}


def test_commands_press_the_keys_that_a_call_has():
    from device_emulator import calls
    from pbxsim.core import commands, fields

    assert {commands.ANSWER, commands.REJECT, commands.END_CALL} <= set(calls.KEYS)
    assert calls.DIGITS == fields._KEYPAD


def test_importing_pbxsim_loads_nothing_heavy():
    heavy = ("aiohttp", "asyncio", "jinja2", "sqlite3", "phonenumbers", "yaml", "typer", "rich", "zoneinfo")
    script = f"import sys, pbxsim; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_all_is_the_public_surface():
    public = {name for name in vars(pbxsim) if not name.startswith("_")}
    modules = {name for name in public if type(getattr(pbxsim, name)).__name__ == "module"}
    assert public - modules - {"annotations"} == set(pbxsim.__all__)


def test_what_is_remembered_of_plans_does_not_grow_with_what_is_asked(world):
    from provisioning.messages import Request

    account = world.accounts.add("acme", platform="jet")
    device = account.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33")
    guess = "Basic " + b64encode(f"{device.mac}:wrong".encode()).decode()
    asked = Request("GET", f"/provision/{account.key}/x.cfg", (("Authorization", guess),))
    for port in range(1, 500):
        assert world.provision(asked, f"http://127.0.0.1:{port}").status == 401
    assert len(world.nature.planned) == 1
