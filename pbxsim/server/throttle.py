"""Log-ins are slowed: for each source and for each login a few at once, and then one from time to time.

An attempt is counted when it begins, so that many at a time count as many; one that succeeds is given back. What is
refused is not counted: whoever goes on trying waits no longer for it, and whoever shuts another out must work for it.
The time is the server's own, since a world's clock may stand. What is remembered is bounded, as digests.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from ipaddress import ip_address, ip_network
from math import ceil
from time import monotonic
from typing import Literal, NamedTuple

Whom = Literal["source", "login"]

# (at once, seconds until another one is free). Decided: a person mistypes a few times; a program needs ten million.
LIMITS: dict[Whom, tuple[int, float]] = {"source": (30, 5.0), "login": (10, 30.0)}
MOST = 20_000  # of each are remembered; the longest untouched go first


class Wait(NamedTuple):
    """Not now: for whom there were too many, how many seconds to wait, and whether this is the first refusal."""

    whom: Whom
    seconds: int
    first: bool


class _Count:
    """How far ahead of time the attempts of one are: `full` is when all are free again (GCRA, as in ATM's traffic
    control: one number instead of a list of times)."""

    __slots__ = ("full", "told")

    def __init__(self) -> None:
        self.full = 0.0
        self.told = False


class Throttle:
    """The attempts at one server."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._counts: dict[Whom, OrderedDict[bytes, _Count]] = {"source": OrderedDict(), "login": OrderedDict()}

    def attempt(self, source: str, login: str) -> Wait | None:
        """Count one; or say that it must wait, and count nothing."""
        now, keys = self._clock(), _keys(source, login)
        for whom, key in keys:
            count = self._counts[whom].get(key)
            most, pause = LIMITS[whom]
            late = 0.0 if count is None else max(count.full, now) + pause - (now + most * pause)
            if count is not None and late > 1e-9:
                first, count.told = not count.told, True
                return Wait(whom, ceil(late), first)
        for whom, key in keys:
            count = self._count(whom, key)
            count.full = max(count.full, now) + LIMITS[whom][1]
            if count.full - now <= LIMITS[whom][1]:  # all were free: what was told is long ago
                count.told = False
        return None

    def succeeded(self, source: str, login: str) -> None:
        """The last one was right: it counts for nothing, and neither do the wrong ones before it at this login."""
        for whom, key in _keys(source, login):
            if whom == "login":
                self._counts[whom].pop(key, None)
            else:
                self._count(whom, key).full -= LIMITS[whom][1]

    def _count(self, whom: Whom, key: bytes) -> _Count:
        counts = self._counts[whom]
        count = counts.get(key)
        if count is None:
            count = counts[key] = _Count()
            if len(counts) > MOST:
                counts.popitem(last=False)
        else:
            counts.move_to_end(key)
        return count


def _keys(source: str, login: str) -> tuple[tuple[Whom, bytes], ...]:
    named = blake2b(login.strip().casefold().encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return (("source", network_of(source)), ("login", named))


def network_of(source: str) -> bytes:
    """Who counts as one source: an IPv4 address, or the /64 that an IPv6 host draws its addresses from."""
    try:
        address = ip_address(source.partition("%")[0])
    except ValueError:
        return source.encode("utf-8", "surrogatepass")[:64]
    if address.version == 6:
        return (
            address.ipv4_mapped.packed
            if address.ipv4_mapped
            else ip_network((address, 64), False).network_address.packed
        )
    return address.packed
