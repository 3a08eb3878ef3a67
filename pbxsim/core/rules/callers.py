"""Who calls: a user, whoever is at a device, or somebody outside."""

from __future__ import annotations

from pbxsim.core.calls import Caller
from pbxsim.core.entities import Account, Device, User
from pbxsim.core.logins import device_title, visitor
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.rules.common import resolve
from pbxsim.core.state import State
from pbxsim.core.values import e164


def caller_of(state: State, account: Account, from_: str) -> Caller:
    """Who that is: a user, a device, or somebody outside. Raises Invalid."""
    if not from_:
        return Caller("anonymous")
    user = resolve(state, account.id, User, from_)
    if user is not None:
        return Caller(user.extension, user.name, user.id)
    device = resolve(state, account.id, Device, from_)
    if device is not None:
        return at_device(state, device)
    try:
        return Caller(e164(from_, account.country))
    except ValueError as error:
        known = f"names no user or device of account {account.id}, and as a telephone outside it {error}"
        raise Invalid([Fault("/from_", known)]) from None


def at_device(state: State, device: Device, call: str = "", invite: int = 0) -> Caller:
    """Who calls from a device: whoever is logged in there, else its owner, else the device by its name."""
    user = visitor(state, device) or state.get(User, device.owner)
    if user is None:
        return Caller(device.id, device_title(device), "", device.id, call, invite)
    return Caller(user.extension, user.name, user.id, device.id, call, invite)
