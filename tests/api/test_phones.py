"""Emulated phones over HTTP: what a person does with them, and what they show."""

from __future__ import annotations

import json

import pytest

from tests.api.conftest import ACME, Api

PHONE = "/phones/80:5e:c0:11:22:33"
LOBBY = "/phones/00085d1610de"


async def test_a_phone_on_a_desk(api: Api) -> None:
    made = await api.post("/phones", {"device": "acme/805ec0112233"})
    assert (made, made.headers["Location"]) == (201, "/api/v1/phones/805ec0112233")
    dark = made.json
    assert (dark["phase"], dark["powered"], dark["registered"], dark["keys"]) == ("off", False, False, [])
    assert dark["screen"] == {
        "on": False,
        "label": "",
        "lines": [],
        "message": "",
        "prompt": None,
        "soft_keys": [],
        "rows": [],
        "call": None,
        "title": "",
        "text": "",
    }
    assert dark["lamps"] == {"message": "off"}
    booting = await api.post(f"{PHONE}/power", {"on": True})
    assert (booting, booting["phase"], booting["busy"]) == (200, "booting", True)
    await api.settle()
    idle = (await api.get(PHONE)).json
    assert (idle["mac"], idle["model"], idle["phase"]) == ("80:5e:c0:11:22:33", "yealink-t46s", "idle")
    assert (idle["registered"], idle["busy"]) == (True, False)
    assert idle["screen"]["label"] == "John Smith"
    assert idle["screen"]["lines"] == [{"label": "John Smith", "state": "registered"}]
    assert idle["screen"]["text"].startswith("John Smith")
    assert idle["settings"]["account.1.label"] == "John Smith"
    assert idle["settings"]["account.1.password"] == "********"
    assert not [secret for secret in api.engine.main.world.pbx.secrets.values() if secret in json.dumps(idle)]
    assert await api.delete(PHONE) == 204
    assert await api.get(PHONE) == 404


async def test_power(api: Api) -> None:
    """A cut un-registers nothing; a cycle is both in one step."""
    await api.made("/phones", {"device": "acme/805ec0112233"})
    await api.post(f"{PHONE}/power", {"on": True})
    await api.settle()
    await api.patch(f"{ACME}/users/1002", {"first_name": "Jane"})
    cycled = await api.post(f"{PHONE}/power", {"cycle": True})
    assert (cycled, cycled["phase"]) == (200, "booting")
    await api.settle()
    assert (await api.get(PHONE))["screen"]["label"] == "Jane Smith"
    off = await api.post(f"{PHONE}/power", {"on": False})
    assert (off["phase"], off["screen"]["on"]) == ("off", False)
    assert [login["kind"] for login in (await api.get(f"{ACME}/users/1002/logins"))["items"]] == ["registration"]
    assert await api.post("/phones", {"model": "yealink-t46s", "mac": "805ec0000002"}) == 201
    for body in ({"on": True}, {"cycle": True}):
        assert await api.post("/phones/805ec0000002/power", body, X_Pbxsim_Actor="user:acme/1002") == 403
        assert await api.post(f"{PHONE}/power", body, X_Pbxsim_Actor="user:acme/1002") == 200
    for body in ({}, {"cycle": False}, {"on": True, "cycle": True}, {"on": "yes"}, {"off": True}, {"on": None}):
        assert await api.post(f"{PHONE}/power", body) == 422, body


async def test_the_network_cable(api: Api) -> None:
    """The phone keeps its power, and says on its screen that nobody reaches it."""
    await api.made("/phones", {"device": "acme/805ec0112233"})
    await api.post(f"{PHONE}/power", {"on": True})
    await api.settle()
    out = await api.post(f"{PHONE}/cable", {"on": False})
    assert (out, out["powered"], out["connected"], out["screen"]["message"]) == (
        200,
        True,
        False,
        "Network unavailable",
    )
    assert (await api.post(f"{PHONE}/web", {"path": "/"}))["status"] == 0
    back = await api.post(f"{PHONE}/cable", {"on": True}, X_Pbxsim_Actor="user:acme/1002")
    assert (back, back["connected"]) == (200, True)
    await api.settle()
    assert (await api.get(PHONE))["registered"]
    for body in ({}, {"on": "yes"}, {"on": None}, {"on": True, "cycle": True}):
        assert await api.post(f"{PHONE}/cable", body) == 422, body


async def test_a_factory_reset_and_an_installer(api: Api) -> None:
    """J3: it un-registers, and stays at "No server" until it is staged again."""
    await api.made("/phones", {"device": "acme/805ec0112233"})
    await api.post(f"{PHONE}/power", {"on": True})
    await api.settle()
    assert await api.post(f"{PHONE}/factory-reset") == 200
    await api.settle()
    shown = (await api.get(PHONE)).json
    assert (shown["phase"], shown["screen"]["message"]) == ("no-server", "No server")
    assert (await api.get(f"{ACME}/users/1002/logins"))["items"] == []
    assert await api.post(f"{PHONE}/stage", {"device": "acme/80:5e:c0:11:22:33"}) == 200
    await api.post(f"{PHONE}/power", {"cycle": True})
    await api.settle()
    await api.shows(PHONE, registered=True)


async def test_a_bare_phone_and_another_server(api: Api) -> None:
    await api.made("/phones", {"model": "yealink-t46s", "mac": "80:5e:c0:00:00:02"})
    path = "/phones/805ec0000002"
    staged = {"url": "http://elsewhere.example/p", "user": "joe", "password": "hunter2"}
    answer = await api.post(f"{path}/stage", staged)
    assert answer == 200
    assert "hunter2" not in answer.body.decode()
    refused = await api.post(f"{path}/stage", {"url": 7, "user": 8, "username": "x"})
    assert [fault["pointer"] for fault in refused["errors"]] == ["/username", "/url", "/user"]
    assert await api.post(f"{path}/stage", {"url": "ftp://x/"}) == 422


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"device": "acme/d99"}, 422),
        ({"device": "nobody/805ec0112233"}, 422),
        ({"device": "805ec0112233"}, 422),
        ({"device": 7}, 422),
        ({"model": "yealink-t46s"}, 422),
        ({"model": "none", "mac": "805ec0000002"}, 422),
        ({"mac": "x", "model": "yealink-t46s", "colour": "red"}, 422),
    ],
)
async def test_phones_that_cannot_be(api: Api, body: object, status: int) -> None:
    assert await api.post("/phones", body) == status


async def test_there_is_one_phone_with_a_mac(api: Api) -> None:
    await api.made("/phones", {"device": "acme/805ec0112233"})
    refused = await api.post("/phones", {"device": "acme/805ec0112233"})
    assert (refused, refused["rule"]) == (409, "pbx.phone.taken")


async def lobby(bare: Api) -> None:
    """An Aastra that somebody may log in at, on PISTON."""
    await bare.made("/accounts", {"id": "acme", "name": "Acme", "platform": "piston"})
    await bare.made(
        f"{ACME}/users", {"extension": "204", "first_name": "Ann", "last_name": "Lee", "voicemail_pin": "4711"}
    )
    await bare.made(f"{ACME}/devices", {"model": "aastra-6731i", "mac": "00085d1610de"})
    await bare.made("/phones", {"device": "acme/00085d1610de"})
    await bare.post(f"{LOBBY}/power", {"on": True})
    await bare.settle()


async def test_somebody_logs_in_and_out_at_a_phone(bare: Api) -> None:
    """P12, with a wrong PIN first: it is no error, the screen says so."""
    await lobby(bare)
    prompt = (await bare.get(LOBBY))["screen"]["prompt"]
    assert prompt["fields"] == ["Extension", "Password"]
    assert await bare.post(f"{LOBBY}/login", {"extension": "204", "pin": "0000"}) == 200
    await bare.settle()
    assert "Wrong credentials" in (await bare.get(LOBBY))["screen"]["message"]
    assert await bare.post(f"{LOBBY}/press", {"key": "Retry"}) == 200
    await bare.settle()
    assert await bare.post(f"{LOBBY}/login", {"extension": "204", "pin": "4711"}) == 200
    await bare.settle()
    shown = (await bare.get(LOBBY)).json
    assert shown["screen"]["label"] == "Ann Lee"
    assert "Log Out" in [key["label"] for key in shown["keys"]]
    assert {login["kind"] for login in (await bare.get(f"{ACME}/users/204/logins"))["items"]} == {"hotdesk"}
    file = await bare.get(f"{ACME}/devices/00085d1610de/preview/00085D1610DE.cfg")
    assert file["mode"] == "at_login"
    assert await bare.post(f"{LOBBY}/logout") == 200
    await bare.settle()
    assert (await bare.get(LOBBY))["screen"]["prompt"] == prompt


async def test_a_phone_that_asks_nothing_is_not_ready(api: Api) -> None:
    """409, with the screen's text."""
    await api.made("/phones", {"device": "acme/805ec0112233"})
    await api.post(f"{PHONE}/power", {"on": True})
    await api.settle()
    refused = await api.post(f"{PHONE}/login", {"extension": "1002", "pin": "4711"})
    assert (refused, refused["code"]) == (409, "not-ready")
    assert "John Smith" in refused["screen"]
    assert await api.post(f"{PHONE}/logout") == 409
    assert await api.post(f"{PHONE}/login", {"extension": "1002"}) == 422
    pressed = await api.post(f"{PHONE}/press", {"key": "no such key"})
    assert pressed == 422
    assert "there are Auto Provision Now, " in pressed.json["errors"][0]["message"]
