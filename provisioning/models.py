"""What the server believes of each phone model.

The phones keep a table of their own: what the server believes and what the hardware is are two truths, and sharing one
table would let an error cancel itself. To add a model, add a row; a layer of its own is a template file.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

VendorName = Literal["yealink", "aastra"]


class Model(Struct, frozen=True, cache_hash=True):
    """`product` is the vendor's own name for it, `common` the file every phone of the model fetches before its own,
    `lines` the SIP accounts it can hold, `key` how its programmable keys are called in a configuration, without the
    number, and `keys` how many there are."""

    name: str
    vendor: VendorName
    family: str
    product: str
    common: str
    lines: int
    key: str
    keys: int


# The digits of a Yealink's common file are a code of the model, not of its firmware: a T46S runs 66.x and asks for 066,
# but a T54W runs 96.x as the T53 and T57W do, each with a code of its own (template trees of FusionPBX, Wazo). Accounts
# and line keys: Wazo's plugins. Aastra: key counts from Wazo; accounts default, unverified.
MODELS: tuple[Model, ...] = (
    Model("yealink-t46s", "yealink", "t4s", "T46S", "y000000000066.cfg", 16, "linekey", 27),
    Model("yealink-t54w", "yealink", "t5w", "T54W", "y000000000096.cfg", 16, "linekey", 27),
    Model("aastra-6731i", "aastra", "67xxi", "6731i", "aastra.cfg", 6, "prgkey", 8),
    Model("aastra-6867i", "aastra", "68xxi", "6867i", "aastra.cfg", 9, "topsoftkey", 20),
)
_BY_NAME = {model.name: model for model in MODELS}


def find(name: str) -> Model:
    """The model of that name. LookupError, listing what exists, if there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise LookupError(f"There is no phone model {name!r}. Use one of: {', '.join(sorted(_BY_NAME))}.") from None
