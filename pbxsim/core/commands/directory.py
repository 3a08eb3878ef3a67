"""What may be asked of an account's directory, and of the keys that watch users (BLF)."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, UnsetType

from pbxsim.core.commands.base import Command
from pbxsim.core.values import Name, Parser, value_kind


def _position(value: object) -> int:
    """The number of a programmable key. Which ones a phone has is its model's matter."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"must be a key's number, not {value_kind(value)}")
    if not 2 <= value <= 999:
        raise ValueError(f"must be 2 or more: key 1 is the line's, or logs out; not {value}")
    return value


Position = Annotated[int, Parser(_position, schema={"type": "integer", "minimum": 2, "maximum": 999})]


class AddDirectoryEntry(Command, frozen=True):
    """Without a name, the entry gets the user's present one."""

    account: str
    user: str
    name: Name | None = None


class UpdateDirectoryEntry(Command, frozen=True):
    """A name of None is the user's present one."""

    entry: str
    name: Name | UnsetType | None = UNSET


class DeleteDirectoryEntry(Command, frozen=True):
    entry: str


class AddBlfKey(Command, frozen=True):
    """Without a label, the key shows the user's name."""

    device: str
    position: Position
    user: str
    label: Name | None = None


class UpdateBlfKey(Command, frozen=True):
    """A label of None is the user's name; a user of None switches the key off."""

    blf_key: str
    position: Position | UnsetType = UNSET
    user: str | UnsetType | None = UNSET
    label: Name | UnsetType | None = UNSET


class DeleteBlfKey(Command, frozen=True):
    blf_key: str
