"""What a user may see. The platforms' tables say who may do what; who may do something to all things of a kind in his
account may look at them all, and everybody sees what is his own.

`SIGHTS` has a row for every path that is read: which groups of commands open it. The operator sees everything, the
service desk all but what is the server's own. To a user another account is not there (404), what is not for him in his
own is refused (403), and what is not his own is left out of lists. A path without a row is the operator's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from pbxsim.core import entities as e
from pbxsim.core.calls import LiveCall
from pbxsim.core.platform import Platform, Reach
from pbxsim.core.refusals import Blocker, Forbidden
from pbxsim.core.state import State
from pbxsim.platforms.roles import GROUPS
from pbxsim.server.hub import RESET, Message

if TYPE_CHECKING:
    from pbxsim.server.call import Call

Who = Literal["anybody", "role", "desk", "operator"]


class Sight(Struct, frozen=True):
    """Who sees what is at a path. `groups`: the role must reach all of the account with a command of one of them.
    `thing` is the part of the path whose owner sees it whatever his role; '' where nothing there is anybody's own."""

    who: Who
    groups: tuple[str, ...] = ()
    thing: str = ""


ANYBODY = Sight("anybody")  # within his account, if the path names one
DESK = Sight("desk")
OPERATOR = Sight("operator")


def _by(*groups: str, thing: str = "") -> Sight:
    return Sight("role", groups, thing)


_PEOPLE = _by("user", "staff", thing="user")
_HARDWARE = _by("device", "stock", thing="device")
_ROUTING = _by("routing")
_NUMBERS = _by("numbers")
_QUEUES = _by("queues", "agent", thing="queue")
_MAILBOX = _by("mailbox", "mailboxes", thing="mailbox")
_RECORDS = _by("user", "staff", thing="cdr")
_CALLS = _by("calls")
_KEYS = _by("blf", "device", thing="blf_key")
_REQUESTS = _by("asking", thing="request")
_JOBS = _by("bulk")

A = "/accounts/{account}"
SIGHTS: Mapping[str, Sight] = {
    "/me": ANYBODY,
    "/tokens": ANYBODY,  # one's own: see api/tokens.py
    "/tokens/{token}": ANYBODY,
    "/rules": ANYBODY,
    "/rules/{rule}": ANYBODY,
    "/clock": ANYBODY,
    "/events": ANYBODY,  # those that `hears` lets through
    "/accounts": ANYBODY,  # those that `sees_account` lets through
    A: ANYBODY,
    f"{A}/directory": ANYBODY,
    f"{A}/directory/{{entry}}": ANYBODY,
    f"{A}/users": _PEOPLE,
    f"{A}/users/{{user}}": _PEOPLE,
    f"{A}/users/{{user}}/login": _by("login", thing="user"),
    f"{A}/users/{{user}}/logins": _PEOPLE,
    f"{A}/users/{{user}}/memberships": _PEOPLE,
    f"{A}/users/{{user}}/messages": _by("mailbox", "mailboxes", thing="user"),
    f"{A}/users/{{user}}/setup-code.svg": _by("apps", thing="user"),
    f"{A}/devices": _HARDWARE,
    f"{A}/devices/{{device}}": _HARDWARE,
    f"{A}/devices/{{device}}/registrations": _HARDWARE,
    f"{A}/devices/{{device}}/provisioning": _HARDWARE,
    f"{A}/devices/{{device}}/preview/{{file}}": _HARDWARE,
    f"{A}/devices/{{device}}/staging": OPERATOR,
    f"{A}/callflows": _ROUTING,
    f"{A}/callflows/{{callflow}}": _ROUTING,
    f"{A}/callflows/{{callflow}}/versions": _ROUTING,
    f"{A}/callflows/{{callflow}}/versions/{{version}}": _ROUTING,
    f"{A}/reachability": _ROUTING,
    f"{A}/staleness": _by("device", "stock"),
    f"{A}/numbers": _NUMBERS,
    f"{A}/numbers/{{number}}": _NUMBERS,
    f"{A}/queues": _QUEUES,
    f"{A}/queues/{{queue}}": _QUEUES,
    f"{A}/queues/{{queue}}/members": _QUEUES,
    f"{A}/mailboxes": _MAILBOX,
    f"{A}/mailboxes/{{mailbox}}": _MAILBOX,
    f"{A}/mailboxes/{{mailbox}}/greeting": _MAILBOX,
    f"{A}/mailboxes/{{mailbox}}/messages": _MAILBOX,
    f"{A}/mailboxes/{{mailbox}}/messages/{{message}}": _MAILBOX,
    f"{A}/calls": _CALLS,
    f"{A}/calls/{{call}}": _CALLS,
    f"{A}/cdrs": _RECORDS,
    f"{A}/cdrs/{{cdr}}": _RECORDS,
    f"{A}/blf-keys": _KEYS,
    f"{A}/blf-keys/{{blf_key}}": _KEYS,
    f"{A}/requests": _REQUESTS,
    f"{A}/requests/{{request}}": _REQUESTS,
    f"{A}/jobs": _JOBS,
    f"{A}/jobs/{{job}}": _JOBS,
    f"{A}/outbox": DESK,  # a mail may hold a link that is worth a password
    f"{A}/outbox/{{mail}}": DESK,
    "/phones": _by("keys"),  # those that `sees_phone` lets through
    "/phones/{phone}": _by("keys"),
    "/phones/{phone}/screen.svg": _by("keys"),
    "/faults": DESK,
    "/network": DESK,
    "/redirects": DESK,
    "/worlds": OPERATOR,
    "/worlds/{world}": OPERATOR,
    "/worlds/{world}/snapshot": OPERATOR,
    "/webhooks": OPERATOR,
    "/webhooks/{webhook}": OPERATOR,
    "/webhooks/{webhook}/deliveries": OPERATOR,
    "/webhooks/{webhook}/deliveries/{delivery}": OPERATOR,
}

# What is answered without a command that a role could forbid, though it is a POST.
ASKED: Mapping[str, Sight] = {
    f"{A}/calls": _CALLS,  # a look at where a call would go
    f"{A}/users/{{user}}/offboarding": _by("staff"),
}

# Whose a thing is.
_OWNERS: Mapping[type, Callable[[State, Any, str], bool]] = {
    e.User: lambda state, user, me: user.id == me,
    e.Device: lambda state, device, me: device.owner == me,
    e.Mailbox: lambda state, box, me: box.owner == me,
    e.Queue: lambda state, queue, me: me in queue.members,
    e.Message: lambda state, message, me: owns(state, state.get(e.Mailbox, message.mailbox), me),
    e.BlfKey: lambda state, key, me: owns(state, state.get(e.Device, key.device), me),
    e.CallRecord: lambda state, record, me: me in (record.user, record.answered_user),
    e.Request: lambda state, request, me: request.by == f"user {me}",
    e.AppLogin: lambda state, login, me: login.user == me,
    e.HotDesk: lambda state, desk, me: desk.user == me,
    LiveCall: lambda state, call, me: False,
}


def owns(state: State, thing: Any, me: str) -> bool:
    """Is it the user's own?"""
    owner = _OWNERS.get(type(thing))
    return owner is not None and owner(state, thing, me)


@cache
def _reach(platform: Platform, role: str, groups: tuple[str, ...]) -> Reach | None:
    """The furthest reach of a role with any command of these groups."""
    table = platform.roles.get(role, {})
    found = {table[command] for group in groups for command in GROUPS[group] if command in table}
    order: tuple[Reach, ...] = ("all", "account", "own")
    return next((reach for reach in order if reach in found), None)


class View:
    """What one user sees of a world's present state."""

    def __init__(self, state: State, platforms: Mapping[str, Platform], user: e.User) -> None:
        self.state, self.user = state, user
        self.home = state.accounts[user.account]
        self.platform = platforms[self.home.platform]

    def account(self, account: e.Account | None) -> bool:
        """Is the account there for him?"""
        if account is None or account.id == self.home.id:
            return account is not None
        return account.platform == self.home.platform and self.platform.beyond(self.user.role)

    def phone(self, mac: str) -> bool:
        """Is the phone of a device of an account that is there for him?"""
        device = self.state.get(e.Device, self.state.find("mac", "", mac))
        return device is not None and self.account(self.state.accounts.get(device.account))

    def reach(self, sight: Sight, account: e.Account) -> Reach | None:
        """How far he sees in an account, by such a row."""
        if sight.who == "anybody":
            return "account"
        if sight.who != "role":
            return None
        reach = _reach(self.platform, self.user.role, sight.groups)
        if account.id != self.home.id:
            return reach if reach == "all" else None
        if self.platform.frees(account, self.home.id) and reach != "all":
            return "account"
        if reach in (None, "own"):
            return "own" if sight.thing else None  # everybody sees what is his own
        return reach

    def owns(self, thing: Any) -> bool:
        """Is it his own?"""
        return owns(self.state, thing, self.user.id)

    def hears(self, message: Message) -> bool:
        """Is an event told to him: of an account that he has a say in, or of what is his own?"""
        if message.kind == RESET:
            return True
        if "phone" in message.data:
            return self.phone(message.data["phone"])
        account = self.state.accounts.get(message.data["account"])
        if account is None or not self.account(account):
            return False
        if self.reach(_PEOPLE, account) in ("account", "all"):
            return True
        subject = message.data["subject"]
        return self.owns(self.state.entities.get(subject))

    def refusal(self, sight: Sight) -> Forbidden:
        """He may not look at this."""
        role = self.platform.word(self.user.role)
        do = "Ask an administrator of the account, or the operator."
        lacks = "may not look at this" if sight.who == "role" else "is not the operator's"
        own = " but where it is his own" if self.reach(sight, self.home) == "own" else ""
        return Forbidden(
            "pbx.role",
            f"{self.user.title} may not do this",
            f"role {role} {lacks}{own}",
            [Blocker("role", self.user.role, role, do)],
        )


def sight_of(call: Call) -> Sight | None:
    """The row for what is asked; None where the command that is asked for decides."""
    path = call.route.path.removeprefix("/api/v1")
    if call.route.method == "GET":
        return SIGHTS.get(path, OPERATOR)
    return ASKED.get(path) if call.route.method == "POST" else None


def check(call: Call) -> None:
    """Raise what whoever asks is to be answered who may not look here. The operator is not asked."""
    grant, path = call.grant, call.route.path.removeprefix("/api/v1")
    if grant.world and path.startswith("/worlds") and call.params.get("world") != grant.world:
        raise not_his("This token", f"it is for the world {grant.world} alone")
    if grant.kind == "operator":
        return
    sight = sight_of(call)
    view = call.view
    if view is None:
        if sight is not None and sight.who == "operator":
            raise not_his("service-desk", "what is the server's own is the operator's")
        return
    account = call.account if "account" in call.params else view.home  # raises NotFound for one that he does not see
    if sight is None:
        return
    reach = view.reach(sight, account)
    if reach is None:
        raise view.refusal(sight)
    if reach == "own":
        call.own_only = True
        thing = _named(call, sight)
        if thing is not None and not view.owns(thing):
            raise view.refusal(sight)


def _named(call: Call, sight: Sight) -> Any:
    """The thing that the path names; None where it names a list."""
    if sight.thing not in call.params:
        return None
    if sight.thing == "cdr":
        return call.state.get(e.CallRecord, call.params["cdr"])
    return call.named(sight.thing)


def not_his(who: str, why: str) -> Forbidden:
    """The refusal of what is nobody's but the operator's."""
    return Forbidden("pbx.role", f"{who} may not do this", why, [Blocker("role", who, who, "Ask the operator.")])
