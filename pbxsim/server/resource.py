"""What every noun has in common: a list, one thing, adding, changing, deleting, and actions on it.

Which entity is meant follows from the path's names and the command's first field, so that a row of a ROUTES table says
all there is to say about most endpoints.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from pbxsim.core.entities import Account
from pbxsim.core.refusals import Gone
from pbxsim.core.rules.common import path
from pbxsim.core.transition import SUBJECTS
from pbxsim.server import bodies, paging, views
from pbxsim.server.call import Call, Route
from pbxsim.server.problems import Answer

PLURALS = {"mailboxes": "mailbox"} | {f"{noun}s": noun for noun in SUBJECTS}


async def items(call: Call) -> Answer:
    """GET .../users: a page of them."""
    type_ = SUBJECTS[PLURALS[call.route.path.rpartition("/")[2]]]
    account = "" if type_ is Account else call.account.id
    return paging.entities(call.state, account, type_, call.options(*paging.OPTIONS), call.sees)


async def item(call: Call) -> Answer:
    """GET .../users/{user}."""
    return call.show(call.named(_last(call)))


async def add(call: Call) -> Answer:
    """POST .../users: 201 and the new one."""
    values = call.values(await call.body(), _given(call))
    return await call.ask(values, lambda id_: created(call, _present(id_, call.state.entities.get(id_))))


async def change(call: Call) -> Answer:
    """PATCH .../users/{user}: the body over what is there."""
    patch = await call.body()  # first: nothing may happen between looking at what is there and asking
    subject = call.named(_last(call))
    body = bodies.merged(patch, views.view(call.state, subject))
    values = call.values(body, _given(call))
    return await call.ask(values, partial(_shown, call, type(subject)), subject)


async def act(call: Call) -> Answer:
    """POST .../numbers/{number}/activate: 200 and what has become of it."""
    body = await call.body()
    subject = call.named(_last(call))
    values = call.values(body, _given(call))
    return await call.ask(values, partial(_shown, call, type(subject)), subject)


async def delete(call: Call) -> Answer:
    """DELETE .../users/{user}: 204."""
    subject = call.named(_last(call))
    return await call.ask(_given(call), nothing, subject)


def created(call: Call, entity: Any) -> Answer:
    """201, its place, its revision, and itself."""
    shown = call.show(entity)
    place = f"/api/v1/accounts/{entity.id}" if isinstance(entity, Account) else path(entity)
    return call.created(shown.value, place, shown.headers)


def nothing(id_: str) -> Answer:
    """204: it is done, and there is nothing to show."""
    return Answer(204)


def _given(call: Call) -> dict[str, str]:
    """What the path says of the command's fields, as ids."""
    return {name: call.named(name).id for name in _names(call.route)}


@cache
def _names(route: Route) -> tuple[str, ...]:
    """The fields of a route's command that its path names."""
    assert route.command is not None
    fields = route.command.__struct_fields__
    return tuple(name for name in SUBJECTS if f"{{{name}}}" in route.path and name in fields)


def _last(call: Call) -> str:
    """The innermost thing that the path names."""
    return next(name for name in reversed(list(call.params)) if name in SUBJECTS)


def _shown(call: Call, type_: type, id_: str) -> Answer:
    return call.show(_present(id_, call.state.get(type_, id_)))


def _present(id_: str, entity: Any) -> Any:
    """The entity; somebody else may have deleted it while the command was committed."""
    if entity is None:
        raise Gone("thing with the id", id_)
    return entity
