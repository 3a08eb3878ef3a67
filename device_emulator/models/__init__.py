"""What the hardware is: one row per phone model, and nothing that a firmware decides.

A row says how a model names itself, which common file is its own, and how much fits on it; beside each stands how true
that is. To add a model, add a row to its vendor's file.
"""

from __future__ import annotations

import re

from device_emulator.models import aastra, yealink
from device_emulator.models.families import FAMILIES, Family
from device_emulator.models.model import Model, UnknownModel
from device_emulator.models.row import Note, Row

__all__ = ["FAMILIES", "MODELS", "ROWS", "Family", "Model", "Note", "Row", "UnknownModel", "find", "series"]

ROWS: tuple[Row, ...] = (*yealink.ROWS, *aastra.ROWS)
MODELS: tuple[Model, ...] = tuple([row.model for row in ROWS])

_BY_NAME = {model.name: model for model in MODELS}
_PRODUCT = re.compile("([A-Z]*)([0-9]+)")


def find(name: str) -> Model:
    """The model of that name. Raises `UnknownModel`, whose text says which names are near, and which series exist."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownModel(f"There is no phone model {name!r}. {_instead(name)}") from None


def series(model: Model) -> str:
    """What a list of models is divided by: `yealink-t4x`, `yealink-cp`, `aastra-67xx`, `aastra-9xxx`."""
    letters, digits = _PRODUCT.match(model.product).groups()  # type: ignore[union-attr]  # every product has digits
    if letters == "T":
        return f"{model.vendor}-t{digits[0]}x"
    if letters:
        return f"{model.vendor}-{letters.lower()}"
    return f"{model.vendor}-{digits[: 2 if digits[0] == '6' else 1].ljust(len(digits), 'x')}"


def _instead(name: str) -> str:
    from difflib import get_close_matches  # only who is wrong pays for it

    own = {model.name.partition("-")[2]: model.name for model in MODELS}
    asked = name.lower().rpartition("-")[2]
    near = [asked] if asked in own else get_close_matches(asked, own, 4, 0.7)
    if near:
        return f"Is it {' or '.join(own[one] for one in near)}?"
    known = ", ".join(dict.fromkeys(series(model) for model in MODELS))
    return f"Say one such as yealink-t46s or aastra-6867i; there are {len(MODELS)}, of the series {known}."
