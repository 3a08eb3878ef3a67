"""Webhooks: URLs that are told what happens in a world, signed. They concern the server, and are the operator's alone.

Only main's are sent; a fork records what it would have sent.
"""

from __future__ import annotations

import re
from time import time
from typing import Any

from msgspec import Struct, structs

from pbxsim.core.refusals import Fault, Invalid, NotFound
from pbxsim.server import paging, webhooks
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer, Problem
from pbxsim.server.targets import BadTarget
from pbxsim.server.webhooks import Delivery, Hook, Place
from pbxsim.server.worlds import MAIN
from pbxsim.world import iso

ROUTES = (
    ("GET", "/webhooks", "all_"),
    ("POST", "/webhooks", "add"),
    ("GET", "/webhooks/{webhook}", "one"),
    ("PATCH", "/webhooks/{webhook}", "change"),
    ("DELETE", "/webhooks/{webhook}", "delete"),
    ("GET", "/webhooks/{webhook}/deliveries", "deliveries"),
    ("GET", "/webhooks/{webhook}/deliveries/{delivery}", "delivery"),
)

_KIND = re.compile(r"\*|(?:[a-z_]{1,40}\.)?(?:[a-z_]{1,40}|\*)")
LOOKED_AT = 10_000  # of a fork's newest events, for what it would have sent


class _New(Struct, frozen=True):
    url: str
    events: tuple[str, ...] = ("*",)
    secret: str | None = None
    active: bool = True
    description: str = ""


class _Changed(Struct, frozen=True):
    url: str | None = None
    events: tuple[str, ...] | None = None
    secret: str | None = None
    active: bool | None = None
    description: str | None = None


async def all_(call: Call) -> Answer:
    """Those of the world, in the order in which they were made."""
    call.only_operator()
    call.options()
    return paging.whole(_shown(call, hook) for hook in call.engine.webhooks.all(call.hosted.id))


async def one(call: Call) -> Answer:
    """How it stands: `state` is delivering, retrying, dead, paused, or recording (in a fork)."""
    call.only_operator()
    return _answer(call, _hook(call))


async def add(call: Call) -> Answer:
    """From now on it is told. Without a secret the server makes one, and shows it in this answer alone."""
    call.only_operator()
    asked, world = await call.read(_New), call.hosted.id
    _check(call, asked.url, asked.events, asked.secret, asked.description)
    secret = asked.secret or webhooks.new_secret()
    last = call.engine.hub.last(world)
    hook = Hook(
        id=webhooks.new_id(),
        url=asked.url,
        key=webhooks.key_of(secret),
        events=_once(asked.events),
        active=asked.active,
        description=asked.description,
        created=int(time() * 1000),
        since=last,
    )
    if call.dry_run:
        return Answer(200, {"events": []})
    await call.engine.webhooks.put(world, hook, Place(last))
    shown = _shown(call, hook) | ({} if asked.secret else {"secret": secret})
    return call.created(shown, f"/api/v1/webhooks/{hook.id}", (("ETag", f'"{hook.revision}"'),))


async def change(call: Call) -> Answer:
    """What is given. `"active": true` revives a dead one, which goes on at the message that it could not deliver."""
    call.only_operator()
    patch, hook = await call.body(), _hook(call)
    asked = await call.read(_Changed)
    cleared = [Fault(f"/{name}", "cannot be cleared") for name in patch if patch[name] is None]
    if cleared:
        raise Invalid(cleared)
    wanted = call.request.headers.get("If-Match")
    if wanted not in (None, "*", f'"{hook.revision}"'):
        raise Problem(412, "stale", f'It has changed since: it is at revision "{hook.revision}", not {wanted}.')
    _check(call, asked.url or hook.url, asked.events or hook.events, asked.secret, asked.description or "")
    if asked.events is not None and not asked.events:
        raise Invalid([_NO_EVENTS])
    changed = structs.replace(
        hook,
        url=asked.url or hook.url,
        events=_once(asked.events or hook.events),
        key=webhooks.key_of(asked.secret) if asked.secret else hook.key,
        active=hook.active if asked.active is None else asked.active,
        description=hook.description if asked.description is None else asked.description,
        revision=hook.revision + 1,
    )
    if call.dry_run:
        return Answer(200, {"events": []})
    place = call.engine.webhooks.places.get(hook.id)
    alive = Place(place.after) if place is not None and place.dead and asked.active else None
    if asked.active and not hook.active:  # what happened while it was paused is not told
        alive = Place(call.engine.hub.last(call.hosted.id))
    await call.engine.webhooks.put(call.hosted.id, changed, alive)
    return _answer(call, changed)


async def delete(call: Call) -> Answer:
    """It is told nothing more."""
    call.only_operator()
    hook = _hook(call)
    if call.dry_run:
        return Answer(200, {"events": []})
    await call.engine.webhooks.delete(call.hosted.id, hook.id)
    return Answer(204)


async def deliveries(call: Call) -> Answer:
    """The last hundred, newest first, with every attempt."""
    call.only_operator()
    call.options()
    hook = _hook(call)
    return paging.whole(webhooks.shown(hook, one) for one in reversed(_deliveries(call, hook)))


async def delivery(call: Call) -> Answer:
    """One of them with what is sent: headers, signature and body."""
    call.only_operator()
    hook, id_ = _hook(call), call.params["delivery"]
    for one in _deliveries(call, hook):
        if webhooks.message_id(hook, one.message) == id_:
            return Answer(200, webhooks.shown(hook, one, whole=True))
    raise NotFound("delivery", id_, "The last hundred of a webhook are remembered, until the server stops.")


def _hook(call: Call) -> Hook:
    return call.engine.webhooks.get(call.hosted.id, call.params["webhook"])


def _deliveries(call: Call, hook: Hook) -> list[Delivery]:
    if call.hosted.id == MAIN:
        return list(call.engine.webhooks.logged(hook))
    return webhooks.recorded(hook, call.engine.hub.told(call.hosted.id, hook.since, LOOKED_AT))


_NO_EVENTS = Fault("/events", 'must name at least one kind, such as user.added, user.* or * ("*" is all)')


def _check(call: Call, url: str, events: tuple[str, ...], secret: str | None, description: str) -> None:
    """Raises Invalid with all that is wrong."""
    faults = []
    try:
        call.site.webhook_rules.check_url(url)
    except BadTarget as error:
        faults.append(Fault("/url", str(error)))
    if not events:
        faults.append(_NO_EVENTS)
    if len(events) > 100:
        faults.append(Fault("/events", "must be 100 at most"))
    for place, kind in enumerate(events):
        if not _KIND.fullmatch(kind):
            faults.append(Fault(f"/events/{place}", f"must be a kind such as user.added, user.* or *, not {kind!r}"))
    if secret is not None:
        try:
            webhooks.key_of(secret)
        except ValueError as error:
            faults.append(Fault("/secret", str(error)))
    if len(description) > 200 or not (description.isprintable() or not description):
        faults.append(Fault("/description", "must be 200 printable characters at most"))
    if faults:
        raise Invalid(faults)


def _once(events: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(events))


def _answer(call: Call, hook: Hook) -> Answer:
    return Answer(200, _shown(call, hook), (("ETag", f'"{hook.revision}"'),))


def _shown(call: Call, hook: Hook) -> dict[str, Any]:
    """Without its secret."""
    return {
        "id": hook.id,
        "url": hook.url,
        "events": list(hook.events),
        "active": hook.active,
        "description": hook.description,
        "created": iso(hook.created),
        **_state(call, hook),
        "revision": hook.revision,
    }


def _state(call: Call, hook: Hook) -> dict[str, Any]:
    """How it stands. `behind`: how many messages are still to be looked at."""
    if call.hosted.id != MAIN:
        return {"state": "recording" if hook.active else "paused", "why": "", "behind": 0}
    place = call.engine.webhooks.places.get(hook.id, Place(hook.since))
    behind = max(0, call.engine.hub.last(MAIN) - place.after)
    if not hook.active:
        return {"state": "paused", "why": "", "behind": 0}
    if place.dead:
        return {"state": "dead", "why": place.dead, "behind": behind}
    log = call.engine.webhooks.logged(hook)
    failing = bool(log) and log[-1].status == "failed"
    why = ""
    if failing:
        last = log[-1].attempts[-1]
        why = last.error or f"it answered {last.status}"
    return {"state": "retrying" if failing else "delivering", "why": why, "behind": behind}
