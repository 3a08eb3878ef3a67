"""Yealink boot files: a list of configuration files to fetch instead of the two usual names.

Sources: the vendor's SIP-T5 guide and FusionPBX's boot templates; what is known of each word is a row of the facts. A
hostile file must not keep a phone busy for ever: includes are counted.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from device_emulator.firmware import yealink_file_facts as known
from device_emulator.firmware.textfile import BLANKS, clean, decode
from device_emulator.models import Model

HEADER = "#!version:"
INCLUDE = "include:config"


class BootFile(Struct, frozen=True):
    """`includes` are names or URLs in order; `overwrite`: what the files do not set becomes factory default."""

    includes: tuple[str, ...]
    overwrite: bool = False


@lru_cache(maxsize=64)
def read_boot(body: bytes, model: Model) -> BootFile | None:
    """The boot file as a phone of that model reads it, or None when it has no header; never fails."""
    text = decode(body)
    if not text.startswith(HEADER) and known.BOOT_HEADER.of(model):
        return None
    quotes = '"' if known.BOOT_QUOTES.of(model) else ""
    most, filters = known.INCLUDES.of(model), known.BOOT_FILTERS.of(model)
    overwrite, excluded = known.OVERWRITE.of(model), known.EXCLUDED.of(model)
    common: list[str] = []
    own: list[str] = []
    for raw in text.split("\n"):
        line = raw.strip(BLANKS)
        mine = False
        if filters and line.startswith("["):  # [T46S,T23G]include:config "…": for these products only
            products, _, line = line[1:].partition("]")
            if model.product not in (name.strip(BLANKS) for name in products.split(",")):
                continue
            line = line.strip(BLANKS)
            mine = True
        if line.startswith(INCLUDE):
            name = clean(line[len(INCLUDE) :].strip(BLANKS).strip(quotes or None))
            if name and len(common) < most:
                common.append(name)
                if mine:
                    own.append(name)
            continue
        key, _, value = line.partition("=")
        key, value = key.rstrip(BLANKS), value.strip(BLANKS)
        if key == "overwrite_mode":
            overwrite = value
        elif key == "static.specific_model.excluded_mode":
            excluded = value
    return BootFile(tuple(own if excluded == "1" and own else common), overwrite == "1")


def included(body: bytes) -> tuple[str, ...]:
    """What a `.cfg` file includes, were it followed."""
    lines = [line.strip(BLANKS) for line in decode(body).split("\n")]
    return tuple([clean(line[len(INCLUDE) :].strip(BLANKS).strip('"')) for line in lines if line.startswith(INCLUDE)])
