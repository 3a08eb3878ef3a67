"""`pbxsim facts`: each fact as the phones go by it, for people and for programs."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from device_emulator.firmware import FACTS
from pbxsim.cli import app


def facts(*options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["facts", *options])
    return result.exit_code, result.output


def test_every_fact_is_printed_with_its_evidence() -> None:
    status, told = facts()
    assert status == 0
    assert all(id_ in told for id_ in FACTS)
    assert f"{len(FACTS)} facts" in told
    assert max(map(len, told.splitlines())) <= 110


def test_for_programs() -> None:
    rows = json.loads(facts("--json", "--brand", "yealink")[1])
    assert len(rows) > 100
    (tries,) = [row for row in rows if row["id"] == "yealink.404.tries"]
    assert (tries["value"], tries["brand"], tries["releases"], tries["knob"]) == (3, "yealink", "", False)
    (boot,) = [row for row in rows if row["id"] == "yealink.boot.files"]
    assert (boot["value"], boot["otherwise"], boot["releases"]) == (True, False, "V81 and later")
    assert all(row["source"] and row["evidence"] for row in rows)


def test_a_part_of_them() -> None:
    rows = json.loads(facts("check-sync", "--json", "--brand", "yealink")[1])
    assert {row["id"] for row in rows} >= {"yealink.check-sync.mode", "yealink.check-sync.event"}
    assert len(rows) < 10
    assert all(row["knob"] for row in json.loads(facts("--knobs", "--json")[1]))
    assert facts("nothing of the kind")[0] == 1
    status, told = facts("--brand", "snom")
    assert status == 2
    assert "known are aastra, yealink" in told
