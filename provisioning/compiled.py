"""Templates, compiled: each is run once for a shape and becomes a list of pairs with places for what differs.

A template is packaged, trusted Jinja2 in the vendor's own syntax. What it may ask (`{% if static %}`) is its shape, and
has to be known when it is compiled; what it may only say (`{{ label }}`) stays a place, which each rendering fills. A
rendering costs what its values cost, and does not ask Jinja2 again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from provisioning.models import Model
from provisioning.vendors import VENDORS
from provisioning.vendors.contract import Facts, Shape, Vendor

if TYPE_CHECKING:
    from jinja2 import Environment, Template

Layer = Literal["vendor", "family", "model", "account", "device"]
"""Each wins over those before it."""
Part = Literal["common", "line", "mac", "key"]
Entry = tuple[str, str, Layer, str]
"""(key, value, its layer, the line of the file)."""
Settings = dict[str, Entry]
"""By slot: the key, or for a key that the firmware reads as a list, the key and the entry's name."""

# A place in a compiled value. Private-use characters: no template has them.
_PLACE = re.compile("\ue000([a-z_]+)\ue001")


class Open(Struct, frozen=True):
    """A pair whose value is not known before it is rendered: `pieces` alternate text and names of facts."""

    key: str
    layer: Layer
    pieces: tuple[str, ...]

    def value(self, facts: Facts) -> str:
        """The value, with these facts in its places."""
        pieces = self.pieces
        return "".join([facts[piece] if place % 2 else piece for place, piece in enumerate(pieces)])


class Compiled(Struct, frozen=True):
    """`settled` has every pair of the template in its place, `open` those that each rendering says anew: (key, its
    layer, the fact that is the whole value, or '' where `Open` says how it is put together)."""

    settled: Settings
    open: tuple[tuple[str, Layer, str, Open], ...]

    def fill(self, settings: Settings, facts: Facts, vendor: Vendor) -> None:
        """Say all of it, over what was said before; a later pair takes the earlier one's place in the file."""
        settings.update(self.settled)
        pair = vendor.pair
        for key, layer, fact, way in self.open:
            value = facts[fact] if fact else way.value(facts)
            settings[key] = (key, value, layer, pair(key, value))


def slot(vendor: Vendor, key: str, value: str) -> str:
    """What a later pair replaces: see `Settings`."""
    return f"{key} {value.partition(':')[0]}" if key in vendor.REPEATED else key


@lru_cache(maxsize=4096)
def compiled(model: Model, part: Part, shape: Shape = ()) -> Compiled:
    """The templates of one part of a file, the vendor's first, then those of the model's family and of the model."""
    vendor = VENDORS[model.vendor]
    asked = dict(vendor.traits(model)) | dict(shape)
    settled: Settings = {}
    places: dict[str, tuple[str, Layer, str, Open]] = {}
    for layer, template in _templates(model, part):
        for line in template.render(asked).split("\n"):
            key, found, value = (one.strip() for one in line.partition(vendor.SEPARATOR))
            if not found:
                continue
            at = slot(vendor, key, value)
            settled[at] = (key, value, layer, vendor.pair(key, value))
            places.pop(at, None)
            pieces = tuple(_PLACE.split(value))
            if len(pieces) > 1:
                fact = pieces[1] if len(pieces) == 3 and not (pieces[0] or pieces[2]) else ""
                places[at] = (key, layer, fact, Open(key, layer, pieces))
    return Compiled(settled, tuple(places.values()))


@lru_cache(maxsize=1024)
def _templates(model: Model, part: Part) -> tuple[tuple[Layer, Template], ...]:
    """Those that exist."""
    names: tuple[tuple[Layer, str], ...] = (
        ("vendor", f"{model.vendor}/{part}.cfg"),
        ("family", f"{model.vendor}/family-{model.family}.{part}.cfg"),
        ("model", f"{model.vendor}/model-{model.name}.{part}.cfg"),
    )
    there = _there()
    return tuple((layer, _environment().get_template(name)) for layer, name in names if name in there)


@lru_cache(maxsize=1)
def _there() -> frozenset[str]:
    return frozenset(_environment().list_templates())


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from pathlib import Path

    from jinja2 import (  # 60 ms that nobody pays before a file is due
        Environment,
        FileSystemLoader,
        StrictUndefined,
    )

    class Place(StrictUndefined):
        """A name that no shape knows: it can be said, and nothing else."""

        def __str__(self) -> str:  # type: ignore[override]  # the other one always raises
            return f"\ue000{self._undefined_name}\ue001"

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=Place,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # these are no web pages; clean() is what makes a value safe
    )
