"""`python -m benchmarks [NAME ...]`: each subject in turn, a line of progress, a table at the end.

Ends with 0 whatever was measured, so that a slow machine breaks no build; with `--check` a missed bar gives 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

import msgspec
from rich.console import Console

from benchmarks import (
    api,
    boot,
    commands,
    files,
    fork,
    imports,
    lists,
    offboarding,
    parsing,
    phone_program,
    powercut,
    ready,
    rendering,
    routing,
    staleness,
    start,
    storm,
    world,
    worlds_http,
    year,
)
from benchmarks.measure import FULL, QUICK, Effort, Figure
from benchmarks.report import as_json, table

# What is measured, in the order of the table; those that start processes come before the large world fills memory.
SUBJECTS: dict[str, Callable[[Effort], list[Figure]]] = {
    "import": imports.measure,
    "world": world.measure,
    "boot": boot.measure,
    "fork": fork.measure,
    "rendering": rendering.measure,
    "parsing": parsing.measure,
    "commands": commands.measure,
    "lists": lists.measure,
    "offboarding": offboarding.measure,
    "files": files.measure,
    "routing": routing.measure,
    "staleness": staleness.measure,
    "ready": ready.measure,
    "api": api.measure,
    "start": start.measure,
    "worlds": worlds_http.measure,
    "phone": phone_program.measure,
    "storm": storm.measure,
    "year": year.measure,
    "powercut": powercut.measure,
}

WIDTH = 110  # of the table, where no terminal says how wide it is


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = _parser()
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in SUBJECTS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(SUBJECTS)}")
    effort = QUICK if options.quick else FULL
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    progress = Console(stderr=True)
    figures: dict[str, list[Figure]] = {}
    for name in options.names or SUBJECTS:
        progress.print(f"{name} ...", end=" ")
        began = perf_counter()
        figures[name] = SUBJECTS[name](effort)
        progress.print(f"{perf_counter() - began:.1f} s")
    console.print(table(figures))
    if options.json:
        text = msgspec.json.format(msgspec.json.encode(as_json(figures, options.quick)), indent=2)
        options.json.write_bytes(text + b"\n")
    missed = [figure.name for of_subject in figures.values() for figure in of_subject if not figure.ok]
    return 1 if options.check and missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast pbxsim is on this machine.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(SUBJECTS)}; all by default")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything there as well")
    parser.add_argument("--quick", action="store_true", help="small worlds and few samples: does it run?")
    parser.add_argument("--check", action="store_true", help="end with 1 if a bar is missed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
