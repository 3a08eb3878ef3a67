"""Mailboxes: made with a user or alone. A PIN goes in and never comes out."""

from __future__ import annotations

from pbxsim.core.commands import AddMailbox, DeleteMailbox, UpdateMailbox

MAILBOXES = "/accounts/{account}/mailboxes"
ROUTES = (
    ("GET", MAILBOXES, "items"),
    ("POST", MAILBOXES, "add", AddMailbox),
    ("GET", MAILBOXES + "/{mailbox}", "item"),
    ("PATCH", MAILBOXES + "/{mailbox}", "change", UpdateMailbox),
    ("DELETE", MAILBOXES + "/{mailbox}", "delete", DeleteMailbox),
)
