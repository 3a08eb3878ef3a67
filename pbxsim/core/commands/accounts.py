"""What may be asked of accounts."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from pbxsim.core.commands.base import Command
from pbxsim.core.fields import PolicyField, SettingsField
from pbxsim.core.values import AccountId, Country, Name, Positive, TimeZone


class AddAccount(Command, frozen=True):
    """`account` is made of the name if it is not given."""

    name: Name
    platform: str
    account: AccountId | None = None
    platform_version: Positive | None = None
    country: Country = ""
    timezone: TimeZone = "UTC"
    seats: Positive | None = None
    policy: PolicyField = ()
    settings: SettingsField = ()


class UpdateAccount(Command, frozen=True):
    account: str
    name: Name | UnsetType = UNSET
    platform_version: Positive | UnsetType = UNSET
    country: Country | UnsetType = UNSET
    timezone: TimeZone | UnsetType = UNSET
    seats: Positive | UnsetType | None = UNSET
    policy: PolicyField | UnsetType = UNSET
    settings: SettingsField | UnsetType = UNSET


class DeleteAccount(Command, frozen=True):
    account: str
