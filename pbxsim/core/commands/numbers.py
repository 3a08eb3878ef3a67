"""What may be asked of numbers."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from pbxsim.core.commands.base import Command
from pbxsim.core.values import Text


class AddNumber(Command, frozen=True):
    """It leads to a callflow, or straight to a user where the platform knows that, or nowhere yet."""

    account: str
    e164: str
    name: Text = ""
    callflow: str | None = None
    user: str | None = None


class UpdateNumber(Command, frozen=True):
    """`name` is the service name (J13)."""

    number: str
    name: Text | UnsetType = UNSET
    callflow: str | UnsetType | None = UNSET
    user: str | UnsetType | None = UNSET


class ActivateNumber(Command, frozen=True):
    number: str
    name: Text | UnsetType = UNSET
    callflow: str | UnsetType | None = UNSET
    user: str | UnsetType | None = UNSET


class DeactivateNumber(Command, frozen=True):
    number: str


class DeleteNumber(Command, frozen=True):
    number: str
