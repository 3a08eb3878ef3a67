"""Running a server until it is told to stop: the socket, the engine, the application, the signals.

What `serve` and `demo` share. Faults that a user can mend (a port in use, a file that cannot be used) leave as
`CannotServe`, in words.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import secrets
import signal
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from pbxsim.cli.resting import collector_at_rest
from pbxsim.core.refusals import PbxsimError

if TYPE_CHECKING:
    from pbxsim.server.engine import Engine, Seed
    from pbxsim.server.postman import MailServer


LOG = logging.getLogger("pbxsim.server")


class CannotServe(PbxsimError):
    """The server cannot start, and why."""


class Plan(Struct):
    """What to serve. `db` None: in memory. `token` None: that of the file, or a new one."""

    host: str
    port: int
    db: Path | None
    seed: Seed | None = None
    clock: Literal["real", "virtual"] = "real"
    rate: float = 0.0
    token: str | None = None
    new_token: bool = False
    require_world: bool = False
    post: MailServer | None = None  # where main's mail is handed over; None: nowhere
    origin: str = ""  # scheme and host that phones are told to fetch from; '': where it listens
    names: tuple[str, ...] = ()  # by which this server may be asked, besides
    webhook_targets: tuple[str, ...] = ()  # that webhooks may reach besides the public network
    expiry: timedelta = timedelta(days=1)  # forks that nobody uses end after that; zero: never
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    patience: float = 10.0  # s that answers under way have when the server stops


Told = Callable[[str, str | None], None]  # (address, the token if it is new) -> says so to people


def run(plan: Plan, told: Told) -> None:
    """Serve until SIGINT or SIGTERM; `told` is called when the server answers. Raises CannotServe, also when what was
    left at the end could not be written."""
    from pbxsim.server import logs

    listening = bind(plan.host, plan.port)
    logs.begin(plan.log_format, plan.log_level)
    with listening, contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(plan, listening, told))


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises CannotServe in words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(1024)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotServe(f"port {port} on {host} is in use. Say --port with another one (0: any).") from None
        if error.errno == errno.EACCES:
            raise CannotServe(f"port {port} needs more rights than you have. Say --port with one above 1023.") from None
        raise CannotServe(f"cannot listen on {host} port {port}: {error.strerror or error}.") from None
    except OverflowError:
        listening.close()
        raise CannotServe(f"port {port} is none: it must be 0 to 65535.") from None
    return listening


async def _serve(plan: Plan, listening: socket.socket, told: Told) -> None:
    from aiohttp import web

    from pbxsim import portal
    from pbxsim.server.courier import Courier
    from pbxsim.server.engine import Engine
    from pbxsim.server.starting import answering
    from pbxsim.server.targets import Rules

    port = listening.getsockname()[1]
    address = f"http://{f'[{plan.host}]' if ':' in plan.host else plan.host}:{port}"
    rules = Rules.of(plan.webhook_targets)
    async with answering(listening):
        origin = plan.origin or address
        with collector_at_rest():
            engine = await Engine.open(
                plan.db, origin=origin, seed=plan.seed, clock=plan.clock, rate=plan.rate, expiry=plan.expiry
            )
    try:
        digest, fresh = await _token(engine, plan)
        hosts = [plan.host, *plan.names]
        app = portal.make_app(engine, digest, hosts=hosts, require_world=plan.require_world, webhook_rules=rules)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=plan.patience)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            async with _post(engine, plan.post), Courier(engine, rules):
                stop = _stopping()  # first: whoever is told that the server is up may stop it at once
                told(address, fresh)
                await stop.wait()
            LOG.info("stopping: %d requests are under way", engine.tally.under_way)
        finally:
            await runner.cleanup()
    finally:
        await engine.close()
    if not engine.sound:
        raise CannotServe("the last changes could not be written; nobody was told that they were. The log says why.")
    LOG.info("stopped")


def _post(engine: Engine, server: MailServer | None) -> contextlib.AbstractAsyncContextManager[object]:
    """Sends main's mail while it lasts, where a mail server is named."""
    if server is None:
        return contextlib.nullcontext()
    from pbxsim.server.postman import Postman

    return Postman(engine, server)


async def _token(engine: Engine, plan: Plan) -> tuple[bytes, str | None]:
    """(the digest of the operator's token, the token where it is a new one). Kept in the file as its SHA-256 only."""
    from pbxsim.server.auth import token_hash

    kept = engine.kept("token").get("operator")
    if kept is not None and plan.token is None and not plan.new_token:
        return bytes.fromhex(kept), None
    token = plan.token or secrets.token_urlsafe(24)
    await engine.keep("token", "operator", token_hash(token).hex())
    return token_hash(token), token


def _stopping() -> asyncio.Event:
    """What SIGINT and SIGTERM set. A second one does not wait: what was acknowledged is in the file already."""
    stop = asyncio.Event()

    def asked(number: int) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked, number)
    return stop


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster loop, where there is one."""
    try:
        import uvloop
    except ImportError:  # not built for this platform: asyncio's own loop does as well, only slower
        return None
    return uvloop.new_event_loop


def write_token(path: Path, token: str) -> None:
    """Put a token into a file that only its owner reads."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600)
        file.write(f"{token}\n")
