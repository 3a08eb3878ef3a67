"""A run as the checks of it see it, and what a table of such checks is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from device_emulator.lint import About, Hit, Source
from device_emulator.lint.findings import shown
from device_emulator.models import Model
from device_emulator.trial.exchanges import Boot, read
from device_emulator.trial.keep import Keep


class Run(Boot, frozen=True):
    """A boot, and what is known besides: the phone's model, and what it fetched the last time."""

    hardware: Model | None = None
    before: Keep | None = None

    @property
    def sources(self) -> list[Source]:
        """The files as they came last, as the phone reads them."""
        return [read(one, self.hardware) for one in self.files]


Rows = tuple[tuple[About, Callable[[Run], Iterator[Hit]]], ...]


def server(run: Run) -> str:
    """The server, where a finding is about no file of it."""
    return shown(run.server)
