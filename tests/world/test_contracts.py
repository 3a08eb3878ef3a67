"""The three programs meet on the wire only: their messages have the same fields, their models are the same hardware."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode

import pytest

import device_emulator.messages as phone_side
import pbxsim
import provisioning.messages as server_side
from pbxsim.core import registrar


@pytest.mark.parametrize("name", ["SipRequest", "SipReply", "SipCredentials"])
def test_phone_and_registrar_mean_the_same_by_a_sip_message(name):
    theirs, ours = getattr(phone_side, name), getattr(registrar, name)
    assert theirs.__struct_fields__ == ours.__struct_fields__
    assert theirs.__struct_defaults__ == ours.__struct_defaults__


def test_phone_and_provisioning_mean_the_same_by_a_request_and_a_reply():
    request, reply = phone_side.HttpRequest.__struct_fields__, phone_side.HttpReply.__struct_fields__
    assert request == ("id", *server_side.Request.__struct_fields__)
    assert reply == ("id", *server_side.Response.__struct_fields__, "certificate")  # what TLS says, not the server


def test_commands_press_the_keys_that_a_call_has():
    from device_emulator.phone import calls
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
