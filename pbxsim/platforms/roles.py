"""Roles that platforms share until an article says otherwise: command -> how far it reaches."""

from __future__ import annotations

from collections.abc import Mapping

from pbxsim.core.platform import Reach

# Decided: an administrator runs his account, but does not create accounts, buy numbers or end other people's logins.
_RUNS = """
    AddUser UpdateUser DeleteUser LogInApp LogOutApp
    AddDevice UpdateDevice DeleteDevice SyncDevice LogInAtDevice LogOutAtDevice
    AddCallflow UpdateCallflow DeleteCallflow ReassignCallflow DraftVersion UpdateVersion MakeAvailable DeleteVersion
    UpdateNumber ActivateNumber DeactivateNumber
    AddQueue UpdateQueue DeleteQueue AddMember RemoveMember LogInAgent LogOutAgent
    AddMailbox UpdateMailbox DeleteMailbox
    AddPhone RemovePhone StagePhone PowerPhone PressKey TypeAtPhone SetAtPhone FactoryResetPhone
"""
ADMINISTRATOR: Mapping[str, Reach] = dict.fromkeys(_RUNS.split(), "account")

# Decided: a user logs in and out, anywhere in his account, keeps his own mailbox and his own phone; whoever stands at
# a phone can press its keys and pull its cable.
USER: Mapping[str, Reach] = {
    "LogInApp": "own",
    "LogOutApp": "own",
    "UpdateMailbox": "own",
    "LogInAtDevice": "account",
    "LogOutAtDevice": "account",
    "PowerPhone": "account",
    "PressKey": "account",
    "TypeAtPhone": "account",
    "SetAtPhone": "own",
    "FactoryResetPhone": "own",
}
