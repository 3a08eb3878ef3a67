"""One name on one device: how far the present one has got, and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from device_emulator.phone import Phone
from pbxsim.world.state import Record

WaitsFor = Literal["", "fetch", "log-in", "save", "phone"]
Texts = Mapping[str, str]  # field -> what it says

LABEL, DISPLAY_NAME = "label", "display name"


class Field(Struct, frozen=True, gc=False):
    """One name on a device, and how far the present one has got.

    `pbx` is what a file would say if it were made now; `rendered` what the kept file says (None where none is kept);
    `downloaded` what the last fetched file said (None: it has fetched none that is known of); `applied` and `screen`
    what the phone has in force and shows (None: unknown, or not on the screen); `after` what it would show after a
    restart and another log-in. `waits_for`: a fetch brings the name; a log-in; a save makes the file anew; or the
    phone does not take it. `change` is what made the name old, None where history has forgotten it."""

    name: str
    pbx: str
    rendered: str | None
    downloaded: str | None
    applied: str | None
    screen: str | None
    after: str | None
    waits_for: WaitsFor
    change: Record | None = None

    @property
    def stale(self) -> bool:
        """Would a restart, and another log-in, change what it shows?"""
        return self.waits_for in ("fetch", "log-in")


def differs(field: Field) -> bool:
    """Is it another name than the PBX's present one, or will it be another soon?"""
    return field.waits_for != ""


def label_of(phone: Phone) -> str | None:
    """Line 1's label, where the phone has come up and nothing hides it for good."""
    if phone.phase != "idle" or not phone.lines or any(page.locked for page in phone.pages):
        return None
    return phone.lines[0].account.label
