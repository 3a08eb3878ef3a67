"""Mailboxes: made with a user or alone; "Already Setup" is stored by the mailbox dialog's Save (P10)."""

from __future__ import annotations

from pbxsim.core.commands import AddMailbox, DeleteMailbox, UpdateMailbox
from pbxsim.core.entities import Mailbox, User
from pbxsim.core.rules.common import credential, named, taken, update
from pbxsim.core.state import Change


def add(change: Change, command: AddMailbox) -> str:
    """A mailbox number is unique in its account."""
    holder = change.state.get(Mailbox, change.state.find("mailbox", change.account.id, command.number))
    taken(change, "mailbox", holder, f"Mailbox {command.number} is in use", holder.name if holder else "")
    owner = named(change, User, command.owner, "/owner").id if command.owner is not None else None
    box = Mailbox(change.new_id("m"), change.account.id, command.number, command.name, owner, command.pin is not None)
    change.put(box)
    if command.pin is not None:
        change.keep_secret(box.id, "pin", command.pin)
    change.event("mailbox.added", box.id, number=box.number)
    return box.id


def update_mailbox(change: Change, command: UpdateMailbox) -> str:
    """Unsetting "Already Setup" keeps messages, PIN and greeting until the owner's next voicemail log-in."""
    box = change.state.the(Mailbox, command.mailbox)
    owner = command.owner
    if isinstance(owner, str) and owner != box.owner:
        owner = named(change, User, owner, "/owner").id
    credential(change, box.id, "pin", command.pin)
    update(change, box, {"name": command.name, "owner": owner, "setup_done": command.setup_done})
    return box.id


def delete(change: Change, command: DeleteMailbox) -> str:
    """Voicemail nodes keep the dead id (KAZOO); the reachability audit names them."""
    box = change.state.the(Mailbox, command.mailbox)
    change.drop(box)
    change.event("mailbox.deleted", box.id, number=box.number)
    return box.id
