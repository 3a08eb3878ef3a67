"""What the hardware is: one row per phone model, and nothing that a firmware decides.

A row says how a model names itself, which common file is its own, and how much fits on it. The provisioning server
keeps its own table of the same models on purpose: what a server believes and what the hardware is are two truths.
"""

from __future__ import annotations

from msgspec import Struct


class UnknownModel(LookupError):
    """No phone model of that name; the message lists those there are."""


class Model(Struct, frozen=True, gc=False, cache_hash=True):
    """One phone model.

    `product` is the vendor's word for it in a User-Agent and in model filters of boot files; `common` the part that
    names the file which all phones of the model share: the code in `y000000000066.cfg`, the stem of `6731i.cfg`.
    `keys` are the programmable keys: (name without its number, how many). `columns` and `rows` are the display's.
    `agent` is how it names itself in a User-Agent where that is not made of its product; `family` says which phones
    look and work like it. `version` is its firmware's, and `knobs` are (fact, value) where this very phone differs from
    what `facts.py` says: a model with another version or knobs is another value, not another row.
    """

    name: str
    vendor: str
    product: str
    common: str
    version: str
    lines: int
    keys: tuple[tuple[str, int], ...]
    columns: int
    rows: int
    family: str = ""
    agent: str = ""
    knobs: tuple[tuple[str, bool | int | str | tuple[str, ...]], ...] = ()


# Evidence. Yealink: codes, 16 accounts, 27 line keys from the wazo-provd and FusionPBX model tables; versions from
# captured User-Agents (T46S 66.86.0.15, T54W 96.85.0.5). Aastra: key counts and the 6731i's User-Agent from wazo-provd;
# its file order is that of firmware 3.3. Both Aastra versions, their numbers of lines and every display size in
# characters: default, unverified.
MODELS = (
    Model("yealink-t46s", "yealink", "T46S", "066", "66.86.0.15", 16, (("linekey", 27),), 32, 10),
    Model("yealink-t54w", "yealink", "T54W", "096", "96.85.0.5", 16, (("linekey", 27),), 32, 10),
    Model("aastra-6731i", "aastra", "6731i", "6731i", "3.3.1.4322", 6, (("prgkey", 8),), 16, 3),
    Model("aastra-6867i", "aastra", "6867i", "6867i", "4.2.0.181", 9, (("topsoftkey", 20), ("softkey", 18)), 28, 8),
)

_BY_NAME = {model.name: model for model in MODELS}


def find(name: str) -> Model:
    """The model of that name. Raises `UnknownModel`, whose text lists the names that exist."""
    try:
        return _BY_NAME[name]
    except KeyError:
        known = ", ".join(sorted(_BY_NAME))
        raise UnknownModel(f"There is no phone model {name!r}. The models are: {known}.") from None
