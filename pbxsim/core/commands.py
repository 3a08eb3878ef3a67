"""Everything that anyone may ask of a world, one struct each.

A field left UNSET is not touched; None clears it. Secrets arrive here as verifiers: `build` conceals what was typed.
`Stamped` adds who asks and when, and the chance and ids that a pure transition may not draw for itself. The handler of
each command stands in one table: `transition.HANDLERS` for the PBX, `world.phones.HANDLERS` for the emulated phones.
"""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from pbxsim.core.fields import Line, PolicyField, SettingsField
from pbxsim.core.nodes import Node
from pbxsim.core.values import (
    AccountId,
    Country,
    Email,
    Extension,
    Mac,
    Name,
    Password,
    Pin,
    Positive,
    Text,
    TimeZone,
)

# --- Who asks ----------------------------------------------------------------------------------------------------


class Actor(Struct, frozen=True, gc=False):
    """Somebody acts: the company that hosts the PBX, its support, or a user (then `user` is his id)."""

    kind: Literal["operator", "service-desk", "user"]
    user: str = ""

    def __str__(self) -> str:
        return f"user {self.user}" if self.user else self.kind


OPERATOR = Actor("operator")
SERVICE_DESK = Actor("service-desk")


Role = Literal["admin", "user"]


class AddAccount(Struct, frozen=True, gc=False):
    """`account` is made of the name if it is not given."""

    name: Name
    platform: str
    account: AccountId | None = None
    platform_version: Positive | None = None
    country: Country = ""
    timezone: TimeZone = "UTC"
    seats: Positive | None = None
    policy: PolicyField = ()
    settings: SettingsField = ()


class UpdateAccount(Struct, frozen=True, gc=False):
    account: str
    name: Name | UnsetType = UNSET
    platform_version: Positive | UnsetType = UNSET
    country: Country | UnsetType = UNSET
    timezone: TimeZone | UnsetType = UNSET
    seats: Positive | UnsetType | None = UNSET
    policy: PolicyField | UnsetType = UNSET
    settings: SettingsField | UnsetType = UNSET


class DeleteAccount(Struct, frozen=True, gc=False):
    account: str


class AddUser(Struct, frozen=True, gc=False):
    account: str
    extension: Extension
    first_name: Text = ""
    last_name: Text = ""
    email: Email = ""
    role: Role = "user"
    password: Password | None = None
    voicemail_pin: Pin | None = None


class UpdateUser(Struct, frozen=True, gc=False):
    user: str
    extension: Extension | UnsetType = UNSET
    first_name: Text | UnsetType = UNSET
    last_name: Text | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    password: Password | UnsetType | None = UNSET


class DeleteUser(Struct, frozen=True, gc=False):
    user: str


class AddDevice(Struct, frozen=True, gc=False):
    account: str
    model: str
    mac: Mac
    name: Text = ""
    owner: str | None = None
    settings: SettingsField = ()


class UpdateDevice(Struct, frozen=True, gc=False):
    device: str
    model: str | UnsetType = UNSET
    mac: Mac | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    owner: str | UnsetType | None = UNSET
    settings: SettingsField | UnsetType = UNSET


class DeleteDevice(Struct, frozen=True, gc=False):
    device: str


class SyncDevice(Struct, frozen=True, gc=False):
    """Send check-sync to wherever the device is registered; `reboot` None leaves it to the phone's own setting."""

    device: str
    reboot: bool | None = None


class AddCallflow(Struct, frozen=True, gc=False):
    """Makes version 1, not a draft. `numbers` are E.164 numbers of the account, extensions and feature codes."""

    account: str
    name: Name
    root: Node
    numbers: tuple[str, ...] = ()


class UpdateCallflow(Struct, frozen=True, gc=False):
    """`numbers` replaces the whole list. `root` edits in place, where the platform knows no versions."""

    callflow: str
    name: Name | UnsetType = UNSET
    numbers: tuple[str, ...] | UnsetType = UNSET
    root: Node | UnsetType = UNSET


class DeleteCallflow(Struct, frozen=True, gc=False):
    callflow: str


class ReassignCallflow(Struct, frozen=True, gc=False):
    """Move all numbers of a callflow to another: to its newest version, or to `version` of it."""

    callflow: str
    to: str
    version: Positive | None = None


class DraftVersion(Struct, frozen=True, gc=False):
    """Begin an edit: a draft, with `root` or a copy of the newest version."""

    callflow: str
    root: Node | None = None


class UpdateVersion(Struct, frozen=True, gc=False):
    version: str
    root: Node


class MakeAvailable(Struct, frozen=True, gc=False):
    """Put a draft into service: it takes every number of the version before it."""

    version: str


class DeleteVersion(Struct, frozen=True, gc=False):
    version: str


class AddNumber(Struct, frozen=True, gc=False):
    account: str
    e164: str
    name: Text = ""
    callflow: str | None = None


class UpdateNumber(Struct, frozen=True, gc=False):
    """`name` is the service name (J13)."""

    number: str
    name: Text | UnsetType = UNSET
    callflow: str | UnsetType | None = UNSET


class ActivateNumber(Struct, frozen=True, gc=False):
    number: str
    name: Text | UnsetType = UNSET
    callflow: str | UnsetType | None = UNSET


class DeactivateNumber(Struct, frozen=True, gc=False):
    number: str


class DeleteNumber(Struct, frozen=True, gc=False):
    number: str


class AddQueue(Struct, frozen=True, gc=False):
    account: str
    name: Name
    members: tuple[str, ...] = ()


class UpdateQueue(Struct, frozen=True, gc=False):
    queue: str
    name: Name | UnsetType = UNSET
    members: tuple[str, ...] | UnsetType = UNSET


class DeleteQueue(Struct, frozen=True, gc=False):
    queue: str


class AddMember(Struct, frozen=True, gc=False):
    queue: str
    user: str


class RemoveMember(Struct, frozen=True, gc=False):
    queue: str
    user: str


class LogInAgent(Struct, frozen=True, gc=False):
    """A member of a queue takes its calls from now on."""

    queue: str
    user: str


class LogOutAgent(Struct, frozen=True, gc=False):
    queue: str
    user: str


class AddMailbox(Struct, frozen=True, gc=False):
    account: str
    number: Extension
    name: Name
    owner: str | None = None
    pin: Pin | None = None


class UpdateMailbox(Struct, frozen=True, gc=False):
    """`setup_done` is PISTON's "Already Setup"."""

    mailbox: str
    name: Name | UnsetType = UNSET
    owner: str | UnsetType | None = UNSET
    pin: Pin | UnsetType | None = UNSET
    setup_done: bool | UnsetType = UNSET


class DeleteMailbox(Struct, frozen=True, gc=False):
    mailbox: str


class LogInApp(Struct, frozen=True, gc=False):
    """The password has been checked by whoever builds this."""

    user: str
    app: Text = "soft phone"


class LogOutApp(Struct, frozen=True, gc=False):
    """`login` None: every app of the user."""

    user: str
    login: str | None = None


class LogInAtDevice(Struct, frozen=True, gc=False):
    """A user takes a desk phone (P12); `override` logs him out of the one he had. The PIN has been checked."""

    device: str
    user: str
    override: bool = False


class LogOutAtDevice(Struct, frozen=True, gc=False):
    device: str


class EndLogin(Struct, frozen=True, gc=False):
    """The service desk ends a login: a device's id (its registrations), or an app's or hot desk's login id."""

    login: str


# --- Emulated phones: what a person does with the hardware -------------------------------------------------------


class AddPhone(Struct, frozen=True, gc=False):
    """Put a phone on a desk: staged for a device of the PBX as an installer does, or bare (`model` and `mac`)."""

    device: str | None = None
    model: str | None = None
    mac: Mac | None = None


class RemovePhone(Struct, frozen=True, gc=False):
    phone: Mac


class StagePhone(Struct, frozen=True, gc=False):
    """Enter the provisioning server on the phone: that of a device, or any URL with its credentials."""

    phone: Mac
    device: str | None = None
    url: Line = ""
    username: Line = ""
    password: Line = ""


class PowerPhone(Struct, frozen=True, gc=False):
    phone: Mac
    on: bool


LOG_OUT = "Log Out"  # the label of the key that a log-in puts on the phone


class PressKey(Struct, frozen=True, gc=False):
    """A key by its name (`prgkey1`), its label, or a soft key's text."""

    phone: Mac
    key: Line


class TypeAtPhone(Struct, frozen=True, gc=False):
    """Fill the fields of the prompt on the screen and submit."""

    phone: Mac
    fields: tuple[str, ...]


class SetAtPhone(Struct, frozen=True, gc=False):
    """Change a configuration key at the phone itself."""

    phone: Mac
    key: Line
    value: Line


class FactoryResetPhone(Struct, frozen=True, gc=False):
    phone: Mac


PbxCommand = (
    AddAccount
    | UpdateAccount
    | DeleteAccount
    | AddUser
    | UpdateUser
    | DeleteUser
    | AddDevice
    | UpdateDevice
    | DeleteDevice
    | SyncDevice
    | AddCallflow
    | UpdateCallflow
    | DeleteCallflow
    | ReassignCallflow
    | DraftVersion
    | UpdateVersion
    | MakeAvailable
    | DeleteVersion
    | AddNumber
    | UpdateNumber
    | ActivateNumber
    | DeactivateNumber
    | DeleteNumber
    | AddQueue
    | UpdateQueue
    | DeleteQueue
    | AddMember
    | RemoveMember
    | LogInAgent
    | LogOutAgent
    | AddMailbox
    | UpdateMailbox
    | DeleteMailbox
    | LogInApp
    | LogOutApp
    | LogInAtDevice
    | LogOutAtDevice
    | EndLogin
)
PhoneCommand = (
    AddPhone | RemovePhone | StagePhone | PowerPhone | PressKey | TypeAtPhone | SetAtPhone | FactoryResetPhone
)
Command = PbxCommand | PhoneCommand


class Stamped(Struct, frozen=True, gc=False):
    """A command with all that a transition needs from outside: who, when (ms since the epoch), which ids come next,
    and the text that secrets are drawn from."""

    command: Command
    actor: Actor
    now: int
    first_id: int
    salt: str = ""
