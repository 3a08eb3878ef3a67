"""How long a phone waits for others: rows of the table of facts, for both brands. No vendor publishes these.

In milliseconds, but for the part of a registration after which it is refreshed. What a run waits for its files is each
brand's own.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from device_emulator.facts import Fact
from device_emulator.models import Model


class Rows(Struct, frozen=True, eq=False):
    """What is known of one brand."""

    refresh_part: Fact[int]
    retry: Fact[int]
    answer: Fact[int]
    http: Fact[int]
    ringing: Fact[int]


def _rows(vendor: str) -> Rows:
    return Rows(
        Fact(
            f"{vendor}.register.refresh-part",
            vendor,
            "A registration, or a subscription, is refreshed when one part of so many of its time is over.",
            "decided",
            "RFC 3261, 10.2.4 leaves it to the phone; half is what many do",
            2,
            4,
        ),
        Fact(
            f"{vendor}.register.retry-ms",
            vendor,
            "A line whose REGISTER was refused, or not answered, asks again after this many milliseconds.",
            "unverified",
            "no vendor publishes it",
            30_000,
            90_000,
        ),
        Fact(
            f"{vendor}.sip.answer-ms",
            vendor,
            "A SIP request has not been answered when this many milliseconds are over.",
            "decided",
            "RFC 3261: timers B and F are 32 s; a round number for it",
            30_000,
            10_000,
        ),
        Fact(
            f"{vendor}.http.answer-ms",
            vendor,
            "Outside a run it waits this many milliseconds for an HTTP answer.",
            "unverified",
            "Aastra's `xml get timeout` is said to be 30 s; of Yealink nothing is published",
            30_000,
            10_000,
        ),
        Fact(
            f"{vendor}.ringing-ms",
            vendor,
            "A phone that rings gives up by itself after this many milliseconds.",
            "unverified",
            "Yealink has a key for it, phone_setting.ringing_timeout; its default is not published",
            180_000,
            60_000,
        ),
    )


YEALINK = _rows("yealink")
AASTRA = _rows("aastra")
YEALINK_REFRESH, YEALINK_RETRY, YEALINK_ANSWER = YEALINK.refresh_part, YEALINK.retry, YEALINK.answer
YEALINK_HTTP, YEALINK_RINGING = YEALINK.http, YEALINK.ringing
AASTRA_REFRESH, AASTRA_RETRY, AASTRA_ANSWER = AASTRA.refresh_part, AASTRA.retry, AASTRA.answer
AASTRA_HTTP, AASTRA_RINGING = AASTRA.http, AASTRA.ringing
_ROWS = {"yealink": YEALINK, "aastra": AASTRA}


class Patience(Struct, frozen=True, gc=False):
    """How one phone waits; see the rows."""

    refresh_part: int
    retry_ms: int
    answer_ms: int
    http_ms: int
    ringing_ms: int


@lru_cache(maxsize=1024)  # asked at each request
def of(model: Model) -> Patience:
    """How a phone of this model waits."""
    rows = _ROWS[model.vendor]
    part = max(1, rows.refresh_part.of(model))  # a knob of 0 is not to stop the world
    waits = [max(1, fact.of(model)) for fact in (rows.retry, rows.answer, rows.http, rows.ringing)]
    return Patience(part, *waits)
