"""When does a phone show a new name? Five consequences of the mechanisms, none of which any code names.

The mechanisms: when a phone fetches, when the server renders, and which keys apply at once.
"""

from __future__ import annotations

import pytest

YEALINK, AASTRA = "80:5e:c0:44:55:66", "00:08:5d:11:22:33"


def office(world, platform, model, mac, **device):
    account = world.accounts.add("office", platform=platform)
    anna = account.users.add("204", first_name="Anna", last_name="Lee", voicemail_pin="4711")
    line = account.devices.add(model=model, mac=mac, owner=anna, **device)
    phone = world.phones.add(line)
    phone.power_on()
    world.settle()
    return account, anna, line, phone


def test_check_sync_without_reboot_shows_the_new_name_on_the_yealink(world):
    account, anna, line, phone = office(world, "piston", "yealink-t46s", YEALINK)
    account.users.update(anna, first_name="Ann")
    account.devices.sync(line, reboot=False)
    world.settle()
    assert phone.screen.label == "Ann Lee"


def test_renaming_alone_sends_no_check_sync(world):
    account, anna, line, phone = office(world, "piston", "yealink-t46s", YEALINK)
    account.users.update(anna, first_name="Ann")
    world.settle()
    world.advance(days=1)
    assert phone.screen.label == "Anna Lee"


@pytest.mark.parametrize("platform", ["jet"])
def test_the_same_aastra_on_an_account_that_renders_live_shows_it_after_a_power_cycle(world, platform):
    account, anna, line, phone = office(world, platform, "aastra-6731i", AASTRA)
    assert phone.screen.label == "Anna Lee", "no log-in here: the file is made at each fetch"
    account.users.update(anna, first_name="Ann")
    world.advance(hours=1)
    assert phone.screen.label == "Anna Lee"
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Ann Lee"


@pytest.mark.parametrize("platform", ["jet", "piston"])
def test_a_named_device_never_shows_it(world, platform):
    account, anna, line, phone = office(world, platform, "yealink-t46s", YEALINK, name="Front desk")
    account.users.update(anna, first_name="Ann")
    for again in (lambda: phone.power_cycle(), lambda: account.devices.sync(line, reboot=True)):
        again()
        world.settle()
        assert phone.screen.label == "Front desk"


@pytest.mark.parametrize("platform", ["jet", "piston"])
def test_an_override_that_leaves_the_label_empty_leaves_the_old_label(world, platform):
    account, anna, line, phone = office(world, platform, "yealink-t46s", YEALINK)
    account.devices.update(line, settings={"yealink": {"account.1.label": ""}})
    account.users.update(anna, first_name="Ann")
    phone.power_cycle()
    world.settle()
    assert phone.settings.get("account.1.display_name") == "Ann Lee"
    assert phone.screen.label == "Anna Lee"


def test_renaming_the_account_leaves_pistons_files_alone_until_the_next_save(world):
    account = world.accounts.add("voxco", platform="piston")
    line = account.devices.add(model="yealink-t46s", mac=YEALINK)
    phone = world.phones.add(line)
    phone.power_on()
    world.settle()
    assert phone.screen.label == "voxco"
    world.accounts.update(account, name="Voxco Ltd")
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "voxco"
    account.devices.update(line)  # a save that changes nothing is a save
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Voxco Ltd"


def test_renaming_the_account_shows_at_the_next_fetch_where_files_are_live(world):
    account = world.accounts.add("acme", platform="jet")
    user = account.users.add("1002")  # nobody's name: the account's is shown
    phone = world.phones.add(account.devices.add(model="yealink-t46s", mac=YEALINK, owner=user))
    phone.power_on()
    world.settle()
    world.accounts.update(account, name="Acme Ltd")
    phone.power_cycle()
    world.settle()
    assert phone.screen.label == "Acme Ltd"


def test_a_check_sync_without_the_key_that_forbids_it_reboots_the_yealink(world):
    settings = {"yealink": {"sip.notify_reboot_enable": "1"}}
    account, anna, line, phone = office(world, "jet", "yealink-t46s", YEALINK, settings=settings)
    account.devices.sync(line)
    world.advance(seconds=2)
    assert phone.phase == "booting"
    world.settle()
    account.devices.update(line, settings={"yealink": {"sip.notify_reboot_enable": "0"}})
    account.devices.sync(line)
    world.settle()
    account.devices.sync(line)
    world.advance(seconds=2)
    assert phone.phase in ("updating", "idle")
