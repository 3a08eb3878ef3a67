"""A routed call with its trace: an announcement, business hours, a menu, a ring group in vain, voicemail. Bar: 20 µs,
at 10 users and at 100,000.

The offset of the account's time zone is asked of the world, as in every call.
"""

from __future__ import annotations

from benchmarks.measure import Effort, Figure, alternate, at_most, figure, microseconds
from benchmarks.worlds import ACCOUNT, JOHN, SMALL, office
from pbxsim import World
from pbxsim.callflows import announcement, hours, menu, opening, ring_group, voicemail
from pbxsim.core.entities import Account

NUMBER = "+61255509999"
NODES = ["announcement", "hours", "menu", "ring group", "voicemail"]


def measure(effort: Effort) -> list[Figure]:
    """The pure function that the audit, the off-boarding plan and live calls share."""
    small, large = with_callflow(office(SMALL, SMALL)), with_callflow(office(effort.users, effort.phones))
    pairs = alternate(effort.pairs, lambda: routed(small, effort.batch), lambda: routed(large, effort.batch))
    return [
        figure(f"a routed call, 5 nodes: {SMALL} users", "µs", at_most(20), [little for little, _ in pairs]),
        figure(f"a routed call, 5 nodes: {effort.users:,} users", "µs", at_most(20), [big for _, big in pairs]),
    ]


def with_callflow(world: World) -> World:
    """A fork with a number that leads through five nodes, whatever the hour."""
    fork = world.fork()
    acme = fork.accounts[ACCOUNT]
    john, mary = acme.users[JOHN], acme.users["100001"]
    team = ring_group(john, mary, then=voicemail(john))
    always = opening("00:00", "24:00", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
    root = announcement("Hello", then=hours(always, open=menu({"1": team}, text="1 for the team")))
    acme.numbers.add(NUMBER, callflow=acme.callflows.add("Front door", root))
    return fork


def routed(world: World, times: int) -> float:
    """Microseconds a call."""
    account = world.pbx.accounts[ACCOUNT]
    assert isinstance(account, Account)

    def call() -> list[str]:
        trace = world.look(account, NUMBER, "", answered=False, digits="1")
        assert trace.outcome == "voicemail"
        return [step.at for step in trace.steps]

    assert [at for at in dict.fromkeys(call()) if at in NODES] == NODES
    return microseconds(lambda: world.look(account, NUMBER, "", answered=False, digits="1"), times)
