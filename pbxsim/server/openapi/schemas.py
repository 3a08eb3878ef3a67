"""From types to JSON Schema 2020-12: what a command takes (`Taken`), and what a view shows (`Shown`).

A type is read as `build` reads it: its annotations, and in them the parsers with the schemas that they carry. Structs
that lie within others become components and are named once, so that a tree of nodes may hold itself. Nothing here knows
a path, and nothing here checks a value.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Struct, UnsetType

from pbxsim.core.values import Parser

Schema = dict[str, Any]
_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Any: {},
    object: {},
    type(None): {"type": "null"},
}


class Says(Struct, frozen=True, eq=False):
    """An annotation of what is shown: the schema of a value that its type says too little of."""

    schema: Mapping[str, Any]


Moment = Annotated[str, Says({"type": "string", "format": "date-time"})]


class Schemas:
    """The components of one document, by name; `ref` adds to them."""

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {}
        self._of: dict[str, type] = {}

    def _ref(self, name: str, type_: type, make: Callable[[], Schema]) -> Schema:
        known = self._of.setdefault(name, type_)
        assert known is type_, f"two things are called {name}: {known} and {type_}"
        if name not in self.components:
            self.components[name] = {}  # it may hold itself
            self.components[name] = make()
        return {"$ref": f"#/components/schemas/{name}"}

    # --- What is shown -----------------------------------------------------------------------------------------------

    def shown(self, hint: Any) -> Schema:
        """The schema of what a view makes of a value of that type: every member is there."""
        return self._hint(hint, self._shown_struct, parsed=False)

    def _shown_struct(self, type_: type[Struct]) -> Schema:
        def make() -> Schema:
            hints = typing.get_type_hints(type_, include_extras=True)
            members = {name: self.shown(hint) for name, hint in hints.items() if not name.startswith("__")}
            tag = _tag(type_)
            if tag is not None:
                members = {tag[0]: {"const": tag[1]}, **members}
            return _object(type_, members, members)

        return self._ref(type_.__name__, type_, make)

    # --- What is taken -----------------------------------------------------------------------------------------------

    def taken(
        self,
        type_: type[Struct],
        without: Collection[str] = (),
        renamed: Mapping[str, str] = {},
        blank: Collection[str] | None = None,
    ) -> Schema:
        """The schema of a body that becomes a `type_`, but for the fields that its path gives. `renamed` is {name in
        the body: the struct's}. With `blank` the body is a merge patch, in which null clears those."""
        theirs = {ours: name for name, ours in renamed.items()}
        schema = self._taken_members(type_, frozenset(without), theirs)
        if blank is None:
            return schema
        for name, member in schema["properties"].items():
            schema["properties"][name] = _merged(member, name in blank)
        schema.pop("required", None)
        return schema

    def _taken_members(
        self,
        type_: type[Struct],
        without: Collection[str] = (),
        theirs: Mapping[str, str] = {},
    ) -> Schema:
        hints = typing.get_type_hints(type_, include_extras=True)
        members: dict[str, Schema] = {}
        required: list[str] = []
        tag = _tag(type_)
        if tag is not None:
            members[tag[0]] = {"const": tag[1]}
            required.append(tag[0])
        for field in msgspec.structs.fields(type_):
            if field.name in without:
                continue
            name = theirs.get(field.name, field.name)
            schema = self._taken_hint(hints[field.name])
            if isinstance(field.default, bool | int | str) and field.default != "" and "default" not in schema:
                schema = {**schema, "default": field.default}
            members[name] = schema
            if field.required:
                required.append(name)
        return _object(type_, members, required)

    def _taken_hint(self, hint: Any) -> Schema:
        return self._hint(hint, self._taken_struct, parsed=True)

    def _taken_struct(self, type_: type[Struct]) -> Schema:
        return self._ref(f"{type_.__name__}Input", type_, lambda: self._taken_members(type_))

    # --- Both --------------------------------------------------------------------------------------------------------

    def _hint(self, hint: Any, struct: Callable[[type[Struct]], Schema], parsed: bool) -> Schema:
        if hint in _PLAIN:
            return dict(_PLAIN[hint])
        origin, members = typing.get_origin(hint), typing.get_args(hint)
        if origin is Annotated:
            return self._annotated(hint, struct, parsed)
        if origin is Literal:
            return {"enum": list(members)}
        if origin in (typing.Union, types.UnionType):
            return self._union(members, struct, parsed)
        if origin in (tuple, list):
            return {"type": "array", "items": self._hint(members[0], struct, parsed)}
        if origin is not None and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self._hint(members[1], struct, parsed)}
        if isinstance(hint, type) and issubclass(hint, Struct):
            return struct(hint)
        raise TypeError(f"no schema for {hint!r}")

    def _annotated(self, hint: Any, struct: Callable[[type[Struct]], Schema], parsed: bool) -> Schema:
        for extra in hint.__metadata__:
            if isinstance(extra, Says):
                return dict(extra.schema)
            if isinstance(extra, Parser) and parsed:
                schema: Schema = self._within(extra.schema, struct)
                return {**schema, "writeOnly": True} if extra.secret else schema
        return self._hint(hint.__origin__, struct, parsed)

    def _within(self, schema: Any, struct: Callable[[type[Struct]], Schema]) -> Any:
        """A parser's schema, in which a struct may stand for its own."""
        if isinstance(schema, Mapping):
            return {name: self._within(part, struct) for name, part in schema.items()}
        return struct(schema) if isinstance(schema, type) else schema

    def _union(self, members: tuple[Any, ...], struct: Callable[[type[Struct]], Schema], parsed: bool) -> Schema:
        rest = [member for member in members if member not in (type(None), UnsetType)]
        parts = [self._hint(member, struct, parsed) for member in rest]
        if len(parts) == 1:
            schema = parts[0]
        else:
            schema = {"oneOf" if all("$ref" in part for part in parts) else "anyOf": parts}
            tags = [_tag(member) for member in rest if isinstance(member, type)]
            if tags and None not in tags and len(tags) == len(parts):
                found = typing.cast(list[tuple[str, str]], tags)
                mapping = {tag: part["$ref"] for (_, tag), part in zip(found, parts, strict=True)}
                schema["discriminator"] = {"propertyName": found[0][0], "mapping": mapping}
        return nullable(schema) if type(None) in members else schema


def nullable(schema: Schema) -> Schema:
    """Or null."""
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    return {"anyOf": [schema, {"type": "null"}]}


def _merged(schema: Schema, blank: bool) -> Schema:
    """A member of a merge patch: it may be cleared where that means something, and so may what lies in it."""
    inner = schema.get("additionalProperties")
    if isinstance(inner, dict):
        schema = {**schema, "additionalProperties": nullable(_merged(inner, False))}
    allowed = schema.get("type")
    already = allowed == "null" or (isinstance(allowed, list) and "null" in allowed)
    return nullable(schema) if blank and not already else schema


def _object(type_: type[Struct], members: Mapping[str, Schema], required: Collection[str]) -> Schema:
    schema: Schema = {"type": "object"}
    if type_.__doc__ and not type_.__doc__.startswith(type_.__name__ + "("):
        schema["description"] = " ".join(type_.__doc__.split())
    schema["properties"] = dict(members)
    if required:
        schema["required"] = list(required)
    schema["additionalProperties"] = False
    return schema


def _tag(type_: type) -> tuple[str, str] | None:
    """(name, value) of the member by which a union's structs are told apart."""
    config = getattr(type_, "__struct_config__", None)
    return None if config is None or config.tag is None else (config.tag_field, str(config.tag))


__all__ = ["Moment", "Says", "Schema", "Schemas", "nullable"]
