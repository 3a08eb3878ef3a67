"""`pbxsim lint` and `pbxsim phone` as people and CI jobs use them: whole processes, exit statuses, and the document
that tells of them, executed."""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from device_emulator.lint import CHECKS
from device_emulator.trial.served import CHECKS as SERVED
from tests.cli.test_commands import ask, serving

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/check-my-templates.md").read_text(encoding="utf-8")
GOOD = """\
#!version:1.0.0.1
account.1.enable = 1
account.1.label = Bob
account.1.user_name = 204
account.1.password = hush
account.1.sip_server.1.address = pbx.example
"""
PHONE = ["--model", "yealink-t46s", "--mac", "80:5e:c0:11:22:33"]
SAMPLE = re.search(r"```ini\n(.*?)```", PAGE, re.DOTALL)[1]


def run(*words: str, stdin: bytes = b"", cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run([sys.executable, "-m", "pbxsim", *words], capture_output=True, input=stdin, env=env, cwd=cwd)
    text = [part.decode("utf-8", "replace") for part in (done.stdout, done.stderr)]
    assert "Traceback" not in text[1], text[1]
    return subprocess.CompletedProcess(done.args, done.returncode, *text)


@contextmanager
def folder(path: Path) -> Iterator[str]:
    """A folder behind the web server that comes with Python."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=path))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    (tmp_path / "805ec0112233.cfg").write_text(GOOD)
    return tmp_path


# ---- the document


def test_the_pages_file_gives_the_pages_findings(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "805ec0112233.cfg").write_text(SAMPLE)
    command, told = re.search(r"```console\n\$ pbxsim (lint .*?)\n(.*?)```", PAGE, re.DOTALL).groups()
    done = run(*command.split(), cwd=tmp_path)
    assert done.stdout == told
    assert done.returncode == 1
    assert done.stderr == "1 file: 1 error, 3 warnings, 0 notes\n"


def test_the_pages_phone_boots_from_that_folder(tmp_path):
    (tmp_path / "805ec0112233.cfg").write_text(SAMPLE)
    command = re.search(r"\$ pbxsim (phone .*)", PAGE)[1]
    with folder(tmp_path) as url:
        done = run(*command.replace("http://127.0.0.1:8000/", url).split())
    assert done.returncode == 1
    assert "│ Bob " in done.stdout
    assert "GET 805ec0112233.cfg    200" in done.stdout
    assert "{{ registrar }}" in done.stdout


def test_the_findings_and_options_on_the_page_exist():
    ids = {about.id for about, _ in (*CHECKS, *SERVED)}
    rows = re.search(r"\| finding \| what happens \|\n(.*?)\n\n", PAGE, re.DOTALL)[1]
    assert set(re.findall(r"`([a-z]+-[a-z-]+)`", rows)) <= ids
    helps = {name: run(name, "--help").stdout for name in ("lint", "phone")}
    for option in re.findall(r"`(?:pbxsim (?:lint|phone) )?(--[a-z-]+)", PAGE):
        assert option in helps["lint"] + helps["phone"], option
    for command, options in re.findall(r"pbxsim (lint|phone)\b([^|`\n]*)", PAGE):
        for option in re.findall(r"--[a-z-]+", options):
            assert option in helps[command], f"{command} {option}"


def test_the_json_fields_on_the_page_exist(good):
    text = re.search(r"With `--json`.*?come\.", PAGE, re.DOTALL)[0]
    with folder(good) as url:
        report = json.loads(run("phone", url, *PHONE, "--json").stdout)
    linted = json.loads(run("lint", str(good), "--json").stdout)
    fields = {*report, *linted, *(report["findings"][0])}
    assert set(re.findall(r"`([a-z_]+)`", text)) <= fields
    assert {"findings", "exit_status", "format", "files"} <= set(linted)


# ---- lint


def test_lint_reads_folders_files_and_standard_input_and_its_status_is_for_ci(good, tmp_path):
    done = run("lint", str(good))
    assert (done.returncode, done.stdout) == (0, "")
    bad = GOOD + "account.1.lable = Bob\n"
    for level, status in (("error", 0), ("warning", 1), ("never", 0)):
        done = run("lint", "-", "--fail-on", level, stdin=bad.encode())
        assert done.returncode == status
        assert done.stdout.startswith("<stdin>:7: warning misspelt-key ")
    assert run("lint", "-", "--level", "error", stdin=bad.encode()).stdout == ""
    done = run("lint", "-", "--json", stdin=b"\xff\xfe\x00" + GOOD.encode())
    assert json.loads(done.stdout)["exit_status"] == done.returncode == 1
    assert json.loads(run("lint", "--checks", "--json").stdout)[0]["source"]
    assert "source: " in run("lint", "--checks").stdout


def test_lint_says_which_keys_are_gone_and_which_came_in_with_a_name(good, tmp_path):
    last = tmp_path / "last"
    last.mkdir()
    (last / "805ec0112233.cfg").write_text(GOOD + "features.dnd.allow = 1\n")
    own = str(good / "805ec0112233.cfg")
    assert "dropped-key features.dnd.allow is gone" in run("lint", own, "--previous", str(last)).stdout
    template = tmp_path / "mac.cfg.j2"
    template.write_text(GOOD.replace("Bob", "{{ label }}"))
    assert run("lint", own, "--template", str(template)).stdout == ""
    (good / "805ec0112233.cfg").write_text(GOOD.replace("Bob", "Bob\naction_url.registered = http://evil/"))
    done = run("lint", own, "--template", str(template))
    assert done.returncode == 1
    assert ":4: error not-in-template action_url.registered" in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere.cfg"], "there is no file nowhere.cfg."),
        (["805ec0112233.CFG"], "Is 805ec0112233.cfg meant?"),
        (["no/such/folder/x.cfg"], "There is no folder no/such/folder either."),
        (["empty"], "holds no .cfg or .boot file"),
        (["805ec0112233.cfg", "--model", "nokia"], "nokia"),
        (["805ec0112233.cfg", "--model", "yealink-t46s", "--brand", "aastra"], "leave --brand out"),
        (["805ec0112233.cfg", "--fail-on", "disaster"], "disaster"),
        (["805ec0112233.cfg", "--template", "none.j2"], "there is no file none.j2"),
        (["huge.cfg"], "larger than 4 MiB"),
        (["--json"], "name a file"),
    ],
)
def test_lint_says_what_cannot_be_read_and_ends_with_2(good, words, told):
    (good / "empty").mkdir()
    (good / "huge.cfg").write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    done = run("lint", *words, cwd=good)
    assert done.returncode == 2
    assert told in done.stderr


# ---- phone


def test_phone_and_its_status(good, tmp_path):
    with folder(good) as url:
        done = run("phone", url, *PHONE)
        assert done.returncode == 0
        assert (
            "OK: the phone ends with a configuration that it fetched, and registers sip:204@pbx.example." in done.stdout
        )
        assert "hush" not in done.stdout
        assert run("phone", url, *PHONE, "--fail-on", "warning").returncode == 1
        plain = run("phone", url, *PHONE, PYTHONIOENCODING="ascii")
        assert plain.returncode == 0
        assert "| Bob " in plain.stdout
        (good / "805ec0112233.cfg").unlink()
        done = run("phone", url, *PHONE, "--fail-on", "never")
        assert done.returncode == 1
        assert "FAILED" in done.stdout


def test_phone_keeps_its_memory(good, tmp_path):
    state = tmp_path / "memory.json"
    own = good / "805ec0112233.cfg"
    own.write_text(GOOD + "features.dnd.allow = 1\n")
    with folder(good) as url:
        assert run("phone", url, *PHONE, "--state", str(state)).returncode == 0
        assert state.stat().st_mode & 0o777 == 0o600
        again = run("phone", url, *PHONE, "--state", str(state))
        assert "unchanged" in again.stdout
        assert "dropped-key" not in again.stdout
        own.write_text(GOOD)
        done = run("phone", url, *PHONE, "--state", str(state), "-v")
        assert "dropped-key" in done.stdout
        assert "features.dnd.allow = '1'" in done.stdout, "still in force"
        other = run("phone", url, "--model", "yealink-t54w", "--mac", "805ec0112233", "--state", str(state))
        assert other.returncode == 2
        assert "name another file" in other.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--ca-file", "none.pem"], "there is no file none.pem"),
        (["--ca-file", "805ec0112233.cfg"], "holds no certificates"),
        (["--timeout", "0"], "must be above 0"),
        (["--state", "805ec0112233.cfg"], "is no state of a phone"),
    ],
)
def test_phone_says_what_is_wrong_with_its_options(good, words, told):
    done = run("phone", "http://127.0.0.1:1/", *PHONE, *words, cwd=good)
    assert done.returncode == 2
    assert told in done.stderr


def staged(address: str, mac: str, password: str) -> dict[str, str]:
    """Where an installer points that phone: its account is the one that has it."""
    for account in ask(address, "/api/v1/accounts", password)["items"]:
        devices = ask(address, f"/api/v1/accounts/{account['id']}/devices", password)["items"]
        if mac in [device["mac"] for device in devices]:
            return ask(address, f"/api/v1/accounts/{account['id']}/devices/{mac}/staging", password)
    raise AssertionError(f"no account has {mac}")


def test_our_own_server_passes():
    """Nothing that the demo's provisioning server does is worth a warning, but that it speaks plain HTTP here."""
    with serving("demo", "--port", "0") as (address, said):
        password = re.search(r"password (\S+)", "\n".join(said))[1]
        phones = ask(address, "/api/v1/phones", password)["items"]
        assert {phone["model"].partition("-")[0] for phone in phones} == {"yealink", "aastra"}
        for phone in phones:
            staging = staged(address, phone["mac"], password)
            words = ["phone", staging["url"], "--model", phone["model"], "--mac", phone["mac"]]
            words += ["--user", staging["username"], "--password", staging["password"]]
            report = json.loads(run(*words, "--json").stdout)
            assert report["usable"], report["verdict"]
            assert [one for one in report["findings"] if one["level"] != "note"] == []
            assert report["exit_status"] == 0


def test_the_version_loads_none_of_it():
    code = (
        "import sys\nsys.argv = ['pbxsim', '--version']\nfrom pbxsim.cli import main\ntry:\n    main()\n"
        "except SystemExit:\n    pass\nprint([name for name in ('aiohttp', 'asyncio', 'device_emulator.lint', 'ssl') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
