"""Handles: a thing of a world as (world, kind, id), read anew at each look.

A handle compares by id, raises Gone after deletion, and is refused in another world, where the same id may be something
else (its id is accepted there).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pbxsim.core import commands as c
from pbxsim.core import entities as e
from pbxsim.core.directory import entry_of, kept, label_of
from pbxsim.core.indexes import order_item
from pbxsim.core.logins import Login, logins, mailbox_of
from pbxsim.core.messages import in_mailbox, messages
from pbxsim.core.nodes import Node, Option, Voicemail
from pbxsim.core.platform import Platform
from pbxsim.core.refusals import ForeignHandle, Gone
from pbxsim.core.rules.jobs import row_id
from pbxsim.core.status import newest, number_status, numbers_of, status

if TYPE_CHECKING:
    from pbxsim.facade import View
    from pbxsim.world import World


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

    def __dir__(self) -> list[str]:
        fields = self.snapshot().__struct_fields__ if self.exists else ()
        return sorted({*super().__dir__(), *fields})

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in ("_view", "id"):
            raise AttributeError(f"a handle is for reading; say {type(self).__name__.lower()}s.update(..., {name}=...)")
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        if not self.exists:
            return f"<{type(self).__name__} {self.id}, deleted>"
        value = self.snapshot()
        shown = getattr(value, "title", None) or getattr(value, "name", "") or getattr(value, "e164", "")
        return f"<{type(self).__name__} {self.id} {shown}".rstrip() + ">"


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
        return [Device(self._view, device.id) for device in sorted(found, key=order_item)]

    @property
    def memberships(self) -> list[Queue | Version]:
        """The queues he is assigned to and the callflow versions that name him: both empty before Jet lets him go."""
        pbx = self._view.world.pbx
        queues: list[Queue | Version] = [Queue(self._view, queue.id) for queue in pbx.pointing_at(self.id, e.Queue)]
        return queues + [Version(self._view, version.id) for version in pbx.pointing_at(self.id, e.Version)]

    @property
    def mailbox(self) -> Mailbox | None:
        """His mailbox, if he has one."""
        box = mailbox_of(self._view.world.pbx, self.snapshot())
        return Mailbox(self._view, box.id) if box else None

    @property
    def messages(self) -> list[Message]:
        """What callers have left for him, in all his mailboxes and all folders (U5): mailbox by mailbox, the newest
        first."""
        pbx = self._view.world.pbx
        found = messages(pbx, pbx.pointing_at(self.id, e.Mailbox))
        return [Message(self._view, message.id) for _, message in found]


class Device(Handle):
    """The PBX's record of a desk phone."""

    __slots__ = ()
    type = e.Device

    @property
    def bindings(self) -> tuple[e.Binding, ...]:
        """Where it is registered."""
        return self._view.world.pbx.bindings.get(self.id, ())


class BlfKey(Handle):
    """A key of a device that watches a user."""

    __slots__ = ()
    type = e.BlfKey

    @property
    def shows(self) -> str:
        """What stands beside it in a file that is made now."""
        return label_of(self._view.world.pbx, self.snapshot())


class DirectoryEntry(Handle):
    """A name in the directory. Where nothing is kept, it is a user's present one, under his id."""

    __slots__ = ()
    type = e.DirectoryEntry

    def snapshot(self) -> e.DirectoryEntry:
        """The plain value, as it is now. Raises Gone after deletion."""
        world = self._view.world
        user = world.pbx.get(e.User, self.id)
        if user is not None:
            account = world.pbx.accounts[user.account]
            if not kept(world.nature.platforms[account.platform], account):
                return entry_of(user)
        entry: e.DirectoryEntry = super().snapshot()
        return entry

    @property
    def exists(self) -> bool:
        """Is it in the directory?"""
        try:
            self.snapshot()
        except Gone:
            return False
        return True


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
    def state(self) -> str:
        """The same, as the platform calls it: in_service, available-number, ..."""
        number = self.snapshot()
        return account_platform(self._view.world, number.account).number_state(number)

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

    @property
    def messages(self) -> list[Message]:
        """What callers have left, in all folders, the newest first."""
        return [Message(self._view, message.id) for message in in_mailbox(self._view.world.pbx, self.snapshot())]


class Message(Handle):
    """What a caller has left in a mailbox."""

    __slots__ = ()
    type = e.Message


class Mail(Handle):
    """An e-mail in the outbox."""

    __slots__ = ()
    type = e.Mail


class Job(Handle):
    """An action on many users, a user a step."""

    __slots__ = ()
    type = e.Job

    @property
    def rows(self) -> list[e.JobRow]:
        """One for each user: waiting, done, or failed and why; in the order of their turns."""
        job, pbx = self.snapshot(), self._view.world.pbx
        return [pbx.the(e.JobRow, row_id(job, place)) for place in range(1, job.size + 1)]


class Request(Handle):
    """Something asked of the service desk."""

    __slots__ = ()
    type = e.Request


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
        self._do(c.PressKey, key=c.LOG_OUT)

    def press(self, key: str) -> None:
        """A key by its name, its label, a soft key's text, or a digit in the middle of a call. Raises NotReady for one
        that nothing asks for now."""
        self._do(c.PressKey, key=key)

    def dial(self, number: str) -> None:
        """Call a number: an extension, a feature code, a number as people write it. Raises NotReady while no line is
        registered or there is a call already; that nobody answers is no error: the screen says so."""
        self._do(c.DialAtPhone, number=number)

    def answer(self) -> None:
        """Take the call that rings. Raises NotReady when none does."""
        self._do(c.PressKey, key=c.ANSWER)

    def reject(self) -> None:
        """Send the call away that rings: its caller hears busy. Raises NotReady when none does."""
        self._do(c.PressKey, key=c.REJECT)

    def hang_up(self) -> None:
        """End the call, or stop calling. Raises NotReady when there is neither."""
        self._do(c.PressKey, key=c.END_CALL)

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


def account_platform(world: World, account: str) -> Platform:
    """The platform of an account."""
    return world.nature.platforms[world.pbx.accounts[account].platform]


def key_of(world: World, thing: Any) -> str:
    """The id of a handle of this world, or a key as it is. Raises ForeignHandle for a handle of another world."""
    if isinstance(thing, Handle):
        if thing._view.world is not world:
            raise ForeignHandle(type(thing).__name__.lower(), thing.id)
        return thing.id
    return str(thing)


def plain(world: World, value: Any) -> Any:
    """Values as commands take them: every handle in them an id."""
    if type(value) is str:
        return value  # most are
    if isinstance(value, Handle):
        return key_of(world, value)
    if isinstance(value, dict):
        return {key: plain(world, part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(plain(world, item) for item in value)
    if isinstance(value, Voicemail):
        box: Any = value.mailbox
        return Voicemail(key_of(world, (box.mailbox or box) if isinstance(box, User) else box))
    if isinstance(value, Node | Option):
        parts = {name: plain(world, getattr(value, name)) for name in value.__struct_fields__}
        return type(value)(**parts)
    return value
