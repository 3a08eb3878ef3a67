"""What may be asked of callflows and their versions."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from pbxsim.core.commands.base import Command
from pbxsim.core.nodes import Node
from pbxsim.core.values import Name, Positive


class AddCallflow(Command, frozen=True):
    """Makes version 1, not a draft. `numbers` are E.164 numbers of the account, extensions and feature codes."""

    account: str
    name: Name
    root: Node
    numbers: tuple[str, ...] = ()


class UpdateCallflow(Command, frozen=True):
    """`numbers` replaces the whole list. `root` edits in place, where the platform knows no versions."""

    callflow: str
    name: Name | UnsetType = UNSET
    numbers: tuple[str, ...] | UnsetType = UNSET
    root: Node | UnsetType = UNSET


class DeleteCallflow(Command, frozen=True):
    callflow: str


class ReassignCallflow(Command, frozen=True):
    """Move all numbers of a callflow to another, or those in `numbers` alone: to its newest version, or to `version`
    of it."""

    callflow: str
    to: str
    version: Positive | None = None
    numbers: tuple[str, ...] | None = None


class DraftVersion(Command, frozen=True):
    """Begin an edit: a draft, with `root` or a copy of the newest version."""

    callflow: str
    root: Node | None = None


class UpdateVersion(Command, frozen=True):
    version: str
    root: Node


class MakeAvailable(Command, frozen=True):
    """Put a draft into service: it takes every number of the version before it."""

    version: str


class DeleteVersion(Command, frozen=True):
    version: str
