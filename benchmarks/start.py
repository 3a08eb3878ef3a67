"""How long a server takes to start on a file of 100,000 users: from `pbxsim serve --db FILE` until `/readyz` says so.
A whole process, bytecode cached, the file in the system's cache. Bar: 3 s.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from contextlib import aclosing
from pathlib import Path
from time import perf_counter

from benchmarks.lists import office
from benchmarks.measure import Effort, Figure, at_most, figure
from benchmarks.processes import HOST, answers, free_port, started
from pbxsim.store import Group, Header, Journal

TIMES = 5


def measure(effort: Effort) -> list[Figure]:
    """The file is written once, and served again and again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "main.sqlite3"
        asyncio.run(_write(path, effort.users))
        pairs = [_start(path) for _ in range(min(TIMES, effort.processes) + 1)][1:]
        size = path.stat().st_size / 1e6
    what, note = (
        f"serve a file of {effort.users:,} users: ready",
        f"{size:,.0f} MB: a user, a mailbox and an event each",
    )
    return [
        figure(what, "s", at_most(3.0), [ready for ready, _ in pairs], note),
        figure("... processor time of it", "s", None, [busy for _, busy in pairs]),
    ]


async def _write(path: Path, users: int) -> None:
    world = office(users)
    state = world.state
    async with aclosing(await Journal.open(path)) as journal:
        await journal.write(Group(Header("00" * 32, state.now, state.last_id, state.recorded), state))


def _start(path: Path) -> tuple[float, float]:
    """Seconds until it was ready, and those that a processor was at work for it."""
    port = free_port()
    token = path.with_name("token")
    before = _busy()
    began = perf_counter()
    serve = ["-m", "pbxsim", "serve", "--db", str(path), "--port", str(port), "--host", HOST]
    with started([*serve, "--token-file", str(token)]) as process:
        taken = answers(process, port, "/readyz", 200) - began
    return taken, _busy() - before


def _busy() -> float:
    """Of all child processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system
