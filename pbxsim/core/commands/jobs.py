"""What may be asked of users who leave and come: resetting, recycling, one by one or many in a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Struct

from pbxsim.core.build import build
from pbxsim.core.commands.base import Command
from pbxsim.core.entities import JobAction
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.values import Email, Name, Parser

ResetItem = Literal[
    "name",
    "email",
    "password",
    "voicemail-pin",
    "devices",
    "messages",
    "greetings",
    "answering-rules",
    "contacts",
]

DEFAULT: tuple[ResetItem, ...] = ("name", "email", "password", "voicemail-pin", "devices")
EXTRA: tuple[ResetItem, ...] = ("messages", "greetings", "answering-rules", "contacts")


class Identity(Struct, frozen=True):
    """Who is to have an extension that is recycled."""

    first_name: Name
    last_name: Name
    email: Email = ""


def _identities(value: Any) -> tuple[tuple[str, Identity], ...]:
    """{user: {"first_name", "last_name", "email"?}} -> the same, as sorted pairs."""
    if not isinstance(value, Mapping):
        raise ValueError("must be an object of users and who is to have their extension")
    found: dict[str, Identity] = {}
    faults: list[Fault] = []
    for user, identity in value.items():
        if isinstance(identity, Identity):
            found[str(user)] = identity
            continue
        try:
            if not isinstance(identity, Mapping):
                raise Invalid([Fault("", "must be an object with first_name, last_name and email")])
            found[str(user)] = build(Identity, identity)
        except Invalid as error:
            faults += [Fault(f"/{user}{fault.pointer}", fault.message) for fault in error.faults]
    if faults:
        raise Invalid(faults)
    return tuple(sorted(found.items(), key=lambda pair: pair[0]))


Identities = Annotated[
    tuple[tuple[str, Identity], ...],
    Parser(_identities, schema={"type": "object", "additionalProperties": Identity}),
]


class ResetUser(Command, frozen=True):
    """User and extension stay; what `clear` names goes (N5). Each can be left out."""

    user: str
    clear: tuple[ResetItem, ...] = DEFAULT


class RecycleUser(Command, frozen=True):
    """A reset, and then the form: the extension is somebody else's (N8). `welcome` writes to him."""

    user: str
    first_name: Name
    last_name: Name
    email: Email = ""
    clear: tuple[ResetItem, ...] = DEFAULT
    welcome: bool = False


class ForcePasswordReset(Command, frozen=True):
    """The password no longer works, and a mail has a link to choose another."""

    user: str


class StartJob(Command, frozen=True):
    """Choose an action and users; it is shown, to be confirmed (N6). `identities` are for recycling: by id or
    extension, who is to have it."""

    account: str
    action: JobAction
    users: tuple[str, ...]
    clear: tuple[ResetItem, ...] = DEFAULT
    identities: Identities = ()
    welcome: bool = False


class ConfirmJob(Command, frozen=True):
    """Yes, begin."""

    job: str


class CancelJob(Command, frozen=True):
    """No: nothing of it happens. One that runs stops behind the present user."""

    job: str


class StepJob(Command, frozen=True):
    """The next user's turn."""

    job: str
