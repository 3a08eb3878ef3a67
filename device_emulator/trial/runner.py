"""A phone against a real provisioning server: `step` driven over HTTP, and a report of what it would show.

Registration is not real here: every REGISTER is granted by the runner itself, and the report says so. Everything is
bounded (requests, bytes, seconds); the phone's own waits are skipped on a virtual clock unless real time is asked for.
With `examine` the phone is power-cycled to see whether the server says the same twice, and the server is asked a few
things that no phone asks: does another case of a file's name exist, is a secret served to anybody?
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

from msgspec import Struct, structs

from device_emulator.firmware import headers
from device_emulator.firmware.contract import Flash, Report
from device_emulator.firmware.textfile import digest
from device_emulator.lint import Given
from device_emulator.lint.addresses import WHEN, Address, addresses
from device_emulator.lint.findings import secret
from device_emulator.lint.security import holds_secret
from device_emulator.messages import (
    HttpReply,
    HttpRequest,
    Input,
    Output,
    PowerLost,
    PowerOn,
    SipReply,
    SipRequest,
    Staged,
    Wake,
)
from device_emulator.models import Model
from device_emulator.phone import Phone, new, step
from device_emulator.phone.state import login
from device_emulator.trial.client import BadAuthorities, Client, Limits, Tls, timed
from device_emulator.trial.exchanges import Boot, Exchange, Purpose, Resource, Served, read
from device_emulator.wire import transfer

__all__ = ["BadAuthorities", "Boot", "Exchange", "Limits", "Tls", "boot", "masked"]

_REDIRECTS = (301, 302, 303, 307, 308)
_NO_CONFIGURATION = (".st", ".rom", ".tuz", ".enc")


class How(Struct, frozen=True):
    """How to run it. `follow`: other servers are asked as well, if files or answers name them. `examine`: see the
    module. `flash`: what the phone has in its memory, None for one out of its box."""

    real_time: bool = False
    limits: Limits = Limits()
    tls: Tls = Tls()
    follow: bool = False
    examine: bool = False
    flash: Flash | None = None


async def boot(
    model: Model,
    mac: str,
    url: str,
    username: str = "",
    password: str = "",
    *,
    how: How | None = None,
    real_time: bool = False,
    limits: Limits | None = None,
) -> Boot:
    """Stage a phone at a server, plug it in, and wait until nothing more happens by itself.

    `url` is what an installer enters, http or https; `real_time` and `limits` are short for those of `how`. Raises
    `ValueError` for a bad MAC and `BadAuthorities` for a file that holds none; everything that goes wrong at the server
    is in the report.
    """
    how = how or How(real_time, limits or Limits())
    phone = new(model, mac)
    if how.flash is not None:
        phone = structs.replace(phone, flash=how.flash)
    async with Client(url, how.limits, how.tls, how.follow) as client:
        return await _Run(phone, client, how).to_the_end(Staged(url, username, password))


class _Run:
    """The shell around one phone: its clock, what is still to be answered, and what has been seen."""

    def __init__(self, phone: Phone, client: Client, how: How) -> None:
        self.phone, self.client, self.how = phone, client, how
        self.now = int(time.time()) * 1000
        self.waited = 0
        self.purpose: Purpose = "boot"
        self.pending: list[Output] = []
        self.exchanges: list[Exchange] = []
        self.reports: list[Report] = []
        self.registrations: list[str] = []
        self.served: list[Served] = []
        self.redirected = ""  # the file whose fetch was sent elsewhere, until its answer comes

    async def to_the_end(self, staged: Staged) -> Boot:
        self._put(staged)
        self.pending.clear()  # a phone without power sends nothing
        self._put(PowerOn())
        truncated = await self._settle()
        # Runs of a boot that a reboot key caused find their files unchanged: still the server's configuration.
        phone, reports, waited = self.phone, tuple(self.reports), self.waited
        resources: tuple[Resource, ...] = ()
        if self.how.examine and not truncated:
            if self.served and len({one.run for one in self.served}) < 2:
                truncated = await self._once_more()
            await self._other_case()
            await self._anonymously()
            resources = tuple([one async for one in self._resources()])
        outcomes = [report.outcome for report in reports]
        fetched = outcomes[-1:] in (["applied"], ["unchanged"]) and bool(phone.settings.keys)
        if self.how.flash is None:
            fetched = fetched and "applied" in outcomes
        return Boot(
            phone.model.name,
            phone.mac,
            self.client.staged,
            fetched,
            tuple(self.exchanges),
            reports,
            tuple(self.registrations),
            phone.screen,
            phone.settings.dict(),
            waited / 1000,
            self.how.real_time,
            truncated,
            tuple(self.served),
            resources,
            self.phone.flash,
        )

    # ---- the phone

    async def _settle(self) -> str:
        """Until nothing happens by itself any more; which limit ended it early, '' if none did."""
        most = len(self.exchanges) + self.how.limits.requests
        while self.pending or self.phone.busy:
            if len(self.exchanges) >= most:
                return f"stopped after {self.how.limits.requests} requests: does the phone reboot in a loop?"
            if self.client.received > self.how.limits.total:
                return f"stopped after {self.how.limits.total} bytes"
            if self.pending:
                await self._answer(self.pending.pop(0))
            else:
                await self._wait()
        return ""

    async def _wait(self) -> None:
        due = self.phone.due or self.now
        pause = max(0, due - self.now)
        if self.how.real_time:
            await asyncio.sleep(pause / 1000)
        self.waited += pause
        self.now = max(due, self.now)
        self._put(Wake())

    async def _answer(self, output: Output) -> None:
        if isinstance(output, HttpRequest):
            reply = await self._ask(output, self.purpose)
            self._put(reply)
        elif isinstance(output, SipRequest) and output.method == "REGISTER":
            if output.expires and output.aor not in self.registrations:
                self.registrations.append(output.aor)
            self._put(SipReply(output.id, 200, "OK (simulated)", output.expires))

    def _put(self, input: Input) -> None:
        before = self.phone.report
        self.phone, outputs = step(self.phone, input, self.now)
        self.pending += outputs
        report = self.phone.report
        if report is not None and report is not before:
            self.reports.append(report)

    async def _ask(self, request: HttpRequest, purpose: Purpose, most: int | None = None) -> HttpReply:
        """Ask the server, and write it down."""
        reading = self.phone.phase in ("fetching", "updating")
        started = timed()
        reply = await self.client.ask(request, most)
        ms = (timed() - started) * 1000
        if self.how.real_time:
            self.now += int(ms)  # otherwise the clock stands still meanwhile: the same waits each time
        why = reply.body.decode("utf-8", "replace") if reply.status == 0 else ""
        body = b"" if reply.status == 0 else reply.body
        file = self.redirected or self._file(request.url)
        self.redirected = file if reply.status in _REDIRECTS else ""
        credentials = any(name == "Authorization" for name, _ in request.headers)
        where = reply.header("location")[:300] if reply.status in _REDIRECTS else ""
        run = len(self.reports) + reading
        self.exchanges.append(
            Exchange(
                request.method,
                request.url,
                file,
                purpose,
                run,
                reply.status,
                len(body),
                round(ms, 1),
                why,
                credentials,
                where,
                reply.certificate,
                reading,
            )
        )
        if reply.certificate and self._checks():
            reading = False
        if purpose in ("boot", "again") and reading and reply.status == 200 and not file.endswith(_NO_CONFIGURATION):
            self.served.append(Served(file, request.url, body, run, credentials, digest(body)))
        return reply

    def _checks(self) -> bool:
        return self.phone.firmware.checks_certificates(self.phone.model, self.phone.settings)

    def _file(self, url: str) -> str:
        """What a URL is called: relative to the address that was staged, where it is there."""
        base = transfer.split_login(self.client.staged)[0]
        base = base if base.endswith("/") else base + "/"
        return url[len(base) :] or "/" if url.startswith(base) else url

    # ---- what no phone asks

    async def _once_more(self) -> str:
        """A power cycle: does the server say the same again?"""
        self.purpose = "again"
        self._put(PowerLost())
        self.pending.clear()
        self._put(PowerOn())
        return await self._settle()

    async def _other_case(self) -> None:
        """Files with the MAC in their name that were not there: would the other case have been?"""
        absent = {
            one.file: one.url
            for one in self.exchanges
            if one.status == 404 and one.purpose == "boot" and not (one.certificate and self._checks())
        }
        for file, url in list(absent.items())[:4]:
            mac = self.phone.mac
            other = mac.upper() if mac in file else mac.lower() if mac.upper() in file else ""
            if other and mac.upper() != mac:
                head, _, tail = url.rpartition("/")
                await self._get(f"{head}/{tail.replace(mac, other).replace(mac.upper(), other)}", "other-case")

    async def _anonymously(self) -> None:
        """Files with secrets that were asked for with credentials: would anybody have got them?"""
        for served in {one.file: one for one in self.served if one.authenticated}.values():
            if holds_secret(read(served, self.phone.model)):
                agent = self.phone.firmware.user_agent(self.phone.model, self.phone.mac, self.phone.flash.settings)
                await self._ask(HttpRequest(0, "GET", served.url, (("User-Agent", agent),)), "anonymous", 1)

    async def _resources(self) -> AsyncIterator[Resource]:
        """What the files name besides, asked for where that is allowed and a phone would do it by itself."""
        asked = 0
        by_phone = {one.url: one for one in self.exchanges if one.purpose in ("boot", "again")}
        for address in self._addresses():
            url = address.url.replace("$PN", self.phone.model.product).replace("$MAC", self.phone.mac)
            why = self.client.refusal(url)
            if not why and address.purpose not in ("firmware", "resource"):
                why = f"not fetched: the phone asks for it {WHEN[address.purpose]}"
            if not why and asked >= self.how.limits.resources:
                why = f"not fetched: {asked} others were"
            if why and url in by_phone and by_phone[url].status:
                why = f"the phone asked for it itself, and the server answered {by_phone[url].status}"
            if why:
                yield Resource(address.key, url, address.file, address.line, address.purpose, why)
                continue
            asked += 1
            done = await self._get(url, "resource", self.how.limits.sample)
            text = done.why or ("fetched" if done.status == 200 else f"the server answered {done.status}")
            yield Resource(
                address.key,
                url,
                address.file,
                address.line,
                address.purpose,
                text,
                done.status,
                len(done.body),
                done.body,
            )

    def _addresses(self) -> Iterator[Address]:
        last = {one.file: one for one in self.served}
        given = Given([read(one, self.phone.model) for one in last.values()])
        seen: set[tuple[str, str]] = set()
        for address in addresses(given.configs):
            if (address.key, address.url) not in seen and len(seen) < 200:
                seen.add((address.key, address.url))
                yield address

    async def _get(self, url: str, purpose: Purpose, most: int | None = None) -> transfer.Done:
        """Fetch as the phone would, with its credentials for its own server, and redirects."""
        phone = self.phone
        agent = phone.firmware.user_agent(phone.model, phone.mac, phone.flash.settings)
        fetch, session = transfer.Fetch(0, url), phone.session
        self.redirected = ""
        while True:
            session, request = transfer.send(fetch, session, login(phone), agent, headers.accept(phone.model))
            reply = await self._ask(request, purpose, most)
            if reply.certificate and self._checks():
                return transfer.Done(0, b"", f"the server's certificate: {reply.certificate}")
            outcome = transfer.receive(fetch, session, login(phone), reply)
            if isinstance(outcome, transfer.Done):
                return outcome
            fetch, session = outcome


def masked(report: Boot) -> Boot:
    """The report without secrets: values of keys that are named like passwords are replaced by asterisks."""
    settings = {key: "********" if value and secret(key) else value for key, value in report.settings.items()}
    return structs.replace(report, settings=settings)
