"""`make prove`: the laws at full counts. Each proof runs its tests with many more examples, drawn anew, and writes what
it has counted to proof/<name>.json.

`python -m tests.prove [NAME ...]` runs some of them; `--factor 10` makes them shorter. Exit status 1 if one fails.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]

# name -> (what it shows, the tests, how many times their usual number of examples)
PROOFS: dict[str, tuple[str, list[str], int]] = {
    "lifecycle": ("every law holds after every command, whatever people do", ["tests/world/test_lifecycle.py"], 100),
    "configurations": (
        "any text parses without loss; after any bytes a phone has a whole configuration",
        [
            "tests/device_emulator/test_files.py",
            "tests/device_emulator/test_laws.py",
            "tests/device_emulator/test_yealink_laws.py",
        ],
        100,
    ),
    "clean": ("no name adds a key or changes another one", ["tests/provisioning/test_clean.py"], 100),
    "doors": (
        "no User-Agent, Authorization header or seed file breaks what reads it",
        [
            "tests/provisioning/test_user_agents.py",
            "tests/provisioning/test_authentication.py",
            "tests/seeds/test_seeds.py",
        ],
        100,
    ),
    "offboarding": (
        "off-boarding: nothing is refused, orphaned or lost on any platform, and no plan is shorter",
        ["tests/core/test_offboarding.py"],
        20,
    ),
    "staleness": (
        "a name is stale exactly where restarting the phone, and logging in again, changes it",
        ["tests/observe/test_staleness.py"],
        50,
    ),
    "faults": (
        "whatever goes wrong outside, a phone ends with its old configuration or with the new one, never a mixture",
        ["tests/world/test_faults.py"],
        20,
    ),
    "leap": (
        "a world that leaps over refreshes is the world that plays each of them",
        ["tests/world/test_leap.py"],
        20,
    ),
    "words": ("a name waits for the index of words, and nobody can tell", ["tests/core/test_words.py"], 50),
    "kill": (
        "kill -9 at random moments, under load: nothing acknowledged lost, nothing half applied, it starts every time",
        ["tests/store/test_kill.py"],
        60,
    ),
    "disk": (
        "whichever write or sync of the disk fails: before or after, never between, and everybody is told",
        ["tests/store/test_injected.py"],
        2,
    ),
    "attack": (
        "an attacker at the provisioning server: no secret comes out, no 5xx, and its memory stays flat",
        ["tests/attack/test_attack.py"],
        100,
    ),
    "api": (
        "a stranger who knows the document alone finds no answer that it does not know",
        ["tests/api/test_schemathesis.py"],
        10,
    ),
    "sorted": ("the persistent set is a sorted set", ["tests/core/test_sorted.py"], 100),
}

_TEST = re.compile(r"^(tests/\S+::.+):$", re.MULTILINE)
_PASSING = re.compile(r"- (\d+) passing(?: examples)?, (\d+) failing")


def prove(name: str, factor: int | None) -> bool:
    """Run one proof and write its file; has it held?"""
    what, tests, usual = PROOFS[name]
    times = factor or usual
    print(f"{name}: {what} ...", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder_of_counts:
        told = Path(folder_of_counts) / "counts"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--hypothesis-show-statistics", *tests],
            cwd=ROOT,
            env={**os.environ, "PBXSIM_PROVE": str(times), "PBXSIM_COUNTS": str(told)},
            capture_output=True,
            text=True,
        )
        counted = [json.loads(line) for line in told.read_text().splitlines()] if told.exists() else []
    counts = _counts(done.stdout)
    held = done.returncode == 0 and (sum(counts.values()) > 0 or bool(counted))
    report = {
        "proof": name,
        "shows": what,
        "held": held,
        "commit": _git("rev-parse", "HEAD"),
        "changed_since": bool(_git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!proof")),
        "machine": {"cpu": _cpu(), "cores": os.cpu_count(), "python": platform.python_version()},
        "factor": times,
        "examples": sum(counts.values()),
        "by_test": counts,
        **({"counted": {what: found for row in counted for what, found in row.items()}} if counted else {}),
        "seconds": round(time.monotonic() - began, 1),
    }
    folder = ROOT / "proof"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(report, indent=2) + "\n")
    print(f"  {'held' if held else 'FAILED'}: {report['examples']:,} examples in {report['seconds']} s", flush=True)
    if not held:
        print(done.stdout[-5000:], done.stderr[-2000:], sep="\n")
    return held


def _counts(output: str) -> dict[str, int]:
    """Examples that passed, by test, as Hypothesis tells them (all of a test's phases together)."""
    counts: dict[str, int] = {}
    parts = _TEST.split(output)
    for test, told in zip(parts[1::2], parts[2::2], strict=True):
        counts[test] = sum(int(passing) for passing, _ in _PASSING.findall(told))
    return counts


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()


def _cpu() -> str:
    try:
        told = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        told = None
    return told[1] if told else platform.processor()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(PROOFS)}; all by default")
    parser.add_argument("--factor", type=int, help="times the usual number of examples (100)")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - set(PROOFS)
    if unknown:
        parser.error(f"no proof {', '.join(sorted(unknown))}; there are {', '.join(PROOFS)}")
    results = [prove(name, chosen.factor) for name in chosen.names or PROOFS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
