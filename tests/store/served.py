"""A server as its own process, on a file, and clients that know what they were told: for killing it.

A writer has slots (extensions) of its own and one request under way at a time. `known` is what has been acknowledged;
`doubt` what the request under way would change: after a kill that one has happened whole, or not at all.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.processes import HOST

PATIENCE = 60.0
BASE = "/api/v1/accounts/acme"


class Served:
    """`pbxsim serve` on a file. `before` is put in front of the command: strace, say."""

    running: ClassVar[list[Served]] = []

    @classmethod
    def end_all(cls) -> None:
        """Whatever a test that has failed left behind."""
        for served in cls.running:
            if served.process.poll() is None:
                served.kill()
            served.log.close()
        cls.running.clear()

    def __init__(self, path: Path, *before: str) -> None:
        self.path, self.port = path, 0
        self.token_file = path.with_name("token")
        command = [sys.executable, "-m", "pbxsim", "serve", "--db", str(path), "--port", "0"]
        self.log = path.with_name("log").open("ab")
        self._said_before = self.log.tell()
        self.process = subprocess.Popen(
            [*before, *command, "--token-file", str(self.token_file)], stdout=self.log, stderr=self.log
        )
        Served.running.append(self)

    def ready(self) -> None:
        """Wait until it is; RuntimeError, with what it said, if it ends instead."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process.poll() is not None:
                self.log.close()
                raise RuntimeError(f"ended with {self.process.returncode}: {self.said()}")
            if found := re.search(r"pbxsim is at http://[^ ]+:(\d+) ", self.said()):  # a port that nobody else had
                self.port = int(found[1])
                assert self.ask("GET", "/readyz", token=False)[0] == 200
                if self.token_file.exists():
                    return
            time.sleep(0.01)
        raise RuntimeError(f"is not ready after {PATIENCE} s: {self.said()}")

    def said(self) -> str:
        """What it wrote."""
        with self.path.with_name("log").open("rb") as log:
            log.seek(self._said_before)
            return log.read().decode(errors="replace")[-3000:]

    def connection(self) -> http.client.HTTPConnection:
        """A new one."""
        return http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)

    def ask(self, method: str, path: str, body: Any = None, *, over: Any = None, token: bool = True) -> tuple[int, Any]:
        """(status, JSON). `body` text is CSV."""
        connection = over or self.connection()
        headers = {"Authorization": f"Bearer {self.token}"} if token else {}
        data = None
        if isinstance(body, str):
            data, headers["Content-Type"] = body.encode(), "text/csv"
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            said = answer.read()
        finally:
            if over is None:
                connection.close()
        return answer.status, json.loads(said) if said[:1] in (b"{", b"[") else said

    @property
    def token(self) -> str:
        """The operator's."""
        return self.token_file.read_text().strip()

    def listed(self, what: str) -> list[dict[str, Any]]:
        """All of a collection of the account."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            status, page = self.ask("GET", f"{BASE}/{what}?limit=1000{after}")
            assert status == 200, page
            found += page["items"]
            if page["next"] is None:
                return found
            after = f"&after={page['next']}"

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self) -> int:
        """In order; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        self.log.close()
        return status


class Writer:
    """One client; `run` goes on until the server is gone."""

    SLOTS = 24

    def __init__(self, number: int, seed: int) -> None:
        self.slots = [str(10_000 + 100 * number + slot) for slot in range(self.SLOTS)]
        self.known: dict[str, str] = {}  # extension -> first name
        self.doubt: dict[str, str | None] = {}
        self.acknowledged = self.refused = 0
        self.wrong: list[str] = []
        self._chance = random.Random(seed)
        self._count = 0

    def run(self, served: Served, stop: threading.Event) -> None:
        """Ask for one thing after the other."""
        connection = served.connection()
        try:
            while not stop.is_set():
                self._one(served, connection)
        except (OSError, http.client.HTTPException):
            pass  # the server is gone; what was under way is in doubt
        finally:
            connection.close()

    def _one(self, served: Served, connection: Any) -> None:
        self._count += 1
        name = f"N{self._count}x{self._chance.randrange(1 << 30)}"
        free = [slot for slot in self.slots if slot not in self.known]
        kind = self._chance.choice(["add", "import", "rename", "delete"])
        if kind == "import" and len(free) >= 3:
            taken = self._chance.sample(free, 3)
            csv = "extension,first_name\n" + "".join(f"{slot},{name}\n" for slot in taken)
            request: tuple[Any, ...] = ("POST", f"{BASE}/users/import", csv)
            change: dict[str, str | None] = dict.fromkeys(taken, name)
        elif (kind in ("add", "import") and free) or not self.known:
            slot = self._chance.choice(free)
            request = ("POST", f"{BASE}/users", {"extension": slot, "first_name": name})
            change = {slot: name}
        else:
            slot = self._chance.choice(sorted(self.known))
            gone = kind == "delete"
            at = f"{BASE}/users/{slot}"
            request = ("DELETE", at) if gone else ("PATCH", at, {"first_name": name})
            change = {slot: None if gone else name}
        self.doubt = change
        status, said = served.ask(*request, over=connection)
        if status < 300:
            self._apply(change)
            self.acknowledged += 1
        else:
            self.refused += 1
            if status != 503:
                self.wrong.append(f"{request}: {status} {said}")
        self.doubt = {}

    def _apply(self, change: dict[str, str | None]) -> None:
        for slot, name in change.items():
            if name is None:
                self.known.pop(slot, None)
            else:
                self.known[slot] = name

    def compare(self, found: dict[str, str]) -> tuple[int, int]:
        """(acknowledged things that are lost, changes that are there in part). Goes on from what is there."""
        mine = {slot: found.get(slot) for slot in self.slots}
        known = {slot: self.known.get(slot) for slot in self.slots}
        lost = sum(mine[slot] != known[slot] for slot in self.slots if slot not in self.doubt)
        before = all(mine[slot] == known[slot] for slot in self.doubt)
        after = all(mine[slot] == name for slot, name in self.doubt.items())
        self.known = {slot: name for slot, name in mine.items() if name is not None}
        self.doubt = {}
        return lost, int(not (before or after))
