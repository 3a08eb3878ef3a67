"""When a file is rendered: at each fetch, at a save, or at a log-in; and what the switch for boot files does."""

from __future__ import annotations

import pytest

MAC = "80:5e:c0:11:22:33"


def booted(world, platform, **policy):
    account = world.accounts.add("office", platform=platform, policy=policy)
    user = account.users.add("1002", first_name="John", last_name="Smith")
    phone = world.phones.add(account.devices.add(model="yealink-t46s", mac=MAC, owner=user))
    phone.power_on()
    world.settle()
    return account, user, phone


def frozen(world, device):
    return world.state.files.get(device.id, {})


def test_live_keeps_no_file(world):
    account, user, phone = booted(world, "jet")
    assert not frozen(world, account.devices[MAC])


def test_at_save_freezes_when_the_device_or_its_owner_is_saved_and_not_otherwise(world):
    account, user, phone = booted(world, "piston")
    device = account.devices[MAC]
    body = frozen(world, device)["805ec0112233.cfg"]
    assert b"John Smith" in body
    world.accounts.update(account, name="Another")
    account.users.add("1003", first_name="Somebody")
    assert frozen(world, device)["805ec0112233.cfg"] == body
    account.users.update(user, first_name="Jack")
    assert b"Jack Smith" in frozen(world, device)["805ec0112233.cfg"]
    account.devices.update(device, name="Front desk")
    assert b"Front desk" in frozen(world, device)["805ec0112233.cfg"]


def test_a_deleted_devices_files_go_with_it(world):
    account, user, phone = booted(world, "piston")
    device = account.devices[MAC]
    account.devices.delete(device)
    assert not frozen(world, device)


@pytest.mark.parametrize("platform", ["jet", "piston"])
def test_boot_files_are_off_unless_switched_on_and_then_save_the_waits(world, platform):
    _, _, phone = booted(world, platform)
    without = world.now
    assert phone.registered
    other = type(world)(seed=1)
    _, _, phone = booted(other, platform, **{f"{platform}.provisioning.boot-files": True})
    assert phone.registered
    # Two absent boot files, three tries each, 5 s between, each rounded up to a whole second.
    assert 20 <= (without - other.now).total_seconds() <= 24


def test_downloads_are_remembered(world):
    account, user, phone = booted(world, "jet")
    device = account.devices[MAC]
    assert {name for id_, name in world.state.downloads if id_ == device.id} == {
        "805ec0112233.cfg",
        "y000000000066.cfg",
    }


def test_a_time_zone_reaches_the_phone(world):
    account, user, phone = booted(world, "jet")
    world.accounts.update(account, timezone="Australia/Sydney")
    phone.power_cycle()
    world.settle()
    assert phone.settings.get("local_time.time_zone") == "+11"
