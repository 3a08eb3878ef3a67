"""The load, a process of its own on the first core: a few connections that ask for the next file as soon as the last
byte of the one before has come. Requests are made beforehand, digests included, and an answer is read no further than
it must be: its status, its length, and the name that its file must hold.

One user is renamed now and then; the very next request is for his file, and must show the new name.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Iterator
from time import perf_counter, process_time
from typing import cast

import msgspec

from benchmarks.processes import HOST, pin

CONNECTIONS = 16


class Ask(msgspec.Struct):
    """One request, whole. `name` must be in the answer; `rename` is what changes it, but for the new name."""

    get: bytes
    name: bytes = b""
    rename: bytes = b""


class Job(msgspec.Struct, frozen=True):
    """What to do: alternate between two servers, so many rounds, so long each. The first round does not count."""

    ports: tuple[int, int]
    asks: tuple[list[Ask], list[Ask]]
    rounds: int
    seconds: float
    renames: float  # seconds between two


class Round(msgspec.Struct, frozen=True):
    """What came of one: answers a second, how busy this process was, and how many renames were seen."""

    rate: float
    busy: float
    renamed: int


NEW = b"%-NEW-%"  # stands in `Ask.rename` for the new last name, which is as long


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.ask: Ask
        self.wanted: bytes
        self.data = b""
        self.end = 0  # of the answer, once its length is known
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass
        self.send()

    def send(self) -> None:
        """Ask for the next file."""
        self.ask = self.load.next()
        self.wanted = self.ask.name
        self.data, self.end = b"", 0
        self.transport.write(self.ask.get)

    def data_received(self, data: bytes) -> None:
        self.data = self.data + data if self.data else data
        if not self.end:
            head = self.data.find(b"\r\n\r\n") + 4
            if head < 4:
                return
            self.end = head + length(self.data[:head])
        if len(self.data) >= self.end:
            self.load.received(self.ask, self.wanted, self.data)
            if self.load.over:
                self.transport.close()
            else:
                self.send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.load.over:
            self.load.fail("the server closed a connection")


def length(head: bytes) -> int:
    """Content-Length of a head; RuntimeError unless it is a 200."""
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"expected 200: {head!r}")
    at = head.lower().index(b"content-length:") + 15
    return int(head[at : head.index(b"\r", at)])


class Load:
    """One round at one server."""

    def __init__(self, port: int, asks: list[Ask], seed: int) -> None:
        self.port, self.asks = port, asks
        self.chance = random.Random(seed)
        self.turn = self._shuffled()
        self.urgent: list[Ask] = []
        self.renaming: Ask | None = None
        self.count = self.renamed = 0
        self.over = False
        self.failed: asyncio.Future[None]

    def _shuffled(self) -> Iterator[Ask]:
        while True:
            yield from self.chance.sample(self.asks, len(self.asks))

    def next(self) -> Ask:
        """All files in random order, again and again; but first that of whoever has just been renamed."""
        return self.urgent.pop() if self.urgent else next(self.turn)

    def received(self, ask: Ask, wanted: bytes, answer: bytes) -> None:
        """An answer is whole. It shows the name that was his when it was asked for; or a newer one, if he has been
        renamed meanwhile, or is being renamed now."""
        self.count += 1
        if wanted not in answer and ask.name not in answer and ask is not self.renaming:
            self.fail(f"expected {wanted!r} in {answer!r}")

    def fail(self, why: str) -> None:
        """End the round with an error."""
        if not self.failed.done():
            self.failed.set_exception(RuntimeError(why))

    async def run(self, seconds: float, renames: float) -> Round:
        """Put the load on for so long."""
        loop = asyncio.get_running_loop()
        self.failed = loop.create_future()
        loop.set_exception_handler(lambda loop, context: self.fail(str(context.get("exception") or context)))
        began, spent = perf_counter(), process_time()
        for _ in range(CONNECTIONS):
            await loop.create_connection(lambda: Client(self), HOST, self.port)
        renaming = asyncio.create_task(self._rename(renames)) if self.asks[0].rename else None
        waiting = asyncio.create_task(asyncio.sleep(seconds))
        await asyncio.wait({self.failed, waiting, *filter(None, (renaming,))}, return_when=asyncio.FIRST_COMPLETED)
        self.over = True
        took = perf_counter() - began
        result = Round(self.count / took, (process_time() - spent) / took, self.renamed)
        waiting.cancel()
        if self.failed.done():
            self.failed.result()
        if renaming is not None:
            await renaming  # a rename under way must be known to the next round
        return result

    async def _rename(self, pause: float) -> None:
        """Until the round is over. Once the rename is answered, whoever asks gets the new name."""
        reader, writer = await asyncio.open_connection(HOST, self.port)
        while not self.over:
            ask = self.chance.choice(self.asks)
            name = b"%07d" % self.chance.randrange(10_000_000)
            self.renaming = ask
            writer.write(ask.rename.replace(NEW, name))
            await reader.readexactly(length(await reader.readuntil(b"\r\n\r\n")))
            ask.name, self.renaming = b"User " + name, None
            self.urgent.append(ask)
            self.renamed += 1
            await asyncio.sleep(pause)
        writer.close()


async def work(job: Job) -> list[tuple[Round, Round]]:
    """All rounds."""
    rounds = []
    for number in range(job.rounds + 1):
        first, second = [
            await Load(port, asks, number).run(job.seconds, job.renames)
            for port, asks in zip(job.ports, job.asks, strict=True)
        ]
        rounds.append((first, second))
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
