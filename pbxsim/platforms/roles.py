"""Who may do what: every command belongs to one group, and a role says for each group how far it reaches.

A command that stands in no group is nobody's but the operator's, and a test fails until it has been given its place.
Roles stand in a platform's file from the furthest reach to the least: nobody gives away a role above his own.
"""

from __future__ import annotations

from collections.abc import Mapping

from pbxsim.core.platform import Reach, Role

# group -> the commands that go together wherever somebody may do one of them
GROUPS: Mapping[str, tuple[str, ...]] = {
    "accounts": ("AddAccount", "DeleteAccount"),
    "account": ("UpdateAccount",),
    "staff": ("AddUser", "DeleteUser", "ImportUsers"),
    "user": ("UpdateUser",),
    "login": ("UpdateLogin",),
    "asking": ("AddRequest",),
    "desk": ("FulfilRequest", "RejectRequest"),
    "bulk": ("StartJob", "ConfirmJob", "CancelJob", "StepJob"),
    "recycling": ("ResetUser", "RecycleUser", "ForcePasswordReset", "SendWelcome"),
    "invitation": ("RedeemInvitation", "SendRecovery"),
    "delivery": ("RecordDelivery",),
    "apps": ("LogInApp", "LogOutApp", "MakeSetupCode", "RedeemSetupCode"),
    "support": ("EndLogin",),
    "stock": ("AddDevice", "DeleteDevice"),
    "device": ("UpdateDevice", "SyncDevice"),
    "directory": ("AddDirectoryEntry", "UpdateDirectoryEntry", "DeleteDirectoryEntry"),
    "blf": ("AddBlfKey", "UpdateBlfKey", "DeleteBlfKey"),
    "hot desk": ("LogInAtDevice", "LogOutAtDevice"),
    "routing": (
        "AddCallflow",
        "UpdateCallflow",
        "DeleteCallflow",
        "ReassignCallflow",
        "DraftVersion",
        "UpdateVersion",
        "MakeAvailable",
        "DeleteVersion",
    ),
    "purchase": ("AddNumber", "DeleteNumber"),
    "numbers": ("UpdateNumber", "ActivateNumber", "DeactivateNumber"),
    "queues": ("AddQueue", "UpdateQueue", "DeleteQueue", "AddMember", "RemoveMember"),
    "agent": ("LogInAgent", "LogOutAgent"),
    "mailboxes": ("AddMailbox", "DeleteMailbox"),
    "mailbox": ("UpdateMailbox", "LogInMailbox", "MoveMessage", "DeleteMessage"),
    "installing": ("AddPhone", "RemovePhone", "StagePhone", "ConnectPhone"),
    "outside": ("SetFaults", "SetNetwork", "SetRedirect", "RemoveRedirect"),
    "calls": ("PlaceCall", "AnswerCall", "HangUpCall", "PressDigits"),
    "menu": ("SetAtPhone", "FactoryResetPhone"),
    "keys": ("PowerPhone", "CablePhone", "PressKey", "TypeAtPhone", "DialAtPhone"),
}

# Groups that nobody of an account has: the company that hosts the PBX, and its support, keep them.
_HOSTS = frozenset({"accounts", "account", "support", "purchase", "delivery", "desk", "outside"})
_OFFICE = {group: "account" for group in GROUPS if group not in _HOSTS}

# Decided for every platform: whoever stands at a phone can press its keys, pull its cable, call and answer with it, and
# any user may log in at a shared one with extension and PIN (P12).
_PRESENT: Mapping[str, Reach] = {"hot desk": "account", "keys": "account", "calls": "account"}


def role(*parts: Mapping[str, Reach]) -> Role:
    """A role of groups: {group: reach}, later parts over earlier ones. {command: reach}."""
    reaches = {group: reach for part in parts for group, reach in part.items()}
    return {command: reach for group, reach in reaches.items() for command in GROUPS[group]}


def groups(reach: Reach, *names: str) -> Mapping[str, Reach]:
    """Several groups that reach equally far."""
    return dict.fromkeys(names, reach)


EVERYTHING = role(groups("all", *GROUPS))
SERVICE_DESK = EVERYTHING

# An administrator runs his account, but does not create accounts, buy numbers or end other people's logins.
OFFICE: Mapping[str, Reach] = groups("account", *_OFFICE)
ADMINISTRATOR = role(OFFICE)

# A user logs in and out, keeps his own mailbox and his own phone.
SELF: Mapping[str, Reach] = {**groups("own", "apps", "invitation", "mailbox", "menu"), **_PRESENT}
USER = role(SELF)
