"""A phone against a real provisioning server: `step` driven over HTTP, and a report of what it would show.

Registration is not real here: every REGISTER is granted by the runner itself, and the report says so. Everything is
bounded (requests, bytes, seconds); the phone's own waits are skipped on a virtual clock unless real time is asked for.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from device_emulator.firmware.contract import Report
from device_emulator.messages import HttpReply, HttpRequest, Output, PowerOn, SipReply, SipRequest, Staged, Wake
from device_emulator.models import Model
from device_emulator.phone import Phone, new, step
from device_emulator.screen import Screen

if TYPE_CHECKING:
    import aiohttp

SECRETS = ("password", "user_password", "aes_key", "_psk", "secret")


class Limits(Struct, frozen=True, gc=False):
    """What a run may cost. `timeout` is seconds per request, `body` bytes per answer."""

    requests: int = 64
    body: int = 1024 * 1024
    timeout: float = 30.0


class Exchange(Struct, frozen=True, gc=False):
    """One request and its outcome. Status 0: no answer, and `why` says what happened. `size` in bytes."""

    url: str
    status: int
    size: int
    ms: float
    why: str = ""


class Boot(Struct, frozen=True):
    """What a phone did at a server.

    `exchanges` in order; `reports` one per provisioning run (a reboot makes another); `registrations` the addresses of
    record it would register, each granted by the runner and not by a PBX; `fetched` whether the configuration in force
    comes from files of this server; `waited` seconds of the phone's own waits, `real` or skipped; `truncated` says
    which limit ended the run early, '' if none did.
    """

    model: str
    mac: str
    fetched: bool
    exchanges: tuple[Exchange, ...]
    reports: tuple[Report, ...]
    registrations: tuple[str, ...]
    screen: Screen
    settings: dict[str, str]
    waited: float
    real: bool
    truncated: str = ""

    @property
    def usable(self) -> bool:
        """Can somebody use the phone: has it an account to register, or does it ask who is there?"""
        return self.fetched and bool(self.registrations or self.screen.prompt)


async def boot(
    model: Model,
    mac: str,
    url: str,
    username: str = "",
    password: str = "",
    *,
    real_time: bool = False,
    limits: Limits | None = None,
) -> Boot:
    """Stage a new phone at a server, plug it in, and wait until nothing more happens by itself.

    `url` is what an installer enters, http or https. Raises `ValueError` for a bad MAC; everything that goes wrong at
    the server is in the report.
    """
    import aiohttp

    run = _Run(new(model, mac), limits or Limits(), real_time)
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
        timeout=aiohttp.ClientTimeout(total=run.limits.timeout),
    ) as session:
        return await run.to_the_end(session, Staged(url, username, password))


class _Run:
    """The shell around one phone: its clock, what is still to be answered, and what has been seen."""

    def __init__(self, phone: Phone, limits: Limits, real_time: bool) -> None:
        self.phone, self.limits, self.real_time = phone, limits, real_time
        self.now = int(time.time()) * 1000
        self.waited = 0
        self.pending: list[Output] = []
        self.exchanges: list[Exchange] = []
        self.reports: list[Report] = []
        self.registrations: list[str] = []

    async def to_the_end(self, session: aiohttp.ClientSession, staged: Staged) -> Boot:
        self.phone, _ = step(self.phone, staged, self.now)
        self._take(step(self.phone, PowerOn(), self.now))
        truncated = ""
        while self.pending or self.phone.busy:
            if len(self.exchanges) >= self.limits.requests:
                truncated = f"stopped after {self.limits.requests} requests: does the phone reboot in a loop?"
                break
            if self.pending:
                await self._answer(session, self.pending.pop(0))
            else:
                await self._wait()
        return self._report(truncated)

    async def _wait(self) -> None:
        due = self.phone.due or self.now
        pause = max(0, due - self.now)
        if self.real_time:
            await asyncio.sleep(pause / 1000)
        self.waited += pause
        self.now = max(due, self.now)
        self._take(step(self.phone, Wake(), self.now))

    async def _answer(self, session: aiohttp.ClientSession, output: Output) -> None:
        if isinstance(output, HttpRequest):
            started = time.perf_counter()
            reply = await self._fetch(session, output)
            ms = (time.perf_counter() - started) * 1000
            if self.real_time:
                self.now += int(ms)  # otherwise the clock stands still meanwhile: the same waits each time
            why = reply.body.decode("utf-8", "replace") if reply.status == 0 else ""
            size = 0 if reply.status == 0 else len(reply.body)
            self.exchanges.append(Exchange(output.url, reply.status, size, round(ms, 1), why))
            self._take(step(self.phone, reply, self.now))
        elif isinstance(output, SipRequest) and output.method == "REGISTER":
            if output.expires and output.aor not in self.registrations:
                self.registrations.append(output.aor)
            self._take(step(self.phone, SipReply(output.id, 200, "OK (simulated)", output.expires), self.now))

    async def _fetch(self, session: aiohttp.ClientSession, request: HttpRequest) -> HttpReply:
        import aiohttp
        from yarl import URL

        try:
            target = URL(request.url, encoded=True)
            if target.scheme not in ("http", "https") or not target.host:
                return HttpReply(request.id, 0, body=b"not an http or https address")
            async with session.request(
                request.method, target, headers=list(request.headers), allow_redirects=False
            ) as response:
                body = bytearray()
                async for chunk in response.content.iter_any():
                    body += chunk
                    if len(body) > self.limits.body:
                        why = f"the answer is larger than {self.limits.body} bytes"
                        return HttpReply(request.id, 0, body=why.encode())
                headers = tuple((name, value) for name, value in response.headers.items())
                return HttpReply(request.id, response.status, headers, bytes(body))
        except TimeoutError:
            return HttpReply(request.id, 0, body=b"no answer in time")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return HttpReply(request.id, 0, body=(str(error) or type(error).__name__).encode("utf-8", "replace"))

    def _take(self, result: tuple[Phone, tuple[Output, ...]]) -> None:
        before = self.phone.report
        self.phone, outputs = result
        self.pending += outputs
        report = self.phone.report
        if report is not None and report is not before:
            self.reports.append(report)

    def _report(self, truncated: str) -> Boot:
        phone = self.phone
        # Runs of a boot that a reboot key caused find their files unchanged: still the server's configuration.
        outcomes = [report.outcome for report in self.reports]
        fetched = "applied" in outcomes and outcomes[-1] in ("applied", "unchanged") and bool(phone.settings.keys)
        return Boot(
            phone.model.name,
            phone.mac,
            fetched,
            tuple(self.exchanges),
            tuple(self.reports),
            tuple(self.registrations),
            phone.screen,
            phone.settings.dict(),
            self.waited / 1000,
            self.real_time,
            truncated,
        )


def masked(report: Boot) -> Boot:
    """The report without secrets: values of keys that are named like passwords are replaced by asterisks."""
    settings = {
        key: "********" if value and any(word in key for word in SECRETS) else value
        for key, value in report.settings.items()
    }
    return structs.replace(report, settings=settings)
