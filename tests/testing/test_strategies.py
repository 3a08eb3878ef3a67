"""The random accounts that `pbxsim.testing.strategies` draws: lawful, varied, and made on demand only."""

from __future__ import annotations

import subprocess
import sys
from random import Random

from hypothesis import given

from pbxsim import World
from pbxsim.core.entities import AppLogin, Device, HotDesk, Number, User, Version
from pbxsim.core.invariants import broken
from pbxsim.platforms import PLATFORMS
from pbxsim.testing import Stranger
from pbxsim.testing.strategies import TAPE, Drawn, accounts, draw
from tests.law import law


@law(60)
@given(accounts())
def test_every_account_keeps_the_laws(drawn: Drawn) -> None:
    assert broken(drawn.world.pbx, PLATFORMS) == []
    assert drawn.world.settled
    assert drawn.world.pbx.get(User, drawn.user) is not None


def test_there_is_some_of_everything():
    chance = Random(1)
    found: set[object] = set()
    for platform in PLATFORMS:
        for _ in range(40):
            drawn = draw(platform, chance.randbytes(TAPE))
            state = drawn.world.pbx
            found |= {type(one) for one in state.entities.values()}
            found |= {"draft" for one in state.entities.values() if isinstance(one, Version) and one.draft}
            found |= {"number to user" for one in state.entities.values() if isinstance(one, Number) and one.user}
            found |= {"policy" for one in state.accounts.values() if one.policy}
            devices = [one for one in state.entities.values() if isinstance(one, Device) and one.id in state.bindings]
            found |= {drawn.world.hardware(device) for device in devices}
    assert {AppLogin, HotDesk, "draft", "number to user", "policy", "ready", "off", "unknown"} <= found


def test_an_empty_tape_is_the_least_account():
    drawn = draw("jet", b"")
    assert [user.extension for user in drawn.account.users] == ["201", "202"]
    assert len(drawn.account.callflows) == len(drawn.account.devices) == len(drawn.account.numbers) == 0


def test_a_stranger_is_challenged_registers_and_leaves():
    world = World(seed=1)
    acme = world.accounts.add("acme", platform="jet")
    john = acme.users.add("1002")
    device = acme.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33", owner=john)
    stranger = Stranger(device.id)
    assert stranger.register(world).expires == 3600
    assert [login.kind for login in john.logins] == ["registration"]
    world.advance(minutes=61)
    assert not john.logins, "nobody refreshes for it"
    stranger.register(world)
    assert stranger.leave(world).status == 200
    assert not john.logins


def test_neither_hypothesis_nor_this_package_is_loaded_unasked():
    program = (
        "import sys, pbxsim; assert 'pbxsim.testing' not in sys.modules; "
        "import pbxsim.testing; assert 'hypothesis' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
