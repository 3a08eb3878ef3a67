"""What decides where a call goes: callflows and their versions, numbers, queues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pbxsim.core import commands as c
from pbxsim.core import entities as e
from pbxsim.core.nodes import Node
from pbxsim.core.status import newest, number_status, numbers_of, status
from pbxsim.facade.collections import Collection
from pbxsim.facade.handles import Handle, account_platform, key_of

if TYPE_CHECKING:
    from pbxsim.facade.users import User


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

    def _shown(self) -> str:
        version = self.snapshot()
        return f"{self._view.world.pbx.the(e.Callflow, version.callflow).name}, {self.status}"


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


class Number(Handle):
    """An E.164 number of an account."""

    __slots__ = ()
    type = e.Number

    @property
    def status(self) -> str:
        """ACTIVE or AVAILABLE."""
        return number_status(self.snapshot())

    @property
    def state(self) -> str:
        """The same, as the platform calls it: in_service, available-number, ..."""
        number = self.snapshot()
        return account_platform(self._view.world, number.account).number_state(number)

    @property
    def callflow(self) -> Callflow | None:
        """The callflow that a call to it enters."""
        version = self._view.world.pbx.get(e.Version, self.snapshot().version)
        return Callflow(self._view, version.callflow) if version else None


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


class Queue(Handle):
    """A call queue."""

    __slots__ = ()
    type = e.Queue


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
