"""What makes a hosted PBX the one it is: its switches, its words, its roles, its rules.

A file in `platforms/` fills one `Platform`; rules of the core read its switches and know no platform by name. An
account may switch a rule that has a policy; nothing else differs between two accounts of one platform.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct

from pbxsim.core.entities import Account, Number, Switch
from pbxsim.core.nodes import Node
from pbxsim.core.values import EXTENSION_DIGITS


class Rule(Struct, frozen=True, gc=False):
    """One rule of a platform. `source` is an article or a public document; where nobody says, it says `decided`, and
    for which part. A rule with a `policy` can be switched per account: that is its default, and `choices` are what a
    text may be switched to; every decided rule has one. `test` proves it."""

    id: str
    text: str
    source: str
    test: str
    policy: Switch | None = None
    choices: tuple[str, ...] = ()


Reach = Literal["own", "account", "all"]
Rendering = Literal["live", "at_save", "at_login"]
Role = Mapping[str, Reach]  # command name -> how far it reaches

# command -> field -> the command whose right it takes besides: nobody makes himself an administrator.
GUARDED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "UpdateUser": {"role": "AddUser", "extension": "AddUser", "system": "AddUser"},
        "UpdateDevice": {"owner": "AddDevice", "mac": "AddDevice", "model": "AddDevice"},
        "UpdateMailbox": {"owner": "AddMailbox"},
    }
)

# Where a number can lead: to nothing and AVAILABLE, to nothing though ACTIVE, to a callflow, to a user. These are Jet's
# words; a platform may have its own.
NUMBER_STATES = ("AVAILABLE", "ACTIVE", "ACTIVE", "ACTIVE")

KEEP, RELEASE, DELETE = "keep", "release", "delete"
FATES = (KEEP, RELEASE, DELETE)  # of what was a deleted user's: it keeps the dead id, is nobody's, or goes along


class Platform(Struct, frozen=True, eq=False):
    """One hosted PBX: its switches, its words, its roles, its rules. Every rule of a platform is read from here."""

    name: str
    title: str
    words: Mapping[str, str]  # what it calls things, such as {"user": "Phone User"}
    roles: Mapping[str, Role]
    default_role: str  # of a new user
    rules: tuple[Rule, ...]
    rendering: Mapping[str, Rendering]  # vendor or "*" -> when files are rendered
    user_delete_blockers: frozenset[str] = frozenset()  # of "login", "queue", "callflow"
    extension_digits: tuple[int, int] = EXTENSION_DIGITS  # fewest, most
    login: Literal["", "email", "extension"] = ""  # what a user logs in to the portal with: extension is ext@account
    ring_seconds: int = 20  # of a new user
    rings: tuple[int, int] | None = None  # fewest, most: where ringing is counted in rings
    dialled_callflows: bool = False  # a callflow is dialled by extensions and codes; else extensions are users
    versions: bool = False  # callflows are drafted and made Available; else edited in place
    callflow_needs_number: bool = False  # a callflow keeps at least one number or pattern
    numbers_move_directly: bool = True  # between callflows; else it must leave the first before the other takes it
    numbers_to_users: bool = False  # a number may lead straight to a user
    version: int = 0  # of a new account, where the platform counts versions
    login_tab: bool = False  # the portal keeps a name and log-in of its own (Login Information)
    by_portal: frozenset[str] = frozenset()  # commands that a user asks for in a portal that he may be shut out of
    invites: bool = False  # a new user is mailed an invitation
    tags: bool = False  # users are tagged by how far they have been set up
    reset_since: int | None = None  # the platform's version from which on users are reset; None: never
    bulk: tuple[str, ...] = ()  # what is done to many users at once
    guarded: Mapping[str, Mapping[str, str]] = GUARDED
    requests: frozenset[str] = frozenset()  # commands that are asked of the service desk
    number_states: tuple[str, str, str, str] = NUMBER_STATES  # its words for where a number leads
    feature_codes: Mapping[str, Node] = {}  # what may be dialled besides, in every account

    def setting(self, account: Account, suffix: str) -> Switch | None:
        """What a switchable rule is set to for an account: its own policy, else the rule's default; None for a rule
        that neither the platform nor all of them have."""
        if account.policy:  # few have one
            id_ = _rule(self, suffix)
            for rule, value in account.policy:
                if rule == id_:
                    return value
        return _default(self, suffix)

    def switched(self, account: Account, suffix: str) -> bool:
        """Is a rule in force for an account?"""
        return bool(self.setting(account, suffix))

    def renders(self, account: Account, vendor: str) -> Rendering:
        """When the files of a vendor's phones are rendered."""
        said: Any = self.rendering.get(vendor) or self.setting(account, "rendering") or self.rendering["*"]
        rendering: Rendering = said
        return rendering

    def versioned(self, account: Account) -> bool:
        """Are callflows drafted and made Available? Else they are edited in place."""
        return self.versions or self.setting(account, "callflow.in-place") is False

    def registration_seconds(self, account: Account) -> int:
        """How long a registration lives."""
        lifetime = self.setting(account, "registration.lifetime")
        return int(lifetime or 3600)

    def above(self, role: str | None, own: str) -> bool:
        """Does a role stand above another? They are listed from the furthest reach to the least; what the platform does
        not know stands below all that it knows."""
        order = list(self.roles)
        return role in order and (own not in order or order.index(role) < order.index(own))

    def beyond(self, role: str) -> bool:
        """Does a role reach other accounts than its own?"""
        return "all" in self.roles.get(role, {}).values()

    def frees(self, account: Account, home: str) -> bool:
        """May the users of an account (`home` is theirs) do everything in it?"""
        return account.id == home and not self.switched(account, "role")

    def withholds(self, account: Account, home: str, role: str, own: str) -> bool:
        """Is a role kept from whoever has his `own`, to give away or to touch? One above it is, unless the account lets
        everybody do everything; one that reaches other accounts is even then."""
        return self.above(role, own) and (not self.frees(account, home) or self.beyond(role))

    def number_state(self, number: Number) -> str:
        """Where a number leads, in the platform's word."""
        nowhere, spare, callflow, user = self.number_states
        if not number.active:
            return nowhere
        return callflow if number.version else user if number.user else spare

    def number_word(self, number: Number) -> str:
        """The same as people read it: its portal's word, or the code without its hyphens."""
        state = self.number_state(number)
        return self.words.get(state) or state.replace("_", " ").replace("-", " ")

    def inside(self, dialled: str) -> bool:
        """Is it as short as what is dialled inside an account: extensions and codes?"""
        return inside(dialled, self.extension_digits)

    def rule(self, suffix: str) -> str:
        """The id of this platform's rule of that name, or of the general one."""
        return _rule(self, suffix)

    def word(self, noun: str) -> str:
        """What the platform calls a thing."""
        return self.words.get(noun, noun)

    def asks(self, command: str) -> str:
        """What a command asks for, in the platform's words: AddUser -> add Phone Users."""
        if command in _ASKS:
            return _ASKS[command]
        *verb, noun = _PARTS.findall(command)
        return f"{' '.join(verb).lower()} {self.plural(noun.lower())}".replace("blf ", "BLF ")

    def plural(self, noun: str) -> str:
        """What the platform calls several of a thing: Phone Users, or users."""
        word = self.word(noun) if noun in _COUNTED else noun
        return word if word.endswith("s") else f"{word}{'es' if word.endswith('x') else 's'}"


def inside(dialled: str, digits: tuple[int, int] = EXTENSION_DIGITS) -> bool:
    """Is it no longer than extensions are there? What is longer is a telephone number."""
    return len(dialled) <= digits[1] and not dialled.startswith("+")


_PARTS = re.compile("[A-Z][a-z]*")
_COUNTED = frozenset({"account", "app", "callflow", "number", "queue", "request", "user"})  # whose words have a plural
_ASKS = {  # those that the words of their names do not say
    "DeleteDirectoryEntry": "delete directory entries",
    "AddDirectoryEntry": "add directory entries",
    "UpdateDirectoryEntry": "update directory entries",
    "MakeAvailable": "make versions available",
    "RecordDelivery": "record deliveries",
    "SendRecovery": "send recovery mails",
    "SendWelcome": "send welcome mails",
    "UpdateLogin": "change log-ins",
}


@cache
def _default(platform: Platform, suffix: str) -> Switch | None:
    rule = _rule(platform, suffix)
    return next((one.policy for one in platform.rules if one.id == rule), None)


@cache
def _rule(platform: Platform, suffix: str) -> str:
    own = f"{platform.name}.{suffix}"
    return own if any(rule.id == own for rule in platform.rules) else f"pbx.{suffix}"
