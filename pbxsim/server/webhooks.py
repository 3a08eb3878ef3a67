"""Webhooks as values, those of every world, and what is told to them: the bodies, and how they are signed.

The history is the queue (see `hub.py`): a hook is a URL, a filter and a place in its world's stream, so what waits
for a receiver that is down costs nothing and survives a restart. Main's hooks and their places are kept beside main, in
its file, and no reset touches them. A fork has its own, which begin as those of the world that it was forked from; it
sends nothing, and what it would have sent is read from its history.

Headers and signature are those of the Standard Webhooks specification, version 1 (webhook-id, webhook-timestamp,
webhook-signature), so that receivers verify them with the libraries that there are.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets as chance
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Literal

import msgspec
from msgspec import Struct, structs

from pbxsim.core.refusals import Fault, Invalid, NotFound
from pbxsim.server.hub import RESET, Message
from pbxsim.world import iso

KIND = "webhook"  # of what the engine keeps
PLACE = "webhook-place"
MOST = 100  # hooks of one world
SHOWN = 100  # deliveries of one hook that are remembered
PREFIX = "whsec_"

Status = Literal["waiting", "delivered", "failed", "dead", "recorded"]
Keep = Callable[[str, str, str | None], Awaitable[None]]


class Attempt(Struct, frozen=True, gc=False):
    """One try. `status` is the receiver's answer, None if there was none, and `error` why; times are ms."""

    at: int
    took: int
    status: int | None = None
    error: str = ""


class Delivery(Struct):
    """One message for one hook, and how far it has come. `next` is when it is tried again (ms)."""

    message: Message
    status: Status = "waiting"
    attempts: list[Attempt] = []
    next: int | None = None


class Hook(Struct, frozen=True):
    """A webhook as it is kept. `key` is the secret's base64; `since` the last message before it was made."""

    id: str
    url: str
    key: str
    events: tuple[str, ...] = ("*",)
    active: bool = True
    description: str = ""
    created: int = 0
    since: int = 0
    revision: int = 1

    def wants(self, kind: str) -> bool:
        """Is it to be told of that kind of event? `user.*` means all that begin with `user.`, `*` all. That a world is
        another from here on concerns everybody."""
        return kind == RESET or any(
            wanted in ("*", kind) or (wanted.endswith(".*") and kind.startswith(wanted[:-1])) for wanted in self.events
        )


class Place(Struct, frozen=True):
    """How far a hook has come: the last message that it has taken, or need not; why it is dead, '' if it lives."""

    after: int
    dead: str = ""


class Hooks:
    """The webhooks of every world. `changed` is called after each change of main's."""

    def __init__(self, keep: Keep, kept: Mapping[str, str], places: Mapping[str, str]) -> None:
        self._keep = keep
        self._worlds: dict[str, dict[str, Hook]] = {
            "main": {id_: msgspec.json.decode(text, type=Hook) for id_, text in kept.items()}
        }
        self.places = {id_: msgspec.json.decode(text, type=Place) for id_, text in places.items()}
        self.log: dict[str, deque[Delivery]] = {}
        self.changed: Callable[[], None] = lambda: None

    def all(self, world: str) -> list[Hook]:
        """A world's, in the order in which they were made."""
        return sorted(self._worlds.get(world, {}).values(), key=lambda hook: (hook.created, hook.id))

    def get(self, world: str, id_: str) -> Hook:
        """Raises NotFound."""
        found = self._worlds.get(world, {}).get(id_)
        if found is None:
            raise NotFound("webhook", id_, "There is none of that id in this world.")
        return found

    async def put(self, world: str, hook: Hook, place: Place | None = None) -> None:
        """Add or replace one. For main, returns when it is kept; raises Unavailable."""
        hooks = self._worlds.setdefault(world, {})
        if hook.id not in hooks and len(hooks) >= MOST:
            raise Invalid([Fault("", f"a world has {MOST} webhooks at most: delete one")])
        if world == "main":
            await self._keep(KIND, hook.id, msgspec.json.encode(hook).decode())
            if place is not None:
                await self.move(hook.id, place)
        hooks[hook.id] = hook
        self._told(world)

    async def delete(self, world: str, id_: str) -> None:
        """It is told nothing more. Raises NotFound, Unavailable."""
        self.get(world, id_)
        if world == "main":
            await self._keep(KIND, id_, None)
            await self._keep(PLACE, id_, None)
            self.places.pop(id_, None)
            self.log.pop(id_, None)
        self._worlds[world].pop(id_, None)
        self._told(world)

    async def move(self, id_: str, place: Place) -> None:
        """Main's hook has come so far."""
        self.places[id_] = place
        await self._keep(PLACE, id_, msgspec.json.encode(place).decode())

    def fork(self, source: str, world: str, last: int) -> None:
        """A world begins with what its source has, and records from here on."""
        if source_hooks := self._worlds.get(source):
            self._worlds[world] = {id_: structs.replace(hook, since=last) for id_, hook in source_hooks.items()}

    def drop(self, world: str) -> None:
        """A world has ended."""
        self._worlds.pop(world, None)

    def logged(self, hook: Hook) -> deque[Delivery]:
        """What was sent to one of main's lately, the newest last; not kept over a restart."""
        return self.log.setdefault(hook.id, deque(maxlen=SHOWN))

    def _told(self, world: str) -> None:
        if world == "main":
            self.changed()


def new_id() -> str:
    """Of a webhook."""
    return f"wh_{chance.token_hex(8)}"


def new_secret() -> str:
    """What a receiver verifies with."""
    return PREFIX + base64.b64encode(chance.token_bytes(32)).decode()


def key_of(secret: str) -> str:
    """The base64 within a secret. Raises ValueError for what is none: 24 to 64 bytes, as the specification has it."""
    text = secret.removeprefix(PREFIX)
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not (secret.startswith(PREFIX) and 24 <= len(raw) <= 64):
        raise ValueError(f"must be {PREFIX} and the base64 of 24 to 64 bytes; without one, the server makes one")
    return text


def message_id(hook: Hook, message: Message) -> str:
    """The same for every attempt, and after a restart: what a receiver knows a repetition by."""
    return f"msg_{hook.id.removeprefix('wh_')}_{message.id}"


def body(message: Message) -> bytes:
    """What is sent: JSON, as the event stream tells it."""
    data = {"event": message.id, "world": message.world, **message.data}
    told = {"type": message.kind, "timestamp": message.data.get("time"), "data": data}
    return msgspec.json.encode(told)


def headers(hook: Hook, message: Message, at: int, sent: bytes) -> dict[str, str]:
    """Of an attempt at an instant (ms). The signature covers id, time (s) and body, so that neither can be changed and
    an old delivery cannot be passed off as a new one."""
    id_, seconds = message_id(hook, message), str(at // 1000)
    return {
        "Content-Type": "application/json",
        "User-Agent": "pbxsim-webhook/1",
        "webhook-id": id_,
        "webhook-timestamp": seconds,
        "webhook-signature": sign(hook.key, id_, seconds, sent),
    }


def sign(key: str, id_: str, seconds: str, sent: bytes) -> str:
    """v1,<base64 of HMAC-SHA256 over `id.timestamp.body`>."""
    signed = f"{id_}.{seconds}.".encode() + sent
    return "v1," + base64.b64encode(hmac.digest(base64.b64decode(key), signed, "sha256")).decode()


def recorded(hook: Hook, messages: Iterable[Message]) -> list[Delivery]:
    """What a fork would have sent to a hook, the newest last."""
    told = [Delivery(message, "recorded") for message in messages if hook.active and hook.wants(message.kind)]
    return told[-SHOWN:]


def shown(hook: Hook, delivery: Delivery, whole: bool = False) -> dict[str, object]:
    """A delivery as the API shows it; `whole` with what is sent, signed."""
    message = delivery.message
    value: dict[str, object] = {
        "id": message_id(hook, message),
        "event": message.id,
        "type": message.kind,
        "status": delivery.status,
        "attempts": [
            {"at": iso(one.at), "took_ms": one.took, "status": one.status, "error": one.error}
            for one in delivery.attempts
        ],
        "next": None if delivery.next is None else iso(delivery.next),
    }
    if whole:
        sent = body(message)
        at = delivery.attempts[-1].at if delivery.attempts else 0
        value["request"] = {"headers": headers(hook, message, at, sent), "body": sent.decode()}
    return value
