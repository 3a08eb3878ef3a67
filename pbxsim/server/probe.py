"""A question that costs something and may be asked by anybody: answered once for all who ask within a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic


class Probe:
    """A question that costs something, asked by anybody as often as he likes: its answer holds for a moment."""

    def __init__(self, ask: Callable[[], Awaitable[bool]], holds: float = 1.0) -> None:
        self._ask, self._holds = ask, holds
        self._asking: asyncio.Task[bool] | None = None
        self._until = 0.0

    async def __call__(self) -> bool:
        """What was answered last, or is now; all who ask meanwhile wait for the same answer."""
        if self._asking is None or (self._asking.done() and monotonic() > self._until):
            self._asking = asyncio.ensure_future(self._ask())
            self._until = monotonic() + self._holds
        return await asyncio.shield(self._asking)
