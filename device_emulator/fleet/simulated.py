"""A storm in virtual time: the same engine, and in place of sockets and server a queue with so many workers.

Nothing here waits or draws from outside: the same seed gives the same report, to the byte. A request takes its turn,
then `workers / rate` seconds of a worker (exactly, or on average where `varying`); the wire takes no time.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush

from msgspec import Struct

from device_emulator.fleet.engine import Ask, Engine
from device_emulator.messages import HttpReply

FOREVER = float("inf")


class Server(Struct, frozen=True):
    """What is simulated: `rate` requests a second at most, by `workers` that work side by side; a request that finds
    `backlog` others waiting is answered 503 at once (0: all may wait). `size` bytes has a phone's own file."""

    rate: float = 500.0
    workers: int = 4
    backlog: int = 0
    varying: bool = False
    size: int = 8_000
    seed: int = 1


class Queue:
    """The server at work. `busy` is the sum of its workers' busy seconds."""

    def __init__(self, server: Server, done: Callable[[Ask, HttpReply, float], None]) -> None:
        self.server, self.done = server, done
        self.chance = random.Random(server.seed)
        self.idle = server.workers
        self.line: deque[Ask] = deque()
        self.ends: list[tuple[float, int, Ask, HttpReply | None]] = []
        self.serial = 0
        self.busy = 0.0

    def arrive(self, ask: Ask, now: float) -> None:
        """A request."""
        if self.idle:
            self._begin(ask, now)
        elif self.server.backlog and len(self.line) >= self.server.backlog:
            self._end_at(now, ask, HttpReply(ask.request.id, 503, (("Retry-After", "1"),)))
        else:
            self.line.append(ask)

    def _begin(self, ask: Ask, now: float) -> None:
        self.idle -= 1
        mean = self.server.workers / self.server.rate
        took = self.chance.expovariate(1 / mean) if self.server.varying else mean
        self.busy += took
        self._end_at(now + took, ask, None)

    def _end_at(self, instant: float, ask: Ask, reply: HttpReply | None) -> None:
        self.serial += 1
        heappush(self.ends, (instant, self.serial, ask, reply))

    @property
    def due(self) -> float:
        """When the next answer leaves."""
        return self.ends[0][0] if self.ends else FOREVER

    def finish(self) -> None:
        """Let the next answer leave."""
        now, _, ask, reply = heappop(self.ends)
        if reply is None:
            reply = answer(ask, self.server.size)
            self.idle += 1
            if self.line:
                self._begin(self.line.popleft(), now)
        self.done(ask, reply, now)


def answer(ask: Ask, size: int) -> HttpReply:
    """What an ordinary server has: the common file and the phone's own, and neither boot files nor firmware."""
    name = ask.request.url.rpartition("/")[2]
    mac = ask.unit.desk.mac
    if not name.endswith(".cfg"):
        return HttpReply(ask.request.id, 404)
    own = name.lower() == f"{mac}.cfg"
    return HttpReply(ask.request.id, 200, (), _body(ask.unit.desk.model.vendor, own, size))


_BODIES: dict[tuple[str, bool, int], bytes] = {}


def _body(vendor: str, own: bool, size: int) -> bytes:
    """The same for all phones of a vendor: what it says of a line is not what is measured."""
    body = _BODIES.get((vendor, own, size))
    if body is None:
        body = (OWN if own else COMMON)[vendor]
        if own:
            body += b"#" * max(0, size - len(body) - 1) + b"\n"
        _BODIES[vendor, own, size] = body
    return body


COMMON = {"yealink": b"#!version:1.0.0.1\nsip.notify_reboot_enable = 0\n", "aastra": b"time format: 1\n"}
OWN = {
    "yealink": b"#!version:1.0.0.1\naccount.1.enable = 1\naccount.1.label = Storm\naccount.1.user_name = 204\n"
    b"account.1.password = simulated\naccount.1.sip_server.1.address = pbx.invalid\n",
    "aastra": b"sip line1 screen name: Storm\nsip line1 user name: 204\nsip line1 password: simulated\n"
    b"sip registrar ip: pbx.invalid\n",
}


def play(
    engine: Engine,
    queue: Queue,
    until: float = FOREVER,
    stopped: Callable[[], bool] = lambda: False,
    tick: Callable[[float], None] | None = None,
) -> float:
    """Run until every phone has come to an end, until that instant, or until `stopped`, which is asked every 500
    events, as `tick` is called. Returns the instant at which it ended."""
    now, count = 0.0, 0
    while not engine.over:
        planned = engine.due
        instant = min(FOREVER if planned is None else planned, queue.due)
        if instant > until:
            return until
        now = instant
        if queue.due <= now:
            queue.finish()
        else:
            engine.advance(now)
        count += 1
        if count % 500 == 0:
            if stopped():
                break
            if tick is not None:
                tick(now)
    return now
