"""Mailboxes, made with a user or alone, and what callers have left in them. A PIN goes in and never comes out."""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec import Struct

from pbxsim.core.commands import (
    AddMailbox,
    DeleteMailbox,
    DeleteMessage,
    LogInMailbox,
    MoveMessage,
    UpdateMailbox,
)
from pbxsim.core.entities import Mailbox, Message
from pbxsim.core.refusals import Fault, Invalid, NotFound
from pbxsim.core.rules.mailboxes import pin_refused
from pbxsim.core.values import Text
from pbxsim.server import bodies, paging
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer
from pbxsim.server.resource import nothing

MAILBOXES = "/accounts/{account}/mailboxes"
MESSAGES = MAILBOXES + "/{mailbox}/messages"
ROUTES = (
    ("GET", MAILBOXES, "items"),
    ("POST", MAILBOXES, "add", AddMailbox),
    ("GET", MAILBOXES + "/{mailbox}", "item"),
    ("PATCH", MAILBOXES + "/{mailbox}", "change", UpdateMailbox),
    ("DELETE", MAILBOXES + "/{mailbox}", "delete", DeleteMailbox),
    ("POST", MAILBOXES + "/{mailbox}/log-in", "log_in", LogInMailbox),
    ("GET", MAILBOXES + "/{mailbox}/greeting", "greeting"),
    ("PUT", MAILBOXES + "/{mailbox}/greeting", "put_greeting", UpdateMailbox),
    ("DELETE", MAILBOXES + "/{mailbox}/greeting", "delete_greeting", UpdateMailbox),
    ("GET", MESSAGES, "messages"),
    ("GET", MESSAGES + "/{message}", "message"),
    ("PATCH", MESSAGES + "/{message}", "move_message", MoveMessage),
    ("DELETE", MESSAGES + "/{message}", "delete_message", DeleteMessage),
)


async def log_in(call: Call) -> Answer:
    """Listen to it: `{"pin"}`, and what the set-up wizard asks for. The PIN is checked before the command is built."""
    body = await call.body()
    box = call.named("mailbox")
    typed = body.pop("pin", "")
    if not isinstance(typed, str):
        raise Invalid([Fault("/pin", "must be text")])
    call.may({"mailbox": box.id})  # before anything is said of a PIN
    kept = call.state.secrets.get((box.id, "pin"))
    if kept is not None and not await call.engine.verify(call.hosted, typed, kept):
        raise pin_refused(box)
    values = bodies.values(call.command, body, {"mailbox": box.id})
    return await call.ask(values, partial(_shown, call), box)


class _Greeting(Struct, frozen=True):
    greeting: Text


async def greeting(call: Call) -> Answer:
    """What callers hear, '' for the standard one."""
    return _heard(call, call.named("mailbox").id)


async def put_greeting(call: Call) -> Answer:
    """Another one."""
    said = await call.read(_Greeting)
    return await _greet(call, said.greeting, partial(_heard, call))


async def delete_greeting(call: Call) -> Answer:
    """The standard one again."""
    return await _greet(call, "", nothing)


async def _greet(call: Call, text: str, then: Any) -> Answer:
    box = call.named("mailbox")
    return await call.ask({"mailbox": box.id, "greeting": text}, then, box)


async def messages(call: Call) -> Answer:
    """The newest first; `?folder=new` (or saved, deleted) for those of one folder."""
    return paging.messages(call.state, [call.named("mailbox")], call.options(*paging.OPTIONS, "folder"))


async def message(call: Call) -> Answer:
    """One of them."""
    return call.show(_of_mailbox(call))


async def move_message(call: Call) -> Answer:
    """To another folder."""
    body = await call.body()
    found = _of_mailbox(call)
    values = bodies.values(call.command, body, {"message": found.id})
    return await call.ask(values, lambda id_: call.show(call.state.the(Message, id_)), found)


async def delete_message(call: Call) -> Answer:
    """To the deleted folder; from there, for good."""
    found = _of_mailbox(call)
    return await call.ask({"message": found.id}, nothing, found)


def _of_mailbox(call: Call) -> Message:
    """The message that the path names, if it is in the mailbox that the path names."""
    box: Mailbox = call.named("mailbox")
    id_ = call.params["message"]
    found = call.state.get(Message, id_)
    if found is None or found.mailbox != box.id:
        raise NotFound("message", id_, f"Mailbox {box.number} has none of that id.")
    return found


def _shown(call: Call, id_: str) -> Answer:
    return call.show(call.state.the(Mailbox, id_))


def _heard(call: Call, id_: str) -> Answer:
    """The revision is the mailbox's."""
    box = call.state.the(Mailbox, id_)
    return Answer(200, {"greeting": box.greeting}, call.show(box).headers)
