"""From the PBX's state to the plan of one device: what the provisioning server is to tell it.

Here the PBX's rules about labels, rendering and log-ins become plain data. Label on every platform: the device's name
if it is not blank, else the user's, else the account's (KAZOO for PISTON, decided elsewhere).
"""

from __future__ import annotations

from typing import Any

from pbxsim.core.commands import AddAccount, AddDevice, Command, UpdateAccount, UpdateDevice
from pbxsim.core.entities import Account, Device, HotDesk, User
from pbxsim.core.logins import device_title, mailbox_of
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.state import State
from pbxsim.world.state import Nature, Planned
from provisioning import models
from provisioning.identify import Claim
from provisioning.plan import Line, LogIn, Mode, Plan
from provisioning.vendors import VENDORS

VOICEMAIL = "*97"  # KAZOO's feature code for one's own mailbox


def plan(nature: Nature, pbx: State, now: int, device: Device, log_in: LogIn | None = None, origin: str = "") -> Plan:
    """The plan of a device as the PBX is now. `origin` is where the server was asked (scheme and host)."""
    account = pbx.accounts[device.account]
    platform = nature.platforms[account.platform]
    vendor = device.model.partition("-")[0]
    return Plan(
        device=device.id,
        account=account.key,
        mac=device.mac,
        model=device.model,
        username=device.mac,
        password=pbx.secrets[device.id, "provisioning"],
        base_url=f"{origin or nature.origin}{nature.prefix}{account.key}/",
        mode=mode(nature, pbx, device),
        lines=(line(nature, pbx, account, device, pbx.get(User, device.owner)),),
        utc_offset=nature.offset(account.timezone, now),
        boot_files=platform.switched(account, "provisioning.boot-files"),
        account_settings=dict(account.settings).get(vendor, ()),
        device_settings=dict(device.settings).get(vendor, ()),
        log_in=log_in,
    )


def mode(nature: Nature, pbx: State, device: Device) -> Mode:
    """When the device's own file is rendered: a row of its account's platform."""
    rendering = nature.platforms[pbx.accounts[device.account].platform].rendering
    return rendering.get(device.model.partition("-")[0]) or rendering["*"]


def line(
    nature: Nature, pbx: State, account: Account, device: Device, user: User | None, visiting: bool = False
) -> Line:
    """The device's one line. Its SIP account is the device's own, whoever it is for; a visitor's name is always his."""
    label = (user.name if user else "") or account.name
    if not visiting:
        label = device.name.strip() or label
    return Line(
        label=label,
        display_name=label,
        user_name=device.id,
        auth_name=device.id,
        password=pbx.secrets[device.id, "sip"],
        extension=user.extension if user else "",
        server=account.realm,
        expires=nature.platforms[account.platform].registration_seconds(account),
        voicemail=VOICEMAIL,
    )


_CHECKED = frozenset((AddAccount, UpdateAccount, AddDevice, UpdateDevice))


def check(command: Command) -> None:
    """The core knows no phone models and no vendor's keys; the server's tables do. Raises Invalid."""
    if type(command) not in _CHECKED:
        return
    faults = []
    if isinstance(command, AddDevice | UpdateDevice) and isinstance(command.model, str):
        try:
            models.find(command.model)
        except LookupError as error:
            faults.append(Fault("/model", str(error.args[0])))
    settings = dict(command.settings or ())  # type: ignore[attr-defined]
    for name, vendor in VENDORS.items():
        faults += [
            Fault(f"/settings/{name}/{key}", f"is no configuration key of {name}")
            for key, _ in settings.get(name, ())
            if not vendor.is_key(key)
        ]
    if faults:
        raise Invalid(faults)


def answer(nature: Nature, pbx: State, now: int, claim: Claim, origin: str) -> Plan | None:
    """What a plan source says to a claim: the device's plan, or None where that account has no such device."""
    device = pbx.get(Device, pbx.find("mac", "", claim.username))
    if device is None or pbx.accounts[device.account].key != claim.account:
        return None
    if claim.page == "login":
        return plan(nature, pbx, now, device, _log_in(nature, pbx, device, claim), origin)
    # A phone asks for several files in a row, and a site for many: as long as what a plan is made of is the very same,
    # so is the plan. One is remembered for each device, wherever it was asked for: the Host header is whatever somebody
    # sends, and must not decide how much is kept.
    owner, account = pbx.get(User, device.owner), pbx.accounts[device.account]
    at = (origin + nature.prefix, now // 900_000)
    known = nature.planned.get(device.id)
    if (
        known is None
        or known.at != at
        or not (known.device is device and known.owner is owner and known.account is account)
    ):
        known = Planned(device, owner, account, at, plan(nature, pbx, now, device, None, origin))
        nature.planned[device.id] = known
    return known.plan


def _log_in(nature: Nature, pbx: State, device: Device, claim: Claim) -> LogIn:
    """P12: any user of the account, with extension and voicemail PIN. In use means logged in at another such phone: a
    desk phone that is merely registered for the user does not count."""
    user = pbx.get(User, pbx.find("extension", device.account, claim.extension))
    box = mailbox_of(pbx, user) if user else None
    verifier: Any = pbx.secrets.get((box.id, "pin")) if box else None
    if user is None or not verifier or not nature.verify(claim.pin, verifier):
        return LogIn("wrong")
    if not claim.override:
        for desk in pbx.pointing_at(user.id, HotDesk):
            if desk.device != device.id:
                return LogIn("in_use", user.id, where=device_title(pbx.the(Device, desk.device)))
    account = pbx.accounts[device.account]
    return LogIn("ok", user.id, line(nature, pbx, account, device, user, visiting=True))
