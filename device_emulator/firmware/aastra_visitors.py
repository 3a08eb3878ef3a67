"""Visitors of a Mitel 6800 or 6900: somebody logs in at the phone itself, which fetches his files and applies them over
its own (Visitor Desk Phone, firmware 4.0 and later).

How it goes about it is `visitor.py`'s matter; here is what its settings say of it, and what is known.
"""

from __future__ import annotations

from hashlib import md5

from device_emulator.facts import Fact
from device_emulator.firmware.aastra_files import enter as enter
from device_emulator.firmware.aastra_keys import VISITOR_KEY
from device_emulator.firmware.aastra_reboot import needs_reboot
from device_emulator.firmware.aastra_syntax import read, syntax
from device_emulator.firmware.contract import Flash, Visiting
from device_emulator.firmware.textfile import Settings, seconds
from device_emulator.models import Model

GUIDE_40 = "Mitel 6800i administrator guide 41-001561-00"
FILES = Fact(
    "aastra.visitor.files",
    "aastra",
    "At a log-in it fetches `<user>.cfg`, then `<user>_local.cfg`, from `user config url`, and shows who they are for.",
    "vendor guide",
    f"{GUIDE_40}, 6-46 and 6-47",
    "_local.cfg",
    "-local.cfg",
)
UPLOAD = Fact(
    "aastra.visitor.upload",
    "aastra",
    "What a visitor has set is uploaded as `<user>_local.cfg` when he logs out.",
    "vendor guide",
    f"{GUIDE_40}, 6-47",
    True,
    False,
)
PERIOD = Fact(
    "aastra.visitor.period",
    "aastra",
    "It is uploaded every `user config upload` seconds, too, and up to `user config upload delta` seconds later, each "
    "phone at another moment.",
    "vendor guide",
    "Mitel 6800 administrator guide 4.2, 6-72",
    True,
    False,
)
REBOOT = Fact(
    "aastra.visitor.reboot",
    "aastra",
    "A reboot logs him out.",
    "vendor guide",
    "MX-ONE installation instruction 26/1531-ANF 901 14, 7.3.3",
    True,
    False,
)
POWER = Fact(
    "aastra.visitor.power",
    "aastra",
    "A loss of power does not: he is logged in again when it comes back, with the name and password entered last.",
    "vendor guide",
    "MX-ONE installation instruction 26/1531-ANF 901 14, 7.3.3; administrator guide 4.2, 6-72",
    True,
    False,
)
SECURE = Fact(
    "aastra.visitor.high-security",
    "aastra",
    "With `hot desk high security: 1` a log-out wants the password, and after a loss of power nobody is logged in.",
    "vendor guide",
    "Mitel 6800 administrator guide 4.2, 6-72",
    True,
    False,
)
BY_XML = Fact(
    "aastra.visitor.by-xml",
    "aastra",
    "An XML object that sets `hot desk username` logs that user in, and one that empties it logs him out.",
    "vendor guide",
    f"{GUIDE_40}, 6-47",
    True,
    False,
)


def visiting(model: Model, mac: str, settings: Settings) -> Visiting | None:
    """See `Visits`. None without a `user config url`."""
    if not VISITOR_KEY.of(model):
        return None
    url = settings.get("user config url")
    if not url:
        return None
    period = seconds(settings.get("user config upload"), 0) if PERIOD.of(model) else 0
    delta = seconds(settings.get("user config upload delta"), 0) if period else 0
    spread = int.from_bytes(md5(mac.encode(), usedforsecurity=False).digest()[:6], "big") % (delta + 1)
    secure = settings.get("hot desk high security") == "1" and SECURE.of(model)
    return Visiting(url if url.endswith("/") else f"{url}/", secure, (period + spread) * 1000)


def stays(model: Model, mac: str, flash: Flash, lost: bool) -> bool:
    """See `Visits`."""
    if flash.visitor is None:
        return True
    if not lost:
        return not REBOOT.of(model)
    found = visiting(model, mac, flash.settings)
    return POWER.of(model) and found is not None and not found.secure


def names(model: Model, user: str) -> tuple[str, str]:
    """`john.cfg` and `john_local.cfg`."""
    return f"{user}.cfg", f"{user}{FILES.of(model)}"


def settings(model: Model, body: bytes) -> Settings:
    """A user's file, read as any other; marks mean nothing in it (decided)."""
    pairs = read(body, syntax(model)).pairs
    return Settings.of({key: value for key, value, _ in pairs if not needs_reboot(model, key)})


def upload(model: Model, settings: Settings) -> bytes:
    """What he has set, as a file; a value that has `#` in it in quotes."""
    lines = (f'{key}: "{value}"\n' if "#" in value else f"{key}: {value}\n" for key, value in settings.dict().items())
    return "".join(lines).encode("utf-8", "replace")


def uploads(model: Model) -> bool:
    """Whether a log-out uploads."""
    return UPLOAD.of(model)


def by_xml(model: Model, items: tuple[tuple[str, str], ...]) -> str | None:
    """See `Visits`."""
    return dict(items).get("hot desk username") if BY_XML.of(model) and VISITOR_KEY.of(model) else None
