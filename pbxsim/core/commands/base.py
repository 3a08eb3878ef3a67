"""What every command is, who asks it, and what a transition must be given besides.

A field left UNSET is not touched; None clears it. Secrets arrive as verifiers: `build` conceals what was typed.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Command(Struct, frozen=True, gc=False):
    """Something that somebody asks of a world. Its first field names what it is about."""


class Actor(Struct, frozen=True, gc=False):
    """Somebody acts: the company that hosts the PBX, its support, or a user (then `user` is his id)."""

    kind: Literal["operator", "service-desk", "user"]
    user: str = ""

    def __str__(self) -> str:
        return f"user {self.user}" if self.user else self.kind


OPERATOR = Actor("operator")
SERVICE_DESK = Actor("service-desk")


class Stamped(Struct, frozen=True, gc=False):
    """A command with all that a transition needs from outside: who, when (ms since the epoch), which ids come next,
    and the text that secrets are drawn from."""

    command: Command
    actor: Actor
    now: int
    first_id: int
    salt: str = ""
