"""How a program talks to a world: collections that read like mappings, and handles that read the present value.

Every call builds a command; `execute` is the only way in. Nothing here decides anything, but whether a typed password
is right. What every handle does is in `handles.py`, what every collection does in `collections.py`; each noun has a
file with both. What belongs to an account and what a world shows to somebody are here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, overload

from pbxsim.core import commands as c
from pbxsim.core import entities as e
from pbxsim.core.build import build
from pbxsim.core.logins import Login
from pbxsim.core.reachability import Audit, audit
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.routing import Trace
from pbxsim.facade.callflows import Callflows, Numbers, Queues
from pbxsim.facade.calls import CallRecords, Calls
from pbxsim.facade.collections import Collection
from pbxsim.facade.devices import BlfKeys, Devices, Directory
from pbxsim.facade.handles import Handle, account_platform, key_of, plain
from pbxsim.facade.mailboxes import Mailboxes
from pbxsim.facade.outside import Faults, Network
from pbxsim.facade.phones import Phones
from pbxsim.facade.users import User, Users
from pbxsim.facade.work import Jobs, Outbox, Requests

if TYPE_CHECKING:
    from pbxsim.facade.devices import Device
    from pbxsim.observe.staleness import Staleness
    from pbxsim.observe.suggest import Suggestion
    from pbxsim.world import World


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

    @property
    def directory(self) -> Directory:
        """What it shows: names that it keeps, or those of its users; by whose they are."""
        return Directory(self._view, self.id)

    @property
    def blf_keys(self) -> BlfKeys:
        """The keys that watch users, by id."""
        return BlfKeys(self._view, self.id)

    @property
    def outbox(self) -> Outbox:
        """What the PBX has written to people, oldest first."""
        return Outbox(self._view, self.id)

    @property
    def jobs(self) -> Jobs:
        """What is done to many users at once, oldest first."""
        return Jobs(self._view, self.id)

    @property
    def requests(self) -> Requests:
        """What was asked of the service desk, by id."""
        return Requests(self._view, self.id)

    @property
    def calls(self) -> Calls:
        """Running calls: `calls.place("1002", from_="+61400000000")`."""
        return Calls(self._view, self.id)

    @property
    def cdrs(self) -> CallRecords:
        """The records of calls that are over, the newest first."""
        return CallRecords(self._view, self.id)

    def call(self, to: str, *, answered: bool = True, from_: Any = "", digits: str = "") -> Trace:
        """Where a call to this number, extension or code would go now, step by step; nothing rings. `answered` False:
        nobody picks up; `from_` who calls, as in `calls.place`; `digits` what the caller presses, from the first menu
        on."""
        world = self._view.world
        return world.look(self.snapshot(), to, key_of(world, from_), answered, digits)

    def reachability(self) -> Audit:
        """Every number and extension, where its calls end, each dead end with its cause (X3)."""
        world, account = self._view.world, self.snapshot()
        return audit(world.pbx, account, account_platform(world, account.id))

    @overload
    def staleness(self) -> Staleness: ...
    @overload
    def staleness(self, *, suggest: Device | str) -> Suggestion: ...
    def staleness(self, *, suggest: Device | str | None = None) -> Staleness | Suggestion:
        """Who still shows an old name (X2)? With a device to `suggest` for: the cheapest thing that brings it up to
        date, tried on a fork."""
        from pbxsim.facade import questions

        world = self._view.world
        if suggest is None:
            return questions.staleness(world, self.snapshot())
        return questions.suggestion(world, self.devices[key_of(world, suggest)].snapshot())


class Accounts(Collection[Account]):
    """`accounts.add("acme", platform="jet")`."""

    handle, adds, updates, deletes = Account, c.AddAccount, c.UpdateAccount, c.DeleteAccount
    positional = ("name",)

    def _find(self, key: str) -> str | None:
        return key if key in self._view.world.pbx.accounts else None


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

    @property
    def faults(self) -> Faults:
        """What goes wrong between phones and their configuration server, and at the phones."""
        return Faults(self)

    @property
    def network(self) -> Network:
        """What tells phones where their configuration is: DHCP, and the vendors' redirect services."""
        return Network(self)

    @property
    def me(self) -> User | None:
        """The user who sees the world so; None for the operator and the service desk. A portal opens at him (C2)."""
        found = self.world.pbx.get(e.User, self.actor.user)
        return User(self, found.id) if found else None

    def acting_as(self, actor: User | c.Actor) -> View:
        """The same world, for a user or for `SERVICE_DESK`: what may be done follows from the role."""
        return View(self.world, c.Actor("user", key_of(self.world, actor)) if isinstance(actor, Handle) else actor)

    def __repr__(self) -> str:
        world = self.world
        held = f"{len(self.accounts)} accounts, {len(self.phones)} phones"
        return f"<World at {world.now:%Y-%m-%d %H:%M:%S} UTC: {held}, as {self.actor}>"

    def end_login(self, login: Login | str) -> None:
        """The service desk ends a login (J3a)."""
        self.ask(c.EndLogin, {"login": login if isinstance(login, str) else login.id})

    def ask(self, type_: type[Any], values: Mapping[str, Any]) -> str:
        """Build a command from values (handles stand for their ids) and carry it out; the id it was about."""
        world = self.world
        try:
            named = {name: value if type(value) is str else plain(world, value) for name, value in values.items()}
        except RecursionError:
            raise Invalid([Fault("", "is nested too deeply")]) from None
        try:
            command = build(type_, named, world.nature.conceal)
        except Invalid as error:
            raise Invalid([*error.faults, *world.besides(type_, named, self.actor)]) from None
        return world.execute(command, self.actor)
