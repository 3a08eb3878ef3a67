"""The load of `api`, a process of its own on the first core: so many clients that each keep their connection and ask
again as soon as they are answered. An answer is read no further than its status and its length.
"""

from __future__ import annotations

import asyncio
import sys
from time import perf_counter, process_time
from typing import cast

import msgspec

from benchmarks.processes import HOST, pin

MORE = b"%--N-%"  # stands in a request for a number that no other has


class Job(msgspec.Struct, frozen=True):
    """Alternate between servers, so many rounds after one that does not count; `first` is the first number."""

    ports: list[int]
    request: bytes
    status: int
    clients: int
    rounds: int
    seconds: float
    first: int = 200_000


class Round(msgspec.Struct, frozen=True):
    """Answers a second, how busy this process was, and what each answer took, in seconds."""

    rate: float
    busy: float
    took: list[float]


class Load:
    """One round at one server."""

    def __init__(self, port: int, job: Job, first: int) -> None:
        self.port, self.job, self.number = port, job, first
        self.expected = b"HTTP/1.1 %d " % job.status
        self.took: list[float] = []
        self.over = False
        self.failed: asyncio.Future[None]

    def next(self) -> bytes:
        """The next request."""
        self.number += 1
        return self.job.request.replace(MORE, b"%06d" % self.number)

    async def run(self) -> Round:
        """All clients at once."""
        loop = asyncio.get_running_loop()
        self.failed = loop.create_future()
        began, spent = perf_counter(), process_time()
        for _ in range(self.job.clients):
            await loop.create_connection(lambda: Client(self), HOST, self.port)
        await asyncio.wait({self.failed}, timeout=self.job.seconds)
        self.over = True
        took = perf_counter() - began
        if self.failed.done():
            self.failed.result()
        return Round(len(self.took) / took, (process_time() - spent) / took, self.took)


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.data = b""
        self.end = 0
        self.since = 0.0
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.ask()

    def ask(self) -> None:
        self.data, self.end, self.since = b"", 0, perf_counter()
        self.transport.write(self.load.next())

    def data_received(self, data: bytes) -> None:
        self.data += data
        if not self.end:
            head = self.data.find(b"\r\n\r\n") + 4
            if head < 4:
                return
            if not self.data.startswith(self.load.expected):
                self.fail(f"expected {self.load.expected!r}: {self.data!r}")
                return
            at = self.data.lower().index(b"content-length:") + 15
            self.end = head + int(self.data[at : self.data.index(b"\r", at)])
        if len(self.data) >= self.end:
            if self.load.over:
                self.transport.close()
                return
            self.load.took.append(perf_counter() - self.since)
            self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.load.over:
            self.fail("the server closed a connection")

    def fail(self, why: str) -> None:
        if not self.load.failed.done():
            self.load.failed.set_exception(RuntimeError(why))


async def work(job: Job) -> list[list[Round]]:
    """All rounds; of each, one at every server."""
    first, rounds = job.first, []
    for _ in range(job.rounds + 1):
        here = []
        for port in job.ports:
            load = Load(port, job, first)
            here.append(await load.run())
            first = load.number
            await asyncio.sleep(0.02)  # the last answers come in
        rounds.append(here)
    return rounds[1:]


def main() -> None:
    """A `Job` on standard input, its rounds on standard output."""
    pin(0)
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    try:
        import uvloop
    except ImportError:
        rounds = asyncio.run(work(job))
    else:
        rounds = uvloop.run(work(job))
    print(msgspec.json.encode(rounds).decode())


if __name__ == "__main__":
    main()
