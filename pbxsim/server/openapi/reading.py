"""The document as a page reads it: chapters by noun, and of each operation what stands beside one another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

Json = dict[str, Any]


class Field(Struct, frozen=True):
    """One parameter, or one member of a body: its name, what it may be in a word or two, and what is said of it."""

    name: str
    kind: str
    required: bool
    says: str = ""
    where: str = ""
    secret: bool = False


class Reading(Struct, frozen=True):
    """An operation: `fields` of its body, `sample` a body to begin with, `answers` by status."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    fields: tuple[Field, ...]
    sample: str
    media: str
    answers: tuple[tuple[str, str, str], ...]
    ok: tuple[Field, ...]


class Chapter(Struct, frozen=True):
    """A noun, and all that can be done with it."""

    name: str
    says: str
    operations: tuple[Reading, ...]


def chapters(document: Json) -> list[Chapter]:
    """By tag, in the document's order."""
    found: dict[str, list[Reading]] = {}
    for path, place in document["paths"].items():
        shared = place.get("parameters", [])
        for method, operation in place.items():
            if method != "parameters":
                reading = _reading(document, path, method.upper(), operation, shared)
                found.setdefault(operation["tags"][0], []).append(reading)
    return [
        Chapter(tag["name"], tag["description"], tuple(found[tag["name"]]))
        for tag in document["tags"]
        if tag["name"] in found
    ]


def _reading(document: Json, path: str, method: str, operation: Json, shared: list[Json]) -> Reading:
    parameters = [_resolved(document, one) for one in (*shared, *operation["parameters"])]
    body = operation.get("requestBody", {}).get("content", {})
    media = next(iter(body), "")
    content = body.get(media, {})
    schema = _resolved(document, content.get("schema", {}))
    good = [one for status, one in operation["responses"].items() if status < "3"]
    success = good[-1] if method != "GET" else good[0]  # a dry run's 200 comes before a 201
    shown: Json = next(iter(success.get("content", {}).values()), {})
    answer = shown.get("schema", {})
    return Reading(
        operation["operationId"],
        method,
        path,
        operation["summary"],
        operation.get("description", ""),
        tuple(
            Field(
                one["name"],
                kind(one["schema"]),
                bool(one.get("required")),
                one.get("description", ""),
                one["in"],
            )
            for one in parameters
        ),
        tuple(_members(schema)),
        _sample(content),
        media,
        tuple(
            (status, _resolved(document, one)["description"], ", ".join(_resolved(document, one).get("content", {})))
            for status, one in operation["responses"].items()
        ),
        tuple(_members(_first(document, answer))),
    )


def _members(schema: Json) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        yield Field(
            name, kind(member), name in required, member.get("description", ""), secret=bool(member.get("writeOnly"))
        )


def _first(document: Json, schema: Json) -> Json:
    """What is shown, not what a dry run would."""
    for form in ("anyOf", "oneOf"):
        if form in schema:
            return _first(document, schema[form][0])
    found: Json = _resolved(document, schema)
    return found


def kind(schema: Json) -> str:
    """text, whole number, one of a, b; a list of text; a User."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2].removesuffix("Input")
    if "const" in schema:
        return msgspec.json.encode(schema["const"]).decode()
    if "enum" in schema:
        return " | ".join("null" if one is None else str(one) for one in schema["enum"])
    for form in ("anyOf", "oneOf"):
        if form in schema:
            return " | ".join(dict.fromkeys(kind(one) for one in schema[form]))
    types = schema.get("type", "anything")
    names = [types] if isinstance(types, str) else types
    if "array" in names:
        return f"list of {kind(schema.get('items', {}))}"
    said = " | ".join(_WORDS.get(one, one) for one in names)
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None:
        said += f" {low} to {high}" if high is not None else f", at least {low}"
    return f"{said} ({schema['format']})" if "format" in schema else said


_WORDS = {"string": "text", "integer": "whole number", "boolean": "true | false", "object": "object"}


def _sample(content: Json) -> str:
    """The example; or the members that are required, for somebody to fill in."""
    if "example" in content:
        value = content["example"]
    elif content.get("schema", {}).get("type") == "object":
        schema = content["schema"]
        value = {name: _begin(schema["properties"][name]) for name in schema.get("required", ())}
    else:
        return ""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _begin(schema: Json) -> Any:
    for name in ("default", "const"):
        if name in schema:
            return schema[name]
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    kinds = {"string": "", "integer": schema.get("minimum", 0), "boolean": True, "array": [], "object": {}}
    return kinds.get(str(schema.get("type")), {})


def _resolved(document: Json, thing: Json) -> Any:
    if "$ref" not in thing:
        return thing
    found: Any = document
    for part in thing["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found
