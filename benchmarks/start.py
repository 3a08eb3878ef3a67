"""How long a server takes to start on a file of 100,000 users: from `pbxsim serve --db FILE` until `/readyz` says so.
A whole process, bytecode cached, the file in the system's cache. Bar: 3 s.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import aclosing
from pathlib import Path
from time import perf_counter

from benchmarks.lists import office
from benchmarks.measure import Effort, Figure, at_most, figure, repeat
from benchmarks.processes import HOST, answers, free_port, started
from pbxsim.store import Group, Header, Journal

TIMES = 5


def measure(effort: Effort) -> list[Figure]:
    """The file is written once, and served again and again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "main.sqlite3"
        asyncio.run(_write(path, effort.users))
        samples = repeat(min(TIMES, effort.processes), lambda: _start(path))
        size = path.stat().st_size / 1e6
    note = f"{size:,.0f} MB: a user, a mailbox and an event each"
    return [figure(f"serve a file of {effort.users:,} users: ready", "s", at_most(3.0), samples, note)]


async def _write(path: Path, users: int) -> None:
    world = office(users)
    state = world.state
    async with aclosing(await Journal.open(path)) as journal:
        await journal.write(Group(Header("00" * 32, state.now, state.last_id, state.recorded), state))


def _start(path: Path) -> float:
    """Seconds."""
    port = free_port()
    token = path.with_name("token")
    began = perf_counter()
    serve = ["-m", "pbxsim", "serve", "--db", str(path), "--port", str(port), "--host", HOST]
    with started([*serve, "--token-file", str(token)]) as process:
        return answers(process, port, "/readyz", 200) - began
