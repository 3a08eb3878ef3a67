"""What may be asked of users."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from pbxsim.core.commands.base import Command
from pbxsim.core.entities import NOT_FORWARDED, Contact, Forwarding
from pbxsim.core.fields import Csv
from pbxsim.core.values import Email, Extension, Password, Pin, RingTime, Text


class AddUser(Command, frozen=True):
    """`role` and `ring_seconds` are the platform's default where they are not given; `caller_id` is one of the
    account's numbers."""

    account: str
    extension: Extension
    first_name: Text = ""
    last_name: Text = ""
    email: Email = ""
    role: Text | None = None
    caller_id: str | None = None
    ring_seconds: RingTime | None = None
    voicemail: bool = True
    dnd: bool = False
    forwarding: Forwarding = NOT_FORWARDED
    system: bool = False
    password: Password | None = None
    voicemail_pin: Pin | None = None


class UpdateUser(Command, frozen=True):
    user: str
    extension: Extension | UnsetType = UNSET
    first_name: Text | UnsetType = UNSET
    last_name: Text | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    role: Text | UnsetType = UNSET
    caller_id: str | UnsetType | None = UNSET
    ring_seconds: RingTime | UnsetType = UNSET
    voicemail: bool | UnsetType = UNSET
    dnd: bool | UnsetType = UNSET
    forwarding: Forwarding | UnsetType = UNSET
    system: bool | UnsetType = UNSET
    contacts: tuple[Contact, ...] | UnsetType = UNSET
    password: Password | UnsetType | None = UNSET


class UpdateLogin(Command, frozen=True):
    """The Login Information tab, where the portal keeps it apart from the extension's name (C4): whom the portal
    greets, what he logs in with, and whether he may."""

    user: str
    first_name: Text | UnsetType = UNSET
    last_name: Text | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    password: Password | UnsetType | None = UNSET
    portal_access: bool | UnsetType = UNSET


class ImportUsers(Command, frozen=True):
    """`csv` is the text of a file; `users_csv` says what it may hold."""

    account: str
    csv: Csv


class DeleteUser(Command, frozen=True):
    user: str
