"""Users: what comes with one, what a rename touches (nothing else), and what stands in the way of deleting one.

The famous rule is Jet's alone, and follows from its row: `user_delete_blockers` names the kinds that block. PISTON's
row names none, and nothing cascades either: devices, mailbox and callflow nodes keep the dead id (KAZOO).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import UNSET

from pbxsim.core.commands import AddUser, DeleteUser, UpdateUser
from pbxsim.core.entities import AppLogin, Callflow, Device, HotDesk, Mailbox, Number, Queue, User, Version
from pbxsim.core.nodes import Dial, Voicemail
from pbxsim.core.platform import DELETE, RELEASE
from pbxsim.core.refusals import Blocker, Fault, Invalid, Refused
from pbxsim.core.rules import devices, queues, settings
from pbxsim.core.rules.blockers import delete_blockers, held_by
from pbxsim.core.rules.common import credential, refuse, taken, update
from pbxsim.core.state import EMPTY, Change


def add(change: Change, command: AddUser) -> str:
    """A user brings a mailbox; on PISTON also the callflow that the set-up wizard makes: his extension rings him,
    then his mailbox (P1)."""
    account, extension = change.account, command.extension
    if not command.system:
        _seat_free(change)
    _extension_free(change, extension)
    user = User(
        id=change.new_id("u"),
        account=account.id,
        extension=extension,
        first_name=command.first_name,
        last_name=command.last_name,
        email=command.email,
        role=settings.role(change, command.role) if command.role else change.platform.default_role,
        caller_id=settings.caller_id(change, command.caller_id) if command.caller_id else None,
        ring_seconds=settings.ringing(change, command.ring_seconds or change.platform.ring_seconds),
        voicemail=command.voicemail,
        dnd=command.dnd,
        forwarding=settings.forwarding(change, command.forwarding),
        login=settings.login(change, command.email, extension),
        system=command.system,
    )
    change.put(user)
    if command.password is not None:
        change.keep_secret(user.id, "password", command.password)
    change.event("user.added", user.id, extension=extension, name=user.name)
    box = Mailbox(
        change.new_id("m"),
        account.id,
        extension,
        extension,
        owner=user.id,
        setup_done=bool(command.voicemail_pin),
        email=command.email,
    )
    change.put(box)
    if command.voicemail_pin is not None:
        change.keep_secret(box.id, "pin", command.voicemail_pin)
    if change.platform.user_brings_callflow:
        id_ = change.new_id("c")
        version = Version(f"{id_}.1", account.id, id_, 1, Dial((user.id,), then=Voicemail(box.id)))
        change.put(Callflow(id_, account.id, extension, versions=(version.id,), dialled=(extension,)))
        change.put(version)
        change.event("callflow.added", id_, name=extension)
    return user.id


_PLAIN = ("first_name", "last_name", "email", "voicemail", "dnd", "system")


def update_user(change: Change, command: UpdateUser) -> str:
    """A rename touches nothing else: callflow, mailbox, device, caller ID and directory keep what they had (P6)."""
    user = change.state.the(User, command.user)
    fields: dict[str, Any] = {name: getattr(command, name) for name in _PLAIN}
    if command.extension is not UNSET and command.extension != user.extension:
        _extension_free(change, command.extension)
        fields["extension"] = command.extension
    if command.role is not UNSET:
        fields["role"] = settings.role(change, command.role)
    if command.caller_id is not UNSET:
        fields["caller_id"] = command.caller_id and settings.caller_id(change, command.caller_id)
    if command.ring_seconds is not UNSET:
        fields["ring_seconds"] = settings.ringing(change, command.ring_seconds)
    if command.forwarding is not UNSET:
        fields["forwarding"] = settings.forwarding(change, command.forwarding)
    if command.email is not UNSET or command.extension is not UNSET:
        email = user.email if command.email is UNSET else command.email
        extension = user.extension if command.extension is UNSET else command.extension
        fields["login"] = settings.login(change, email, extension, user)
    credential(change, user.id, "password", command.password)
    update(change, user, fields)
    return user.id


def delete(change: Change, command: DeleteUser) -> str:
    """J1, J2 (Jet): refused with everything that stands in the way, at once. P4 (PISTON): never refused. What becomes
    of what was his is a row of the platform's rules, for each kind."""
    user = change.state.the(User, command.user)
    blockers = delete_blockers(change, user)
    if blockers:
        title = f"User {user.extension} cannot be deleted yet"
        refuse(change, "user.delete.blocked", title, held_by(user, blockers), blockers)
    for app in change.state.pointing_at(user.id, AppLogin):
        devices.end(change, app, forced=True)
    for desk in change.state.pointing_at(user.id, HotDesk):
        devices.end(change, desk, forced=True)
    for kind, type_, given_up in _POSSESSIONS:
        fate = change.platform.setting(change.account, f"user.delete.{kind}")
        if fate in (RELEASE, DELETE):
            for thing in change.state.pointing_at(user.id, type_):
                given_up(change, user, thing, fate)
    change.drop(user)
    change.event("user.deleted", user.id, extension=user.extension, name=user.name)
    return user.id


def _device(change: Change, user: User, device: Device, fate: str) -> None:
    if fate == DELETE:
        devices.remove(change, device)
    else:
        update(change, device, {"owner": None})


def _mailbox(change: Change, user: User, box: Mailbox, fate: str) -> None:
    if fate == DELETE:
        change.drop(box)
        change.event("mailbox.deleted", box.id, number=box.number)
    else:
        update(change, box, {"owner": None})


def _number(change: Change, user: User, number: Number, fate: str) -> None:
    update(change, number, {"active": False, "user": None, "name": ""}, "number.deactivated")


def _seat_in(change: Change, user: User, queue: Queue, fate: str) -> None:
    queues.without(change, queue, user.id)


_POSSESSIONS: tuple[tuple[str, type[Any], Callable[[Change, User, Any, str], None]], ...] = (
    ("devices", Device, _device),
    ("mailboxes", Mailbox, _mailbox),
    ("numbers", Number, _number),
    ("queues", Queue, _seat_in),
)


def app_refused() -> Refused:
    """One answer to a wrong password and to a user who is gone (J9)."""
    return Refused("pbx.app.password", "The app log-in is not accepted", "wrong user or password")


def _seat_free(change: Change) -> None:
    """J11: a seat is a paid user licence."""
    seats = change.account.seats
    if seats is None:
        return
    people = change.state.order.get((change.account.id, "user"), EMPTY)
    used = len(people) - len(change.state.order.get((change.account.id, "system user"), EMPTY))
    if used >= seats:
        blocker = Blocker("seat", change.account.id, f"{seats} seats", "Buy more seats, or delete a user.", None)
        refuse(
            change,
            "seats.exhausted",
            "The user cannot be added",
            f"{used} of {seats} seats are taken",
            [blocker],
        )


# Who may answer to an extension: the kind of unique key, the entity, the rule that says so.
_ANSWERING: tuple[tuple[str, type[Any], str], ...] = (
    ("extension", User, "extension"),
    ("dialled", Callflow, "extension"),
    ("mailbox", Mailbox, "mailbox"),
)


def _extension_free(change: Change, extension: str) -> None:
    """Neither a user nor a callflow answers to it, and no mailbox has it; it is as long as the platform wants it."""
    fewest, most = change.platform.extension_digits
    if not fewest <= len(extension) <= most:
        raise Invalid([Fault("/extension", f"must be {fewest} to {most} digits on {change.platform.title}")])
    for key, type_, rule in _ANSWERING:
        id_ = change.state.find(key, change.account.id, extension)
        if id_ is not None:
            holder = change.state.the(type_, id_)
            name = holder.title if type_ is User else holder.name
            taken(change, rule, holder, f"{rule.capitalize()} {extension} is in use", name)
