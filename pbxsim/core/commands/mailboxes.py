"""What may be asked of mailboxes."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from pbxsim.core.commands.base import Command
from pbxsim.core.values import Extension, Name, Pin


class AddMailbox(Command, frozen=True):
    account: str
    number: Extension
    name: Name
    owner: str | None = None
    pin: Pin | None = None


class UpdateMailbox(Command, frozen=True):
    """`setup_done` is PISTON's "Already Setup"."""

    mailbox: str
    name: Name | UnsetType = UNSET
    owner: str | UnsetType | None = UNSET
    pin: Pin | UnsetType | None = UNSET
    setup_done: bool | UnsetType = UNSET


class DeleteMailbox(Command, frozen=True):
    mailbox: str
