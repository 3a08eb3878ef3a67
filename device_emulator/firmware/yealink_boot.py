"""Yealink boot files: a list of configuration files to fetch instead of the two usual names.

Sources: the vendor's SIP-T5 guide and FusionPBX's boot templates. A boot file without the version header is ignored
like any other file, as if it were not there (decided).
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from device_emulator.firmware.textfile import BLANKS, clean, decode

HEADER = "#!version:"
INCLUDE = "include:config"
MAX_INCLUDES = 32
"""Files followed from one boot file (decided): a hostile file must not keep a phone busy for ever."""


class BootFile(Struct, frozen=True):
    """`includes` are names or URLs in order; `overwrite`: what the files do not set becomes factory default."""

    includes: tuple[str, ...]
    overwrite: bool = False


@lru_cache(maxsize=64)
def read_boot(body: bytes, product: str) -> BootFile | None:
    """The boot file as a phone of that product reads it, or None when it has no header; never fails."""
    text = decode(body)
    if not text.startswith(HEADER):
        return None
    common: list[str] = []
    own: list[str] = []
    overwrite = exclude = False
    for raw in text.split("\n"):
        line = raw.strip(BLANKS)
        mine = False
        if line.startswith("["):  # [T46S,T23G]include:config "…": for these products only
            products, _, line = line[1:].partition("]")
            if product not in (name.strip(BLANKS) for name in products.split(",")):
                continue
            line = line.strip(BLANKS)
            mine = True
        if line.startswith(INCLUDE):
            name = clean(line[len(INCLUDE) :].strip(BLANKS).strip('"'))
            if name and len(common) < MAX_INCLUDES:
                common.append(name)
                if mine:
                    own.append(name)
            continue
        key, _, value = line.partition("=")
        key = key.rstrip(BLANKS)
        if key == "overwrite_mode":
            overwrite = value.strip(BLANKS) == "1"
        elif key == "static.specific_model.excluded_mode":
            exclude = value.strip(BLANKS) == "1"
    return BootFile(tuple(own if exclude and own else common), overwrite)
