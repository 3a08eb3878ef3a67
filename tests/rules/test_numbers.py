"""Where a number can lead, and how it moves, as tables: one row a move, on every platform, in the platform's words.

A number is `available`, `spare` (in service and leading nowhere), in a `callflow`, or at a `user`.
"""

from __future__ import annotations

import pytest

from pbxsim import Invalid, Refused, World
from pbxsim.callflows import hang_up
from pbxsim.core.invariants import broken
from pbxsim.platforms import PLATFORMS

E164 = "+61255501234"

# platform -> its words for the four states. Sources: Jet's article; KAZOO, states of phone_numbers; NetSapiens,
# dial-rule-application. The portals' articles have none, and take Jet's.
WORDS = {
    "jet": ("AVAILABLE", "ACTIVE", "ACTIVE", "ACTIVE"),
    "piston": ("reserved", "in_service", "in_service", "in_service"),
    "netsapiens": ("available-number", "hangup", "to-user", "to-user"),
    "customer-portal": ("AVAILABLE", "ACTIVE", "ACTIVE", "ACTIVE"),
    "users-page": ("AVAILABLE", "ACTIVE", "ACTIVE", "ACTIVE"),
}
STATES = ("available", "spare", "callflow", "user")

# state -> what is done -> the next state, or the rule that refuses it ("invalid" where the platform has no such thing).
MOVES: dict[str, dict[str, str]] = {
    "available": {
        "activate": "spare",
        "deactivate": "available",
        "to callflow": "callflow",
        "to user": "user",
        "away": "available",
        "delete": "gone",
    },
    "spare": {
        "activate": "spare",
        "deactivate": "available",
        "to callflow": "callflow",
        "to user": "user",
        "away": "spare",
        "delete": "gone",
    },
    "callflow": {
        "activate": "callflow",
        "deactivate": "available",
        "to callflow": "callflow",
        "to user": "user",
        "away": "spare",
        "delete": "number.in-use",
    },
    "user": {
        "activate": "user",
        "deactivate": "available",
        "to callflow": "callflow",
        "to user": "user",
        "away": "spare",
        "delete": "number.in-use",
    },
}

# What differs: (platform, state, what is done) -> instead.
INSTEAD = {("piston", "callflow", "to callflow"): "number.held"}
TO_USERS = {"netsapiens", "customer-portal", "users-page"}


class Office:
    """A number in one of the states, two callflows it can lead to, and a user."""

    def __init__(self, platform: str, state: str) -> None:
        self.world = World(seed=4)
        self.account = self.world.accounts.add("acme", platform=platform)
        self.user = self.account.users.add("1002")
        for index, name in enumerate(("Sales", "Support")):
            numbers = {"numbers": [str(300 + index)]} if platform == "piston" else {}
            self.account.callflows.add(name, hang_up(), **numbers)
        self.number = self.account.numbers.add(E164)
        if state != "available":
            self.account.numbers.activate(E164)
        if state == "callflow":
            self.account.numbers.update(E164, callflow=self.account.callflows["Sales"])
        if state == "user":
            self.account.numbers.update(E164, user=self.user)

    def do(self, what: str) -> str:
        """Do it; the state that follows, or what refused it."""
        numbers = self.account.numbers
        try:
            match what:
                case "activate":
                    numbers.activate(E164)
                case "deactivate":
                    numbers.deactivate(E164)
                case "to callflow":
                    numbers.update(E164, callflow=self.account.callflows["Support"])
                case "to user":
                    numbers.update(E164, user=self.user)
                case "away":
                    numbers.update(E164, callflow=None, **({"user": None} if self.number.user else {}))
                case "delete":
                    numbers.delete(E164)
                    return "gone"
        except Refused as refusal:
            return refusal.rule.partition(".")[2]
        except Invalid:
            return "invalid"
        finally:
            assert broken(self.world.pbx, PLATFORMS) == []
        number = self.number
        leads = "callflow" if number.version else "user" if number.user else "spare"
        return leads if number.active else "available"


def rows() -> list[tuple[str, str, str]]:
    return [
        (platform, state, what)
        for platform in sorted(PLATFORMS)
        for state in STATES
        if state != "user" or platform in TO_USERS
        for what in MOVES[state]
    ]


@pytest.mark.parametrize(("platform", "state", "what"), rows(), ids=" ".join)
def test_a_number_moves_as_the_table_says(platform: str, state: str, what: str) -> None:
    expected = INSTEAD.get((platform, state, what), MOVES[state][what])
    if what == "to user" and platform not in TO_USERS:
        expected = "invalid"
    assert Office(platform, state).do(what) == expected


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_each_state_has_the_platforms_word(platform: str) -> None:
    states = STATES if platform in TO_USERS else STATES[:3]
    assert [Office(platform, state).number.state for state in states] == list(WORDS[platform])[: len(states)]


def test_the_last_number_of_a_piston_callflow_stays() -> None:
    office = Office("piston", "available")
    office.account.callflows.update("Sales", numbers=[E164])
    for what in ("deactivate", "away"):
        assert office.do(what) == "callflow.needs-number"
    assert office.number.callflow == office.account.callflows["Sales"]


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("AU", "(02) 5550 1234", "+61255501234"),
        ("GB", "020 7946 0018", "+442079460018"),
        ("US", "(604) 555-0199", "+16045550199"),
        ("CA", "604.555.0199", "+16045550199"),
        ("IT", "06 1234 5678", "+390612345678"),  # the 0 stays in Italy
        ("AU", "+44 20 7946 0018", "+442079460018"),
        ("", "+44 20 7946 0018", "+442079460018"),
    ],
)
@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_national_input_by_the_accounts_country(platform: str, country: str, typed: str, kept: str) -> None:
    account = World().accounts.add("acme", platform=platform, country=country)
    assert account.numbers.add(typed).e164 == kept
    with pytest.raises(Refused) as refusal:
        account.numbers.add(kept)
    assert refusal.value.rule == "pbx.number.taken"


@pytest.mark.parametrize("typed", ["0255501234", "12", "+", "", "+999123456", "Ann", "+61 2 5550 1234 5678 9012"])
def test_what_is_no_number_anywhere(typed: str) -> None:
    account = World().accounts.add("acme", platform="jet")
    with pytest.raises(Invalid) as error:
        account.numbers.add(typed)
    assert [fault.pointer for fault in error.value.faults] == ["/e164"]


def test_a_number_leads_to_one_thing() -> None:
    office = Office("users-page", "spare")
    with pytest.raises(Invalid, match="name one of the two"):
        office.account.numbers.update(E164, callflow=office.account.callflows["Sales"], user=office.user)
    for stranger in ("u99", office.world.accounts.add("other", platform="users-page").users.add("1009").id):
        with pytest.raises(Invalid) as error:
            office.account.numbers.update(E164, user=stranger)
        assert [fault.pointer for fault in error.value.faults] == ["/user"]


def test_whatever_a_number_leads_to_it_is_added_so() -> None:
    office = Office("netsapiens", "available")
    assert office.account.numbers.add("+61255501235", user="1002").state == "to-user"
    assert office.account.numbers.add("+61255501236", callflow=office.account.callflows["Sales"]).status == "ACTIVE"
    office.account.numbers.deactivate(E164)
    office.account.numbers.activate(E164, user="1002", name="Direct")
    assert (office.number.user, office.number.name) == (office.user.id, "Direct")
