"""Mail: the table of templates, the outbox, and addresses that can be nothing but one address."""

from __future__ import annotations

from string import Formatter

import pytest

from pbxsim import Invalid
from pbxsim.core import commands as c
from pbxsim.core.rules import mail
from pbxsim.core.rules.mail import TEMPLATES
from pbxsim.core.values import email

HOSTILE = "Ann {link} {0.__class__} %s\u202e"


@pytest.fixture
def acme(world):
    return world.accounts.add("acme", platform="netsapiens")


def test_every_template_says_only_what_there_is() -> None:
    always = {"account", "name", "extension", "login"}
    own = {"voicemail": {"caller", "mailbox", "seconds"}, "request-answered": {"title", "answer"}}
    for name, template in TEMPLATES.items():
        used = {field for text in template[:2] for _, field, _, _ in Formatter().parse(text) if field}
        assert used <= always | own.get(name, set()) | ({"link"} if template.link else set()), name
        assert ("link" in used) == template.link


def test_a_name_is_text_and_no_template(acme) -> None:
    acme.users.add("1002", first_name=HOSTILE, email="ann@acme.example")
    acme.users.send_welcome("1002")
    (sent,) = acme.outbox
    assert sent.body.startswith(f"Hello {HOSTILE},\n")


def test_the_outbox_holds_so_many_and_the_oldest_go_first(world, acme, monkeypatch) -> None:
    monkeypatch.setattr(mail, "KEPT", 3)
    acme.users.add("1002", email="ann@acme.example")
    for _ in range(5):
        acme.users.send_welcome("1002")
        world.advance(seconds=1)
    assert len(acme.outbox) == 3
    assert [one.time for one in acme.outbox] == sorted(one.time for one in acme.outbox)


def test_mails_of_one_moment_stand_as_they_were_written(acme) -> None:
    for serial in range(12):
        acme.users.add(str(1000 + serial), email=f"u{serial}@acme.example")
        acme.users.send_welcome(str(1000 + serial))
    assert [one.to for one in acme.outbox] == [f"u{serial}@acme.example" for serial in range(12)]


def test_sent_is_sent(world, acme) -> None:
    acme.users.add("1002", email="ann@acme.example")
    acme.users.send_welcome("1002")
    (sent,) = acme.outbox
    assert sent.status == "waiting"
    world.execute(c.RecordDelivery(sent.id, "failed", "450 busy"))
    assert (sent.status, sent.why) == ("failed", "450 busy")
    world.execute(c.RecordDelivery(sent.id, "sent"))
    world.execute(c.RecordDelivery(sent.id, "failed", "too late"))
    assert (sent.status, sent.why) == ("sent", "")


def test_a_mail_outlives_its_user(acme) -> None:
    john = acme.users.add("1002", email="ann@acme.example")
    acme.users.send_welcome(john)
    acme.users.delete(john)
    (sent,) = acme.outbox
    assert sent.user == john.id


@pytest.mark.parametrize("good", ["ann@example.com", "a.b+c@sub.example.com", "zoë@bücher.example", "x!#$%&'*@e-x.io"])
def test_an_address(good: str) -> None:
    assert email(good) == good


@pytest.mark.parametrize(
    "bad",
    [
        "ann@example.com\nBcc: all@example.com",
        "ann@example.com\r\n.\r\n",
        "ann@example.com,bob@example.com",
        "ann@example.com;bob@example.com",
        "Ann <ann@example.com>",
        '"a b"@example.com',
        "ann@bob@example.com",
        "ann@localhost",
        "ann@.example",
        "ann@example..com",
        "ann@-example.com",
        "ann@exam ple.com",
        "a\u2028b@example.com",
        "ann@example.com\0",
        "a(comment)@example.com",
        "ann@[127.0.0.1]",
        "@example.com",
        "ann",
        7,
        None,
    ],
)
def test_what_is_no_address(acme, bad: object) -> None:
    with pytest.raises(ValueError, match="must"):
        email(bad)
    with pytest.raises(Invalid, match="/email"):
        acme.users.add("1002", email=bad)
