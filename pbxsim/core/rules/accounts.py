"""Accounts: a customer comes, changes, goes with all that it has."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType

from pbxsim.core.commands import AddAccount, DeleteAccount, UpdateAccount
from pbxsim.core.entities import (
    Account,
    AppLogin,
    Callflow,
    CallRecord,
    Device,
    DirectoryEntry,
    Job,
    JobRow,
    Mail,
    Mailbox,
    Message,
    Number,
    Policy,
    Queue,
    Request,
    User,
    Version,
)
from pbxsim.core.masking import unmasked
from pbxsim.core.platform import Platform, Rule
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.rules import directory
from pbxsim.core.rules.common import taken, update
from pbxsim.core.rules.devices import remove
from pbxsim.core.state import Change
from pbxsim.core.values import account_id


def add(change: Change, command: AddAccount) -> str:
    """The platform's version 45 is NetSapiens' present one; others have none."""
    policy = _checked(change.platform, command)
    id_ = command.account or _id_of(command.name)
    taken(change, "account", change.state.get(Account, id_), f"Account {id_} cannot be added", id_)
    account = Account(
        id=id_,
        name=command.name,
        platform=command.platform,
        key=f"{id_}-{change.token('account key')[:8]}",
        platform_version=command.platform_version or change.platform.version,
        country=command.country,
        timezone=command.timezone,
        seats=command.seats,
        policy=() if policy is UNSET else policy,
        settings=unmasked(command.settings, ()),
    )
    change.account = account
    change.put(account)
    change.event("account.added", id_, name=account.name, platform=account.platform)
    return id_


def update_account(change: Change, command: UpdateAccount) -> str:
    """Renaming an account renders nothing: PISTON's files stay until the next save."""
    policy = _checked(change.platform, command)
    fields = {
        name: getattr(command, name)
        for name in ("name", "platform_version", "country", "timezone", "seats", "settings")
    }
    before = change.account
    if fields["settings"] is not UNSET:
        fields["settings"] = unmasked(fields["settings"], before.settings)
    update(change, before, {**fields, "policy": policy})
    change.account = change.accounts[before.id]
    directory.switched(change, before)
    return change.account.id


def _checked(platform: Platform, command: AddAccount | UpdateAccount) -> Policy | UnsetType:
    """The policy, if the platform knows all that is said of it. Raises Invalid."""
    faults = wrong(platform, command)
    if faults:
        raise Invalid(faults)
    return command.policy


def wrong(platform: Platform, command: AddAccount | UpdateAccount) -> list[Fault]:
    """What a platform finds wrong: a version, which means something only where versions are counted; and rules that
    cannot be switched, or not to that."""
    faults = []
    if isinstance(command.platform_version, int) and not platform.version:
        faults.append(Fault("/platform_version", f"{platform.title} counts no versions: leave it out"))
    return faults if command.policy is UNSET else faults + _unknown(platform, command.policy)


def delete(change: Change, command: DeleteAccount) -> str:
    """Everything of the account goes with it."""
    account = change.account
    for device in list(change.state.listed(account.id, Device)):
        remove(change, device)
    for call in [call for call in change.calls.values() if call.account == account.id]:
        change.drop_call(call)
    kinds: tuple[type[Any], ...] = (
        AppLogin,
        Queue,
        Number,
        Version,
        Callflow,
        Message,
        Mailbox,
        Request,
        DirectoryEntry,
        User,
        JobRow,
        Job,
        Mail,
        CallRecord,
    )
    for kind in kinds:
        for entity in list(change.state.listed(account.id, kind)):
            change.drop(entity)
    change.drop(account)
    change.event("account.deleted", account.id, name=account.name)
    return account.id


def _id_of(name: str) -> str:
    """Acme Pty. Ltd. -> acme-pty-ltd."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in name.lower()).split()
    try:
        return account_id("-".join(words)[:32].strip("-"))
    except ValueError:
        raise Invalid([Fault("/account", "is required: no id can be made of this name")]) from None


def _unknown(platform: Platform, policy: Policy) -> list[Fault]:
    """Only rules that have a switch can be switched, and only to what the switch has."""
    switches = {rule.id: rule for rule in platform.rules if rule.policy is not None}
    faults = []
    for id_, value in policy:
        rule = switches.get(id_)
        if rule is None:
            known = ", ".join(sorted(switches))
            faults.append(Fault(f"/policy/{id_}", f"is no switch of {platform.name}; known are {known}"))
        elif type(value) is not type(rule.policy) or (rule.choices and value not in rule.choices):
            faults.append(Fault(f"/policy/{id_}", f"must be {_wanted(rule)}, not {value!r}"))
    return faults


def _wanted(rule: Rule) -> str:
    if rule.choices:
        return f"one of {', '.join(rule.choices)}"
    return "true or false" if isinstance(rule.policy, bool) else "a whole number above 0"
