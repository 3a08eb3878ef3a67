"""How often a law is tried: `@law()` in a test run with fixed seeds, many times over in `make prove`."""

from __future__ import annotations

import os
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
