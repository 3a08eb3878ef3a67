"""Main's changes on their way into the file: in groups, and nobody is answered before his group is there.

While one group is written the next gathers. A group is keys and a state: the rows are read from the state when the
group is written, so a key may gather any number of changes. When a group fails, the file alone knows what is true:
main is read from it again, and everybody who waited for anything, in that group or behind it, is told Unavailable.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from time import perf_counter
from typing import Any

from pbxsim.core.refusals import Unavailable
from pbxsim.server.hub import Hub
from pbxsim.server.tally import Tally
from pbxsim.server.worlds import Hosted
from pbxsim.store import Group, Header, Journal, Memory, Saved

LOG = logging.getLogger("pbxsim.server")

OBSERVED = 1.0  # s: what nobody waits for (refreshes, what a phone remembers) is written at least this often
AGAIN = 1.0  # s between two attempts to read a file that cannot be read


class Writer:
    """`revive` is called after a group has failed: it puts main back as the file says it before it first gives way.

    `kept` is what the server keeps beside main; `sound` is false from a failed group until main has been read again."""

    def __init__(
        self,
        journal: Journal | Memory,
        main: Hosted,
        hub: Hub,
        kept: dict[tuple[str, str], str],
        revive: Callable[[Saved], Awaitable[None]],
        tally: Tally | None = None,
    ) -> None:
        self._tally = tally or Tally()
        self.kept = kept
        self.sound = True
        self._journal, self._main, self._hub, self._revive = journal, main, hub, revive
        self._touched: dict[tuple[str, Any], None] = {}
        self._whole = ""
        self._keeping: dict[tuple[str, str], str | None] = {}
        self._waiters: list[asyncio.Future[None]] = []
        self._written = main.world.state.recorded  # the last record in the file
        self._work = asyncio.Event()
        self._later: asyncio.TimerHandle | None = None
        self._writing = False
        self._closing = False
        self._task = asyncio.create_task(self._run(), name="writer")

    @property
    def idle(self) -> bool:
        """Does the file say all that main is?"""
        return not (self._touched or self._whole or self._keeping or self._waiters or self._writing)

    def note(self, touched: Iterable[tuple[str, Any]], soon: bool) -> None:
        """These rows are to be written: `soon`, or with the next group and within a second."""
        self._touched.update(dict.fromkeys(touched))
        if soon:
            self._work.set()
        elif self._later is None:
            self._later = asyncio.get_running_loop().call_later(OBSERVED, self._work.set)

    def note_whole(self, reason: str) -> None:
        """Main has become another world: all of it is to be written, and nothing else kept."""
        self._whole = reason
        self._work.set()

    def keep(self, kind: str, key: str, body: str | None) -> None:
        """Something of the server's own is to be written, or forgotten."""
        if body is None:
            self.kept.pop((kind, key), None)
        else:
            self.kept[kind, key] = body
        self._keeping[kind, key] = body
        self._work.set()

    async def committed(self) -> None:
        """Until all that has been noted is in the file. Raises Unavailable if it could not be written."""
        if self._closing:
            raise Unavailable("The server is stopping.")
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._work.set()
        await waiter

    async def close(self) -> None:
        """Write what is left, and where the clock stands."""
        self._closing = True
        self._work.set()
        await self._task

    async def _run(self) -> None:
        while True:
            await self._work.wait()
            await asyncio.sleep(0)  # whoever is deciding in this turn of the loop goes along
            self._work.clear()
            if self._later is not None:
                self._later.cancel()
                self._later = None
            last = self._closing
            self._writing = True
            await self._write()
            self._writing = False
            if last:
                return

    async def _write(self) -> None:
        group, waiters, reset = self._group(), self._waiters, self._whole
        self._touched, self._whole, self._keeping, self._waiters = {}, "", {}, []
        began, rows = perf_counter(), len(group.touched or ()) + group.state.recorded - group.after
        try:
            await self._journal.write(group)
        except Exception as error:  # whatever it was: sqlite3.Error mostly, or a row that could not be made
            self._tally.committed(perf_counter() - began, rows, "failed")
            LOG.exception("main: %d changes could not be written", len(waiters))
            self._waiters = waiters + self._waiters
            await self._read_again(error)
        else:
            self._tally.committed(perf_counter() - began, rows, "written")
            self._written = group.state.recorded
            if reset:
                self._hub.reset(self._main.id, group.state, reset)
            else:
                self._hub.publish(self._main.id, group.state)
            for waiter in waiters:
                if not waiter.done():  # its client may have gone
                    waiter.set_result(None)

    def _group(self) -> Group:
        state, clock = self._main.world.state, self._main.clock
        header = Header(
            key=self._main.world.nature.key.hex(),
            now=state.now,
            last_id=state.last_id,
            recorded=state.recorded,
            clock=clock.mode,
            rate=clock.rate,
            stream=self._hub.base(self._main.id),
        )
        touched = None if self._whole else tuple(self._touched)
        return Group(header, state, touched, self._written, self._keeping)

    async def _read_again(self, error: Exception) -> None:
        self.sound = False
        why = f"The change could not be written: {error}. Nothing of it was kept; {_remedy(error)}"
        while not await self._read(why):
            self._tell(why)
            if self._closing:
                return
            await asyncio.sleep(AGAIN)
        self.sound = True
        if not (self._waiters or self._closing):  # the disk is given a moment
            self._work.clear()
            self.note((), soon=False)

    async def _read(self, why: str) -> bool:
        try:
            saved, kept = await self._journal.read(), await self._journal.kept()
            assert saved is not None, "a file that was written to holds a world"
            # From here until main is put back nobody else has a turn: who asked before is told that it was in vain,
            # and who asks later asks main as the file says it.
            self._tell(why)
            self._touched, self._whole, self._keeping, self.kept = {}, "", {}, kept
            self._written = saved.state.recorded
            self._hub.reset(self._main.id, saved.state, "a change could not be written")
            await self._revive(saved)
        except Exception:
            LOG.exception("main cannot be read again")
            return False
        return True

    def _tell(self, why: str) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_exception(Unavailable(why))


def _remedy(error: Exception) -> str:
    """What somebody can do about it. SQLite says `database or disk is full` for no space and for a quota, and `disk I/O
    error` for a disk that fails."""
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL":
        return "free space on the disk that holds its file, and ask again."
    if name.startswith("SQLITE_READONLY"):
        return "make the file and its folder writable for the server, and ask again."
    if name.startswith("SQLITE_IOERR"):
        return "look at the disk that holds its file (full? failing? gone?), and ask again."
    return "ask again."
