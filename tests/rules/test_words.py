"""What each platform calls things: words of its own article or of its vendor's document, not ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbxsim import Forbidden, World
from pbxsim.core.rules.settings import NOT_A_USERS
from pbxsim.platforms import PLATFORMS

# Words that stand in the public help or the vendor's document rather than in the article.
ELSEWHERE = {
    "netsapiens": "reference/netsapiens.md",
    "customer-portal": "reference/netsapiens.md",  # section 7.1: access levels
}


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_every_word_is_the_platforms_own(platform: str, shared: Path) -> None:
    sources = [shared / "seeds" / f"{platform}.txt", shared / ELSEWHERE.get(platform, f"seeds/{platform}.txt")]
    text = " ".join(source.read_text().casefold() for source in sources)
    text = " ".join(text.split())
    assert [word for word in PLATFORMS[platform].words.values() if word.casefold() not in text] == []


@pytest.mark.parametrize("platform", ["netsapiens", "customer-portal", "users-page"])
def test_roles_have_a_word(platform: str) -> None:
    roles = PLATFORMS[platform].roles.keys() - NOT_A_USERS
    assert roles <= PLATFORMS[platform].words.keys()


def test_a_refusal_speaks_them() -> None:
    world = World()
    account = world.accounts.add("acme", platform="customer-portal")
    for role, said in (("end-user", "End User"), ("pbx-admin", "service team")):
        user = account.users.add("100" if role == "end-user" else "101", role=role)
        with pytest.raises(Forbidden) as refusal:
            world.acting_as(user).accounts["acme"].users.add("105")
        assert [blocker.name for blocker in refusal.value.blockers] == [said]


def test_a_refusal_names_people_and_what_was_asked_in_words() -> None:
    """No ids, and no names of commands."""
    world = World()
    acme = world.accounts.add("acme", platform="jet")
    john = acme.users.add("1002", first_name="John", last_name="Smith")
    with pytest.raises(Forbidden) as refusal:
        world.acting_as(john).accounts["acme"].users.add("1004")
    said = (refusal.value.title, refusal.value.detail)
    assert said == ("1002 John Smith may not do this", "role Phone User may not add Phone Users")


def test_a_refusal_says_what_the_role_lacks() -> None:
    world = World()
    account = world.accounts.add("portal", platform="customer-portal")
    jane, admin = account.users.add("105", role="receptionist"), account.users.add("100", role="pbx-admin")
    account.users.add("106")
    request = account.requests.add("other", text="A new cable")
    seen = world.acting_as(jane).accounts["portal"]
    for attempt, said in (
        (lambda: seen.users.update_login("106", first_name="A"), "may not change log-ins but his own"),
        (lambda: seen.users.update("106", role="receptionist"), "may not update Extensions: not their role"),
        (lambda: seen.users.update(admin, first_name="A"), "has no say over PBX Admin, which stands above it"),
        (lambda: seen.requests.fulfil(request), "may not fulfil tickets"),
    ):
        with pytest.raises(Forbidden) as refusal:
            attempt()
        assert refusal.value.detail == f"role Receptionist {said}"
    with pytest.raises(Forbidden) as refusal:
        world.acting_as(admin).accounts["portal"].users.delete("106")
    said = (refusal.value.title, refusal.value.detail)
    assert said == ("This is asked of the service team", "customers do not delete Extensions themselves")


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_every_command_can_be_said(platform: str) -> None:
    said = [PLATFORMS[platform].asks(command) for command in PLATFORMS[platform].roles["service-desk"]]
    assert len(set(said)) == len(said)
    assert [words for words in said if " " not in words or words.endswith(("rys", "xs", "ss", "oxs"))] == []


def test_the_ten_scopes_of_netsapiens_stand_in_their_order() -> None:
    words = PLATFORMS["netsapiens"].words
    assert [words[role] for role in PLATFORMS["netsapiens"].roles if role not in NOT_A_USERS] == [
        "Super User",
        "Reseller",
        "Office Manager",
        "Site Manager",
        "Call Center Supervisor",
        "Call Center Agent",
        "Advanced User",
        "Basic User",
        "Simple User",
        "No Portal",
    ]
