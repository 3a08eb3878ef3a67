"""`transition(state, stamped) -> change`: the one step of the PBX, and the table of who handles what.

First who may (role x command x reach, in the platform's file), then the rule of the noun. Raises Refused or Invalid
with all reasons; then nothing has changed, because nothing but the returned value would have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pbxsim.core import commands as c
from pbxsim.core.entities import Account, AppLogin, Callflow, Device, HotDesk, Mailbox, Number, Queue, User, Version
from pbxsim.core.platform import Platform
from pbxsim.core.refusals import Blocker, Fault, Forbidden, Invalid, NotFound
from pbxsim.core.rules import accounts, callflows, devices, mailboxes, numbers, queues, users
from pbxsim.core.state import Change, State

Handler = Callable[[Change, Any], str]

# What the first field of a command names, and so what the command is about.
SUBJECTS: dict[str, type] = {
    "account": Account,
    "user": User,
    "device": Device,
    "callflow": Callflow,
    "version": Version,
    "number": Number,
    "queue": Queue,
    "mailbox": Mailbox,
}

HANDLERS: dict[type, Handler] = {
    c.AddAccount: accounts.add,
    c.UpdateAccount: accounts.update_account,
    c.DeleteAccount: accounts.delete,
    c.AddUser: users.add,
    c.UpdateUser: users.update_user,
    c.DeleteUser: users.delete,
    c.AddDevice: devices.add,
    c.UpdateDevice: devices.update_device,
    c.DeleteDevice: devices.delete,
    c.SyncDevice: devices.sync,
    c.AddCallflow: callflows.add,
    c.UpdateCallflow: callflows.update_callflow,
    c.DeleteCallflow: callflows.delete,
    c.ReassignCallflow: callflows.reassign,
    c.DraftVersion: callflows.draft,
    c.UpdateVersion: callflows.update_version,
    c.MakeAvailable: callflows.make_available,
    c.DeleteVersion: callflows.delete_version,
    c.AddNumber: numbers.add,
    c.UpdateNumber: numbers.update_number,
    c.ActivateNumber: numbers.activate,
    c.DeactivateNumber: numbers.deactivate,
    c.DeleteNumber: numbers.delete,
    c.AddQueue: queues.add,
    c.UpdateQueue: queues.update_queue,
    c.DeleteQueue: queues.delete,
    c.AddMember: queues.add_member,
    c.RemoveMember: queues.remove_member,
    c.LogInAgent: queues.log_in_agent,
    c.LogOutAgent: queues.log_out_agent,
    c.AddMailbox: mailboxes.add,
    c.UpdateMailbox: mailboxes.update_mailbox,
    c.DeleteMailbox: mailboxes.delete,
    c.LogInApp: devices.log_in_app,
    c.LogOutApp: devices.log_out_app,
    c.LogInAtDevice: devices.log_in_at,
    c.LogOutAtDevice: devices.log_out_at,
    c.EndLogin: devices.end_login,
}


def transition(state: State, stamped: c.Stamped, platforms: Mapping[str, Platform]) -> tuple[Change, str]:
    """Carry out a command: (the change it makes, the id it was about). Raises PbxsimError; then nothing has changed."""
    command: Any = stamped.command
    change = Change(state, stamped.now, stamped.first_id, stamped.salt)
    subject = None if type(command) is c.AddAccount else _subject(state, command)
    if subject is not None:
        account_id = subject.id if type(subject) is Account else subject.account
        change.account = state.accounts[account_id]
        change.platform = platforms[change.account.platform]
    if stamped.actor != c.OPERATOR:
        may(state, platforms, stamped.actor, command, subject)
    if subject is None:
        change.platform = _platform(platforms, command.platform)
    return change, HANDLERS[type(command)](change, command)


def _subject(state: State, command: Any) -> Any:
    """The entity that a command is about."""
    field = command.__struct_fields__[0]
    key: str = getattr(command, field)
    if field == "login":
        login = state.entities.get(key)
        if not isinstance(login, AppLogin | HotDesk | Device):
            raise NotFound("login", key, "It may have ended already.")
        return login
    return state.the(SUBJECTS[field], key)


def _platform(platforms: Mapping[str, Platform], name: str) -> Platform:
    if name not in platforms:
        raise Invalid([Fault("/platform", f"must be one of {', '.join(sorted(platforms))}, not {name!r}")])
    return platforms[name]


def may(state: State, platforms: Mapping[str, Platform], actor: c.Actor, command: Any, subject: Any) -> None:
    """Refuse what the actor's role does not reach. A user's role is a row of his own account's platform; `subject` is
    the entity that the command is about, None where it is about none. Raises Forbidden."""
    account: Any = None if subject is None else subject.id if type(subject) is Account else subject.account
    home: Any
    if actor.kind == "user":
        user = state.get(User, actor.user)
        if user is None:
            raise NotFound("user", actor.user, "Whoever acts must exist.")
        role, home = user.role, user.account
        allowed = platforms[state.accounts[home].platform].roles[role]
    else:
        role, user, home = actor.kind, None, account
        platform = min(platforms) if account is None else state.accounts[account].platform
        allowed = platforms[platform].roles[role]
    name = type(command).__name__
    reach = allowed.get(name, allowed.get("*"))
    if reach == "all" or (reach == "account" and account is not None and account == home):
        return
    if reach == "own" and user is not None and _owner(subject) == user.id:
        return
    do = "Ask an administrator of the account, or the operator."
    detail = f"role {role} has no {name}" + (" of others" if reach == "own" else "")
    raise Forbidden("pbx.role", f"{actor} may not do this", detail, [Blocker("role", role, role, do)])


def _owner(subject: Any) -> str | None:
    if type(subject) is User:
        return subject.id
    return getattr(subject, "owner", None) or getattr(subject, "user", None)
