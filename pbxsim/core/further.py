"""What else is wrong with the values of a command, where some have been found wrong by themselves.

A value such as a platform, a role or an owner can be judged only against an account; a rule does so when it carries a
command out, which a command with a wrong value never gets to. So that all faults of a body are told at once, the values
that are right by themselves are judged here. Nothing is carried out, and nothing is told to whoever may not ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import UNSET

from pbxsim.core.commands import (
    OPERATOR,
    AddAccount,
    AddDevice,
    AddUser,
    Command,
    Stamped,
    UpdateAccount,
    UpdateDevice,
    UpdateUser,
)
from pbxsim.core.entities import Account, User
from pbxsim.core.platform import Platform
from pbxsim.core.refusals import Fault, Invalid, PbxsimError
from pbxsim.core.rules import accounts, settings
from pbxsim.core.rules.common import named
from pbxsim.core.state import Change, State
from pbxsim.core.transition import may, subject_of, unknown_platform


def faults(state: State, stamped: Stamped, platforms: Mapping[str, Platform]) -> list[Fault] | None:
    """The faults of a command that `build.partly` has made; None where he who asks may not, or it is about nothing."""
    command = stamped.command
    change = Change(state, stamped.now, stamped.first_id, stamped.salt)
    try:
        subject: Any = None if type(command) is AddAccount else subject_of(state, command)
        if stamped.actor != OPERATOR:
            may(state, platforms, stamped.actor, command, subject)
    except PbxsimError:
        return None
    if type(command) is AddAccount:
        return _account(platforms, command)
    change.account = state.accounts[subject.id if type(subject) is Account else subject.account]
    change.platform = platforms[change.account.platform]
    judge = _JUDGES.get(type(command))
    return judge(change, command) if judge is not None else []


def _account(platforms: Mapping[str, Platform], command: AddAccount) -> list[Fault]:
    if not isinstance(command.platform, str):
        return []
    platform = platforms.get(command.platform)
    return [unknown_platform(platforms, command.platform)] if platform is None else accounts.wrong(platform, command)


def _changed_account(change: Change, command: UpdateAccount) -> list[Fault]:
    return accounts.wrong(change.platform, command)


def _user(change: Change, command: AddUser | UpdateUser) -> list[Fault]:
    found = _told(lambda: settings.checked(change, command))
    contacts = getattr(command, "contacts", UNSET)
    return found if contacts is UNSET else found + _told(lambda: settings.contacts(change, contacts))


def _device(change: Change, command: AddDevice | UpdateDevice) -> list[Fault]:
    owner = command.owner
    return _told(lambda: named(change, User, owner, "/owner")) if isinstance(owner, str) else []


def _told(attempt: Callable[[], object]) -> list[Fault]:
    try:
        attempt()
    except Invalid as error:
        return list(error.faults)
    return []


_JUDGES: dict[type[Command], Callable[[Change, Any], list[Fault]]] = {
    UpdateAccount: _changed_account,
    AddUser: _user,
    UpdateUser: _user,
    AddDevice: _device,
    UpdateDevice: _device,
}
