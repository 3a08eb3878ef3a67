"""The one door for foreign values: `build(type, mapping)` makes a struct of a mapping, or says all that is wrong.

Facade, HTTP, seed files, imports and replay all come through here. Every unknown name and every bad field is reported
at once, each with its JSON pointer; msgspec alone neither validates constructors nor reports more than one error.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.values import Parser, value_kind

T = TypeVar("T", bound=Struct)
Check = Callable[[Any], Any]  # value -> canonical value; raises ValueError, or Invalid with pointers below the value
Conceal = Callable[[str], str]  # a typed secret -> its verifier


class _Field(Struct, frozen=True):
    name: str
    check: Check
    required: bool
    secret: bool


def build(type_: type[T], values: Mapping[str, Any], conceal: Conceal | None = None) -> T:
    """Make a `type_` of `values`, every one of them checked and in its canonical form.

    `conceal` turns a typed PIN or password into the verifier that is kept. Raises Invalid with all faults."""
    checks, secrets = _checks(type_)
    try:
        try:
            checked = {name: checks[name](value) for name, value in values.items()}
            if conceal is not None:
                for name in secrets:
                    if checked.get(name):
                        checked[name] = conceal(checked[name])
            return type_(**checked)  # as nearly always
        except (LookupError, TypeError, ValueError, Invalid):
            return _build(type_, values, conceal)  # once more, for all that is wrong
    except RecursionError:
        raise Invalid([Fault("", "is nested too deeply")]) from None


def _build(type_: type[T], values: Mapping[str, Any], conceal: Conceal | None) -> T:
    fields = _fields(type_)
    checked: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in values.items():
        field = fields.get(name)
        if field is None:
            faults.append(Fault(f"/{_escaped(name)}", f"is not known here; known are {', '.join(fields)}"))
            continue
        try:
            canonical = field.check(value)
        except ValueError as error:
            faults.append(Fault(f"/{name}", str(error)))
        except Invalid as error:
            faults.extend(Fault(f"/{name}{fault.pointer}", fault.message) for fault in error.faults)
        else:
            if field.secret and conceal is not None and canonical:
                canonical = conceal(canonical)
            checked[name] = canonical
    faults += [Fault(f"/{name}", "is required") for name in _required(type_) if name not in values]
    if faults:
        raise Invalid(faults)
    return type_(**checked)


def partly(type_: type[T], values: Mapping[str, Any]) -> T:
    """A `type_` of those values that are right; UNSET stands for a required one that is missing or wrong. For whoever
    looks for what else is wrong: it is never carried out."""
    fields = _fields(type_)
    checked: dict[str, Any] = dict.fromkeys(_required(type_), UNSET)
    for name in values.keys() & fields.keys():
        with suppress(ValueError, Invalid):
            checked[name] = fields[name].check(values[name])
    return type_(**checked)


@cache
def _fields(type_: type[Struct]) -> dict[str, _Field]:
    hints = typing.get_type_hints(type_, include_extras=True)
    return {
        field.name: _Field(field.name, _check(hints[field.name]), field.required, _is_secret(hints[field.name]))
        for field in msgspec.structs.fields(type_)
    }


@cache
def _checks(type_: type[Struct]) -> tuple[dict[str, Check], tuple[str, ...]]:
    """(the check of each field, the names of the secret ones)."""
    fields = _fields(type_)
    return (
        {name: field.check for name, field in fields.items()},
        tuple(name for name, field in fields.items() if field.secret),
    )


@cache
def _required(type_: type[Struct]) -> tuple[str, ...]:
    return tuple(field.name for field in _fields(type_).values() if field.required)


def _is_secret(hint: Any) -> bool:
    if typing.get_origin(hint) is Annotated:
        return any(isinstance(extra, Parser) and extra.secret for extra in hint.__metadata__)
    return any(_is_secret(member) for member in typing.get_args(hint))


def _check(hint: Any) -> Check:
    """The check of one annotation: table first, then the composed kinds."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, members = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return next(extra.parse for extra in hint.__metadata__ if isinstance(extra, Parser))
    if origin is Literal:
        return _one_of(members)
    if origin is tuple and members[1:] == (...,):
        return _tuple_of(_check(members[0]))
    if origin in (typing.Union, types.UnionType):
        return _union(members)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return _struct(hint)
    raise TypeError(f"build has no check for {hint!r}")


def _union(members: tuple[Any, ...]) -> Check:
    rest = [member for member in members if member not in (type(None), UnsetType)]
    if len(rest) == 1:
        check = _check(rest[0])
    elif all(isinstance(member, type) and issubclass(member, Struct) for member in rest):
        check = _tagged(tuple(rest))
    else:
        raise TypeError(f"build has no check for a union of {rest!r}")
    if type(None) in members:
        return lambda value: None if value is None else check(value)
    return lambda value: value if value is UNSET else check(value)


def _one_of(choices: tuple[Any, ...]) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, str | bool | int) or value not in choices:
            raise ValueError(f"must be one of {', '.join(map(str, choices))}, not {value!r}")
        return value

    return check


def _tuple_of(item: Check) -> Check:
    def check(values: Any) -> tuple[Any, ...]:
        if not isinstance(values, list | tuple):
            raise ValueError(f"must be a list, not {value_kind(values)}")
        checked: list[Any] = []
        faults: list[Fault] = []
        for index, value in enumerate(values):
            try:
                checked.append(item(value))
            except ValueError as error:
                faults.append(Fault(f"/{index}", str(error)))
            except Invalid as error:
                faults.extend(Fault(f"/{index}{fault.pointer}", fault.message) for fault in error.faults)
        if faults:
            raise Invalid(faults)
        return tuple(checked)

    return check


def _tagged(kinds: tuple[type[Struct], ...]) -> Check:
    """A union of structs told apart by their tag field, such as a callflow's nodes."""
    by_tag = {str(kind.__struct_config__.tag): kind for kind in kinds}
    tag_field = kinds[0].__struct_config__.tag_field or "type"

    def check(value: Any) -> Any:
        if isinstance(value, kinds):
            return value  # built in process, by our own constructors
        if not isinstance(value, Mapping):
            raise ValueError(f"must be an object with the {tag_field} {', '.join(sorted(by_tag))}")
        tag = value.get(tag_field)
        kind = by_tag.get(tag) if isinstance(tag, str) else None
        if kind is None:
            raise Invalid([Fault(f"/{tag_field}", f"must be one of {', '.join(sorted(by_tag))}")])
        return _build(kind, {name: part for name, part in value.items() if name != tag_field}, None)

    return check


def _struct(type_: type[Struct]) -> Check:
    """A struct of one kind, such as an option of a menu."""

    def check(value: Any) -> Any:
        if isinstance(value, type_):
            return value
        if not isinstance(value, Mapping):
            raise ValueError(f"must be an object with {', '.join(_fields(type_))}")
        return _build(type_, value, None)

    return check


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("must be a whole number")
    return value


def _escaped(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


_PLAIN: dict[Any, Check] = {str: _text, bool: _boolean, int: _whole}
