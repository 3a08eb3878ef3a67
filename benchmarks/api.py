"""The API under load, against the least that could do the same; and what a commit, or another world's year, costs.

Rates are ratios of two servers under the same load, A B A B ... on the same core; `bare` is aiohttp with the same JSON
in and out and, for a POST, the same rows through a group commit of bare aiosqlite. In process, bare sqlite3 writes the
very rows that the producers' commands made, in the groups in which they were written.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import tempfile
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec

from benchmarks.api_load import MORE, Job, Round
from benchmarks.api_rows import connect, of_group
from benchmarks.api_serving import Commits
from benchmarks.measure import Effort, Figure, at_least, at_most, figure
from benchmarks.processes import HOST, ended, started
from benchmarks.serving import TOKEN, Listening
from benchmarks.worlds import ACCOUNT
from pbxsim.core.commands import OPERATOR, AddUser

SERVING, LOAD = "benchmarks.api_serving", "benchmarks.api_load"
CLIENTS = PRODUCERS = 64
USERS = f"/api/v1/accounts/{ACCOUNT}/users"
HEAD = f"Host: {HOST}\r\nAuthorization: Bearer {TOKEN}\r\n"


def measure(effort: Effort) -> list[Figure]:
    """HTTP first, in processes of their own; then in process."""
    return [*_over_http(effort), *_in_process(effort), *_beside_a_year(effort)]


def _over_http(effort: Effort) -> list[Figure]:
    users, rounds = min(effort.macs, 1000), effort.pairs
    with tempfile.TemporaryDirectory() as folder:
        files = [str(Path(folder) / name) for name in ("bare.sqlite3", "ours.sqlite3")]
        with (
            started(["-m", SERVING, "bare", files[0], str(users)]) as bare,
            started(["-m", SERVING, "pbxsim", files[1], str(users)]) as ours,
        ):
            ports = [_listening(bare), _listening(ours)]
            get = f"GET {USERS}/100001 HTTP/1.1\r\n{HEAD}\r\n".encode()
            body = b'{"extension":"%s","first_name":"User","last_name":"New"}' % MORE
            post = (
                f"POST {USERS} HTTP/1.1\r\n{HEAD}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            posting = post.encode() + body
            gets = _load(Job(ports, get, 200, 16, rounds, effort.seconds))
            _commits(ports[1])
            posts = _load(Job(ports, posting, 201, CLIENTS, rounds, effort.seconds))
            loaded = _commits(ports[1])
            idle = _load(Job(ports, posting, 201, 1, rounds, effort.seconds / 2, first=800_000))
            alone = _commits(ports[1])
    return [
        figure("GET user / bare aiohttp", "×", at_least(0.5), _ratios(gets), _busy(gets)),
        figure("GET user", "/s", None, [our.rate for _, our in gets]),
        figure("POST user, 64 clients / bare", "×", at_least(0.5), _ratios(posts), _busy(posts)),
        figure("POST user, 64 clients", "/s", None, [our.rate for _, our in posts]),
        figure("a POST waits, p99", "commits", at_most(3), _p99(loaded.waited), f"of {len(loaded.waited):,}"),
        figure(
            "a POST of one idle client waits", "commits", at_most(1), _p99(alone.waited), f"of {len(alone.waited):,}"
        ),
        figure("POST, one idle client", "ms", None, [1e3 * statistics.median(our.took) for _, our in idle]),
        figure("a commit, one idle client", "ms", None, [1e3 * took for took in alone.took]),
        figure("POST, 64 clients, p99", "ms", None, [1e3 * _percentile(our.took) for _, our in posts]),
    ]


def _ratios(pairs: list[list[Round]]) -> list[float]:
    return [our.rate / its.rate for its, our in pairs]


def _busy(pairs: list[list[Round]]) -> str:
    return f"the load generator was at most {max(one.busy for pair in pairs for one in pair):.0%} busy"


def _p99(waited: list[int]) -> list[float]:
    """Two halves of what was counted, each with its own: a figure has a spread."""
    half = len(waited) // 2
    return [_percentile(waited[:half]), _percentile(waited[half:])]


def _percentile(samples: list[Any], of: float = 0.99) -> float:
    return float(sorted(samples)[min(len(samples) - 1, int(len(samples) * of))])


# --- In process --------------------------------------------------------------------------------------------------


def _in_process(effort: Effort) -> list[Figure]:
    count = effort.batch * 8
    pairs = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(min(effort.pairs, 9) + 1):
            took, groups = asyncio.run(_produced(Path(folder) / f"ours-{number}.sqlite3", count))
            statements = [of_group(group) for group in groups]
            pairs.append((_written(Path(folder) / f"bare-{number}.sqlite3", statements), took, len(groups)))
    pairs = pairs[1:]
    note = f"{count:,} commands in some {pairs[0][2]} groups, synchronous=FULL"
    return [
        figure("64 producers / bare sqlite3", "×", at_least(0.6), [bare / took for bare, took, _ in pairs], note),
        figure("64 producers", "/s", None, [count / took for _, took, _ in pairs]),
    ]


async def _produced(path: Path, count: int) -> tuple[float, list[Any]]:
    """Seconds for so many acknowledged commands, and the groups in which they were written."""
    from pbxsim.server.engine import Engine

    engine = await Engine.open(path, origin=f"http://{HOST}", seed=lambda world: _account(world), clock="virtual")
    main, groups, write = engine.main, [], engine._journal.write

    async def remembered(group: Any) -> None:
        groups.append(group)
        await write(group)

    engine._journal.write = remembered  # type: ignore[method-assign]
    extensions = iter(range(100_000, 100_000 + count))

    async def producer() -> None:
        for number in extensions:
            values = {"account": ACCOUNT, "extension": str(number), "first_name": "User", "last_name": "New"}
            await engine.ask(main, OPERATOR, AddUser, values)

    began = perf_counter()
    await asyncio.gather(*(producer() for _ in range(PRODUCERS)))
    took = perf_counter() - began
    engine._journal.write = write  # type: ignore[method-assign]
    await engine.close()
    return took, groups


def _account(world: Any) -> None:
    world.accounts.add(ACCOUNT, platform="jet")


def _written(path: Path, groups: list[list[Any]]) -> float:
    """Seconds that bare sqlite3 takes for the same rows, in the same order and groups."""
    db = connect(path)
    began = perf_counter()
    for group in groups:
        db.execute("BEGIN")
        for sql, rows in group:
            db.executemany(sql, rows)
        db.execute("COMMIT")
    took = perf_counter() - began
    db.close()
    return took


# --- Another world's year ----------------------------------------------------------------------------------------


def _beside_a_year(effort: Effort) -> list[Figure]:
    with started(["-m", SERVING, "year", "-", "100"]) as server:
        port = _listening(server)
        busy = HTTPConnection(HOST, port)
        body = b'{"advance": "P365D"}'
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        busy.request("POST", "/w/busy/api/v1/clock", body, headers)
        get = f"GET {USERS}/100001 HTTP/1.1\r\n{HEAD}\r\n".encode()
        rounds = _load(Job([port], get, 200, 1, max(2, effort.pairs // 3), effort.seconds))
        going_on = _still(port)
        busy.close()
    took = [_percentile(one.took) * 1e3 for (one,) in rounds]
    return [figure("another world beside a year, p99", "ms", at_most(50), took, going_on)]


def _still(port: int) -> str:
    """How far the year is; it must not be over, or nothing has been measured."""
    connection = HTTPConnection(HOST, port)
    connection.request("GET", "/w/busy/api/v1/clock", headers={"Authorization": f"Bearer {TOKEN}"})
    busy = msgspec.json.decode(connection.getresponse().read())["now"]
    connection.request("GET", "/api/v1/clock", headers={"Authorization": f"Bearer {TOKEN}"})
    main = msgspec.json.decode(connection.getresponse().read())["now"]
    connection.close()
    assert main < busy < f"{int(main[:4]) + 1}{main[4:]}", "the year is over, or has not begun"
    return f"from {main[:10]} it had got to {busy[:10]}"


# --- Servers and load --------------------------------------------------------------------------------------------


def _listening(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise ended(process)
    return msgspec.json.decode(line, type=Listening).port


def _commits(port: int) -> Commits:
    connection = HTTPConnection(HOST, port)
    connection.request("GET", "/benchmark/commits")
    found = msgspec.json.decode(connection.getresponse().read(), type=Commits)
    connection.close()
    return found


def _load(job: Job) -> list[list[Round]]:
    with started(["-m", LOAD]) as process:
        said, why = process.communicate(msgspec.json.encode(job).decode())
        if process.returncode:
            raise RuntimeError(why.strip().splitlines()[-1])
    return msgspec.json.decode(said, type=list[list[Round]])
