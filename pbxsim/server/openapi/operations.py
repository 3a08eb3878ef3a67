"""Every route as an operation of the document: its name, and its row with all that follows from the handler."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from pbxsim.server import resource, routes
from pbxsim.server.call import Route
from pbxsim.server.openapi.rows import PAGED, ROWS, SHAPES, Row
from pbxsim.server.openapi.shapes import page

PARAMETER = re.compile(r"\{(\w+)\}")
_VERBS = {"GET": "get", "PATCH": "update", "PUT": "set", "DELETE": "delete"}


class Operation(msgspec.Struct, frozen=True):
    """One route, and all that is known of it. `key` is "POST /accounts"; `row` has every default filled in."""

    route: Route
    key: str
    id: str
    row: Row
    shared: bool

    @property
    def path(self) -> str:
        """Behind /api/v1."""
        return self.route.path.removeprefix(routes.BASE)

    @property
    def parameters(self) -> list[str]:
        """The names in the path."""
        return PARAMETER.findall(self.route.path)


def operations() -> Iterator[Operation]:
    """Every route with its row."""
    for route in routes.routes():
        path = route.path.removeprefix(routes.BASE)
        key = f"{route.method} {path}"
        row, shared = ROWS.get(key), inspect.getmodule(route.handler) is resource
        if shared:
            row = _of_resource(route, row or Row())
        yield Operation(route, key, (row and row.id) or _id(route.method, path), row or Row(Any), shared)


def undescribed() -> list[str]:
    """The routes that no row describes and whose handler is their own; there should be none."""
    return [one.key for one in operations() if not one.shared and one.key not in ROWS]


def _of_resource(route: Route, row: Row) -> Row:
    """What follows from the handler that all nouns share."""
    nouns = [name for name in PARAMETER.findall(route.path) if name in SHAPES]
    listed = resource.PLURALS.get(route.path.rpartition("/")[2], "")
    name = route.handler.__name__
    shape = SHAPES.get(listed if name in ("items", "add") else nouns[-1] if nouns else "", Any)
    known: dict[str, Any] = {
        "items": {"answer": page(shape), "query": PAGED},
        "item": {"answer": shape, "tagged": True},
        "add": {"answer": shape, "status": 201, "tagged": True},
        "change": {"answer": shape, "tagged": True, "subject": True},
        "act": {"answer": shape, "tagged": True, "subject": True},
        "delete": {"subject": True},
    }[name]
    return msgspec.structs.replace(row, **known)


def _id(method: str, path: str) -> str:
    """POST /accounts/{account}/users/{user}/reset -> resetUser."""
    parts = path.strip("/").split("/")
    words = [part for part in parts if not part.startswith("{")]
    if len(words) > 1 and words[0] == "accounts":
        words = words[1:]
    nouns = "".join(map(_singular, words[:-1]))
    if parts[-1].startswith("{"):
        return _VERBS.get(method, method.lower()) + nouns + _singular(words[-1])
    if method == "GET":
        return f"list{nouns}{_camel(words[-1])}" if words[-1].endswith("s") else f"get{nouns}{_camel(words[-1])}"
    if method == "POST" and words[-1].endswith("s"):
        return f"add{nouns}{_singular(words[-1])}"
    if method == "POST" and nouns:
        action = _camel(words[-1])
        return action[:1].lower() + action[1:] + nouns
    return {"POST": "post", **_VERBS}[method] + nouns + _camel(words[-1])


def _camel(word: str) -> str:
    return "".join(part.capitalize() for part in re.split(r"[-.]", word))


def _singular(word: str) -> str:
    return _camel(
        "mailbox" if word == "mailboxes" else "directory-entry" if word == "directory" else word.removesuffix("s")
    )
