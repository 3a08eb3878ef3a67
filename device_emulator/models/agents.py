"""How phones name themselves in the User-Agent of their requests: a row for each way that was seen.

The first row that fits a model and its release counts; every vendor has a last row for all others. A way is a text with
`{product}`, `{version}` and one of `{mac}` (as the vendor separates it) or `{bare}` (12 digits).
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from device_emulator.models.evidence import SOURCE_CODE, UNVERIFIED
from device_emulator.models.model import Model

Release = tuple[int, ...]


class Form(Struct, frozen=True, gc=False):
    """`products` () for any. `since` and `before` bound the release, () for no bound: (81,) for a Yealink's V81, (5,)
    for a Mitel's 5."""

    vendor: str
    products: tuple[str, ...]
    text: str
    evidence: str
    source: str
    since: Release = ()
    before: Release = ()


_WAZO = "captured, wazo-provd-plugins"
_YEALINK = "Yealink SIP-{product} {version} {mac}"
_BARE = "Yealink {product} {version} {mac}"
_AASTRA = "Aastra{product} MAC:{mac} V:{version}"
_MITEL = "Mitel{product} MAC:{mac} V:{version}"
_69XX = ("6905", "6910", "6915", "6920", "6930", "6940", "6970")

FORMS = (
    Form("yealink", ("T18", "T28P", "T29G"), "yealink SIP-{product} {version} {mac}", SOURCE_CODE, _WAZO),
    Form("yealink", ("T38G",), "Yealink SIP-{product}  {version} {mac}", SOURCE_CODE, _WAZO),
    Form("yealink", ("T56A",), "Yealink SIP-{product}  {version} {bare}", SOURCE_CODE, "captured, FusionPBX"),
    # Before it was configured, 28.71.0.81 said which hardware it was instead of its MAC.
    Form("yealink", ("T46G",), "Yealink-{product} {version} 28.1.0.128.0.0.0", SOURCE_CODE, _WAZO, (), (72,)),
    Form("yealink", ("W52P",), "{product} {version} {mac}", SOURCE_CODE, _WAZO, (), (70,)),
    Form("yealink", ("W52P",), _YEALINK, SOURCE_CODE, _WAZO, (70,), (80,)),
    Form("yealink", ("W52P", "W60B", "W70B", "W75B", "W80B", "W80DM", "W90DM"), _BARE, SOURCE_CODE, _WAZO),
    Form("yealink", ("W56P", "W75DM"), _BARE, "inferred", "as the other DECT bases"),
    Form("yealink", ("CP860", "CP960"), _BARE, SOURCE_CODE, _WAZO),
    Form("yealink", ("CP965",), _BARE, "inferred", "as the CP960 before it"),
    Form("yealink", ("AX83H", "AX86R"), _BARE, SOURCE_CODE, "the pattern by which wazo-provd-plugins knows them"),
    Form("yealink", ("VP530", "VP530P"), "{product} {version} {mac}", SOURCE_CODE, _WAZO),
    Form("yealink", (), _YEALINK, SOURCE_CODE, _WAZO),
    # Short names in the firmware's own files (53i.st, 57iCT.st), and what wazo-provd-plugins maps back.
    Form("aastra", ("6753i",), _AASTRA.replace("{product}", "53i"), SOURCE_CODE, "captured, Gemeinschaft"),
    Form("aastra", ("6755i",), _AASTRA.replace("{product}", "55i"), SOURCE_CODE, "the names wazo-provd-plugins maps"),
    Form("aastra", ("6757i",), _AASTRA.replace("{product}", "57i"), SOURCE_CODE, "captured, Gemeinschaft"),
    Form("aastra", ("6757iCT",), _AASTRA.replace("{product}", "57iCT"), "inferred", "its firmware file is 57iCT.st"),
    Form("aastra", ("480iCT",), _AASTRA.replace("{product}", "480i Cordless"), SOURCE_CODE, "Aastra XML scripts"),
    Form("aastra", _69XX, _MITEL, SOURCE_CODE, _WAZO),
    # The 6863i's 4.1 still says Aastra (captured); from when on the 68xxi say Mitel, nobody has written down.
    Form("aastra", (), _MITEL, UNVERIFIED, "the vendor's new name, from its first release without the old one", (5,)),
    Form("aastra", (), _AASTRA, SOURCE_CODE, _WAZO),
)


@lru_cache(maxsize=1024)
def form(model: Model) -> Form:
    """The row that a phone of this model and release goes by."""
    parts = tuple(int(part) for part in model.version.split("-")[0].split(".") if part.isdecimal())
    release = parts[1:2] if model.vendor == "yealink" else parts[:2]
    for row in FORMS:
        if (
            row.vendor == model.vendor
            and (not row.products or model.product in row.products)
            and row.since <= release
            and (not row.before or release < row.before)
        ):
            return row
    raise LookupError(f"no User-Agent is known of {model.vendor}")


def said(model: Model, mac: str, bare: str) -> str:
    """The User-Agent of a request; `mac` with the vendor's separators."""
    return "".join([mac if part == "{mac}" else bare if part == "{bare}" else part for part in _parts(model)])


@lru_cache(maxsize=1024)
def _parts(model: Model) -> tuple[str, ...]:
    """The words of all phones of the model, and between them the places of the MAC."""
    text = model.agent or form(model).text
    told = text.format(product=model.product, version=model.version, mac="{mac}", bare="{bare}")
    return tuple(re.split(r"(\{mac\}|\{bare\})", told))


@lru_cache(maxsize=1024)
def name(model: Model) -> str:
    """What comes before the version: brand and product, as this model writes them."""
    text = model.agent or form(model).text
    return text.partition("{version}")[0].format(product=model.product).rstrip()


def brand(model: Model) -> str:
    """Which of its names the vendor goes by: `Mitel` in later releases of an Aastra."""
    text = (model.agent or form(model).text).lower()
    return "Mitel" if text.startswith("mitel") else model.vendor.capitalize()
