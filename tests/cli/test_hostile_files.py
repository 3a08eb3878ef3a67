"""`pbxsim lint` on files that somebody made to break it: it ends, says what it saw, and commands no terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = b"#!version:1.0.0.1\n"


def lint(*words: str | Path, at: Path) -> subprocess.CompletedProcess[bytes]:
    """Ended after a minute: that is a failure of its own."""
    command = [sys.executable, "-m", "device_emulator.trial.linting", *map(str, words)]
    return subprocess.run(
        command, cwd=at, capture_output=True, timeout=60, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )


@pytest.mark.parametrize(
    "body",
    [
        HEAD + b"account.1.label = " + b"x" * 3_000_000 + b"\n",
        HEAD + b"x" * 3_000_000 + b" = 1\n",
        HEAD + b"account.1.label = a\0b\n\0\0\0",
        HEAD + b"xx\n" * 500_000,
        HEAD + b"account.1.label = " + b"{{" * 500_000 + b"\n",
        HEAD + b"account.1.label = " + b"http://" * 200_000 + b"\n",
        HEAD + b"account.1.label = http://" + b":" * 500_000 + b"@\n",
        "#!version:1.0.0.1\naccount.1.label = é\n".encode("utf-16"),
        HEAD.replace(b"\n", b"\r") + b"account.1.label = x\r",
        bytes(range(256)) * 4000,
        b"sip line1 display name: " + b"^" * 500_000 + b"\n" + b"!" * 100_000 + b"sip mode: 1\n",
        b"",
    ],
    ids=["value", "key", "nul", "junk", "braces", "addresses", "colons", "utf-16", "cr", "bytes", "carets", "empty"],
)
def test_any_file_ends_in_a_status(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "805ec0112233.cfg").write_bytes(body)
    done = lint("805ec0112233.cfg", at=tmp_path)
    assert done.returncode in (0, 1), done.stderr
    assert b"Traceback" not in done.stderr
    assert b"1 file: " in done.stderr
    assert len(done.stdout) < 100_000


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "805ec0112233.cfg")
    done = lint(".", at=tmp_path)
    assert done.returncode == 2
    assert b"is no file" in done.stderr


def test_a_pipe_that_is_named_is_read(tmp_path: Path) -> None:
    """As shells write it: `pbxsim lint <(render 805ec0112233)`."""
    pipe = tmp_path / "805ec0112233.cfg"
    os.mkfifo(pipe)
    with subprocess.Popen(["sh", "-c", f"printf '#!version:1.0.0.1\\naccount.1.lable = x\\n' > {pipe}"]):
        done = lint(pipe, at=tmp_path)
    assert b"misspelt-key" in done.stdout


def test_folders_in_a_circle_and_links_to_nowhere(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "again").symlink_to("../out")
    (tmp_path / "out" / "805ec0112233.cfg").write_bytes(HEAD + b"account.1.label = x\n")
    done = lint("out", at=tmp_path)
    assert (done.returncode, done.stderr.split(b":")[0]) == (0, b"1 file")
    (tmp_path / "out" / "y000000000066.cfg").symlink_to("nowhere")
    done = lint("out", at=tmp_path)
    assert done.returncode == 2
    assert b"a link that leads nowhere" in done.stderr


def test_a_device_without_an_end(tmp_path: Path) -> None:
    (tmp_path / "805ec0112233.cfg").symlink_to("/dev/zero")
    assert lint(".", at=tmp_path).returncode == 2
    assert lint("805ec0112233.cfg", at=tmp_path).returncode == 2


@pytest.mark.parametrize("name", [b"a\x1b[31mb\x1b]0;x\x07.cfg", b"a\nb: error x y.cfg", b"\xff\xfe.cfg", b"-x.cfg"])
def test_names_command_no_terminal(tmp_path: Path, name: bytes) -> None:
    with open(os.fsencode(tmp_path) + b"/" + name, "wb") as file:
        file.write(HEAD + b"account.1.lable = \x1b[31m\n")
    for words in ((".",), (".", "--json")):
        done = lint(*words, at=tmp_path)
        assert b"\x1b" not in done.stdout + done.stderr
        assert b"misspelt-key" in done.stdout
    assert {one["line"] for one in json.loads(done.stdout)["findings"]} == {2}
    assert len(lint(".", at=tmp_path).stdout.splitlines()) == 2


def test_a_password_in_an_address_is_not_told(tmp_path: Path) -> None:
    """Whatever a finding repeats of a line."""
    lines = [
        "static.auto_provision.server.url = http://usr:hush@files.example/",
        "static.auto_provision.server.url = http://usr:hush@files.example/2",
        "firmware.url = http://usr:hush@files.example/{{ firmware }}",
        "see http://usr:hush@files.example/",
        "http://usr:hush@files.example/ = 1",
    ]
    (tmp_path / "805ec0112233.cfg").write_text("#!version:1.0.0.1\n" + "\n".join(lines) + "\n")
    for words in (("--all",), ("--all", "--json")):
        done = lint(".", *words, at=tmp_path)
        assert done.stdout
        assert b"hush" not in done.stdout + done.stderr
