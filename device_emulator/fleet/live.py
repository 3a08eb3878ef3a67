"""A storm over real sockets in real time: connections, the clock that wakes the engine, and a watch on ourselves.

A phone's connections are taken from a pool while keep-alive is on; without it each request has its own. Names are
resolved once, before the start. The watch measures how late the loop is and how much of a core this process uses: when
the generator is the limit, the report has to say so.
"""

from __future__ import annotations

import asyncio
import errno
import ssl
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any, cast
from urllib.parse import urlsplit

from msgspec import Struct

from device_emulator.fleet.engine import Ask, Engine
from device_emulator.fleet.tally import Durations
from device_emulator.fleet.wire import Answer, BadAnswer, Reader, write
from device_emulator.messages import HttpReply

BEAT = 0.02  # s between two looks at how late the loop is
SWEEP = 0.25  # s between two looks for requests that have waited too long
OWN_FAULTS = ("no free local port", "no free file handle")
_ERRNOS = {
    errno.EADDRNOTAVAIL: OWN_FAULTS[0],
    errno.EMFILE: OWN_FAULTS[1],
    errno.ENFILE: OWN_FAULTS[1],
    errno.ECONNREFUSED: "refused",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
}


class Manner(Struct, frozen=True):
    """How requests travel. `timeout` is seconds from the first byte sent to the last received, `body` bytes at most."""

    timeout: float = 30.0
    keep_alive: bool = True
    body: int = 1024 * 1024
    verify: bool = True


class Target(Struct, frozen=True):
    """A server, found: where it is reached (`address`, `port`), and how it is called."""

    origin: str
    host: str
    header: str
    address: str
    port: int
    secure: bool


class Watch:
    """The generator, watched. `lag` is how late its loop was; `cores` (second, share of a core it used in it)."""

    def __init__(self) -> None:
        self.lag = Durations()
        self.cores: list[tuple[float, float]] = []
        self.reopened = 0  # connections that the server had closed while they were idle

    def sample(self, now: float, wall: float, cpu: float) -> None:
        """One stretch of time is over."""
        self.cores.append((now, cpu / wall if wall > 0 else 0.0))


class Link(asyncio.Protocol):
    """One connection; at most one ask is on it."""

    def __init__(self, pool: Pool, ask: Ask) -> None:
        self.pool = pool
        self.ask: Ask | None = ask
        self.reader = Reader(pool.storm.manner.body)
        self.used = 0
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass
        self.pool.links.add(self)
        if self.ask is None:  # it took too long
            self.transport.abort()
        else:
            self.send(self.ask)

    def send(self, ask: Ask) -> None:
        """Put an ask on it."""
        self.ask = ask
        self.used += 1
        self.reader.reset()
        self.transport.write(self.pool.bytes_of(ask))

    def data_received(self, data: bytes) -> None:
        now = self.pool.storm.now()
        if self.ask is None:
            self.transport.abort()  # it speaks without being asked
            return
        try:
            answer = self.reader.feed(data)
        except BadAnswer as error:
            self._fail(now, "not HTTP", str(error))
            self.transport.abort()
            return
        if answer is not None:
            self._done(answer, now)

    def connection_lost(self, error: Exception | None) -> None:
        self.pool.links.discard(self)
        self.pool.forget(self)
        ask = self.ask
        if ask is None:
            return
        now = self.pool.storm.now()
        answer = self.reader.eof() if error is None else None
        if answer is not None:
            self._done(answer, now)
        elif self.used > 1 and self.reader.untouched:
            self.ask = None
            self.pool.storm.watch.reopened += 1
            self.pool.open(ask)  # closed while idle: a client may, and does, ask once more (RFC 9112, 9.3.1)
        elif error is not None:
            self._fail(now, *why(error))
        else:
            self._fail(now, "closed early", "the server closed the connection before its answer was whole")

    def give_up(self, now: float) -> None:
        """It has taken too long."""
        self._fail(now, "timeout", "no answer in time")
        self.transport.abort()

    def _fail(self, now: float, kind: str, text: str) -> None:
        ask, self.ask = self.ask, None
        if ask is not None:
            self.pool.storm.answered(ask, HttpReply(ask.request.id, 0, body=text.encode()), now, kind)

    def _done(self, answer: Answer, now: float) -> None:
        ask, self.ask = self.ask, None
        if ask is None:
            return
        if answer.keep and self.pool.storm.manner.keep_alive and not self.transport.is_closing():
            self.pool.idle.append(self)
        else:
            self.transport.close()
        self.pool.storm.answered(ask, HttpReply(ask.request.id, answer.status, answer.headers, answer.body), now)


class Pool:
    """The connections to one server."""

    def __init__(self, storm: Storm, target: Target) -> None:
        self.storm, self.target = storm, target
        self.idle: list[Link] = []
        self.links: set[Link] = set()
        self.opening: set[asyncio.Task[None]] = set()
        self.tls = tls(storm.manner.verify) if target.secure else None
        scheme = "https" if target.secure else "http"
        self.prefix = f"{scheme}://{target.header}/"

    def carry(self, ask: Ask) -> None:
        """On a connection that is free, or on a new one."""
        while self.idle:
            link = self.idle.pop()
            if not link.transport.is_closing():
                link.send(ask)
                return
        self.open(ask)

    def open(self, ask: Ask) -> None:
        """On a new connection."""
        task = asyncio.get_running_loop().create_task(self._open(ask))
        self.opening.add(task)
        task.add_done_callback(self.opening.discard)

    async def _open(self, ask: Ask) -> None:
        loop, target = asyncio.get_running_loop(), self.target
        link = Link(self, ask)
        try:
            async with asyncio.timeout(self.storm.manner.timeout):
                await loop.create_connection(
                    lambda: link,
                    target.address,
                    target.port,
                    ssl=self.tls,
                    server_hostname=target.host if self.tls else None,
                )
        except (OSError, TimeoutError) as error:
            if link.ask is not None:
                link.ask = None
                kind, text = why(error)
                reply = HttpReply(ask.request.id, 0, body=text.encode("utf-8", "replace"))
                self.storm.answered(ask, reply, self.storm.now(), kind)

    def bytes_of(self, ask: Ask) -> bytes:
        """The request as it travels."""
        url = ask.request.url
        if url.startswith(self.prefix):
            path = url[len(self.prefix) - 1 :].partition("#")[0]
        else:  # written in another way: a default port, upper case, a query right after the host
            parts = urlsplit(url)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return write(ask.request, self.target.header, path, self.storm.manner.keep_alive)

    def forget(self, link: Link) -> None:
        """A connection is gone."""
        if link in self.idle:
            self.idle.remove(link)

    def sweep(self, now: float) -> None:
        """End what has taken too long."""
        for link in [*self.links]:
            if link.ask is not None and now - link.ask.sent > self.storm.manner.timeout:
                link.give_up(now)

    async def close(self) -> None:
        """End all of it."""
        for task in [*self.opening]:
            task.cancel()
        await asyncio.gather(*self.opening, return_exceptions=True)
        for link in [*self.links]:
            link.ask = None
            link.transport.abort()
        await asyncio.sleep(0)


class Storm:
    """One storm under way: the engine on a real clock."""

    def __init__(self, targets: dict[str, Target], manner: Manner) -> None:
        self.manner = manner
        self.engine: Engine
        self.watch = Watch()
        self.pools = {origin: Pool(self, target) for origin, target in targets.items()}
        self.start = 0.0
        self.timer: asyncio.TimerHandle | None = None
        self.armed = float("inf")
        self.ended: asyncio.Future[None]

    def now(self) -> float:
        """Seconds since the beginning."""
        return perf_counter() - self.start

    def carry(self, ask: Ask, now: float) -> None:
        """What the engine hands its asks to."""
        self.pools[ask.unit.origin].carry(ask)

    def answered(self, ask: Ask, reply: HttpReply, now: float, failure: str = "") -> None:
        """An ask has come to its end."""
        try:
            self.engine.answered(ask, reply, now, failure)
        except Exception as error:  # a fault of ours: it ends the storm, and is not left in a callback
            self._broken(error)
        self._go_on()

    def _broken(self, error: Exception) -> None:
        if not self.ended.done():
            self.ended.set_exception(error)

    async def run(
        self, until: float | None, stop: asyncio.Event, tick: Callable[[float], None] | None = None
    ) -> tuple[float, bool]:
        """Play until the last phone is done, `until`, or `stop`; (seconds it took, whether it was stopped)."""
        loop = asyncio.get_running_loop()
        self.ended = loop.create_future()
        self.watch = Watch()
        self.start = perf_counter()
        self.armed = float("inf")
        beat = loop.create_task(self._beat(tick))
        stopping = loop.create_task(stop.wait())
        try:
            self._go_on()
            waited: set[asyncio.Future[Any]] = {self.ended, stopping, beat}
            await asyncio.wait(waited, timeout=until, return_when=asyncio.FIRST_COMPLETED)
            took = self.now()
            for done in (beat, self.ended):
                if done.done():
                    done.result()
        finally:
            if self.timer is not None:
                self.timer.cancel()
            beat.cancel()
            stopping.cancel()
            await asyncio.gather(beat, stopping, return_exceptions=True)
        return took, stop.is_set()

    async def close(self) -> None:
        """Close every connection."""
        for pool in self.pools.values():
            await pool.close()

    def _go_on(self) -> None:
        """Do what is due, set the clock for what is next, and see whether it is over."""
        engine = self.engine
        due = engine.due
        if due is not None:
            now = self.now()
            if due <= now:
                try:
                    engine.advance(now)
                except Exception as error:
                    self._broken(error)
                    return
                due = engine.due
            if due is not None and due < self.armed:
                if self.timer is not None:
                    self.timer.cancel()
                self.armed = due
                self.timer = asyncio.get_running_loop().call_later(max(0.0, due - self.now()), self._ring)
        if engine.over and not self.ended.done():
            self.ended.set_result(None)

    def _ring(self) -> None:
        self.armed, self.timer = float("inf"), None
        self._go_on()

    async def _beat(self, tick: Callable[[float], None] | None) -> None:
        """Look at ourselves and at what has taken too long; `tick` may show how far it is."""
        second, cpu, swept = 0.0, process_time(), 0.0
        while True:
            slept = self.now()
            await asyncio.sleep(BEAT)
            now = self.now()
            self.watch.lag.add(max(0.0, now - slept - BEAT))
            if now - second >= 1:
                spent = process_time()
                self.watch.sample(now, now - second, spent - cpu)
                second, cpu = now, spent
            if now - swept >= SWEEP:
                swept = now
                for pool in self.pools.values():
                    pool.sweep(now)
                self._go_on()
                if tick is not None:
                    tick(now)


def why(error: BaseException) -> tuple[str, str]:
    """(kind, text) of what prevented an answer."""
    text = str(error) or type(error).__name__
    if isinstance(error, TimeoutError):
        return "timeout", "no connection in time"
    if isinstance(error, ssl.SSLError):
        return "TLS", text
    if isinstance(error, ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
        return "reset", "the server reset the connection"
    return _ERRNOS.get(getattr(error, "errno", 0) or 0, "cannot connect"), text


def tls(verify: bool) -> ssl.SSLContext:
    """How secure connections are made."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
