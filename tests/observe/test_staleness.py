"""Staleness is right: a name is stale exactly where restarting the phone, and logging in at it again, changes it.

Random offices of every platform, in which people are renamed, devices saved and named, settings overridden, keys
programmed, phones cycled, logged in at and changed by hand. Then one road asks, and the other tries it, phone by phone.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pbxsim import NotReady, PbxsimError, World
from pbxsim.core.entities import HotDesk, User
from pbxsim.platforms import PLATFORMS
from provisioning import models
from tests.law import law

PIN = "4711"
DEVICES = (
    ("805ec0000001", "yealink-t46s"),
    ("805ec0000002", "yealink-t54w"),
    ("00085d000003", "aastra-6731i"),
    ("00085d000004", "aastra-6867i"),
)
USERS = ("201", "202", "203")

MAC = st.sampled_from([mac for mac, _ in DEVICES])
USER = st.sampled_from(USERS)
NAME = st.sampled_from(["A", "Bé", "%NULL%", "x # y", ""])
KEY = st.integers(2, 5)
VALUE = st.sampled_from(["", "Desk 7", "%NULL%"])
SETTING = st.sampled_from(
    [
        ("yealink", "account.1.label"),
        ("yealink", "linekey.2.label"),
        ("yealink", "static.auto_provision.custom.protect"),
        ("yealink", "features.dnd.allow"),
        ("aastra", "sip line1 screen name"),
        ("aastra", "prgkey2 label"),
    ]
)
AT_PHONE = st.sampled_from(["power_on", "power_off", "power_cycle", "factory_reset", "log_out", "log_in"])

DEED = st.one_of(
    st.tuples(st.just("rename"), USER, NAME),
    st.tuples(st.just("rename the account"), NAME),
    st.tuples(st.just("save"), MAC),
    st.tuples(st.just("name"), MAC, NAME),
    st.tuples(st.just("give"), MAC, USER),
    st.tuples(st.just("set"), MAC, SETTING, VALUE),
    st.tuples(st.just("set for all"), SETTING, VALUE),
    st.tuples(st.just("key"), MAC, KEY, USER),
    st.tuples(st.just("label"), MAC, KEY, NAME),
    st.tuples(st.just("unkey"), MAC, KEY),
    st.tuples(st.just("delete"), USER),
    st.tuples(st.just("keep"), st.sampled_from(["live", "kept"])),
    st.tuples(st.just("sync"), MAC, st.sampled_from([None, True, False])),
    st.tuples(st.just("phone"), MAC, AT_PHONE, USER),
    st.tuples(st.just("by hand"), MAC, SETTING, VALUE),
    st.tuples(st.just("end logins"), USER),
    st.tuples(st.just("advance"), st.sampled_from([1, 40, 5000])),
    st.tuples(st.just("zone"), st.sampled_from(["UTC", "Australia/Sydney"])),
)


class Office:
    """An account of four phones and three users, who watch one another."""

    def __init__(self, platform: str, policy: dict[str, Any]) -> None:
        self.world = World(seed=3)
        self.account = self.world.accounts.add("acme", platform=platform, policy=policy)
        for extension, name in zip(USERS, ("Anna", "Bob", "Cleo"), strict=True):
            self.account.users.add(extension, first_name=name, voicemail_pin=PIN)
        for index, (mac, model) in enumerate(DEVICES):
            owner = USERS[index % len(USERS)]
            self.world.phones.add(self.account.devices.add(model=model, mac=mac, owner=owner)).power_on()
        self.account.blf_keys.add(DEVICES[0][0], 2, "202")
        self.account.blf_keys.add(DEVICES[3][0], 3, "201")
        self.world.settle()
        for mac, _ in DEVICES[2:]:
            self.at_phone(mac, "log_in", "202")
            self.world.settle()

    def do(self, deed: tuple[Any, ...]) -> None:
        """A refusal is an answer."""
        with suppress(PbxsimError):
            getattr(self, deed[0].replace(" ", "_"))(*deed[1:])
        self.world.settle()

    def rename(self, user: str, name: str) -> None:
        self.account.users.update(user, first_name=name)

    def rename_the_account(self, name: str) -> None:
        self.world.accounts.update("acme", name=name or "Acme")

    def save(self, mac: str) -> None:
        self.account.devices.update(mac)

    def name(self, mac: str, name: str) -> None:
        self.account.devices.update(mac, name=name)

    def give(self, mac: str, user: str) -> None:
        self.account.devices.update(mac, owner=user)

    def set(self, mac: str, setting: tuple[str, str], value: str) -> None:
        self.account.devices.update(mac, settings={setting[0]: {setting[1]: value}})

    def set_for_all(self, setting: tuple[str, str], value: str) -> None:
        self.world.accounts.update("acme", settings={setting[0]: {setting[1]: value}})

    def _key(self, mac: str, position: int) -> Any:
        device = self.account.devices[mac]
        return next(key for key in [*self.account.blf_keys, None] if key is None or _at(key, device, position))

    def key(self, mac: str, position: int, user: str) -> None:
        there = self._key(mac, position)
        if there is None:
            self.account.blf_keys.add(mac, position, user)
        else:
            self.account.blf_keys.update(there, user=user)

    def label(self, mac: str, position: int, name: str) -> None:
        if (there := self._key(mac, position)) is not None:
            self.account.blf_keys.update(there, label=name or None)

    def unkey(self, mac: str, position: int) -> None:
        if (there := self._key(mac, position)) is not None:
            self.account.blf_keys.delete(there)

    def delete(self, user: str) -> None:
        self.account.users.delete(user)

    def keep(self, what: str) -> None:
        platform = self.account.platform
        self.world.accounts.update("acme", policy=dict(self.account.policy) | {f"{platform}.directory": what})

    def sync(self, mac: str, reboot: bool | None) -> None:
        self.account.devices.sync(mac, reboot)

    def phone(self, mac: str, what: str, user: str) -> None:
        self.at_phone(mac, what, user)

    def at_phone(self, mac: str, what: str, user: str) -> None:
        phone = self.world.phones[mac]
        with suppress(NotReady):
            phone.log_in(user, PIN) if what == "log_in" else getattr(phone, what)()

    def by_hand(self, mac: str, setting: tuple[str, str], value: str) -> None:
        self.world.phones[mac].set_locally(setting[1], value)

    def end_logins(self, user: str) -> None:
        for login in self.account.users[user].logins:
            self.world.end_login(login)

    def advance(self, minutes: int) -> None:
        self.world.advance(minutes=minutes)

    def zone(self, zone: str) -> None:
        self.world.accounts.update("acme", timezone=zone)


def _at(key: Any, device: Any, position: int) -> bool:
    return bool(key.device == device.id and key.position == position)


def said(office: Office) -> set[tuple[str, str]]:
    """(MAC, field) of all that is said to be stale on the screens."""
    return {
        (office.account.devices[shown.device].mac, field.name)
        for shown in office.account.staleness().devices
        for field in shown.fields
        if field.stale and field.name != "display name"
    }


def screen(world: World, mac: str) -> dict[str, str]:
    """What can be read on a phone: the label, and beside each key."""
    phone = world.phones[mac]
    model = models.find(phone.model.name)
    labels = {key.name: key.label for key in phone.keys}
    keys = {f"blf {position}": labels.get(f"{model.key}{position}", "") for position in range(2, 6)}
    return {"label": phone.screen.label, **keys} if phone.screen.label else {}


def tried(office: Office) -> set[tuple[str, str]]:
    """(MAC, field) of all that changes when every phone is restarted and logged in at again. (Of a phone that is no
    device of the account any more, the account knows nothing.)"""
    fork = office.world.fork()
    devices = fork.accounts["acme"].devices
    up = [mac for mac, _ in DEVICES if mac in devices and fork.phones[mac].phase == "idle"]
    before = {mac: screen(fork, mac) for mac in up}
    for mac in up:
        fork.phones[mac].power_cycle()
    fork.settle()
    for mac in up:
        desks = fork.pbx.pointing_at(devices[mac].id, HotDesk)
        visitor = fork.pbx.get(User, desks[0].user) if desks else None
        if visitor is not None:
            with suppress(NotReady):
                fork.phones[mac].log_out()
                fork.settle()
            with suppress(NotReady):
                fork.phones[mac].log_in(visitor.extension, PIN)
                fork.settle()
    after = {mac: screen(fork, mac) for mac in up}
    return {(mac, name) for mac in up for name, text in before[mac].items() if after[mac].get(name, "") != text}


@given(
    platform=st.sampled_from(sorted(PLATFORMS)),
    at_save=st.booleans(),
    boot_files=st.booleans(),
    deeds=st.lists(DEED, min_size=1, max_size=12),
)
@law(60)
def test_a_name_is_stale_exactly_where_a_restart_and_a_log_in_change_it(platform, at_save, boot_files, deeds):
    policy = {f"{platform}.provisioning.boot-files": boot_files}
    if platform != "piston" and at_save:
        policy[f"{platform}.rendering"] = "at_save"
    office = Office(platform, policy)
    for deed in deeds:
        office.do(deed)
    assert said(office) == tried(office)
