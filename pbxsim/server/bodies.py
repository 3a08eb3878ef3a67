"""From the bytes of a body to the values of a command: JSON objects only, and every fault said at once.

What cannot be read as JSON is malformed (400); what can be read and is wrong is invalid (422, with JSON pointers), and
that is `build`'s business. Here a body meets its path: names that the path has given already are not known in the body,
and a PATCH is merged as RFC 7386 has it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec import Struct

from pbxsim.core.build import build
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.server.problems import malformed

T = TypeVar("T", bound=Struct)
Values = dict[str, Any]

# What null means in a PATCH where the command wants a value: as if the field had never been given. Where it may not be
# blank, the command says so.
BLANK: Mapping[str, Any] = {
    "country": "",
    "contacts": (),
    "email": "",
    "first_name": "",
    "greeting": "",
    "last_name": "",
    "members": (),
    "name": "",
    "numbers": (),
    "forwarding": {},
    "policy": {},
    "settings": {},
    "timezone": "UTC",
}


def parse(body: bytes) -> Values:
    """The object that a body is; {} for an empty one. Raises a malformed problem."""
    if not body:
        return {}
    try:
        value = _DECODER.decode(body.decode())
        if b"\\u" in body:
            json.dumps(value, ensure_ascii=False).encode()  # "\ud800" is half a character: no store could keep it
    except RecursionError:
        raise malformed("The body is nested too deeply.") from None
    except ValueError as error:
        raise malformed(f"The body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise malformed(f"The body must be a JSON object, not {_kind(value)}.")
    return value


def values(
    type_: type[Struct],
    body: Values,
    path: Mapping[str, Any],
    renamed: Mapping[str, str] = MappingProxyType({}),
    besides: Callable[[Values], list[Fault]] = lambda values: [],
) -> Values:
    """The values of a command: the body's, and what the path names. `renamed` is {name in the body: the command's}.

    A name that is not known here is refused together with all that `build` finds wrong with the others, and with what
    `besides` says of their values."""
    known = {field: field for field in type_.__struct_fields__ if field not in path}
    for ours, theirs in renamed.items():
        del known[theirs]
        known[ours] = theirs
    given = {known[name]: value for name, value in body.items() if name in known}
    strange = [name for name in body if name not in known]
    if strange:
        listed = ", ".join(known) or "none"
        faults = [Fault(_pointer(name), f"is not known here; known are {listed}") for name in strange]
        try:
            with named_as(renamed):
                _all_right(type_, {**given, **path}, besides)
        except Invalid as error:
            faults += error.faults
        raise Invalid(faults)
    return {**given, **path}


def _all_right(type_: type[Struct], values: Values, besides: Callable[[Values], list[Fault]]) -> None:
    """Raises Invalid with all that is wrong."""
    faults: list[Fault] = []
    try:
        build(type_, values)
    except Invalid as error:
        faults += error.faults
    faults += besides(values)
    if faults:
        raise Invalid(faults)


def read(type_: type[T], body: Values, renamed: Mapping[str, str] = MappingProxyType({})) -> T:
    """A body that is no command, checked in the same way."""
    given = values(type_, body, {}, renamed)
    with named_as(renamed):
        return build(type_, given)


@contextmanager
def named_as(renamed: Mapping[str, str]) -> Iterator[None]:
    """Faults raised within point at the names that the body has."""
    try:
        yield
    except Invalid as error:
        pointers = {f"/{theirs}": f"/{ours}" for ours, theirs in renamed.items()}
        faults = [Fault(pointers.get(fault.pointer, fault.pointer), fault.message) for fault in error.faults]
        raise Invalid(faults) from None


def merged(body: Values, now: Mapping[str, Any]) -> Values:
    """A PATCH over what is there `now`: objects are merged member by member, null takes a member away."""
    return {name: BLANK.get(name) if value is None else _patched(now.get(name), value) for name, value in body.items()}


def _patched(now: Any, patch: Any) -> Any:
    """RFC 7386, section 2."""
    if not isinstance(patch, dict):
        return patch
    result = dict(now) if isinstance(now, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _patched(result.get(name), value)
    return result


def _object(pairs: list[tuple[str, Any]]) -> Values:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} stands in one object twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant)


def _kind(value: Any) -> str:
    return {list: "a list", str: "text", bool: "true or false", type(None): "null"}.get(type(value), "a number")


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")
