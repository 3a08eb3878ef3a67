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
