"""What has happened, told to whoever listens: one stream of messages per world, resumable by id.

The history is the queue. A subscription is a place in it, so a slow reader costs nothing, loses nothing that the world
still remembers, and resumes by id even after a restart; when what it missed is forgotten, `world.reset` tells it to
read everything again and go on from there. Screens are hints that come besides: which phones look different.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from pbxsim.world import iso
from pbxsim.world.state import Record, WorldState

RESET = "world.reset"
SCREEN = "phone.screen"


class Message(Struct, frozen=True):
    """One thing that happened in a world: an event's `kind` and what it says, or `phone.screen`, or `world.reset`.

    `id` rises, and a reader that lost its connection resumes after it. A screen's id is that of the event before it."""

    id: int
    world: str
    kind: str
    data: dict[str, Any]


class _Feed:
    """One world's stream. `base` is added to a record's number to make an id; nothing before `floor` can be resumed."""

    __slots__ = ("base", "closed", "floor", "listeners", "reason", "state")

    def __init__(self, state: WorldState, base: int) -> None:
        self.state = state
        self.base = base
        self.floor = 0
        self.reason = ""
        self.closed = False
        self.listeners: set[Subscription] = set()

    @property
    def last(self) -> int:
        """The id of the last event."""
        return self.base + self.state.recorded

    @property
    def oldest(self) -> int:
        """The id after which everything is still known."""
        return max(self.floor, self.last - len(self.state.history))


class Subscription:
    """The messages of one world as they come: `async for message in subscription`. Ends when the world does, or when
    closed; `with` closes it."""

    def __init__(self, world: str, feed: _Feed, after: int | None) -> None:
        self._world = world
        self._feed = feed
        self._seen = feed.last if after is None else after
        self._screens: dict[str, None] = {}
        self._news = asyncio.Event()
        self.stopped = False  # the server is stopping
        feed.listeners.add(self)

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Message:
        feed = self._feed
        while not feed.closed and self in feed.listeners:
            if not feed.oldest <= self._seen <= feed.last:  # forgotten, or of another life of this world
                self._seen = feed.last
                data = {"reason": feed.reason or "what came before is no longer kept"}
                return Message(self._seen, self._world, RESET, data)
            if self._seen < feed.last:
                self._seen += 1
                return _message(self._world, self._seen, feed.state.history[self._seen - feed.base])
            if self._screens:
                mac = next(iter(self._screens))
                del self._screens[mac]
                return Message(self._seen, self._world, SCREEN, {"phone": mac})
            self._news.clear()
            await self._news.wait()
        raise StopAsyncIteration

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def stop(self) -> None:
        """The server is stopping: the reader is to come back later."""
        self.stopped = True
        self.close()

    def close(self) -> None:
        """Stop listening."""
        self._feed.listeners.discard(self)
        self._news.set()

    def wake(self, screens: Iterable[str] = ()) -> None:
        """There is news."""
        self._screens.update(dict.fromkeys(screens))
        self._news.set()


class Hub:
    """Who listens to which world. The engine publishes: main's events only after they are in the file."""

    def __init__(self) -> None:
        self._feeds: dict[str, _Feed] = {}

    def subscribe(self, world_id: str, after: int | None = None) -> Subscription:
        """Listen from now on, or from behind message `after`. Raises KeyError for a world that is not hosted."""
        return Subscription(world_id, self._feeds[world_id], after)

    def open(self, world_id: str, state: WorldState, base: int = 0) -> None:
        """A world begins to be hosted."""
        self._feeds[world_id] = _Feed(state, base)

    def close(self, world_id: str) -> None:
        """A world has ended, and so do its subscriptions."""
        feed = self._feeds.pop(world_id)
        feed.closed = True
        _wake(feed)

    def publish(self, world_id: str, state: WorldState) -> None:
        """What the world's history says by now may be told."""
        feed = self._feeds[world_id]
        feed.state = state
        _wake(feed)

    def show(self, world_id: str, screens: Iterable[str]) -> None:
        """These phones look different."""
        _wake(self._feeds[world_id], screens)

    def reset(self, world_id: str, state: WorldState, reason: str) -> None:
        """The world is another from here on: whoever listens reads everything again. Ids go on rising."""
        feed = self._feeds[world_id]
        feed.base, feed.state, feed.reason = feed.last + 1 - state.recorded, state, reason
        feed.floor = feed.last
        _wake(feed)

    def last(self, world_id: str) -> int:
        """The id of the last message that was told; a subscription from now on begins behind it."""
        return self._feeds[world_id].last

    def told(self, world_id: str, after: int, most: int) -> list[Message]:
        """The newest messages behind `after` that are still known, oldest first."""
        feed = self._feeds[world_id]
        first = max(after, feed.oldest, feed.last - most)
        return [_message(world_id, id_, feed.state.history[id_ - feed.base]) for id_ in range(first + 1, feed.last + 1)]

    @property
    def readers(self) -> int:
        """How many listen, to all worlds."""
        return sum(len(feed.listeners) for feed in self._feeds.values())

    def heard(self, world_id: str) -> bool:
        """Does anybody listen to it?"""
        return bool(self._feeds[world_id].listeners)

    def base(self, world_id: str) -> int:
        """What makes an id of a record's number: kept in main's file, so that ids go on after a restart."""
        return self._feeds[world_id].base


def _wake(feed: _Feed, screens: Iterable[str] = ()) -> None:
    for listener in feed.listeners:
        listener.wake(screens)


def _message(world: str, id_: int, record: Record) -> Message:
    event = record.event
    data = {
        "time": iso(record.time),
        "actor": record.actor,
        "account": event.account,
        "subject": event.subject,
        "detail": dict(event.detail),
    }
    return Message(id_, world, event.kind, data)
