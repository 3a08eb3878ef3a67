"""What a file says: layers of (key, value) pairs, merged, each key printed once.

`render` is a pure function of the plan, so it is memoised: a phone that fetches again costs a look-up. Overrides are
data and never become a template. When a file is rendered, and who may have it, is not known here.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from provisioning import models
from provisioning.compiled import Entry, Layer, Settings, compiled, slot
from provisioning.models import VendorName
from provisioning.plan import Pairs, Plan
from provisioning.vendors import VENDORS
from provisioning.vendors.contract import File


class Rendered(Struct, frozen=True):
    """A file. `refused` are the override keys that cannot stand in this vendor's syntax and were left out; `etag` is
    quoted, as HTTP wants it."""

    body: bytes
    etag: str
    entries: tuple[Entry, ...]
    refused: tuple[str, ...] = ()

    @property
    def pairs(self) -> Pairs:
        """(key, value), in the order of the file."""
        return tuple([(key, value) for key, value, _, _ in self.entries])

    @property
    def provenance(self) -> tuple[Layer, ...]:
        """The layer of each pair, in the same order."""
        return tuple([layer for _, _, layer, _ in self.entries])


def render(plan: Plan, file: File) -> Rendered:
    """The common file of the plan's model, or the device's own. LookupError for an unknown model.

    Account overrides go into the common file, and once more into the device's own where its templates set the same key,
    since that one is read later; device overrides go into the device's own. An override of '' is printed as an empty
    value. In a plan `at_login` the device's own file is its visitor's, and has the line of `log_in` only."""
    return _memoised(_relevant(plan, file), file)


def render_afresh(plan: Plan, file: File) -> Rendered:
    """`render` without its memory."""
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
    settings: Settings = {}
    refused: list[str] = []
    if file == "mac":
        for number, line in enumerate(plan.lines[: model.lines], start=1):
            compiled(model, "line", (("n", number),)).fill(settings, vendor.line_facts(line), vendor)
    compiled(model, file, vendor.shape(plan, model, file)).fill(settings, vendor.facts(plan, model, file), vendor)
    if file == "common":
        if plan.account_settings:
            _override(settings, model.vendor, "account", plan.account_settings, refused)
    else:
        for shape, facts in vendor.keys(plan, model):
            compiled(model, "key", shape).fill(settings, facts, vendor)
        if plan.account_settings:
            ours = {entry[0] for entry in settings.values()}
            repeated = tuple([one for one in plan.account_settings if one[0].strip() in ours])
            _override(settings, model.vendor, "account", repeated, refused)
        if plan.device_settings:
            _override(settings, model.vendor, "device", plan.device_settings, refused)
    entries = tuple(settings.values())
    lines = "\n".join([entry[3] for entry in entries])
    body = f"{vendor.HEADER}{lines}\n".encode(model.encoding, "replace") if entries else vendor.HEADER.encode()
    return Rendered(body, etag(body), entries, tuple(refused))


_memoised = lru_cache(maxsize=256)(_render)


def _override(settings: Settings, vendor: VendorName, layer: Layer, overrides: Pairs, refused: list[str]) -> None:
    """Overrides are somebody's input: their keys must be keys, their values are cleaned."""
    cleaned, left_out = _cleaned(vendor, layer, overrides)
    settings.update(cleaned)
    refused.extend(left_out)


@lru_cache(maxsize=256)
def _cleaned(name: VendorName, layer: Layer, overrides: Pairs) -> tuple[Settings, tuple[str, ...]]:
    """Overrides as entries, and the keys that cannot stand; the devices of a site mostly have the same."""
    vendor = VENDORS[name]
    settings: Settings = {}
    refused = []
    is_key, clean, pair, repeated = vendor.is_key, vendor.clean, vendor.pair, vendor.REPEATED
    for said, value in overrides:
        key = said.strip()
        if is_key(key):
            text = clean(value)
            settings[slot(vendor, key, text) if key in repeated else key] = (key, text, layer, pair(key, text))
        else:
            refused.append(said)
    return settings, tuple(refused)
