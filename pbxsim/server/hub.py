"""What has happened, told to whoever listens: one stream of messages per world, resumable by id."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from msgspec import Struct


class Message(Struct, frozen=True):
    """One thing that happened in a world. `id` rises; a reader that lost its connection resumes after it."""

    id: int
    world: str
    kind: str
    data: dict[str, Any]


class Subscription:
    """The messages of one world as they come: `async for message in subscription`. Ends when dropped or closed."""

    def __aiter__(self) -> AsyncIterator[Message]:
        raise NotImplementedError

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening."""


class Hub:
    """Who listens to which world."""

    def subscribe(self, world_id: str, after: int | None = None) -> Subscription:
        """Listen from now on, or from behind message `after`."""
        raise NotImplementedError
