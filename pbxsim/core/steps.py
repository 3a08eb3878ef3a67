"""The steps of a plan, and the state on which they are tried out.

Every step is carried out on a state of its own as it is found, so that the next one is found in what it leaves. What
is to be done, and in which order, is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from pbxsim.core import commands as c
from pbxsim.core.entities import Account
from pbxsim.core.platform import Platform
from pbxsim.core.refusals import Forbidden
from pbxsim.core.state import State
from pbxsim.core.transition import transition

Kind = Literal["command", "phone", "wait", "human"]


class Step(Struct, frozen=True):
    """One step of a plan, in words, and what it takes: `commands` in this order (an edit is more than one), by `actor`.

    `command` is anybody's who has the say: `roles` are those of the platform that reach so far. `phone` is done at an
    emulated phone. `wait` lasts until `until` (ms since the epoch). `human` is done by somebody outside this plan; his
    `commands` are what it comes to, where the PBX can do it. `device` is the one that a phone or wait is about."""

    kind: Kind
    text: str
    commands: tuple[c.Command, ...] = ()
    actor: c.Actor | None = None
    roles: tuple[str, ...] = ()
    until: int | None = None
    device: str = ""


class Work:
    """A state on which steps are tried out, and the steps so far."""

    def __init__(self, state: State, account: Account, platforms: Mapping[str, Platform], now: int, actor: c.Actor):
        self.state, self.account, self.platforms, self.now, self.actor = state, account, platforms, now, actor
        self.platform = platforms[account.platform]
        self.steps: list[Step] = []

    def branch(self) -> Work:
        """Another try that begins here."""
        other = Work(self.state, self.account, self.platforms, self.now, self.actor)
        other.steps = list(self.steps)
        return other

    def do(self, text: str, *commands: c.Command, actor: c.Actor | None = None) -> None:
        """Carry out a step and keep it: somebody else's where the actor's role does not reach. Raises PbxsimError."""
        asked, before = actor or self.actor, self.state
        try:
            self.apply(commands, asked)
            self.steps.append(Step("command", text, commands, asked, self.roles(commands)))
        except Forbidden:
            self.state = before
            self.apply(commands, c.OPERATOR)
            roles = self.roles(commands)
            self.steps.append(Step("human", f"Ask {whom(self.platform, roles)}: {text}", commands, None, roles))

    def apply(self, commands: Iterable[c.Command], actor: c.Actor = c.OPERATOR) -> None:
        """Carry out commands without keeping them."""
        for command in commands:
            change, _ = transition(self.state, c.Stamped(command, actor, self.now, 0), self.platforms)
            self.state = change.state

    def roles(self, commands: Iterable[c.Command]) -> tuple[str, ...]:
        """The platform's roles that may do all of this to anybody of the account."""
        names = [type(command).__name__ for command in commands]
        tables = self.platform.roles.items()
        return tuple(role for role, table in tables if all(table.get(name) in ("account", "all") for name in names))


def whom(platform: Platform, roles: tuple[str, ...]) -> str:
    """Who is asked, in the platform's words: ("pbx-admin", "service-desk") -> somebody with the role PBX Admin."""
    users = [platform.word(role) for role in roles if role != c.SERVICE_DESK.kind]
    return f"somebody with the role {' or '.join(users)}" if users else desk(platform)


def desk(platform: Platform) -> str:
    """The service desk: Jet Support, the service team, or just that."""
    word = platform.words.get("service-desk", "service desk")
    return word if word.istitle() else f"the {word}"
