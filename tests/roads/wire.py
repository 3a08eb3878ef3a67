"""A connection to a server, and what every resource and every collection does over it: a request, an answer as JSON."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from copy import copy
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import msgspec

from pbxsim import Blocker, Fault, Forbidden, Invalid, NotFound, NotReady, NotSettled, Refused
from pbxsim.core import nodes as n


class Wire:
    """One keep-alive connection to a server, for one world and one actor."""

    def __init__(self, port: int, token: str, world: str) -> None:
        self.token, self.world, self.actor = token, world, ""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def acting_as(self, actor: str) -> Wire:
        """The same connection, for somebody else."""
        other = copy(self)
        other.actor = actor
        return other

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "X-Pbxsim-World": self.world}
        if self.actor:
            headers["X-Pbxsim-Actor"] = self.actor
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "text/csv" if data is body else "application/json"
        self.connection.request(method, f"/api/v1{path}", data, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        kind = answer.headers.get_content_type()
        found = text.decode() if kind == "image/svg+xml" else json.loads(text) if text else None
        if answer.status >= 400:
            raise error(answer.status, found)
        return found

    def all(self, path: str, q: str = "") -> list[Any]:
        """Every item of a list, page by page; `q` is what is searched for."""
        items, cursor = [], ""
        search = f"&q={quote(q)}" if q else ""
        while True:
            page = self("GET", f"{path}?limit=2{search}{f'&after={cursor}' if cursor else ''}")
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = quote(page["next"])

    def close(self) -> None:
        self.connection.close()


def error(status: int, problem: dict[str, Any]) -> Exception:
    """The exception that the façade would have raised."""
    if "blockers" in problem:
        known = {"kind", "id", "name", "do", "request"}
        blockers = [
            Blocker(
                b["kind"],
                b["id"],
                b["name"],
                b["do"],
                b["request"] and (b["request"]["method"], b["request"]["path"]),
                tuple((key, value) for key, value in b.items() if key not in known),
            )
            for b in problem["blockers"]
        ]
        kind = Forbidden if status == 403 else Refused
        return kind(problem["rule"], problem["title"], problem["detail"], blockers)
    match problem["code"]:
        case "not-ready":
            return NotReady(problem["screen"])
        case "not-found":
            return NotFound("thing", problem["instance"], problem["detail"])
        case "not-settled":
            return NotSettled(0, problem["busy"])
        case "invalid":
            return Invalid(Fault(f["pointer"], f["message"]) for f in problem["errors"])
    return AssertionError(f"{status}: {problem}")


def named(value: Any) -> Any:
    """JSON as attributes; lists as tuples."""
    if isinstance(value, dict):
        return SimpleNamespace(**{key: named(part) for key, part in value.items()})
    return tuple(map(named, value)) if isinstance(value, list) else value


class Thing:
    """One resource: its attributes are those of its JSON, asked for anew each time."""

    def __init__(self, wire: Wire, base: str, id_: str) -> None:
        self._wire, self._base, self.id = wire, base, id_

    @property
    def path(self) -> str:
        return f"{self._base}/{quote(self.id)}"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(named(self._wire("GET", self.path)), name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Thing) and self.path == other.path

    def __hash__(self) -> int:
        return hash(self.path)

    @property
    def exists(self) -> bool:
        try:
            self._wire("GET", self.path)
        except NotFound:
            return False
        return True


class Items:
    """A collection."""

    thing = Thing
    positional: tuple[str, ...] = ()
    keys = ("id",)

    def __init__(self, wire: Wire, path: str) -> None:
        self._wire, self._path = wire, path

    def add(self, *values: Any, **fields: Any) -> Any:
        body = {**dict(zip(self.positional, values, strict=False)), **fields}
        return self.thing(self._wire, self._path, self._wire("POST", self._path, plain(body))["id"])

    def update(self, thing: Any, **fields: Any) -> None:
        self._wire("PATCH", self._at(thing), plain(fields))

    def delete(self, thing: Any) -> None:
        self._wire("DELETE", self._at(thing))

    def __getitem__(self, key: str) -> Any:
        return self.thing(self._wire, self._path, self._found(key)["id"])

    def __contains__(self, key: Any) -> bool:
        try:
            self._found(key.id if isinstance(key, Thing) else key)
        except NotFound:
            return False
        return True

    def __iter__(self) -> Iterator[Any]:
        return (self.thing(self._wire, self._path, item["id"]) for item in self._wire.all(self._path))

    def _at(self, thing: Any) -> str:
        return f"{self._path}/{thing.id if isinstance(thing, Thing) else quote(self._found(thing)['id'])}"

    def _found(self, key: str) -> Any:
        for item in self._wire.all(self._path):
            shown = (*(item[name] for name in self.keys), *(str(item[name]).replace(":", "") for name in self.keys))
            if key in shown:
                return item
        return self._wire("GET", f"{self._path}/{quote(key)}")

    def _do(self, thing: Any, verb: str, method: str = "POST", **body: Any) -> Any:
        return self._wire(method, f"{self._at(thing)}/{verb}", plain(body))


def plain(value: Any) -> Any:
    """JSON, with ids for things."""
    if isinstance(value, Thing):
        return value.id
    if isinstance(value, SimpleNamespace):
        return {key: plain(part) for key, part in vars(value).items()}
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, n.Voicemail):
        box: Any = value.mailbox
        return {
            "type": "voicemail",
            "mailbox": plain(box.mailbox if isinstance(box, Thing) and box._base.endswith("/users") else box),
        }
    if isinstance(value, msgspec.Struct):
        tag = value.__struct_config__.tag
        fields = {name: plain(getattr(value, name)) for name in value.__struct_fields__}
        return {"type": tag, **fields} if tag else fields
    return value
