"""What a fault may do: each file here is one kind, and says which of these it does.

Behaviours get the run they happen in. They may put messages on the wire and change phones, but decide nothing that the
PBX or a phone decides: a fault is weather.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from device_emulator.messages import HttpReply, HttpRequest
from device_emulator.phone import Phone

if TYPE_CHECKING:
    from pbxsim.world.run import Run

Memory = Any
"""What a fault remembers of the instant at which it began, or of what it has done; a value."""


def _nothing(*_: Any) -> None:
    return None


class Behaviour(Struct, frozen=True, eq=False):
    """`begins(run, fault)` gives what the fault remembers, `ends(run, fault, memory)` cleans up. Of a phone's request:
    `instead(run, fault, memory, phone, request)` answers in the server's place, unless it gives None; `altered(…,
    reply)` is the reply that arrives, `delay(fault)` by how many ms later. `stepped(run, fault, memory, before, after)`
    sees what has become of a phone, and gives what the fault remembers from then on."""

    begins: Callable[[Run, Any], Memory] = _nothing
    ends: Callable[[Run, Any, Memory], None] = _nothing
    instead: Callable[[Run, Any, Memory, Phone, HttpRequest], HttpReply | None] = _nothing
    altered: Callable[[Run, Any, Memory, Phone, HttpRequest, HttpReply], HttpReply] | None = None
    delay: Callable[[Any], int] | None = None
    stepped: Callable[[Run, Any, Memory, Phone, Phone], Memory] | None = None


def announcing(length: int, reply: HttpReply, body: bytes) -> HttpReply:
    """The reply with that body, and a Content-Length that need not be its own."""
    headers = tuple(header for header in reply.headers if header[0].lower() != "content-length")
    return replace(reply, headers=(*headers, ("Content-Length", str(length))), body=body)
