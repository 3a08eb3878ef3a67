"""What may be asked of mailboxes and their messages."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from pbxsim.core.commands.base import Command
from pbxsim.core.entities import Folder
from pbxsim.core.values import BoxNumber, Email, Name, Pin, Text


class AddMailbox(Command, frozen=True):
    account: str
    number: BoxNumber
    name: Name
    owner: str | None = None
    pin: Pin | None = None
    email: Email = ""
    greeting: Text = ""


class UpdateMailbox(Command, frozen=True):
    """`setup_done` is PISTON's "Already Setup"; `email` is where messages are sent, whatever the owner's address."""

    mailbox: str
    name: Name | UnsetType = UNSET
    owner: str | UnsetType | None = UNSET
    pin: Pin | UnsetType | None = UNSET
    setup_done: bool | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    greeting: Text | UnsetType = UNSET


class DeleteMailbox(Command, frozen=True):
    mailbox: str


class LogInMailbox(Command, frozen=True):
    """Somebody listens to a mailbox, and has proved that he may. `new_pin` and `greeting` are what the set-up wizard
    asks for; where it does not, they change the mailbox all the same."""

    mailbox: str
    new_pin: Pin | UnsetType = UNSET
    greeting: Text | UnsetType = UNSET


class MoveMessage(Command, frozen=True):
    message: str
    folder: Folder


class DeleteMessage(Command, frozen=True):
    """To the deleted folder; from there, for good."""

    message: str
