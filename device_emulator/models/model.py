"""What a phone model is: the shape of a row. The rows are beside this file, one file a vendor.

The provisioning server keeps its own table of the same models on purpose: what a server believes and what the hardware
is are two truths.
"""

from __future__ import annotations

from msgspec import Struct


class UnknownModel(LookupError):
    """No phone model of that name; the message says what is near to it, and which series there are."""


class Model(Struct, frozen=True, gc=False, cache_hash=True):
    """One phone model.

    `product` is the vendor's word for it in a User-Agent and in model filters of boot files; `common` the part that
    names the file which all phones of the model share: the code in `y000000000066.cfg`, the stem of `6731i.cfg`.
    `keys` are the programmable keys: (name without its number, how many). `columns` and `rows` are the display's.
    `family` says which phones look alike (`families.py`). `version` is its firmware's, and `knobs` are (fact, value)
    where this very phone differs from what `facts.py` says; `agent` is a User-Agent (as in `agents.py`) where this very
    phone has another than its model: a model with another version, knobs or agent is another value, not another row.
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
