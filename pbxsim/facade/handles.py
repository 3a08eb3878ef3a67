"""Handles: a thing of a world as (world, kind, id), read anew at each look.

A handle compares by id, raises Gone after deletion, and is refused in another world, where the same id may be something
else (its id is accepted there).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pbxsim.core import commands as c
from pbxsim.core import entities as e
from pbxsim.core.logins import Login, logins, mailbox_of
from pbxsim.core.nodes import Node, Option, Voicemail
from pbxsim.core.refusals import ForeignHandle, Gone
from pbxsim.core.state import order_item
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
        self._do(c.PressKey, key=c.LOG_OUT)

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
    if isinstance(value, (list, tuple)):
        return tuple(plain(world, item) for item in value)
    if isinstance(value, Voicemail):
        box: Any = value.mailbox
        return Voicemail(key_of(world, (box.mailbox or box) if isinstance(box, User) else box))
    if isinstance(value, Node | Option):
        parts = {name: plain(world, getattr(value, name)) for name in value.__struct_fields__}
        return type(value)(**parts)
    return value
