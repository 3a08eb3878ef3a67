"""A canary in every secret that a world can hold; then everything that comes out is searched for one.

What a few paths are there to show (an installer's credentials, a mail's link, a code that is a picture) is named here,
and is nowhere else.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import zlib
from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer

from pbxsim import portal
from pbxsim.server.auth import token_hash
from pbxsim.server.engine import Engine
from pbxsim.server.routes import BASE, routes
from tests.api.conftest import ACME, ORIGIN, TOKEN, Api

CANARY = "kanarie"  # in every secret that somebody chooses
PIN = "918273"
FORM = b64encode(CANARY.encode()).decode()[:8]
SETTINGS = {
    "yealink": {
        "account.1.password": f"{CANARY}-set-1",
        "static.wifi.1.password": f"{CANARY}-set-2",
        "network.wpa_psk": f"{CANARY}-set-3",
        "security.client_secret": f"{CANARY}-set-4",
        "static.auto_provision.aes_key.com": f"{CANARY}-set-5",
        "static.auto_provision.server.url": f"http://u:{CANARY}-set-6@files.example/",
        "remote_phonebook.data.1.url": f"https://book:{CANARY}-set-7@files.example/b.xml",
    }
}
WANTED = {"model": "yealink-t46s", "mac": "805ec0112299", "settings": SETTINGS}
SIGNING = f"whsec_{b64encode(CANARY.encode() * 6).decode()}"
URL = f"http://installer:{CANARY}-url@files.example/cfg/"
MAC, SECOND, BARE = "805ec0112233", "805ec0112234", "805ec0112235"
JOHN, DEVICE = f"{ACME}/users/1002", f"{ACME}/devices/{MAC}"


class Found:
    """All that has come out, and what of it must not have: text -> where it was."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {CANARY: "chosen by somebody", PIN: "a PIN", FORM: "credentials in Base64"}
        self.secrets[SIGNING.removeprefix("whsec_")] = "a webhook's secret"
        self.looked_at: list[str] = []

    def look(self, where: str, text: str | bytes, but: tuple[str, ...] = ()) -> None:
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        self.looked_at.append(where)
        there = [kind for secret, kind in self.secrets.items() if secret and secret in said and kind not in but]
        assert not there, f"{where} tells {', '.join(there)}: {said[:3000]}"


@pytest.fixture
async def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that anybody logs, down to debug: it is searched as well."""
    caplog.set_level(logging.DEBUG)
    for name in ("pbxsim", "pbxsim.server", "aiohttp", "aiosqlite", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    return caplog


async def planted(api: Api, found: Found) -> None:
    """Fill a world with secrets of every kind, and note those that it made itself."""
    bodies: list[tuple[str, str, Any]] = [
        ("POST", "/accounts", {"id": "acme", "name": "Acme", "platform": "netsapiens", "settings": SETTINGS}),
        (
            "POST",
            f"{ACME}/users",
            {"extension": "1002", "first_name": "John", "email": "john@acme.example"}
            | {"password": f"{CANARY}-password", "voicemail_pin": PIN},
        ),
        ("POST", f"{ACME}/users", {"extension": "1001", "email": "ann@acme.example", "voicemail_pin": PIN}),
        ("POST", f"{ACME}/devices", {"model": "yealink-t46s", "mac": MAC, "owner": "1002", "settings": SETTINGS}),
        ("POST", f"{ACME}/devices", {"model": "aastra-6731i", "mac": SECOND, "owner": "1001"}),
        ("POST", f"{ACME}/mailboxes", {"number": "2000", "name": "Sales", "pin": PIN}),
        ("POST", "/phones", {"device": f"acme/{MAC}"}),
        ("POST", "/phones", {"device": f"acme/{SECOND}"}),
        ("POST", "/phones", {"model": "yealink-t46s", "mac": BARE}),
        ("POST", f"/phones/{BARE}/stage", {"url": URL, "user": "installer", "password": f"{CANARY}-staged"}),
        ("POST", f"/phones/{BARE}/connect", {"offers": {"66": URL}}),
        ("PUT", "/network", {"offers": {"66": URL}}),
        ("PUT", f"/redirects/{BARE}", {"url": URL}),
        ("PUT", f"/redirects/{MAC}", {"device": f"acme/{MAC}"}),
        ("POST", f"/phones/{MAC}/power", {"on": True}),
        ("POST", f"/phones/{SECOND}/power", {"on": True}),
        ("POST", "/clock", {"settle": True}),
        ("POST", f"{JOHN}/apps", {"password": f"{CANARY}-password"}),
        ("POST", f"{ACME}/mailboxes/1002/log-in", {"pin": PIN, "new_pin": PIN}),
        ("POST", f"{JOHN}/recovery-email", {}),
        ("POST", f"{ACME}/users/1001/welcome-email", {}),
        ("POST", f"{ACME}/calls", {"from": "+61400000000", "to": "1001", "ring": True, "digits": PIN}),
        ("POST", "/clock", {"advance": "PT2M"}),
        ("POST", "/accounts", {"id": "portal", "name": "Portal", "platform": "customer-portal"}),
        ("POST", "/accounts/portal/requests", {"kind": "add-device", "wanted": WANTED}),
        ("POST", f"{ACME}/users/bulk", {"action": "welcome-email", "users": ["1001"]}),
        ("POST", "/webhooks", {"url": "https://example.com/x", "secret": SIGNING}),
        ("PATCH", JOHN, {"password": f"{CANARY}-password-2"}),
        ("PATCH", DEVICE, {"settings": {"yealink": {"account.1.password": f"{CANARY}-set-8"}}}),
        ("PATCH", ACME, {"settings": {"yealink": {"network.wpa_psk": f"{CANARY}-set-9"}}}),
        ("POST", f"{JOHN}/force-password-reset", {}),
        ("PATCH", JOHN, {"password": f"{CANARY}-password"}),
        ("POST", "/tokens", {"login": "1002@acme", "password": f"{CANARY}-password"}),
        ("POST", "/tokens", {"actor": "user:acme/1001"}),
    ]
    refused: list[Any] = []
    for method, path, body in bodies:
        tried = await api(method, f"{path}?dry_run=true", body)
        found.look(f"trying {method} {path}", tried.body)
        answer = await api(method, path, body)
        assert answer.status < 500, (path, answer)
        refused += [(method, path, answer)] * (answer.status >= 400)
        if path == "/tokens":
            found.secrets[answer["token"].split("_", 2)[2]] = "a token"
        else:
            found.look(f"{method} {path}", answer.body)
    assert not refused, "planting was refused: the canaries are not there: " + "\n".join(map(str, refused))
    picture = await api.get(f"{JOHN}/setup-code.svg?app=mobile")
    assert picture == 200
    found.secrets[TOKEN] = "the operator's token"
    state = api.engine.main.world.pbx
    for (id_, purpose), secret in state.secrets.items():
        found.secrets[secret.rpartition(":")[2]] = f"{purpose} of {id_}"
    assert {purpose for _, purpose in state.secrets} >= {"password", "invitation", "pin", "sip", "provisioning"}
    found.secrets[api.engine.main.world.nature.key.hex()] = "the world's key"
    for mail in (await api.get(f"{ACME}/outbox"))["items"]:
        for code in re.findall(r"code=([^\s&]+)", mail["body"]):
            found.secrets[code] = "an invitation's code"
    assert "an invitation's code" in found.secrets.values()


# What shows a secret because it is there for that, and which.
SHOWN: dict[str, str] = {
    "/accounts/{account}/outbox": "an invitation's code",
    "/accounts/{account}/outbox/{mail}": "an invitation's code",
    "/accounts/{account}/devices/{device}/staging": "provisioning of {device}",
}


async def places(api: Api) -> dict[str, list[str]]:
    """Everything real for every name in a path."""

    async def ids(path: str, key: str = "id") -> list[str]:
        answer = await api.get(path)
        assert answer == 200, answer
        return [str(one[key]) for one in answer["items"]]

    state = api.engine.main.world.pbx
    return {
        "account": ["acme", "portal"],
        "user": await ids(f"{ACME}/users"),
        "device": await ids(f"{ACME}/devices"),
        "mailbox": await ids(f"{ACME}/mailboxes"),
        "message": [id_ for id_ in state.entities if id_.startswith("v")][:3] or ["none"],
        "mail": await ids(f"{ACME}/outbox"),
        "job": await ids(f"{ACME}/jobs"),
        "request": await ids("/accounts/portal/requests"),
        "cdr": await ids(f"{ACME}/cdrs") or ["none"],
        "call": await ids(f"{ACME}/cdrs") or ["none"],
        "phone": [MAC, SECOND, BARE],
        "token": await ids("/tokens"),
        "webhook": await ids("/webhooks") or ["none"],
        "world": ["main"],
        "file": [f"{MAC}.cfg", "y000000000028.cfg", f"{SECOND.upper()}.cfg", "aastra.cfg"],
        "rule": ["pbx.role"],
    }


async def test_no_answer_tells_a_secret(bare: Api, logged: pytest.LogCaptureFixture) -> None:
    found = Found()
    await planted(bare, found)
    there = await places(bare)
    for route in routes():
        path = route.path.removeprefix(BASE)
        if route.method != "GET" or path == "/events":
            continue
        for filled in _filled(path, there):
            allowed = tuple(SHOWN.get(path, "").replace("{device}", device) for device in there["device"])
            query = "?app=mobile" if path.endswith(".svg") and "setup" in path else ""
            answer = await bare.get(filled + query)
            assert answer.status < 500, filled
            if path == "/worlds/{world}/snapshot":
                found.look(f"GET {filled}", inflated(answer.body))
            else:
                found.look(f"GET {filled}", answer.body, allowed)
                found.look(f"headers of GET {filled}", repr(answer.headers), allowed)
        assert await bare.get("//nothing" + path) == 404
    for path in ("//healthz", "//readyz", "//metrics", "//", "//login", f"//{TOKEN[:5]}"):
        found.look(path, (await bare.get(path, Authorization=None)).body)
    found.look("history", repr(bare.engine.main.world.history))
    await _events(bare, found)
    found.look("the log", _said(logged), ("the world's key",))
    assert len(found.looked_at) > 100


async def _events(api: Api, found: Found) -> None:
    """All that has happened since the beginning, as a reader gets it who comes late."""
    headers = {**api.headers, "Last-Event-ID": "0"}
    last = api.engine.main.world.state.recorded
    assert last > 30
    async with api.client.get("/api/v1/events", headers=headers) as response:
        text = ""
        while f"id: {last}\n" not in text:
            text += (await asyncio.wait_for(response.content.readany(), 10)).decode()
    found.look("events", text)


def _said(logged: pytest.LogCaptureFixture) -> str:
    """What stands in the log. aiohttp's access log is the test server's: `serve` and `demo` run without one."""
    return "\n".join(_everything(record) for record in logged.records if record.name != "aiohttp.access")


def _everything(record: logging.LogRecord) -> str:
    """A line of the log with whatever it carries."""
    try:
        message = record.getMessage()
    except Exception:
        message = f"{record.msg} {record.args!r}"
    shown = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
    return f"{message} {record.__dict__.get('args')!r} {shown}"


def inflated(body: bytes) -> bytes:
    """A snapshot as text: two lines, then rows that are deflated, then a digest."""
    magic, preface, rest = body.split(b"\n", 2)
    return b"\n".join((magic, preface, zlib.decompressobj().decompress(rest)))


async def test_a_snapshot_with_secrets_would_have_been_caught(bare: Api) -> None:
    """What is searched for is there to be found: the same search, of a file that is meant to hold them."""
    found = Found()
    await planted(bare, found)
    whole = inflated((await bare.get("/worlds/main/snapshot?secrets=true")).body)
    there = {kind for secret, kind in found.secrets.items() if secret.encode() in whole}
    kinds = {kind.partition(" of ")[0] for kind in there}
    assert kinds >= {"password", "pin", "sip", "provisioning", "invitation", "chosen by somebody", "the world's key"}
    with pytest.raises(AssertionError, match="tells"):
        found.look("a snapshot with secrets", whole)
    desk = (await bare.made("/tokens", {"actor": "service-desk"}))["token"]
    for query in ("", "?secrets=true"):
        assert await bare.get(f"/worlds/main/snapshot{query}", Authorization=f"Bearer {desk}") == 403


def _filled(path: str, there: dict[str, list[str]]) -> list[str]:
    filled = [path]
    for name in re.findall(r"\{(\w+)\}", path):
        values = there.get(name, ["none"])
        filled = [one.replace(f"{{{name}}}", quote(value, safe="")) for one in filled for value in values]
    return filled


# Bodies that are wrong, in the fields that hold secrets: what was typed is not said again.
WRONG: list[tuple[str, str, Any]] = [
    ("POST", f"{ACME}/users", {"extension": "x", "password": [CANARY], "voicemail_pin": CANARY}),
    ("POST", f"{ACME}/users", {"extension": "1009", "password": CANARY[:5], "voicemail_pin": f"{CANARY}1"}),
    ("POST", f"{ACME}/users", {"extension": "1009", "password": CANARY * 50}),
    ("PATCH", JOHN, {"password": {"a": CANARY}, "voicemail_pin": [PIN]}),
    ("PATCH", JOHN, {"password": f"{CANARY}\ud800"}),
    ("POST", f"{JOHN}/apps", {"password": {"x": CANARY}}),
    ("POST", f"{JOHN}/apps", {"password": f"{CANARY}-wrong"}),
    ("POST", f"{JOHN}/setup-code", {"app": "mobile", "code": f"{CANARY} {CANARY} {CANARY} {CANARY}"}),
    ("POST", f"{JOHN}/setup-code", {"app": "mobile", "code": f"{CANARY}\n"}),
    ("POST", f"{JOHN}/invitation", {"code": CANARY, "password": CANARY[:5]}),
    ("POST", f"{JOHN}/invitation", {"code": CANARY * 5, "password": CANARY}),
    ("POST", f"{ACME}/mailboxes/1002/log-in", {"pin": f"{PIN}1", "new_pin": CANARY}),
    ("POST", f"{ACME}/mailboxes/1002/log-in", {"pin": [PIN]}),
    ("POST", f"{ACME}/mailboxes", {"number": "x", "name": "n", "pin": CANARY}),
    ("POST", "/tokens", {"login": "1002@acme", "password": [CANARY]}),
    ("POST", "/tokens", {"login": "1002@acme", "password": f"{CANARY}-wrong"}),
    ("POST", "/tokens", {"login": "1002@acme", "password": CANARY, "actor": "operator"}),
    ("POST", f"/phones/{BARE}/stage", {"url": f"ftp://u:{CANARY}@x/", "user": "u", "password": CANARY}),
    ("POST", f"/phones/{BARE}/stage", {"url": f"http://u:{CANARY}@x y/", "user": "u", "password": [CANARY]}),
    ("POST", f"/phones/{BARE}/stage", {"url": f"u:{CANARY}@files.example", "user": "u\n", "password": f"{CANARY}\n"}),
    ("POST", f"/phones/{BARE}/connect", {"offers": {"66": f"ftp://u:{CANARY}@x/"}}),
    ("POST", f"/phones/{BARE}/connect", {"offers": {"66": f"//u:{CANARY}@x\n/"}}),
    ("PUT", "/network", {"offers": {"66": f"ftp://u:{CANARY}@x/\n"}}),
    ("PUT", "/network", {"offers": {"66": [f"http://u:{CANARY}@x/"]}}),
    ("PUT", f"/redirects/{MAC}", {"url": f"ftp://u:{CANARY}@x/"}),
    ("PUT", f"/redirects/{MAC}", {"url": f"http://u:{CANARY}@ x/"}),
    ("PATCH", DEVICE, {"settings": {"yealink": {"account.1.password": [CANARY]}}}),
    ("PATCH", DEVICE, {"settings": {"yealink": {"account.1.password": f"{CANARY}\n"}}}),
    ("PATCH", DEVICE, {"settings": {"nobody": {"account.1.password": CANARY}}}),
    ("PATCH", DEVICE, {"settings": {"yealink": {"account.1.password": CANARY * 2000}}}),
    ("PATCH", DEVICE, {"settings": {"yealink": {"auto_provision.server.url": f"http://u:{CANARY}@x\n/"}}}),
    ("POST", f"/phones/{MAC}/login", {"extension": "1002", "pin": [PIN]}),
    ("POST", f"/phones/{MAC}/login", {"extension": "1002", "pin": PIN}),
    ("POST", "/webhooks", {"url": f"ftp://u:{CANARY}@x/", "secret": CANARY}),
    ("POST", "/webhooks", {"url": f"http://u:{CANARY}@127.0.0.1/", "secret": CANARY * 10}),
    ("POST", "/webhooks", {"url": "http://127.0.0.1/", "secret": [CANARY]}),
]


async def test_no_problem_repeats_a_secret(bare: Api, logged: pytest.LogCaptureFixture) -> None:
    found = Found()
    await planted(bare, found)
    for method, path, body in WRONG:
        for way in ("", "?dry_run=true"):
            answer = await bare(method, path + way, body)
            assert answer.status < 500, (method, path, body, answer)
            found.look(f"{method} {path}{way} {str(body)[:80]}", answer.body)
    for route in routes():
        if route.method != "GET":
            path = _filled(route.path.removeprefix(BASE), {"account": ["acme"], "user": ["1002"], "phone": [MAC]})[0]
            cut = b'{"password": "' + CANARY.encode()
            for data in (cut, cut + b'", "password": ""}', b'["' + CANARY.encode() + b'"]', cut + b'", }'):
                answer = await bare(route.method, path, data=data, Content_Type="application/json")
                found.look(f"{route.method} {path} {data!r}", answer.body)
    found.look("history", repr(bare.engine.main.world.history))
    found.look("the log", _said(logged), ("the world's key",))


async def test_a_server_that_errs_tells_nobody_what(
    bare: Api, logged: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log has the traceback, and of the values what the program says itself: the body is not in it."""
    await bare.made("/accounts", {"id": "acme", "name": "Acme", "platform": "jet"})

    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("pbxsim.core.rules.users._seat_free", breaks)
    answer = await bare.post(
        f"{ACME}/users", {"extension": "1002", "password": f"{CANARY}-password", "voicemail_pin": PIN}
    )
    assert (answer, answer["code"]) == (500, "internal")
    found = Found()
    found.look("the answer", answer.body)
    said = _said(logged)
    assert "broken" in said
    found.look("the log", said)


# --- The page, and phones' own way in -----------------------------------------------------------------------------


@pytest.fixture
async def page() -> AsyncIterator[tuple[Api, TestClient[Any, Any]]]:
    engine = await Engine.open(None, origin=ORIGIN, clock="virtual")
    app = portal.make_app(engine, token_hash(TOKEN))
    client: TestClient[Any, Any] = TestClient(TestServer(app, host="127.0.0.1"), cookie_jar=CookieJar(unsafe=True))
    await client.start_server()
    yield Api(client, engine), client
    await client.close()
    await engine.close()


async def test_the_page_tells_none(page: tuple[Api, TestClient[Any, Any]]) -> None:
    api, client = page
    found = Found()
    await planted(api, found)
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with client.post("/login", data={"password": TOKEN}, headers=headers, allow_redirects=False) as response:
        assert response.status == 303
    for path in ("/", "/?account=acme", "/login", f"/{quote(CANARY[:3])}"):
        async with client.get(path, headers=headers | {"Accept": "text/html"}) as response:
            found.look(path, await response.text())


async def test_a_phone_gets_its_own_and_nothing_of_others(bare: Api, logged: pytest.LogCaptureFixture) -> None:
    found = Found()
    await planted(bare, found)
    devices = {one["mac"].replace(":", ""): one["id"] for one in (await bare.get(f"{ACME}/devices"))["items"]}
    staging = await bare.get(f"{ACME}/devices/{devices[MAC]}/staging")
    path = staging["url"].partition("/provision")[2]
    credentials = b64encode(f"{staging['username']}:{staging['password']}".encode()).decode()
    asked = {"Authorization": f"Basic {credentials}", "User_Agent": "Yealink SIP-T46S 66.86.0.15 80:5e:c0:11:22:33"}
    its_own = await bare.get(f"//provision{path}{MAC}.cfg", **asked)
    assert its_own == 200
    assert f"{CANARY}-set-2" in its_own.body.decode(), "or there was nothing to find"
    sip = bare.engine.main.world.pbx.secrets
    others = {value: kind for value, kind in found.secrets.items() if devices[SECOND] in kind}
    assert len(others) == 2
    for file in (
        f"{SECOND}.cfg",
        f"{SECOND.upper()}.cfg",
        "y000000000028.cfg",
        "aastra.cfg",
        "",
        "..%2f",
        "xml/startup",
    ):
        answer = await bare.get(f"//provision{path}{file}", **asked)
        assert not [kind for value, kind in others.items() if value in answer.body.decode("utf-8", "replace")], file
    for authorization in (None, f"Basic {FORM}", f"Basic {b64encode(f'{MAC}:{CANARY}'.encode()).decode()}"):
        for file in (f"{MAC}.cfg", f"xml/login?user=1002&password={PIN}"):
            answer = await bare.get(f"//provision{path}{file}", Authorization=authorization)
            assert answer == 401
            found.look(file, answer.body)
    said = _said(logged)
    for value in (PIN, CANARY, sip[devices[MAC], "provisioning"], sip[devices[MAC], "sip"]):
        assert value not in said
    assert json.dumps(found.looked_at)
