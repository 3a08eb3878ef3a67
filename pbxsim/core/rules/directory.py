"""The directory and the BLF keys: what is stored of a name, and what becomes of it (C7).

Where names are kept, adding a user stores his in the directory and adding a key stores it beside the key; from then on
only a command on the entry or the key itself changes it. Elsewhere nothing is stored, and there is nothing to change.
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, structs

from pbxsim.core.commands import (
    AddBlfKey,
    AddDirectoryEntry,
    DeleteBlfKey,
    DeleteDirectoryEntry,
    UpdateBlfKey,
    UpdateDirectoryEntry,
)
from pbxsim.core.directory import kept, name_of
from pbxsim.core.entities import Account, BlfKey, Device, DirectoryEntry, User
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.rules.common import named, refuse, taken, update
from pbxsim.core.state import Change

# --- The directory -----------------------------------------------------------------------------------------------


def enter(change: Change, user: User) -> None:
    """A user joins the directory, where it keeps anything. Those who stand for a part of the routing do not."""
    if not user.system and kept(change.platform, change.account):
        _put_entry(change, user, name_of(user))


def switched(change: Change, before: Account) -> None:
    """An account may have been switched: what its directory shows at this moment is kept from now on, or follows
    again."""
    was_kept, is_kept = kept(change.platform, before), kept(change.platform, change.account)
    if is_kept and not was_kept:
        for each in list(change.state.listed(change.account.id, User)):
            enter(change, each)
    elif was_kept and not is_kept:
        for entry in list(change.state.listed(change.account.id, DirectoryEntry)):
            change.drop(entry)
    if is_kept != was_kept:
        for key in list(change.state.listed(change.account.id, BlfKey)):
            user = change.state.get(User, key.user)
            if not key.own:
                label = name_of(user) if user is not None and is_kept else ""
                change.put(structs.replace(key, label=label, revision=key.revision + 1))


def add_entry(change: Change, command: AddDirectoryEntry) -> str:
    """One entry a user. Refused where the directory follows its users: there is nothing to add."""
    if not kept(change.platform, change.account):
        title = "The directory keeps no entries of its own"
        refuse(change, "directory", title, "it shows what its users are called: rename the user instead")
    user = named(change, User, command.user, "/user")
    there = change.state.find("directory", change.account.id, user.id)
    if there is not None:
        raise Invalid([Fault("/user", f"has the entry {there} already: change that one")])
    return _put_entry(change, user, command.name or name_of(user))


def _put_entry(change: Change, user: User, name: str) -> str:
    entry = DirectoryEntry(change.new_id("e"), change.account.id, user.id, name, name != name_of(user))
    change.put(entry)
    change.event("directory.added", entry.id, name=name)
    return entry.id


def update_entry(change: Change, command: UpdateDirectoryEntry) -> str:
    """Without a name of its own, it gets the present one of its user."""
    entry = change.state.the(DirectoryEntry, command.entry)
    user = change.state.get(User, entry.user)
    if command.name is None and user is None:
        raise Invalid([Fault("/name", "is required: the entry's user is gone")])
    update(change, entry, _said("name", command.name, user), "directory.updated")
    return entry.id


def delete_entry(change: Change, command: DeleteDirectoryEntry) -> str:
    """The user stays; his name is looked for in vain."""
    drop_entry(change, change.state.the(DirectoryEntry, command.entry))
    return command.entry


def drop_entry(change: Change, entry: DirectoryEntry) -> None:
    """Take an entry away, for its own sake or with its user."""
    change.drop(entry)
    change.event("directory.deleted", entry.id, name=entry.name)


# --- Keys --------------------------------------------------------------------------------------------------------


def add_key(change: Change, command: AddBlfKey) -> str:
    """A key is a part of its device: adding one saves the device (KAZOO: `combo_keys` of the device)."""
    device = change.state.the(Device, command.device)
    _position_free(change, device, command.position)
    user = named(change, User, command.user, "/user")
    key = BlfKey(change.new_id("b"), change.account.id, device.id, command.position, user.id)
    said = _label(change, command.label, user)
    change.put(structs.replace(key, **said))
    _reach(change, device, command.position)
    change.event("blf_key.added", key.id, device=device.id, position=key.position, user=user.id)
    return key.id


def update_key(change: Change, command: UpdateBlfKey) -> str:
    """Another user brings his own name along, unless a label is given."""
    key = change.state.the(BlfKey, command.blf_key)
    device = change.state.the(Device, key.device)
    fields: dict[str, Any] = {}
    if command.position is not UNSET and command.position != key.position:
        _position_free(change, device, command.position)
        _reach(change, device, command.position)
        fields["position"] = command.position
    user = change.state.get(User, key.user)
    if command.user is not UNSET and command.user != key.user:
        user = None if command.user is None else named(change, User, command.user, "/user")
        fields["user"] = user and user.id
        if not key.own or user is None:
            fields |= _label(change, None, user)
    if command.label is not UNSET:
        fields |= _label(change, command.label, user)
    update(change, key, fields, "blf_key.updated")
    return key.id


def delete_key(change: Change, command: DeleteBlfKey) -> str:
    """The phone's next configuration switches the key off."""
    drop_key(change, change.state.the(BlfKey, command.blf_key))
    return command.blf_key


def drop_key(change: Change, key: BlfKey) -> None:
    """Take a key away, for its own sake or with its user."""
    change.drop(key)
    change.event("blf_key.deleted", key.id, device=key.device, position=key.position)


def _label(change: Change, label: str | None, user: User | None) -> dict[str, Any]:
    """What is stored beside a key: a label of its own, or the user's name where names are kept."""
    if label is None and not kept(change.platform, change.account):
        return {"label": "", "own": False}
    return _said("label", label, user)


def _said(field: str, text: Any, user: User | None) -> dict[str, Any]:
    """A name that is given, or the user's present one; it is its own if it is not his."""
    if text is UNSET:
        return {}
    present = name_of(user) if user is not None else ""
    return {field: text or present, "own": text is not None and text != present}


def _position_free(change: Change, device: Device, position: int) -> None:
    holder = change.state.get(BlfKey, change.state.find("blf key", change.account.id, f"{device.id}/{position}"))
    taken(change, "blf-key", holder, f"Key {position} is in use", str(position))


def _reach(change: Change, device: Device, position: int) -> None:
    if position > device.last_key:
        change.put(structs.replace(device, last_key=position, revision=device.revision + 1))
