"""Mail: what the PBX writes to people, as a table; and the outbox that it is put into.

`send` is called by whatever rule has something to say. It only puts a mail into the outbox of the account: whether one
ever leaves is the server's business, after the commit, and its result is kept on the mail (`RecordDelivery`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec import structs

from pbxsim.core.commands import RecordDelivery
from pbxsim.core.entities import Mail, User
from pbxsim.core.links import Link
from pbxsim.core.rules import codes
from pbxsim.core.state import EMPTY, Change

KEPT = 10_000  # mails of an account; the oldest go first


class Template(NamedTuple):
    """Subject and body; words in braces are the caller's, and always: name, extension, login, account, and, where
    `link` says so, a fresh link by which the user chooses a password."""

    subject: str
    body: str
    link: bool = False


TEMPLATES: dict[str, Template] = {
    "welcome": Template(
        "Welcome to {account}",
        "Hello {name},\n\nyour extension is {extension}, and your log-in is {login}. Choose your password and your "
        "voicemail PIN here:\n\n{link}\n",
        link=True,
    ),
    "password-reset": Template(
        "Choose a new password for {account}",
        "Hello {name},\n\nan administrator asks you to choose a new password for {login}; the old one no longer "
        "works. Choose it here:\n\n{link}\n",
        link=True,
    ),
    "recovery": Template(
        "Your access to {account}",
        "Hello {name},\n\nsomebody, hopefully you, has asked for a new password for {login}. Choose it here, or do "
        "nothing to keep the old one:\n\n{link}\n",
        link=True,
    ),
    "voicemail": Template(
        "New voicemail from {caller}",
        "Mailbox {mailbox} has a new message from {caller}, {seconds} seconds long.\n",
    ),
    "request-answered": Template(
        "Your request has been answered: {title}",
        "Hello {name},\n\nthe service desk has answered your request ({title}):\n\n{answer}\n",
    ),
}


def send(change: Change, to: User | str, template: str, about: User | None = None, **words: Any) -> str:
    """Put a mail into the outbox: to a user, or to an address `about` somebody or nobody. Its id; '' where there is no
    address to send it to."""
    user = to if isinstance(to, User) else about
    address = to.email if isinstance(to, User) else to
    if not address:
        return ""
    text, account = TEMPLATES[template], change.account
    known: dict[str, Any] = {"account": account.name, "name": "", "extension": "", "login": "", **words}
    if user is not None:
        login = user.login or user.extension
        known |= {"name": user.name or user.extension, "extension": user.extension, "login": login}
        if text.link:
            known["link"] = str(Link("invitation", account.id, user.id, codes.draw(change, user, "invitation")))
    mail = Mail(
        change.new_id("e"),
        account.id,
        template,
        address,
        known["name"],
        text.subject.format_map(known),
        text.body.format_map(known),
        change.now,
        user.id if user is not None else "",
    )
    _make_room(change)
    change.put(mail)
    change.event("mail.queued", mail.id, to=address, template=template, user=mail.user)
    return mail.id


def record_delivery(change: Change, command: RecordDelivery) -> str:
    """What has become of a mail outside. Sent is sent: nothing that is heard later changes that."""
    mail = change.state.the(Mail, command.mail)
    if mail.status != "sent":
        revised = structs.replace(mail, status=command.status, why=command.why, revision=mail.revision + 1)
        change.put(revised)
        change.event(f"mail.{command.status}", mail.id, to=mail.to, template=mail.template, why=command.why)
    return mail.id


def _make_room(change: Change) -> None:
    listed = change.state.order.get((change.account.id, "mail"), EMPTY)
    if len(listed) >= KEPT:
        change.drop(change.state.the(Mail, str(listed.first()).rpartition("\0")[2]))
