"""What a phone's HTTP requests say besides who asks: rows of the table of facts, for both brands."""

from __future__ import annotations

from functools import lru_cache

from device_emulator.facts import Fact
from device_emulator.models import Model

_TEXT = "An HTTP request has this in its header `Accept`; empty is no such header."
_SOURCE = "general knowledge: no captured request of these phones with all of its headers is public"
YEALINK_ACCEPT = Fact("yealink.http.accept", "yealink", _TEXT, "unverified", _SOURCE, "*/*", "")
AASTRA_ACCEPT = Fact("aastra.http.accept", "aastra", _TEXT, "unverified", _SOURCE, "*/*", "")


@lru_cache(maxsize=256)  # asked at each request
def accept(model: Model) -> str:
    """What a phone of this model accepts."""
    said = (YEALINK_ACCEPT if model.vendor == "yealink" else AASTRA_ACCEPT).of(model)
    return "".join(one for one in said if one.isascii() and one.isprintable())  # a knob is not to break the wire
