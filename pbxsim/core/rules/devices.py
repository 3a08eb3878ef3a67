"""Devices and the logins on them: records, check-sync, logging in at a phone, and ending logins.

Saving a device is an event, whatever it changed: what is rendered at a save hangs on it. A rename never sends
check-sync by itself (KAZOO sends one only if the SIP credentials changed or the save asks for it).
"""

from __future__ import annotations

from msgspec import UNSET

from pbxsim.core.commands import (
    AddDevice,
    DeleteDevice,
    EndLogin,
    LogInApp,
    LogInAtDevice,
    LogOutApp,
    LogOutAtDevice,
    SyncDevice,
    UpdateDevice,
)
from pbxsim.core.entities import AppLogin, BlfKey, Device, HotDesk, User
from pbxsim.core.logins import device_title
from pbxsim.core.masking import unmasked
from pbxsim.core.refusals import NotFound
from pbxsim.core.rules.common import named, taken, update
from pbxsim.core.state import Change


def add(change: Change, command: AddDevice) -> str:
    """Makes the device's SIP and provisioning credentials as well."""
    owner = named(change, User, command.owner, "/owner").id if command.owner is not None else None
    _mac_free(change, command.mac)
    device = Device(
        change.new_id("d"),
        change.account.id,
        command.model,
        command.mac,
        command.name,
        owner,
        unmasked(command.settings, ()),
    )
    change.put(device)
    change.keep_secret(device.id, "sip", change.token("sip", 20))
    change.keep_secret(device.id, "provisioning", change.token("provisioning", 20))
    change.event("device.added", device.id, mac=device.mac, model=device.model)
    return device.id


def update_device(change: Change, command: UpdateDevice) -> str:
    """A new MAC or model is another phone: nobody is logged in at it. What was registered stays until it expires."""
    device = change.state.the(Device, command.device)
    if command.mac is not UNSET and command.mac != device.mac:
        _mac_free(change, command.mac)
    owner = command.owner
    if isinstance(owner, str) and owner != device.owner:
        owner = named(change, User, owner, "/owner").id
    fields = {name: getattr(command, name) for name in ("model", "mac", "name", "settings")}
    if command.mac not in (UNSET, device.mac) or command.model not in (UNSET, device.model):
        for desk in change.state.pointing_at(device.id, HotDesk):
            end(change, desk)
    if fields["settings"] is not UNSET:
        fields["settings"] = unmasked(fields["settings"], device.settings)
    update(change, device, {**fields, "owner": owner})
    return device.id


def delete(change: Change, command: DeleteDevice) -> str:
    """Its registrations and whoever was logged in there go with it."""
    remove(change, change.state.the(Device, command.device))
    return command.device


def remove(change: Change, device: Device) -> None:
    """Take a device away, for its own sake or with its user."""
    for desk in change.state.pointing_at(device.id, HotDesk):
        end(change, desk)
    for key in change.state.pointing_at(device.id, BlfKey):
        change.drop(key)
    change.bind(device.id, ())
    change.drop(device)
    change.event("device.deleted", device.id, mac=device.mac, name=device_title(device))


def sync(change: Change, command: SyncDevice) -> str:
    """The world sends the NOTIFYs; without a live binding nothing is sent."""
    change.event("device.sync", command.device, reboot=command.reboot)
    return command.device


def log_in_app(change: Change, command: LogInApp) -> str:
    """The password has been checked outside."""
    login = AppLogin(change.new_id("l"), change.account.id, command.user, command.app, change.now)
    change.put(login)
    change.event("app.logged_in", command.user, app=command.app, login=login.id)
    return login.id


def log_out_app(change: Change, command: LogOutApp) -> str:
    """One app of the user, or all."""
    apps = [app for app in change.state.pointing_at(command.user, AppLogin) if command.login in (None, app.id)]
    if command.login is not None and not apps:
        raise NotFound("app login", command.login, "It may have been logged out already.")
    for app in apps:
        end(change, app)
    return command.user


def log_in_at(change: Change, command: LogInAtDevice) -> str:
    """P12. Whoever was logged in at this phone is logged out; the user is logged out elsewhere where one phone is all
    that he may have, or `override` says so."""
    for desk in change.state.pointing_at(command.device, HotDesk):
        end(change, desk)
    one_phone = change.platform.setting(change.account, "hot-desk.one-phone")
    if one_phone is not False and (command.override or one_phone):
        for desk in change.state.pointing_at(command.user, HotDesk):
            end(change, desk, forced=True)
    desk = HotDesk(change.new_id("l"), change.account.id, command.user, command.device, change.now)
    change.put(desk)
    change.event("hotdesk.logged_in", command.device, user=command.user)
    return desk.id


def log_out_at(change: Change, command: LogOutAtDevice) -> str:
    """Asks nothing; nobody logged in is no error."""
    for desk in change.state.pointing_at(command.device, HotDesk):
        end(change, desk)
    return command.device


def end_login(change: Change, command: EndLogin) -> str:
    """J3a: a phone that is still configured registers again at its next refresh; an app does not come back."""
    login = change.state.entities.get(command.login)
    if isinstance(login, AppLogin | HotDesk):
        end(change, login, forced=True)
    elif command.login in change.state.bindings:
        change.bind(command.login, ())
        change.event("device.unregistered", command.login, why="ended by support")
    else:
        raise NotFound("login", command.login, "It may have ended already.")
    return command.login


def end(change: Change, login: AppLogin | HotDesk, forced: bool = False) -> None:
    """A login ends. `forced`: by somebody else, so that the phone must be told."""
    change.drop(login)
    if isinstance(login, HotDesk):
        change.event("hotdesk.logged_out", login.device, user=login.user, forced=forced)
    else:
        change.event("app.logged_out", login.user, app=login.app, login=login.id)


def _mac_free(change: Change, mac: str) -> None:
    holder = change.state.get(Device, change.state.find("mac", "", mac))
    name = device_title(holder) if holder else ""
    if holder is not None and holder.account != change.account.id:
        name = "of another account"
    taken(change, "mac", holder, "The MAC address is in use", name)
