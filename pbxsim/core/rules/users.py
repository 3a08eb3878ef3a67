"""Users: what comes with one, what a rename touches (nothing else), and what stands in the way of deleting one.

The famous rule is Jet's alone, and follows from its row: `user_delete_blockers` names the kinds that block. PISTON's
row names none, and nothing cascades either: devices, mailbox and callflow nodes keep the dead id (KAZOO).
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from msgspec import UNSET

from pbxsim.core.commands import AddUser, DeleteUser, UpdateLogin, UpdateUser
from pbxsim.core.entities import (
    NOT_FORWARDED,
    AppLogin,
    BlfKey,
    Callflow,
    Device,
    DirectoryEntry,
    HotDesk,
    Mailbox,
    Number,
    Queue,
    User,
    Version,
)
from pbxsim.core.indexes import SYSTEM_USERS
from pbxsim.core.nodes import Dial, Voicemail
from pbxsim.core.platform import DELETE, RELEASE
from pbxsim.core.refusals import Blocker, Fault, Invalid, Refused
from pbxsim.core.rules import devices, directory, mail, mailboxes, numbers, queues, settings, tags
from pbxsim.core.rules.blockers import delete_blockers, held_by
from pbxsim.core.rules.common import credential, refuse, taken, update
from pbxsim.core.state import EMPTY, Change


def add(change: Change, command: AddUser) -> str:
    """A user brings a mailbox; on PISTON also the callflow that the set-up wizard makes: his extension rings him,
    then his mailbox (P1)."""
    account, extension = change.account, command.extension
    if not command.system or change.platform.switched(account, "seats.system"):
        _seat_free(change)
    platform = change.platform
    checked = settings.checked(change, command)
    _extension_free(change, extension)
    user = User(
        id=change.new_id("u"),
        account=account.id,
        extension=extension,
        first_name=command.first_name,
        last_name=command.last_name,
        email=command.email,
        role=checked.get("role", platform.default_role),
        caller_id=checked.get("caller_id"),
        ring_seconds=checked.get("ring_seconds", platform.ring_seconds),
        voicemail=command.voicemail,
        dnd=command.dnd,
        forwarding=checked.get("forwarding", NOT_FORWARDED),
        login=settings.login(change, command.email, extension),
        portal_access=platform.login_tab,
        system=command.system,
        tag=tags.first(change, command.password is not None, command.voicemail_pin is not None),
    )
    change.put(user)
    if command.password is not None:
        change.keep_secret(user.id, "password", command.password)
    change.event("user.added", user.id, extension=extension, name=user.name)
    if platform.invites and user.email and not user.system:
        mail.send(change, user, "welcome")
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
    if change.platform.switched(account, "user.add.callflow"):
        id_ = change.new_id("c")
        version = Version(f"{id_}.1", account.id, id_, 1, Dial((user.id,), then=Voicemail(box.id)))
        change.put(Callflow(id_, account.id, extension, versions=(version.id,), dialled=(extension,)))
        change.put(version)
        change.event("callflow.added", id_, name=extension)
    directory.enter(change, user)
    return user.id


_PLAIN = ("first_name", "last_name", "email", "voicemail", "dnd", "system")
_plain = attrgetter(*_PLAIN)


def update_user(change: Change, command: UpdateUser) -> str:
    """A rename touches nothing else: callflow, mailbox, device, caller ID and directory keep what they had (P6)."""
    user = change.state.the(User, command.user)
    given = zip(_PLAIN, _plain(command), strict=True)
    fields: dict[str, Any] = {name: value for name, value in given if value is not UNSET}
    if command.caller_id is None:
        fields["caller_id"] = None
    fields |= settings.checked(change, command, user)
    if user.system and command.system is False and not change.platform.switched(change.account, "seats.system"):
        _seat_free(change)
    if command.extension is not UNSET and command.extension != user.extension:
        _extension_free(change, command.extension)
        fields["extension"] = command.extension
    if command.contacts is not UNSET:
        fields["contacts"] = settings.contacts(change, command.contacts)
    if command.email is not UNSET or command.extension is not UNSET:
        email = user.email if command.email is UNSET else command.email
        extension = user.extension if command.extension is UNSET else command.extension
        fields["login"] = settings.login(change, email, extension, user)
    credential(change, user.id, "password", command.password)
    saved = update(change, user, fields)
    tags.saved(change, user.id, command.password)
    mailboxes.owner_updated(change, user, saved)
    return user.id


def update_login(change: Change, command: UpdateLogin) -> str:
    """C4: stores its own tab only. The extension keeps its name, and voicemail its address (C5)."""
    user = change.state.the(User, command.user)
    if not change.platform.login_tab:
        raise Invalid([Fault("", f"{change.platform.title} keeps no name for the portal: update the user")])
    fields: dict[str, Any] = {"email": command.email, "portal_access": command.portal_access}
    names = (command.first_name, command.last_name)
    if UNSET in names and names != (UNSET, UNSET):
        missing = "last_name" if command.last_name is UNSET else "first_name"
        raise Invalid([Fault(f"/{missing}", "is required: the tab stores both names")])
    if UNSET not in names:
        fields["portal_name"] = f"{command.first_name} {command.last_name}".strip()
    if isinstance(command.email, str):
        fields["login"] = settings.login(change, command.email, user.extension, user)
    credential(change, user.id, "password", command.password)
    saved = update(change, user, fields)
    mailboxes.owner_updated(change, user, saved)
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
        mailboxes.remove(change, box)
    else:
        update(change, box, {"owner": None})


def _number(change: Change, user: User, number: Number, fate: str) -> None:
    numbers.release(change, number)


def _seat_in(change: Change, user: User, queue: Queue, fate: str) -> None:
    queues.without(change, queue, user.id)


def _blf_key(change: Change, user: User, key: BlfKey, fate: str) -> None:
    if fate == DELETE:
        directory.drop_key(change, key)
    else:
        update(change, key, {"user": None, "label": "", "own": False}, "blf_key.updated")


def _entry(change: Change, user: User, entry: DirectoryEntry, fate: str) -> None:
    if fate == DELETE:
        directory.drop_entry(change, entry)
    else:
        update(change, entry, {"user": None}, "directory.updated")


_POSSESSIONS: tuple[tuple[str, type[Any], Callable[[Change, User, Any, str], None]], ...] = (
    ("devices", Device, _device),
    ("mailboxes", Mailbox, _mailbox),
    ("numbers", Number, _number),
    ("queues", Queue, _seat_in),
    ("blf-keys", BlfKey, _blf_key),
    ("directory", DirectoryEntry, _entry),
)


def app_refused() -> Refused:
    """One answer to a wrong password and to a user who is gone (J9)."""
    return Refused("pbx.app.password", "The app log-in is not accepted", "wrong user or password")


def _seat_free(change: Change) -> None:
    """J11: a seat is a paid user licence."""
    seats = change.account.seats
    if seats is None or not change.platform.switched(change.account, "seats.exhausted"):
        return
    order, account = change.order, change.account
    used = len(order.get((account.id, "user"), EMPTY))
    if not change.platform.switched(account, "seats.system"):
        used -= len(order.get((account.id, SYSTEM_USERS), EMPTY))
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
    """Neither a user nor a callflow answers to it, and no mailbox has it."""
    state, account = change.state, change.account.id
    for key, type_, rule in _ANSWERING:
        id_ = state.unique.get((key, account, extension))
        if id_ is not None:
            holder = state.the(type_, id_)
            name = holder.title if type_ is User else holder.name
            taken(change, rule, holder, f"{rule.capitalize()} {extension} is in use", name)
