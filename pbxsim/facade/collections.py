"""Collections: things of one kind in an account, in the order people see them.

They read like mappings: iteration, `in`, `[key]`; a key is an id, or what people know a thing by (extension, MAC
address, number, name). `add`, `update`, `delete` and the verbs of each noun build a command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from msgspec import Struct

from pbxsim.core import commands as c
from pbxsim.core import entities as e
from pbxsim.core.build import build
from pbxsim.core.directory import kept
from pbxsim.core.links import Link
from pbxsim.core.nodes import Node
from pbxsim.core.offboarding import Plan, Wish
from pbxsim.core.refusals import Fault, Invalid, NotFound
from pbxsim.core.rules.common import resolve
from pbxsim.core.rules.mailboxes import pin_refused
from pbxsim.core.rules.users import app_refused
from pbxsim.core.search import people, sought
from pbxsim.core.values import mac as parse_mac
from pbxsim.facade import offboarding
from pbxsim.facade.handles import (
    BlfKey,
    Callflow,
    Device,
    DirectoryEntry,
    Handle,
    Job,
    Mail,
    Mailbox,
    Message,
    Number,
    Phone,
    Queue,
    Request,
    User,
    Version,
    key_of,
    plain,
)

if TYPE_CHECKING:
    from pbxsim.facade import View

H = TypeVar("H", bound=Handle)


class Collection(Generic[H]):
    """Things of one kind, in the order people see them: iteration, `in`, `[key]`, `add`, `update`, `delete`."""

    handle: ClassVar[type[Handle]]
    adds: ClassVar[type[Struct]]
    updates: ClassVar[type[Struct]]
    deletes: ClassVar[type[Struct]]
    positional: ClassVar[tuple[str, ...]] = ()

    def __init__(self, view: View, account: str) -> None:
        self._view = view
        self._account = account

    def add(self, *values: Any, **fields: Any) -> H:
        """Add one; its handle. Fields are those of the command (`adds`), the first ones may be positional."""
        if len(values) > len(self.positional):
            raise TypeError(f"add() takes at most {len(self.positional)} positional arguments: {self.positional}")
        given = dict(zip(self.positional, values, strict=False))
        if self._account:
            given["account"] = self._account
        return self._handle(self._view.ask(self.adds, given | fields))

    def update(self, thing: H | str, **fields: Any) -> None:
        """Change the given fields; None clears one."""
        self._on(self.updates, thing, **fields)

    def delete(self, thing: H | str) -> None:
        """Delete it. Raises Refused with everything that stands in the way."""
        self._on(self.deletes, thing)

    def get(self, key: str) -> H | None:
        """The thing of that id, or of what people know it by; None if there is none."""
        found = self._find(key)
        return None if found is None else self._handle(found)

    def __getitem__(self, key: str) -> H:
        found = self.get(key)
        if found is None:
            raise NotFound(e.NOUNS[self.handle.type], key)
        return found

    def __contains__(self, key: object) -> bool:
        return self._find(key.id if isinstance(key, Handle) else str(key)) is not None

    def __iter__(self) -> Iterator[H]:
        for entity in self._view.world.pbx.listed(self._account, self.handle.type):
            yield self._handle(entity.id)

    def __len__(self) -> int:
        return len(self._view.world.pbx.order.get((self._account, e.NOUNS[self.handle.type]), ()))

    def _find(self, key: str) -> str | None:
        found: Any = resolve(self._view.world.pbx, self._account, self.handle.type, key)
        return found.id if found is not None else None

    def _handle(self, id_: str) -> H:
        return self.handle(self._view, id_)  # type: ignore[return-value]

    def _on(self, command: type[Any], thing: Any, **fields: Any) -> str:
        """A command about one of these, named by handle, id, or what people know it by."""
        key = thing if isinstance(thing, Handle) else self._find(thing) or thing
        return self._view.ask(command, {command.__struct_fields__[0]: key, **fields})


class Users(Collection[User]):
    """`users.add("1002", first_name="John", last_name="Smith", voicemail_pin="4711")`."""

    handle, adds, updates, deletes = User, c.AddUser, c.UpdateUser, c.DeleteUser
    positional = ("extension",)

    def update_login(self, user: User | str, **fields: Any) -> None:
        """The Login Information tab (C4): first and last name for the portal, e-mail, password, portal access."""
        self._on(c.UpdateLogin, user, **fields)

    def import_csv(self, text: str) -> list[User]:
        """Add the users of a CSV file, whole or not at all (U6); the new ones. Raises Invalid, line by line."""
        world = self._view.world
        before = world.state.last_id
        self._view.ask(c.ImportUsers, {"account": self._account, "csv": text})
        return [user for user in self if int(user.id[1:]) > before]

    def search(self, text: str) -> list[User]:
        """Those whose extension, or a word of whose name, begins so (U1), system users too: by extension, then by the
        word that was found."""
        found = people(self._view.world.pbx, self._account, sought(text))
        return [self._handle(user.id) for _, user in found if user is not None]

    def log_in_app(self, user: User | str, password: str, app: str = "soft phone") -> str:
        """Log in on a soft phone; the login's id. Refused with a wrong password, or for a user who is gone."""
        world = self._view.world
        found = self.get(key_of(world, user))
        kept = world.pbx.secrets.get((found.id, "password")) if found else None
        if found is None or kept is None or not world.nature.verify(password, kept):
            raise app_refused()
        return self._on(c.LogInApp, found, app=app)

    def log_out_app(self, user: User | str, login: str | None = None) -> None:
        """Log out one app of a user, or all."""
        self._on(c.LogOutApp, user, login=login)

    def plan(self, user: User | str, **wish: Any) -> Plan:
        """What it takes until the user is gone (X1), step by step: `print` it. `numbers={number: callflow, "deactivate"
        or "keep"}` and `default=` say what becomes of his numbers; with `end_logins=True` the service desk ends what
        would have to be waited for. Raises Invalid with the numbers about which something must be said."""
        world, actor = self._view.world, self._view.actor
        return offboarding.plan(world, actor, self[key_of(world, user)].id, self._wish(wish))

    def offboard(self, user: User | str, **wish: Any) -> offboarding.Offboarded:
        """Carry out the `plan`, to the first step that cannot be done here and now: what is done, and the rest. When
        the rest can be done, ask again."""
        world, actor = self._view.world, self._view.actor
        return offboarding.drive(world, actor, self[key_of(world, user)].id, self._wish(wish))

    def _wish(self, values: Mapping[str, Any]) -> Wish:
        world, numbers = self._view.world, values.get("numbers")
        named = {name: plain(world, value) for name, value in values.items()}
        if isinstance(numbers, Mapping):
            keys = {key_of(world, key): plain(world, to) for key, to in numbers.items()}
            named["numbers"] = keys
        return build(Wish, named)

    def setup_code(self, user: User | str, app: str = "mobile") -> SetupCode:
        """What an app is set up with (U4): a link that lives some minutes and logs it in once; `.svg()` draws it."""
        world, id_ = self._view.world, self[key_of(self._view.world, user)].id
        code = world.nature.draw(f"{world.state.last_id} {id_}")
        self._on(c.MakeSetupCode, id_, app=app, code=code)
        return SetupCode(Link("setup", self._account, id_, code, world.nature.origin, app))

    def scan(self, text: str) -> str:
        """What an app does with the text of its QR code: it logs in. The login's id; Refused for a code that is wrong,
        used or expired, Invalid for a text that is no such link."""
        link = self._link(text, "setup")
        return self._on(c.RedeemSetupCode, link.user, app=link.app, code=link.code)

    def reset(self, user: User | str, **fields: Any) -> None:
        """Clear what is ticked; user and extension stay (NetSapiens). `clear=("name", ...)` for less or more."""
        self._on(c.ResetUser, user, **fields)

    def recycle(self, user: User | str, first_name: str, last_name: str, email: str = "", **fields: Any) -> None:
        """Reset, and give the extension to somebody else; `welcome=True` writes to him."""
        self._on(c.RecycleUser, user, first_name=first_name, last_name=last_name, email=email, **fields)

    def force_password_reset(self, user: User | str) -> None:
        """The password no longer works; a mail has a link to choose another."""
        self._on(c.ForcePasswordReset, user)

    def send_welcome(self, user: User | str) -> None:
        """A mail with the log-in, and a link to choose password and PIN."""
        self._on(c.SendWelcome, user)

    def send_recovery(self, user: User | str) -> None:
        """A mail with a link to choose another password; the old one works until then."""
        self._on(c.SendRecovery, user)

    def redeem(self, text: str, password: str, **fields: Any) -> User:
        """Follow the link of a mail (the mail's whole text will do) and choose a password; `voicemail_pin=` too."""
        link = self._link(text, "invitation")
        return self._handle(self._on(c.RedeemInvitation, link.user, code=link.code, password=password, **fields))

    def bulk(
        self,
        action: str,
        users: Iterable[User | str],
        *,
        progress: Callable[[Job], None] = lambda job: None,
        **fields: Any,
    ) -> Job:
        """Do something to many users, to the end (N2 to N9): "reset", "recycle", "welcome-email" or
        "force-password-reset". What goes wrong with one is in his row of the job. `progress` is called after each.
        `jobs.start`, `confirm` and `step` do the same one by one."""
        jobs = Jobs(self._view, self._account)
        job = jobs.start(action, users, **fields)
        jobs.confirm(job)
        while job.status == "running":
            jobs.step(job)
            progress(job)
        return job

    def _link(self, text: str, kind: str) -> Link:
        """The link of that kind in a text. Raises Invalid, also for one of another account."""
        found = next((word for word in str(text).split() if word.startswith(f"pbxsim:{kind}")), str(text))
        try:
            link = Link.parse(found)
        except ValueError as error:
            raise Invalid([Fault("/text", str(error))]) from None
        if link.kind != kind or link.account != self._account:
            raise Invalid([Fault("/text", f"is no {kind} link of account {self._account}")])
        return link


class SetupCode(str):
    """The text of a QR code that sets up an app."""

    __slots__ = ()

    def __new__(cls, link: Link) -> SetupCode:
        """Made of the link that it says."""
        return super().__new__(cls, str(link))

    def svg(self) -> str:
        """The picture."""
        return qr_code(self)


def qr_code(text: str) -> str:
    """A text as a QR code: an SVG document, which a page may show or hold."""
    from io import BytesIO

    import segno  # 20 ms, and few worlds draw

    drawing = BytesIO()
    made = segno.make(text, error="m", boost_error=False, micro=False)
    made.save(drawing, kind="svg", scale=4, light="white", xmldecl=False, nl=False)
    return drawing.getvalue().decode()


class Jobs(Collection[Job]):
    """What is done to many users at once, oldest first. `users.bulk` does it all."""

    handle = Job

    def start(self, action: str, users: Iterable[User | str], **fields: Any) -> Job:
        """Choose; the job shows who and what, and waits to be confirmed (N6)."""
        given = {"account": self._account, "action": action, "users": tuple(users), **fields}
        return self._handle(self._view.ask(c.StartJob, given))

    def confirm(self, job: Job | str) -> None:
        """From here on it runs."""
        self._on(c.ConfirmJob, job)

    def cancel(self, job: Job | str) -> None:
        """Nothing more of it happens."""
        self._on(c.CancelJob, job)

    def step(self, job: Job | str) -> None:
        """The next user's turn."""
        self._on(c.StepJob, job)


class Outbox(Collection[Mail]):
    """What the PBX has written to people, oldest first."""

    handle = Mail


class Devices(Collection[Device]):
    """`devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33", owner=john)`."""

    handle, adds, updates, deletes = Device, c.AddDevice, c.UpdateDevice, c.DeleteDevice

    def sync(self, device: Device | str, reboot: bool | None = None) -> None:
        """check-sync: the phone fetches its files; whether it reboots is its own setting where `reboot` is None."""
        self._on(c.SyncDevice, device, reboot=reboot)


class Callflows(Collection[Callflow]):
    """`callflows.add("Sales", ring_group(john, mary))`; on PISTON with `numbers=[...]`."""

    handle, adds, updates, deletes = Callflow, c.AddCallflow, c.UpdateCallflow, c.DeleteCallflow
    positional = ("name", "root")

    def draft(self, callflow: Callflow | str, root: Node | None = None) -> Version:
        """Begin an edit (J7): a draft with `root`, or a copy of the newest version."""
        return Version(self._view, self._on(c.DraftVersion, callflow, root=root))

    def change(self, version: Version | str, root: Node) -> None:
        """Change a draft."""
        self._view.ask(c.UpdateVersion, {"version": version, "root": root})

    def make_available(self, version: Version | str) -> None:
        """Put a draft into service: it takes every number of the version before it."""
        self._view.ask(c.MakeAvailable, {"version": version})

    def delete_version(self, version: Version | str) -> None:
        """Delete an AVAILABLE version or a draft (J6)."""
        self._view.ask(c.DeleteVersion, {"version": version})

    def reassign(self, callflow: Callflow | str, to: Callflow | str) -> None:
        """Move all numbers of a callflow to another in one step (J5)."""
        target = self._find(key_of(self._view.world, to)) or to
        self._on(c.ReassignCallflow, callflow, to=target)


class Numbers(Collection[Number]):
    """`numbers.add("+61255501234", callflow=sales)`."""

    handle, adds, updates, deletes = Number, c.AddNumber, c.UpdateNumber, c.DeleteNumber
    positional = ("e164",)

    def activate(self, number: Number | str, **fields: Any) -> None:
        """Set an AVAILABLE number up again; `callflow=` and `name=` may follow (J13)."""
        self._on(c.ActivateNumber, number, **fields)

    def deactivate(self, number: Number | str) -> None:
        """It becomes AVAILABLE and stays on the account (J12)."""
        self._on(c.DeactivateNumber, number)

    @property
    def available(self) -> list[Number]:
        """All AVAILABLE numbers."""
        return [number for number in self if number.status == "AVAILABLE"]


class Queues(Collection[Queue]):
    """`queues.add("Demo 1", members=[john, mary])`."""

    handle, adds, updates, deletes = Queue, c.AddQueue, c.UpdateQueue, c.DeleteQueue
    positional = ("name",)

    def add_member(self, queue: Queue | str, user: User | str) -> None:
        """Assign a user."""
        self._on(c.AddMember, queue, user=user)

    def remove_member(self, queue: Queue | str, user: User | str) -> None:
        """Move a user out of "assigned" (J4)."""
        self._on(c.RemoveMember, queue, user=user)

    def log_in(self, queue: Queue | str, user: User | str) -> None:
        """A member takes the queue's calls from now on."""
        self._on(c.LogInAgent, queue, user=user)

    def log_out(self, queue: Queue | str, user: User | str) -> None:
        """... and no longer."""
        self._on(c.LogOutAgent, queue, user=user)


class Mailboxes(Collection[Mailbox]):
    """`mailboxes["204"]`; `mailboxes.update(box, setup_done=False)`."""

    handle, adds, updates, deletes = Mailbox, c.AddMailbox, c.UpdateMailbox, c.DeleteMailbox
    positional = ("number",)

    def log_in(self, mailbox: Mailbox | str, pin: str = "", **wizard: Any) -> None:
        """Listen to a mailbox. Refused for a wrong PIN; where "Already Setup" is unset, also until `new_pin=` and
        `greeting=` say what the set-up wizard asks for (P10)."""
        world = self._view.world
        box = self[key_of(world, mailbox)].snapshot()
        kept = world.pbx.secrets.get((box.id, "pin"))
        if kept is not None and not world.nature.verify(pin, kept):
            raise pin_refused(box)
        self._on(c.LogInMailbox, box.id, **wizard)

    def move_message(self, message: Message | str, folder: str) -> None:
        """To another folder: new, saved or deleted."""
        self._view.ask(c.MoveMessage, {"message": message, "folder": folder})

    def delete_message(self, message: Message | str) -> None:
        """To the deleted folder; from there, for good."""
        self._view.ask(c.DeleteMessage, {"message": message})


class BlfKeys(Collection[BlfKey]):
    """`blf_keys.add(device, 2, mary)`; with `label=`, one of its own."""

    handle, adds, updates, deletes = BlfKey, c.AddBlfKey, c.UpdateBlfKey, c.DeleteBlfKey

    def add(self, device: Device | str, position: int, user: User | str, **fields: Any) -> BlfKey:
        """Program a key: what it watches, and what stands beside it if that is not the user's name."""
        if not isinstance(device, Handle):
            device = Devices(self._view, self._account)[device]
        return self._handle(self._view.ask(self.adds, {"device": device, "position": position, "user": user, **fields}))


class Directory(Collection[DirectoryEntry]):
    """Names as the directory shows them: its own where it keeps any, else those of its users."""

    handle, adds, updates, deletes = DirectoryEntry, c.AddDirectoryEntry, c.UpdateDirectoryEntry, c.DeleteDirectoryEntry
    positional = ("user", "name")

    def _kept(self) -> bool:
        world = self._view.world
        account = world.pbx.accounts[self._account]
        return kept(world.nature.platforms[account.platform], account)

    def __iter__(self) -> Iterator[DirectoryEntry]:
        if self._kept():
            yield from super().__iter__()
            return
        for user in self._view.world.pbx.listed(self._account, e.User):
            if not user.system:
                yield self._handle(user.id)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _find(self, key: str) -> str | None:
        """By id, or by whose it is."""
        pbx = self._view.world.pbx
        user = resolve(pbx, self._account, e.User, key)
        if not self._kept():
            return None if user is None or user.system else user.id
        return pbx.find("directory", self._account, user.id) if user is not None else super()._find(key)


class Phones(Collection[Phone]):
    """`phones.add(device)` stages a phone as an installer does; `phones.add(model=..., mac=...)` is a bare one."""

    handle, adds, deletes = Phone, c.AddPhone, c.RemovePhone
    positional = ("device",)

    def _find(self, key: str) -> str | None:
        try:
            canonical = parse_mac(key)
        except ValueError:
            return None
        return canonical if canonical in self._view.world.state.phones else None

    def __getitem__(self, key: str) -> Phone:
        found = self.get(key)
        if found is None:
            raise NotFound("phone", key, "Put one on a desk first: phones.add(device).")
        return found

    def __iter__(self) -> Iterator[Phone]:
        return (self._handle(mac) for mac in sorted(self._view.world.state.phones))

    def __len__(self) -> int:
        return len(self._view.world.state.phones)


class Requests(Collection[Request]):
    """`requests.add("add-user", wanted={"extension": "1005", "first_name": "Ann"})`, oldest first."""

    handle, adds = Request, c.AddRequest
    positional = ("kind",)

    def fulfil(self, request: Request | str, answer: str = "") -> None:
        """The service desk does what is wanted. Refused by whatever rule refuses that."""
        self._on(c.FulfilRequest, request, answer=answer)

    def reject(self, request: Request | str, answer: str) -> None:
        """The service desk says why not."""
        self._on(c.RejectRequest, request, answer=answer)
