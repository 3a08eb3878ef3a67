"""Idempotency keys: a POST that is sent again with the same key gets the first one's answer, and does nothing twice.

Only what succeeded is remembered: what was refused has changed nothing, and may succeed when it is sent again. A second
request that arrives while the first is under way waits for it. A key means something in one world; the memory is
bounded, and lost with the process.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from msgspec import Struct

from pbxsim.core.refusals import Fault, Invalid
from pbxsim.server.problems import Reply

LIMIT = 10_000  # answers; the oldest go first
LENGTH = 256  # characters of a key


class _Kept(Struct):
    fingerprint: bytes
    reply: asyncio.Future[Reply | None]  # None: it has not succeeded


class Once:
    """The answers of one server."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._kept: OrderedDict[tuple[str, str, str], _Kept] = OrderedDict()

    def forget(self, world: str) -> None:
        """The world is gone, or begins anew."""
        for place in [place for place in self._kept if place[0] == world]:
            del self._kept[place]

    async def __call__(
        self, world: str, key: str, fingerprint: bytes, act: Callable[[], Awaitable[Reply]], who: str = ""
    ) -> Reply:
        """What was answered under that key, or what `act` answers now. Raises Invalid for another request's key. `who`
        is the token's id: nobody gets what another was answered."""
        check(key)
        place = (world, who, key)
        while (there := self._kept.get(place)) is not None:
            if there.fingerprint != fingerprint:
                raise Invalid([Fault("/Idempotency-Key", "was sent with another request; choose a new one")])
            reply = await asyncio.shield(there.reply)
            if reply is not None:
                return reply
        mine = self._kept[place] = _Kept(fingerprint, asyncio.get_running_loop().create_future())
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        succeeded: Reply | None = None
        try:
            reply = await act()
            succeeded = reply if reply.status < 300 else None
            return reply
        finally:
            if succeeded is None and self._kept.get(place) is mine:
                del self._kept[place]
            mine.reply.set_result(succeeded)


def check(key: str) -> None:
    """Raises Invalid for what can be no key, also where it is not remembered."""
    if not 0 < len(key) <= LENGTH:
        raise Invalid([Fault("/Idempotency-Key", f"must be 1 to {LENGTH} characters")])
