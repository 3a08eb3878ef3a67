"""Idempotency keys: a POST that is sent again with the same key gets the first one's answer, and does nothing twice.

Only what succeeded is remembered: what was refused has changed nothing, and may succeed when it is sent again. A second
request that arrives while the first is under way waits for it. The memory is bounded, per world, and lost with the
process.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from msgspec import Struct

from pbxsim.core.refusals import Fault, Invalid
from pbxsim.server.problems import Answer

LIMIT = 1000  # keys per world
LENGTH = 256  # characters of a key


class _Kept(Struct):
    fingerprint: bytes
    answer: asyncio.Future[Answer | None]  # None: it has not succeeded


class Once:
    """The answers of one server, by world and key."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._worlds: dict[str, OrderedDict[str, _Kept]] = {}

    def forget(self, world: str) -> None:
        """The world is gone, or begins anew."""
        self._worlds.pop(world, None)

    async def __call__(self, world: str, key: str, fingerprint: bytes, act: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer kept under that key, or what `act` answers now. Raises Invalid if the key was another request's."""
        if not 0 < len(key) <= LENGTH:
            raise Invalid([Fault("/Idempotency-Key", f"must be 1 to {LENGTH} characters")])
        answers = self._worlds.setdefault(world, OrderedDict())
        while (kept := answers.get(key)) is not None:
            if kept.fingerprint != fingerprint:
                raise Invalid([Fault("/Idempotency-Key", "was sent with another request; choose a new one")])
            answer = await asyncio.shield(kept.answer)
            if answer is not None:
                return answer
        kept = answers[key] = _Kept(fingerprint, asyncio.get_running_loop().create_future())
        if len(answers) > self._limit:
            answers.popitem(last=False)
        answer = None
        try:
            answer = await act()
            return answer
        finally:
            succeeded = answer is not None and answer.status < 300
            if not succeeded and answers.get(key) is kept:
                del answers[key]
            kept.answer.set_result(answer if succeeded else None)
