"""A server process under attack: no secret comes out, nothing breaks, and its memory stays what it was."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.attack.attacker import Tally, Target, attack
from tests.law import FACTOR, tell

SHOTS = 2_000  # and a hundred times as many in the proof
GROWTH = 12  # MiB that the process may have grown by, warm, however many shots follow
CANARIES = {"password": "canary-password-of-john", "voicemail_pin": "901257"}


class Server:
    """A real process with two accounts, and what must not come out of it."""

    def __init__(self, folder: Path) -> None:
        token = folder / "token"
        words = ["serve", "--memory", "--port", "0", "--token-file", str(token), "--log-level", "error"]
        self.errors = folder / "errors.txt"
        with self.errors.open("w") as errors:
            command = [sys.executable, "-m", "pbxsim", *words]
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert self.process.stdout is not None
        said = "".join(iter(lambda: self.process.stdout.readline(), "Stop with Ctrl-C.\n"))  # type: ignore[union-attr]
        self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)", said)[1])  # type: ignore[index]
        self.token = token.read_text().strip()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self.port}/api/v1{path}"
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def furnish(self) -> Target:
        """One account of PISTON with an Aastra for everybody (the attacker's own is the first), and one beside it."""
        staged = []
        secrets = [self.token, *CANARIES.values()]
        for account in ("acme", "other"):
            self.ask("POST", "/accounts", {"id": account, "name": account.title(), "platform": "piston"})
            for number in (1001, 1002):
                user = {"extension": str(number), "first_name": "John", **CANARIES}
                self.ask("POST", f"/accounts/{account}/users", user)
            for number in range(4):
                mac = f"00085d{'1' if account == 'acme' else '2'}0000{number}"
                device = {"model": "aastra-6731i" if number % 2 == 0 else "yealink-t46s", "mac": mac, "owner": "1001"}
                if device["model"].startswith("yealink"):
                    device["mac"] = mac = mac.replace("00085d", "805ec0")
                self.ask("POST", f"/accounts/{account}/devices", device)
                staging = self.ask("GET", f"/accounts/{account}/devices/{mac}/staging")
                staged.append((account, mac, staging))
                if len(staged) > 1:
                    secrets.append(staging["password"])
                    secrets.append(self._sip_password(staging, mac))
        _, mac, own = staged[0]
        key = own["url"].rstrip("/").rpartition("/")[2]
        others = tuple(mac for _, mac, _ in staged[1:])
        wanted = tuple(secret.encode() for secret in secrets if secret)
        return Target(self.port, key, mac, own["password"], others, wanted)

    def _sip_password(self, staging: Any, mac: str) -> str:
        """What the phone itself is told, by its own credentials; '' where its file has none before a log-in."""
        name = f"{mac}.cfg" if mac.startswith("805ec0") else f"{mac.upper()}.cfg"
        auth = base64.b64encode(f"{staging['username']}:{staging['password']}".encode()).decode()
        path = "/" + staging["url"].partition("://")[2].partition("/")[2] + name
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Basic {auth}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                found = re.search(r"(?m)^(?:account\.1\.password = |sip line1 password: )(.+)$", answer.read().decode())
        except urllib.error.HTTPError as error:
            error.close()
            return ""
        return found[1].strip('"') if found else ""

    @property
    def megabytes(self) -> float:
        """Resident, now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if not Path("/proc/self/status").exists():
        pytest.skip("the server's memory is read from /proc")
    started = Server(tmp_path)
    yield started
    started.process.kill()
    started.process.wait()
    assert started.process.stdout is not None
    started.process.stdout.close()


def test_an_attacker_learns_nothing_and_breaks_nothing(server: Server) -> None:
    target = server.furnish()
    assert len(target.secrets) >= 10
    shots = SHOTS * FACTOR
    begun = time.monotonic()
    first = asyncio.run(attack(target, max(1_500, shots // 5), 1, sources=200, connections=64))
    warm = server.megabytes
    then = asyncio.run(attack(target, shots, 2, sources=200, connections=64))
    grown = server.megabytes - warm
    seconds = time.monotonic() - begun
    for tally in (first, then):
        _unbroken(tally)
    assert server.process.poll() is None
    assert server.errors.read_text() == "", "not one error was logged"
    assert grown < GROWTH, f"{grown:.1f} MiB more after {shots} shots"
    history = server.ask("GET", "/accounts/acme/users/1001")
    assert history["name"] == "John", "nothing was changed"
    requests = sum(first.sent.values()) + sum(then.sent.values())
    counted = {
        "requests": requests,
        "kinds": dict(then.sent),
        "statuses": {str(k): v for k, v in then.statuses.items()},
    }
    tell("attack", {**counted, "grown_mib": round(grown, 1), "warm_mib": round(warm, 1), "seconds": round(seconds)})


def _unbroken(tally: Tally) -> None:
    assert all(
        tally.sent[kind] for kind in ("nobody", "enumeration", "brute force", "traversal", "odd", "large", "pins")
    )
    assert {200, 400, 401, 404} <= set(tally.statuses)
    assert len(tally.refusals) == 2, "one 401 for all, and one for HEAD:\n" + "\n".join(
        map(repr, tally.refusals.items())
    )
