"""The same phone over real HTTP on loopback, and the program around it."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from device_emulator import models
from device_emulator.firmware import of
from device_emulator.trial import program, runner

Make = Callable[..., str]
MAC = "80:5e:c0:11:22:33"
Y = "805ec0112233"
T46S = models.find("yealink-t46s")
T46S_BOOT = of(T46S).boot_ms(T46S) / 1000


class Site:
    """A provisioning server: a dictionary of files and a list of what was asked."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.redirects: dict[str, str] = {}
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        name = request.path.removeprefix("/p/")
        self.asked.append((name, request.headers["User-Agent"]))
        if name in self.redirects:
            return web.Response(status=302, headers={"Location": self.redirects[name]})
        if name not in self.files:
            return web.Response(status=404)
        return web.Response(body=self.files[name])


@pytest.fixture
async def site(make_yealink_file: Make) -> AsyncIterator[Site]:
    made = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        made.url = str(server.make_url("/p/"))
        made.files = {
            f"{Y}.boot": f"#!version:1.0.0.1\ninclude:config {Y}.cfg\n".encode(),
            f"{Y}.cfg": make_yealink_file().encode(),
        }
        yield made


async def test_a_boot_over_http(site: Site) -> None:
    report = await runner.boot(T46S, MAC, site.url)
    assert [name for name, _ in site.asked] == [f"{Y}.boot", f"{Y}.cfg"]
    assert {agent for _, agent in site.asked} == {"Yealink SIP-T46S 66.86.0.15 80:5e:c0:11:22:33"}
    assert report.fetched
    assert [(exchange.url, exchange.status) for exchange in report.exchanges] == [
        (site.url + f"{Y}.boot", 200),
        (site.url + f"{Y}.cfg", 200),
    ]
    assert report.exchanges[1].size == len(site.files[f"{Y}.cfg"])
    assert report.screen.label == "Bob"
    assert report.registrations == ("sip:204@pbx.example",)
    assert report.waited == 11
    assert report.settings["account.1.password"] == "secret"
    assert runner.masked(report).settings["account.1.password"] == "********"


async def test_a_server_that_asks_for_digest(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = site.answer
    authorizations: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        authorizations.append(request.headers.get("Authorization", ""))
        if not authorizations[-1]:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'})
        return await plain(request)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app, host="127.0.0.1") as server:
        report = await runner.boot(T46S, MAC, str(server.make_url("/p/")), "me", "word")
    assert report.fetched
    assert [bool(authorization) for authorization in authorizations] == [False, True, True]
    assert f'uri="/p/{Y}.cfg"' in authorizations[-1]


async def test_nothing_there(site: Site) -> None:
    site.files.clear()
    report = await runner.boot(T46S, MAC, site.url)
    assert not report.fetched
    assert len(report.exchanges) == 12
    assert report.waited >= T46S_BOOT + 4 * 10
    assert [run.outcome for run in report.reports] == ["absent"]


async def test_nobody_there() -> None:
    report = await runner.boot(T46S, MAC, "http://127.0.0.1:1/")
    assert not report.fetched
    (exchange,) = report.exchanges
    assert exchange.status == 0
    assert exchange.why
    assert report.screen.message == "Configuration failed"


async def test_a_redirect_out_of_http_is_not_followed(site: Site) -> None:
    site.redirects[f"{Y}.boot"] = "file:///etc/passwd"
    report = await runner.boot(T46S, MAC, site.url)
    assert len(report.exchanges) == 1
    assert not report.fetched


async def test_an_answer_too_large_is_none(site: Site) -> None:
    site.files[f"{Y}.cfg"] = b"#" * 5000
    report = await runner.boot(T46S, MAC, site.url, limits=runner.Limits(body=4096))
    assert "larger than 4096 bytes" in report.exchanges[-1].why
    assert report.reports[-1].outcome == "failed"


async def test_a_reboot_loop_is_cut_short(site: Site, make_yealink_file: Make) -> None:
    class Restless(dict[str, bytes]):
        count = 0

        def __getitem__(self, name: str) -> bytes:
            self.count += 1
            body = super().__getitem__(name)
            return body + f"syslog.server = h{self.count}\n".encode() if name.endswith(".cfg") else body

    site.files = Restless(site.files)
    report = await runner.boot(T46S, MAC, site.url, limits=runner.Limits(requests=10))
    assert "reboot in a loop" in report.truncated
    assert len(report.exchanges) == 10


def test_the_program(site_in_thread: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site = site_in_thread
    assert program.main([site.url, "--model", "yealink-t46s", "--mac", MAC, "--verbose"]) == 0
    text = capsys.readouterr().out
    assert "│ Bob " in text
    assert "simulated" in text
    assert "account.1.password = '********'" in text
    assert "'secret'" not in text
    assert program.main([site.url, "--model", "yealink-t46s", "--mac", MAC, "--json", "--secrets"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["screen"]["label"] == "Bob"
    assert report["settings"]["account.1.password"] == "secret"
    assert report["format"] == 1
    site.files.clear()
    assert program.main([site.url, "--model", "aastra-6731i", "--mac", MAC]) == 1


def test_real_time_is_waited_for(site_in_thread: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """A second to boot and one to write; skipped without `--real-time`, and told either way."""
    site_in_thread.files[f"{Y}.boot"] = f"#!version:1.0.0.1\ninclude:config {Y}.cfg\n".encode()
    quick = ["--knob", "yealink.boot-ms=1000", "--knob", "yealink.flash-ms=1000", "--once"]
    usual = [site_in_thread.url, "--model", "yealink-t46s", "--mac", MAC, *quick]
    for real in (False, True):
        started = time.perf_counter()
        assert program.main([*usual, "--json", *(["--real-time"] if real else [])]) == 0
        took = time.perf_counter() - started
        report = json.loads(capsys.readouterr().out)
        assert report["real_time"] is real
        assert 1.9 <= report["waited_seconds"] <= 3.1, "deadlines are whole seconds"
        assert took >= 1.9 if real else took < 1.5


def test_another_firmware_and_other_knobs(site_in_thread: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """V72 knows no boot files; and a phone that waits longer between two requests waits longer, and says so."""
    usual = [site_in_thread.url, "--model", "yealink-t46s", "--mac", MAC]
    assert program.main([*usual, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["phone"]["knobs"] == {}
    changed = ["--firmware", "66.72.0.10", "--knob", "yealink.404.retry-ms=9000", "--knob", "yealink.boot-ms=1000"]
    assert program.main([*usual, *changed, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["phone"]["firmware"] == "66.72.0.10"
    assert "66.72.0.10" in report["phone"]["user_agent"]
    assert report["phone"]["knobs"] == {"yealink.404.retry-ms": 9000, "yealink.boot-ms": 1000}
    asked = [one["file"] for one in report["requests"] if one["purpose"] == "boot"]
    assert not any(file.endswith(".boot") for file in asked)
    common = asked.count("y000000000066.cfg")
    assert report["waited_seconds"] == 1 + (common - 1) * 9 + 1, "boot, pauses between three requests, flash"
    assert program.main([*usual, *changed]) == 0
    text = capsys.readouterr().out
    assert "firmware 66.72.0.10" in text
    assert "with yealink.404.retry-ms = 9000" in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["http://h/", "--model", "yealink-t46s", "--mac", "12"], "is not a MAC address"),
        (["http://h/", "--model", "nokia", "--mac", MAC], "nokia"),
        (["h/path", "--model", "yealink-t46s", "--mac", MAC], "is not a URL"),
        (["http://h/", "--mac", MAC], "--model"),
        (["http://h/", "--model", "yealink-t46s", "--mac", MAC, "--firmware", "86"], "such as 66."),
        (["http://h/", "--model", "yealink-t46s", "--mac", MAC, "--knob", "yealink.404.retry-ms"], "is not ID=VALUE"),
        (["http://h/", "--model", "yealink-t46s", "--mac", MAC, "--knob", "yealink.404.tries=1"], "is no knob"),
        (["http://h/", "--model", "yealink-t46s", "--mac", MAC, "--knob", "yealink.404.retry-ms=x"], "a whole number"),
        (["http://h/", "--model", "yealink-t46s", "--mac", MAC, "--knob", "aastra.404.tries=2"], "is no knob"),
    ],
)
def test_bad_usage(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        program.main(arguments)
    assert left.value.code == 2
    assert says in capsys.readouterr().err


@pytest.fixture
def site_in_thread(make_yealink_file: Make) -> Any:
    """The same server for a program that runs a loop of its own."""
    import asyncio
    import threading

    made = Site()
    made.files = {f"{Y}.cfg": make_yealink_file().encode()}
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", made.answer)
        async with TestServer(app, host="127.0.0.1") as server:
            made.url = str(server.make_url("/p/"))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(10)
    yield made
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


def test_a_phone_without_an_account_is_no_success(site_in_thread: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong MAC: the common file is there, its own is not."""
    site_in_thread.files["y000000000066.cfg"] = b"#!version:1.0.0.1\nlang.gui = English\n"
    assert program.main([site_in_thread.url, "--model", "yealink-t46s", "--mac", "80:5e:c0:99:99:99"]) == 1
    text = capsys.readouterr().out
    assert "gives it no account" in text
    assert "805ec0999999.cfg" in text
