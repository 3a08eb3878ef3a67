"""Who has failed to authenticate too often is answered slowly: so many answers a second, on however many connections.

Only failures are held back: a phone that knows its password is served at once, whoever else is at its address. The
answer itself is the same; what is remembered of sources has a limit.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

GAP = 0.05  # s between two answers to one source: twenty guesses a second
LONGEST = 5.0  # s that one answer waits: phones give up after about ten
REMEMBERED = 4096  # sources


class Brake:
    """When each source may be answered next."""

    def __init__(self, gap: float = GAP, longest: float = LONGEST, clock: Callable[[], float] = monotonic) -> None:
        self._gap, self._longest, self._clock = gap, longest, clock
        self._next: OrderedDict[tuple[str, str], float] = OrderedDict()

    def wait(self, who: tuple[str, str]) -> float:
        """Seconds that this answer is to wait; its turn is taken."""
        now = self._clock()
        turn = max(now, self._next.pop(who, now)) + self._gap
        self._next[who] = min(turn, now + self._longest)
        if len(self._next) > REMEMBERED:
            self._next.popitem(last=False)
        return self._next[who] - now

    async def hold(self, who: tuple[str, str]) -> None:
        """Until its turn has come."""
        await asyncio.sleep(self.wait(who))
