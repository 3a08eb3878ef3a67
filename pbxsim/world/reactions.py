"""What the PBX's events set off outside it: files that are rendered at a save, NOTIFYs, files that go.

One row for each kind of event that sets anything off, in the table at the end. A rename has no row of its own: whether
it reaches a phone follows from what was saved, and from when the phone fetches.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pbxsim.core.entities import BlfKey, Device
from pbxsim.core.state import NOTHING, Event
from pbxsim.world import plans, presence, sip, web
from pbxsim.world.state import Files
from provisioning import models
from provisioning.respond import saved
from provisioning.vendors import VENDORS

if TYPE_CHECKING:
    from pbxsim.world.run import Run


def _device_saved(run: Run, event: Event) -> None:
    """Another phone in a device's place has none of the old one's files; and a save is a save."""
    if event.kind == "device.updated" and {"mac", "model"} & dict(event.detail).keys():
        _device_deleted(run, event)
    device = run.pbx.get(Device, event.subject)
    if device is not None:
        _render(run, device)


def _user_saved(run: Run, event: Event) -> None:
    """Saving a user saves the devices he owns; whoever watches his old extension hears no more of it."""
    if event.subject in run.pbx.watchers:
        presence.renumbered(run, event.subject)
    for device in run.pbx.pointing_at(event.subject, Device):
        _render(run, device)


def _render(run: Run, device: Device) -> None:
    """PISTON writes a device's file at each save; elsewhere a save writes nothing."""
    if plans.mode(run.nature, run.pbx, device) == "at_save":
        plan = plans.plan(run.nature, run.pbx, run.now, device)
        web.follow(run, saved(plan, Files(run.files), run.now))


def _key_saved(run: Run, event: Event) -> None:
    """A key is a part of its device: saving it saves the device."""
    key = run.pbx.get(BlfKey, event.subject)
    device = run.pbx.get(Device, key.device if key is not None else dict(event.detail)["device"])
    if device is not None:
        _render(run, device)


def _sync(run: Run, event: Event) -> None:
    """check-sync to each live binding; no binding, nothing sent."""
    suffix = {None: "", True: ";reboot=true", False: ";reboot=false"}[dict(event.detail)["reboot"]]
    for binding in run.pbx.bindings.get(event.subject, ()):
        sip.notify(run, binding, f"check-sync{suffix}")


def _device_deleted(run: Run, event: Event) -> None:
    for name in sorted(run.files.get(event.subject, NOTHING)):
        web.drop_file(run, event.subject, name)


def _logged_out(run: Run, event: Event) -> None:
    """Somebody else ended a log-in at a phone: its file goes and it is told to start anew (public log-in scripts delete
    the file, then send check-sync; with a reboot, because a plain one compares files that the log-in never fetched)."""
    presence.seated(run, event.subject)
    device = run.pbx.get(Device, event.subject)
    if device is None or plans.mode(run.nature, run.pbx, device) != "at_login":
        return  # a hot desk by feature code (P11): calls go elsewhere, its configuration stays as it is
    if dict(event.detail)["forced"]:
        web.drop_file(run, device.id, VENDORS[models.find(device.model).vendor].own_file(device.mac))
        account = run.pbx.accounts[device.account]
        reboots = run.nature.platforms[account.platform].setting(account, "hot-desk.reboot") is not False
        for binding in run.pbx.bindings.get(device.id, ()):
            sip.notify(run, binding, "check-sync;reboot=true" if reboots else "check-sync")


def _user_deleted(run: Run, event: Event) -> None:
    if event.subject in run.pbx.watchers:
        presence.renumbered(run, event.subject)


def _messages_changed(run: Run, event: Event) -> None:
    """The message lamp of whoever's mailbox it is."""
    presence.moved(run, dict(event.detail)["mailbox"])


def _logged_in(run: Run, event: Event) -> None:
    presence.seated(run, event.subject)


REACTIONS: dict[str, Callable[[Run, Event], None]] = {
    "device.added": _device_saved,
    "device.updated": _device_saved,
    "user.updated": _user_saved,
    "device.sync": _sync,
    "blf_key.added": _key_saved,
    "blf_key.updated": _key_saved,
    "blf_key.deleted": _key_saved,
    "device.deleted": _device_deleted,
    "hotdesk.logged_in": _logged_in,
    "hotdesk.logged_out": _logged_out,
    "message.left": _messages_changed,
    "message.moved": _messages_changed,
    "message.deleted": _messages_changed,
    "user.deleted": _user_deleted,
}
