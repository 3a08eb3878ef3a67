"""The OpenAPI 3.1 document, generated: from the ROUTES tables what there is, from the commands what each takes, from
`shapes` what each shows, from the handlers' docstrings what it does.

It is made once, when it is first asked for, and says nothing of any world: whoever may reach this server may read it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec

from pbxsim.server import routes
from pbxsim.server.call import Route
from pbxsim.server.openapi import shared
from pbxsim.server.openapi.answers import body, responses
from pbxsim.server.openapi.operations import Operation, operations
from pbxsim.server.openapi.schemas import Schema, Schemas

Json = dict[str, Any]


@cache
def document() -> Json:
    """The whole document, as plain data."""
    schemas = Schemas()
    found = list(operations())
    paths: dict[str, Json] = {}
    for operation in found:
        place = paths.setdefault(operation.route.path, _parameters_of(operation))
        place[operation.route.method.lower()] = _operation(operation, schemas, found)
    problems = {f"Problem{status}": shared.problem(status) for status in shared.MEANINGS}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "pbxsim",
            "version": _version(),
            "summary": "A hosted PBX, its provisioning server and its desk phones, simulated.",
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "This server; /w/<world> before a path chooses a world."}],
        "security": [{"token": []}],
        "tags": list(_tags()),
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "The operator's token, or one made of it."}
            },
            "parameters": shared.parameters(),
            "headers": shared.headers(),
            "responses": problems,
            "schemas": {**dict(sorted(schemas.components.items())), "Problem": shared.problem_schema()},
        },
    }


@cache
def encoded() -> tuple[bytes, str]:
    """The document in JSON, and its ETag."""
    text = msgspec.json.encode(document())
    return text, f'"{blake2b(text, digest_size=12).hexdigest()}"'


_ABOUT = """JSON over HTTP/1.1. A request says in `X-Pbxsim-World`, or by a path that begins with `/w/<world>`, which
world it means; `main` if it says nothing. Lists are `{"items", "next"}`. A write may be tried with `?dry_run=true`: it
answers the events that it would cause, or the very refusal, and changes nothing. An `ETag` is a thing's revision: a
write with an `If-Match` of another is answered 412. Errors are RFC 9457 documents; a refusal names its rule, which
`/rules/<id>` explains, and everything that stands in the way."""


def _tags() -> Iterator[Json]:
    for noun in routes.NOUNS:
        doc = inspect.getdoc(routes.noun_module(noun)) or ""
        yield {"name": noun, "description": " ".join(doc.split("\n\n")[0].split())}


def _operation(operation: Operation, schemas: Schemas, every: list[Operation]) -> Json:
    route, row = operation.route, operation.row
    summary, _, rest = _said(operation).partition("\n\n")
    writes = route.method != "GET"
    parameters: list[Json] = [{"$ref": "#/components/parameters/World"}, {"$ref": "#/components/parameters/Actor"}]
    parameters += [
        {"name": name, "in": "query", "required": name in row.required, **_with_description(schema)}
        for name, schema in row.query.items()
    ]
    if writes:
        parameters.append({"$ref": "#/components/parameters/DryRun"})
    if route.method == "POST":
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if row.subject:
        parameters.append({"$ref": "#/components/parameters/IfMatch"})
    made: Json = {
        "operationId": operation.id,
        "tags": [route.handler.__module__.rpartition(".")[2] if not operation.shared else _noun_of(route)],
        "summary": summary,
    }
    if rest:
        made["description"] = rest
    made["parameters"] = parameters
    taken = body(operation, schemas)
    if taken is not None:
        made["requestBody"] = taken
    made["responses"] = responses(operation, schemas, every)
    return made


def _said(operation: Operation) -> str:
    """The operation's name in words; and what its handler's docstring says, or that of a shared handler's command."""
    words = re.findall(r"[A-Z][a-z]*", operation.id[:1].upper() + operation.id[1:])
    text = " ".join(word.lower() for word in words).capitalize()
    command, doc = operation.route.command, ""
    if not operation.shared:
        doc = inspect.getdoc(operation.route.handler) or ""
    elif command is not None and not _plain_doc(command):
        doc = command.__doc__ or ""
    more = " ".join(doc.split())
    return f"{text}.\n\n{more}" if more else f"{text}."


def _plain_doc(type_: type) -> bool:
    """Is it the docstring of a base, or one that the language made?"""
    return not type_.__dict__.get("__doc__") or type_.__doc__ == type_.__mro__[1].__doc__


def _noun_of(route: Route) -> str:
    return next(noun for noun in routes.NOUNS if any(row == route for row in routes.of_noun(noun)))


def _parameters_of(operation: Operation) -> Json:
    names = operation.parameters
    return {"parameters": [_path_parameter(name) for name in names]} if names else {}


_KEYS = {
    "account": "The account's id.",
    "user": "The user's id, or extension.",
    "member": "The user's id, or extension.",
    "device": "The device's id, or MAC address.",
    "number": "The number's id, or the number (E.164, or as it is dialled in the account's country).",
    "callflow": "The callflow's id, name, or an extension that it is dialled by.",
    "queue": "The queue's id, or name.",
    "mailbox": "The mailbox's id, or number.",
    "entry": "The entry's id, or its user's.",
    "version": "The version's number.",
    "phone": "The phone's MAC address.",
    "mac": "A MAC address.",
    "world": "The world's id.",
    "rule": "The rule's id, such as jet.user.delete.blocked.",
    "file": "The name that the phone asks for.",
}


def _path_parameter(name: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": _KEYS.get(name, f"The {name.replace('_', ' ')}'s id."),
        "schema": {"type": "string", "minLength": 1},
    }


def _with_description(schema: Schema) -> Json:
    rest = {key: value for key, value in schema.items() if key != "description"}
    return {"schema": rest, **({"description": schema["description"]} if "description" in schema else {})}


def _version() -> str:
    try:
        return version("pbxsim")
    except PackageNotFoundError:  # run from a folder, not installed
        return "0"
