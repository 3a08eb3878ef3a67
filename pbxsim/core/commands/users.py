"""What may be asked of users."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from pbxsim.core.commands.base import Command
from pbxsim.core.values import Email, Extension, Password, Pin, Text

Role = Literal["admin", "user"]


class AddUser(Command, frozen=True):
    account: str
    extension: Extension
    first_name: Text = ""
    last_name: Text = ""
    email: Email = ""
    role: Role = "user"
    password: Password | None = None
    voicemail_pin: Pin | None = None


class UpdateUser(Command, frozen=True):
    user: str
    extension: Extension | UnsetType = UNSET
    first_name: Text | UnsetType = UNSET
    last_name: Text | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    password: Password | UnsetType | None = UNSET


class DeleteUser(Command, frozen=True):
    user: str
