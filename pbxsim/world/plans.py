"""From the PBX's state to the plan of one device: what the provisioning server is to tell it.

Here the PBX's rules about labels, rendering and log-ins become plain data. Label on every platform: the device's name
if it is not blank, else the user's, else the account's (KAZOO for PISTON, decided elsewhere).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from immutables import Map

from pbxsim.core import further
from pbxsim.core.build import partly
from pbxsim.core.commands import (
    Actor,
    AddAccount,
    AddBlfKey,
    AddDevice,
    AddRequest,
    Command,
    Stamped,
    UpdateAccount,
    UpdateBlfKey,
    UpdateDevice,
)
from pbxsim.core.directory import label_of
from pbxsim.core.entities import Account, BlfKey, Device, HotDesk, User
from pbxsim.core.logins import device_title, mailbox_of
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.rules.requests import partly_wanted, wanted
from pbxsim.core.state import Change, State
from pbxsim.world.state import Made, Nature, Planned
from provisioning import models
from provisioning.identify import Claim
from provisioning.messages import Downloaded
from provisioning.plan import Key, Line, LogIn, Mode, Plan
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
        base_url=_address(origin or nature.origin, nature.prefix, account.key),
        mode=mode(nature, pbx, device),
        lines=(line(nature, pbx, account, device, pbx.get(User, device.owner)),),
        keys=keys(pbx, device),
        utc_offset=nature.offset(account.timezone, now),
        boot_files=platform.switched(account, "provisioning.boot-files"),
        account_settings=dict(account.settings).get(vendor, ()),
        device_settings=dict(device.settings).get(vendor, ()),
        log_in=log_in,
    )


def staging(nature: Nature, pbx: State, device: Device) -> tuple[str, str, str]:
    """What an installer enters on a phone: the server's address, user name and password."""
    account = pbx.accounts[device.account]
    address = _address(nature.origin, nature.prefix, account.key)
    return address, device.mac, pbx.secrets[device.id, "provisioning"]


@lru_cache(maxsize=256)
def _address(origin: str, prefix: str, key: str) -> str:
    """An account's place on the server: the same text for all of its devices."""
    return f"{origin}{prefix}{key}/"


def mode(nature: Nature, pbx: State, device: Device) -> Mode:
    """When the device's own file is rendered: a row of its account's platform."""
    account = pbx.accounts[device.account]
    return nature.platforms[account.platform].renders(account, device.model.partition("-")[0])


def label(nature: Nature, account: Account, device: Device, user: User | None, visiting: bool = False) -> str:
    """What the idle screen is to show; a visitor's name is always his."""
    theirs, name = user.name if user else "", device.name.strip()
    if visiting or (theirs and nature.platforms[account.platform].setting(account, "label") == "user"):
        name = ""
    return name or theirs or account.name


def keys(pbx: State, device: Device) -> tuple[Key, ...]:
    """All keys that were ever programmed: a phone may have to be told that one is no longer."""
    if device.last_key < 2:
        return ()
    there = {key.position: key for key in pbx.pointing_at(device.id, BlfKey)}
    return tuple(_key(pbx, position, there.get(position)) for position in range(2, device.last_key + 1))


def _key(pbx: State, position: int, key: BlfKey | None) -> Key:
    user = pbx.get(User, key.user) if key is not None else None
    if key is None or user is None:
        return Key(position)
    return Key(position, user.extension, label_of(pbx, key))


def line(
    nature: Nature, pbx: State, account: Account, device: Device, user: User | None, visiting: bool = False
) -> Line:
    """The device's one line. Its SIP account is the device's own, whoever it is for."""
    text = label(nature, account, device, user, visiting)
    return Line(
        label=text,
        display_name=text,
        user_name=device.id,
        auth_name=device.id,
        password=pbx.secrets[device.id, "sip"],
        extension=user.extension if user else "",
        server=account.realm,
        expires=nature.platforms[account.platform].registration_seconds(account),
        voicemail=VOICEMAIL,
    )


def besides(
    nature: Nature, pbx: State, now: int, type_: type[Command], values: Mapping[str, Any], actor: Actor
) -> list[Fault]:
    """What else is wrong with values that `build` has found faults in: what they mean here, to the PBX and to the
    server's tables. Nothing for whoever may not ask."""
    command = partly(type_, values)
    found = further.faults(pbx, Stamped(command, actor, now, 0), nature.platforms)
    return [] if found is None else found + faults(command)


_CHECKED = frozenset((AddAccount, UpdateAccount, AddDevice, UpdateDevice))


def faults(command: Command) -> list[Fault]:
    """What the core cannot see: it knows no phone models and no vendor's keys; the server's tables do."""
    if isinstance(command, AddRequest):
        try:
            asked = wanted(command.account, command.kind, command.wanted)
        except Invalid:  # as the request's own handler will say: here is what it does not see
            asked = partly_wanted(command.account, command.kind, command.wanted)
        return [Fault(f"/wanted{fault.pointer}", fault.message) for fault in faults(asked)] if asked else []
    if type(command) not in _CHECKED:
        return []
    found = []
    if isinstance(command, AddDevice | UpdateDevice) and isinstance(command.model, str):
        try:
            models.find(command.model)
        except LookupError as error:
            found.append(Fault("/model", str(error.args[0])))
    settings = dict(command.settings or ())  # type: ignore[attr-defined]
    for name, vendor in VENDORS.items():
        found += [
            Fault(f"/settings/{name}/{key}", f"is no configuration key of {name}")
            for key, _ in settings.get(name, ())
            if not vendor.is_key(key)
        ]
    return found


def check(command: Command, change: Change, id_: str) -> None:
    """What only the command's outcome shows: a phone has as many keys as its model. Raises Invalid."""
    if not isinstance(command, AddBlfKey | UpdateBlfKey):
        return
    pbx = change.state
    key = pbx.the(BlfKey, id_)
    model = models.find(pbx.the(Device, key.device).model)
    last = model.positions
    if last < 2:
        raise Invalid([Fault("/position", f"is no key of a {model.name}, which has none beside its line's")])
    if key.position > last:
        raise Invalid([Fault("/position", f"must be 2 to {last} on a {model.name}, not {key.position}")])


def answer(nature: Nature, pbx: State, now: int, claim: Claim, origin: str) -> Plan | None:
    """What a plan source says to a claim: the device's plan, or None where that account has no such device."""
    device = pbx.get(Device, pbx.find("mac", "", claim.username))
    if device is None or pbx.accounts[device.account].key != claim.account:
        return None
    if claim.page == "login":
        return plan(nature, pbx, now, device, _log_in(nature, pbx, now, device, claim), origin)
    # A phone asks for several files in a row, and a site for many: as long as what a plan is made of is the very same,
    # so is the plan. One is remembered for each device, wherever it was asked for: the Host header is whatever somebody
    # sends, and must not decide how much is kept.
    at = _at(origin, nature.prefix, now // 900_000)
    known = nature.planned.get(device.id)
    if known is None or known.at != at or not known.made.current(pbx):
        made = plan(nature, pbx, now, device, None, origin)
        own = VENDORS[models.find(device.model).vendor].own_file(device.mac)
        known = Planned(made_of(pbx, device, made.utc_offset), at, made, own)
        nature.planned[device.id] = known
    return known.plan


@lru_cache(maxsize=64)
def _at(origin: str, prefix: str, quarter: int) -> tuple[str, int]:
    return origin + prefix, quarter


def made_of(pbx: State, device: Device, offset: int) -> Made:
    """What a device's files are made of now."""
    pointing = pbx.references.get(device.id, ())
    named: list[Any] = []
    for id_ in pointing:
        one: Any = pbx.entities[id_]
        user = pbx.get(User, one.user)
        named += (one,) if user is None else (one, user)
    return Made(device, pbx.get(User, device.owner), pbx.accounts[device.account], offset, pointing, tuple(named))


def told(nature: Nature, before: Map[str, Made], rendered: Map[str, Made], download: Downloaded) -> Map[str, Made]:
    """What devices have been told, after a download that `answer` has just made: a device's own file was made now, or
    when it was frozen (of one that is older than this process, nobody knows what it was made of)."""
    device = download.device
    known = nature.planned[device]
    if download.name != known.own:
        return before
    made = known.made if known.plan.mode == "live" else rendered.get(device)
    if before.get(device) is made:  # as at nearly every boot
        return before
    return before.set(device, made) if made is not None else before.delete(device)


def _log_in(nature: Nature, pbx: State, now: int, device: Device, claim: Claim) -> LogIn:
    """P12: any user of the account, with extension and voicemail PIN. In use means logged in at another such phone: a
    desk phone that is merely registered for the user does not count. Each of these is a switch."""
    user = pbx.get(User, pbx.find("extension", device.account, claim.extension))
    box = mailbox_of(pbx, user) if user else None
    verifier: Any = pbx.secrets.get((box.id, "pin")) if box else None
    if user is None or not verifier or not nature.verify(claim.pin, verifier):
        return LogIn("wrong")
    account = pbx.accounts[device.account]
    platform = nature.platforms[account.platform]
    if device.owner not in (None, user.id) and platform.setting(account, "hot-desk.anybody") is False:
        return LogIn("wrong")
    if not claim.override and platform.setting(account, "hot-desk.one-phone") is not False:
        waiting = int(platform.setting(account, "hot-desk.unregistered-seconds") or 0) * 1000
        for desk in pbx.pointing_at(user.id, HotDesk):
            if desk.device != device.id:
                where = device_title(pbx.the(Device, desk.device))
                fresh = desk.device not in pbx.bindings and now - desk.since < waiting
                return LogIn("unregistered" if fresh else "in_use", user.id, where=where)
        if platform.setting(account, "hot-desk.in-use") == "registered":
            for other in pbx.pointing_at(user.id, Device):
                if other.id != device.id and other.id in pbx.bindings:
                    return LogIn("in_use", user.id, where=device_title(other))
    return LogIn("ok", user.id, line(nature, pbx, account, device, user, visiting=True))
