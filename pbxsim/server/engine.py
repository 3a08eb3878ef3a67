"""The one writer: hosted worlds, their clocks, and the file that main is kept in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from pbxsim.core.commands import Actor
from pbxsim.server.clock import Clock
from pbxsim.server.hub import Hub
from pbxsim.world import World
from pbxsim.world.state import Record
from provisioning.messages import Request, Response

T = TypeVar("T")


class Hosted:
    """One world on the server."""

    id: str
    world: World
    durable: bool
    clock: Clock
    created: datetime


class Engine:
    """Skeleton of the interface; the implementation follows."""

    main: Hosted
    ready: bool
    hub: Hub

    @classmethod
    async def open(
        cls,
        path: Path | None,
        *,
        origin: str,
        seed: Callable[[World], None] | None = None,
        clock: Literal["real", "virtual"] = "real",
        rate: float = 0.0,
    ) -> Engine:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

    def world(self, id_: str) -> Hosted:
        """Raises NotFound, or Gone with the reason."""
        raise NotImplementedError

    @property
    def worlds(self) -> list[Hosted]:
        """All that are hosted now, main first."""
        raise NotImplementedError

    async def write(self, hosted: Hosted, work: Callable[[World], T]) -> T:
        raise NotImplementedError

    async def ask(self, hosted: Hosted, actor: Actor, type_: type[Any], values: Mapping[str, Any]) -> str:
        raise NotImplementedError

    def dry_run(self, hosted: Hosted, actor: Actor, type_: type[Any], values: Mapping[str, Any]) -> list[Record]:
        raise NotImplementedError

    async def verify(self, hosted: Hosted, text: str, kept: str) -> bool:
        """Is a typed PIN or password the one that `kept` verifies? A slow hash is checked in a thread."""
        raise NotImplementedError

    async def provision(self, hosted: Hosted, request: Request, origin: str) -> Response:
        """Answer a phone on the real network. `request.url` is the target as sent, `/w/<id>` included; `origin` is
        scheme and host as the phone sees them, without `/w/<id>`."""
        raise NotImplementedError

    async def fork(self, source: Hosted, id_: str | None = None, empty: bool = False) -> Hosted:
        raise NotImplementedError

    async def delete(self, id_: str) -> None:
        raise NotImplementedError

    async def reset(self, id_: str) -> None:
        raise NotImplementedError

    async def advance(self, hosted: Hosted, by: timedelta) -> None:
        raise NotImplementedError

    async def settle(self, hosted: Hosted) -> None:
        raise NotImplementedError

    async def set_rate(self, hosted: Hosted, rate: float) -> None:
        raise NotImplementedError
