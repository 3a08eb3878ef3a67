"""What can go wrong outside the PBX, as values: between a phone and its configuration server, and at a phone itself.

Each is in force until it is taken away, for the phones that it names or, when it names none, for all. What it does is
the world's matter: a file each in `pbxsim/world/faults`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from pbxsim.core.values import Mac, Parser

During = Literal["booting", "looking", "fetching", "writing", "updating", "idle"]


def _between(low: int, high: int, what: str) -> Parser:
    def parse(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise ValueError(f"must be {what}, {low} to {high}, not {value!r}")

    return Parser(parse, schema={"type": "integer", "minimum": low, "maximum": high})


Milliseconds = Annotated[int, _between(0, 3_600_000, "milliseconds")]
Seconds = Annotated[int, _between(0, 86_400, "seconds")]
Skew = Annotated[int, _between(-3_153_600_000, 3_153_600_000, "seconds, at most a hundred years")]
Per = Annotated[int, _between(0, 99, "per cent")]
Bytes = Annotated[int, _between(-65_536, 65_536, "bytes")]
Times = Annotated[int, _between(1, 1_000, "how often")]


class OutsideFault(Struct, frozen=True, gc=False, tag_field="kind"):
    """`phones` are MAC addresses; none of them means every phone."""


class ServerError(OutsideFault, frozen=True, gc=False, tag="server-error"):
    """The configuration server answers 500 or 503; `retry_after` seconds stand in the header of that name."""

    phones: tuple[Mac, ...] = ()
    status: Literal[500, 502, 503, 504] = 503
    retry_after: Seconds = 30


class Slow(OutsideFault, frozen=True, gc=False, tag="slow"):
    """Each answer comes so much later. A phone that waits for too long goes on without it."""

    phones: tuple[Mac, ...] = ()
    milliseconds: Milliseconds = 5_000


class Truncated(OutsideFault, frozen=True, gc=False, tag="truncated"):
    """The connection ends after so many per cent of a body."""

    phones: tuple[Mac, ...] = ()
    percent: Per = 50


class WrongLength(OutsideFault, frozen=True, gc=False, tag="wrong-length"):
    """The Content-Length is off by so many bytes."""

    phones: tuple[Mac, ...] = ()
    by: Bytes = 100


class StaleCopy(OutsideFault, frozen=True, gc=False, tag="stale-copy"):
    """Something between phone and server answers what the server answered when the fault began."""

    phones: tuple[Mac, ...] = ()


class ChallengeLoop(OutsideFault, frozen=True, gc=False, tag="challenge-loop"):
    """The server asks for credentials again, whatever it is given."""

    phones: tuple[Mac, ...] = ()


class WrongMac(OutsideFault, frozen=True, gc=False, tag="wrong-mac"):
    """A phone that asks for its own file is given another device's."""

    other: Mac
    phones: tuple[Mac, ...] = ()


class ClonedMac(OutsideFault, frozen=True, gc=False, tag="cloned-mac"):
    """Somewhere a second phone has the same MAC address, and is what that one was when the fault began: it boots, is
    told the same, registers the same account from elsewhere. When the fault ends its cable is pulled."""

    phone: Mac


class NoSuchHost(OutsideFault, frozen=True, gc=False, tag="no-such-host"):
    """The server's name cannot be looked up."""

    phones: tuple[Mac, ...] = ()


class CertificateExpired(OutsideFault, frozen=True, gc=False, tag="certificate-expired"):
    """The server's certificate is past its date: a matter of https alone, and of what the phone is told to check."""

    phones: tuple[Mac, ...] = ()


class RedirectLoop(OutsideFault, frozen=True, gc=False, tag="redirect-loop"):
    """Every address leads to itself."""

    phones: tuple[Mac, ...] = ()


class PowerLoss(OutsideFault, frozen=True, gc=False, tag="power-loss"):
    """A phone that comes to this stage loses its power `milliseconds` later, and has it back after `back` seconds (0:
    not at all); so many times for each phone. `writing` is the moment in which a configuration goes to flash."""

    phones: tuple[Mac, ...] = ()
    during: During = "fetching"
    milliseconds: Milliseconds = 0
    back: Seconds = 30
    times: Times = 1


class ClockSkew(OutsideFault, frozen=True, gc=False, tag="clock-skew"):
    """The phones' clocks are fast by so many seconds, or slow: what they do at a time of day they do at another, and
    a certificate is not valid for them."""

    seconds: Skew
    phones: tuple[Mac, ...] = ()


AnyFault = (
    ServerError
    | Slow
    | Truncated
    | WrongLength
    | StaleCopy
    | ChallengeLoop
    | WrongMac
    | ClonedMac
    | NoSuchHost
    | CertificateExpired
    | RedirectLoop
    | PowerLoss
    | ClockSkew
)


def concerns(fault: AnyFault, mac: str) -> bool:
    """Is it in force for that phone?"""
    if isinstance(fault, ClonedMac):
        return fault.phone == mac
    return not fault.phones or mac in fault.phones
