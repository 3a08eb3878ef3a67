"""Mail that leaves: a real SMTP server on loopback takes what main's outbox holds; nothing else ever leaves."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd import smtp
from aiosmtpd.smtp import AuthResult

from pbxsim.core.commands import OPERATOR, SendWelcome
from pbxsim.core.entities import Mail
from pbxsim.server.engine import Engine
from pbxsim.server.postman import MailServer, Postman, written
from pbxsim.world import World

ORIGIN = "http://provisioning.pbx.example"
SENDER = "pbx@provider.example"


class Box:
    """A mail server: what it was given, and what it answers to the next recipients."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []
        self.answers: list[str] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 taken"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"geheim", handled=False)

    @property
    def messages(self) -> list[Any]:
        return [email.message_from_bytes(one.content, policy=email.policy.default) for one in self.envelopes]


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
async def listening(box: Box) -> AsyncIterator[Callable[..., Any]]:
    """Starts the mail server, on a port that is free or given; the port."""
    servers = []

    async def start(port: int = 0, **options: Any) -> int:
        made = lambda: smtp.SMTP(box, enable_SMTPUTF8=True, loop=asyncio.get_running_loop(), **options)  # noqa: E731
        server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", port)
        servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    opened = await Engine.open(None, origin=ORIGIN, clock="virtual", seed=furnish)
    yield opened
    await opened.close()


def furnish(world: World) -> None:
    acme = world.accounts.add("acme", platform="netsapiens")
    acme.users.add("1002", first_name="Zoë", last_name="李", email="zoe@acme.example")


def welcome(world: World) -> str:
    return world.execute(SendWelcome(world.accounts["acme"].users["1002"].id))


def mails(engine: Engine) -> list[Mail]:
    return list(engine.main.world.pbx.listed("acme", Mail))


async def until(what: Callable[[], object], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not what():
            await asyncio.sleep(0.005)


def done(engine: Engine, count: int = 1) -> Callable[[], bool]:
    return lambda: len([one for one in mails(engine) if one.status != "waiting"]) == count


async def test_a_mail_leaves_and_says_so(engine: Engine, box: Box, listening: Any) -> None:
    server = MailServer("127.0.0.1", await listening(), SENDER)
    async with Postman(engine, server):
        await engine.write(engine.main, welcome)
        await until(done(engine))
    (mail,), (envelope,), (message,) = mails(engine), box.envelopes, box.messages
    assert (mail.status, mail.why) == ("sent", "")
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["zoe@acme.example"])
    assert message["To"].addresses[0].display_name == "Zoë 李"
    assert message["Subject"] == "Welcome to acme"
    assert message["Message-ID"] == f"<{mail.id}.{mail.time}@acme.pbx.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n") == mail.body
    kinds = [record.event.kind for record in engine.main.world.history]
    assert kinds[-2:] == ["mail.queued", "mail.sent"]


async def test_forks_only_record(engine: Engine, box: Box, listening: Any) -> None:
    server = MailServer("127.0.0.1", await listening(), SENDER)
    fork = await engine.fork(engine.main)
    async with Postman(engine, server):
        await engine.write(fork, welcome)
        await engine.write(engine.main, welcome)
        await until(done(engine))
        await asyncio.sleep(0.05)
    assert [one.status for one in fork.world.pbx.listed("acme", Mail)] == ["waiting"]
    assert len(box.envelopes) == 1


async def test_what_waits_at_the_start_is_sent_unless_it_is_old(engine: Engine, box: Box, listening: Any) -> None:
    await engine.write(engine.main, welcome)
    await engine.advance(engine.main, timedelta(hours=25))
    await engine.write(engine.main, welcome)
    async with Postman(engine, MailServer("127.0.0.1", await listening(), SENDER)):
        await until(done(engine))
        await asyncio.sleep(0.05)
    assert [one.status for one in mails(engine)] == ["waiting", "sent"], "the older one first"


async def test_a_failure_that_may_pass_is_tried_again(engine: Engine, box: Box, listening: Any) -> None:
    box.answers = ["450 busy", "451 still busy"]
    async with Postman(engine, MailServer("127.0.0.1", await listening(), SENDER), pauses=(0, 0, 0)):
        await engine.write(engine.main, welcome)
        await until(done(engine))
    assert mails(engine)[0].status == "sent"
    assert len(box.envelopes) == 1


async def test_a_failure_for_good_is_kept_with_its_reason(engine: Engine, box: Box, listening: Any) -> None:
    box.answers = ["550 no such user"]
    async with Postman(engine, MailServer("127.0.0.1", await listening(), SENDER), pauses=(0, 3600)):
        await engine.write(engine.main, welcome)
        await until(done(engine))
    (mail,) = mails(engine)
    assert (mail.status, mail.why) == ("failed", "550 no such user")


async def test_a_server_that_is_not_there(engine: Engine) -> None:
    async with Postman(engine, MailServer("127.0.0.1", 1, SENDER), pauses=(0, 0)):
        await engine.write(engine.main, welcome)
        await until(done(engine))
    (mail,) = mails(engine)
    assert mail.status == "failed"
    assert "onnect" in mail.why


async def test_a_server_that_comes_back(engine: Engine, box: Box, listening: Any) -> None:
    port = await listening()
    attempts = []

    async def deliver(server: MailServer, message: Any) -> None:
        from pbxsim.server.postman import hand_over

        attempts.append(server.port)
        down = len(attempts) == 1
        await hand_over(MailServer("127.0.0.1", 1 if down else port, SENDER), message)

    async with Postman(engine, MailServer("127.0.0.1", port, SENDER), pauses=(0, 0), deliver=deliver):
        await engine.write(engine.main, welcome)
        await until(done(engine))
    assert mails(engine)[0].status == "sent"


async def test_many_mails_each_once(engine: Engine, box: Box, listening: Any) -> None:
    async with Postman(engine, MailServer("127.0.0.1", await listening(), SENDER)):
        for _ in range(30):
            await engine.write(engine.main, welcome)
        await until(done(engine, 30))
    ids = [message["Message-ID"] for message in box.messages]
    assert len(ids) == len(set(ids)) == 30


async def test_a_password_is_said_on_this_machine(engine: Engine, box: Box, listening: Any) -> None:
    port = await listening(authenticator=box.authenticate, auth_require_tls=False)
    async with Postman(engine, MailServer("127.0.0.1", port, SENDER, "pbx", "geheim")):
        await engine.write(engine.main, welcome)
        await until(done(engine))
    assert box.logins == [(b"pbx", b"geheim")]
    assert mails(engine)[0].status == "sent"


async def test_a_wrong_password_is_for_good(engine: Engine, box: Box, listening: Any) -> None:
    port = await listening(authenticator=box.authenticate, auth_require_tls=False)
    async with Postman(engine, MailServer("127.0.0.1", port, SENDER, "pbx", "falsch"), pauses=(0, 3600)):
        await engine.write(engine.main, welcome)
        await until(done(engine))
    assert mails(engine)[0].why.startswith("535")


async def test_a_password_is_said_to_nobody_elses_ears(
    engine: Engine, box: Box, listening: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server elsewhere that offers no TLS: seen as one by taking this machine's names away."""
    from pbxsim.server import postman

    monkeypatch.setattr(postman, "LOOPBACK", frozenset())
    port = await listening(authenticator=box.authenticate, auth_require_tls=False)
    async with Postman(engine, MailServer("127.0.0.1", port, SENDER, "pbx", "geheim"), pauses=(0, 3600)):
        await engine.write(engine.main, welcome)
        await until(done(engine))
    assert box.logins == []
    assert "TLS" in mails(engine)[0].why


async def test_a_reset_to_the_seed_loses_no_mail_of_its_own(engine: Engine, box: Box, listening: Any) -> None:
    async with Postman(engine, MailServer("127.0.0.1", await listening(), SENDER)):
        await engine.write(engine.main, welcome)
        await until(done(engine))
        await engine.reset("main")
        await engine.write(engine.main, welcome)
        await until(done(engine))
    assert len(box.envelopes) == 2


def test_headers_hold_what_they_are_given_and_nothing_more() -> None:
    """What `email` and `text` let in cannot make a header; and if it could, nothing would be sent."""
    mail = Mail("e1", "acme", "welcome", "zoe@bücher.example", 'Zoë "Z" <x@y.z>, Bob', "Grüße 🎉 " + "x" * 300, "…", 0)
    message = email.message_from_bytes(bytes(written(mail, SENDER, "acme.pbx.example")), policy=email.policy.default)
    assert [one.addr_spec for one in message["To"].addresses] == ["zoe@xn--bcher-kva.example"]
    assert message["Subject"] == mail.subject
    for field, value in [("name", "Ann\r\nBcc: x@y.z"), ("subject", "Hi\nBcc: x@y.z"), ("to", "a@b.c\r\nBcc: x@y.z")]:
        from msgspec import structs

        with pytest.raises(ValueError):
            bytes(written(structs.replace(mail, **{field: value}), SENDER, "acme.pbx.example"))


async def test_a_mail_that_cannot_be_written_fails_and_the_next_goes(engine: Engine, box: Box, listening: Any) -> None:
    """Only a file that somebody has edited could hold such a one."""
    from msgspec import structs

    from pbxsim.core.state import Change

    def bad(world: World) -> str:
        pbx = world.pbx
        change = Change(pbx, world.state.now, 900, "")
        change.account = pbx.accounts["acme"]
        change.put(
            Mail("e900", "acme", "welcome", "a@b.example", "Ann", "Hi\r\nBcc: all@b.example", "", world.state.now)
        )
        world.state = structs.replace(world.state, pbx=change.state)
        return "e900"

    await engine.write(engine.main, bad)
    await engine.write(engine.main, welcome)
    async with Postman(engine, MailServer("127.0.0.1", await listening(), SENDER)):
        await until(done(engine, 2))
    status = {one.id == "e900": one.status for one in mails(engine)}
    assert status == {True: "failed", False: "sent"}
    assert [envelope.rcpt_tos for envelope in box.envelopes] == [["zoe@acme.example"]]


async def test_the_actor_is_the_operator_and_history_holds_no_text(engine: Engine, box: Box, listening: Any) -> None:
    async with Postman(engine, MailServer("127.0.0.1", await listening(), SENDER)):
        await engine.write(engine.main, welcome)
        await until(done(engine))
    record = engine.main.world.history[-1]
    assert record.actor == str(OPERATOR)
    assert "code=" not in repr(engine.main.world.history)
