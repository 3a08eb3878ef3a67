"""The command line as a person uses it: real processes, real sockets, real files; what is wrong is told in words."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pbxsim.cli.demo import PORT

PBXSIM = [sys.executable, "-m", "pbxsim"]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **environment}
    return subprocess.run([*PBXSIM, *words], capture_output=True, text=True, timeout=60, env=env)


@contextmanager
def serving(*words: str) -> Iterator[tuple[str, list[str]]]:
    """A server until the end of the block: (its address, what it has said). It must stop by itself, with status 0."""
    process = subprocess.Popen([*PBXSIM, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line.rstrip())
            if line.startswith("Stop with"):
                break
        address = re.search(r"http://[\d.]+:\d+", "\n".join(said))
        assert address, said
        yield address[0], said
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def ask(address: str, path: str, token: str = "", method: str = "GET", body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(
        urllib.request.Request(address + path, data, headers, method=method), timeout=10
    ) as found:
        text = found.read()
    return json.loads(text) if text else None


def test_version_and_help():
    assert run("--version").stdout == "pbxsim 0.1.0\n"
    told = run("--help").stdout
    for command in ("serve", "demo", "phone", "rules"):
        assert command in told


def test_rules_for_people_and_for_programs():
    assert "jet.user.delete.blocked" in run("rules", "--platform", "jet").stdout
    assert "piston" not in run("rules", "--platform", "jet").stdout
    rules = json.loads(run("rules", "--json").stdout)
    assert {"id", "text", "source", "test", "policy", "choices"} == set(rules[0])
    bad = run("rules", "--platform", "asterisk")
    assert bad.returncode == 2
    assert "known are customer-portal, jet" in bad.stderr


def test_models_for_people_and_for_programs():
    told = run("models", "yealink-t2").stdout
    assert "yealink SIP-T28P 2.70.0.140 80:5e:c0:11:22:33" in told
    assert "6 linekey, 10 memorykey" in told
    assert "yealink-t46s" not in told
    assert "captured" in run("models", "aastra-6920", "--evidence").stdout
    rows = json.loads(run("models", "--json").stdout)
    assert len(rows) == 107
    assert {"name", "version", "lines", "keys", "agent", "notes"} <= set(rows[0])
    bad = run("models", "nokia")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert "yealink-t4" in bad.stderr


def test_serve_keeps_its_world_and_its_token(tmp_path):
    db, token_file = tmp_path / "world.sqlite3", tmp_path / "token"
    with serving("serve", "--db", str(db), "--port", "0", "--token-file", str(token_file)) as (address, said):
        token = token_file.read_text().strip()
        assert token not in "\n".join(said)
        assert ask(address, "/readyz") == {"status": "ready"}
        ask(address, "/api/v1/accounts", token, "POST", {"name": "acme", "platform": "jet"})
    assert stat.S_IMODE(db.stat().st_mode) == 0o600
    assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
    with serving("serve", "--db", str(db), "--port", "0") as (address, said):
        assert "that of the first start" in "\n".join(said)
        assert [account["id"] for account in ask(address, "/api/v1/accounts", token)["items"]] == ["acme"]
    with serving("serve", "--db", str(db), "--port", "0", "--new-token") as (address, said):
        with pytest.raises(urllib.error.HTTPError, match="401") as refused:
            ask(address, "/api/v1/accounts", token)
        refused.value.close()
        fresh = re.search(r"shown this once: (\S+)", "\n".join(said))
        assert ask(address, "/api/v1/accounts", fresh[1])["items"]


def test_demo_says_where_it_is_how_to_get_in_and_what_to_try():
    with serving("demo", "--port", "0") as (address, said):
        text = "\n".join(said)
        assert "Three things to try" in text
        password = re.search(r"password (\S+)", text)[1]
        phones = ask(address, "/api/v1/phones", password)["items"]
        assert len(phones) == 6
        assert all(phone["powered"] for phone in phones)
        clock = ask(address, "/api/v1/clock", password)
        assert (clock["mode"], clock["rate"]) == ("virtual", 1.0)
        time.sleep(1.1)
        assert ask(address, "/api/v1/clock", password)["now"] > clock["now"]


def test_a_phone_boots_over_real_http_against_the_demo():
    with serving("demo", "--port", "0") as (address, said):
        password = re.search(r"password (\S+)", "\n".join(said))[1]
        staging = ask(address, "/api/v1/accounts/acme/devices/805ec0112233/staging", password)
        assert staging["url"].startswith(address)
        words = ["phone", staging["url"], "--model", "yealink-t46s", "--mac", "80:5e:c0:11:22:33"]
        done = run(*words, "--user", staging["username"], "--password", staging["password"], "--json")
        report = json.loads(done.stdout)
        assert done.returncode == 0
        assert "John Smith" in json.dumps(report["screen"])
        assert staging["password"] not in done.stdout
        wrong = run(*words, "--user", staging["username"], "--password", "wrong")
        assert wrong.returncode == 1


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["serve", "--memory", "--db", "x.sqlite3"], 2, "goes without --db"),
        (["serve", "--memory", "--port", "70000"], 1, "port 70000 is none"),
        (["serve", "--memory", "--seed", "nowhere.yaml"], 2, "does not exist"),
        (["serve", "--db", "no/such/folder/x.sqlite3", "--port", "0"], 1, "pbxsim: "),
        (["nonsense"], 2, "No such command"),
        (["phone"], 0, "usage: pbxsim phone"),
        (["phone", "ftp://x/", "--model", "yealink-t46s", "--mac", "805ec0112233"], 2, "http"),
        (["phone", "http://x/", "--model", "nokia", "--mac", "805ec0112233"], 2, "yealink-t46s"),
        (["phone", "http://x/", "--model", "yealink-t46s", "--mac", "zz"], 2, "MAC"),
    ],
)
def test_a_wrong_word_is_told_what_would_be_right(words, status, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*words, PYTHONPATH=str(Path(__file__).parents[2]))
    assert done.returncode == status, done.stderr
    assert told in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_a_damaged_file_and_a_bad_seed_are_told(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--memory", "--port", str(taken.getsockname()[1]))
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(
        r"pbxsim: port \d+ on 127\.0\.0\.1 is in use\. Say --port with another one \(0: any\)\.\n", done.stderr
    )

    damaged = tmp_path / "damaged.sqlite3"
    damaged.write_bytes(b"this is no database" * 100)
    before = damaged.read_bytes()
    done = run("serve", "--db", str(damaged), "--port", "0")
    assert done.returncode == 1
    assert "is no SQLite database" in done.stderr
    assert damaged.read_bytes() == before

    seed = tmp_path / "office.yaml"
    seed.write_text("accounts:\n  - {name: acme, platform: nortel}\n  - {name: beta, platform: jet, seats: none}\n")
    done = run("serve", "--memory", "--seed", str(seed), "--port", "0")
    assert done.returncode == 1
    assert "office.yaml cannot be used, 2 faults; nothing was changed:\n  line 2: " in done.stderr
    assert "\n  line 3: /accounts/1/seats" in done.stderr


def test_a_second_server_on_one_file_and_a_seed_for_an_old_world_are_told(tmp_path):
    db, seed = tmp_path / "world.sqlite3", tmp_path / "office.yaml"
    seed.write_text("accounts:\n  - {name: acme, platform: jet}\n")
    with serving("serve", "--db", str(db), "--port", "0", "--seed", str(seed)):
        done = run("serve", "--db", str(db), "--port", "0")
        assert done.returncode == 1
        assert "is in use by another server" in done.stderr
    done = run("serve", "--db", str(db), "--port", "0", "--seed", str(seed))
    assert done.returncode == 1
    assert "has a world already; --seed is for a new one" in done.stderr


def test_the_demo_moves_on_from_its_own_port_and_from_no_other():
    """A port that somebody has named is meant; the one that is usual is any."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("demo", "--port", str(taken.getsockname()[1]))
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"pbxsim: port \d+ on 127\.0\.0\.1 is in use\. Say --port with another one .*\n", done.stderr)
    with socket.socket() as usual:
        usual.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # then somebody has it already
            usual.bind(("127.0.0.1", PORT))
            usual.listen()
        done = run("demo", "--port", str(PORT))
        assert f"port {PORT} on 127.0.0.1 is in use" in done.stderr
        with serving("demo") as (address, said):
            assert said[0] == f"Port {PORT} is taken: the demo has another one."
            assert not address.endswith(f":{PORT}")
