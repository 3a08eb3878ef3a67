"""A process that hosts so many forks, each with so many users of its own, and says how much memory it has then.

python -m benchmarks.populate 2000 100
"""

from __future__ import annotations

import asyncio
import os
import sys

from pbxsim import World
from pbxsim.server.engine import Engine


def resident() -> float:
    """MB of memory that this process has; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as told:
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


async def populate(worlds: int, users: int) -> tuple[float, float]:
    """(MB with main alone, MB with all worlds), through the engine: what the API calls."""
    engine = await Engine.open(None, origin="http://127.0.0.1", clock="virtual")
    empty = resident()

    def fill(world: World) -> None:
        account = world.accounts.add("acme", platform="jet")
        for number in range(users):
            account.users.add(str(1000 + number), first_name=f"First{number}", last_name=f"Last{number:03}")

    for _ in range(worlds):
        await engine.write(await engine.fork(engine.main), fill)
    full = resident()
    await engine.close()
    return empty, full


if __name__ == "__main__":
    print(*asyncio.run(populate(int(sys.argv[1]), int(sys.argv[2]))), flush=True)
