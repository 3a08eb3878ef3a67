"""Everything that goes into a phone and everything that comes out of it.

Messages are values; whoever drives the phone (a world in process, a socket) decides how they travel. Times are
not in them: `step(phone, input, now)` gets the present instant, in milliseconds since the epoch, as an argument,
and what a phone will do later stands in its deadlines.
"""

from __future__ import annotations

from msgspec import Struct

Headers = tuple[tuple[str, str], ...]


class HttpRequest(Struct, frozen=True, gc=False):
    """A request the phone makes, or one to the phone's own web server. `url` is absolute; `id` comes back in the reply;
    `source` is the address that asks the phone, '' for the phone's own requests."""

    id: int
    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""
    source: str = ""


class HttpReply(Struct, frozen=True, gc=False):
    """The answer to request `id`. Status 0: there was none, and `body` says why (refused, timed out, no such host).
    `certificate` is what is wrong with the server's: it came by TLS, and whether it counts is the phone's to say."""

    id: int
    status: int
    headers: Headers = ()
    body: bytes = b""
    certificate: str = ""

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name, or ''."""
        for key, value in self.headers:
            if key.lower() == name:
                return value
        return ""


class SipCredentials(Struct, frozen=True, gc=False):
    """A digest answer (RFC 2617 without qop): response = MD5(HA1:nonce:MD5(method:uri)), in hex."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str


class SipRequest(Struct, frozen=True, gc=False):
    """A SIP request, in either direction: REGISTER from a phone, NOTIFY to it, and a call's INVITE, CANCEL, BYE, INFO.

    `uri` is the request URI, `aor` the address of record (`sip:user@realm`), `contact` where the phone is reached,
    `expires` the seconds asked for (0 un-registers), `event` the Event header with its parameters, `call` the Call-ID,
    `caller` who calls, as a From header shows him: `"John Smith" <1002>`. An INFO's `body` is a digit. `mac` is what a
    REGISTER tells in a header of that name, '' for none.
    """

    id: int
    method: str
    uri: str
    aor: str
    contact: str = ""
    expires: int = 0
    event: str = ""
    credentials: SipCredentials | None = None
    user_agent: str = ""
    body: bytes = b""
    call: str = ""
    caller: str = ""
    mac: str = ""


class SipReply(Struct, frozen=True, gc=False):
    """The answer to SIP request `id`. With 401 `realm` and `nonce` challenge; `expires` is the seconds granted; `call`
    is the request's Call-ID.

    Status 0: nobody answered (timer F ran out)."""

    id: int
    status: int
    reason: str = ""
    expires: int = 0
    realm: str = ""
    nonce: str = ""
    call: str = ""


class Place(Struct, frozen=True, gc=False):
    """Where the hardware stands, which is no part of it.

    `offers` are (source, URL): what the network tells a phone that asks where its configuration is, such as
    ("66", "http://pbx.example/provision/acme/") for DHCP option 66, or ("pnp", …); a URL may carry credentials.
    `skew` is by how many ms the phone's clock is fast; `address` the host that its contacts name, '' for its MAC (two
    phones may have the same). `connected`: its network cable is in."""

    offers: tuple[tuple[str, str], ...] = ()
    skew: int = 0
    address: str = ""
    connected: bool = True


class PowerOn(Struct, frozen=True):
    """The power cable is plugged in."""


class PowerLost(Struct, frozen=True):
    """The power cable is pulled: nothing is sent, RAM is gone, flash stays."""


class Wake(Struct, frozen=True):
    """The earliest of the phone's deadlines has come."""


class Staged(Struct, frozen=True, gc=False):
    """An installer enters a provisioning server on the phone; `url` ends with '/'."""

    url: str
    username: str
    password: str


class FactoryReset(Struct, frozen=True):
    """Somebody at the phone resets it: it un-registers every account, forgets its server and everything else."""


class KeyPressed(Struct, frozen=True, gc=False):
    """A key by its name on the model: `prgkey1`, `linekey1`, a digit, or the text of a soft key on the screen."""

    key: str


class Typed(Struct, frozen=True, gc=False):
    """Somebody fills the fields of the prompt on the screen, in order, and submits."""

    fields: tuple[str, ...]


class Dialled(Struct, frozen=True, gc=False):
    """Somebody dials a number at the phone: digits, `*` and `#`, perhaps `+` before them."""

    number: str


class Placed(Struct, frozen=True, gc=False):
    """The hardware is taken somewhere else, or what is there changes: see `Place`. A phone asks its network at its next
    boot."""

    place: Place


class LocallySet(Struct, frozen=True, gc=False):
    """Somebody changes one configuration key at the phone (its menu or its web page)."""

    key: str
    value: str


Input = (
    PowerOn
    | PowerLost
    | Wake
    | Staged
    | FactoryReset
    | KeyPressed
    | Typed
    | Dialled
    | LocallySet
    | Placed
    | HttpRequest
    | HttpReply
    | SipReply
    | SipRequest
)
Output = HttpRequest | HttpReply | SipRequest | SipReply
