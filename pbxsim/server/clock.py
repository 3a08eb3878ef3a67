"""A hosted world's clock: at the wall clock, running by itself at a rate, or standing."""

from __future__ import annotations

from typing import Any, Literal

Mode = Literal["real", "virtual"]


class Clock:
    """`rate` is virtual seconds per real second: 0 stands; a real clock's is 1."""

    mode: Mode
    rate: float

    def as_dict(self) -> dict[str, Any]:
        """{"now": ISO 8601, "mode", "rate"}, as the API answers it."""
        raise NotImplementedError
