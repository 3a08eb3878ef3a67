"""Reset, recycle, and the mails that go with them (NetSapiens): user and extension stay, what was somebody's goes.

What a reset clears is a table: an item, and what it does to a user. Nothing else of him is touched: numbers, queues and
callflows go on naming his extension, as its next holder wants it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from msgspec import UNSET

from pbxsim.core.commands import (
    DEFAULT,
    EXTRA,
    ForcePasswordReset,
    RecycleUser,
    RedeemInvitation,
    ResetItem,
    ResetUser,
    SendRecovery,
    SendWelcome,
)
from pbxsim.core.entities import NOT_FORWARDED, AppLogin, Device, Mailbox, User
from pbxsim.core.refusals import Blocker, Fault, Invalid
from pbxsim.core.rules import codes, devices, mail, mailboxes, settings, tags
from pbxsim.core.rules.common import credential, refuse, update
from pbxsim.core.state import Change

ALL: tuple[ResetItem, ...] = (*DEFAULT, *EXTRA)


def select_all(ticked: Collection[ResetItem]) -> tuple[ResetItem, ...]:
    """Select All: all options; and none of them where all were ticked already."""
    return () if set(ticked) >= set(ALL) else ALL


def reset(change: Change, command: ResetUser) -> str:
    """N4, N5, N7: what is ticked goes, and the user waits for being set up anew."""
    user = change.state.the(User, command.user)
    clear(change, user, command.clear)
    change.event("user.reset", user.id, extension=user.extension, name=user.name, cleared=tuple(sorted(command.clear)))
    tags.feed(change, user.id, "reset")
    return user.id


def recycle(change: Change, command: RecycleUser) -> str:
    """N8, N9: a reset, then the form. No portal password and no voicemail password until the new holder sets them."""
    before = change.state.the(User, command.user)
    notified = [box for box in change.state.pointing_at(before.id, Mailbox) if box.email]
    warning = lacking(change, before, command.email)
    clear(change, before, (*command.clear, *(item for item in _NEVER_KEPT if item not in command.clear)))
    user = change.state.the(User, before.id)
    fields = {"first_name": command.first_name, "last_name": command.last_name, "email": command.email}
    fields["login"] = settings.login(change, command.email, user.extension, user)
    update(change, user, fields)
    for box in notified:  # voicemail to e-mail was on, and follows the new address
        update(change, change.state.the(Mailbox, box.id), {"email": command.email})
    name = change.state.the(User, user.id).name
    change.event("user.recycled", user.id, extension=user.extension, old=before.name, name=name, warning=warning)
    tags.feed(change, user.id, "recycled")
    if command.welcome and command.email:
        mail.send(change, change.state.the(User, user.id), "welcome")
    return user.id


def force_password_reset(change: Change, command: ForcePasswordReset) -> str:
    """The old password no longer works; the mail has a link to choose another."""
    user = _with_address(change, command.user, "be asked to choose a new password")
    credential(change, user.id, "password", None)
    tags.feed(change, user.id, "forced")
    mail.send(change, user, "password-reset")
    return user.id


def send_welcome(change: Change, command: SendWelcome) -> str:
    """N3, N10: the log-in, and a link to choose a password and a PIN."""
    user = _with_address(change, command.user, "be welcomed by e-mail")
    mail.send(change, user, "welcome")
    return user.id


def send_recovery(change: Change, command: SendRecovery) -> str:
    """Somebody has forgotten his password."""
    user = _with_address(change, command.user, "be sent a new link")
    mail.send(change, user, "recovery")
    return user.id


def redeem_invitation(change: Change, command: RedeemInvitation) -> str:
    """Whoever has the link chooses the password, once."""
    user = change.state.the(User, command.user)
    codes.redeem(change, user, "invitation", command.code)
    credential(change, user.id, "password", command.password)
    if command.voicemail_pin is not UNSET:
        for box in change.state.pointing_at(user.id, Mailbox):
            credential(change, box.id, "pin", command.voicemail_pin)
    tags.credentials(change, user.id)
    return user.id


def clear(change: Change, user: User, items: Collection[str]) -> None:
    """Do what the ticked items say. Refused on platforms that do not know resets, and below the version that does."""
    allowed(change)
    if not items:
        raise Invalid([Fault("/clear", f"must name what is to be cleared: {', '.join(ALL)}")])
    for item, work in _CLEARED.items():
        if item in items:
            work(change, change.state.the(User, user.id))


def allowed(change: Change) -> None:
    """Does the account's platform reset users, in its version? Raises Refused."""
    account, needed = change.account, change.platform.reset_since
    if needed is None:
        title = f"{change.platform.title} does not reset users"
        refuse(change, "user.reset.unknown", title, "edit the user instead, or delete him and add another")
    if account.platform_version < needed:
        do = f"Bring the account to platform version {needed} or later."
        version = Blocker("platform version", account.id, str(account.platform_version), do)
        detail = f"resetting users needs platform version {needed}, and {account.id} has {account.platform_version}"
        refuse(change, "user.reset.version", "Users cannot be reset yet", detail, [version])


def lacking(change: Change, user: User, email: str) -> str:
    """What to warn about where the form has no e-mail address; '' where nothing needs one."""
    if email:
        return ""
    needs = []
    if change.platform.switched(change.account, "portal-security"):
        needs.append("portal security")
    if any(box.email for box in change.state.pointing_at(user.id, Mailbox)):
        needs.append("voicemail to e-mail")
    return f"{' and '.join(needs)} needs an e-mail address" if needs else ""


# --- What each item clears -----------------------------------------------------------------------------------------


def _name(change: Change, user: User) -> None:
    _set(change, user, first_name="", last_name="", portal_name="")


def _email(change: Change, user: User) -> None:
    """Where his messages are sent as well, unless the account says otherwise."""
    _set(change, user, email="", login=settings.login(change, "", user.extension, user))
    if change.platform.switched(change.account, "reset.voicemail-email"):
        for box in change.state.pointing_at(user.id, Mailbox):
            _set(change, box, email="")


def _password(change: Change, user: User) -> None:
    change.forget_secret(user.id, "invitation")
    if (user.id, "password") in change.state.secrets:
        credential(change, user.id, "password", None)


def _pin(change: Change, user: User) -> None:
    for box in change.state.pointing_at(user.id, Mailbox):
        if (box.id, "pin") in change.state.secrets:
            credential(change, box.id, "pin", None)
        _set(change, box, setup_done=False)


def _devices(change: Change, user: User) -> None:
    """All but the primary one; apps are devices too, and log out."""
    owned = sorted(change.state.pointing_at(user.id, Device), key=lambda device: _age(device.id))
    primary = next((device for device in owned if device.name == user.extension), None)
    if primary is None and owned and change.platform.switched(change.account, "reset.primary-device"):
        primary = owned[0]
    for device in owned:
        if device is not primary:
            devices.remove(change, device)
    for app in change.state.pointing_at(user.id, AppLogin):
        devices.end(change, app, forced=True)
    for purpose in ("setup-code:mobile", "setup-code:desktop"):
        change.forget_secret(user.id, purpose)


def _messages(change: Change, user: User) -> None:
    """New, saved and deleted ones."""
    for box in change.state.pointing_at(user.id, Mailbox):
        mailboxes.empty(change, box)


def _greetings(change: Change, user: User) -> None:
    for box in change.state.pointing_at(user.id, Mailbox):
        _set(change, box, greeting="")


def _answering_rules(change: Change, user: User) -> None:
    _set(change, user, forwarding=NOT_FORWARDED, dnd=False, ring_seconds=change.platform.ring_seconds)


def _contacts(change: Change, user: User) -> None:
    _set(change, user, contacts=())


_CLEARED: dict[str, Callable[[Change, User], None]] = {
    "name": _name,
    "email": _email,
    "password": _password,
    "voicemail-pin": _pin,
    "devices": _devices,
    "messages": _messages,
    "greetings": _greetings,
    "answering-rules": _answering_rules,
    "contacts": _contacts,
}

_NEVER_KEPT = ("password", "voicemail-pin")  # N9: of a recycled user, whatever was ticked


def _set(change: Change, entity: Any, **fields: Any) -> None:
    """Only what differs is a change: a reset has no dialog whose Save would be an event."""
    if any(getattr(entity, name) != value for name, value in fields.items()):
        update(change, entity, fields)


def _age(id_: str) -> tuple[int, str]:
    """Ids are given in order: d3 before d12."""
    return len(id_), id_


def _with_address(change: Change, id_: str, why: str) -> User:
    user = change.state.the(User, id_)
    if not user.email:
        blocker = Blocker("user", user.id, user.title, f"Give user {user.extension} an e-mail address first.")
        refuse(change, "user.no-email", f"User {user.extension} cannot {why}", "there is no e-mail address", [blocker])
    return user
