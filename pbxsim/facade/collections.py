"""Collections: things of one kind in an account, in the order people see them.

They read like mappings: iteration, `in`, `[key]`; a key is an id, or what people know a thing by (extension, MAC
address, number, name). `add`, `update`, `delete` and the verbs of each noun build a command.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from msgspec import Struct

from pbxsim.core import commands as c
from pbxsim.core import entities as e
from pbxsim.core.nodes import Node
from pbxsim.core.refusals import NotFound
from pbxsim.core.rules.common import resolve
from pbxsim.core.rules.users import app_refused
from pbxsim.core.values import mac as parse_mac
from pbxsim.facade.handles import (
    Callflow,
    Device,
    Handle,
    Mailbox,
    Number,
    Phone,
    Queue,
    User,
    Version,
    key_of,
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


class _ByName(Collection[H]):
    """Also found by name, if only one has it."""

    def _find(self, key: str) -> str | None:
        found = super()._find(key)
        if found is None:
            listed = self._view.world.pbx.listed(self._account, self.handle.type)
            named = [entity.id for entity in listed if entity.name == key]
            found = named[0] if len(named) == 1 else None
        return found


class Users(Collection[User]):
    """`users.add("1002", first_name="John", last_name="Smith", voicemail_pin="4711")`."""

    handle, adds, updates, deletes = User, c.AddUser, c.UpdateUser, c.DeleteUser
    positional = ("extension",)

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
