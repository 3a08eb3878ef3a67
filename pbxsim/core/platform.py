"""What makes a hosted PBX the one it is: its switches, its words, its roles, its rules.

A file in `platforms/` fills one `Platform`; rules of the core read its switches and know no platform by name. An
account may switch a rule that has a policy; nothing else differs between two accounts of one platform.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from msgspec import Struct

from pbxsim.core.entities import Account


class Rule(Struct, frozen=True, gc=False):
    """One rule of a platform. `source` is an article or a public document; where nobody says, it says `decided`, and
    for which part. A rule with a `policy` can be switched per account; that is its default. `test` proves it."""

    id: str
    text: str
    source: str
    test: str
    policy: bool | None = None


Reach = Literal["own", "account", "all"]


class Platform(Struct, frozen=True, eq=False):
    """One hosted PBX: its switches, its roles, its rules. Every rule of a platform is read from here."""

    name: str
    title: str
    registration_seconds: int
    rules: tuple[Rule, ...]
    roles: Mapping[str, Mapping[str, Reach]]  # role -> command name or "*" -> reach
    rendering: Mapping[str, Literal["live", "at_save", "at_login"]]  # vendor or "*" -> when files are rendered
    user_brings_callflow: bool  # adding a user makes a callflow dialled by the extension
    versions: bool  # callflows are drafted and made Available; else edited in place
    callflow_needs_number: bool  # a callflow keeps at least one number or pattern
    numbers_move_directly: bool  # from callflow to callflow; else it must leave the first before the other takes it
    user_delete_blockers: frozenset[str]  # of "login", "queue", "callflow"
    user_delete_cascades: bool  # devices become ownerless, mailboxes go; else everything keeps the dead id
    ownerless_registers: bool  # may a device that belongs to nobody register?

    def switched(self, account: Account, suffix: str) -> bool:
        """Is a switchable rule in force for an account? Its own policy, else the rule's default; a rule that the
        platform does not have is not."""
        id_ = f"{self.name}.{suffix}"
        for rule, value in account.policy:
            if rule == id_:
                return value
        return _default(self, id_)

    def rule(self, suffix: str) -> str:
        """The id of this platform's rule of that name, or of the general one."""
        return _rule(self, suffix)


@cache
def _default(platform: Platform, rule: str) -> bool:
    return next((bool(one.policy) for one in platform.rules if one.id == rule), False)


@cache
def _rule(platform: Platform, suffix: str) -> str:
    own = f"{platform.name}.{suffix}"
    return own if any(rule.id == own for rule in platform.rules) else f"pbx.{suffix}"
