"""`import pbxsim` with its bytecode cached, as every command line and every test session pays it: whole processes,
`python -c "import pbxsim"` against `python -c pass`. Bar: it adds at most 80 ms.
"""

from __future__ import annotations

import os
import subprocess
import sys
from time import perf_counter

from benchmarks.measure import Effort, Figure, alternate, at_most, figure


def measure(effort: Effort) -> list[Figure]:
    """The pair before the first writes the bytecode."""
    pairs = alternate(effort.processes, lambda: _process("pass"), lambda: _process("import pbxsim"))
    return [
        figure("import pbxsim adds", "ms", at_most(80), [ours - bare for bare, ours in pairs]),
        figure("python -c pass", "ms", None, [bare for bare, _ in pairs]),
    ]


def _process(code: str) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    return (perf_counter() - began) * 1e3
