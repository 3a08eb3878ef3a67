"""The configuration server on a socket: `python -m provisioning.app plans.yaml --port 8081`.

A thin shell. It turns HTTP into values and back, keeps files in memory, counts misses, and decides nothing.
"""

from __future__ import annotations

import argparse
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from provisioning.answer import PlanSource, answer
from provisioning.identify import masked
from provisioning.messages import Effect, FileDropped, FileFrozen, FileStored, Missed, Request
from provisioning.respond import UPLOAD_LIMIT
from provisioning.source import EXAMPLE, BadPlans, FileSource

if TYPE_CHECKING:
    from aiohttp import web

log = logging.getLogger("provisioning")


REMEMBERED = 4096  # sources and keys that have failed: whoever makes them up does not fill this process


class Source(PlanSource, Protocol):
    """A plan source that wants to know what followed from its plans."""

    def follow(self, effect: Effect) -> tuple[Effect, ...]:
        """Called for each effect, after the store has taken it; what else follows is applied too."""


class Store:
    """What effects leave behind, in memory: `files` by (device, name), `misses` by (source, account key)."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], bytes] = {}
        self.misses: Counter[tuple[str, str]] = Counter()

    def apply(self, effects: Iterable[Effect]) -> None:
        """Take all of them, in order."""
        for effect in effects:
            match effect:
                case FileFrozen(device, name, body) | FileStored(device, name, body):
                    self.files[device, name] = body
                case FileDropped(device, name):
                    self.files.pop((device, name), None)
                case Missed(source, account):
                    if len(self.misses) >= REMEMBERED:
                        self.misses = Counter(dict(self.misses.most_common(REMEMBERED // 2)))
                    self.misses[source, account[:64]] += 1
                case _:
                    pass


def application(source: Source, store: Store, key: bytes, clock: Callable[[], int]) -> web.Application:
    """The aiohttp application. `key` signs nonces (32 random bytes); `clock` gives milliseconds since the epoch."""
    from aiohttp import web  # here, so that importing this module costs no server
    from multidict import CIMultiDict

    async def handle(request: web.Request) -> web.Response:
        message = Request(
            request.method,
            request.raw_path,
            tuple(request.headers.items()),
            await _body(request),
            request.remote or "",
        )
        response, effects = await answer(message, source, store.files, clock(), key)
        store.apply(effects)
        for effect in effects:
            store.apply(source.follow(effect))
        log.info("%s %s %s %d", message.source, message.method, masked(message.url), response.status)
        return web.Response(status=response.status, headers=CIMultiDict(response.headers), body=response.body)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    return app


async def _body(request: web.Request) -> bytes:
    """As much of it as decides: whoever sends more than the limit gets his 401 or 413 without being read out."""
    body = b""
    while len(body) <= UPLOAD_LIMIT and (chunk := await request.content.readany()):
        body += chunk
    return body


def _wall_clock() -> int:
    return time.time_ns() // 1_000_000


def main(arguments: list[str] | None = None) -> int:
    """The command line. 2 if the plans cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m provisioning.app",
        description="Serve configurations to desk phones, from a file of plans.",
        epilog="plans.yaml, for example:\n\n" + EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("plans", type=Path, help="a YAML or JSON file")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8081, help="(%(default)s)")
    options = parser.parse_args(arguments)
    try:
        source = FileSource(options.plans)
    except (BadPlans, OSError) as error:
        parser.exit(2, f"{error}\n")
    from aiohttp import web

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    app = application(source, Store(), secrets.token_bytes(32), _wall_clock)
    web.run_app(app, host=options.host, port=options.port, access_log=None)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
