"""Mailboxes: made with a user or alone. A PIN goes in and never comes out."""

from __future__ import annotations

from pbxsim.core.commands import AddMailbox, DeleteMailbox, UpdateMailbox
from pbxsim.server.resource import add, change, delete, item, items

MAILBOXES = "/accounts/{account}/mailboxes"
ROUTES = (
    ("GET", MAILBOXES, "items"),
    ("POST", MAILBOXES, "add", AddMailbox),
    ("GET", MAILBOXES + "/{mailbox}", "item"),
    ("PATCH", MAILBOXES + "/{mailbox}", "change", UpdateMailbox),
    ("DELETE", MAILBOXES + "/{mailbox}", "delete", DeleteMailbox),
)

__all__ = ["ROUTES", "add", "change", "delete", "item", "items"]
