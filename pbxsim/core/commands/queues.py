"""What may be asked of queues, their members and agents."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from pbxsim.core.commands.base import Command
from pbxsim.core.entities import Strategy
from pbxsim.core.values import Name


class AddQueue(Command, frozen=True):
    account: str
    name: Name
    members: tuple[str, ...] = ()
    strategy: Strategy = "ring-all"


class UpdateQueue(Command, frozen=True):
    queue: str
    name: Name | UnsetType = UNSET
    members: tuple[str, ...] | UnsetType = UNSET
    strategy: Strategy | UnsetType = UNSET


class DeleteQueue(Command, frozen=True):
    queue: str


class AddMember(Command, frozen=True):
    queue: str
    user: str


class RemoveMember(Command, frozen=True):
    queue: str
    user: str


class LogInAgent(Command, frozen=True):
    """A member of a queue takes its calls from now on."""

    queue: str
    user: str


class LogOutAgent(Command, frozen=True):
    queue: str
    user: str
