"""What the PBX itself serves over the telephone: hot desks (P11) and one's own mailbox (P10).

A turn takes what the caller has typed so far and says what has become of it: (the call, what happened or '', is that
all?). Fields end with #, as KAZOO's prompts have it. What was typed may be a PIN: no text here repeats it.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import UNSET, UnsetType, structs

from pbxsim.core.calls import LiveCall
from pbxsim.core.commands import LogInAtDevice, LogInMailbox, LogOutAtDevice
from pbxsim.core.entities import Device, HotDesk, Mailbox, Step, User
from pbxsim.core.logins import device_title, mailbox_of
from pbxsim.core.rules import devices, mailboxes
from pbxsim.core.rules.common import resolve
from pbxsim.core.state import Change
from pbxsim.core.values import pin as parse_pin

Turn = tuple[LiveCall, str, bool]


def noted(call: LiveCall, at: str, name: str, what: str) -> LiveCall:
    """The call with one more step."""
    return structs.replace(call, steps=(*call.steps, Step(at, name, what)))


def hot_desk(change: Change, call: LiveCall, action: str) -> Turn:
    """*11 asks for extension and PIN, *12 for nothing, *13 is one or the other. Routing moves to the device; its
    configuration and its label do not change."""
    device = change.state.get(Device, call.caller.device)
    if device is None:
        return call, "the call comes from no desk phone", True
    there = change.state.pointing_at(device.id, HotDesk)
    if action == "log-out" or (action == "toggle" and there and not call.digits):
        devices.log_out_at(change, LogOutAtDevice(device.id))
        return call, f"logged out at {device_title(device)}" if there else "nobody was logged in here", True
    if call.digits.count("#") < 2:
        return call, "", False
    extension, pin, rest = call.digits.split("#", 2)
    user = resolve(change.state, change.account.id, User, extension)
    box = mailbox_of(change.state, user) if user is not None else None
    verifier = change.secrets.get((box.id, "pin")) if box is not None else None
    if user is None or not verifier or not change.outside.verify(pin, verifier):
        return _again(call, rest), "wrong extension or PIN", False
    devices.log_in_at(change, LogInAtDevice(device.id, user.id, override=True))
    return call, f"{user.title} is logged in at {device_title(device)}", True


def mailbox(change: Change, call: LiveCall, action: str) -> Turn:
    """The owner's own phone needs no PIN. Where the mailbox is not set up the wizard wants a new PIN, and the standard
    greeting is what it gets; then the caller listens until he hangs up."""
    user = change.state.get(User, call.caller.user)
    box = mailbox_of(change.state, user) if user is not None else None
    if box is None:
        return call, "the mailbox has been deleted", True
    if call.box == box.id:
        return structs.replace(call, digits=""), "", False  # he listens
    if not mailboxes.set_up_asked(change, box):
        return _listens(change, call, box, UNSET), "the caller is logged in", False
    if "#" not in call.digits:
        return call, "", False
    typed, _, rest = call.digits.partition("#")
    try:
        pin = change.outside.conceal(parse_pin(typed))
    except ValueError as error:
        return _again(call, rest), f"the set-up wizard refuses the PIN: it {error}", False
    return _listens(change, call, box, pin), "the set-up wizard has a new PIN, and the standard greeting", False


def _listens(change: Change, call: LiveCall, box: Mailbox, pin: str | UnsetType) -> LiveCall:
    greeting = UNSET if pin is UNSET else ""  # the wizard's: who was here before is greeted no longer
    mailboxes.log_in(change, LogInMailbox(box.id, new_pin=pin, greeting=greeting))
    return structs.replace(call, box=box.id, digits="")


def _again(call: LiveCall, rest: str) -> LiveCall:
    return structs.replace(call, digits=rest, attempts=call.attempts + 1)


SERVICES: dict[str, tuple[str, Callable[[Change, LiveCall, str], Turn]]] = {
    "log-in": ("hot desk", hot_desk),
    "log-out": ("hot desk", hot_desk),
    "toggle": ("hot desk", hot_desk),
    "voicemail": ("mailbox", mailbox),
}
