"""What a PBX holds: accounts, users, devices, callflows and their versions, numbers, queues, mailboxes, logins.

Entities are frozen and refer to one another by id. They hold no secret and nothing that changes by itself: bindings
and secrets have tables of their own.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pbxsim.core.nodes import Node, configured, walk
from pbxsim.core.values import Name, Text

Settings = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # ((vendor, ((key, value), ...)), ...)
Switch = bool | int | str  # what a rule can be switched to
Policy = tuple[tuple[str, Switch], ...]  # ((rule id, value), ...)
Strategy = Literal["ring-all", "round-robin", "longest-idle"]
Tag = Literal["", "new", "setup-required", "password-required"]
Wish = Literal["add-user", "delete-user", "add-device", "delete-device", "other"]
Folder = Literal["new", "saved", "deleted"]
JobAction = Literal["reset", "recycle", "welcome-email", "force-password-reset"]
JobStatus = Literal["to-confirm", "running", "done", "cancelled"]


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
    """A call queue, the users assigned to it, and those of them who take its calls now (`agents`).

    What its strategy needs to know changes by itself, and makes no revision: `rung` is who has rung last (round robin),
    `ended` when each agent's last call from the queue was over (longest idle; ms)."""

    id: str
    account: str
    name: str
    members: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    strategy: Strategy = "ring-all"
    rung: str = ""
    ended: tuple[tuple[str, int], ...] = ()
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


class Message(Struct, frozen=True, gc=False):
    """What a caller has left in a mailbox: who, when (ms since the epoch), how long (s), and in which folder it is.
    `caller` is the number that he called from."""

    id: str
    account: str
    mailbox: str
    caller: str
    caller_name: str
    time: int
    seconds: int
    folder: Folder = "new"
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


class Mail(Struct, frozen=True, gc=False):
    """An e-mail in the outbox of an account. `user` is whom it is about, '' for nobody: he may be gone by now.

    It is `waiting` until the outside has sent it or given up (`failed`, with the reason in `why`); where no mail server
    is configured it stays, for people and tests to read. Times in milliseconds since the epoch."""

    id: str
    account: str
    template: str
    to: str
    name: str
    subject: str
    body: str
    time: int
    user: str = ""
    status: Literal["waiting", "sent", "failed"] = "waiting"
    why: str = ""
    revision: int = 1


class Job(Struct, frozen=True, gc=False):
    """An action on many users, one at a time (N2 to N9): `size` rows, of which `at` have had their turn and `failed`
    went wrong. Its rows are entities of their own, so that a step costs a step; `by` is who began it, as `Actor` says
    it."""

    id: str
    account: str
    action: JobAction
    size: int
    by: str
    since: int
    clear: tuple[str, ...] = ()
    welcome: bool = False
    at: int = 0
    failed: int = 0
    status: JobStatus = "to-confirm"
    revision: int = 1


class JobRow(Struct, frozen=True, gc=False):
    """One user's turn in a job. `title` is what he was called when it began; the names and the e-mail are those that he
    is to have (recycling)."""

    id: str
    account: str
    job: str
    place: int
    user: str
    title: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    status: Literal["waiting", "done", "failed"] = "waiting"
    warning: str = ""
    why: str = ""
    revision: int = 1


class Step(Struct, frozen=True, gc=False):
    """One step of a call: at what (`number`, `version`, a node's type), which one, and what happened there."""

    at: str
    name: str
    what: str


class CallRecord(Struct, frozen=True, gc=False):
    """A call that is over, with the names of its moment: it refers to nobody and survives everybody (J10).

    `caller` and `to` are numbers as they were dialled; `user` is who called and `answered_user` who answered, by ids
    that may be dead by now ('' for nobody). Times in ms since the epoch; `answer` None if nobody answered."""

    id: str
    account: str
    caller: str
    to: str
    start: int
    end: int
    outcome: Literal["answered", "voicemail", "served", "hang-up", "abandoned", "busy", "nobody"]
    name: str = ""
    user: str = ""
    answer: int | None = None
    answered_by: str = ""
    answered_user: str = ""
    queue: str = ""
    cause: str = ""
    steps: tuple[Step, ...] = ()
    revision: int = 1

    @property
    def seconds(self) -> int:
        """How long the two talked."""
        return 0 if self.answer is None else (self.end - self.answer) // 1000


class Request(Struct, frozen=True, gc=False):
    """Something that a customer asks of the service desk (C6). `wanted` are the fields of the command it asks for, as
    JSON; `by` is who asked (a user's id, who may be gone by now), `result` what was made of it."""

    id: str
    account: str
    kind: Wish
    title: str
    by: str
    since: int
    wanted: str = "{}"
    text: str = ""
    status: Literal["open", "fulfilled", "rejected"] = "open"
    answer: str = ""
    result: str = ""
    revision: int = 1


Entity = (
    Account
    | User
    | Device
    | Callflow
    | Version
    | Number
    | Queue
    | Mailbox
    | AppLogin
    | HotDesk
    | Mail
    | Job
    | JobRow
    | CallRecord
    | BlfKey
    | DirectoryEntry
    | Request
    | Message
)

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
    Mail: "mail",
    Job: "job",
    JobRow: "job row",
    CallRecord: "call record",
    BlfKey: "BLF key",
    DirectoryEntry: "directory entry",
    Message: "message",
    Request: "request",
}


class Binding(Struct, frozen=True, gc=False):
    """A live SIP registration: where a device said it is reached, until when. Times in milliseconds since the epoch."""

    contact: str
    since: int
    expires: int
    user_agent: str
