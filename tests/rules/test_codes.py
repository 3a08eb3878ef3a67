"""Links and one-time codes (U4, N10): printed and parsed, used once, worth nothing to others, and not for long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxsim import Invalid, Refused
from pbxsim.core.links import KINDS, Link, one_time_code

CODE = "f45cfd1847e90ef995b2290e95ae6370"


@given(st.sampled_from(sorted(KINDS)), st.text(), st.text(), st.sampled_from(["mobile", "desktop"]))
def test_a_link_comes_back(kind: str, server: str, user: str, app: str) -> None:
    link = Link(kind, "acme", user, CODE, server if kind == "setup" else "", app if kind == "setup" else "")
    try:
        text = str(link)
    except UnicodeEncodeError:  # half a character: no id holds one
        return
    assert Link.parse(text) == link
    assert text.isascii()
    assert not any(character.isspace() for character in text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pbxsim:",
        "http://example.com/",
        f"pbxsim:fax?account=acme&user=u1&code={CODE}",
        f"pbxsim:invitation?account=acme&code={CODE}",
        f"pbxsim:invitation?account=acme&user=u1&user=u2&code={CODE}",
        f"pbxsim:invitation?account=acme&user=u1&code={CODE}&more=1",
        f"pbxsim:setup?server=x&account=acme&user=u1&app=toaster&code={CODE}",
        "pbxsim:invitation?%zz&&&",
        "\0",
    ],
)
def test_what_is_no_link_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError):
        Link.parse(text)


@pytest.mark.parametrize("code", [None, 7, "", "short", "x" * 21, "x" * 129, "é" * 30, "x" * 30 + "\n"])
def test_what_is_no_code_is_said_to_be_none(code: object) -> None:
    with pytest.raises(ValueError, match="one-time code"):
        one_time_code(code)


@pytest.fixture
def acme(world):
    acme = world.accounts.add("acme", platform="users-page")
    acme.users.add("204", first_name="Anna", last_name="Lee", email="anna@acme.example")
    acme.users.add("205", first_name="Bob", last_name="Ray", email="bob@acme.example")
    return acme


def refused(attempt) -> bool:
    with pytest.raises(Refused, match="not accepted") as refusal:
        attempt()
    return refusal.value.rule in ("pbx.setup-code", "pbx.invitation")


def test_a_code_logs_its_app_in_once(acme) -> None:
    text = acme.users.setup_code("204", "mobile")
    acme.users.scan(text)
    assert [login.name for login in acme.users["204"].logins] == ["mobile app"]
    assert refused(lambda: acme.users.scan(text))


def test_each_app_has_a_code_of_its_own_and_a_new_one_ends_the_old(acme) -> None:
    mobile, desktop = acme.users.setup_code("204", "mobile"), acme.users.setup_code("204", "desktop")
    newer = acme.users.setup_code("204", "mobile")
    assert newer != mobile
    assert refused(lambda: acme.users.scan(mobile))
    acme.users.scan(desktop)
    acme.users.scan(newer)
    assert [login.name for login in acme.users["204"].logins] == ["desktop app", "mobile app"]


def test_a_code_lives_ten_minutes(world, acme) -> None:
    text = acme.users.setup_code("204")
    fork = world.fork()
    fork.advance(minutes=10)
    fork.accounts["acme"].users.scan(text)
    world.advance(minutes=10, seconds=0.001)
    assert refused(lambda: acme.users.scan(text))


def test_a_code_is_nobody_elses(acme) -> None:
    link = Link.parse(acme.users.setup_code("204"))
    stolen = Link("setup", "acme", acme.users["205"].id, link.code, link.server, link.app)
    assert refused(lambda: acme.users.scan(str(stolen)))
    other = Link("setup", "acme", link.user, link.code, link.server, "desktop")
    assert refused(lambda: acme.users.scan(str(other)))


def test_a_link_of_another_account_or_kind_is_told_so(world, acme) -> None:
    world.accounts.add("other", platform="users-page")
    text = acme.users.setup_code("204")
    for attempt in (lambda: world.accounts["other"].users.scan(text), lambda: acme.users.redeem(text, "geheim1")):
        with pytest.raises(Invalid, match="/text"):
            attempt()


def test_only_its_digest_is_kept(world, acme) -> None:
    text = acme.users.setup_code("204")
    code = Link.parse(text).code
    assert code not in repr(dict(world.pbx.secrets))
    assert code not in repr(world.history)


def test_an_invitation_lives_three_days_and_works_once(world, acme) -> None:
    acme.users.send_welcome("204")
    mail = list(acme.outbox)[-1]
    late = world.fork()
    late.advance(days=3, seconds=1)
    assert refused(lambda: late.accounts["acme"].users.redeem(mail.body, "geheim1"))
    world.advance(days=3)
    acme.users.redeem(mail.body, "geheim1")
    assert refused(lambda: acme.users.redeem(mail.body, "geheim2"))
    acme.users.log_in_app("204", "geheim1")


def test_a_password_that_is_none_uses_nothing_up(acme) -> None:
    acme.users.send_welcome("204")
    mail = list(acme.outbox)[-1]
    with pytest.raises(Invalid, match="/password"):
        acme.users.redeem(mail.body, "short")
    acme.users.redeem(mail.body, "geheim1")


def test_codes_go_with_their_user(world, acme) -> None:
    text = acme.users.setup_code("204")
    acme.users.send_welcome("204")
    anna = acme.users["204"].id
    assert {purpose for id_, purpose in world.pbx.secrets if id_ == anna} == {"invitation", "setup-code:mobile"}
    acme.users.delete("204")
    assert not [key for key in world.pbx.secrets if key[0] == anna]
    with pytest.raises(Exception, match="no user"):
        acme.users.scan(text)
