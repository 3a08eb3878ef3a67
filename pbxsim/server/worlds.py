"""The worlds that a server hosts: main, and forks in memory that somebody asked for.

A fork is a value and costs next to nothing; what ends it is its owner, or a time without use (a day, unless told
otherwise). Who asks for one that has ended is told so, and why.

Where phones fetch. An emulated phone's flash holds the URL it was staged with, and a fork's phones were staged in
main; in process the host in that URL means *this* world, so a fork keeps main's nature, address and all. A real phone
reaches a fork at /w/<id>/provision/: `outside` is the same nature with that prefix. It is swapped in for the one
request rather than the path rewritten, because a digest answer covers the URL as sent; and every address in the answer
leads back here. (A file that PISTON froze before the fork keeps main's address: that is what frozen means.)
"""

from __future__ import annotations

import asyncio
import re
import secrets as chance
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from msgspec import structs

from pbxsim.core.refusals import Fault, Gone, Invalid, NotFound
from pbxsim.platforms import PLATFORMS
from pbxsim.server.clock import Clock, Mode
from pbxsim.world import World, secrets, utc_offset
from pbxsim.world.state import Nature, WorldState
from provisioning.messages import Request, Response

MAIN = "main"
UNUSED = timedelta(days=1)
REMEMBERED = 10_000  # of worlds that have ended: why
Seeded = tuple[Nature, WorldState]  # what a world begins with
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def nature(key: bytes, origin: str) -> Nature:
    """A server's worlds draw their chance from the operating system; `key` signs nonces and conceals PINs."""
    return Nature(
        platforms=PLATFORMS,
        key=key,
        conceal=secrets.fast(key),
        verify=secrets.verifier(key),
        salt=lambda _: chance.token_hex(16),
        offset=utc_offset,
        draw=lambda _: chance.token_urlsafe(24),
        origin=origin,
    )


class WorldGone(Gone):
    """A world has ended; says why."""

    def __init__(self, id_: str, reason: str) -> None:
        super().__init__("world", id_)
        self.reason = reason
        self.args = (f"The world {id_} {reason}.",)


class Hosted:
    """One world on the server. Only main is durable; only the engine lets anything happen in it."""

    def __init__(
        self, id_: str, world: World, mode: Mode, rate: float, back: Callable[[], Seeded], durable: bool = False
    ) -> None:
        self.id = id_
        self.world = world
        self.durable = durable
        self.clock = Clock(world, mode, rate)
        self.created = datetime.now(UTC)
        self.back = back  # to the seed: may take long, and knows nothing of the present state
        self.stirred = asyncio.Event()  # something was done by hand: what is due next may have changed
        self.moving = asyncio.Lock()  # one advance, settle or reset at a time
        self.ticking: asyncio.Task[None] | None = None
        self.touched: dict[tuple[str, Any], None] = {}  # since the engine last looked
        self.told = world.state.recorded  # events that the engine has passed on
        self.ended = ""  # why, once it has
        self.settle_in(world.nature)
        world.on_change = self.touched.update

    def settle_in(self, nature: Nature) -> None:
        """Its world has this nature from here on: the key of what was restored into it, say."""
        self.world.nature = nature
        self._outside: Nature | None = None

    @property
    def outside(self) -> Nature:
        """Its nature, as real phones reach it. Made when the first one does: most forks never see one."""
        if self._outside is None:
            nature = self.world.nature
            self._outside = structs.replace(nature, prefix=f"/w/{self.id}{nature.prefix}")
        return self._outside

    def check(self) -> None:
        """Raises WorldGone once it has ended."""
        if self.ended:
            raise WorldGone(self.id, self.ended)

    def provision(self, request: Request, origin: str) -> Response:
        """Answer a real phone. `request.url` is what it sent; `origin` the scheme and host it sent it to."""
        world, inside, outside = self.world, self.world.nature, self.outside
        if not request.url.startswith(outside.prefix):
            return world.provision(request, origin)
        world.nature = outside
        try:
            return world.provision(request, origin)
        finally:
            world.nature = inside


class Worlds:
    """By id, the longest unused first."""

    def __init__(self, unused: timedelta = UNUSED, clock: Callable[[], float] = monotonic) -> None:
        """`unused` zero: none ever expires."""
        self._clock = clock
        self._hosted: dict[str, Hosted] = {}
        self._used: dict[str, float] = {}
        self._ended: dict[str, str] = {}
        self.expiry = unused

    def add(self, hosted: Hosted) -> None:
        """Begin to host it."""
        self._hosted[hosted.id] = hosted
        self._ended.pop(hosted.id, None)
        self.use(hosted.id)

    def get(self, id_: str) -> Hosted:
        """Raises NotFound, or WorldGone with the reason."""
        hosted = self._hosted.get(id_)
        if hosted is not None:
            self.use(id_)
            return hosted
        if id_ in self._ended:
            raise WorldGone(id_, self._ended[id_])
        raise NotFound("world", id_, "Fork one: POST /api/v1/worlds.")

    def peek(self, id_: str) -> Hosted | None:
        """The same without using it: whoever only looks keeps no world alive."""
        return self._hosted.get(id_)

    def all(self) -> list[Hosted]:
        """Main first, then by id."""
        return sorted(self._hosted.values(), key=lambda hosted: (hosted.id != MAIN, hosted.id))

    def end(self, id_: str, reason: str) -> Hosted:
        """Host it no longer. Raises as `get` does."""
        hosted = self.get(id_)
        del self._hosted[id_], self._used[id_]
        self._ended[id_] = hosted.ended = reason
        if len(self._ended) > REMEMBERED:
            del self._ended[next(iter(self._ended))]
        return hosted

    def unused(self) -> list[str]:
        """The forks that nobody has asked for in a long time."""
        if not self.expiry:
            return []
        until = self._clock() - self.expiry.total_seconds()
        found = []
        for id_, used in self._used.items():  # oldest first
            if used > until:
                break
            if id_ != MAIN:
                found.append(id_)
        return found

    def new_id(self, wanted: str | None) -> str:
        """An unguessable id, or the wanted one if it is free. Raises Invalid."""
        if wanted is None:
            return chance.token_urlsafe(16)
        if not _ID.fullmatch(wanted):
            raise Invalid([Fault("/id", "must be 1 to 64 letters, digits, hyphens or underscores, no sign first")])
        if wanted in self._hosted:
            raise Invalid([Fault("/id", f"is taken: there is a world {wanted}")])
        return wanted

    def use(self, id_: str) -> None:
        """Somebody needs it now."""
        self._used.pop(id_, None)
        self._used[id_] = self._clock()
