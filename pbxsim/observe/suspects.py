"""Which devices may show an old name: all are asked a cheap question, and few are looked at closely.

A device that was told what is there now, and has no settings that touch its names, shows no old one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

from pbxsim.core.entities import NOUNS, Account, Device
from pbxsim.core.state import EMPTY, State
from pbxsim.observe.fields import label_of
from pbxsim.world.state import UNTOLD, Made, Nature, WorldState
from provisioning import models
from provisioning.vendors import VENDORS


def suspects(nature: Nature, state: WorldState, account: Account, kinds: Kinds) -> Iterator[Device]:
    """The devices that may show an old name, in their order. One that was told what is there now, and has no settings
    that touch its names, shows no old one: whatever it shows, another restart would not change it."""
    pbx, told, frozen = state.pbx, state.told.get, state.rendered.get
    entity: Callable[[str | None], Any] = state.pbx.entities.get  # type: ignore[assignment]
    offset, any_frozen = nature.offset(account.timezone, state.now), bool(state.rendered)
    plain = frozenset(model.name for model in models.MODELS if kinds[model.name].plain)
    # Nearly all end here. Table by table, not device by device: what three tables hold of one device lies far apart in
    # memory, and a table that is asked ten thousand times in a row stays in the processor's cache (half the time).
    ids = _ids(nature, pbx, account)
    mades = list(map(told, ids, repeat(UNTOLD)))
    devices = list(map(entity, ids))
    owners = list(map(entity, [device.owner for device in devices]))
    others = [
        device
        for made, device, owner in zip(mades, devices, owners, strict=True)
        if made.device is not device
        or made.owner is not owner
        or made.account is not account
        or (any_frozen and frozen(device.id, made) is not made)
        or made.named
        or made.offset != offset
        or device.settings
        or device.model not in plain
    ]
    for device in others:
        if _may_differ(state, kinds[device.model], device, told(device.id), offset):
            yield device


def _ids(nature: Nature, pbx: State, account: Account) -> tuple[str, ...]:
    """The account's devices in their order. Remembered as long as their list is the very same."""
    index = pbx.order.get((account.id, NOUNS[Device]), EMPTY)
    known = nature.listed.get(account.id)
    if known is None or known[0] is not index:
        ids = (item[item.rindex("\0") + 1 :] for item in index)
        known = nature.listed[account.id] = (index, tuple([pbx.entities[id_].id for id_ in ids]))
    return known[1]


def _may_differ(state: WorldState, kind: Kind, device: Device, made: Made | None, offset: int) -> bool:
    phone = state.phones.get(device.mac)
    if kind.frozen:
        frozen = state.rendered.get(device.id)
        if kind.mode == "at_login":
            if frozen is None:  # nobody is logged in; or somebody was, and the phone has not been told
                return phone is not None and label_of(phone) is not None
            made = frozen
        elif made is not frozen:
            return True
    if made is None:
        return phone is not None
    return kind.settings or kind.touched(device) or made.offset != offset or not made.current(state.pbx)


class Kinds(dict[str, "Kind"]):
    """By model."""

    def __init__(self, nature: Nature, account: Account) -> None:
        self._nature, self._account = nature, account

    def __missing__(self, model: str) -> Kind:
        self[model] = kind = Kind(self._nature, self._account, model)
        return kind


class Kind:
    """What all devices of one model in an account have in common."""

    def __init__(self, nature: Nature, account: Account, model: str) -> None:
        self.model = models.find(model)
        self.vendor = VENDORS[self.model.vendor]
        self.mode = nature.platforms[account.platform].renders(account, self.model.vendor)
        self.frozen = self.mode != "live"
        self.own = self.vendor.own_file
        self.settings = _touches(dict(account.settings).get(self.model.vendor, ()))
        self.plain = self.mode != "at_login" and not self.settings

    def touched(self, device: Device) -> bool:
        """Do the device's own settings touch what it shows, or what it takes from the server?"""
        return _touches(dict(device.settings).get(self.model.vendor, ()))


_TOUCHING = ("label", "name", "provision", "protect", "digest", "server", "http", "type", "enable", "dynamic")


def _touches(pairs: tuple[tuple[str, str], ...]) -> bool:
    return any(word in key for key, _ in pairs for word in _TOUCHING)
