"""`transition(state, stamped) -> change`: the one step of the PBX, and the table of who handles what.

First who may (role x command x reach, in the platform's file), then the rule of the noun. Raises Refused or Invalid
with all reasons; then nothing has changed, because nothing but the returned value would have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from msgspec import UNSET

from pbxsim.core import commands as c
from pbxsim.core.calls import NOWHERE, LiveCall, Outside
from pbxsim.core.entities import (
    Account,
    AppLogin,
    BlfKey,
    Callflow,
    Device,
    DirectoryEntry,
    HotDesk,
    Job,
    Mail,
    Mailbox,
    Message,
    Number,
    Queue,
    Request,
    User,
    Version,
)
from pbxsim.core.platform import Platform, Role
from pbxsim.core.refusals import Blocker, Fault, Forbidden, Invalid, NotFound
from pbxsim.core.rules import (
    accounts,
    apps,
    callflows,
    calls,
    devices,
    directory,
    imports,
    jobs,
    mail,
    mailboxes,
    numbers,
    queues,
    requests,
    reset,
    users,
)
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
    "message": Message,
    "request": Request,
    "mail": Mail,
    "call": LiveCall,
    "job": Job,
    "entry": DirectoryEntry,
    "blf_key": BlfKey,
}

HANDLERS: dict[type, Handler] = {
    c.AddAccount: accounts.add,
    c.UpdateAccount: accounts.update_account,
    c.DeleteAccount: accounts.delete,
    c.AddUser: users.add,
    c.UpdateUser: users.update_user,
    c.UpdateLogin: users.update_login,
    c.ImportUsers: imports.import_users,
    c.DeleteUser: users.delete,
    c.AddRequest: requests.add,
    c.FulfilRequest: requests.fulfil,
    c.RejectRequest: requests.reject,
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
    c.LogInMailbox: mailboxes.log_in,
    c.MoveMessage: mailboxes.move_message,
    c.DeleteMessage: mailboxes.delete_message,
    c.LogInApp: devices.log_in_app,
    c.LogOutApp: devices.log_out_app,
    c.LogInAtDevice: devices.log_in_at,
    c.LogOutAtDevice: devices.log_out_at,
    c.EndLogin: devices.end_login,
    c.MakeSetupCode: apps.make_setup_code,
    c.RedeemSetupCode: apps.redeem_setup_code,
    c.ResetUser: reset.reset,
    c.RecycleUser: reset.recycle,
    c.ForcePasswordReset: reset.force_password_reset,
    c.SendWelcome: reset.send_welcome,
    c.SendRecovery: reset.send_recovery,
    c.RedeemInvitation: reset.redeem_invitation,
    c.PlaceCall: calls.place,
    c.AnswerCall: calls.answer,
    c.HangUpCall: calls.hang_up,
    c.PressDigits: calls.press,
    c.RecordDelivery: mail.record_delivery,
    c.StartJob: jobs.start,
    c.ConfirmJob: jobs.confirm,
    c.CancelJob: jobs.cancel,
    c.StepJob: jobs.step,
    c.AddDirectoryEntry: directory.add_entry,
    c.UpdateDirectoryEntry: directory.update_entry,
    c.DeleteDirectoryEntry: directory.delete_entry,
    c.AddBlfKey: directory.add_key,
    c.UpdateBlfKey: directory.update_key,
    c.DeleteBlfKey: directory.delete_key,
}


def transition(
    state: State, stamped: c.Stamped, platforms: Mapping[str, Platform], outside: Outside = NOWHERE
) -> tuple[Change, str]:
    """Carry out a command: (the change it makes, the id it was about). Raises PbxsimError; then nothing has changed."""
    command: Any = stamped.command
    change = Change(state, stamped.now, stamped.first_id, stamped.salt)
    change.actor = stamped.actor
    change.outside = outside
    subject = None if type(command) is c.AddAccount else subject_of(state, command)
    if subject is not None:
        account_id = subject.id if type(subject) is Account else subject.account
        change.account = state.accounts[account_id]
        change.platform = platforms[change.account.platform]
    if stamped.actor != c.OPERATOR:
        may(state, platforms, stamped.actor, command, subject)
    if subject is None:
        change.platform = _platform(platforms, command.platform)
    return change, HANDLERS[type(command)](change, command)


def subject_of(state: State, command: Any) -> Any:
    """The entity that a command is about. Raises NotFound."""
    field = command.__struct_fields__[0]
    key: str = getattr(command, field)
    if field == "login":
        login = state.entities.get(key)
        if not isinstance(login, AppLogin | HotDesk | Device):
            raise NotFound("login", key, "It may have ended already.")
        return login
    if field == "call":
        call = state.calls.get(key)
        if call is None:
            raise NotFound("call", key, "It may be over already: see the call records.")
        return call
    return state.the(SUBJECTS[field], key)


def _platform(platforms: Mapping[str, Platform], name: str) -> Platform:
    if name not in platforms:
        raise Invalid([unknown_platform(platforms, name)])
    return platforms[name]


def unknown_platform(platforms: Mapping[str, Platform], name: str) -> Fault:
    """No hosted PBX has that name."""
    return Fault("/platform", f"must be one of {', '.join(sorted(platforms))}, not {name!r}")


def may(state: State, platforms: Mapping[str, Platform], actor: c.Actor, command: Any, subject: Any) -> None:
    """Refuse what the actor's role does not reach. A user's role is a row of his own account's platform; `subject` is
    the entity that the command is about, None where it is about none. Raises Forbidden."""
    account: Any = None if subject is None else subject.id if type(subject) is Account else subject.account
    user: User | None = None
    if actor.kind == "user":
        user = state.get(User, actor.user)
        if user is None:
            raise NotFound("user", actor.user, "Whoever acts must exist.")
        home = state.accounts[user.account]
        platform, role = platforms[home.platform], user.role
    else:
        platform = platforms[min(platforms) if account is None else state.accounts[account].platform]
        role = actor.kind
    standing = _Standing(state, platform, role, user)
    name = type(command).__name__
    if user is not None and name in platform.by_portal and not user.portal_access:
        _let_in(platform, home, user)
    withheld = standing.withheld(command, subject, account)
    if not withheld and user is not None and account and platform.frees(state.accounts[account], user.account):
        return
    reach = standing.reach(name)
    if not standing.reaches(name, command, subject, account):
        if name in platform.requests and standing.reaches("AddRequest", command, subject, account):
            raise _asked_for(platform, name, str(account))
        raise standing.forbidden(f"may not {platform.asks(name)}{' but his own' * (reach == 'own')}")
    for field, right in platform.guarded.get(name, NO_FIELDS).items():
        value = getattr(command, field)
        if value is UNSET or value == getattr(subject, field, UNSET):
            continue
        if not standing.reaches(right, command, subject, account):
            raise standing.forbidden(f"may not {platform.asks(name)}: not their {platform.word(field)}")
    if withheld:
        raise standing.forbidden(f"has no say over {platform.word(withheld)}, which stands above it")


def _let_in(platform: Platform, home: Account, user: User) -> None:
    """C4: whom the portal does not let in asks nothing of it. Raises Forbidden."""
    if not platform.switched(home, "portal-access"):
        return
    access = platform.word("portal_access")
    blocker = Blocker(
        "user",
        user.id,
        user.title,
        f"Let an administrator of the account switch {access} on for {user.title}.",
        ("PATCH", f"/api/v1/accounts/{home.id}/users/{user.id}/login"),
    )
    rule = platform.rule("portal-access")
    raise Forbidden(rule, f"{user.title} has no {access}", f"{access} is switched off for {user.title}", [blocker])


def _asked_for(platform: Platform, command: str, account: str) -> Forbidden:
    """C6: what is not his to do is asked of the service desk."""
    desk = platform.word("service-desk")
    kind = REQUEST_KINDS.get(command, "other")
    blocker = Blocker(
        "request",
        kind,
        desk,
        f"File a {platform.word('request')}: the {desk} does it, or says why not.",
        ("POST", f"/api/v1/accounts/{account}/requests"),
        (("wish", kind),),
    )
    return Forbidden(
        platform.rule("request"),
        f"This is asked of the {desk}",
        f"customers do not {platform.asks(command)} themselves",
        [blocker],
    )


# command -> the kind of request that asks for it
REQUEST_KINDS: Mapping[str, str] = {
    "AddUser": "add-user",
    "DeleteUser": "delete-user",
    "AddDevice": "add-device",
    "DeleteDevice": "delete-device",
    "UpdateDirectoryEntry": "update-directory-entry",
    "UpdateBlfKey": "update-blf-key",
}
NO_FIELDS: Mapping[str, str] = {}
NOTHING_AT_ALL: Role = {}  # what somebody may whose role the platform does not know


class _Standing(NamedTuple):
    """Somebody's role on a platform, and what it lets him do."""

    state: State
    platform: Platform
    role: str
    user: User | None  # None: the service desk

    def reach(self, command: str) -> str | None:
        """How far the role reaches with a command, by its name; None: not at all."""
        return self.platform.roles.get(self.role, NOTHING_AT_ALL).get(command)

    def reaches(self, name: str, command: Any, subject: Any, account: str | None) -> bool:
        """Does it reach this subject?"""
        reach, user = self.reach(name), self.user
        if reach == "all":
            # A role is its platform's: it reaches all accounts of that platform, and no other; and nothing that is the
            # whole world's, such as the network around its phones.
            there = getattr(command, "platform", "") if account is None else self._platform_of(account)
            return user is None or there == self.platform.name
        if reach is None or user is None or account != user.account:
            return False
        return reach == "account" or self._own(command, subject)

    def _platform_of(self, account: str) -> str:
        return self.state.accounts[account].platform

    def _own(self, command: Any, subject: Any) -> bool:
        """Is it about himself, or about what is his?"""
        assert self.user is not None
        if type(subject) is User:
            return subject.id == self.user.id
        if type(subject) is Message:
            subject = self.state.get(Mailbox, subject.mailbox)
        whom = getattr(command, "user", None) if type(subject) is Queue else None
        if whom is not None:  # a member of a queue
            return whom in (self.user.id, self.user.extension)
        return self.user.id in (getattr(subject, "owner", None), getattr(subject, "user", None))

    def withheld(self, command: Any, subject: Any, account: str | None) -> str:
        """A role that is kept from him, and that he would give away or have changed; '' if there is none."""
        if self.user is None or account is None:
            return ""
        given = getattr(command, "role", None)
        others = subject.role if type(subject) is User else None
        there, home = self.state.accounts[account], self.user.account
        for role in (given, others):
            if role and self.platform.withholds(there, home, role, self.role):
                return str(role)
        return ""

    def forbidden(self, lacks: str) -> Forbidden:
        """The refusal: what his role does not let him do."""
        do, role = "Ask an administrator of the account, or the operator.", self.platform.word(self.role)
        who = self.user.title if self.user is not None else f"The {role.replace('-', ' ')}"
        return Forbidden(
            "pbx.role", f"{who} may not do this", f"role {role} {lacks}", [Blocker("role", self.role, role, do)]
        )
