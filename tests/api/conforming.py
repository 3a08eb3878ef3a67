"""Every answer that a test gets is held against the OpenAPI document: its status, its type, its headers, its shape.

So the suite proves the document, and the document the suite: a view with another member fails whichever test sees it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from pbxsim.server.openapi import document
from pbxsim.server.openapi.operations import PARAMETER, Operation, operations


class Unlike(AssertionError):
    """An answer is not what the document says."""


def check(method: str, path: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Raises Unlike. Paths that are no operation's, and methods that it has not, are not the document's matter."""
    operation = _found("GET" if method == "HEAD" else method, re.sub("^/w/[^/]+", "", path.partition("?")[0]))
    if operation is None:
        return
    where = f"{operation.id} ({method} {path})"
    said = document()["paths"][operation.route.path][operation.route.method.lower()]["responses"]
    if str(status) not in said:
        raise Unlike(f"{where} answers {status}, which is not in the document: {body[:500]!r}")
    answer = _resolved(said[str(status)])
    for name, header in answer.get("headers", {}).items():
        if _resolved(header).get("required") and name not in headers:
            raise Unlike(f"{where} answers {status} without {name}")
    content = answer.get("content", {})
    kind = headers.get("Content-Type", "").partition(";")[0]
    if method == "HEAD":
        return
    if not content:
        if body:
            raise Unlike(f"{where} answers {status} with a body: {body[:200]!r}")
        return
    if kind not in content:
        raise Unlike(f"{where} answers {status} as {kind}, not {', '.join(content)}")
    if kind.endswith("json"):
        faults = [
            f"{fault.instance_path}: {fault.message}" for fault in _of(where, status, kind, operation, json.loads(body))
        ]
        if faults:
            raise Unlike(f"{where} answers {status} with {body[:2000]!r}: {'; '.join(faults)[:2000]}")


def _of(where: str, status: int, kind: str, operation: Operation, value: Any) -> list[Any]:
    return list(_validator(operation.route.path, operation.route.method, status, kind).iter_errors(value))


@cache
def _validator(path: str, method: str, status: int, kind: str) -> Any:
    answer = _resolved(document()["paths"][path][method.lower()]["responses"][str(status)])
    return validator(answer["content"][kind]["schema"])


def validator(schema: Mapping[str, Any]) -> Any:
    """Of a schema of the document, with its components."""
    whole = {**schema, "components": document()["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _resolved(thing: Mapping[str, Any]) -> Any:
    if "$ref" not in thing:
        return thing
    found: Any = document()
    for part in thing["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


@cache
def _found(method: str, path: str) -> Operation | None:
    for operation, pattern in _patterns():
        if operation.route.method == method and pattern.fullmatch(path):
            return operation
    return None


@cache
def _patterns() -> list[tuple[Operation, re.Pattern[str]]]:
    return [
        (one, re.compile(PARAMETER.sub("[^/]+", re.escape(one.route.path).replace(r"\{", "{").replace(r"\}", "}"))))
        for one in operations()
    ]
