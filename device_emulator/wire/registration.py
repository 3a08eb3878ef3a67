"""One SIP line: REGISTER, its challenge, refresh, refusal and farewell.

A `Line` is what the phone believes; it holds the realm and nonce of its registrar so that a refresh is answered at
once. The phone owns deadlines and ids: functions here take an id, and say in milliseconds when to ask again.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from device_emulator.firmware.contract import Account
from device_emulator.firmware.patience import Patience
from device_emulator.messages import SipCredentials, SipReply, SipRequest
from device_emulator.wire.digest import sip_response

State = Literal["unregistered", "registered", "refused", "no-service"]


class Line(Struct, frozen=True, gc=False):
    """A line and its registration. `request` is the id of a REGISTER under way, 0 if none; `answered` says that it
    answers a challenge made to it; `status` the last refusal; `greeted` that the line has been registered before;
    `messages` is how many new ones wait for it, as far as it has been told."""

    account: Account
    state: State = "unregistered"
    status: int = 0
    request: int = 0
    answered: bool = False
    greeted: bool = False
    realm: str = ""
    nonce: str = ""
    messages: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What the registrar knows the line by."""
        return self.account.server, self.account.user


def same_registration(one: Account, other: Account) -> bool:
    """Whether going from one account to the other needs no REGISTER: only what is shown differs."""
    return (
        one.number == other.number
        and one.user == other.user
        and one.server == other.server
        and one.auth == other.auth
        and one.password == other.password
        and one.expires == other.expires
    )


def register(line: Line, id: int, host: str, agent: str, expires: int, mac: str = "") -> tuple[Line, SipRequest]:
    """A REGISTER for `expires` seconds (0: a farewell), with credentials if the registrar's nonce is known."""
    account = line.account
    uri = f"sip:{account.server}"
    credentials = None
    if line.nonce:
        response = sip_response(account.auth, line.realm, account.password, line.nonce, "REGISTER", uri)
        credentials = SipCredentials(account.auth, line.realm, line.nonce, uri, response)
    request = SipRequest(
        id,
        "REGISTER",
        uri,
        f"sip:{account.user}@{account.server}",
        f"sip:{account.user}@{host}.phone",
        expires,
        credentials=credentials,
        user_agent=agent,
        mac=mac if account.tells_mac else "",
    )
    return replace(line, request=id), request


def challenged(line: Line, reply: SipReply) -> Line | None:
    """The line with the registrar's new nonce, ready to ask again; None if it has answered this REGISTER's
    challenge already, which means that its password is wrong."""
    if reply.status != 401 or line.answered or not reply.nonce:
        return None
    return replace(line, answered=True, realm=reply.realm, nonce=reply.nonce)


def concluded(line: Line, reply: SipReply, waits: Patience) -> tuple[Line, int]:
    """The line after a final answer, and in how many milliseconds it asks again."""
    if reply.status == 200:
        granted = reply.expires or line.account.expires
        line = replace(line, state="registered", status=0, request=0, answered=False, greeted=True)
        return line, granted * 1000 // waits.refresh_part
    state: State = "refused" if reply.status else "no-service"
    forget = reply.status == 401
    return (
        replace(
            line,
            state=state,
            status=reply.status,
            request=0,
            answered=False,
            nonce="" if forget else line.nonce,
        ),
        waits.retry_ms,
    )
