"""Whose name the directory and the keys show: followed, or kept.

A directory that is `live` holds nothing: it shows what its users are called. One that is `kept` stores a name when a
user is added, and a rename does not touch it (C7); the labels of BLF keys follow the same switch.
"""

from __future__ import annotations

from pbxsim.core.entities import Account, BlfKey, DirectoryEntry, User
from pbxsim.core.platform import Platform
from pbxsim.core.state import State


def kept(platform: Platform, account: Account) -> bool:
    """Are names kept as they were, until somebody changes them?"""
    return platform.setting(account, "directory") == "kept"


def name_of(user: User) -> str:
    """What a directory and a key call a user."""
    return user.name or user.extension


def entry_of(user: User) -> DirectoryEntry:
    """A user's entry where nothing is kept; it has his id."""
    return DirectoryEntry(user.id, user.account, user.id, name_of(user), revision=user.revision)


def label_of(state: State, key: BlfKey) -> str:
    """What stands beside a key: its own label, or the user's present name; '' where it watches nobody."""
    user = state.get(User, key.user)
    return (key.label or name_of(user)) if user is not None else ""


def is_old(state: State, thing: DirectoryEntry | BlfKey) -> bool:
    """Does it keep a name that its user no longer has?"""
    said = thing.name if isinstance(thing, DirectoryEntry) else thing.label
    user = state.get(User, thing.user)
    return bool(said) and not thing.own and user is not None and said != name_of(user)
