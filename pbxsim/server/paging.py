"""Lists, a page at a time: `{"items": [...], "next": cursor or null}`.

A cursor is the place behind the last item in the order that people see, so a page costs a page, and what others add,
delete or rename between two pages neither loses nor repeats the rest. It is opaque: clients send it back as it came.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pbxsim.core.entities import NOUNS, Account
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.state import EMPTY, State
from pbxsim.server import views
from pbxsim.server.problems import Answer

LIMIT, MOST = 100, 1000
LOOKED_AT = 10_000  # of these at most is one page chosen, however few fit a search: others wait meanwhile

OPTIONS = ("limit", "after", "q")

Place = tuple[str, str]  # (what the list is ordered by, id)


def page(state: State, account: str, type_: type, options: Mapping[str, str], fits: Callable[[Any], bool]) -> Answer:
    """A page of everything of that kind in an account ('' for the accounts themselves) that fits.

    A page may be short, or empty, and have a `next` all the same."""
    limit, after = _limit(options), _place(options)
    wanted = options.get("q", "").casefold()
    order = state.order.get((account, NOUNS[type_]), EMPTY)
    table: Mapping[str, Any] = state.accounts if type_ is Account else state.entities
    items: list[Any] = []
    last: Place | None = None
    for looked_at, place in enumerate(order if after is None else order.after(after)):
        if len(items) == limit or looked_at == LOOKED_AT:
            return _answer(items, last)
        entity = table[place[1]]
        if (not wanted or wanted in views.shown(entity).casefold()) and fits(entity):
            items.append(views.view(state, entity))
        last = (place[0], place[1])
    return _answer(items, None)


def whole(items: Iterable[Any]) -> Answer:
    """A short list, in one page."""
    return _answer(list(items), None)


def _answer(items: list[Any], last: Place | None) -> Answer:
    return Answer(200, {"items": items, "next": last and _cursor(last)})


def _cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _place(options: Mapping[str, str]) -> Place | None:
    cursor = options.get("after")
    if cursor is None:
        return None
    try:
        key, id_ = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        key = id_ = None
    if isinstance(key, str) and isinstance(id_, str):
        return key, id_
    raise Invalid([Fault("/after", "must be the `next` of another page of this list")])


def _limit(options: Mapping[str, str]) -> int:
    said = options.get("limit", str(LIMIT))
    if said.isascii() and said.isdigit() and len(said) <= 4 and 1 <= int(said) <= MOST:
        return int(said)
    raise Invalid([Fault("/limit", f"must be a whole number from 1 to {MOST}, not {said!r}")])
