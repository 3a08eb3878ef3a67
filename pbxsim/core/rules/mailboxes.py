"""Mailboxes and their messages: what callers leave, what the owner does with it, what the set-up wizard asks for.

A mailbox is a thing of its own: its address for messages stays when its owner is renamed (C5); its PIN, greeting and
messages when "Already Setup" is unset (P10). Whether a typed PIN is right is found out outside, and refused here.
"""

from __future__ import annotations

from msgspec import UNSET, structs

from pbxsim.core.commands import (
    AddMailbox,
    DeleteMailbox,
    DeleteMessage,
    LogInMailbox,
    MoveMessage,
    UpdateMailbox,
)
from pbxsim.core.entities import Mailbox, Message, User
from pbxsim.core.messages import closed, in_mailbox
from pbxsim.core.refusals import Blocker, Refused
from pbxsim.core.rules import mail, tags
from pbxsim.core.rules.common import credential, named, refuse, taken, update
from pbxsim.core.state import Change


def add(change: Change, command: AddMailbox) -> str:
    """A mailbox number is unique in its account."""
    holder = change.state.get(Mailbox, change.state.find("mailbox", change.account.id, command.number))
    taken(change, "mailbox", holder, f"Mailbox {command.number} is in use", holder.name if holder else "")
    owner = named(change, User, command.owner, "/owner").id if command.owner is not None else None
    box = Mailbox(
        change.new_id("m"),
        change.account.id,
        command.number,
        command.name,
        owner,
        setup_done=command.pin is not None,
        email=command.email,
        greeting=command.greeting,
    )
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
    fields = {name: getattr(command, name) for name in ("name", "setup_done", "email", "greeting")}
    update(change, box, {**fields, "owner": owner})
    if isinstance(command.pin, str):
        tags.credentials(change, change.state.the(Mailbox, box.id).owner)
    return box.id


def delete(change: Change, command: DeleteMailbox) -> str:
    """Voicemail nodes keep the dead id (KAZOO); the reachability audit names them."""
    box = change.state.the(Mailbox, command.mailbox)
    remove(change, box)
    return box.id


def remove(change: Change, box: Mailbox) -> None:
    """A mailbox goes, and its messages with it."""
    empty(change, box)
    change.drop(box)
    change.event("mailbox.deleted", box.id, number=box.number)


def empty(change: Change, box: Mailbox) -> None:
    """All its messages go for good, those in the deleted folder too."""
    for message in in_mailbox(change.state, box):
        _erase(change, message)


# --- Listening -----------------------------------------------------------------------------------------------------


def pin_refused(box: Mailbox) -> Refused:
    """What is said to somebody who types a wrong PIN."""
    do = "Try again, or have the mailbox's PIN changed."
    blocker = Blocker("mailbox", box.id, box.number, do)
    return Refused("pbx.mailbox.pin", "The voicemail log-in is not accepted", "wrong PIN", [blocker])


def set_up_asked(change: Change, box: Mailbox) -> bool:
    """Does the set-up wizard run at the next log-in (P10)?"""
    return not box.setup_done and change.platform.switched(change.account, "mailbox.setup")


def log_in(change: Change, command: LogInMailbox) -> str:
    """Somebody has given the PIN, or called from the owner's phone. Where "Already Setup" is unset the wizard asks for
    PIN and greeting, and lets nobody past until it has both; then it sets it again."""
    box = change.state.the(Mailbox, command.mailbox)
    asked = set_up_asked(change, box)
    if asked and UNSET in (command.new_pin, command.greeting):
        title = f"Mailbox {box.number} is not set up"
        do = "Log in with a new PIN and a greeting ('' for the standard one)."
        wizard = [Blocker("mailbox", box.id, box.number, do)]
        refuse(change, "mailbox.setup", title, "the set-up wizard asks for a new PIN and a greeting", wizard)
    change.event("mailbox.logged_in", box.id, number=box.number)
    credential(change, box.id, "pin", command.new_pin)
    if asked:
        update(change, box, {"greeting": command.greeting, "setup_done": True}, "mailbox.set_up")
    elif command.greeting is not UNSET:
        update(change, box, {"greeting": command.greeting})
    if command.new_pin is not UNSET:
        tags.credentials(change, box.owner)
    return box.id


# --- Messages --------------------------------------------------------------------------------------------------------


def leave_message(change: Change, box: Mailbox, caller: str, name: str, seconds: int) -> str:
    """A caller has spoken so long: the message's id, or '' where the mailbox takes none. Its address is written to."""
    why = closed(change.state, change.account, box, change.platform)
    if why:
        change.event("message.lost", box.id, number=box.number, caller=caller, why=why)
        return ""
    message = Message(change.new_id("v"), box.account, box.id, caller, name, change.now, seconds)
    change.put(message)
    change.event("message.left", message.id, mailbox=box.id, number=box.number, caller=caller, seconds=seconds)
    shown = f"{name} ({caller})" if name else caller or "an unknown number"
    owner = change.state.get(User, box.owner)
    mail.send(change, box.email, "voicemail", owner, caller=shown, mailbox=box.number, seconds=seconds)
    return message.id


def move_message(change: Change, command: MoveMessage) -> str:
    """Between the folders, either way."""
    message = change.state.the(Message, command.message)
    _move(change, message, command.folder)
    return message.id


def delete_message(change: Change, command: DeleteMessage) -> str:
    """To the deleted folder first, where the account keeps one."""
    message = change.state.the(Message, command.message)
    if message.folder != "deleted" and change.platform.switched(change.account, "message.delete"):
        _move(change, message, "deleted")
    else:
        _erase(change, message)
    return message.id


def _move(change: Change, message: Message, folder: str) -> None:
    if folder != message.folder:
        moved = structs.replace(message, folder=folder, revision=message.revision + 1)
        change.put(moved)
        change.event("message.moved", message.id, mailbox=message.mailbox, folder=(message.folder, folder))


def _erase(change: Change, message: Message) -> None:
    change.drop(message)
    change.event("message.deleted", message.id, mailbox=message.mailbox, caller=message.caller)


# --- Voicemail to e-mail -----------------------------------------------------------------------------------------


def owner_updated(change: Change, before: User, after: User) -> None:
    """C5: where messages are sent is a setting of its own, and stays when the mailbox's owner is renamed, or gets
    another e-mail address or log-in. Said so, once for each mailbox that goes on writing to the old address."""
    boxes = [box for box in change.state.pointing_at(after.id, Mailbox) if box.email]
    if not boxes or _whose(before) == _whose(after):
        return
    follows = change.platform.setting(change.account, "voicemail.email") == "follows"
    person = (after.name if after.portal_name == before.portal_name else after.portal_name) or after.extension
    new = after.email if after.email != before.email else ""  # what came with the old name is the old person's
    for box in boxes:
        if follows and after.email != before.email:
            update(change, box, {"email": after.email})
        elif box.email.casefold() != new.casefold():
            change.event("mailbox.address_kept", box.id, number=box.number, email=box.email, user=after.id, name=person)


def _whose(user: User) -> tuple[str, ...]:
    """What tells whose an extension is."""
    return user.first_name, user.last_name, user.email, user.login, user.portal_name
