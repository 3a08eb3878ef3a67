"""How often a law is tried: `@law()` in a test run with fixed seeds, many times over in `make prove`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

FACTOR = int(os.environ.get("PBXSIM_PROVE", "1"))  # how many times the usual number of examples


def law(examples: int = 100, **more: Any) -> settings:
    """Settings of a property test: the same examples each time, except in a proof, which draws its own."""
    return settings(
        max_examples=examples * FACTOR,
        derandomize=FACTOR == 1,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        **more,
    )


def tell(what: str, counts: Mapping[str, Any]) -> None:
    """What a test has counted goes into the proof that runs it."""
    file = os.environ.get("PBXSIM_COUNTS")
    if file:
        with Path(file).open("a", encoding="utf-8") as told:
            told.write(json.dumps({what: dict(counts)}) + "\n")
