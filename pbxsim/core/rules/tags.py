"""Tags: how far a user has been set up, as a state machine with a history (N11).

A tag is no function of what is empty: a recycled user lacks password and PIN as a new one does, and shows Password
Required all the same. What happens to a user is fed in here, and the table says what becomes of his tag; every change
is an event. Names: NetSapiens' account-status (`new`, `reset`, `pwd reset`, `standard`), and its public help pages.
"""

from __future__ import annotations

from typing import Literal

from msgspec import structs

from pbxsim.core.entities import Mailbox, Tag, User
from pbxsim.core.state import Change

NONE: Tag = ""
NEW: Tag = "new"
SETUP: Tag = "setup-required"
PASSWORD: Tag = "password-required"

# reset: what is ticked was cleared; recycled: a reset with a new name; forced: he must choose another password;
# cleared: his password was taken away; named: an edit left him with first and last name; password: he has one; ready:
# he has a password and a voicemail PIN.
Input = Literal["reset", "recycled", "forced", "cleared", "named", "password", "ready"]

# tag -> input -> the next tag; what is not in a row changes nothing.
TABLE: dict[Tag, dict[Input, Tag]] = {
    NONE: {"reset": SETUP, "recycled": PASSWORD, "forced": PASSWORD, "cleared": PASSWORD},
    NEW: {"reset": SETUP, "recycled": PASSWORD, "forced": PASSWORD, "ready": NONE},
    SETUP: {"recycled": PASSWORD, "named": PASSWORD, "password": NONE, "ready": NONE},
    PASSWORD: {"reset": SETUP, "password": NONE, "ready": NONE},
}


def first(change: Change, password: bool, pin: bool) -> Tag:
    """The tag of a user who is added: new, unless he has all that he needs at once."""
    return NEW if change.platform.tags and not (password and pin) else NONE


def feed(change: Change, user: str, *inputs: Input) -> None:
    """Something has happened to a user. Platforms without tags show none."""
    if not change.platform.tags:
        return
    for said in inputs:
        found = change.state.the(User, user)
        tag = TABLE[found.tag].get(said, found.tag)
        if tag != found.tag:
            change.put(structs.replace(found, tag=tag, revision=found.revision + 1))
            change.event("user.tagged", user, tag=(found.tag, tag), why=said)


def credentials(change: Change, user: str | None) -> None:
    """A password or a PIN was set, or a name that waited for neither: does he have what he needs by now?"""
    if user is None or not change.platform.tags or change.state.get(User, user) is None:
        return
    secrets = change.state.secrets
    if (user, "password") in secrets:
        boxes = change.state.pointing_at(user, Mailbox)
        feed(change, user, "password", *(("ready",) if any((box.id, "pin") in secrets for box in boxes) else ()))


def saved(change: Change, user: str, password: object) -> None:
    """The user's dialog was saved. `password` is the field of the command: a verifier, None to take it away, UNSET."""
    if not change.platform.tags:
        return
    if password is None:
        feed(change, user, "cleared")
    before = change.state.the(User, user)
    if before.first_name.strip() and before.last_name.strip():
        feed(change, user, "named")
    if isinstance(password, str) or change.state.the(User, user).tag != before.tag:
        credentials(change, user)
