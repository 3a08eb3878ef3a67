"""Each benchmark runs, and what it reports makes sense. No timing is asserted: that is what `make bench` is for."""

from __future__ import annotations

import json

import pytest

from benchmarks.__main__ import SUBJECTS, main
from benchmarks.measure import Bar, figure


@pytest.fixture
def report(tmp_path):
    """Run subjects in --quick mode; their JSON."""

    def run(*names):
        file = tmp_path / "figures.json"
        assert main([*names, "--quick", "--json", str(file)]) == 0
        return json.loads(file.read_text(encoding="utf-8"))

    return run


@pytest.mark.parametrize("name", SUBJECTS)
def test_each_subject_reports_what_it_measured(report, name):
    found = report(name)
    assert found["quick"]
    assert found["gc"], "the collector stays on"
    assert found["commit"]
    assert found["machine"].keys() == {"cpu", "cores", "python"}
    assert found["figures"]
    for row in found["figures"]:
        low, high = row["spread"]
        assert row["subject"] == name
        assert row["name"]
        assert row["unit"]
        assert row["n"] >= 2
        assert low <= row["median"] <= high
        assert row["median"] > 0
    assert any(row["bar"] for row in found["figures"]), "a subject has a bar"


def test_check_ends_with_1_only_where_a_bar_is_missed(monkeypatch):
    for limit, status in ((2.0, 0), (1.0, 1)):
        row = figure("it", "s", Bar("≤", limit), [1.5, 1.5])
        monkeypatch.setitem(SUBJECTS, "world", lambda effort, row=row: [row])
        assert main(["world", "--check"]) == status
        assert main(["world"]) == 0


def test_an_unknown_subject_is_a_usage_error():
    with pytest.raises(SystemExit, match="2"):
        main(["nothing"])


def test_the_median_and_the_middle_half():
    row = figure("it", "s", Bar("≥", 3), [5, 1, 2, 4, 3])
    assert (row.median, row.spread, row.ok) == (3, (2, 4), True)
