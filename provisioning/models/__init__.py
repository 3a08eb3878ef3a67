"""What the server believes of each phone model.

The phones keep a table of their own: what the server believes and what the hardware is are two truths, and sharing one
table would let an error cancel itself. To add a model, add a row; a layer of its own is a template file.
"""

from __future__ import annotations

import re

from provisioning.models import aastra, yealink
from provisioning.models.model import Model, VendorName

__all__ = ["MODELS", "Model", "VendorName", "find", "named"]

MODELS: tuple[Model, ...] = (*yealink.MODELS, *aastra.MODELS)
_BY_NAME = {model.name: model for model in MODELS}
_BY_AGENT: dict[tuple[str, str], Model] = {
    (model.vendor, agent.lower()): model for model in MODELS for agent in (model.product, *model.agents)
}
_SERIES = re.compile("t?[0-9]|[a-z]+")


def find(name: str) -> Model:
    """The model of that name. LookupError if there is none, with those that are near, or the series that exist."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise LookupError(f"There is no phone model {name!r}. {_instead(name)}") from None


def named(brand: str, product: str) -> Model | None:
    """The model that calls itself so in a User-Agent, where Mitel is Aastra's later name; None for an unknown one."""
    return _BY_AGENT.get(("aastra" if brand == "mitel" else brand, product.lower()))


def _instead(name: str) -> str:
    from difflib import get_close_matches  # only who is wrong pays for it

    own = {model.name.partition("-")[2]: model.name for model in MODELS}
    asked = name.lower().rpartition("-")[2]
    near = [asked] if asked in own else get_close_matches(asked, own, 4, 0.7)
    if near:
        return f"Use {' or '.join(own[one] for one in near)}."
    series = dict.fromkeys(f"{model.vendor}-{_series(model)}" for model in MODELS)
    return f"Use one such as yealink-t46s or aastra-6867i: {len(MODELS)}, of the series {', '.join(series)}."


def _series(model: Model) -> str:
    """`t4x`, `cp`, `67xxi`."""
    if model.vendor == "aastra":
        return model.family
    found = _SERIES.match(model.product.lower())
    letters = found[0] if found else ""
    return f"{letters}x" if letters[-1:].isdigit() else letters
