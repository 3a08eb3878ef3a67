"""Mail that leaves: what main's outbox holds goes to a mail server, after the commit; its result is kept on the mail.

Only main sends; forks record. A mail is tried a few times while the failure may pass, and is `failed`, with the reason,
when it will not. What waits at a start (or after a reset) and is not older than a day is sent then; a mail that was
sent the moment the server stopped may be sent twice, with one Message-ID, rather than never.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from pbxsim.core.commands import RecordDelivery
from pbxsim.core.entities import Account, Mail
from pbxsim.core.refusals import PbxsimError, Unavailable
from pbxsim.core.state import EMPTY
from pbxsim.server.hub import RESET
from pbxsim.server.worlds import MAIN
from pbxsim.world import to_datetime

if TYPE_CHECKING:
    from pbxsim.server.engine import Engine

LOG = logging.getLogger("pbxsim.server")

PAUSES = (0.0, 5.0, 60.0, 600.0)  # s before each attempt
PATIENCE = 30.0  # s for one answer of the mail server
AGAIN = 1.0  # s until a result is kept again
SENDERS = 4  # mails on their way at a time
FRESH = 24 * 3600 * 1000  # ms: an older mail that was never sent would only confuse
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class MailServer(Struct, frozen=True):
    """Where mail is handed over. Port 465 speaks TLS at once; elsewhere the connection becomes TLS where the server
    offers it (STARTTLS). A password is only ever said over TLS, or on this machine."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""


class Postman:
    """`async with Postman(engine, server):` sends while it lasts."""

    def __init__(
        self,
        engine: Engine,
        server: MailServer,
        pauses: tuple[float, ...] = PAUSES,
        deliver: Callable[[MailServer, EmailMessage], Awaitable[None]] | None = None,
    ) -> None:
        self._engine, self._server, self._pauses = engine, server, pauses
        self._deliver = deliver or hand_over
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._known: set[str] = set()  # mails that wait here or are on their way
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Postman:
        subscription = self._engine.hub.subscribe(MAIN)
        self._look()

        async def listen() -> None:
            with subscription:
                async for message in subscription:
                    if message.kind == "mail.queued":
                        self._take(message.data["subject"])
                    elif message.kind == RESET:
                        self._look()

        self._tasks = [asyncio.create_task(listen(), name="postman")]
        self._tasks += [asyncio.create_task(self._send(), name=f"mail {number}") for number in range(SENDERS)]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _look(self) -> None:
        """What waits by now."""
        state, now = self._engine.main.world.pbx, self._engine.main.world.state.now
        for account in sorted(state.accounts):
            for item in state.order.get((account, "mail"), EMPTY).after(f"{max(0, now - FRESH):015}"):
                mail = state.get(Mail, item.rpartition("\0")[2])
                if mail is not None and mail.status == "waiting":
                    self._take(mail.id)

    def _take(self, id_: str) -> None:
        if id_ not in self._known:
            self._known.add(id_)
            self._waiting.put_nowait(id_)

    async def _send(self) -> None:
        while True:
            id_ = await self._waiting.get()
            try:
                mail = self._engine.main.world.pbx.get(Mail, id_)
                if mail is not None and mail.status == "waiting":
                    await self._record(mail, await self._attempts(mail))
            except PbxsimError as error:  # main cannot be written, or the mail has gone with its account
                LOG.warning("mail %s: its result could not be kept: %s", id_, error)
            finally:
                self._known.discard(id_)

    async def _attempts(self, mail: Mail) -> str:
        """Why it could not be sent; '' if it was."""
        account = self._engine.main.world.pbx.get(Account, mail.account)
        try:
            message = written(mail, self._server.sender, account.realm if account else mail.account)
        except ValueError as error:
            return f"it cannot be written: {error}"
        why = ""
        for pause in self._pauses:
            await asyncio.sleep(pause)
            try:
                await self._deliver(self._server, message)
            except Exception as error:  # whatever the network or the other side does
                why = _reason(error)
                LOG.warning("mail %s to %s: %s", mail.id, self._server.host, why)
                if _final(error):
                    break
            else:
                return ""
        return why

    async def _record(self, mail: Mail, why: str) -> None:
        result = RecordDelivery(mail.id, "failed" if why else "sent", why[:1000])
        while True:
            try:
                await self._engine.write(self._engine.main, lambda world: world.execute(result))
                return
            except Unavailable:  # main is read again: or the mail would wait there, and be sent a second time
                await asyncio.sleep(AGAIN)


def written(mail: Mail, sender: str, realm: str) -> EmailMessage:
    """The mail as it goes over the wire. Raises ValueError for what no header can hold."""
    message = EmailMessage(WIRE)
    message["From"] = _address(sender)
    message["To"] = _address(mail.to, mail.name)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(to_datetime(mail.time))
    message["Message-ID"] = f"<{mail.id}.{mail.time}@{realm}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notice answers it
    message.set_content(mail.body)
    return message


def _address(text: str, name: str = "") -> Address:
    """An address in a header. A domain of any script has an ASCII form (RFC 5890); a local part has none, and needs a
    mail server that takes UTF-8 (RFC 6531)."""
    local, _, domain = text.rpartition("@")
    return Address(name, local, domain if domain.isascii() else domain.encode("idna").decode())


async def hand_over(server: MailServer, message: EmailMessage) -> None:
    """Give one message to the mail server. Raises what aiosmtplib raises, or OSError."""
    from aiosmtplib import SMTP

    client = SMTP(hostname=server.host, port=server.port, timeout=PATIENCE, use_tls=server.port == 465)
    async with client:
        if server.user:
            if not (server.host in LOOPBACK or _encrypted(client.transport)):
                raise Unencrypted(f"{server.host} offers no TLS, and the password is not said in clear")
            await client.login(server.user, server.password)
        await client.send_message(message)


class Unencrypted(Exception):
    """The mail server would hear the password in clear."""


def _encrypted(transport: asyncio.BaseTransport | None) -> bool:
    found = transport.get_extra_info("ssl_object") if transport is not None else None
    return isinstance(found, ssl.SSLObject | ssl.SSLSocket)


def _final(error: Exception) -> bool:
    """Will it be the same next time? 5xx is for good, 4xx passes (RFC 5321, 4.2.1), and so does a network."""
    from aiosmtplib import SMTPNotSupported, SMTPRecipientsRefused, SMTPResponseException

    if isinstance(error, SMTPRecipientsRefused):
        return all(map(_final, error.recipients))
    if isinstance(error, SMTPResponseException):
        return error.code >= 500
    return isinstance(error, SMTPNotSupported | Unencrypted | ValueError)


def _reason(error: Exception) -> str:
    from aiosmtplib import SMTPRecipientsRefused, SMTPResponseException

    if isinstance(error, SMTPRecipientsRefused):
        return "; ".join(map(_reason, error.recipients))
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {error.message}"
    return str(error) or type(error).__name__
