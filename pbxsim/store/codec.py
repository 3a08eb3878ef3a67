"""Entities, bindings, flash and events as JSON text, and back.

`TAGS` gives every type of entity the word that stands on disk for it; it never changes, whatever the type is called. A
field that is added with a default needs nothing here: msgspec fills it in when it reads an older row.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from device_emulator.firmware.contract import Flash
from pbxsim.core.entities import (
    Account,
    AppLogin,
    Binding,
    BlfKey,
    Callflow,
    CallRecord,
    Contact,
    Device,
    DirectoryEntry,
    Entity,
    Forwarding,
    HotDesk,
    Job,
    JobRow,
    Mail,
    Mailbox,
    Message,
    Number,
    Queue,
    Request,
    User,
    Version,
)
from pbxsim.core.nodes import Node
from pbxsim.world.state import Redirect

TAGS: dict[str, type[Entity]] = {
    "account": Account,
    "user": User,
    "device": Device,
    "callflow": Callflow,
    "version": Version,
    "number": Number,
    "queue": Queue,
    "mailbox": Mailbox,
    "app-login": AppLogin,
    "hot-desk": HotDesk,
    "mail": Mail,
    "job": Job,
    "job-row": JobRow,
    "call-record": CallRecord,
    "blf-key": BlfKey,
    "directory-entry": DirectoryEntry,
    "request": Request,
    "message": Message,
}
_TAG_OF = {type_: tag for tag, type_ in TAGS.items()}

Detail = tuple[tuple[str, Any], ...]

_encode = msgspec.json.Encoder().encode
_decode_bindings = msgspec.json.Decoder(tuple[Binding, ...]).decode
_decode_flash = msgspec.json.Decoder(Flash).decode
_decode_detail = msgspec.json.Decoder(list[tuple[str, Any]]).decode


def text(value: Any) -> str:
    """A value as JSON. Text in the file can be read with any SQLite shell."""
    return _encode(value).decode()


def tag(entity: Entity) -> str:
    """The word that stands on disk for the entity's type."""
    return _TAG_OF[type(entity)]


def entity(tag: str, body: str) -> Any:
    """The entity of a row; raises ValueError if it cannot be one."""
    decode = _DECODE.get(tag)
    if decode is None:
        raise ValueError(f"there is no kind {tag!r}")
    return decode(body)


_DECODE = {tag: msgspec.json.Decoder(type_).decode for tag, type_ in TAGS.items()}


@cache
def _decoder(type_: type[Any]) -> Any:
    return msgspec.json.Decoder(type_).decode


def bindings(body: str) -> tuple[Binding, ...]:
    """Where a device is registered; one that is not has no row."""
    bound = _decode_bindings(body)
    if not bound:
        raise ValueError("no binding")
    return bound


def flash(body: str) -> Flash:
    """What a phone remembers without power."""
    return _decode_flash(body)


class Hardware(msgspec.Struct, frozen=True):
    """What an emulated phone is besides its model and its flash; `version` '' is the model's own firmware."""

    version: str = ""
    knobs: tuple[tuple[str, bool | int | str | tuple[str, ...]], ...] = ()
    offers: tuple[tuple[str, str], ...] = ()
    connected: bool = True


def hardware(body: str) -> Hardware:
    """Firmware, knobs and network of a phone."""
    return _decoder(Hardware)(body)  # type: ignore[no-any-return]


def offers(body: str) -> tuple[tuple[str, str], ...]:
    """What a network tells a phone that asks."""
    return msgspec.json.decode(body, type=tuple[tuple[str, str], ...])


def redirect(body: str) -> Redirect:
    """What a redirect service says of a phone."""
    return _decoder(Redirect)(body)  # type: ignore[no-any-return]


def detail(body: str) -> Detail:
    """The detail of an event: values are plain, or nodes of a callflow, or a few structs that users hold."""
    pairs = _decode_detail(body)
    for _, value in pairs:
        if type(value) in _DEEP:  # few are
            return tuple([(name, _frozen(value)) for name, value in pairs])
    return tuple(pairs)


_DEEP = frozenset((list, dict))


def _frozen(value: Any) -> Any:
    """JSON knows neither tuples nor nodes; events hold no lists and no dictionaries."""
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    if isinstance(value, dict):
        held = _HELD.get(frozenset(value))
        return msgspec.convert(value, Node if held is None else held)
    return value


# What events hold besides nodes, told by the names of their fields: they have no tag of their own.
_HELD: dict[frozenset[str], Any] = {frozenset(type_.__struct_fields__): type_ for type_ in (Contact, Forwarding)}
