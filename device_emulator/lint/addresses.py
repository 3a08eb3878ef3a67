"""Addresses that stand in configuration files: firmware, ring tones, phone books, pages; what they are for, and when a
phone would ask for them. Nothing is fetched here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from device_emulator.lint.findings import About, Hit, shown
from device_emulator.lint.source import Given, Source

Purpose = Literal["firmware", "resource", "page", "event", "server"]

WHEN: dict[Purpose, str] = {
    "firmware": "at the end of a run",
    "resource": "at the end of a run",
    "page": "when somebody presses its key",
    "event": "when that happens at the phone",
    "server": "at the next run",
}

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://\S")
_SERVER = re.compile(r"auto_?provision\.(?:server|\d+)\.|^user config url|^managementserver|^zero_touch")
_FIRMWARE = re.compile(r"firmware|^upgrade uri|^image server uri")
_EVENT = re.compile(r"^(?:static\.)?action_url\.|^action uri |^push_xml|_url$|\.acd\.|^features\.")
_PAGE = re.compile(
    r"^linekey|^memorykey|^programablekey|^expansion_module|key\d* value$|key\d+ value$|script$|^xml app"
)


class Address(Struct, frozen=True, gc=False):
    """An address in a file: the key that names it, where, and what for. `url` as it stands there."""

    key: str
    url: str
    file: str
    line: int
    purpose: Purpose


def addresses(sources: Iterable[Source]) -> Iterator[Address]:
    """The addresses that these files name, each key's last."""
    for source in sources:
        if source.accepted:
            for key, (value, line) in source.values.items():
                if _SCHEME.match(value):
                    yield Address(key, value, source.name, line, purpose(key))


def purpose(key: str) -> Purpose:
    """What a key's address is for."""
    if _SERVER.search(key):
        return "server"
    if _FIRMWARE.search(key):
        return "firmware"
    if _EVENT.search(key):
        return "event"
    return "page" if _PAGE.search(key) else "resource"


def unusual(given: Given) -> Iterator[Hit]:
    """Schemes that no phone fetches, or that anybody can listen to."""
    for address in addresses(given.configs):
        scheme = address.url.partition("://")[0].lower()
        if scheme in ("file", "gopher", "data", "javascript", "smb", "dict"):
            text = f"{shown(address.key)} names {shown(address.url)!r}: phones know no {scheme}"
            yield Hit(address.file, address.line, text, address.key)


def credentials(given: Given) -> Iterator[Hit]:
    """Passwords in addresses end up in logs."""
    for address in addresses(given.configs):
        authority = address.url.partition("://")[2].partition("/")[0]
        if ":" in authority.rpartition("@")[0]:
            text = f"{shown(address.key)} holds a password in its address: {shown(address.url)}"
            yield Hit(address.file, address.line, text, address.key)


ROWS = (
    (
        About(
            "strange-address",
            "error",
            "An address that no phone fetches",
            "Phones fetch by http, https, ftp and tftp.",
            "Yealink and Aastra administrator guides",
        ),
        unusual,
    ),
    (
        About(
            "password-in-address",
            "note",
            "A password in an address",
            "Use the keys for user name and password where there are some.",
            "decided: addresses are logged by everybody",
        ),
        credentials,
    ),
)
