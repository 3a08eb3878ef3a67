"""How a program talks to a world: collections that read like mappings, and handles that read the present value.

A handle is (world, kind, id): it compares by id, raises Gone after deletion, and is refused in another world (its id is
accepted there). Every call builds a command; `execute` is the only way in. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from msgspec import Struct, structs

from pbxsim.core import commands as c
from pbxsim.core import entities as e
from pbxsim.core.build import build
from pbxsim.core.logins import Login, logins
from pbxsim.core.reachability import Audit, audit
from pbxsim.core.refusals import ForeignHandle, Gone, NotFound, Refused
from pbxsim.core.routing import Trace, route
from pbxsim.core.rules.common import resolve
from pbxsim.core.status import newest, number_status, numbers_of, status
from pbxsim.core.values import mac as parse_mac

if TYPE_CHECKING:
    from pbxsim.world import World

H = TypeVar("H", bound="Handle")


class View:
    """A world as somebody sees it. `World` is the operator's; `acting_as` gives others'."""

    def __init__(self, world: World, actor: c.Actor) -> None:
        self._world = world
        self.actor = actor

    @property
    def world(self) -> World:
        """The world that is seen. (A `World` is its own: no cycle, so that a fork is gone as soon as nobody has it.)"""
        return self._world

    @property
    def accounts(self) -> Accounts:
        """All customers, by id."""
        return Accounts(self, "")

    @property
    def phones(self) -> Phones:
        """The emulated phones, by MAC address."""
        return Phones(self, "")

    def acting_as(self, actor: User | c.Actor) -> View:
        """The same world, for a user or for `SERVICE_DESK`: what may be done follows from the role."""
        return View(self.world, c.Actor("user", _key(self.world, actor)) if isinstance(actor, Handle) else actor)

    def end_login(self, login: Login | str) -> None:
        """The service desk ends a login (J3a)."""
        self.ask(c.EndLogin, {"login": login if isinstance(login, str) else login.id})

    def ask(self, type_: type[Any], values: Mapping[str, Any]) -> str:
        """Build a command from values (handles stand for their ids) and carry it out; the id it was about."""
        world = self.world
        plain = {name: _plain(world, value) for name, value in values.items()}
        return world.execute(build(type_, plain, world.nature.conceal), self.actor)


class Handle:
    """A thing of a world: reads its present value, attribute by attribute."""

    __slots__ = ("_view", "id")
    type: ClassVar[type[Any]]

    def __init__(self, view: View, id_: str) -> None:
        self._view = view
        self.id = id_

    def snapshot(self) -> Any:
        """The plain value, as it is now. Raises Gone after deletion."""
        value = self._view.world.pbx.get(self.type, self.id)
        if value is None:
            raise Gone(e.NOUNS[self.type], self.id)
        return value

    @property
    def exists(self) -> bool:
        """Has it not been deleted?"""
        return self._view.world.pbx.get(self.type, self.id) is not None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.snapshot(), name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Handle) and self.id == other.id and self._view.world is other._view.world

    def __hash__(self) -> int:
        return hash((id(self._view.world), self.id))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}{'' if self.exists else ', deleted'}>"


class Account(Handle):
    """One customer, and what it has."""

    __slots__ = ()
    type = e.Account

    @property
    def users(self) -> Users:
        """By extension or id."""
        return Users(self._view, self.id)

    @property
    def devices(self) -> Devices:
        """By MAC address or id."""
        return Devices(self._view, self.id)

    @property
    def callflows(self) -> Callflows:
        """By name, extension or id."""
        return Callflows(self._view, self.id)

    @property
    def numbers(self) -> Numbers:
        """By E.164 number or id."""
        return Numbers(self._view, self.id)

    @property
    def queues(self) -> Queues:
        """By name or id."""
        return Queues(self._view, self.id)

    @property
    def mailboxes(self) -> Mailboxes:
        """By mailbox number or id."""
        return Mailboxes(self._view, self.id)

    def call(self, to: str, *, answered: bool = True) -> Trace:
        """Where a call to this number, extension or code goes, step by step. `answered` False: nobody picks up."""
        return route(self._view.world.pbx, self.snapshot(), to, answered)

    def reachability(self) -> Audit:
        """Every number and extension, where its calls end, each dead end with its cause (X3)."""
        return audit(self._view.world.pbx, self.snapshot())


class User(Handle):
    """A person or place with an extension."""

    __slots__ = ()
    type = e.User

    @property
    def logins(self) -> tuple[Login, ...]:
        """What the PBX believes; after a power cut a phone may believe something else."""
        return logins(self._view.world.pbx, self.snapshot())

    @property
    def devices(self) -> list[Device]:
        """The devices he owns."""
        found = self._view.world.pbx.pointing_at(self.id, e.Device)
        return [Device(self._view, device.id) for device in found]

    @property
    def mailbox(self) -> Mailbox | None:
        """His mailbox, if he has one."""
        boxes = self._view.world.pbx.pointing_at(self.id, e.Mailbox)
        return Mailbox(self._view, boxes[0].id) if boxes else None


class Device(Handle):
    """The PBX's record of a desk phone."""

    __slots__ = ()
    type = e.Device

    @property
    def bindings(self) -> tuple[e.Binding, ...]:
        """Where it is registered."""
        return self._view.world.pbx.bindings.get(self.id, ())


class Version(Handle):
    """One version of a callflow."""

    __slots__ = ()
    type = e.Version

    @property
    def status(self) -> str:
        """DRAFT, ACTIVE or AVAILABLE."""
        return status(self._view.world.pbx, self.snapshot())

    @property
    def numbers(self) -> list[Number]:
        """The numbers that point here."""
        return [Number(self._view, number.id) for number in numbers_of(self._view.world.pbx, self.snapshot())]


class Callflow(Handle):
    """What happens to a call."""

    __slots__ = ()
    type = e.Callflow

    @property
    def versions(self) -> list[Version]:
        """Oldest first."""
        return [Version(self._view, id_) for id_ in self.snapshot().versions]

    @property
    def newest(self) -> Version | None:
        """The newest version that is not a draft."""
        version = newest(self._view.world.pbx, self.snapshot())
        return Version(self._view, version.id) if version else None

    @property
    def numbers(self) -> list[str]:
        """E.164 numbers and then extensions, as PISTON lists them (P2)."""
        numbers = [number.e164 for version in self.versions for number in version.numbers]
        return [*sorted(numbers), *self.snapshot().dialled]


class Number(Handle):
    """An E.164 number of an account."""

    __slots__ = ()
    type = e.Number

    @property
    def status(self) -> str:
        """ACTIVE or AVAILABLE."""
        return number_status(self.snapshot())

    @property
    def callflow(self) -> Callflow | None:
        """The callflow that a call to it enters."""
        version = self._view.world.pbx.get(e.Version, self.snapshot().version)
        return Callflow(self._view, version.callflow) if version else None


class Queue(Handle):
    """A call queue."""

    __slots__ = ()
    type = e.Queue


class Mailbox(Handle):
    """A voicemail box."""

    __slots__ = ()
    type = e.Mailbox


class Phone(Handle):
    """An emulated phone: the hardware. Its id is its MAC address; every attribute is the phone's own."""

    __slots__ = ()

    def snapshot(self) -> Any:
        """The phone as a value."""
        phone = self._view.world.state.phones.get(self.id)
        if phone is None:
            raise Gone("phone", self.id)
        return phone

    @property
    def exists(self) -> bool:
        """Is it still there?"""
        return self.id in self._view.world.state.phones

    def power_on(self) -> None:
        """Plug the cable in: the phone boots."""
        self._do(c.PowerPhone, on=True)

    def power_off(self) -> None:
        """Pull the cable: nothing is sent, and the PBX learns nothing until the registration expires."""
        self._do(c.PowerPhone, on=False)

    def power_cycle(self) -> None:
        """Pull the cable and plug it in again."""
        self.power_off()
        self.power_on()

    def log_in(self, extension: str, pin: str) -> None:
        """Type both into the log-in prompt. Raises NotReady, with the screen's text, when no prompt is up; a wrong PIN
        raises nothing: the screen says so."""
        self._do(c.TypeAtPhone, fields=(extension, pin))

    def log_out(self) -> None:
        """Press the key that a log-in has put there. Raises NotReady where nobody is logged in."""
        self._do(c.PressKey, key="Log Out")

    def press(self, key: str) -> None:
        """A key by its name, its label, or a soft key's text."""
        self._do(c.PressKey, key=key)

    def set_locally(self, key: str, value: str) -> None:
        """Change a configuration key in the phone's own menu."""
        self._do(c.SetAtPhone, key=key, value=value)

    def factory_reset(self) -> None:
        """Jet's "reset any Yealink phone": it un-registers every account and forgets its server."""
        self._do(c.FactoryResetPhone)

    def stage(self, device: Device | str | None = None, **where: str) -> None:
        """Enter a provisioning server, as an installer does: that of a device, or `url=`, `username=`, `password=`."""
        self._do(c.StagePhone, **({"device": device} if device is not None else where))

    def _do(self, command: type[Any], **values: Any) -> None:
        self._view.ask(command, {"phone": self.id, **values})


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


class _ByName(Collection[H]):
    """Also found by name, if only one has it."""

    def _find(self, key: str) -> str | None:
        found = super()._find(key)
        if found is None:
            listed = self._view.world.pbx.listed(self._account, self.handle.type)
            named = [entity.id for entity in listed if entity.name == key]
            found = named[0] if len(named) == 1 else None
        return found


class Accounts(Collection[Account]):
    """`accounts.add("acme", platform="jet")`."""

    handle, adds, updates, deletes = Account, c.AddAccount, c.UpdateAccount, c.DeleteAccount
    positional = ("name",)

    def _find(self, key: str) -> str | None:
        return key if key in self._view.world.pbx.accounts else None


class Users(Collection[User]):
    """`users.add("1002", first_name="John", last_name="Smith", voicemail_pin="4711")`."""

    handle, adds, updates, deletes = User, c.AddUser, c.UpdateUser, c.DeleteUser
    positional = ("extension",)

    def log_in_app(self, user: User | str, password: str, app: str = "soft phone") -> str:
        """Log in on a soft phone; the login's id. Refused with a wrong password, or for a user who is gone."""
        world = self._view.world
        found = self.get(_key(world, user))
        kept = world.pbx.secrets.get((found.id, "password")) if found else None
        if found is None or kept is None or not world.nature.verify(password, kept):
            raise Refused("pbx.app.password", "The app log-in is not accepted", "wrong user or password")
        return self._on(c.LogInApp, found, app=app)

    def log_out_app(self, user: User | str, login: str | None = None) -> None:
        """Log out one app of a user, or all."""
        self._on(c.LogOutApp, user, login=login)


class Devices(Collection[Device]):
    """`devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33", owner=john)`."""

    handle, adds, updates, deletes = Device, c.AddDevice, c.UpdateDevice, c.DeleteDevice

    def sync(self, device: Device | str, reboot: bool | None = None) -> None:
        """check-sync: the phone fetches its files; whether it reboots is its own setting where `reboot` is None."""
        self._on(c.SyncDevice, device, reboot=reboot)

    def _find(self, key: str) -> str | None:
        try:
            return super()._find(parse_mac(key))
        except ValueError:
            return super()._find(key)


class Callflows(_ByName[Callflow]):
    """`callflows.add("Sales", ring_group(john, mary))`; on PISTON with `numbers=[...]`."""

    handle, adds, updates, deletes = Callflow, c.AddCallflow, c.UpdateCallflow, c.DeleteCallflow
    positional = ("name", "root")

    def draft(self, callflow: Callflow | str, root: e.Node | None = None) -> Version:
        """Begin an edit (J7): a draft with `root`, or a copy of the newest version."""
        return Version(self._view, self._on(c.DraftVersion, callflow, root=root))

    def change(self, version: Version | str, root: e.Node) -> None:
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
        target = self._find(_key(self._view.world, to)) or to
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


class Queues(_ByName[Queue]):
    """`queues.add("Demo 1", members=[john, mary])`."""

    handle, adds, updates, deletes = Queue, c.AddQueue, c.UpdateQueue, c.DeleteQueue
    positional = ("name",)

    def add_member(self, queue: Queue | str, user: User | str) -> None:
        """Assign a user."""
        self._on(c.AddMember, queue, user=user)

    def remove_member(self, queue: Queue | str, user: User | str) -> None:
        """Move a user out of "assigned" (J4)."""
        self._on(c.RemoveMember, queue, user=user)


class Mailboxes(Collection[Mailbox]):
    """`mailboxes["204"]`; `mailboxes.update(box, setup_done=False)`."""

    handle, adds, updates, deletes = Mailbox, c.AddMailbox, c.UpdateMailbox, c.DeleteMailbox
    positional = ("number",)


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


def _key(world: World, thing: Any) -> str:
    """The id of a handle of this world, or a key as it is. Raises ForeignHandle for a handle of another world."""
    if isinstance(thing, Handle):
        if thing._view.world is not world:
            raise ForeignHandle(type(thing).__name__.lower(), thing.id)
        return thing.id
    return str(thing)


def _plain(world: World, value: Any) -> Any:
    """Values as commands take them: every handle in them an id."""
    if type(value) is str:
        return value  # most are
    if isinstance(value, Handle):
        return _key(world, value)
    if isinstance(value, (list, tuple)):
        return tuple(_plain(world, item) for item in value)
    if isinstance(value, e.Dial | e.RingGroup):
        return structs.replace(value, users=_plain(world, value.users), then=_plain(world, value.then))
    if isinstance(value, e.Voicemail):
        box: Any = value.mailbox
        return e.Voicemail(_key(world, (box.mailbox or box) if isinstance(box, User) else box))
    if isinstance(value, e.Transfer):
        return e.Transfer(_key(world, value.callflow))
    return value
