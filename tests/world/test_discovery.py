"""How phones find their server: by what the network tells them, by the vendor's redirect service, by what they know."""

from __future__ import annotations

import pytest

from pbxsim import Forbidden, Invalid, NotFound, Refused, World

MAC = "80:5e:c0:11:22:33"


@pytest.fixture
def world() -> World:
    return World(seed=5)


def office(world: World, name: str = "acme", platform: str = "jet", model: str = "yealink-t46s", mac: str = MAC):
    account = world.accounts.add(name, platform=platform)
    john = account.users.add("1002", first_name="John", last_name="Smith")
    return account, john, account.devices.add(model=model, mac=mac, owner=john)


def credentials(world: World, device) -> str:
    """The device's server, with credentials in the address, as an option 66 may carry them."""
    from pbxsim.core.entities import Device
    from pbxsim.world import plans

    url, user, password = plans.staging(world.nature, world.pbx, world.pbx.the(Device, device.id))
    return url.replace("://", f"://{user}:{password}@")


def test_a_factory_reset_finds_its_server_again_and_blocks_the_delete_again(world: World) -> None:
    acme, john, line = office(world)
    world.network.redirect(line)
    phone = world.phones.add(line)
    phone.power_on()
    world.settle()
    assert phone.registered
    phone.factory_reset()
    world.settle()
    assert phone.screen.label == "John Smith"  # out of its box it asked the redirect service, and here it is again
    with pytest.raises(Refused):
        acme.users.delete(john)

    world.network.forget(line)
    phone.factory_reset()
    world.settle()
    assert phone.screen.message == "No server"
    acme.users.delete(john)


@pytest.mark.parametrize(("model", "mac"), [("yealink-t46s", MAC), ("aastra-6731i", "00:08:5d:11:22:33")])
def test_a_bare_phone_out_of_its_box_is_told_by_the_redirect_service(world: World, model: str, mac: str) -> None:
    _, _, line = office(world, model=model, mac=mac, platform="netsapiens")
    phone = world.phones.add(model=model, mac=mac)
    phone.power_on()
    world.settle()
    assert phone.screen.message == "No server"
    world.network.redirect(phone, to=line)
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "John Smith"


def test_a_phone_that_moved_to_another_provider_shows_his_name_there(world: World) -> None:
    acme, john, line = office(world)
    phone = world.phones.add(line)
    phone.power_on()
    world.settle()
    # The same phone is somebody else's device at another provider, whose network it is plugged into.
    other = world.accounts.add("other", platform="netsapiens")
    ann = other.users.add("2001", first_name="Ann", last_name="Lee")
    with pytest.raises(Refused):  # one MAC, one device: the provider that had it must let it go
        other.devices.add(model="yealink-t46s", mac=MAC, owner=ann)
    acme.devices.delete(line)
    theirs = other.devices.add(model="yealink-t46s", mac=MAC, owner=ann)
    phone.connect({"66": credentials(world, theirs)})
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Ann Lee"
    assert [login.kind for login in ann.logins] == ["registration"]
    assert not john.logins
    assert john.exists

    phone.connect()
    phone.power_cycle()
    world.settle()
    assert phone.registered  # what it knows by heart is the old provider's server, which knows it no longer


def test_a_phone_that_is_sold_to_another_provider_forgets_the_old_one(world: World) -> None:
    """It is reset, and the vendor's redirect service has been told whose it is now."""
    acme, john, line = office(world)
    phone = world.phones.add(line)
    phone.power_on()
    world.settle()
    acme.devices.delete(line)
    other = world.accounts.add("other", platform="netsapiens")
    ann = other.users.add("2001", first_name="Ann", last_name="Lee")
    theirs = other.devices.add(model="yealink-t46s", mac=MAC, owner=ann)
    world.network.redirect(phone, to=theirs)
    phone.power_cycle()
    world.settle()
    assert "/acme" in phone.flash.url, "it remembers its server, and asks no redirect service"
    phone.factory_reset()
    world.settle()
    assert (phone.screen.label, phone.registered) == ("Ann Lee", True)
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Ann Lee"
    assert not john.logins


def test_the_network_of_all_phones_can_change_and_one_can_stand_elsewhere(world: World) -> None:
    _, _, line = office(world)
    phone = world.phones.add(line)
    world.network.offer({"66": credentials(world, line), "pnp": credentials(world, line)})
    assert set(world.network.offers) == {"66", "pnp"}
    assert phone.place.offers == tuple(sorted(world.network.offers.items()))
    phone.connect({"43": "http://elsewhere.example/"})
    world.network.offer({})
    assert phone.place.offers == (("43", "http://elsewhere.example/"),)
    phone.power_on()
    world.settle()
    assert phone.report.outcome == "failed"
    bare = world.phones.add(model="yealink-t46s", mac="80:5e:c0:00:00:01")
    assert bare.place.offers == ()


def test_a_factory_fresh_phone_with_option_66_and_no_credentials_is_refused(world: World) -> None:
    _, _, line = office(world)
    world.network.offer(
        {"66": credentials(world, line).replace(credentials(world, line).split("@")[0] + "@", "http://")}
    )
    phone = world.phones.add(model="yealink-t46s", mac=MAC)
    phone.power_on()
    world.settle()
    assert not phone.registered


def test_what_is_wrong_is_told(world: World) -> None:
    _, _, line = office(world)
    phone = world.phones.add(line)
    for wrong in ({"66": "tftp://x/"}, {"255": "http://x/"}, {"0": "http://x/"}, {"66": ""}, "http://x/"):
        with pytest.raises(Invalid):
            world.network.offer(wrong)
        with pytest.raises(Invalid):
            phone.connect(wrong)
    with pytest.raises(Invalid):
        world.network.redirect(phone, url="ftp://x/")
    with pytest.raises(NotFound):
        world.network.forget(MAC)
    with pytest.raises(Invalid):
        world.network.redirect("not a mac", url="http://x/")


def test_outside_is_the_operators(world: World) -> None:
    acme, john, line = office(world)
    acme.users.update(john, role="user")
    view = world.acting_as(john)
    for act in (
        lambda: view.network.offer({}),
        lambda: view.network.redirect(MAC, url="http://x/"),
        lambda: view.faults.add("slow"),
        lambda: view.faults.clear(),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_phone_of_another_firmware_with_another_knob(world: World) -> None:
    _, _, line = office(world)
    phone = world.phones.add(line, version="66.84.0.15", knobs={"yealink.boot-ms": 42_000})
    before = world.now
    phone.power_on()
    world.settle()
    assert (world.now - before).total_seconds() >= 42
    assert phone.model.version == "66.84.0.15"
    for values in (
        {"version": "new"},
        {"knobs": {"yealink.boot-ms": "soon"}},
        {"knobs": {"yealink.404.tries": 1}},  # published: no knob
        {"knobs": {"aastra.boot-ms": 1}},
    ):
        with pytest.raises(Invalid):
            world.phones.add(model="yealink-t46s", mac="80:5e:c0:00:00:09", **values)
