"""A hostile server against one phone over HTTP: it gets no credentials, sends the phone nowhere, and its secrets are in
no report unless they are asked for."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from device_emulator import models
from device_emulator.fleet.wire import BadAnswer, Reader
from device_emulator.lint.findings import uncredited
from device_emulator.trial import present, runner, served
from device_emulator.trial.asjson import as_json
from device_emulator.trial.report import document
from device_emulator.wire.transfer import split_login

T46S, A6867 = models.find("yealink-t46s"), models.find("aastra-6867i")
YEALINK = """\
#!version:1.0.0.1
account.1.enable = 1
account.1.user_name = 204
account.1.password = x
account.1.sip_server.1.address = h
"""
AASTRA = "sip line1 user name: 204\nsip line1 password: x\nsip proxy ip: h\nsip registrar ip: h\n"
PASSWORD = "hush-7f3a"
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

Answer = Callable[[str, list[str]], "bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]"]


class Site:
    """A server, and what it was asked: first lines and headers."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[list[str]] = []

    @property
    def credentials(self) -> list[str]:
        return [line for head in self.asked for line in head if line.lower().startswith("authorization:")]


@asynccontextmanager
async def site(answer: Answer) -> AsyncIterator[Site]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                here.asked.append(head)
                said = answer(head[0].split(" ")[1], head)
                if isinstance(said, bytes):
                    writer.write(said)
                else:
                    await said(writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    here = Site(server.sockets[0].getsockname()[1])
    try:
        yield here
    finally:
        server.close()


def ok(body: str | bytes) -> bytes:
    body = body if isinstance(body, bytes) else body.encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def boot(here: Site, model: models.Model = T46S, login: str = "", **how: Any) -> tuple[runner.Boot, str, str]:
    """What the phone did; the report as text and as JSON, without secrets."""
    how.setdefault("examine", True)
    how.setdefault("limits", runner.Limits(timeout=2))
    mac = "805ec0112233" if model is T46S else "00085d112233"
    url = f"http://{login}127.0.0.1:{here.port}/"
    done = await asyncio.wait_for(runner.boot(model, mac, url, "u", PASSWORD, how=runner.How(**how)), 30)
    found = served.judge(done, model, None, None)
    return done, present.report(done, model, found, False, True), as_json(document(done, model, found, 1))


async def flood(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)
        await writer.drain()
        await asyncio.sleep(0.01)


async def heads(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X: y\r\n" * 1000)
        await writer.drain()


async def drops(writer: asyncio.StreamWriter) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n" + b"x" * 50:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.2)


@pytest.mark.parametrize("said", [flood, heads, drops])
async def test_answers_without_an_end(said: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> None:
    async with site(lambda path, head: said) as here:
        done, text, _ = await boot(here)
    assert done.reports[-1].outcome == "failed"
    assert not done.usable
    assert "FAILED" in text


@pytest.mark.parametrize(
    "head",
    [
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: " + b"9" * 6000 + b"\r\n",
        b"Content-Encoding: zstd\r\n",
        b"Content-Encoding: gzip\r\n",
        b"X\0Y: z\r\n",
    ],
)
async def test_heads_that_make_no_sense(head: bytes) -> None:
    async with site(lambda path, _: b"HTTP/1.1 200 OK\r\n" + head + b"\r\n-5\r\nhello\r\n0\r\n\r\n") as here:
        done, _, _ = await boot(here)
    assert done.reports[-1].outcome == "failed"


@pytest.mark.parametrize(
    "length", [b"9" * 6000, b"9" * 16, b"-1", b"+5", b"", b"0x5", "٥".encode(), b"5, 5"], ids=lambda one: repr(one[:9])
)
def test_a_storm_refuses_a_length_that_is_none(length: bytes) -> None:
    """Python's own limit on the digits of a number is no exception of ours."""
    with pytest.raises(BadAnswer):
        Reader(1 << 20).feed(b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\nhello")


@pytest.mark.parametrize(
    "where",
    [
        "file:///etc/passwd",
        "tftp://127.0.0.1/x",
        "//files.invalid/x",
        "http://127.0.0.1@files.invalid/",
        "HTTP://files.invalid/",
        "http:///x",
        "http://[::1/",
        "javascript:alert(1)",
        "",
        "http://0x7f.1/",
    ],
)
async def test_a_redirect_leads_nowhere_else(where: str) -> None:
    said = f"HTTP/1.1 302 Found\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n".encode()
    async with site(lambda path, _: said) as here:
        done, _, _ = await boot(here)
    assert len(here.asked) == 1
    assert done.reports[-1].outcome == "failed"


@pytest.mark.parametrize("follow", [False, True])
@pytest.mark.parametrize("address", ["http://127.0.0.1:{}/x", "http://localhost:{}/x"])
async def test_the_log_in_is_for_one_server(follow: bool, address: str) -> None:
    """Whoever redirects the phone to another server that asks for credentials gets none, followed or not."""
    asks = b'HTTP/1.1 401 X\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n'
    async with site(lambda path, _: asks) as thief:
        location = f"HTTP/1.1 302 Found\r\nLocation: {address.format(thief.port)}\r\nContent-Length: 0\r\n\r\n".encode()

        def answer(path: str, head: list[str]) -> bytes:
            return location if any(line.startswith("Authorization") for line in head) else asks

        async with site(answer) as here:
            await boot(here, follow=follow)
    assert here.credentials
    assert len(thief.asked) == follow
    assert not thief.credentials


ADDRESSES = ("firmware.url", "auto_provision.server.url", "remote_phonebook.data.1.url", "action_url.setup_completed")


@pytest.mark.parametrize("key", ADDRESSES)
@pytest.mark.parametrize("host", ["127.0.0.1:1", "files.invalid", "{here}"])
async def test_a_password_in_an_address_is_in_no_report(key: str, host: str) -> None:
    """Neither as a setting, nor as a request, nor in a finding; with --secrets it is."""

    def answer(path: str, head: list[str]) -> bytes:
        if path != "/805ec0112233.cfg":
            return MISSING
        named = host.replace("{here}", f"127.0.0.1:{here.port}")
        return ok(f"{YEALINK}{key} = http://usr:p@ss-{PASSWORD}@{named}/x\n")

    async with site(answer) as here:
        done, text, data = await boot(here)
    assert PASSWORD not in text
    assert "ss-" not in text
    assert PASSWORD not in data
    found = served.judge(done, T46S, None, None)
    assert PASSWORD in as_json(document(done, T46S, found, 0, True))


@pytest.mark.parametrize("key", ["action uri startup", "action uri registered", "xml application URI", "directory 1"])
async def test_nor_in_that_of_an_aastra(key: str) -> None:
    def answer(path: str, head: list[str]) -> bytes:
        return ok(f"{AASTRA}{key}: http://usr:{PASSWORD}@127.0.0.1:1/x\n") if path == "/00085D112233.cfg" else MISSING

    async with site(answer) as here:
        _, text, data = await boot(here, A6867)
    assert PASSWORD not in text + data


async def test_nor_where_a_redirect_has_it() -> None:
    """It is sent where the address says so, and only there."""

    def answer(path: str, head: list[str]) -> bytes:
        host = next(line for line in head if line.startswith("Host: "))[6:]
        return f"HTTP/1.1 302 Found\r\nLocation: http://u:{PASSWORD}@{host}/x\r\nContent-Length: 0\r\n\r\n".encode()

    async with site(answer) as here:
        _, text, data = await boot(here)
    assert len(here.asked) == 6
    assert PASSWORD not in text + data


async def test_an_address_with_a_login_after_a_challenge() -> None:
    """Two log-ins cannot be sent at once: the phone's own answers the challenge."""
    asks = b'HTTP/1.1 401 X\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n'

    def answer(path: str, head: list[str]) -> bytes:
        host = next(line for line in head if line.startswith("Host: "))[6:]
        if not any(line.startswith("Authorization") for line in head):
            return asks
        if path == "/805ec0112233.cfg":
            return f"HTTP/1.1 302 F\r\nLocation: http://a:b@{host}/there\r\nContent-Length: 0\r\n\r\n".encode()
        return ok(YEALINK) if path == "/there" else MISSING

    async with site(answer) as here:
        done, _, _ = await boot(here, examine=False)
    assert done.usable, done.reports
    own = base64.b64encode(f"u:{PASSWORD}".encode()).decode()
    assert {line.partition("Basic ")[2] for line in here.credentials} == {own}


@pytest.mark.parametrize(
    ("url", "login"),
    [
        ("http://u:p@h/x", ("http://h/x", "u", "p")),
        ("http://u:p%40ss%2F%3A@h/x", ("http://h/x", "u", "p@ss/:")),
        ("http://a%40b:p@h", ("http://h", "a@b", "p")),
        ("http://u:100%@h/", ("http://h/", "u", "100%")),
        ("http://u:%zz@h/", ("http://h/", "u", "%zz")),
        ("http://u:p@q@h/", ("http://h/", "u", "p@q")),
        ("http://h/a@b:c", ("http://h/a@b:c", "", "")),
    ],
)
def test_a_login_in_an_address(url: str, login: tuple[str, str, str]) -> None:
    assert split_login(url) == login


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a http://u:p@h/x b", "a http://********@h/x b"),
        ("http://u:p@s:s@h/ https://a:b@c", "http://********@h/ https://********@c"),
        ("http://u@h/ x@y http://h:80/a@b", "http://u@h/ x@y http://h:80/a@b"),
        ("sip:204@h", "sip:204@h"),
    ],
)
def test_what_is_covered_in_a_text(text: str, shown: str) -> None:
    assert uncredited(text) == shown


def test_covering_takes_no_longer_than_reading() -> None:
    """A megabyte of colons costs one look at each."""
    for text in ("http://" + ":" * 1_000_000 + " @", "://" * 300_000 + "@", "http://" + "@:" * 500_000):
        uncredited(text)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
    + "A" * 1000
    + '"><!ENTITY b "'
    + "&a;" * 100
    + '"><!ENTITY c "'
    + "&b;" * 1000
    + '">]><AastraIPPhoneTextScreen><Text>&c;</Text></AastraIPPhoneTextScreen>'
)


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:{thief}/dtd"><AastraIPPhoneTextScreen/>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><AastraIPPhoneTextScreen><Text>&x;</Text>'
        "</AastraIPPhoneTextScreen>",
        "<AastraIPPhoneExecute>"
        + '<ExecuteItem URI="http://127.0.0.1:{thief}/x"/><ExecuteItem URI="file:///etc/passwd"/>' * 2000
        + "</AastraIPPhoneExecute>",
        "<a>" * 100_000,
        '<AastraIPPhoneExecute><ExecuteItem URI="Command: Reset"/></AastraIPPhoneExecute>',
    ],
    ids=["laughs", "dtd", "entity", "elsewhere", "deep", "reset"],
)
async def test_xml_for_an_aastra(body: str) -> None:
    """No entities, no DTD, no other server, no reboot without an end."""
    async with site(lambda path, _: ok("")) as thief:

        def answer(path: str, head: list[str]) -> bytes:
            if path == "/00085D112233.cfg":
                return ok(f"{AASTRA}action uri startup: http://127.0.0.1:{here.port}/xml\n")
            return ok(body.replace("{thief}", str(thief.port))) if path == "/xml" else MISSING

        async with site(answer) as here:
            done, text, _ = await boot(here, A6867)
    assert not thief.asked
    assert len(here.asked) <= 2 * runner.Limits().requests
    assert "root:" not in text
    assert not any("AAAA" in row for row in done.screen.rows)


@pytest.mark.parametrize(
    "challenge",
    [
        'Digest realm="x", nonce="' + "n" * 6000 + '", qop="auth"',
        "Digest",
        'Digest realm="a\\"b", nonce="n", qop="auth-int"',
        'Digest realm="x", nonce="n", algorithm=SHA-512-256',
        "Basic",
        "Negotiate abc",
        "",
        'Digest realm="r\xe9", nonce="\x7f", opaque="\x80"',
    ],
)
async def test_challenges_that_are_odd(challenge: str) -> None:
    said = f"HTTP/1.1 401 X\r\nWWW-Authenticate: {challenge}\r\nContent-Length: 0\r\n\r\n".encode("latin-1")
    async with site(lambda path, _: said) as here:
        done, text, data = await boot(here)
    assert len(here.asked) <= 2
    assert done.reports[-1].outcome == "failed"
    assert PASSWORD not in text + data
