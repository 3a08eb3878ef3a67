"""What a run against a server leaves behind: each request with its outcome, the files as they came, and the phone at
the end. Values only; `runner.py` makes them, `served.py` judges them, `report.py` prints them."""

from __future__ import annotations

from typing import Literal, cast

from msgspec import Struct

from device_emulator.firmware.contract import Flash, Report
from device_emulator.lint.grammar import Brand
from device_emulator.lint.source import Source
from device_emulator.models import Model
from device_emulator.screen import Screen

Purpose = Literal["boot", "again", "other-case", "anonymous", "resource"]
"""Why a request was made: by the phone; by the phone after a power cycle, to compare; and what no phone asks: another
case of a name, a secret without credentials, and files that the configuration names."""


class Exchange(Struct, frozen=True, gc=False):
    """One request and its outcome. `file` is relative to the server's address where it is there. Status 0: no answer,
    and `why` says what happened. `size` in bytes, `run` counts the phone's boots from 1, `location` is where a redirect
    leads, `certificate` what is wrong with the server's; `reading`: it belongs to a provisioning run, and not to what
    the phone does afterwards."""

    method: str
    url: str
    file: str
    purpose: Purpose
    run: int
    status: int
    size: int
    ms: float
    why: str = ""
    authenticated: bool = False
    location: str = ""
    certificate: str = ""
    reading: bool = True


class Served(Struct, frozen=True, gc=False):
    """A configuration file as the phone got it in one of its runs."""

    file: str
    url: str
    body: bytes
    run: int
    authenticated: bool
    digest: str


class Resource(Struct, frozen=True, gc=False):
    """An address in a configuration file, and what came of it: `outcome` says it in words, status 0 is: not asked."""

    key: str
    url: str
    file: str
    line: int
    purpose: str
    outcome: str
    status: int = 0
    size: int = 0
    body: bytes = b""


def brand(model: Model) -> Brand:
    """Whose files a model reads."""
    return cast(Brand, model.vendor)


def read(served: Served, model: Model | None) -> Source:
    """The file, as that phone reads it."""
    return Source(served.file, served.body, brand(model) if model else None, False, model)


class Boot(Struct, frozen=True):
    """What a phone did at a server.

    `exchanges` in order; `reports` one per provisioning run (a reboot makes another); `registrations` the addresses of
    record it would register, each granted by the runner and not by a PBX; `fetched` whether the configuration in force
    comes from files of this server; `waited` seconds of the phone's own waits, `real` or skipped; `truncated` says
    which limit ended the run early, '' if none did. `screen` and `settings` are those after the first boot, `flash`
    the phone's memory at the very end.
    """

    model: str
    mac: str
    server: str
    fetched: bool
    exchanges: tuple[Exchange, ...]
    reports: tuple[Report, ...]
    registrations: tuple[str, ...]
    screen: Screen
    settings: dict[str, str]
    waited: float
    real: bool
    truncated: str = ""
    served: tuple[Served, ...] = ()
    resources: tuple[Resource, ...] = ()
    flash: Flash = Flash()

    @property
    def usable(self) -> bool:
        """Can somebody use the phone: has it an account to register, or does it ask who is there?"""
        return self.fetched and bool(self.registrations or self.screen.prompt)

    @property
    def files(self) -> tuple[Served, ...]:
        """The configuration files, each as it came last, in the order in which the phone read them."""
        return tuple({one.file: one for one in self.served}.values())
