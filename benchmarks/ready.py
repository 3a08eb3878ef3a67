"""From the start of a server's process until it can be used: `pbxsim serve --memory` until /readyz says so, against an
empty aiohttp application until its port answers. Whole processes, bytecode cached. Bar: 2.5 times as long.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.measure import Effort, Figure, alternate, at_most, figure
from benchmarks.processes import HOST, answers, free_port, started

EMPTY = "from aiohttp import web; web.run_app(web.Application(), host='{host}', port={port}, print=None)"


def measure(effort: Effort) -> list[Figure]:
    """The pair before the first writes the bytecode."""
    pairs = alternate(effort.processes, _empty, _pbxsim)
    return [
        figure("server ready / empty aiohttp", "×", at_most(2.5), [ours / empty for empty, ours in pairs]),
        figure("pbxsim serve --memory ready", "ms", None, [ours for _, ours in pairs]),
        figure("empty aiohttp ready", "ms", None, [empty for empty, _ in pairs]),
    ]


def _empty() -> float:
    port = free_port()
    return _ready(["-c", EMPTY.format(host=HOST, port=port)], port, "/", 404)


def _pbxsim() -> float:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        token = Path(folder) / "token"
        serve = ["-m", "pbxsim", "serve", "--memory", "--port", str(port), "--token-file", str(token)]
        return _ready(serve, port, "/readyz", 200)


def _ready(arguments: Sequence[str], port: int, path: str, status: int) -> float:
    """Milliseconds."""
    began = perf_counter()
    with started(arguments) as process:
        return (answers(process, port, path, status) - began) * 1e3
