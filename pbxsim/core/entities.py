"""What a PBX holds: accounts, users, devices, callflows and their versions, numbers, queues, mailboxes, logins.

Entities are frozen and refer to one another by id. They hold no secret and nothing that changes by itself: bindings
and secrets have tables of their own.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pbxsim.core.nodes import Node, configured, walk

Settings = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # ((vendor, ((key, value), ...)), ...)
Switch = bool | int | str  # what a rule can be switched to
Policy = tuple[tuple[str, Switch], ...]  # ((rule id, value), ...)
Tag = Literal["", "new", "setup-required", "password-required"]


class Account(Struct, frozen=True, gc=False):
    """One customer. `key` stands in the provisioning URL; `country` is '' where only E.164 input is understood."""

    id: str
    name: str
    platform: str
    key: str
    platform_version: int = 0
    country: str = ""
    timezone: str = "UTC"
    seats: int | None = None
    policy: Policy = ()
    settings: Settings = ()
    revision: int = 1

    @property
    def realm(self) -> str:
        """The SIP domain of the account."""
        return f"{self.id}.pbx.example"


class Forwarding(Struct, frozen=True, gc=False):
    """Where a user's calls go: an extension or an E.164 number each, '' for nowhere. `also` rings together with his own
    phones ("all destinations at once")."""

    always: str = ""
    busy: str = ""
    no_answer: str = ""
    also: tuple[str, ...] = ()


NOT_FORWARDED = Forwarding()


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
    revision: int = 1

    @property
    def name(self) -> str:
        """First and last name, as shown; '' if both are blank."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def title(self) -> str:
        """How a list names the user: 1002 John Smith."""
        return f"{self.extension} {self.name}".strip()


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


class Callflow(Struct, frozen=True, gc=False):
    """What happens to a call. `dialled` are the extensions and feature codes it answers to inside the account (PISTON);
    its numbers point at one of its `versions` (ids, oldest first). `drafted`: the highest number a version has had."""

    id: str
    account: str
    name: str
    versions: tuple[str, ...] = ()
    dialled: tuple[str, ...] = ()
    drafted: int = 1
    revision: int = 1


class Version(Struct, frozen=True, gc=False):
    """One version of a callflow: a tree of nodes, drafted and then made Available."""

    id: str
    account: str
    callflow: str
    number: int
    root: Node
    draft: bool = False
    revision: int = 1

    @property
    def percent(self) -> int:
        """Configured nodes of all nodes, in whole per cent, rounded down."""
        nodes = list(walk(self.root))
        return 100 * sum(map(configured, nodes)) // len(nodes)


class Number(Struct, frozen=True, gc=False):
    """An E.164 number of the account. It points at a version of a callflow, at a user (where the platform knows that),
    or at nothing; `name` is its service name.

    Inactive means AVAILABLE: it stays on the account and can be set up anew."""

    id: str
    account: str
    e164: str
    name: str = ""
    active: bool = False
    version: str | None = None
    user: str | None = None
    revision: int = 1


class Queue(Struct, frozen=True, gc=False):
    """A call queue, the users assigned to it, and those of them who take its calls now (`agents`)."""

    id: str
    account: str
    name: str
    members: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    revision: int = 1


class Mailbox(Struct, frozen=True, gc=False):
    """A voicemail box. Its PIN stands among the secrets. `email` is where its messages are sent, '' for nowhere;
    `greeting` what callers hear, '' for the standard one."""

    id: str
    account: str
    number: str
    name: str
    owner: str | None = None
    setup_done: bool = False
    email: str = ""
    greeting: str = ""
    revision: int = 1


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


Entity = Account | User | Device | Callflow | Version | Number | Queue | Mailbox | AppLogin | HotDesk

NOUNS: dict[type, str] = {
    Account: "account",
    User: "user",
    Device: "device",
    Callflow: "callflow",
    Version: "version",
    Number: "number",
    Queue: "queue",
    Mailbox: "mailbox",
    AppLogin: "app login",
    HotDesk: "hot desk",
}


class Binding(Struct, frozen=True, gc=False):
    """A live SIP registration: where a device said it is reached, until when. Times in milliseconds since the epoch."""

    contact: str
    since: int
    expires: int
    user_agent: str
