"""What may be asked about mail: what has become of one, and writing to a user."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from pbxsim.core.commands.base import Command
from pbxsim.core.fields import Line
from pbxsim.core.links import Code
from pbxsim.core.values import Password, Pin


class RecordDelivery(Command, frozen=True):
    """The server says what has become of a mail that it sent, or tried to."""

    mail: str
    status: Literal["sent", "failed"]
    why: Line = ""


class SendWelcome(Command, frozen=True):
    """A mail with the log-in, and a link to choose password and voicemail PIN."""

    user: str


class SendRecovery(Command, frozen=True):
    """A mail with a link to choose another password; the old one goes on working until then."""

    user: str


class RedeemInvitation(Command, frozen=True):
    """Follow a mail's link: choose a password, and a voicemail PIN."""

    user: str
    code: Code
    password: Password
    voicemail_pin: Pin | UnsetType = UNSET
