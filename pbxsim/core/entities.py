"""What a PBX holds: accounts, users, devices, callflows and their versions, numbers, queues, mailboxes, logins.

Entities are frozen and refer to one another by id. They hold no secret and nothing that changes by itself: bindings
and secrets have tables of their own. `Platform` is the struct that a file in `platforms/` fills.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from msgspec import Struct

from pbxsim.core.values import Positive

Settings = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # ((vendor, ((key, value), ...)), ...)
Policy = tuple[tuple[str, bool], ...]  # ((rule id, value), ...)

# --- Nodes of a callflow -----------------------------------------------------------------------------------------
# `then` is where a call goes on when nobody answers: KAZOO's child "_". A node counts as configured when its required
# settings are there (Jet's "100 %").

MAX_DEPTH = 32  # deep trees are a mistake, and deep values are dear: see docs/decisions


class Dial(Struct, frozen=True, gc=False, tag="dial", tag_field="type"):
    """Ring these users, all at once, for so many seconds."""

    users: tuple[str, ...] = ()
    seconds: Positive = 20
    then: Node | None = None


class RingGroup(Struct, frozen=True, gc=False, tag="ring-group", tag_field="type"):
    """Ring a team, all at once or one after the other."""

    users: tuple[str, ...] = ()
    strategy: Literal["simultaneous", "in-turn"] = "simultaneous"
    seconds: Positive = 20
    then: Node | None = None


class Voicemail(Struct, frozen=True, gc=False, tag="voicemail", tag_field="type"):
    """Take a message for this mailbox."""

    mailbox: str = ""


class Transfer(Struct, frozen=True, gc=False, tag="transfer", tag_field="type"):
    """Go on in another callflow: in its newest version that is not a draft."""

    callflow: str = ""


class HangUp(Struct, frozen=True, gc=False, tag="hang-up", tag_field="type"):
    """End the call."""


Node = Dial | RingGroup | Voicemail | Transfer | HangUp


def walk(node: Node | None) -> Iterator[Node]:
    """The nodes of a tree from the root on, as a call would meet them if nobody answered."""
    while node is not None:
        yield node
        node = getattr(node, "then", None)


def targets(node: Node) -> tuple[str, ...]:
    """The ids that one node names."""
    match node:
        case Dial() | RingGroup():
            return node.users
        case Voicemail():
            return (node.mailbox,) if node.mailbox else ()
        case Transfer():
            return (node.callflow,) if node.callflow else ()
        case _:
            return ()


def configured(node: Node) -> bool:
    """Are the node's required settings there? (A dial without users is not configured.)"""
    return isinstance(node, HangUp) or bool(targets(node))


# --- Entities ----------------------------------------------------------------------------------------------------


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


class User(Struct, frozen=True, gc=False):
    """A person or place with an extension."""

    id: str
    account: str
    extension: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    role: str = "user"
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
    """An E.164 number of the account. It points at a version of a callflow, or at nothing; `name` is its service name.

    Inactive means AVAILABLE: it stays on the account and can be set up anew."""

    id: str
    account: str
    e164: str
    name: str = ""
    active: bool = False
    version: str | None = None
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
    """A voicemail box. Its PIN stands among the secrets."""

    id: str
    account: str
    number: str
    name: str
    owner: str | None = None
    setup_done: bool = False
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


# --- Platforms ---------------------------------------------------------------------------------------------------


class Rule(Struct, frozen=True, gc=False):
    """One rule of a platform. `source` is an article or a public document; where nobody says, it says `decided`, and
    for which part. A rule with a `policy` can be switched per account; that is its default. `test` proves it."""

    id: str
    text: str
    source: str
    test: str
    policy: bool | None = None


Reach = Literal["own", "account", "all"]


class Platform(Struct, frozen=True, eq=False):
    """One hosted PBX: its switches, its roles, its rules. Every rule of a platform is read from here."""

    name: str
    title: str
    registration_seconds: int
    rules: tuple[Rule, ...]
    roles: Mapping[str, Mapping[str, Reach]]  # role -> command name or "*" -> reach
    rendering: Mapping[str, Literal["live", "at_save", "at_login"]]  # vendor or "*" -> when files are rendered
    user_brings_callflow: bool  # adding a user makes a callflow dialled by the extension
    versions: bool  # callflows are drafted and made Available; else edited in place
    callflow_needs_number: bool  # a callflow keeps at least one number or pattern
    numbers_move_directly: bool  # from callflow to callflow; else it must leave the first before the other takes it
    user_delete_blockers: frozenset[str]  # of "login", "queue", "callflow"
    user_delete_cascades: bool  # devices become ownerless, mailboxes go; else everything keeps the dead id
    ownerless_registers: bool  # may a device that belongs to nobody register?

    def switched(self, account: Account, suffix: str) -> bool:
        """Is a switchable rule in force for an account? Its own policy, else the rule's default; a rule that the
        platform does not have is not."""
        id_ = f"{self.name}.{suffix}"
        for rule, value in account.policy:
            if rule == id_:
                return value
        return _default(self, id_)

    def rule(self, suffix: str) -> str:
        """The id of this platform's rule of that name, or of the general one."""
        return _rule(self, suffix)


@cache
def _default(platform: Platform, rule: str) -> bool:
    return next((bool(one.policy) for one in platform.rules if one.id == rule), False)


@cache
def _rule(platform: Platform, suffix: str) -> str:
    own = f"{platform.name}.{suffix}"
    return own if any(rule.id == own for rule in platform.rules) else f"pbx.{suffix}"
