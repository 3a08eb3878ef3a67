"""The body that an operation takes, and everything that it may answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pbxsim.server.bodies import BLANK
from pbxsim.server.openapi.operations import Operation
from pbxsim.server.openapi.rows import CHOICES
from pbxsim.server.openapi.schemas import Schemas
from pbxsim.server.openapi.shared import EVERY, WRITES

Json = dict[str, Any]


def body(operation: Operation, schemas: Schemas) -> Json | None:
    route, row = operation.route, operation.row
    if row.takes:
        return {"required": True, "content": {row.takes: {"schema": {"type": "string"}}}}
    type_ = row.body or (route.command if route.method in ("POST", "PATCH", "PUT") else None)
    if type_ is None:
        return None
    given = {"user" if name == "member" else name for name in operation.parameters} | set(row.given)
    if row.body is not None:
        given = set()
    blank = BLANK if route.method == "PATCH" and (operation.shared or operation.id == "updatePortalLogin") else None
    schema = schemas.taken(type_, given, row.renamed, blank)
    schema["properties"].update(row.besides)
    for name, choices in CHOICES.get(type_, {}).items():
        schema["properties"][name] = {"enum": list(choices)}
    if not schema["properties"] and route.method == "PUT":
        return None
    content: Json = {"schema": schema}
    if row.example:
        content["example"] = dict(row.example)
    return {"required": bool(schema.get("required")), "content": {"application/json": content}}


def responses(operation: Operation, schemas: Schemas, every: list[Operation]) -> Json:
    route, row = operation.route, operation.row
    found: Json = {}
    status = row.status or (204 if row.answer is None and not row.media else 200)
    headers = {"ETag": {"$ref": "#/components/headers/ETag"}} if row.tagged else {}
    if status in (201, 202) and operation.id != "importUsers":
        headers["Location"] = {"$ref": "#/components/headers/Location"}
    success: Json = {"description": _phrase(operation, status)}
    if headers:
        success["headers"] = headers
    shown = None if row.answer is None else schemas.shown(row.answer)
    dry = schemas.shown(row.dry) if route.method != "GET" else None
    if row.media:
        success["content"] = {row.media: {"schema": {"type": "string"}}}
    elif shown is not None:
        both = {"anyOf": [shown, dry]} if dry is not None and status == 200 else shown
        success["content"] = {"application/json": {"schema": both}}
    links = dict(_links(operation, every)) if status == 201 else {}
    if links:
        success["links"] = links
    found[str(status)] = success
    for other, answer in row.also.items():
        found[str(other)] = {
            "description": _phrase(operation, other),
            "headers": {"Location": {"$ref": "#/components/headers/Location"}},
            "content": {"application/json": {"schema": schemas.shown(answer)}},
        }
    if dry is not None and status != 200:
        found["200"] = {
            "description": "A dry run: nothing has changed.",
            "content": {"application/json": {"schema": dry}},
        }
    if row.media == "image/svg+xml" and row.tagged:
        found["304"] = {"description": "It looks as it did.", "headers": headers}
    faults = [*EVERY, *(WRITES if route.method != "GET" else ()), *((412,) if row.subject else ()), *row.faults]
    for fault in sorted(faults):
        found[str(fault)] = {"$ref": f"#/components/responses/Problem{fault}"}
    return dict(sorted(found.items()))


def _phrase(operation: Operation, status: int) -> str:
    return {
        200: "It is done." if operation.route.method != "GET" else "Here it is.",
        201: "It is there.",
        202: "It has begun.",
        204: "It is done; there is nothing to show.",
    }[status]


def _links(operation: Operation, every: list[Operation]) -> Iterator[tuple[str, Json]]:
    """What can be asked of a thing that was just made: every operation whose path names it, and nothing unknown."""
    key = "mac" if operation.path == "/phones" else "id"
    inside = f"{operation.path}/{{"
    for other in every:
        names = other.parameters
        ours = len(operation.parameters)
        if other.path.startswith(inside) and len(names) == ours + 1 and other.id != operation.id:
            given = {name: f"$request.path.{name}" for name in names[:ours]}
            yield (
                other.id,
                {
                    "operationId": other.id,
                    "parameters": {**given, names[ours]: f"$response.body#/{key}"},
                },
            )
