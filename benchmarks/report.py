"""What is told of the figures: a table for people and JSON for whoever compares runs. Both say what bar was asked, what
was measured and how far samples lay apart; the JSON says on which machine, and of which commit.
"""

from __future__ import annotations

import gc
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from rich.table import Table

from benchmarks.measure import Figure

ROOT = Path(__file__).parent.parent


def table(figures: dict[str, list[Figure]]) -> Table:
    """One row a figure, subject by subject."""
    collector = "on" if gc.isenabled() else "off"
    rows = Table(title=f"pbxsim benchmarks (garbage collector {collector})", title_justify="left")
    for heading in ("what", "bar", "measured", "middle half", "unit", "n", "verdict"):
        rows.add_column(heading, justify="right" if heading in ("bar", "measured", "middle half", "n") else "left")
    for of_subject in figures.values():
        for figure in of_subject:
            low, high = figure.spread
            rows.add_row(
                figure.name + (f"\n  [dim]{figure.note}[/dim]" if figure.note else ""),
                f"{figure.bar.relation} {figure.bar.limit:g}" if figure.bar else "",
                _short(figure.median),
                f"{_short(low)} to {_short(high)}",
                figure.unit,
                str(len(figure.samples)),
                _verdict(figure),
            )
        rows.add_section()
    return rows


def as_json(figures: dict[str, list[Figure]], quick: bool) -> dict[str, Any]:
    """Everything, for a file."""
    return {
        "commit": _commit(),
        "machine": {"cpu": _cpu(), "cores": os.cpu_count(), "python": platform.python_version()},
        "gc": gc.isenabled(),
        "quick": quick,
        "figures": [
            {
                "subject": subject,
                "name": figure.name,
                "unit": figure.unit,
                "bar": {"relation": figure.bar.relation, "limit": figure.bar.limit} if figure.bar else None,
                "median": figure.median,
                "spread": list(figure.spread),
                "n": len(figure.samples),
                "ok": figure.ok,
                "note": figure.note,
            }
            for subject, of_subject in figures.items()
            for figure in of_subject
        ],
    }


def _verdict(figure: Figure) -> str:
    if figure.bar is None:
        return ""
    return "[green]ok[/green]" if figure.ok else "[red]short[/red]"


def _short(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _commit() -> str:
    """The commit that was measured, with `-dirty` where files differ from it; 'unknown' outside a checkout."""
    asked = ("git", "-C", str(ROOT), "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*")
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()
