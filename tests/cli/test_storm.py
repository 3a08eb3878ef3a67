"""`pbxsim storm` as a person uses it: a process, wrong options, a report on a screen, in files, and cut short."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

STORM = [sys.executable, "-m", "pbxsim", "storm"]
ENVIRONMENT = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """A storm that ends by itself."""
    return subprocess.run([*STORM, *words], capture_output=True, text=True, timeout=60, env=ENVIRONMENT)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server that has a file for every MAC address."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.lean", "20"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}/p"
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def test_a_storm_over_http_in_words_as_json_and_as_a_page(server: str, tmp_path: Path) -> None:
    page, file = tmp_path / "storm.html", tmp_path / "storm.json"
    files = ("--html", str(page), "--json-file", str(file))
    done = run(server, "--phones", "50", "--ramp", "0.5", "--skip-waits", *files)
    assert done.returncode == 0, done.stderr
    told = json.loads(file.read_bytes())
    assert told["outcome"] == "complete"
    assert told["phones"]["ready"] == 50
    assert told["requests"]["statuses"] == {"200": 100, "404": 300}
    assert told["from_planned"].keys() >= {"p50", "p90", "p99", "p99.9", "max"}
    assert "50 phones ready, 0 gave up" in done.stdout
    assert "300 × 404" in done.stdout
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_phones_come_from_a_file_and_secrets_stay_there(server: str, tmp_path: Path) -> None:
    macs = tmp_path / "phones.csv"
    macs.write_text("mac,model,user,password\n805ec0112233,yealink-t46s,u,hidden\n805ec0112244\n", encoding="utf-8")
    words = (server.replace("//", "//me:hidden@"), "--macs", str(macs), "--skip-waits", "--ramp", "0", "--json")
    done = run(*words, "--quiet")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["phones"]["total"] == 2
    assert "hidden" not in done.stdout
    assert done.stderr == ""


def test_simulated_the_same_twice() -> None:
    words = ("--simulate", "--phones", "200", "--pattern", "rolling", "--rate", "20", "--seed", "4", "--json")
    once, again = run(*words), run(*words)
    assert once.returncode == 0, once.stderr
    assert once.stdout == again.stdout
    assert json.loads(once.stdout)["setting"]["simulated"]


def test_phones_that_give_up_are_no_success() -> None:
    done = run("--simulate", "--phones", "300", "--ramp", "0", "--server-rate", "50", "--server-backlog", "5")
    assert done.returncode == 1
    assert re.search(r"gave up: \d+ × .*503", done.stdout)


def test_ctrl_c_prints_the_report_so_far(server: str) -> None:
    words = (server, "--phones", "100", "--ramp", "50", "--skip-waits", "--json")
    process = subprocess.Popen(
        [*STORM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    try:
        assert process.stderr is not None
        assert "storm:" in process.stderr.readline(), "a line of progress, as there is no terminal"
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=15)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in errors
    told = json.loads(out)
    assert told["outcome"] == "interrupted"
    assert 0 < told["phones"]["ready"] < 100


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "--simulate"),
        (("ftp://h/",), "is not a URL"),
        (("http://",), "is not a URL"),
        (("http://192.0.2.1:9/",), "--allow-remote"),
        (("http://127.0.0.1:9/",), "Start the server first"),
        (("http://name.invalid/",), "has no address"),
        (("--simulate", "--phones", "0"), "--phones"),
        (("--simulate", "--models", "nokia"), "nokia"),
        (("--simulate", "--models", "yealink-t46s:none"), "whole number"),
        (("--simulate", "--mac-start", "xyz"), "is not a MAC"),
        (("--simulate", "--macs", "/nowhere.csv"), "--macs"),
        (("--simulate", "--pattern", "rolling", "--ramp", "5"), "has a --rate"),
        (("--simulate", "--rate", "5"), "for --pattern rolling"),
        (("--simulate", "--ramp", "-1"), "seconds"),
        (("--simulate", "--pattern", "check-sync", "--no-warm-up"), "boot first"),
        (("--simulate", "--server-rate", "0"), "above 0"),
        (("--simulate", "--duration", "-5"), "above 0"),
        (("--simulate", "--timeout", "nan"), "above 0"),
        (("--simulate", "--html", "/nowhere/at/all.html"), "no folder"),
        (("http://127.0.0.1:9/", "--server-rate", "5"), "goes with --simulate"),
        (("--simulate", "--back-off", "61"), "0 to 60"),
    ],
)
def test_bad_usage_is_told_in_words(words: tuple[str, ...], why: str) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert why in re.sub(r"\s*│\s*\n│\s*", " ", done.stderr)
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
