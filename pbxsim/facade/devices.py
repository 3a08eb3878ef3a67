"""Devices, the keys on them that watch users, and the names of the directory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pbxsim.core import commands as c
from pbxsim.core import entities as e
from pbxsim.core.directory import entry_of, kept, label_of
from pbxsim.core.logins import device_title
from pbxsim.core.refusals import Gone
from pbxsim.core.rules.common import resolve
from pbxsim.facade.collections import Collection
from pbxsim.facade.handles import Handle, account_platform

if TYPE_CHECKING:
    from pbxsim.facade.users import User
    from pbxsim.world import World


class Device(Handle):
    """The PBX's record of a desk phone."""

    __slots__ = ()
    type = e.Device

    @property
    def bindings(self) -> tuple[e.Binding, ...]:
        """Where it is registered."""
        return self._view.world.pbx.bindings.get(self.id, ())

    def _shown(self) -> str:
        return device_title(self.snapshot())


class Devices(Collection[Device]):
    """`devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33", owner=john)`."""

    handle, adds, updates, deletes = Device, c.AddDevice, c.UpdateDevice, c.DeleteDevice

    def sync(self, device: Device | str, reboot: bool | None = None) -> None:
        """check-sync: the phone fetches its files; whether it reboots is its own setting where `reboot` is None."""
        self._on(c.SyncDevice, device, reboot=reboot)


class BlfKey(Handle):
    """A key of a device that watches a user."""

    __slots__ = ()
    type = e.BlfKey

    @property
    def shows(self) -> str:
        """What stands beside it in a file that is made now."""
        return label_of(self._view.world.pbx, self.snapshot())

    def _shown(self) -> str:
        return f"{self.position} {self.shows}"


class BlfKeys(Collection[BlfKey]):
    """`blf_keys.add(device, 2, mary)`; with `label=`, one of its own."""

    handle, adds, updates, deletes = BlfKey, c.AddBlfKey, c.UpdateBlfKey, c.DeleteBlfKey

    def add(self, device: Device | str, position: int, user: User | str, **fields: Any) -> BlfKey:
        """Program a key: what it watches, and what stands beside it if that is not the user's name."""
        if not isinstance(device, Handle):
            device = Devices(self._view, self._account)[device]
        return self._handle(self._view.ask(self.adds, {"device": device, "position": position, "user": user, **fields}))


class DirectoryEntry(Handle):
    """A name in the directory. Where nothing is kept, it is a user's present one, under his id."""

    __slots__ = ()
    type = e.DirectoryEntry

    def snapshot(self) -> e.DirectoryEntry:
        """The plain value, as it is now. Raises Gone after deletion."""
        world = self._view.world
        user = world.pbx.get(e.User, self.id)
        if user is not None and not _kept(world, user.account):
            return entry_of(user)
        entry: e.DirectoryEntry = super().snapshot()
        return entry

    @property
    def exists(self) -> bool:
        """Is it in the directory?"""
        try:
            self.snapshot()
        except Gone:
            return False
        return True


class Directory(Collection[DirectoryEntry]):
    """Names as the directory shows them: its own where it keeps any, else those of its users."""

    handle, adds, updates, deletes = DirectoryEntry, c.AddDirectoryEntry, c.UpdateDirectoryEntry, c.DeleteDirectoryEntry
    positional = ("user", "name")

    def __iter__(self) -> Iterator[DirectoryEntry]:
        if _kept(self._view.world, self._account):
            yield from super().__iter__()
            return
        for user in self._view.world.pbx.listed(self._account, e.User):
            if not user.system:
                yield self._handle(user.id)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _find(self, key: str) -> str | None:
        """By id, or by whose it is."""
        pbx = self._view.world.pbx
        user = resolve(pbx, self._account, e.User, key)
        if not _kept(self._view.world, self._account):
            return None if user is None or user.system else user.id
        return pbx.find("directory", self._account, user.id) if user is not None else super()._find(key)


def _kept(world: World, account: str) -> bool:
    """Does the account's directory keep names of its own?"""
    return kept(account_platform(world, account), world.pbx.accounts[account])
