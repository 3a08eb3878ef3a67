"""Worlds on a server: what 2,000 of them weigh, each with 100 users of its own, and what a fork costs over HTTP.

Bars: 500 MB for the whole process; a fork at most twice a POST to an aiohttp handler that does nothing. One keep-alive
connection asks each server in turn, A B A B ...; both are processes of their own on the second core.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack, closing
from time import perf_counter

import msgspec

from benchmarks.load import length
from benchmarks.measure import Effort, Figure, alternate, at_most, figure
from benchmarks.processes import HOST, ended, started
from benchmarks.serving import TOKEN, Listening

WORLDS, USERS = 2_000, 100
ASKED = 200  # POSTs in a sample


def measure(effort: Effort) -> list[Figure]:
    """Weight first: forks that were made over HTTP would weigh too."""
    small = effort.users < 1000
    worlds = 20 if small else WORLDS
    weights = [_weigh(worlds) for _ in range(2)]
    with ExitStack() as stack:
        pbxsim, bare = (stack.enter_context(closing(_Asking(stack, kind))) for kind in ("pbxsim", "bare"))
        pairs = alternate(effort.pairs, bare.sample, pbxsim.sample)
    grown = [(full - empty) / worlds * 1000 for empty, full in weights]
    return [
        figure(f"{worlds:,} worlds of {USERS} users: memory", "MB", at_most(500), [full for _, full in weights]),
        figure("... a world", "kB", None, grown),
        figure("fork by HTTP / empty POST", "×", at_most(2), [fork / empty for empty, fork in pairs]),
        figure("fork by HTTP", "µs", None, [fork for _, fork in pairs]),
        figure("empty POST", "µs", None, [empty for empty, _ in pairs]),
    ]


def _weigh(worlds: int) -> tuple[float, float]:
    with started(["-m", "benchmarks.populate", str(worlds), str(USERS)]) as process:
        said, _ = process.communicate()
        if process.returncode:
            raise ended(process)
    empty, full = map(float, said.split())
    return empty, full


class _Asking:
    """A server, and a connection that POSTs to it."""

    def __init__(self, stack: ExitStack, kind: str) -> None:
        process = stack.enter_context(started(["-m", "benchmarks.serving", kind, "40"]))
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise ended(process)
        port = msgspec.json.decode(line, type=Listening).port
        self._socket = socket.create_connection((HOST, port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        head = f"POST /api/v1/worlds HTTP/1.1\r\nHost: {HOST}:{port}\r\nAuthorization: Bearer {TOKEN}\r\n"
        self._post = f"{head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}".encode()

    def sample(self) -> float:
        """Microseconds for one."""
        began = perf_counter()
        for _ in range(ASKED):
            self._socket.sendall(self._post)
            self._answer()
        return (perf_counter() - began) / ASKED * 1e6

    def _answer(self) -> None:
        data = b""
        end = 0
        while not end or len(data) < end:
            part = self._socket.recv(65536)
            if not part:
                raise RuntimeError("the server closed a connection")
            data += part
            head = data.find(b"\r\n\r\n") + 4
            if not end and head >= 4:
                end = head + length(data[:head].replace(b" 201 ", b" 200 ", 1))

    def close(self) -> None:
        """Let go of the connection."""
        self._socket.close()
