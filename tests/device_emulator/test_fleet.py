"""A fleet over real sockets: what the report says is what the server has counted for itself."""

from __future__ import annotations

import asyncio
import errno
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from aiohttp import web
from msgspec.structs import replace

from device_emulator.fleet import live, page, report, roster, run, words
from device_emulator.fleet.doors import CannotStorm
from device_emulator.fleet.engine import Manners
from device_emulator.fleet.live import Manner
from device_emulator.fleet.plan import Plan

MODELS = "yealink-t46s:1,aastra-6867i:1"


class Server:
    """A configuration server that counts. `hook` may answer in its place, or wait."""

    def __init__(self) -> None:
        self.hook: Callable[[web.Request], Awaitable[web.StreamResponse | None]] | None = None
        self.paths: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.bytes = self.now = self.most = 0
        self.peers: set[Any] = set()
        self.settings = "sip.notify_reboot_enable = 0\n"
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            answer = await self.hook(request) if self.hook else None
            answer = answer or self.file(request.path)
            self.paths.append(request.path)
            self.statuses[answer.status] += 1
            self.bytes += len(answer.body or b"") if isinstance(answer, web.Response) else 0
            self.peers.add(request.transport and request.transport.get_extra_info("peername"))
            return answer
        finally:
            self.now -= 1

    def file(self, path: str) -> web.Response:
        name = path.rpartition("/")[2]
        if not name.endswith(".cfg"):
            return web.Response(status=404, text="no such file")
        mac = name[:-4].lower()
        if name.startswith("y0000"):
            return web.Response(text=f"#!version:1.0.0.1\n{self.settings}")
        if len(mac) != 12:
            return web.Response(text="time format: 1\n")
        if name == f"{mac}.cfg" and not name.startswith("00085d"):
            return web.Response(text=f"#!version:1.0.0.1\naccount.1.enable = 1\naccount.1.user_name = {mac}\n")
        return web.Response(text=f"sip line1 user name: {mac}\nsip registrar ip: pbx.example\n")


@pytest.fixture
async def server(aiohttp_server: Any) -> Server:
    made = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.handle)
    started = await aiohttp_server(app)
    made.url = f"http://127.0.0.1:{started.port}/p/"
    return made


async def storm(
    server: Server, phones: int = 40, models: str = "yealink-t46s", plan: Plan | None = None, **options: Any
) -> report.Report:
    """A storm of new phones whose waits are skipped; options of `Manners` and `Manner` by their names."""
    stop = options.pop("stop", asyncio.Event())
    manner = {name: options.pop(name) for name in ("timeout", "keep_alive", "body") if name in options}
    manners = {name: options.pop(name) for name in Manners.__struct_fields__ if name in options}
    defaults = roster.Defaults(server.url, roster.mix(models), options.pop("user", ""), options.pop("password", ""))
    asked = run.Options(
        server.url,
        roster.counted("805ec0000000", phones, defaults, 1),
        plan or Plan(ramp=0.3),
        Manners(**{"skip_waits": True, "connections": 32, "back_off": 0.05} | manners),
        Manner(**manner),
        **options,
    )
    return await asyncio.wait_for(run.live(asked, stop, options.get("tell", lambda progress: None)), 30)


async def test_the_report_is_what_the_server_has_counted(server: Server) -> None:
    told = await storm(server, 60, MODELS)
    assert told.outcome == "complete"
    assert (told.phones.total, told.phones.ready, told.phones.gave_up, told.phones.unfinished) == (60, 60, 0, 0)
    assert told.requests.statuses == {str(code): count for code, count in sorted(server.statuses.items())}
    assert told.requests.answers == told.requests.planned == len(server.paths) == sum(server.statuses.values())
    assert told.requests.body_bytes == server.bytes
    assert told.requests.failures == {}
    assert told.service.count == told.from_planned.count == len(server.paths)
    assert told.setting.models == {"aastra-6867i": 30, "yealink-t46s": 30}
    assert 0.3 * 59 / 60 <= told.phones.last_ready <= told.seconds
    for name, whole in (
        ("answered", told.requests.answers),
        ("planned", told.requests.planned),
        ("bytes", server.bytes),
    ):
        assert sum(getattr(row, name) for row in told.series) == whole
    last = told.series[-1]
    assert (last.powered, last.ready) == (60, 60)
    assert told.service.p50 <= told.service.p90 <= told.service.p99 <= told.service.p99_9 <= told.service.max


async def test_each_phone_asks_as_its_firmware_does(server: Server) -> None:
    await storm(server, 2, "yealink-t46s")
    own = [path for path in server.paths if "805ec0000001" in path]
    assert own == ["/p/805ec0000001.boot"] * 3 + ["/p/805ec0000001.cfg"]


async def test_firmware_waits_are_kept_unless_they_are_skipped(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from device_emulator.firmware import aastra

    monkeypatch.setattr(aastra, "boot_ms", lambda model: 1000)
    told = await storm(server, 5, "aastra-6867i", Plan(ramp=0), skip_waits=False)
    skipped = await storm(server, 5, "aastra-6867i", Plan(ramp=0))
    assert told.phones.boot.p50 - skipped.phones.boot.p50 >= 0.9
    assert told.requests.statuses == skipped.requests.statuses


async def test_a_server_that_stalls_is_charged_for_everybody_who_waits(server: Server) -> None:
    """Open loop: with two connections and a stall of a second, two requests see it, and eighty phones wait for it."""
    begun = time.perf_counter()

    async def stall(request: web.Request) -> None:
        if (left := 1.2 - (time.perf_counter() - begun)) > 0 and time.perf_counter() - begun > 0.2:
            await asyncio.sleep(left)

    server.hook = stall
    told = await storm(server, 100, "aastra-6867i", Plan("rolling", rate=100), connections=2)
    assert told.service.p99 < 0.1 < told.service.max, "all but the two that were under way"
    assert told.from_planned.p90 > 0.4
    assert told.from_planned.p99 > 0.8
    assert told.requests.held.count > 60
    assert told.requests.held.max >= 0.7
    assert "connections were in use" in words.held(told)


async def test_never_more_requests_under_way_than_the_cap(server: Server) -> None:
    async def slow(request: web.Request) -> None:
        await asyncio.sleep(0.002)

    server.hook = slow
    told = await storm(server, 50, plan=Plan(ramp=0), connections=7)
    assert server.most <= 7
    assert told.requests.in_flight_peak == 7
    assert len(server.peers) <= 7, "connections are used again"


async def test_without_keep_alive_each_request_has_a_connection_of_its_own(server: Server) -> None:
    told = await storm(server, 10, keep_alive=False)
    assert len(server.peers) == told.requests.answers == 80


async def test_a_server_that_closes_idle_connections_costs_nobody_anything(server: Server) -> None:
    async def close(request: web.Request) -> web.Response:
        answer = server.file(request.path)
        answer.force_close()
        return answer

    server.hook = close
    told = await storm(server, 20)
    assert (told.phones.ready, told.requests.failures) == (20, {})


@pytest.mark.parametrize("status", [429, 503])
async def test_back_off_heeds_the_server_and_the_phone_never_hears_of_it(server: Server, status: int) -> None:
    seen: set[str] = set()

    async def busy(request: web.Request) -> web.Response | None:
        if request.path.endswith("00.boot") or request.path in seen:
            return None
        seen.add(request.path)
        return web.Response(status=status, headers={"Retry-After": "1"})

    server.hook = busy
    told = await storm(server, 10, "aastra-6867i", Plan(ramp=0))
    assert told.phones.ready == 10
    assert told.requests.failures == {str(status): told.requests.again} == {str(status): server.statuses[status]}
    assert told.phones.boot.max >= 1
    assert told.service.max < 0.9, "the pause is the generator's, and no latency"


async def test_without_retries_a_phone_does_what_its_firmware_does(server: Server) -> None:
    async def busy(request: web.Request) -> web.Response:
        return web.Response(status=503)

    server.hook = busy
    told = await storm(server, 10, "aastra-6867i", retries=0)
    assert (told.phones.gave_up, told.requests.again, told.requests.failures) == (10, 0, {"503": 10})
    assert any("503" in reason for reason in told.phones.reasons)
    assert told.service.count == 0, "a quick refusal is no fast answer"


async def test_failures_are_told_by_kind(server: Server) -> None:
    async def bad(request: web.Request) -> web.StreamResponse | None:
        assert request.transport is not None
        name = request.path.rpartition("/")[2].lower()
        if name.startswith("805ec0"):
            number = int(name[:12], 16) % 5
            if number == 0:
                request.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort")
                request.transport.close()
            elif number == 1:
                request.transport.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
            elif number == 2:
                await asyncio.sleep(5)
            elif number == 3:
                return web.Response(body=b"#" * 5000)
        return None

    server.hook = bad
    told = await storm(server, 10, "aastra-6867i", timeout=0.6, retries=0, body=4000)
    assert told.requests.failures == {"not HTTP": 4, "closed early": 2, "timeout": 2}
    assert told.phones.ready == 2
    assert told.service.max >= 0.6, "who waited in vain has waited"


async def test_a_redirect_to_another_server_is_not_followed(server: Server) -> None:
    async def away(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://127.0.0.2:9/elsewhere.cfg"})

    server.hook = away
    told = await storm(server, 5)
    assert told.phones.gave_up == 5
    assert told.requests.failures == {"another server (not asked)": 5}


async def test_a_phone_that_goes_round_in_circles_ends(server: Server) -> None:
    count = iter(range(10**6))

    async def unstable(request: web.Request) -> web.Response | None:
        if request.path.endswith(".cfg") and "805ec0" in request.path:
            return web.Response(text=f"#!version:1.0.0.1\nstatic.network.vlan.internet_port_vid = {next(count)}\n")
        return None

    server.hook = unstable
    told = await storm(server, 2)
    assert told.phones.gave_up == 2
    assert told.phones.reboots > 4
    assert any("reboot in a loop" in reason for reason in told.phones.reasons)


async def test_credentials_go_where_they_belong(server: Server) -> None:
    seen: Counter[str] = Counter()

    async def basic(request: web.Request) -> web.Response | None:
        given = request.headers.get("Authorization", "")
        if not given:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="p"'})
        from base64 import b64decode

        seen[b64decode(given.removeprefix("Basic ")).decode()] += 1
        return None

    server.hook = basic
    told = await storm(server, 3, user="{mac}", password="word")
    assert told.phones.ready == 3
    assert set(seen) == {f"805ec000000{number}:word" for number in range(3)}
    assert server.statuses[401] == 3, "one challenge a phone"
    assert told.requests.failures == {}, "a challenge is no failure"


async def test_check_sync_finds_phones_that_run(server: Server) -> None:
    plan = Plan("check-sync", ramp=0.2)
    told = await storm(server, 10, plan=plan, warm_up=True)
    assert told.warm_up is not None
    assert (told.warm_up.ready, told.warm_up.gave_up) == (10, 0)
    assert (told.phones.ready, told.phones.reboots) == (10, 0), "notify_reboot_enable 0: they fetch without a reboot"
    assert told.requests.answers * 2 == len(server.paths), "the warm-up is in no figure"
    server.settings = "sip.notify_reboot_enable = 1\n"
    assert (await storm(server, 10, plan=plan, warm_up=True)).phones.reboots == 10
    server.settings = "sip.notify_reboot_enable = 2\n"
    told = await storm(server, 10, plan=plan, warm_up=True)
    assert told.phones.reasons == {"it asked for no configuration: its settings say so": 10}


async def test_a_generator_that_is_late_says_so(server: Server) -> None:
    loop = asyncio.get_running_loop()

    def hog() -> None:
        time.sleep(0.2)
        loop.call_later(0.02, hog)

    loop.call_later(0.05, hog)
    told = await storm(server, 40, plan=Plan(ramp=1))
    assert told.lower_bounds
    assert told.generator.limited
    assert "event loop" in told.generator.exceeded
    assert "generator was the limit" in words.text(told)
    assert "≥" in words.text(told)
    assert "generator was the limit" in page.page(told)


async def test_an_idle_generator_is_no_limit(server: Server) -> None:
    told = await storm(server, 10, plan=Plan(ramp=2), duration=10)
    checks = {check.name: check for check in told.generator.checks}
    assert not checks["schedule"].exceeded
    assert not checks["processor"].exceeded
    assert not checks["ports and files"].exceeded


async def test_what_runs_out_on_this_machine_is_the_generators_limit(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    real = loop.create_connection

    async def none_left(*where: Any, **more: Any) -> Any:
        if "server_hostname" in more:  # a connection of the storm, not the first look whether somebody is there
            raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")
        return await real(*where, **more)

    monkeypatch.setattr(loop, "create_connection", none_left)
    told = await storm(server, 3)
    assert told.requests.failures == {live.OWN_FAULTS[0]: 3}
    assert told.generator.exceeded == ("ports and files",)
    assert told.lower_bounds


@pytest.mark.parametrize("how", ["duration", "stop"])
async def test_an_early_end_reports_what_has_been_seen(server: Server, how: str) -> None:
    stop = asyncio.Event()
    if how == "stop":
        asyncio.get_running_loop().call_later(0.5, stop.set)
    told = await storm(server, 100, plan=Plan(ramp=60), stop=stop, **({"duration": 0.5} if how == "duration" else {}))
    assert told.outcome == ("out of time" if how == "duration" else "interrupted")
    assert 0.4 < told.seconds < 2
    assert 0 < told.phones.started < 100
    assert told.phones.ready + told.phones.gave_up + told.phones.unfinished == 100
    assert words.ending(told) in words.text(told)


async def test_only_loopback_is_stormed_unless_somebody_says_so(server: Server) -> None:
    elsewhere = replace(roster.counted("805ec0000000", 1, roster.Defaults(server.url, roster.mix(MODELS)), 1)[0])
    elsewhere = replace(elsewhere, url="http://192.0.2.1:9/")
    options = run.Options(elsewhere.url, [elsewhere], Plan())
    with pytest.raises(CannotStorm, match="--allow-remote"):
        await run.live(options, asyncio.Event(), lambda progress: None)
    assert server.paths == []


async def test_nobody_there_is_told_before_the_storm() -> None:
    desk = roster.counted("805ec0000000", 1, roster.Defaults("http://127.0.0.1:9/", roster.mix(MODELS)), 1)
    with pytest.raises(CannotStorm, match="Start the server first"):
        await run.live(run.Options("http://127.0.0.1:9/", desk, Plan()), asyncio.Event(), lambda progress: None)


async def test_the_page_needs_nothing_from_anywhere(server: Server) -> None:
    told = await storm(server, 10, MODELS)
    text = page.page(replace(told, setting=replace(told.setting, url="http://x/<script>alert(1)</script>")))
    assert "<script" not in text
    assert not any(word in text for word in ("@import", " src=", "url(", "<link"))
    assert "prefers-color-scheme:dark" in text
    assert text.count("<figure>") == 5
    assert "NaN" not in text
    ElementTree.fromstring(re.sub("<meta[^>]*>", "", text.partition("\n")[2]))  # every tag is closed
