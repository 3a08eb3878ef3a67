"""Who tries doors: failed authentications at the configuration server, counted by source and by account key.

Counts live for a window of time and are no history: `scan.detected` is, once a window for each that has had many, and
not more often than history can bear. However many sources and keys an attacker makes up, what is remembered of them
has a limit. Whether the key is a real one changes nothing here but the event's account.
"""

from __future__ import annotations

from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from msgspec import Struct

from pbxsim.core.state import NOTHING, State
from pbxsim.world.state import SYSTEM, WorldState

if TYPE_CHECKING:
    from pbxsim.world.run import Run

WINDOW = 60_000  # ms
MANY_OF_SOURCE = 20
"""Failures in a window. A phone that boots with a wrong password makes about six (decided)."""
MANY_OF_KEY = 100
"""Of one account from wherever: a site whose phones all have an old password makes these too (decided)."""
REMEMBERED = 2048  # sources and keys
TOLD = 10  # events in a window

Who = tuple[str, str]  # ("source", address or network) or ("key", digest)


class Misses(Struct, frozen=True, gc=False):
    """Failures of one source or key since `began` (ms)."""

    began: int
    count: int


def missed(run: Run, source: str, key: str) -> None:
    """An authentication has failed."""
    for who, many in ((of_source(source), MANY_OF_SOURCE), (of_key(key), MANY_OF_KEY)):
        count = _counted(run, who)
        if count == many and _counted(run, ("told", "")) <= TOLD:
            change = run.change(_account(run.pbx, key) if who[0] == "key" else "")
            subject = who[1] if who[0] == "source" else change.account.id if hasattr(change, "account") else ""
            change.event("scan.detected", subject, by=who[0], misses=count, seconds=WINDOW // 1000)
            run.accept(change, SYSTEM)


def failures(state: WorldState, source: str, key: str) -> int:
    """How far beyond many the worse of the two is, by now; 0 while neither is."""
    worst = 0
    for who, many in ((of_source(source), MANY_OF_SOURCE), (of_key(key), MANY_OF_KEY)):
        known = state.misses.get(who)
        if known is not None and state.now - known.began < WINDOW:
            worst = max(worst, known.count - many)
    return worst


def of_source(source: str) -> Who:
    """An address; of IPv6 the network of 64 bits that one customer has."""
    try:
        address = ip_address(source.partition("%")[0])
    except ValueError:
        return ("source", source[:64])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return ("source", str(address.ipv4_mapped))
        return ("source", f"{IPv6Address(int(address) >> 64 << 64)}/64")
    return ("source", str(address))


def of_key(key: str) -> Who:
    """A key is whatever was sent, and may be somebody's: its digest is kept."""
    return ("key", blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest())


def _counted(run: Run, who: Who) -> int:
    known = run.misses.get(who)
    if known is None and len(run.misses) >= REMEMBERED:
        run.misses = NOTHING.update(_worst(run))  # an attacker who makes up keys does not make his source forgotten
    fresh = known is None or not 0 <= run.now - known.began < WINDOW
    misses = Misses(run.now, 1) if known is None or fresh else Misses(known.began, known.count + 1)
    run.misses = run.misses.set(who, misses)
    return misses.count


def _worst(run: Run) -> dict[Who, Misses]:
    """Half of what there is room for: those that have failed most often."""
    alive = [(-one.count, who, one) for who, one in run.misses.items() if run.now - one.began < WINDOW]
    return {who: one for _, who, one in sorted(alive, key=lambda row: row[:2])[: REMEMBERED // 2]}


def _account(pbx: State, key: str) -> str:
    """Whose key it is, '' if nobody's. Looked for once a window."""
    return next((id_ for id_, account in sorted(pbx.accounts.items()) if account.key == key), "")
