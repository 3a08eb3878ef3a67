"""Who has an extension, what he has set, and where he is logged in."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pbxsim.core.values import Name, Text

Tag = Literal["", "new", "setup-required", "password-required"]


class Forwarding(Struct, frozen=True, gc=False):
    """Where a user's calls go: an extension or an E.164 number each, '' for nowhere. `also` rings together with his own
    phones ("all destinations at once")."""

    always: str = ""
    busy: str = ""
    no_answer: str = ""
    also: tuple[str, ...] = ()


NOT_FORWARDED = Forwarding()


class Contact(Struct, frozen=True, gc=False):
    """An entry of a user's own list of contacts: a name, and what is dialled for it."""

    name: Name
    number: Text


class User(Struct, frozen=True, gc=False):
    """A person or place with an extension. A `system` user stands for a part of the routing, and takes no seat.

    `caller_id` is the number that those outside see; `login` is unique on the server, and what he logs in to the portal
    with, where he has `portal_access`; `portal_name` is whom the portal greets, where that is kept apart from the name
    of the extension; `tag` is how far he has been set up (NetSapiens)."""

    id: str
    account: str
    extension: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    role: str = "user"
    caller_id: str | None = None
    ring_seconds: int = 20
    voicemail: bool = True
    dnd: bool = False
    forwarding: Forwarding = NOT_FORWARDED
    login: str = ""
    portal_name: str = ""
    portal_access: bool = False
    system: bool = False
    tag: Tag = ""
    contacts: tuple[Contact, ...] = ()
    revision: int = 1

    @property
    def name(self) -> str:
        """First and last name, as shown; '' if both are blank."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def title(self) -> str:
        """How a list names the user: 1002 John Smith."""
        return f"{self.extension} {self.name}".strip()


class AppLogin(Struct, frozen=True, gc=False):
    """A user is logged in on a soft phone."""

    id: str
    account: str
    user: str
    app: str
    since: int


class HotDesk(Struct, frozen=True, gc=False):
    """A user is logged in at a desk phone (P11, P12): his calls ring there, whoever owns it."""

    id: str
    account: str
    user: str
    device: str
    since: int
