"""The worlds that are measured: one Jet account of so many users, the first of whom everything holds.

Built once a run and shared, since 100,000 users take some ten seconds. Whoever writes, writes to a fork.
"""

from __future__ import annotations

from functools import cache

from pbxsim import World
from pbxsim.callflows import dial, ring_group

ACCOUNT = "acme"
JOHN = "100000"  # the first user's extension: 1 login, 1 queue, 2 callflows
SMALL = 10


@cache
def office(users: int, phones: int) -> World:
    """So many users from extension 100000 on; the first of them have a phone each, booted and registered."""
    world = World(seed=1)
    acme = world.accounts.add(ACCOUNT, platform="jet")
    for number in range(users):
        acme.users.add(str(100_000 + number), first_name="User", last_name=f"{number:05}")
    for number in range(phones):
        owner = str(100_000 + number)
        world.phones.add(acme.devices.add(model="yealink-t46s", mac=mac(number), owner=owner)).power_on()
    world.settle()
    john, mary = acme.users[JOHN], acme.users["100001"]
    acme.numbers.add("+61255501234", callflow=acme.callflows.add("John direct", dial(john)))
    acme.numbers.add("+61255505678", callflow=acme.callflows.add("Sales", ring_group(john, mary)))
    acme.queues.add("Demo 1", members=[john, mary])
    return world


def mac(number: int) -> str:
    """The MAC address of the phone of that number, canonical."""
    return f"805ec0{number:06x}"
