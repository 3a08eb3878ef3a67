"""What people set at a Yealink is kept at the server, in a file of the phone's own."""

from __future__ import annotations

from pbxsim import World
from tests.device_emulator.facts.yealinks import HEADER

MAC = "80:5e:c0:11:22:33"
LOCAL = "805ec0112233-local.cfg"


def test_a_change_at_the_phone_is_uploaded_and_comes_back_after_a_factory_reset() -> None:
    world = World(seed=5)
    acme = world.accounts.add("acme", platform="jet")
    john = acme.users.add("1002", first_name="John", last_name="Smith")
    line = acme.devices.add(model="yealink-t46s", mac=MAC, owner=john)
    keep = {f"static.auto_provision.custom.{key}": "1" for key in ("protect", "sync")}
    acme.devices.update(line, settings={"yealink": keep})
    phone = world.phones.add(line)
    phone.power_on()
    world.settle()
    assert phone.screen.label == "John Smith"
    phone.set_locally("account.1.label", "Reception")
    world.settle()
    assert world.state.files[line.id][LOCAL] == f"{HEADER}account.1.label = Reception\n".encode()
    acme.users.update(john, first_name="Johnny")
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Reception"  # what people set counts more than the server's new name

    phone.factory_reset()
    world.settle()
    phone.stage(line)
    world.settle()
    assert phone.screen.label == "Reception"
    phone.press("Reset local settings")
    world.settle()
    assert world.state.files[line.id][LOCAL] == HEADER.encode()
    acme.users.update(john, first_name="Jack")
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Jack Smith"


def test_somebody_at_the_phone_starts_a_run() -> None:
    world = World(seed=5)
    acme = world.accounts.add("acme", platform="jet")
    phone = world.phones.add(acme.devices.add(model="yealink-t46s", mac=MAC, owner=acme.users.add("1002")))
    phone.power_on()
    world.settle()
    before = world.now
    phone.press("Auto Provision Now")
    world.settle()
    assert world.now > before
    assert phone.registered
