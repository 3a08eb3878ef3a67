"""Processes that are measured from outside: each on a core of its own where the machine has two, ended when done."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter, sleep

HOST = "127.0.0.1"
PATIENCE = 60.0  # seconds until a server that says nothing is given up
PAUSE = 0.001  # seconds between two questions whether it is there


def pin(core: int) -> None:
    """Stay on one core: 0 the load, 1 the server. On a machine with one core, or where the system does not know of
    such a thing, nothing happens."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[core % len(cores)]})


@contextmanager
def started(arguments: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """A Python process, with pipes; it is gone when the block ends."""
    process = subprocess.Popen(
        [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def answers(process: subprocess.Popen[str], port: int, path: str, status: int) -> float:
    """The instant at which a server answers GET `path` with `status`; RuntimeError if it ends or takes too long."""
    give_up = perf_counter() + PATIENCE
    while perf_counter() < give_up:
        if process.poll() is not None:
            raise ended(process)
        if _status(port, path) == status:
            return perf_counter()
        sleep(PAUSE)
    raise RuntimeError(f"{process.args!r} did not answer {path} with {status} in {PATIENCE:g} s")


def ended(process: subprocess.Popen[str]) -> RuntimeError:
    """What to raise of a process that should still be there: the last that it said."""
    said = process.communicate()[1].strip().splitlines()
    return RuntimeError(f"{process.args!r} ended: {said[-1] if said else 'it said nothing'}")


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def free_port() -> int:
    """A port that nobody has, at this moment."""
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        port: int = sock.getsockname()[1]
        return port
