"""Voicemail boxes and what callers have left there."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Folder = Literal["new", "saved", "deleted"]


class Mailbox(Struct, frozen=True, gc=False):
    """A voicemail box. Its PIN stands among the secrets. `email` is where its messages are sent, '' for nowhere;
    `greeting` what callers hear, '' for the standard one."""

    id: str
    account: str
    number: str
    name: str
    owner: str | None = None
    setup_done: bool = False
    email: str = ""
    greeting: str = ""
    revision: int = 1


class Message(Struct, frozen=True, gc=False):
    """What a caller has left in a mailbox: who, when (ms since the epoch), how long (s), and in which folder it is.
    `caller` is the number that he called from."""

    id: str
    account: str
    mailbox: str
    caller: str
    caller_name: str
    time: int
    seconds: int
    folder: Folder = "new"
    revision: int = 1
