"""Who still shows the old name (X2), in the directory and beside the keys as well (C5, C7)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pbxsim import SERVICE_DESK, Forbidden, Invalid, Refused

YEALINK, OTHER, AASTRA = "80:5e:c0:44:55:66", "80:5e:c0:44:55:77", "00:08:5d:11:22:33"
PIN = "4711"


class Office:
    """Anna and Bob; her Yealink watches him, his watches her, and an Aastra at which people log in on PISTON."""

    def __init__(self, world, platform, **device):
        self.world = world
        self.account = world.accounts.add("office", platform=platform)
        self.anna = self.user("204", "Anna", "Lee", email="anna@office.example")
        self.bob = self.user("205", "Bob", "Ray")
        self.hers = self.device("yealink-t46s", YEALINK, self.anna, **device)
        self.his = self.device("yealink-t46s", OTHER, self.bob)
        self.aastra = self.device("aastra-6731i", AASTRA, self.anna)
        self.key = self.account.blf_keys.add(self.hers, 2, self.bob)
        self.account.blf_keys.add(self.his, 3, self.anna)
        self.phones = {mac: world.phones.add(self.account.devices[mac]) for mac in (YEALINK, OTHER, AASTRA)}
        for phone in self.phones.values():
            phone.power_on()
        world.settle()
        if platform == "piston":
            self.phones[AASTRA].log_in("204", PIN)
            world.settle()

    def user(self, extension, first, last, **fields):
        return self.account.users.add(extension, first_name=first, last_name=last, voicemail_pin=PIN, **fields)

    def device(self, model, mac, owner, **fields):
        return self.account.devices.add(model=model, mac=mac, owner=owner, **fields)

    def rename(self):
        self.account.users.update(self.anna, first_name="Ann")

    def old(self):
        """(device, field) -> what it waits for."""
        devices = self.account.staleness().devices
        return {(shown.device, field.name): field.waits_for for shown in devices for field in shown.fields}

    def label(self, mac, position):
        keys = {key.name: key.label for key in self.phones[mac].keys}
        return keys[f"linekey{position}"]


@pytest.fixture
def office(world):
    return lambda platform, **device: Office(world, platform, **device)


@pytest.mark.parametrize("platform", ["jet", "piston", "netsapiens", "customer-portal", "users-page"])
def test_nobody_shows_an_old_name_before_anybody_is_renamed(office, platform):
    assert office(platform).old() == {}


@pytest.mark.parametrize("platform", ["jet", "netsapiens", "users-page"])
def test_where_files_are_live_every_phone_waits_for_a_fetch(office, platform):
    here = office(platform)
    here.rename()
    label, display = "label", "display name"
    assert here.old() == {
        (here.hers.id, label): "fetch",
        (here.hers.id, display): "fetch",
        (here.aastra.id, label): "fetch",
        (here.aastra.id, display): "fetch",
        (here.his.id, "blf 3"): "fetch",
    }
    for phone in here.phones.values():
        phone.power_cycle()
    here.world.settle()
    assert here.old() == {}
    assert here.label(OTHER, 3) == "Ann Lee"


def test_on_piston_each_waits_for_something_else(office):
    """Her file was made by the save, the Aastra's by the log-in, and his, which shows her beside a key, by nobody."""
    here = office("piston")
    here.rename()
    assert here.old() == {
        (here.hers.id, "label"): "fetch",
        (here.hers.id, "display name"): "fetch",
        (here.aastra.id, "label"): "log-in",
        (here.aastra.id, "display name"): "log-in",
        (here.his.id, "blf 3"): "save",
    }
    for phone in here.phones.values():
        phone.power_cycle()
    here.world.settle()
    assert set(here.old().values()) == {"log-in", "save"}
    here.account.devices.update(here.his)
    here.phones[OTHER].power_cycle()
    here.phones[AASTRA].log_out()
    here.world.settle()
    assert here.label(OTHER, 3) == "Ann Lee"
    assert here.old() == {}, "a phone at which nobody is logged in shows nobody's name"


def test_a_name_is_followed_from_the_pbx_to_the_screen(office):
    here = office("piston")
    here.rename()
    shown = next(shown for shown in here.account.staleness().devices if shown.device == here.hers.id)
    field = next(field for field in shown.fields if field.name == "label")
    assert (field.pbx, field.rendered, field.downloaded) == ("Ann Lee", "Ann Lee", "Anna Lee")
    assert (field.applied, field.screen, field.after) == ("Anna Lee", "Anna Lee", "Ann Lee")
    assert field.stale
    assert shown.emulated
    assert field.change.actor == "operator"


def test_the_change_that_made_it_old_is_the_first_one_since(office):
    here = office("jet")
    here.account.users.update(here.bob, email="bob@office.example")
    here.world.advance(hours=1)
    began = here.world.now
    here.account.users.update(here.bob, last_name="Roy")
    here.world.advance(hours=1)
    here.account.users.update(here.bob, last_name="Row")
    fields = [field for shown in here.account.staleness().devices for field in shown.fields]
    assert {field.pbx for field in fields} == {"Bob Row"}
    assert {_instant(field.change.time) for field in fields} == {began}


def test_a_named_device_shows_no_old_name_and_clearing_its_name_is_what_helps(office):
    here = office("jet", name="Front desk")
    here.rename()
    assert (here.hers.id, "label") not in here.old()
    found = here.account.staleness(suggest=here.hers)
    assert found.way == "rename the device + check-sync"


def test_a_phone_that_is_not_emulated_is_unknown(office):
    here = office("jet")
    here.world.phones.delete(here.phones[YEALINK])
    here.rename()
    shown = next(shown for shown in here.account.staleness().devices if shown.device == here.hers.id)
    assert not shown.emulated
    label = next(field for field in shown.fields if field.name == "label")
    assert (label.downloaded, label.applied, label.screen, label.after) == ("Anna Lee", None, None, None)
    assert label.stale, "a fetch would bring another name"
    found = here.account.staleness(suggest=here.hers)
    assert (found.way, found.tried) == ("check-sync", ())


def test_of_a_phone_that_is_not_emulated_nothing_is_said_that_nobody_knows(office):
    """Neither that it was told anything, nor a request that would go to no emulated phone."""
    here = office("jet")
    bare = here.account.devices.add(model="yealink-t46s", mac="80:5e:c0:99:99:99", owner=here.anna)
    here.rename()
    found = here.account.staleness(suggest=bare)
    assert (found.way, list(found.do)) == ("", ["It has fetched nothing yet; what it shows is unknown."])
    for login in here.anna.logins:
        here.world.end_login(login)
    here.world.phones.delete(here.phones[YEALINK])
    found = here.account.staleness(suggest=here.hers)
    assert (found.way, list(found.requests)) == ("power cycle", [])


def _instant(time):
    """In process a number of milliseconds, over HTTP a text."""
    return datetime.fromisoformat(time) if isinstance(time, str) else datetime.fromtimestamp(time / 1000, UTC)


# --- What to do about it -------------------------------------------------------------------------------------------


def test_check_sync_is_the_cheapest_where_files_are_live(office):
    here = office("jet")
    here.rename()
    found = here.account.staleness(suggest=here.hers)
    assert found.way == "check-sync"
    assert [trial.worked for trial in found.tried] == [True]
    assert len(found.requests) == 1
    assert here.old(), "it was only tried on a fork"


def test_on_piston_an_aastra_wants_a_log_in_and_a_watching_key_a_save(office):
    here = office("piston")
    here.rename()
    assert here.account.staleness(suggest=here.hers).way == "check-sync"
    assert here.account.staleness(suggest=here.aastra).way == "log out and in"
    found = here.account.staleness(suggest=here.his)
    assert found.way == "save + check-sync"
    assert found.tried[0].way == "check-sync"


def test_a_phone_that_cannot_be_reached_wants_its_power_pulled(office):
    here = office("jet")
    here.phones[YEALINK].power_off()
    here.world.advance(hours=2)
    here.phones[YEALINK].power_on()
    here.world.settle()
    for login in here.anna.logins:
        here.world.end_login(login)
    here.rename()
    assert here.account.staleness(suggest=here.hers).way == "power cycle"


@pytest.mark.parametrize("platform", ["jet", "piston"])
def test_a_label_that_the_settings_leave_alone_goes_with_a_factory_reset(office, platform):
    here = office(platform)
    here.account.devices.update(here.hers, settings={"yealink": {"account.1.label": ""}})
    here.rename()
    here.phones[YEALINK].power_cycle()
    here.world.settle()
    assert here.old()[here.hers.id, "label"] == "phone", "the phone keeps what it has"
    found = here.account.staleness(suggest=here.hers)
    assert found.way == "factory reset"
    assert found.tried[-1].label == "Ann Lee"


def test_there_is_nothing_to_suggest_for_a_phone_that_is_up_to_date(office):
    here = office("jet")
    assert here.account.staleness(suggest=here.hers).way == ""


# --- Directory, keys, and mail (C5, C7) ----------------------------------------------------------------------------


@pytest.mark.parametrize("platform", ["jet", "piston", "netsapiens", "users-page"])
def test_a_directory_follows_its_users(office, platform):
    here = office(platform)
    here.account.users.add("900", first_name="Auto", last_name="Attendant", system=True)
    here.rename()
    assert [entry.name for entry in here.account.directory] == ["Ann Lee", "Bob Ray"]
    assert here.account.staleness().directory == ()
    with pytest.raises(Refused) as refusal:
        here.account.directory.add(here.anna, "Anna")
    assert refusal.value.rule == f"{platform}.directory"


def test_a_kept_directory_and_its_keys_keep_the_old_name_until_the_service_desk_changes_them(office):
    here = office("customer-portal")
    here.rename()
    for phone in here.phones.values():
        phone.power_cycle()
    here.world.settle()
    assert [entry.name for entry in here.account.directory] == ["Anna Lee", "Bob Ray"]
    assert here.label(OTHER, 3) == "Anna Lee"
    assert here.old() == {}, "the phones show what the PBX says"
    report = here.account.staleness()
    assert [(kept.kind, kept.says, kept.now) for kept in report.directory] == [("directory", "Anna Lee", "Ann Lee")]
    assert [(kept.kind, kept.says, kept.now) for kept in report.blf_keys] == [("blf", "Anna Lee", "Ann Lee")]
    assert here.account.staleness(suggest=here.his).way == "service desk + check-sync"

    desk = here.world.acting_as(SERVICE_DESK).accounts["office"]
    desk.directory.update(report.directory[0].id, name=None)
    desk.blf_keys.update(report.blf_keys[0].id, label=None)
    here.phones[OTHER].power_cycle()
    here.world.settle()
    assert here.label(OTHER, 3) == "Ann Lee"
    report = here.account.staleness()
    assert (report.directory, report.blf_keys) == ((), ())


def test_nobody_but_the_service_desk_changes_a_kept_directory(office):
    here = office("customer-portal")
    admin = here.account.users.add("100", first_name="Ada", role="pbx-admin")
    seen = here.world.acting_as(admin).accounts["office"]
    with pytest.raises(Forbidden):
        seen.directory.update(here.account.directory["204"], name="Ann")
    with pytest.raises(Forbidden):
        seen.blf_keys.update(here.key, label="Robert")


def test_a_name_of_its_own_is_nobodys_old_name(office):
    here = office("customer-portal")
    here.account.directory.update(here.account.directory["204"], name="Reception")
    here.account.blf_keys.update(here.key, label="The boss")
    here.rename()
    here.account.users.update(here.bob, first_name="Rob")
    report = here.account.staleness()
    assert [kept.says for kept in report.directory] == ["Bob Ray"]
    assert [kept.says for kept in report.blf_keys] == ["Anna Lee"]


def test_messages_that_go_to_the_old_persons_address_are_named(office):
    here = office("customer-portal")
    assert here.account.staleness().mailboxes == ()
    here.account.users.update(here.anna, first_name="Cleo", last_name="Day")
    (kept,) = here.account.staleness().mailboxes
    assert (kept.kind, kept.says, kept.now) == ("voicemail", "anna@office.example", "Cleo Day")
    here.account.users.update(here.anna, email="cleo@office.example")
    assert [kept.says for kept in here.account.staleness().mailboxes] == ["anna@office.example"]
    here.account.mailboxes.update("204", email="cleo@office.example")
    assert here.account.staleness().mailboxes == ()


# --- Keys on phones ------------------------------------------------------------------------------------------------


def test_a_key_shows_whom_it_watches_and_goes_dark_when_it_is_deleted(office):
    here = office("jet")
    assert here.label(YEALINK, 2) == "Bob Ray"
    values = {key.name: (key.type, key.value) for key in here.phones[YEALINK].keys}
    assert values["linekey2"] == ("blf", "205")
    here.account.blf_keys.update(here.key, label="Bob, upstairs")
    here.account.devices.sync(here.hers)
    here.world.settle()
    assert here.label(YEALINK, 2) == "Bob, upstairs"
    here.account.blf_keys.delete(here.key)
    here.account.devices.sync(here.hers)
    here.world.settle()
    assert "linekey2" not in {key.name for key in here.phones[YEALINK].keys}


def test_a_key_on_an_aastra_comes_with_the_log_in_and_goes_with_the_log_out(office):
    here = office("piston")
    here.account.blf_keys.add(here.aastra, 2, here.bob)
    here.phones[AASTRA].log_out()
    here.world.settle()
    assert "prgkey2" not in {key.name for key in here.phones[AASTRA].keys}
    here.phones[AASTRA].log_in("204", PIN)
    here.world.settle()
    assert {key.name: (key.type, key.label, key.value) for key in here.phones[AASTRA].keys}["prgkey2"] == (
        "blf",
        "Bob Ray",
        "205",
    )


def test_a_phone_has_as_many_keys_as_its_model(office):
    here = office("jet")
    for position in (1, 0, 28, "2", True):
        with pytest.raises(Invalid):
            here.account.blf_keys.add(here.hers, position, here.anna)
    with pytest.raises(Invalid):
        here.account.blf_keys.add(here.aastra, 9, here.anna)
    with pytest.raises(Refused) as refusal:
        here.account.blf_keys.add(here.hers, 2, here.anna)
    assert refusal.value.rule == "pbx.blf-key.taken"
    with pytest.raises(Invalid):
        here.account.blf_keys.add(here.hers, 3, "999")
