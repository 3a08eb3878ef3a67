"""Everything that anyone may ask of a world, one struct each, in a file for each noun.

The handler of each command stands in one table: `transition.HANDLERS` for the PBX, `world.phones.HANDLERS` for the
emulated phones.
"""

from __future__ import annotations

from pbxsim.core.commands.accounts import AddAccount, DeleteAccount, UpdateAccount
from pbxsim.core.commands.base import OPERATOR, SERVICE_DESK, Actor, Command, Stamped
from pbxsim.core.commands.callflows import (
    AddCallflow,
    DeleteCallflow,
    DeleteVersion,
    DraftVersion,
    MakeAvailable,
    ReassignCallflow,
    UpdateCallflow,
    UpdateVersion,
)
from pbxsim.core.commands.devices import AddDevice, DeleteDevice, SyncDevice, UpdateDevice
from pbxsim.core.commands.logins import EndLogin, LogInApp, LogInAtDevice, LogOutApp, LogOutAtDevice
from pbxsim.core.commands.mailboxes import AddMailbox, DeleteMailbox, UpdateMailbox
from pbxsim.core.commands.numbers import ActivateNumber, AddNumber, DeactivateNumber, DeleteNumber, UpdateNumber
from pbxsim.core.commands.phones import (
    LOG_OUT,
    AddPhone,
    FactoryResetPhone,
    PowerPhone,
    PressKey,
    RemovePhone,
    SetAtPhone,
    StagePhone,
    TypeAtPhone,
)
from pbxsim.core.commands.queues import (
    AddMember,
    AddQueue,
    DeleteQueue,
    LogInAgent,
    LogOutAgent,
    RemoveMember,
    UpdateQueue,
)
from pbxsim.core.commands.users import AddUser, DeleteUser, UpdateUser

__all__ = [
    "LOG_OUT",
    "OPERATOR",
    "SERVICE_DESK",
    "ActivateNumber",
    "Actor",
    "AddAccount",
    "AddCallflow",
    "AddDevice",
    "AddMailbox",
    "AddMember",
    "AddNumber",
    "AddPhone",
    "AddQueue",
    "AddUser",
    "Command",
    "DeactivateNumber",
    "DeleteAccount",
    "DeleteCallflow",
    "DeleteDevice",
    "DeleteMailbox",
    "DeleteNumber",
    "DeleteQueue",
    "DeleteUser",
    "DeleteVersion",
    "DraftVersion",
    "EndLogin",
    "FactoryResetPhone",
    "LogInAgent",
    "LogInApp",
    "LogInAtDevice",
    "LogOutAgent",
    "LogOutApp",
    "LogOutAtDevice",
    "MakeAvailable",
    "PowerPhone",
    "PressKey",
    "ReassignCallflow",
    "RemoveMember",
    "RemovePhone",
    "SetAtPhone",
    "StagePhone",
    "Stamped",
    "SyncDevice",
    "TypeAtPhone",
    "UpdateAccount",
    "UpdateCallflow",
    "UpdateDevice",
    "UpdateMailbox",
    "UpdateNumber",
    "UpdateQueue",
    "UpdateUser",
    "UpdateVersion",
]
