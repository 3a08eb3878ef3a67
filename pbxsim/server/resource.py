"""What every noun has in common: a list, one thing, adding, changing, deleting, and actions on it.

Which entity is meant follows from the path's names and the command's first field, so that a row of a ROUTES table says
all there is to say about most endpoints.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pbxsim.core.entities import Account, Entity
from pbxsim.core.rules.common import path
from pbxsim.core.transition import SUBJECTS
from pbxsim.server import bodies, paging
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer

_PLURALS = {"accounts": "account", "mailboxes": "mailbox"} | {f"{noun}s": noun for noun in SUBJECTS}


async def items(call: Call) -> Answer:
    """GET .../users: a page of them."""
    type_ = SUBJECTS[_PLURALS[call.route.path.rpartition("/")[2]]]
    account = "" if type_ is Account else call.account.id
    return paging.entities(call.state, account, type_, call.options(*paging.OPTIONS))


async def item(call: Call) -> Answer:
    """GET .../users/{user}."""
    return call.show(call.named(_last(call)))


async def add(call: Call) -> Answer:
    """POST .../users: 201 and the new one."""
    values = bodies.values(_command(call), await call.body(), _given(call))
    return await call.ask(values, lambda id_: created(call, _entity(call, id_)))


async def change(call: Call) -> Answer:
    """PATCH .../users/{user}: the body over what is there."""
    subject = call.named(_last(call))
    body = bodies.merged(await call.body(), call.show(subject).value)
    values = bodies.values(_command(call), body, _given(call))
    return await call.ask(values, lambda id_: call.show(_entity(call, id_)), subject)


async def act(call: Call) -> Answer:
    """POST .../numbers/{number}/activate: 200 and what has become of it."""
    subject = call.named(_last(call))
    values = bodies.values(_command(call), await call.body(), _given(call))
    return await call.ask(values, lambda id_: call.show(_entity(call, id_)), subject)


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
    fields = _command(call).__struct_fields__
    return {name: call.named(name).id for name in SUBJECTS if name in call.params and name in fields}


def _last(call: Call) -> str:
    """The innermost thing that the path names."""
    return next(name for name in reversed(list(call.params)) if name in SUBJECTS)


def _command(call: Call) -> Any:
    assert call.route.command is not None, f"{call.route.path} names no command"
    return call.route.command


def _entity(call: Call, id_: str) -> Any:
    """What the command was about, as it is now."""
    found: Mapping[str, Entity] = call.state.accounts if id_ in call.state.accounts else call.state.entities
    return found[id_]
