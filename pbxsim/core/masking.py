"""Secrets among the keys of a configuration: written, rendered for the phone that may have them, and never shown.

A key that is named like a secret has a mask for a value wherever somebody reads it; so have credentials in a URL.
Whoever writes back what he has read leaves the secret as it was.
"""

from __future__ import annotations

import re

from pbxsim.core.refusals import Fault, Invalid

MASK = "********"
SECRET_KEY = re.compile(
    r"password|passwd|passphrase|secret|psk|aes_key|encryption key|private.?key|\bpin\b", re.IGNORECASE
)
_USER_INFO = re.compile(r"(?<=://)[^/\s:]*:[^/\s]*(?=@)")

Pairs = tuple[tuple[str, str], ...]
Settings = tuple[tuple[str, Pairs], ...]  # as an entity has them: by vendor


def masked(key: str, value: str, secrets: tuple[str, ...] = ()) -> str:
    """The value of a configuration key, as a view may show it. `secrets` are hidden wherever they stand."""
    if value and (SECRET_KEY.search(key) or any(secret in value for secret in secrets if secret)):
        return MASK
    return _USER_INFO.sub("***", value)


def shown(settings: Settings) -> Settings:
    """All of an account's or a device's, as a view may show them."""
    return tuple((vendor, tuple((key, masked(key, value)) for key, value in pairs)) for vendor, pairs in settings)


def unmasked(settings: Settings, before: Settings) -> Settings:
    """What somebody writes, with the secrets of `before` where he writes the mask back. Raises Invalid where nothing
    stands behind it."""
    had = {(vendor, key): value for vendor, pairs in before for key, value in pairs}
    faults = [
        Fault(f"/settings/{vendor}/{key}", f"{MASK} hides a secret that is not there: say the secret itself")
        for vendor, pairs in settings
        for key, value in pairs
        if value == MASK and SECRET_KEY.search(key) and (vendor, key) not in had
    ]
    if faults:
        raise Invalid(faults)

    def kept(vendor: str, key: str, value: str) -> str:
        old = had.get((vendor, key), value)
        return old if value == masked(key, old) else value

    return tuple((vendor, tuple((key, kept(vendor, key, value)) for key, value in pairs)) for vendor, pairs in settings)
