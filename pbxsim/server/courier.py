"""Webhooks that leave: what happens in main is told to its hooks, after the commit, in order, at least once.

Each hook has a task of its own: it reads the stream from the hook's place, delivers one message, and goes on when it
has been taken (any 2xx). A failure is tried again, later each time; after the last attempt the hook is dead: an event
says so, nothing more is sent, and whoever sets it active again lets it go on at the very message. Places are kept with
the next commit of their own, within a second: after a crash the messages of that second are delivered twice.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from time import monotonic, time
from typing import TYPE_CHECKING

from msgspec import Struct
from yarl import URL

from pbxsim.core.refusals import PbxsimError
from pbxsim.server import webhooks
from pbxsim.server.hub import SCREEN, Message, Subscription
from pbxsim.server.targets import BadTarget, CheckedResolver, Rules
from pbxsim.server.webhooks import Attempt, Delivery, Hook, Place
from pbxsim.server.worlds import MAIN

if TYPE_CHECKING:
    import aiohttp

    from pbxsim.server.engine import Engine

LOG = logging.getLogger("pbxsim.webhooks")

SAVED = 1.0  # s: a place is kept at least so often while messages are delivered
WAIT_MOST = 3600.0  # s that a receiver's Retry-After may ask for


class Patience(Struct, frozen=True):
    """How often, and how long between: `first` seconds before the second attempt, `factor` times as long before each
    next, up to `most`; of each wait between half and all of it, by chance, so that many do not come at once.

    Nine attempts in about an hour and a half (decided; the Standard Webhooks specification leaves it open)."""

    attempts: int = 9
    first: float = 2.0
    factor: float = 4.0
    most: float = 3600.0
    answer: float = 10.0  # s for a whole attempt

    def wait(self, tried: int, chance: float) -> float:
        """Seconds before the next attempt, after so many; `chance` is 0 to 1."""
        return float(min(self.most, self.first * self.factor ** (tried - 1))) * (0.5 + chance / 2)


class Courier:
    """`async with Courier(engine, rules):` delivers while it lasts."""

    def __init__(
        self,
        engine: Engine,
        rules: Rules,
        patience: Patience | None = None,
        *,
        resolver: CheckedResolver | None = None,
        clock: Callable[[], float] = time,
    ) -> None:
        self._engine, self._hooks, self._rules = engine, engine.webhooks, rules
        self._patience = patience or Patience()
        self._resolver = resolver or CheckedResolver(rules)
        self._clock = clock
        self._tasks: dict[str, tuple[Hook, asyncio.Task[None]]] = {}
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Courier:
        import aiohttp

        # One connection a delivery, to an address that has just been checked; no proxy, no cookies, no redirects.
        connector = aiohttp.TCPConnector(resolver=self._resolver, use_dns_cache=False, force_close=True, limit=100)
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=self._patience.answer),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
        )
        self._hooks.changed = self._arrange
        self._arrange()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hooks.changed = lambda: None
        tasks = [task for _, task in self._tasks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._session.close()

    def _arrange(self) -> None:
        """A task for each hook that lives, as it is now."""
        wanted = {
            hook.id: hook
            for hook in self._hooks.all(MAIN)
            if hook.active and not self._hooks.places.get(hook.id, Place(0)).dead
        }
        for id_, (hook, task) in list(self._tasks.items()):
            if wanted.get(id_) != hook or task.done():
                task.cancel()
                del self._tasks[id_]
        for id_, hook in wanted.items():
            if id_ not in self._tasks:
                self._tasks[id_] = (hook, asyncio.create_task(self._serve(hook), name=f"webhook {id_}"))

    async def _serve(self, hook: Hook) -> None:
        """Until the hook is dead, or another."""
        place = self._hooks.places.get(hook.id, Place(hook.since))
        saved = monotonic()
        unsaved = False
        stream = self._engine.hub.subscribe(MAIN, place.after)
        try:
            with stream:
                while True:
                    message = await self._next(stream, hook, place, unsaved)
                    unsaved = False
                    if message.kind == SCREEN:
                        continue
                    if hook.wants(message.kind):
                        why = await self._deliver(hook, message)
                        if why:
                            await self._bury(hook, place, why)
                            return
                    place = Place(message.id)
                    self._hooks.places[hook.id] = place
                    unsaved = True
                    if monotonic() - saved > SAVED:
                        await self._save(hook, place)
                        saved, unsaved = monotonic(), False
        except (StopAsyncIteration, asyncio.CancelledError):
            if unsaved:
                await asyncio.shield(self._save(hook, place))
            raise
        except Exception:  # whatever it is, the other hooks go on; this one does at the next start or change
            LOG.exception("webhook %s has stopped", hook.id)

    async def _next(self, stream: Subscription, hook: Hook, place: Place, unsaved: bool) -> Message:
        """The next message; while there is none, the place is kept."""
        if not unsaved:
            return await anext(stream)
        coming = asyncio.ensure_future(anext(stream))
        try:
            done, _ = await asyncio.wait([coming], timeout=SAVED)
            if not done:
                await self._save(hook, place)
            return await coming
        finally:
            coming.cancel()

    async def _save(self, hook: Hook, place: Place) -> None:
        try:
            await self._hooks.move(hook.id, place)
        except PbxsimError as error:  # the file cannot be written now: what was delivered may be delivered again
            LOG.warning("webhook %s: its place could not be kept: %s", hook.id, error)

    async def _deliver(self, hook: Hook, message: Message) -> str:
        """'' once it has been taken; why it was not after the last attempt."""
        delivery = self._logged(hook, message)
        tried = 0
        while True:
            attempt, final, asked = await self._attempt(hook, message)
            delivery.attempts.append(attempt)
            if attempt.status is not None and 200 <= attempt.status < 300:
                delivery.status, delivery.next = "delivered", None
                self._engine.tally.delivered("delivered")
                return ""
            why = attempt.error or f"it answered {attempt.status}"
            tried += 1
            self._engine.tally.delivered("failed")
            LOG.warning("webhook %s: attempt %d of %d: %s", hook.id, tried, self._patience.attempts, why)
            if final or tried >= self._patience.attempts:
                delivery.status, delivery.next = "dead", None
                return f"{tried} attempt{'s' if tried > 1 else ''}: {why}"
            wait = max(asked, self._patience.wait(tried, random.random()))
            delivery.status, delivery.next = "failed", int((self._clock() + wait) * 1000)
            await asyncio.sleep(wait)

    def _logged(self, hook: Hook, message: Message) -> Delivery:
        """Its line in the log of deliveries; the present one if it was begun before."""
        log = self._hooks.logged(hook)
        if not (log and log[-1].message == message and log[-1].status != "delivered"):
            log.append(Delivery(message, attempts=[]))
        del log[-1].attempts[: -self._patience.attempts]  # of earlier lives
        log[-1].status = "waiting"
        return log[-1]

    async def _attempt(self, hook: Hook, message: Message) -> tuple[Attempt, bool, float]:
        """One try; is it for good, and how long the receiver asks to be left in peace (s)."""
        import aiohttp

        began, at = monotonic(), int(self._clock() * 1000)
        sent = webhooks.body(message)
        status, error, asked = None, "", 0.0
        try:
            url = self._rules.check_url(hook.url)  # again: the server may have been started with other rules
            head = webhooks.headers(hook, message, at, sent)
            # What follows the head is never read: it is nothing that we need.
            async with self._session.post(URL(url), data=sent, headers=head, allow_redirects=False) as answer:
                status = answer.status
                asked = _retry_after(answer.headers.get("Retry-After", ""), self._clock())
        except BadTarget as refused:
            error = str(refused)
        except TimeoutError:
            error = f"no answer within {self._patience.answer:g} s"
        except (aiohttp.ClientError, OSError) as failed:
            cause = failed.__cause__
            error = str(cause if isinstance(cause, BadTarget) else failed) or type(failed).__name__
        took = int((monotonic() - began) * 1000)
        return Attempt(at, took, status, error[:300]), status == 410, asked  # 410: it wants no more, ever

    async def _bury(self, hook: Hook, place: Place, why: str) -> None:
        """It is told nothing more until somebody sets it active; its place stays before the message."""
        self._engine.tally.delivered("dead")
        LOG.error("webhook %s is dead: %s", hook.id, why)
        await self._save(hook, Place(place.after, why))
        try:
            await self._engine.write(self._engine.main, lambda world: world.note("webhook.dead", hook.id, why=why))
        except PbxsimError as error:
            LOG.warning("webhook %s: its end could not be told: %s", hook.id, error)


def _retry_after(said: str, now: float) -> float:
    """Seconds, or a date (RFC 9110, 10.2.3)."""
    if said.isascii() and said.isdigit() and len(said) < 10:
        return min(float(said), WAIT_MOST)
    try:
        return min(max(0.0, parsedate_to_datetime(said).timestamp() - now), WAIT_MOST)
    except (ValueError, TypeError):
        return 0.0
