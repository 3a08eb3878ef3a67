"""Importing users (U6): a file is taken whole or not at all, and every bad line is named with its reason.

An account may switch that: then the good lines are taken, and the event says which were left out.
"""

from __future__ import annotations

from pbxsim.core.commands import AddUser, ImportUsers
from pbxsim.core.entities import User
from pbxsim.core.refusals import Fault, Invalid, Refused
from pbxsim.core.rules import settings, users
from pbxsim.core.rules.settings import NOT_A_USERS
from pbxsim.core.state import Change
from pbxsim.core.users_csv import Row, pointer, read


def import_users(change: Change, command: ImportUsers) -> str:
    """The account's id. Raises Invalid with all that is wrong, line by line."""
    platform, account = change.platform, change.account
    roles = {role.lower(): role for role in platform.roles if role not in NOT_A_USERS}
    names = {role.replace("-", " "): role for role in roles}
    rows = list(read(command.csv, account.id, roles | names))
    faults: list[Fault] = []
    added: list[str] = []
    earlier: dict[str, int] = {}
    for row in rows:
        wrong = _wrong(change, row) or _twice(row, earlier) or _above(change, row) or _refused(change, row, added)
        faults += wrong
    if faults and (not added or platform.switched(account, "users.import.whole")):
        raise Invalid(faults)
    left_out = tuple(str(fault) for fault in faults)
    change.event("users.imported", account.id, users=tuple(added), left_out=left_out)
    return account.id


def _wrong(change: Change, row: Row) -> tuple[Fault, ...]:
    """What is wrong with a line by itself, and what the platform finds wrong with the rest of it."""
    if row.rest is None:
        return row.faults
    try:
        settings.checked(change, row.rest)
    except Invalid as error:
        return (*row.faults, *(Fault(pointer(row.line, fault.pointer), fault.message) for fault in error.faults))
    return row.faults


def _twice(row: Row, earlier: dict[str, int]) -> tuple[Fault, ...]:
    """Does an earlier line have the extension, or the e-mail where that is a log-in? An account would say so too, but
    not in which line."""
    assert row.command is not None
    faults = []
    for field in ("extension", "email"):
        value = getattr(row.command, field).casefold()
        if value and earlier.setdefault(value, row.line) != row.line:
            faults.append(Fault(pointer(row.line, f"/{field}"), f"{value} stands on line {earlier[value]} already"))
    return tuple(faults)


def _above(change: Change, row: Row) -> tuple[Fault, ...]:
    """Nobody gives away a role above his own, in a file as little as one by one."""
    importer, platform = change.state.get(User, change.actor.user), change.platform
    given = (row.command.role or "") if row.command is not None else ""
    if importer is None or not platform.withholds(change.account, importer.account, given, importer.role):
        return ()
    above, own = platform.word(given), platform.word(importer.role)
    return (Fault(pointer(row.line, "/role"), f"{above} stands above {own}, the role of whoever imports"),)


def _refused(change: Change, row: Row, added: list[str]) -> tuple[Fault, ...]:
    """Add the user of a line; what stood in the way, if anything did."""
    mark = change.mark()
    assert row.command is not None
    try:
        added.append(_add(change, row.command))
    except Invalid as error:
        change.back(mark)
        return tuple(Fault(pointer(row.line, fault.pointer), fault.message) for fault in error.faults)
    except Refused as refusal:
        change.back(mark)
        field = "/email" if refusal.rule == "pbx.login.taken" else "/extension" if refusal.blockers else ""
        return (Fault(pointer(row.line, field), f"{refusal.title}: {refusal.detail} (rule {refusal.rule})"),)
    return ()


def _add(change: Change, command: AddUser) -> str:
    return users.add(change, command)
