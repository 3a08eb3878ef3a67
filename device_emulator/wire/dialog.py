"""One call as a phone knows it, and the messages that a call is made of (RFC 3261).

A `Call` says with whom and how far; which message follows from what is `calls.py`'s matter. An address of record says
whose line it is, a Call-ID which call; there is no ACK, no tag and no media in here: nothing that is shown depends on
them.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from device_emulator.messages import SipReply, SipRequest
from device_emulator.wire.registration import Line

CallState = Literal["ringing", "calling", "talking", "ended"]

REASONS = {
    180: "Ringing",
    200: "OK",
    404: "Not Found",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
}


class Call(Struct, frozen=True, gc=False):
    """A phone's call: `ringing` here, `calling` until the other side answers, `talking`, or `ended`: it has come to
    nothing, and the screen says why until a key is pressed.

    `id` is the Call-ID, `invite` the id of its INVITE, `aor` the line's address of record; `number` and `name` are the
    other side's, `cause` why it ended, `since` when (ms) it was answered."""

    id: str
    state: CallState
    incoming: bool
    aor: str
    invite: int
    number: str
    name: str = ""
    cause: str = ""
    since: int = 0


def party(caller: str) -> tuple[str, str]:
    """(name, number) of whom a From header shows: `"John Smith" <1002>`, `<sip:1002@pbx.example>`, `1002`. Whatever it
    says is taken; control characters and line breaks become spaces, for a display has rows."""
    name, bracket, number = caller.rpartition("<")
    number = number.rpartition(">")[0] if bracket else number
    name = name.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = name[1:-1]
    return _shown(name), _shown(user_of(number))


def _shown(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def user_of(uri: str) -> str:
    """sip:1002@pbx.example -> 1002."""
    return uri.strip().removeprefix("sip:").partition("@")[0]


def aor_of(line: Line) -> str:
    """The line's address of record."""
    return f"sip:{line.account.user}@{line.account.server}"


def ringing(line: Line, request: SipRequest) -> Call:
    """The call that an INVITE begins at a phone that is free."""
    name, number = party(request.caller)
    return Call(request.call, "ringing", True, aor_of(line), request.id, number, name)


def placed(line: Line, number: str, serial: int, host: str, agent: str) -> tuple[Call, SipRequest]:
    """The call to a number that was dialled, and its INVITE. A serial is never used twice, so no Call-ID is either."""
    call = Call(f"{host}-{serial}", "calling", False, aor_of(line), serial, number)
    return call, within(call, "INVITE", serial, host, agent)


def within(call: Call, method: str, serial: int, host: str, agent: str, body: bytes = b"") -> SipRequest:
    """A request of the phone's within a call."""
    user, _, realm = call.aor.removeprefix("sip:").partition("@")
    contact = f"sip:{user}@{host}.phone"
    uri = f"sip:{call.number}@{realm}"
    return SipRequest(serial, method, uri, call.aor, contact, user_agent=agent, body=body, call=call.id)


def reply(id: int, status: int, call: str) -> SipReply:
    """An answer to request `id`, with its usual words."""
    return SipReply(id, status, REASONS[status], call=call)
