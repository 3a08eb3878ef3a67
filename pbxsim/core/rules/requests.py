"""Requests to the service desk (C6, C7): what a customer may not do himself, he asks for, and is told what came of it.

A request holds the fields of the command that it asks for, checked when it is made, so that fulfilling it is that very
command; it holds no secret. A request of the kind `other` is for a person to read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from msgspec import structs

from pbxsim.core.build import build, partly
from pbxsim.core.commands import (
    AddDevice,
    AddRequest,
    AddUser,
    Command,
    DeleteDevice,
    DeleteUser,
    FulfilRequest,
    RejectRequest,
    UpdateBlfKey,
    UpdateDirectoryEntry,
)
from pbxsim.core.entities import BlfKey, Device, DirectoryEntry, Request, RequestKind, User
from pbxsim.core.logins import device_title
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.rules import devices, directory, mail, settings, users
from pbxsim.core.rules.common import named
from pbxsim.core.state import Change


class _Kind(NamedTuple):
    """What a kind of request asks for: the command, who carries it out, and what it says in a list."""

    command: type[Command]
    handler: Callable[[Change, Any], str]
    title: str
    about: type[Any] | None = None  # what it names, where it is about something that is there
    present: str = ""  # the field that is the user's present name where it is left out (C7)


_KINDS: dict[RequestKind, _Kind] = {
    "add-user": _Kind(AddUser, users.add, "Add user {extension}"),
    "delete-user": _Kind(DeleteUser, users.delete, "Delete user {user}", User),
    "add-device": _Kind(AddDevice, devices.add, "Add device {mac}"),
    "delete-device": _Kind(DeleteDevice, devices.delete, "Delete device {device}", Device),
    "update-directory-entry": _Kind(
        UpdateDirectoryEntry, directory.update_entry, "Change the directory entry {entry}", DirectoryEntry, "name"
    ),
    "update-blf-key": _Kind(UpdateBlfKey, directory.update_key, "Change BLF key {blf_key}", BlfKey, "label"),
}

_SECRETS = ("password", "voicemail_pin")  # nobody writes these into a request


def wanted(account: str, kind: RequestKind, fields: str) -> Command | None:
    """The command that a request asks for; None where a person must read it. Raises Invalid."""
    what = _KINDS.get(kind)
    given: dict[str, Any] = msgspec.json.decode(fields)
    if what is None:
        if given:
            raise Invalid([Fault("/wanted", "must be left out: say it in the text")])
        return None
    faults = [Fault(f"/wanted/{name}", "does not go into a request") for name in _SECRETS if name in given]
    if what.about is None:
        given["account"] = account
    if what.present:
        given.setdefault(what.present, None)
    try:
        command = build(what.command, given)
    except Invalid as error:
        faults += [Fault(f"/wanted{fault.pointer}", fault.message) for fault in error.faults]
    if faults:
        raise Invalid(faults)
    return command


def partly_wanted(account: str, kind: RequestKind, fields: str) -> Command | None:
    """What is right of a command with faults, for whoever looks for more of them."""
    what = _KINDS.get(kind)
    return None if what is None else partly(what.command, {**msgspec.json.decode(fields), "account": account})


def add(change: Change, command: AddRequest) -> str:
    """Put it on the service desk's list."""
    if not change.platform.requests:
        raise Invalid([Fault("/kind", f"{change.platform.title} has no requests: do it yourself")])
    asked, fields, title = wanted(change.account.id, command.kind, command.wanted), command.wanted, command.text
    if asked is None and not command.text.strip():
        raise Invalid([Fault("/text", "is required: say what is wanted")])
    if isinstance(asked, AddUser):
        _judge(change, asked)
    if asked is not None:
        kind = _KINDS[command.kind]
        if kind.about is not None:
            key = asked.__struct_fields__[0]
            thing = named(change, kind.about, getattr(asked, key), f"/wanted/{key}")
            fields = msgspec.json.encode({**msgspec.json.decode(fields), key: thing.id}).decode()
            title = kind.title.format_map({key: _called(change, thing)})
        else:
            title = kind.title.format_map(structs.asdict(asked))
    request = Request(
        change.new_id("r"),
        change.account.id,
        command.kind,
        " ".join(title.split())[:128],
        change.actor.user or change.actor.kind,
        change.now,
        fields,
        command.text,
    )
    change.put(request)
    change.event("request.added", request.id, title=request.title)
    return request.id


def _judge(change: Change, asked: AddUser) -> None:
    """Whether the platform will have such a user is told to whoever asks, not to whoever fulfils. Raises Invalid."""
    try:
        settings.checked(change, asked)
    except Invalid as error:
        raise Invalid([Fault(f"/wanted{fault.pointer}", fault.message) for fault in error.faults]) from None


def fulfil(change: Change, command: FulfilRequest) -> str:
    """Carry out what was wanted. A rule that stands in the way refuses this too, and the request stays open."""
    request = _open(change, command.request)
    asked = wanted(change.account.id, request.kind, request.wanted)
    result = _KINDS[request.kind].handler(change, asked) if asked is not None else ""
    return _answered(change, request, "fulfilled", command.answer or "It has been done.", result)


def reject(change: Change, command: RejectRequest) -> str:
    """Say why not."""
    if not command.answer.strip():
        raise Invalid([Fault("/answer", "must not be blank: say why not")])
    return _answered(change, _open(change, command.request), "rejected", command.answer)


def _open(change: Change, id_: str) -> Request:
    request = change.state.the(Request, id_)
    if request.status != "open":
        raise Invalid([Fault("/request", f"has been answered already: it is {request.status}")])
    return request


def _answered(change: Change, request: Request, status: Any, answer: str, result: str = "") -> str:
    revision = request.revision + 1
    change.put(structs.replace(request, status=status, answer=answer, result=result, revision=revision))
    change.event(f"request.{status}", request.id, title=request.title)
    who = change.state.get(User, request.by)
    if who is not None:
        mail.send(change, who, "request-answered", title=request.title, answer=answer)
    return request.id


def _called(change: Change, thing: User | Device | DirectoryEntry | BlfKey) -> str:
    match thing:
        case User():
            return thing.title
        case Device():
            return thing.mac
        case DirectoryEntry():
            return thing.name
        case BlfKey():
            return f"{thing.position} of {device_title(change.state.the(Device, thing.device))}"
