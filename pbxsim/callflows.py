"""Builders of callflow nodes: `ring_group(john, mary, then=voicemail(john))`.

Users, mailboxes and callflows are given as handles or ids; `then` is where the call goes on when nobody answers.
"""

from __future__ import annotations

from typing import Any, Literal

from pbxsim.core.nodes import Dial, HangUp, Node, RingGroup, Transfer, Voicemail

__all__ = ["dial", "hang_up", "ring_group", "transfer", "voicemail"]


def dial(*users: Any, seconds: int = 20, then: Node | None = None) -> Node:
    """Ring these users' devices, all at once."""
    return Dial(users, seconds, then)


def ring_group(
    *users: Any,
    strategy: Literal["simultaneous", "in-turn"] = "simultaneous",
    seconds: int = 20,
    then: Node | None = None,
) -> Node:
    """Ring a team, all at once or one after the other."""
    return RingGroup(users, strategy, seconds, then)


def voicemail(mailbox: Any) -> Node:
    """Take a message. A user stands for his mailbox."""
    return Voicemail(mailbox)


def transfer(callflow: Any) -> Node:
    """Go on in another callflow."""
    return Transfer(callflow)


def hang_up() -> Node:
    """End the call."""
    return HangUp()
