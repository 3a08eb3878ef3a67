"""The disk fails, from outside the process: strace makes the N-th write or sync of a server fail, N rising until
nothing fails any more. Whoever waited is told 503, the world is as before or after, and the server goes on or says why
not."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from pbxsim.store import examine
from tests.law import FACTOR, tell
from tests.store.served import BASE, Served

STRACE = shutil.which("strace")
WIDE = FACTOR > 1
SEEN = "fdatasync,fsync,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg"
MOST = 400  # writes of one command: far more than there are


def _usable() -> str:
    """Why strace cannot be used here; '' if it can."""
    if STRACE is None:
        return "strace is not here (Debian: apt-get install strace)"
    tried = subprocess.run([STRACE, "-qq", "-e", "inject=getppid:error=EPERM", "true"], capture_output=True, text=True)
    return f"strace may not trace here: {tried.stderr.strip()}" if tried.returncode else ""


WHY_NOT = _usable()
pytestmark = [pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT), pytest.mark.timeout(300 * FACTOR)]


class Strace:
    """Attached to a server for as long as the block lasts."""

    def __init__(self, served: Served, *what: str) -> None:
        self.log = served.path.with_name("strace")
        self.log.unlink(missing_ok=True)
        command = [str(STRACE), "-f", "-ttt", "-s", "60", "-o", str(self.log), *what, "-p", str(served.process.pid)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def __enter__(self) -> Strace:
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        assert "attached" in line, line
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=30)

    def lines(self) -> list[str]:
        """What was seen."""
        return self.log.read_text(errors="replace").splitlines()


@pytest.fixture
def served(tmp_path):
    server = Served(tmp_path / "main.sqlite3")
    server.ready()
    status, said = server.ask("POST", "/api/v1/accounts", {"id": "acme", "name": "Acme", "platform": "jet"})
    assert status == 201, said
    yield server
    Served.end_all()


def extensions(served: Served) -> set[str]:
    return {user["extension"] for user in served.listed("users")}


def wait_until_ready(served: Served) -> None:
    until = time.monotonic() + 20
    while served.ask("GET", "/readyz", token=False)[0] != 200:
        assert time.monotonic() < until, "it reads its file again, and is ready"
        time.sleep(0.02)


@pytest.mark.parametrize("lasting", ["", "+"], ids=["once", "from then on"])
@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"])
def test_the_nth_write_of_a_command_fails(served: Any, call: str, error: str, lasting: str) -> None:
    """An import of three users: several rows of several tables."""
    counted = {"failed": 0, "went well": 0}
    extension, n = 1000, 0
    while n < MOST:
        n += 1 if WIDE or n < 3 else 3
        taken = [str(extension + place) for place in range(3)]
        extension += 3
        before = extensions(served)
        csv = "extension,first_name\n" + "".join(f"{one},N{n}\n" for one in taken)
        with Strace(served, "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={n}{lasting}") as strace:
            status, said = served.ask("POST", f"{BASE}/users/import", csv)
            injected = sum("(INJECTED)" in line for line in strace.lines())
        wait_until_ready(served)
        after = extensions(served)
        assert after - before in (set(), set(taken)), "before or after, never between"
        if status == 503:
            counted["failed"] += 1
            assert after == before
            assert "could not be written" in said["detail"], said
            assert re.search(r"full|I/O", said["detail"], re.IGNORECASE), "it says what is wrong"
        else:
            assert status < 300, said
            assert after - before == set(taken)
            if not injected:
                counted["went well"] += 1
                break
    tell(f"{call} {error}{lasting}", counted)
    assert counted["failed"] > 0, "something did fail"
    assert counted["went well"] == 1, "and in the end nothing did"
    served.kill()
    assert examine.check(served.path) == []


@pytest.mark.parametrize(("call", "error"), [("pwrite64", "ENOSPC"), ("fdatasync", "EIO")])
def test_the_nth_write_of_a_start_fails(served: Any, tmp_path: Any, call: str, error: str) -> None:
    """It starts, or ends and says why; the next one finds everything."""
    served.ask("POST", f"{BASE}/users", {"extension": "1001"})
    served.kill()
    for n in range(1, MOST) if WIDE else (1, 2):
        inject = [str(STRACE), "-f", "-qq", "-o", str(tmp_path / "strace"), "-e", f"trace={call}"]
        server = Served(served.path, *inject, "-e", f"inject={call}:error={error}:when={n}")
        try:
            server.ready()
            started = True
        except RuntimeError:
            started = False
        if server.process.poll() is None:
            for child in Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split():
                os.kill(int(child), signal.SIGKILL)  # the server; strace ends with it
            server.process.wait()
            server.log.close()
        if not started:
            assert re.search(r"full|I/O", server.said(), re.IGNORECASE), server.said()
        assert examine.check(served.path) == []
        if "(INJECTED)" not in (tmp_path / "strace").read_text(errors="replace"):
            break
    again = Served(served.path)
    again.ready()
    assert extensions(again) == {"1001"}
    again.kill()


def test_an_answer_comes_after_a_sync(served: Any) -> None:
    """Between the arrival of a command and its answer the file has been synced."""
    for number in range(3):
        with Strace(
            served, "-e", "trace=fdatasync,fsync,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg"
        ) as strace:
            status, said = served.ask("POST", f"{BASE}/users", {"extension": str(1000 + number)})
            assert status == 201, said
        lines = strace.lines()
        came = _first(lines, r'"POST /api/v1/accounts/acme/users', 0)
        synced = _first(lines, r"f(data)?sync\(|<\.\.\. f(data)?sync resumed", came)
        answered = _first(lines, r'"HTTP/1\.1 201', came)
        assert came < synced < answered, lines
        done = [line for line in lines[synced:answered] if re.search(r"sync.*\) += 0", line)]
        assert done, "and the sync has come back before"


def _first(lines: list[str], pattern: str, after: int) -> int:
    for at in range(after, len(lines)):
        if re.search(pattern, lines[at]):
            return at
    raise AssertionError(f"{pattern} is not in the trace: {lines}")
