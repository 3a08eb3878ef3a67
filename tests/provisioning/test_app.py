"""Plans from a file, and the server on a real socket."""

from __future__ import annotations

import json
import re

import pytest

from provisioning import app
from provisioning.app import Store, application
from provisioning.respond import UPLOAD_LIMIT
from provisioning.source import EXAMPLE, BadPlans, FileSource

MAC = "805ec0112233"
LOBBY = "00085d112233"


@pytest.fixture
def plans(tmp_path):
    path = tmp_path / "plans.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


@pytest.fixture
async def serve(aiohttp_client, plans, key, now):
    """A client of a server on loopback, and the server's memory."""
    store = Store()
    return await aiohttp_client(application(FileSource(plans), store, key, lambda: now)), store


@pytest.fixture
def fetch(serve, answer_digest):
    """Asks as a phone does: challenge, then proof."""
    client, _ = serve

    async def ask(file, username=MAC, password="fetch-me", method="GET", **more):
        path = f"/provision/acme/{file}"
        denied = await client.request(method, path)
        assert denied.status == 401
        challenge = denied.headers["WWW-Authenticate"]
        headers = {"Authorization": answer_digest(challenge, method, path, username, password)} | more.pop(
            "headers", {}
        )
        return await client.request(method, path, headers=headers, **more)

    return ask


async def test_a_phone_boots(fetch):
    common = await fetch("y000000000066.cfg")
    assert (common.status, common.content_type) == (200, "text/plain")
    assert "lang.gui = German\n" in await common.text()
    own = await fetch(f"{MAC}.cfg")
    assert "account.1.label = John Smith\n" in await own.text()
    assert (await fetch(f"{MAC}.cfg", headers={"If-None-Match": own.headers["ETag"]})).status == 304
    head = await fetch(f"{MAC}.cfg", method="HEAD")
    assert (head.status, head.headers["Content-Length"]) == (200, own.headers["Content-Length"])
    assert await head.read() == b""
    assert (await fetch(f"{MAC}.boot")).status == 404
    assert (await fetch("00085D112233.cfg")).status == 404


async def test_denied_is_denied_the_same_for_everybody(serve, fetch):
    client, store = serve
    seen = set()
    for method, path in [
        ("GET", "/"),
        ("GET", f"/provision/acme/{MAC}.cfg"),
        ("PUT", "/provision/no/such"),
        ("DELETE", "/provision/"),
        ("GET", "/provision/acme/xml/login?user=1&password=2"),
    ]:
        response = await client.request(method, path, data=b"x" if method == "PUT" else None)
        headers = tuple((name, value) for name, value in response.headers.items() if name != "Date")
        seen.add((response.status, headers, await response.read()))
    assert len(seen) == 1
    assert not store.misses
    assert (await fetch(f"{MAC}.cfg", password="wrong")).status == 401
    assert (await fetch(f"{MAC}.cfg", username="805ec0999999")).status == 401
    assert dict(store.misses) == {("127.0.0.1", "acme"): 2}


async def test_uploads_stop_at_the_limit(fetch, serve):
    assert (await fetch(f"{MAC}-local.cfg", method="PUT", data=b"mine")).status == 201
    assert await (await fetch(f"{MAC}-local.cfg")).read() == b"mine"
    assert (await fetch(f"{MAC}-local.cfg", method="PUT", data=b"x" * (UPLOAD_LIMIT + 1))).status == 413
    assert (await fetch(f"{MAC}-local.cfg", method="PUT", data=b"x" * 1_000_000)).status == 413
    assert serve[1].files == {(f"acme/{MAC}", f"{MAC}-local.cfg"): b"mine"}


async def test_somebody_logs_in_and_out(fetch, caplog):
    caplog.set_level("INFO", logger="provisioning")
    assert (await fetch("00085D112233.cfg", LOBBY)).status == 404
    assert "InputScreen" in await (await fetch("xml/startup", LOBBY)).text()
    assert "Wrong credentials." in await (await fetch("xml/login?user=204&password=9876", LOBBY)).text()
    assert "Configuration" in await (await fetch("xml/login?user=204&password=1234", LOBBY)).text()
    assert "screen name: John Smith\n" in await (await fetch("00085D112233.cfg", LOBBY)).text()
    assert "Execute" in await (await fetch("xml/logout", LOBBY)).text()
    assert (await fetch("00085D112233.cfg", LOBBY)).status == 404
    assert "password=***" in caplog.text
    assert not re.search("1234|9876", caplog.text)


async def test_an_extension_is_at_one_phone(plans, aiohttp_client, key, now, answer_basic):
    text = plans.read_text(encoding="utf-8")
    second = "      - {mac: 00085d445566, model: aastra-6867i, password: fetch-me, mode: at_login,\n" + (
        "         lines: [{label: Desk, user: desk, password: x, server: pbx.example.org}]}\n    people:"
    )
    plans.write_text(text.replace("    people:", second), encoding="utf-8")
    client = await aiohttp_client(application(FileSource(plans), Store(), key, lambda: now))

    async def ask(page, mac):
        headers = {"Authorization": answer_basic(mac, "fetch-me")}
        return await (await client.get(f"/provision/acme/{page}", headers=headers)).text()

    assert "Configuration" in await ask("xml/login?user=204&password=1234", LOBBY)
    assert f"in use on 6731i {LOBBY}" in await ask("xml/login?user=204&password=1234", "00085d445566")
    assert "Configuration" in await ask("xml/login?user=204&password=1234&override=1", "00085d445566")
    assert "no such file" in await ask("00085D112233.cfg", LOBBY)
    assert "John Smith" in await ask("00085D445566.cfg", "00085d445566")
    assert "in use on 6867i 00085d445566" in await ask("xml/login?user=204&password=1234", LOBBY)
    await ask("xml/logout", "00085d445566")
    assert "Configuration" in await ask("xml/login?user=204&password=1234", LOBBY)


def test_json_is_as_good(tmp_path):
    path = tmp_path / "plans.json"
    device = {"mac": MAC, "model": "yealink-t46s", "password": "x"}
    path.write_text(json.dumps({"base_url": "http://h/p/", "accounts": {"a": {"devices": [device]}}}), encoding="utf-8")
    FileSource(path)


BAD = [
    ("- 1", "Expected `object`, got `array`"),
    ("{", "while parsing"),
    ("base_url: x", "missing required field `accounts`"),
    (
        "base_url: x/\naccounts: {a: {devices: [{mac: m, model: n, password: p, colour: red}]}}",
        "unknown field `colour`",
    ),
    ("base_url: x\naccounts: {}", "base_url 'x' must end with '/'"),
    ("base_url: x/\naccounts: {a/b: {devices: []}}", "must be one segment"),
]


@pytest.mark.parametrize(("text", "why"), BAD)
def test_a_bad_file_is_refused_with_its_reason(plans, text, why):
    plans.write_text(text, encoding="utf-8")
    with pytest.raises(BadPlans, match=re.escape(why)):
        FileSource(plans)


def test_everything_wrong_with_a_file_is_said_at_once(plans):
    line = "{label: a, user: b, password: c, server: d}"
    plans.write_text(
        "base_url: http://h/\naccounts:\n  a:\n    settings: {yealink: {lang gui: x}}\n    devices:\n"
        "      - {mac: xyz, model: t46s, password: p}\n"
        f"      - {{mac: {MAC}, model: yealink-t46s, password: p, mode: at_login, settings: {{'a b': c}}}}\n"
        f"      - {{mac: {MAC}, model: aastra-6731i, password: p, mode: at_login, boot_files: true}}\n"
        f"      - {{mac: 805ec0999999, model: aastra-6731i, password: p, lines: [{', '.join([line] * 7)}]}}\n",
        encoding="utf-8",
    )
    with pytest.raises(BadPlans) as caught:
        FileSource(plans)
    assert str(caught.value).splitlines()[1:] == [
        "- Account a: 'lang gui' is no configuration key of Yealink phones.",
        "- Device xyz of a: this is no MAC. Write it as 80:5e:c0:11:22:33.",
        "- Device xyz of a: There is no phone model 't46s'. Use yealink-t46s.",
        f"- Device {MAC} of a: only Aastra and Mitel phones have a log-in. Use mode live or at_save.",
        f"- Device {MAC} of a: whoever logs in needs a line to register with. Give it one.",
        f"- Device {MAC} of a: 'a b' is no configuration key of Yealink phones.",
        f"- Device {MAC} of a: the account has it twice.",
        f"- Device {MAC} of a: whoever logs in needs a line to register with. Give it one.",
        f"- Device {MAC} of a: the aastra-6731i asks for no boot file. Leave boot_files out.",
        "- Device 805ec0999999 of a: 7 lines are more than the 6 of the aastra-6731i.",
    ]


def test_the_command_line_names_what_is_wrong(tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        app.main([str(tmp_path / "none.yaml")])
    assert caught.value.code == 2
    assert "none.yaml" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        app.main(["--help"])
    assert "base_url: http://127.0.0.1:8081/provision/" in capsys.readouterr().out
