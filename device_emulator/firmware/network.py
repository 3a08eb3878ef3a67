"""What a phone does when its network cable is pulled and plugged in again: rows of the table of facts, for both brands.

A pulled cable takes no power: what was registered stays in the phone's memory, whatever it sends is lost, and nobody
publishes how soon it asks again when there is a network.
"""

from __future__ import annotations

from msgspec import Struct

from device_emulator.facts import Fact
from device_emulator.models import Model

_UNPUBLISHED = "no vendor publishes it; a phone may as well wait for its next refresh"


class Rows(Struct, frozen=True):
    """What is known of one brand."""

    says: Fact[str]
    lines: Fact[bool]
    run: Fact[bool]


def _rows(vendor: str, says: Fact[str]) -> Rows:
    return Rows(
        says,
        Fact(
            f"{vendor}.network.lines",
            vendor,
            "When its network is there again, its lines register at once.",
            "unverified",
            _UNPUBLISHED,
            True,
            False,
        ),
        Fact(
            f"{vendor}.network.run",
            vendor,
            "What a run could not fetch for want of a network it fetches when there is one.",
            "unverified",
            "no vendor publishes it; a phone may as well wait for its next boot",
            True,
            False,
        ),
    )


YEALINK_SAYS = Fact(
    "yealink.says.no-network",
    "yealink",
    "On the display while the network cable is out.",
    "unverified",
    "the words are general knowledge; they differ by release and language",
    "Network unavailable",
    "No Service",
)
AASTRA_SAYS = Fact(
    "aastra.says.no-network",
    "aastra",
    "On the display while the network cable is out.",
    "vendor guide",
    "administrator guide 57i, 4-55: the second row gives way to it",
    "Network Disconnected",
    "No Service",
)
YEALINK = _rows("yealink", YEALINK_SAYS)
AASTRA = _rows("aastra", AASTRA_SAYS)
YEALINK_LINES, YEALINK_RUN = YEALINK.lines, YEALINK.run
AASTRA_LINES, AASTRA_RUN = AASTRA.lines, AASTRA.run
_ROWS = {"yealink": YEALINK, "aastra": AASTRA}


def of(model: Model) -> Rows:
    """What is known of a model's brand."""
    return _ROWS[model.vendor]
