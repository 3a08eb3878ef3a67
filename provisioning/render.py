"""What a file says: layers of (key, value) pairs, merged, each key printed once.

`render` is a pure function of the plan, so it is memoised: a phone that fetches again costs a look-up. Templates are
packaged and trusted, plain Jinja2 over clean values; overrides are data and never become a template. When a file is
rendered, and who may have it, is not known here.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from provisioning import models
from provisioning.models import Model
from provisioning.plan import Pairs, Plan
from provisioning.vendors import VENDORS
from provisioning.vendors.contract import Facts, Vendor

if TYPE_CHECKING:
    from jinja2 import Environment, Template

Layer = Literal["vendor", "family", "model", "account", "device"]
"""Each wins over those before it."""
File = Literal["common", "mac"]
_Settings = dict[str, tuple[str, str, Layer]]


class Rendered(Struct, frozen=True):
    """A file. `provenance` names the layer of each pair, in the same order; `refused` are the override keys that cannot
    stand in this vendor's syntax and were left out; `etag` is quoted, as HTTP wants it."""

    body: bytes
    etag: str
    pairs: Pairs
    provenance: tuple[Layer, ...]
    refused: tuple[str, ...] = ()


def render(plan: Plan, file: File) -> Rendered:
    """The common file of the plan's model, or the device's own. LookupError for an unknown model.

    Account overrides go into the common file, and once more into the device's own where its templates set the same key,
    since that one is read later; device overrides go into the device's own. An override of '' is printed as an empty
    value. In a plan `at_login` the device's own file is its visitor's, and has the line of `log_in` only."""
    return _memoised(_relevant(plan, file), file)


def render_afresh(plan: Plan, file: File) -> Rendered:
    """`render` without the memory, for benchmarks."""
    return _render(_relevant(plan, file), file)


def etag(body: bytes) -> str:
    """A strong validator: the same bytes, the same tag, on any server and after any restart."""
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def _relevant(plan: Plan, file: File) -> Plan:
    """The plan without what the file cannot depend on, so that phones share one entry where they can."""
    if file == "common":
        return replace(plan, device="", mac="", username="", password="", lines=(), device_settings=(), log_in=None)
    if plan.mode != "at_login":
        return plan if plan.log_in is None else replace(plan, log_in=None)
    visitor = plan.log_in.line if plan.log_in else None
    return replace(plan, lines=(visitor,) if visitor else ())


def _render(plan: Plan, file: File) -> Rendered:
    model = models.find(plan.model)
    vendor = VENDORS[model.vendor]
    settings: _Settings = {}
    refused: list[str] = []
    if file == "mac":
        template = _line_template(model.vendor)
        for number, line in enumerate(plan.lines[: model.lines], start=1):
            said = _pairs(template, vendor.line_facts(number, line), vendor.SEPARATOR)
            _take(settings, vendor, "vendor", said)
    facts = vendor.facts(plan, model)
    for layer, template in _templates(model, file):
        _take(settings, vendor, layer, _pairs(template, facts, vendor.SEPARATOR))
    if file == "common":
        _override(settings, vendor, "account", plan.account_settings, refused)
    else:
        ours = {key for key, _, _ in settings.values()}
        repeated = tuple(pair for pair in plan.account_settings if pair[0].strip() in ours)
        _override(settings, vendor, "account", repeated, refused)
        _override(settings, vendor, "device", plan.device_settings, refused)
    pairs = tuple((key, value) for key, value, _ in settings.values())
    body = vendor.show(pairs)
    provenance = tuple(layer for _, _, layer in settings.values())
    return Rendered(body, etag(body), pairs, provenance, tuple(refused))


_memoised = lru_cache(maxsize=4096)(_render)


def _override(settings: _Settings, vendor: Vendor, layer: Layer, overrides: Pairs, refused: list[str]) -> None:
    """Overrides are somebody's input: their keys must be keys, their values are cleaned."""
    fit = []
    for key, value in overrides:
        if vendor.is_key(key.strip()):
            fit.append((key.strip(), vendor.clean(value)))
        else:
            refused.append(key)
    _take(settings, vendor, layer, fit)


def _take(settings: _Settings, vendor: Vendor, layer: Layer, pairs: list[tuple[str, str]]) -> None:
    """The later pair takes the earlier one's place in the file. Of a key that the firmware reads as a list, only the
    entry of the same name gives way."""
    for key, value in pairs:
        slot = f"{key} {value.partition(':')[0]}" if key in vendor.REPEATED else key
        settings[slot] = (key, value, layer)


def _pairs(template: Template, facts: Facts, separator: str) -> list[tuple[str, str]]:
    """What a template says, in the vendor's own syntax. Values are clean, so a line is a pair."""
    pairs = []
    for line in template.render(facts).split("\n"):
        key, found, value = line.partition(separator)
        if found:
            pairs.append((key.strip(), value.strip()))
    return pairs


@lru_cache(maxsize=256)
def _templates(model: Model, file: File) -> tuple[tuple[Layer, Template], ...]:
    """The templates a model's file is made of: the vendor's, and those of its family and model that exist."""
    names: tuple[tuple[Layer, str], ...] = (
        ("vendor", f"{model.vendor}/{file}.cfg"),
        ("family", f"{model.vendor}/family-{model.family}.{file}.cfg"),
        ("model", f"{model.vendor}/model-{model.name}.{file}.cfg"),
    )
    there = set(_environment().list_templates())
    return tuple((layer, _environment().get_template(name)) for layer, name in names if name in there)


@lru_cache(maxsize=16)
def _line_template(vendor: str) -> Template:
    return _environment().get_template(f"{vendor}/line.cfg")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from pathlib import Path

    from jinja2 import (  # 60 ms that nobody pays before a file is due
        Environment,
        FileSystemLoader,
        StrictUndefined,
    )

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # these are no web pages; clean() is what makes a value safe
    )
