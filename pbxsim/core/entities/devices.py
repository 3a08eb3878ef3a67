"""Desk phones as the PBX records them, and the names that are kept for telephones to show."""

from __future__ import annotations

from msgspec import Struct

from pbxsim.core.entities.accounts import Settings


class Device(Struct, frozen=True, gc=False):
    """The PBX's record of a desk phone. A device added without a name has a blank one."""

    id: str
    account: str
    model: str
    mac: str
    name: str = ""
    owner: str | None = None
    settings: Settings = ()
    revision: int = 1
    last_key: int = 1  # the highest that was ever programmed: a Yealink must be told of one that is no longer


class BlfKey(Struct, frozen=True, gc=False):
    """A key of a device that watches a user (busy lamp field), by its number on the phone.

    `label` is what stands beside it: '' where it is the user's present name. `own`: it was given to the key, and is
    nobody's old name. A key that watches nobody is switched off."""

    id: str
    account: str
    device: str
    position: int
    user: str | None = None
    label: str = ""
    own: bool = False
    revision: int = 1


class DirectoryEntry(Struct, frozen=True, gc=False):
    """A name that the account's directory keeps, and whose it is. `own`: it was given to the entry, and is nobody's old
    name. A directory that follows its users keeps none."""

    id: str
    account: str
    user: str | None
    name: str
    own: bool = False
    revision: int = 1


class Binding(Struct, frozen=True, gc=False):
    """A live SIP registration: where a device said it is reached, until when. Times in milliseconds since the epoch."""

    contact: str
    since: int
    expires: int
    user_agent: str
