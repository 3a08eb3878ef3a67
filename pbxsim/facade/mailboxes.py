"""Mailboxes and the messages in them."""

from __future__ import annotations

from typing import Any

from pbxsim.core import commands as c
from pbxsim.core import entities as e
from pbxsim.core.messages import in_mailbox
from pbxsim.core.rules.mailboxes import pin_refused
from pbxsim.facade.collections import Collection
from pbxsim.facade.handles import Handle, key_of


class Message(Handle):
    """What a caller has left in a mailbox."""

    __slots__ = ()
    type = e.Message

    def _shown(self) -> str:
        return f"from {self.caller or 'somebody who hides his number'}, {self.folder}"


class Mailbox(Handle):
    """A voicemail box."""

    __slots__ = ()
    type = e.Mailbox

    @property
    def messages(self) -> list[Message]:
        """What callers have left, in all folders, the newest first."""
        return [Message(self._view, message.id) for message in in_mailbox(self._view.world.pbx, self.snapshot())]


class Mailboxes(Collection[Mailbox]):
    """`mailboxes["204"]`; `mailboxes.update(box, setup_done=False)`."""

    handle, adds, updates, deletes = Mailbox, c.AddMailbox, c.UpdateMailbox, c.DeleteMailbox
    positional = ("number",)

    def log_in(self, mailbox: Mailbox | str, pin: str = "", **wizard: Any) -> None:
        """Listen to a mailbox. Refused for a wrong PIN; where "Already Setup" is unset, also until `new_pin=` and
        `greeting=` say what the set-up wizard asks for (P10)."""
        world = self._view.world
        box = self[key_of(world, mailbox)].snapshot()
        kept = world.pbx.secrets.get((box.id, "pin"))
        if kept is not None and not world.nature.verify(pin, kept):
            raise pin_refused(box)
        self._on(c.LogInMailbox, box.id, **wizard)

    def move_message(self, message: Message | str, folder: str) -> None:
        """To another folder: new, saved or deleted."""
        self._view.ask(c.MoveMessage, {"message": message, "folder": folder})

    def delete_message(self, message: Message | str) -> None:
        """To the deleted folder; from there, for good."""
        self._view.ask(c.DeleteMessage, {"message": message})
