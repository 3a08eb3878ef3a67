"""A row of the tables: a model, and how true each part of it is, in the evidence words of `facts.py`."""

from __future__ import annotations

from msgspec import Struct

from device_emulator.models.agents import form
from device_emulator.models.evidence import DISPLAY, Source
from device_emulator.models.model import Model


class Note(Struct, frozen=True, gc=False):
    """Where a part of a row comes from: `what` (version, lines, keys ...), the evidence, and the source."""

    what: str
    evidence: str
    source: str


class Row(Struct, frozen=True):
    """`sources` are (part, where it is from)."""

    model: Model
    sources: tuple[tuple[str, Source], ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """All of it, with the User-Agent's and the display's."""
        said = form(self.model)
        told = (*self.sources, ("agent", (said.evidence, said.source)), ("display", DISPLAY))
        return tuple(Note(what, *source) for what, source in told)
