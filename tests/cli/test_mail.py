"""`pbxsim serve --smtp`: a real process hands main's mail to a real mail server; wrong options are told in words."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from tests.cli.test_commands import ask, run, serving


class Box:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 taken"


@pytest.fixture
def mail_server() -> Iterator[tuple[str, Box]]:
    """A mail server on a free port, in a thread with its own event loop: (host:port, what it was given)."""
    box, loop = Box(), asyncio.new_event_loop()
    made = loop.create_server(lambda: SMTP(box, loop=loop), "127.0.0.1", 0)
    server = loop.run_until_complete(made)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", box
    loop.call_soon_threadsafe(server.close)
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


def test_mail_leaves_main(mail_server: tuple[str, Box], tmp_path: Path) -> None:
    smtp, box = mail_server
    token = tmp_path / "token"
    options = ["--memory", "--port", "0", "--token-file", str(token), "--smtp", smtp, "--mail-from", "pbx@pbx.example"]
    with serving("serve", *options) as (address, _):
        key = token.read_text().strip()
        api = f"{address}/api/v1"
        ask(api, "/accounts", key, "POST", {"id": "snap", "name": "Snap", "platform": "netsapiens"})
        ask(api, "/accounts/snap/users", key, "POST", {"extension": "1001", "email": "john@snap.example"})
        ask(api, "/accounts/snap/users/1001/welcome-email", key, "POST")
        until = time.monotonic() + 10
        while (mail := ask(api, "/accounts/snap/outbox", key)["items"][0])["status"] == "waiting":
            assert time.monotonic() < until
            time.sleep(0.02)
    assert mail["status"] == "sent"
    (envelope,) = box.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("pbx@pbx.example", ["john@snap.example"])
    assert b"Subject: Welcome to Snap" in envelope.content


WRONG = [
    ("no port", ["--smtp", "localhost", "--mail-from", "a@b.example"], "--smtp"),
    ("no host", ["--smtp", ":25", "--mail-from", "a@b.example"], "--smtp"),
    ("no such port", ["--smtp", "localhost:99999", "--mail-from", "a@b.example"], "--smtp"),
    ("no sender", ["--smtp", "localhost:25"], "--mail-from"),
    ("a sender that is none", ["--smtp", "localhost:25", "--mail-from", "Ann <a@b.example>"], "--mail-from"),
    ("a sender without a server", ["--mail-from", "a@b.example"], "--mail-from"),
    ("a user without a server", ["--smtp-user", "pbx"], "--smtp-user"),
    ("a user without a password", ["--smtp", "x:25", "--mail-from", "a@b.example", "--smtp-user", "u"], "--smtp-user"),
]


@pytest.mark.parametrize(("options", "blamed"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_wrong_options_are_told_in_words(options: list[str], blamed: str) -> None:
    done = run("serve", "--memory", *options, PBXSIM_SMTP_PASSWORD="")
    assert done.returncode == 2
    assert blamed in done.stderr
    assert "Traceback" not in done.stderr


def test_a_password_comes_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import typer

    from pbxsim.cli.serve import mail_server

    file = tmp_path / "secret.txt"
    file.write_text("geheim\r\nnot this\n")
    given = mail_server("[::1]:587", "a@b.example", "pbx", file)
    assert given is not None
    assert (given.host, given.port, given.user, given.password) == ("::1", 587, "pbx", "geheim")
    monkeypatch.setenv("PBXSIM_SMTP_PASSWORD", "leise")
    given = mail_server("mail.example.com:25", "a@b.example", "pbx", None)
    assert given is not None
    assert given.password == "leise"
    assert mail_server(None, None, None, None) is None
    with pytest.raises(typer.BadParameter):
        mail_server("mail.example.com:25", "a@b.example", None, file)
