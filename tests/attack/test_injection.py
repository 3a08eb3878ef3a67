"""What people type into any field comes out of a phone's file as one value, and nothing more: driven over HTTP, read as
lines by nobody's parser but a splitter."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from aiohttp import encode_basic_auth

from tests.api.conftest import ACME, Api

EVIL = (
    "x\naccount.1.password = owned",
    "x\r\nsip line1 password: owned",
    "x\rsecurity.user_password = admin:owned",
    "x\u2028account.1.enable = 0",
    "x\u0085sip proxy ip: evil.example",
    "x\x0b\x0caccount.1.enable = 0",
    "x\0y",
    "#!version:1.0.0.1",
    "[ account ]",
    "# comment",
    "a = b",
    "a: b",
    '"quoted" and \\"not\\"',
    "%NULL%",
    "$MAC {{ 7*7 }} {% raw %} ${x} `id` $(id)",
    "</Text><SoftKey index='1'><URI>http://evil.example</URI></SoftKey>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "]]>",
    "\u202egnirts\u202c",
    "😀" * 20,
    "x" * 200,
)
YEALINK, AASTRA = "805ec0112233", "00085d1610de"


async def office(api: Api) -> None:
    await api.made("/accounts", {"id": "acme", "name": "Acme", "platform": "piston"})
    await api.made(
        f"{ACME}/users", {"extension": "204", "first_name": "Ann", "last_name": "Lee", "voicemail_pin": "4711"}
    )
    await api.made(f"{ACME}/users", {"extension": "205", "first_name": "Bob", "last_name": "Ray"})
    await api.made(f"{ACME}/devices", {"model": "yealink-t46s", "mac": YEALINK, "owner": "204"})
    await api.made(f"{ACME}/devices", {"model": "aastra-6731i", "mac": AASTRA})
    await api.made(f"{ACME}/blf-keys", {"device": YEALINK, "position": 2, "user": "205"})


async def fetched(api: Api, mac: str, file: str) -> Any:
    staging = (await api.get(f"{ACME}/devices/{mac}/staging")).json
    auth = encode_basic_auth(staging["username"], staging["password"])
    path = "//" + staging["url"].split("/", 3)[3] + file
    answer = await api.get(path, Authorization=auth)
    assert answer == 200, answer
    return answer


def keys(text: str, sign: str) -> list[str]:
    """The keys of a file, line by line as the widest reader splits them."""
    lines = [line for line in re.split(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text) if line and line[0] != "#"]
    return [line.partition(sign)[0].strip() for line in lines]


async def files(api: Api) -> list[list[str]]:
    """The keys of both phones' own files; at the Aastra, after a log-in."""
    page = await fetched(api, AASTRA, "xml/login?user=204&password=4711&override=1")
    Xml.fromstring(page.body)
    own = (await fetched(api, YEALINK, f"{YEALINK}.cfg")).body.decode()
    desk = (await fetched(api, AASTRA, f"{AASTRA.upper()}.cfg")).body.decode()
    common = (await fetched(api, AASTRA, "aastra.cfg")).body.decode()
    for text in (own, desk, common):
        assert "\0" not in text
    return [keys(own, "="), keys(desk, ":"), keys(common, ":")]


FIELDS: tuple[tuple[str, str, str], ...] = (
    (f"{ACME}/users/204", "first_name", ""),
    (f"{ACME}/users/204", "last_name", ""),
    (f"{ACME}/users/205", "first_name", ""),
    (f"{ACME}/devices/{YEALINK}", "name", ""),
    (f"{ACME}/devices/{AASTRA}", "name", ""),
    (ACME, "name", ""),
    (ACME, "timezone", ""),
    (f"{ACME}/devices/{YEALINK}", "settings", "account.1.label"),
    (f"{ACME}/blf-keys/b", "label", ""),
)


@pytest.mark.parametrize(("path", "field", "key"), FIELDS, ids=lambda value: str(value))
async def test_a_field_is_one_value(bare: Api, path: str, field: str, key: str) -> None:
    await office(bare)
    path = path.replace("/blf-keys/b", "/blf-keys/" + (await bare.get(f"{ACME}/blf-keys"))["items"][0]["id"])
    before = await files(bare)
    taken = 0
    for evil in EVIL:
        value: Any = {"yealink": {key: evil}} if key else evil
        answer = await bare.patch(path, {field: value})
        assert answer.status in (200, 422), answer
        taken += answer == 200
        after = await files(bare)
        assert after == before, f"{evil!r} in {field}"
    assert taken >= 3 or field == "timezone", "the field takes text: something was tried"


async def test_what_a_phone_uploads_is_its_own(bare: Api) -> None:
    """It comes back as bytes, to that phone alone, and is part of no other file."""
    await office(bare)
    before = await files(bare)
    staging = (await bare.get(f"{ACME}/devices/{YEALINK}/staging")).json
    auth = encode_basic_auth(staging["username"], staging["password"])
    path = "//" + staging["url"].split("/", 3)[3] + f"{YEALINK}-local.cfg"
    body = "\n".join(EVIL).encode()
    assert await bare.put(path, data=body, Authorization=auth) == 201
    answer = await bare.get(path, Authorization=auth)
    assert (answer.body, answer.headers["Content-Type"]) == (body, "text/plain; charset=utf-8")
    assert await files(bare) == before
