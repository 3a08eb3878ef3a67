"""Schemathesis plays a stranger who knows the document alone: every check, every phase, over a real socket.

In a test run it plays the same few requests each time; `make prove` lets it draw more. Two things are left aside: a
stream of events never ends, and a callflow's tree is played one node deep, since a generator of a tree that may hold
itself does not end either (trees are test_callflows' matter).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pbxsim.server.openapi import document
from tests.law import FACTOR, tell
from tests.roads.server import TOKEN, Server

HERE = Path(__file__).parent
TAGS = sorted({tag["name"] for tag in document()["tags"]} - {"events"})
PARTS = 4  # runs of their own, so that they go side by side


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """With a small office in it."""
    running = Server()
    ask = running.wire("main")
    ask("POST", "/accounts", {"id": "acme", "name": "Acme", "platform": "jet", "country": "AU"})
    john = {"extension": "1002", "first_name": "John", "password": "correct horse", "voicemail_pin": "4711"}
    ask("POST", "/accounts/acme/users", john)
    ask("POST", "/accounts/acme/devices", {"model": "yealink-t46s", "mac": "805ec0112233", "owner": "1002"})
    ask("POST", "/phones", {"device": "acme/805ec0112233"})
    ask("POST", "/accounts/acme/queues", {"name": "Demo", "members": ["1002"]})
    yield running
    running.close()


def shallow(found: Any) -> Any:
    """The document, in which nothing hangs below a node but the end of the call."""
    found = json.loads(json.dumps(found))
    end = {"$ref": "#/components/schemas/HangUpInput"}
    for name, schema in found["components"]["schemas"].items():
        members = schema.get("properties", {})
        if name.endswith("Input") and ("const" in members.get("type", {}) or name == "OptionInput"):
            for below in ("then", "open"):
                if below in members:
                    members[below] = end if name == "OptionInput" else {"anyOf": [end, {"type": "null"}]}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_found(server: Server, part: int, tmp_path: Path) -> None:
    """No status, type, header or shape that the document does not know, no 500, nothing wrong that is taken."""
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(shallow(document())))
    tags = [word for tag in TAGS[part::PARTS] for word in ("--include-tag", tag)]
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run", str(file)),
        *("--url", f"http://127.0.0.1:{server.port}", "--header", f"Authorization: Bearer {TOKEN}"),
        *("--max-examples", str(2 * FACTOR), "--continue-on-failure", "--no-color", "--suppress-health-check", "all"),
        *(("--seed", "1") if FACTOR == 1 else ()),
        *tags,
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=280 * FACTOR)
    counted = re.search(r"(\d+) generated", done.stdout)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
    assert counted is not None, done.stdout
    tell("requests", {f"part {part}": int(counted[1])})
