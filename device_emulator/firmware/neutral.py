"""What a firmware answers to questions about things that it does not have.

A vendor's file takes over from here what it has no answer of its own for, by name: nothing is inherited unseen.
"""

from __future__ import annotations

from device_emulator.firmware.contract import Flash, Order
from device_emulator.firmware.textfile import Settings
from device_emulator.models import Model
from device_emulator.screen import Key, Page


def spelled(model: Model, mac: str, url: str) -> str:
    """Nothing in it stands for something else."""
    return url


def at_power_on(model: Model, settings: Settings) -> bool:
    """Each boot fetches the configuration."""
    return True


def patience_ms(model: Model, settings: Settings) -> int:
    """It waits for the end of a call, and for nobody's hands."""
    return 0


def absent(model: Model, name: str, status: int) -> bool:
    """404 alone says that there is no such file."""
    return status == 404


def login_page(model: Model, settings: Settings) -> Page | None:
    """It does not ask."""
    return None


def first_page(model: Model, settings: Settings) -> Page | None:
    """Nothing comes before the idle screen."""
    return None


def submitted(model: Model, flash: Flash, page: Page, fields: tuple[str, ...]) -> tuple[Flash, Order]:
    """It has no pages of its own."""
    return flash, Order()


def menu(model: Model) -> tuple[str, ...]:
    """No item of its menu is modelled."""
    return ()


def chosen(model: Model, item: str) -> Order | None:
    """No item of its menu is modelled."""
    return None


def wizard(model: Model, flash: Flash, key: Key) -> tuple[Flash, Page] | None:
    """None of its keys asks who is there."""
    return None


def upload(model: Model, mac: str, flash: Flash) -> tuple[str, str, bytes] | None:
    """Changes at the phone stay there."""
    return None
