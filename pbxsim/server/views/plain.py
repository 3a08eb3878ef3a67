"""What every view is made of: JSON objects, and moments as text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pbxsim.world import to_datetime

Json = dict[str, Any]


def iso(ms: int) -> str:
    """1735689600000 -> 2025-01-01T00:00:00.000Z."""
    return moment(to_datetime(ms))


def moment(when: datetime) -> str:
    """A moment in UTC, to the millisecond."""
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
