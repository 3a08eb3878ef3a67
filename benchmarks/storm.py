"""A storm over HTTP, as fast as it goes, against a bare aiohttp client that fetches the same URLs over as many
connections; and a schedule at half that client's rate, which must be kept. The server is a process of its own. Bars:
0.6 of the bare rate, and the schedule kept within 5 %.

The phones are Yealinks without boot files: eight requests each, six of them for what is not there, and a file of 150
lines of their own, which they parse and apply. Their waits are skipped.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from time import perf_counter
from typing import Any

import msgspec

from benchmarks.measure import Effort, Figure, at_least, at_most, figure
from benchmarks.processes import HOST, ended, pin, started

CONNECTIONS = 64
LINES = 150
PAIRS = 7  # each takes some seconds
REQUESTS = 8  # of one phone


class Job(msgspec.Struct, frozen=True):
    """What the process that is measured has to do."""

    port: int
    phones: int
    pairs: int


class Sample(msgspec.Struct, frozen=True):
    """One pair, and the schedule after it: requests a second of both, answers a second that were planned and that came,
    and how late the schedule was, as a share of its length."""

    bare: float
    storm: float
    planned: float
    kept: float
    slip: float


def measure(effort: Effort) -> list[Figure]:
    """Both clients in one process on the first core, in turn; the server on the second."""
    phones = max(50, effort.phones)
    with started(["-m", "benchmarks.lean", str(LINES)]) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        if not line:
            raise ended(server)
        samples = _measured(Job(msgspec.json.decode(line)["port"], phones, min(PAIRS, effort.pairs)))
    note = f"{phones:,} phones, {CONNECTIONS} connections, files of {LINES} lines parsed and applied"
    late = [max(sample.slip, 1 - sample.kept / sample.planned, 1e-6) * 100 for sample in samples]
    return [
        figure("storm / bare aiohttp client", "×", at_least(0.6), [one.storm / one.bare for one in samples], note),
        figure("storm", "/s", None, [one.storm for one in samples]),
        figure("bare aiohttp client", "/s", None, [one.bare for one in samples]),
        figure("schedule at half that rate: late or short by", "%", at_most(5), late),
    ]


def _measured(job: Job) -> list[Sample]:
    with started(["-m", "benchmarks.storm"]) as process:
        out, errors = process.communicate(msgspec.json.encode(job).decode())
        if process.returncode:
            raise RuntimeError(f"the storm failed: {errors}")
    return msgspec.json.decode(out, type=list[Sample])


# ---- in the process that is measured


def storm(job: Job, rate: float | None = None) -> Callable[[], Coroutine[Any, Any, tuple[float, float]]]:
    """A storm of new phones, all at once or at so many phones a second; gives (answers a second, slip)."""
    from device_emulator.fleet import roster, run
    from device_emulator.fleet.engine import Manners
    from device_emulator.fleet.plan import Plan

    url = f"http://{HOST}:{job.port}/p/"
    phones = job.phones if rate is None else max(job.phones, int(rate))
    desks = roster.counted("805ec0000000", phones, roster.Defaults(url, roster.mix("yealink-t46s")), 1)
    plan = Plan(ramp=0) if rate is None else Plan("rolling", rate=rate)
    options = run.Options(url, desks, plan, Manners(CONNECTIONS, skip_waits=True))

    async def played() -> tuple[float, float]:
        report = await run.live(options, asyncio.Event(), lambda progress: None)
        assert report.phones.ready == phones, report.phones.reasons
        assert report.requests.answers == phones * REQUESTS
        slip = next(check.value for check in report.generator.checks if check.name == "schedule")
        return report.requests.answers / report.seconds, slip

    return played


async def bare(job: Job) -> float:
    """Requests a second of the least that an aiohttp client can do."""
    import aiohttp

    base = f"http://{HOST}:{job.port}/p/"
    names = ["{}.boot"] * 3 + ["y000000000000.boot"] * 3 + ["y000000000066.cfg", "{}.cfg"]
    urls = [base + name.format(f"{0x805EC0000000 + phone:012x}") for phone in range(job.phones) for name in names]
    turn = iter(urls)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:

        async def fetch() -> None:
            for url in turn:
                async with session.get(url) as response:
                    await response.read()

        began = perf_counter()
        await asyncio.gather(*(fetch() for _ in range(CONNECTIONS)))
        return len(urls) / (perf_counter() - began)


async def work(job: Job) -> list[Sample]:
    """A pair that does not count, then all others."""
    samples = []
    for _ in range(job.pairs + 1):
        bare_rate = await bare(job)
        storm_rate, _ = await storm(job)()
        planned = bare_rate / 2
        kept, slip = await storm(job, planned / REQUESTS)()
        samples.append(Sample(bare_rate, storm_rate, planned, kept, slip))
    return samples[1:]


def main() -> None:
    """A `Job` on standard input, its samples on standard output; on the loop that `pbxsim storm` runs on."""
    pin(0)
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    try:
        import uvloop
    except ImportError:
        samples = asyncio.run(work(job))
    else:
        samples = uvloop.run(work(job))
    print(msgspec.json.encode(samples).decode())


if __name__ == "__main__":
    main()
