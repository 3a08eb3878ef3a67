"""What the stories about Yealinks start from."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from device_emulator import models
from device_emulator.phone import new
from tests.device_emulator.desk import YEALINK_MAC, World, yealink, yealink_file

MAC = YEALINK_MAC
BOOT = f"{MAC}.boot"
COMMON = "y000000000066.cfg"
OWN = f"{MAC}.cfg"
LOCAL = f"{MAC}-local.cfg"
HEADER = "#!version:1.0.0.1\n"
RUN = [BOOT, COMMON, OWN]
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def common(desk: World, *lines: str) -> None:
    """More lines for the file of all phones of the model."""
    body = desk.files[COMMON]
    assert isinstance(body, str)
    desk.files[COMMON] = body + "".join(f"{line}\n" for line in lines)


def there(*lines: str) -> World:
    """A phone that is up, with these lines in the common file."""
    desk = yealink()
    common(desk, *lines)
    desk.plug_in()
    return desk


def of(version: str, name: str = "yealink-t46s") -> World:
    """A T46S of another release at a server without boot files, not plugged in."""
    desk = World(new(replace(models.find(name), version=version), MAC))
    desk.stage()
    desk.files[COMMON] = HEADER + "lang.gui = English\n"
    desk.files[OWN] = yealink_file()
    return desk


def runs(desk: World, action: Callable[[], object]) -> int:
    """How many runs begin while something happens."""
    return desk.fetched(action).count(BOOT)


def said(desk: World, key: str) -> str | None:
    """A setting in force; None if there is none."""
    return desk.phone.settings.dict().get(key)
