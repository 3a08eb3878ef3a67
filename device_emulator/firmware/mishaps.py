"""What stands on the display when a run or a registration has failed: rows of the table of facts, for both brands.

The words are nobody's: guides show none of these screens, and they differ by release and language.
"""

from __future__ import annotations

from device_emulator.facts import Fact
from device_emulator.models import Model

_WORDS = "the words are general knowledge; they differ by release and language"


def _says(vendor: str, id: str, text: str, value: str, other: str) -> Fact[str]:
    return Fact(f"{vendor}.says.{id}", vendor, text, "unverified", _WORDS, value, other)


_FAILED = "On the display after a run that has failed."
_REFUSED = "On the display while a line's registration is refused; {} is the SIP status."
YEALINK_FAILED = _says("yealink", "failed", _FAILED, "Configuration failed", "Auto provision failed")
AASTRA_FAILED = _says("aastra", "failed", _FAILED, "Bad config server", "Skipping HTTP")
YEALINK_REFUSED = _says("yealink", "refused", _REFUSED, "Registration refused ({})", "Register failed")
AASTRA_REFUSED = _says("aastra", "refused", _REFUSED, "Registration refused ({})", "Register failed")


def failed(model: Model) -> str:
    """After a run that has failed."""
    return (YEALINK_FAILED if model.vendor == "yealink" else AASTRA_FAILED).of(model)


def refused(model: Model, status: int) -> str:
    """While a registration is refused. A knob may leave the status out."""
    return (YEALINK_REFUSED if model.vendor == "yealink" else AASTRA_REFUSED).of(model).replace("{}", str(status))
