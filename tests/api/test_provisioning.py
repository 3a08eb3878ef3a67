"""Configurations over real HTTP: an emulated phone boots against the server, with digest, in main and in a fork."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import encode_basic_auth
from yarl import URL

from device_emulator import models
from device_emulator.trial import runner
from pbxsim.core.refusals import Unavailable
from tests.api.conftest import ACME, Answer, Api

T46S = models.find("yealink-t46s")
MAC = "805ec0112233"


def staged(api: Api, world: str = "main", mac: str = MAC) -> tuple[str, str, str]:
    """Where an installer points a phone, and the credentials he enters."""
    acme = api.engine.world(world).world.accounts["acme"]
    device = acme.devices[mac]
    prefix = "" if world == "main" else f"/w/{world}"
    url = str(api.client.make_url(f"{prefix}/provision/{acme.key}/"))
    return url, mac, api.engine.world(world).world.pbx.secrets[device.id, "provisioning"]


async def test_a_phone_boots_over_http(api: Api) -> None:
    report = await runner.boot(T46S, MAC, *staged(api))
    assert report.fetched
    assert report.screen.label == "John Smith"
    assert report.registrations == (f"sip:{(await api.get(f'{ACME}/devices/{MAC}'))['id']}@acme.pbx.example",)
    assert [exchange.status for exchange in report.exchanges].count(401) == 1
    files = [item["file"] for item in (await api.get(f"{ACME}/devices/{MAC}/provisioning"))["items"]]
    assert sorted(files) == [f"{MAC}.cfg", "y000000000066.cfg"]


async def test_a_real_phone_in_a_fork(api: Api) -> None:
    """It gets that world's name, and main hears nothing of it."""
    await api.made("/worlds", {"id": "try"})
    await api.patch(f"{ACME}/users/1002", {"first_name": "Jane"}, world="try")
    report = await runner.boot(T46S, MAC, *staged(api, "try"))
    assert report.screen.label == "Jane Smith"
    assert (await api.get(f"{ACME}/devices/{MAC}/provisioning"))["items"] == []
    assert len((await api.get(f"{ACME}/devices/{MAC}/provisioning", world="try"))["items"]) == 2


async def test_a_wrong_password_gets_nothing(api: Api) -> None:
    url, user, _ = staged(api)
    report = await runner.boot(T46S, MAC, url, user, "wrong")
    assert not report.fetched
    assert api.engine.main.world.state.misses


async def basic(api: Api, method: str, name: str, *, world: str = "main", mac: str = MAC, **more: Any) -> Answer:
    """One request with Basic credentials, as some phones send them."""
    url, user, secret = staged(api, world, mac)
    return await api(method, "/" + URL(url).path + name, Authorization=encode_basic_auth(user, secret), **more)


async def test_a_file_as_a_phone_fetches_it(api: Api) -> None:
    """ETag and 304, no compression, no charset games, HEAD without a body; the API's token opens nothing here."""
    got = await basic(api, "GET", f"{MAC}.cfg", Accept_Encoding="gzip")
    assert got == 200
    assert got.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Content-Encoding" not in got.headers
    assert b"account.1.label = John Smith\n" in got.body
    same = await basic(api, "GET", f"{MAC}.cfg", If_None_Match=got.headers["ETag"])
    assert (same, same.body) == (304, b"")
    head = await basic(api, "HEAD", f"{MAC}.cfg")
    assert (head.headers["Content-Length"], head.body) == (str(len(got.body)), b"")
    assert await basic(api, "GET", "other.cfg") == 404
    assert await basic(api, "POST", f"{MAC}.cfg") == 405
    assert await api.get("/" + URL(staged(api)[0]).path + f"{MAC}.cfg") == 401


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PROPFIND"])
@pytest.mark.parametrize(
    "path", ["", "x", "key/", "key/805ec0112233.cfg", "%ff/%00", "key/xml/login?user=1&password=2"]
)
async def test_one_answer_to_whoever_proves_nothing(api: Api, method: str, path: str) -> None:
    """Whatever the path, its account and its method: the same 401 but for the nonce."""
    answer = await api(method, f"//provision/{path}", Authorization=None)
    assert answer == 401
    digest, basic_ = answer.headers.getall("WWW-Authenticate")
    assert (digest.split()[0], basic_.split()[0]) == ("Digest", "Basic")
    assert answer.body in (b"Credentials are needed.\n", b"")


async def test_a_store_that_cannot_commit(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone tries again later; it is not told a lie."""

    async def fails(*_: Any) -> None:
        raise Unavailable

    monkeypatch.setattr(type(api.engine), "provision", fails)
    assert await basic(api, "GET", f"{MAC}.cfg") == 503


async def test_what_a_phone_uploads(api: Api) -> None:
    name = f"{MAC}-local.cfg"
    assert await basic(api, "GET", name) == 404
    assert await basic(api, "PUT", name, data=b"a = b\n") == 201
    assert (await basic(api, "GET", name)).body == b"a = b\n"
    assert await basic(api, "PUT", name, data=b"x" * (256 * 1024 + 1)) == 413
    assert await basic(api, "PUT", name, data=b"x" * 256 * 1024) == 204


async def test_a_log_in_at_a_real_phone_is_known_when_the_page_is(bare: Api) -> None:
    """P12 over HTTP: the page with the name is the answer to a command, and the command is done."""
    await bare.made("/accounts", {"id": "acme", "name": "Acme", "platform": "piston"})
    await bare.made(f"{ACME}/users", {"extension": "204", "first_name": "Ann", "voicemail_pin": "4711"})
    device = await bare.made(f"{ACME}/devices", {"model": "aastra-6731i", "mac": "00085d1610de"})
    world = bare.engine.main.world
    auth = encode_basic_auth("00085d1610de", world.pbx.secrets[device["id"], "provisioning"])
    pages = f"//provision/{world.accounts['acme'].key}/xml"
    wrong = await bare.get(f"{pages}/login?user=204&password=0000", Authorization=auth)
    assert b"Wrong credentials" in wrong.body
    right = await bare.get(f"{pages}/login?user=204&password=4711", Authorization=auth)
    assert right.headers["Content-Type"].startswith("text/xml")
    assert b"Ann" in right.body
    (login,) = (await bare.get(f"{ACME}/users/204/logins"))["items"]
    assert (login["kind"], login["name"]) == ("hotdesk", "Aastra 6731i 00:08:5d:16:10:de")
    assert await bare.get(f"{pages}/logout", Authorization=auth) == 200
    assert (await bare.get(f"{ACME}/users/204/logins"))["items"] == []


@pytest.mark.parametrize("world", ["main", "try"])
async def test_what_a_phone_is_told_leads_back_to_its_world(bare: Api, world: str) -> None:
    """The addresses in a file are those under which this phone has reached this server."""
    await bare.made("/accounts", {"id": "acme", "name": "Acme", "platform": "piston"})
    await bare.made(f"{ACME}/devices", {"model": "aastra-6731i", "mac": "00085d1610de"})
    await bare.made("/worlds", {"id": "try"})
    url, _, _ = staged(bare, world, "00085d1610de")
    got = await basic(bare, "GET", "aastra.cfg", world=world, mac="00085d1610de")
    assert f"action uri startup: {url}xml/startup\n" in got.body.decode()
