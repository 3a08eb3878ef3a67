"""Two offices with one of everything that can be kept in a file."""

from __future__ import annotations

import pytest
from msgspec import structs

from pbxsim import World
from pbxsim.callflows import dial, ring_group, voicemail
from pbxsim.core.state import NOTHING
from pbxsim.store import Header
from pbxsim.world.state import WorldState

YEALINK, AASTRA = "805ec0112233", "00085d112244"


def furnish(world: World) -> None:
    """Jet with a registered phone, an app log-in, a queue, numbers and a draft; PISTON with somebody at a hot desk."""
    jet = world.accounts.add("acme", platform="jet", country="AU", timezone="Australia/Sydney", seats=25)
    john = jet.users.add("1002", first_name="John", last_name="Smith", password="geheim1", voicemail_pin="4711")
    mary = jet.users.add("1003", first_name="Mária", email="mary@example.com", role="admin")
    desk = jet.devices.add(
        model="yealink-t46s", mac=YEALINK, owner=john, settings={"yealink": {"local_time.format": "1"}}
    )
    sales = jet.callflows.add("Sales", ring_group(john, mary, then=voicemail(john)))
    jet.callflows.draft(sales, dial(mary))
    jet.numbers.add("+61255501234", callflow=sales)
    jet.numbers.add("+61255501235", name="spare")
    jet.queues.add("Demo 1", members=[john, mary])
    jet.blf_keys.add(desk, 2, mary)
    jet.users.log_in_app(john, "geheim1")
    world.phones.add(desk).power_on()
    piston = world.accounts.add("globex", platform="piston")
    piston.users.add("204", first_name="Ann", voicemail_pin="1234")
    lobby = world.phones.add(piston.devices.add(model="aastra-6867i", mac=AASTRA, name="Lobby"))
    lobby.power_on()
    world.network.redirect(lobby, url="https://me:pw@elsewhere.example/")
    spare = world.phones.add(
        model="yealink-t54w", mac="805ec0112299", version="96.84.0.30", knobs={"yealink.boot-ms": 9000}
    )
    spare.connect({"43": "http://here.example/"})
    world.network.offer({"128": "http://elsewhere.example/"})  # which no phone reads unless it is told to
    snap = world.accounts.add("initech", platform="netsapiens")
    peter = snap.users.add("100", first_name="Peter", email="peter@example.com", password="geheim2")
    snap.users.update(peter, contacts=[{"name": "Mum", "number": "101"}])
    snap.users.setup_code(peter)
    snap.jobs.start("welcome-email", [peter])
    snap.users.send_welcome(peter)
    portal = world.accounts.add("umbrella", platform="customer-portal")
    portal.users.add("104", first_name="Zoë")  # who is in a directory that keeps names
    portal.requests.add("add-user", wanted={"extension": "105"}, text="She begins on Monday.")
    world.settle()
    lobby.log_in("204", "1234")
    world.settle()
    jet.calls.place("+61255501234", from_="+61400000000")
    world.settle()


def lasting(pbx):
    """What is kept of it: what a phone has subscribed to lives as long as the power does."""
    return structs.replace(pbx, subscriptions=NOTHING, watchers=NOTHING)


def header(state: WorldState, key: str = "00" * 32) -> Header:
    """What there is one of, for a state."""
    return Header(key, state.now, state.last_id, state.recorded)


@pytest.fixture
def office():
    """A world that has been furnished."""
    world = World(seed=3)
    furnish(world)
    return world


@pytest.fixture
def furnished():
    """The function that furnishes a world: a seed."""
    return furnish


@pytest.fixture
def header_of():
    """The function that makes the header of a state."""
    return header
