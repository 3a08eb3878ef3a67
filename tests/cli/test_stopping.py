"""A server's beginning and end, as whoever runs it sees them: real processes, signals, full disks, other servers."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PBXSIM = [sys.executable, "-m", "pbxsim"]


class Server:
    """A process of `pbxsim serve`: where it is, and what it has logged."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.errors = folder / "errors.txt"
        token = folder / "token.txt"
        with self.errors.open("w") as errors:
            command = [*PBXSIM, "serve", "--port", "0", "--token-file", str(token), *words]
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if line.startswith("Stop with"):
                break
        found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
        assert found, said + self.errors.read_text()
        self.port = int(found[1])
        self.token = token.read_text().strip() if token.exists() else ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
        connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), sent)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None

    def end(self) -> int:
        return self.process.wait(30)


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[Server]:
    server = Server(folder, *words)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait()
        assert server.process.stdout is not None
        server.process.stdout.close()


def fleet(server: Server, phones: int) -> None:
    """A fork with so many registered phones: a year of theirs takes seconds."""
    assert server.ask("POST", "/worlds", {"id": "try"})[0] == 201
    assert server.ask("POST", "/accounts", {"id": "acme", "name": "Acme", "platform": "jet"}, **TRY)[0] == 201
    for number in range(phones):
        mac = f"805ec01122{number:02x}"
        device = {"model": "yealink-t46s", "mac": mac}
        assert server.ask("POST", "/accounts/acme/devices", device, **TRY)[0] == 201
        assert server.ask("POST", "/phones", {"device": f"acme/{mac}"}, **TRY)[0] == 201
        assert server.ask("POST", f"/phones/{mac}/power", {"on": True}, **TRY)[0] == 200
    assert server.ask("POST", "/clock", {"settle": True}, **TRY)[0] == 200


TRY = {"X-Pbxsim-World": "try"}


def test_who_is_being_answered_gets_his_answer(tmp_path: Path) -> None:
    """SIGTERM: nobody new is let in, streams end with a hint, the answer under way arrives whole, the status is 0."""
    with serving(tmp_path, "--memory", "--log-format", "json", "--log-level", "info") as server:
        fleet(server, 2)
        stream = socket.create_connection(("127.0.0.1", server.port), 20)
        head = f"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.token}\r\n\r\n"
        stream.sendall(head.encode())
        begin = b""
        while b": here\n\n" not in begin:
            begin += stream.recv(65536)
        answers: list[tuple[int, Any]] = []
        work = threading.Thread(target=lambda: answers.append(server.ask("POST", "/clock", {"advance": "P1D"}, **TRY)))
        work.start()
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", server.port), 1).close()
        work.join(30)
        assert answers[0][0] == 200
        last = b""
        while chunk := stream.recv(65536):
            last += chunk
        stream.close()
        assert b"event: server.stopping\nretry: 2000\n" in last
        assert server.end() == 0
        logged = [json.loads(line) for line in server.errors.read_text().splitlines()]
    assert logged[-1]["message"] == "stopped"
    assert any(re.fullmatch(r"stopping: \d+ requests are under way", line["message"]) for line in logged)


def test_what_was_answered_is_there_after_the_stop(tmp_path: Path) -> None:
    db = tmp_path / "world.sqlite3"
    with serving(tmp_path, "--db", str(db)) as server:
        assert server.ask("POST", "/accounts", {"id": "acme", "name": "Acme", "platform": "jet"})[0] == 201
        token = server.token
        server.process.send_signal(signal.SIGINT)
        assert server.end() == 0
    with serving(tmp_path, "--db", str(db)) as server:
        server.token = token
        assert server.ask("GET", "/accounts/acme")[0] == 200


def test_an_answer_that_takes_too_long_is_cut_off_at_the_limit(tmp_path: Path) -> None:
    with serving(tmp_path, "--memory", "--stop-timeout", "0.5") as server:
        upload = socket.create_connection(("127.0.0.1", server.port), 20)
        head = ["POST /api/v1/accounts HTTP/1.1", "Host: localhost", f"Authorization: Bearer {server.token}"]
        upload.sendall("\r\n".join([*head, "Content-Length: 100", "", ""]).encode())  # and nothing follows
        time.sleep(0.2)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.end() == 0
        assert time.monotonic() - begun < 8
        upload.close()


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    with serving(tmp_path, "--memory", "--stop-timeout", "60") as server:
        upload = socket.create_connection(("127.0.0.1", server.port), 20)
        head = ["POST /api/v1/accounts HTTP/1.1", "Host: localhost", f"Authorization: Bearer {server.token}"]
        upload.sendall("\r\n".join([*head, "Content-Length: 100", "", ""]).encode())
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert server.process.poll() is None
        server.process.send_signal(signal.SIGTERM)
        assert server.end() == 128 + signal.SIGTERM
        upload.close()


def test_a_file_that_another_server_holds_says_which(tmp_path: Path) -> None:
    db = tmp_path / "world.sqlite3"
    with serving(tmp_path, "--db", str(db)) as server:
        done = subprocess.run(
            [*PBXSIM, "serve", "--db", str(db), "--port", "0"], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 1
        told = f"{db} is in use by another server (process {server.process.pid}). Stop that one, or name another file."
        assert done.stderr.replace("\n", " ").strip() == f"pbxsim: {told}"


def test_a_port_that_is_taken_is_told_before_anything_else(tmp_path: Path) -> None:
    with serving(tmp_path, "--memory") as server:
        words = [*PBXSIM, "serve", "--db", str(tmp_path / "new.sqlite3"), "--port", str(server.port)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60)
        assert done.returncode == 1
        assert f"port {server.port} on 127.0.0.1 is in use" in done.stderr
        assert not (tmp_path / "new.sqlite3").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--allow-webhook-target", "http://x"], "must be a name, an address or a network"),
        (["--public-url", "pbx.example.com"], "must be scheme and host such as"),
        (["--public-url", "https://u:p@pbx.example.com"], "must be scheme and host such as"),
        (["--log-format", "xml"], "'xml' is not one of 'text', 'json'"),
        (["--log-level", "loud"], "'loud' is not one of"),
        (["--stop-timeout", "601"], "less than or equal to 600"),
    ],
)
def test_a_flag_that_says_nothing_is_told(words: list[str], told: str) -> None:
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    command = [*PBXSIM, "serve", "--memory", "--port", "0", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=env)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_while_the_world_is_being_loaded_the_port_says_so(tmp_path: Path) -> None:
    """An orchestrator sees a process that lives and is not ready; nobody waits without an answer."""
    seed = tmp_path / "office.yaml"
    users = "".join(f"      - {{extension: {10000 + number}, first_name: U{number}}}\n" for number in range(4000))
    seed.write_text(f"accounts:\n  - name: acme\n    platform: jet\n    users:\n{users}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*PBXSIM, "serve", "--memory", "--port", str(port), "--seed", str(seed)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seen: list[tuple[str, int]] = []
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and ("/readyz", 200) not in seen:
            for path in ("/healthz", "/readyz", "/api/v1/accounts"):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                        seen.append((path, answer.status))
                except urllib.error.HTTPError as error:
                    seen.append((path, error.code))
                    error.close()
                except OSError:
                    time.sleep(0.005)
    finally:
        process.kill()
        process.wait()
    assert ("/healthz", 200) in seen
    assert seen.index(("/readyz", 503)) < seen.index(("/readyz", 200))
    assert ("/api/v1/accounts", 503) in seen
    assert ("/healthz", 503) not in seen


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_a_full_disk_is_told_with_what_to_do(tmp_path: Path) -> None:
    """A file system of its own would need rights that a test has not: a limit on the file's size does the same to
    SQLite. The world stays as the file says it; when there is room again, it goes on."""
    db = tmp_path / "world.sqlite3"
    with serving(tmp_path, "--db", str(db)) as server:
        import resource

        assert server.ask("POST", "/accounts", {"id": "acme", "name": "Acme", "platform": "jet"})[0] == 201
        largest = max(path.stat().st_size for path in tmp_path.glob("world.sqlite3*"))
        _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (largest, hard))
        refused: tuple[int, Any] = (0, None)
        for number in range(200):
            body = {"id": f"a{number}", "name": "x" * 100, "platform": "jet"}
            refused = server.ask("POST", "/accounts", body)
            if refused[0] != 201:
                break
        assert refused[0] == 503, refused
        assert re.search(
            r"Nothing of it was kept; (free space|look at) .*the disk that holds its file", refused[1]["detail"]
        )
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        for _ in range(100):
            answer = server.ask("POST", "/accounts", {"id": "after", "name": "After", "platform": "jet"})
            if answer[0] == 201:
                break
            time.sleep(0.1)
        assert answer[0] == 201
        assert server.ask("GET", f"/accounts/a{number}")[0] == 404
        server.process.send_signal(signal.SIGTERM)
        assert server.end() == 0
