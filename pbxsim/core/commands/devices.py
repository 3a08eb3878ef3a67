"""What may be asked of devices: the PBX's records of desk phones."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from pbxsim.core.commands.base import Command
from pbxsim.core.fields import SettingsField
from pbxsim.core.values import Mac, Text


class AddDevice(Command, frozen=True):
    account: str
    model: str
    mac: Mac
    name: Text = ""
    owner: str | None = None
    settings: SettingsField = ()


class UpdateDevice(Command, frozen=True):
    device: str
    model: str | UnsetType = UNSET
    mac: Mac | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    owner: str | UnsetType | None = UNSET
    settings: SettingsField | UnsetType = UNSET


class DeleteDevice(Command, frozen=True):
    device: str


class SyncDevice(Command, frozen=True):
    """Send check-sync to wherever the device is registered; `reboot` None leaves it to the phone's own setting."""

    device: str
    reboot: bool | None = None
