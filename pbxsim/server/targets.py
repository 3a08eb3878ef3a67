"""Where a webhook may lead: not into this machine, nor into the network around it.

A URL is checked when it is written, as far as it says itself where it leads; a name is looked up once for every
delivery, all its addresses are checked, and the connection goes to one of those and to no other, so that a name that
answers differently the second time (DNS rebinding) gains nothing. Whoever starts the server may allow targets.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from msgspec import Struct
from yarl import URL

from pbxsim.core.refusals import PbxsimError

LONGEST = 2048  # characters of a URL
PORTS = frozenset({80, 443, 8080, 8443})
"""Those of the web; others (databases, mail, a shell) are reached when they are allowed by name (decided)."""

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")  # a last label that some resolver reads as an address
_HERE = ("localhost", "local", "internal", "localdomain", "home.arpa", "lan", "intranet", "corp", "home")

# What `is_global` does not say: addresses that lead on to others, and public ones that mean this machine's host.
_V4 = {
    "168.63.129.16/32": "is a cloud's metadata service",  # Azure
    "100.100.100.200/32": "is a cloud's metadata service",  # Alibaba
    "169.254.169.254/32": "is a cloud's metadata service",
    "0.0.0.0/8": "means this machine",
    "127.0.0.0/8": "is loopback",
    "169.254.0.0/16": "is link-local",
    "100.64.0.0/10": "is a provider's private network",
    "192.88.99.0/24": "is a relay",
    "224.0.0.0/4": "is multicast",
}
_V6 = {
    "fd00:ec2::254/128": "is a cloud's metadata service",
    "::/128": "means this machine",
    "::1/128": "is loopback",
    "fe80::/10": "is link-local",
    "fec0::/10": "is site-local",
    "fc00::/7": "is a private network",
    "64:ff9b:1::/48": "leads into a private network",  # NAT64 of a network's own, RFC 8215
    "ff00::/8": "is multicast",
}
_WITHIN = (  # an IPv4 address stands within, so many bits from the right
    ("::ffff:0:0/96", 0),  # mapped, RFC 4291
    ("::/96", 0),  # compatible, RFC 4291
    ("::ffff:0:0:0/96", 0),  # translated, RFC 2765
    ("64:ff9b::/96", 0),  # NAT64, RFC 6052
    ("2002::/16", 80),  # 6to4, RFC 3056
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class BadTarget(PbxsimError, ValueError):
    """It may not be reached; says why."""


class Allowed(Struct, frozen=True):
    """A target that whoever started the server vouches for. `host` is a name, or '' where `network` says the
    addresses; `port` None: all."""

    host: str
    network: Network | None = None
    port: int | None = None

    @classmethod
    def parse(cls, text: str) -> Allowed:
        """HOST, HOST:PORT, an address (IPv6 in brackets if a port follows) or a network such as 10.0.0.0/8."""
        host, port = text, None
        found = re.fullmatch(r"(\[[^\]]*\]|[^:]*):([0-9]{1,5})", text)
        if found:
            host, port = found[1], int(found[2])
        if host.startswith("[") and host.endswith("]"):
            host = host[1:-1]
        host = host.lower().rstrip(".")
        if port is not None and not 0 < port < 65536:
            raise BadTarget(f"{text!r} has no port from 1 to 65535")
        try:
            return cls("", ip_network(host), port)
        except ValueError as error:
            if "/" in host or ":" in host or not _is_name(host):
                raise BadTarget(f"{text!r} must be a name, an address or a network, and may end in :PORT") from error
        return cls(host, None, port)

    def covers_name(self, host: str, port: int) -> bool:
        """Is it this very name?"""
        return self.host == host != "" and self.port in (None, port)

    def covers(self, address: Address, port: int) -> bool:
        """Is the address in it?"""
        if self.network is None or self.port not in (None, port):
            return False
        inner = _inner(address)
        return any(one.version == self.network.version and one in self.network for one in (address, *inner))


class Rules(Struct, frozen=True):
    """What is allowed beside the public network."""

    allowed: tuple[Allowed, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Rules:
        """From the command line. Raises BadTarget."""
        return cls(tuple(map(Allowed.parse, texts)))

    def check_url(self, text: str) -> URL:
        """The URL, if nothing that it says itself is against it. Raises BadTarget."""
        url = _read(text)
        host, port = (url.host or "").lower().rstrip("."), url.port or 0
        if any(one.covers_name(host, port) for one in self.allowed):
            return url
        literal = _literal(host)
        if literal is not None:
            self.check_address(literal, port)
            return url
        if any(host == name or host.endswith(f".{name}") for name in _HERE) or "." not in host:
            raise BadTarget(f"{host} is a name of this machine or its network: {_REMEDY}")
        self._check_port(host, port)
        return url

    def check_address(self, address: Address, port: int) -> None:
        """Raises BadTarget for an address that nobody outside could reach, or a port that is none of the web's."""
        if any(one.covers(address, port) for one in self.allowed):
            return
        why = blocked(address)
        if why:
            raise BadTarget(f"{address} {why}: {_REMEDY}")
        self._check_port(str(address), port)

    def check_resolved(self, host: str, address: Address, port: int) -> None:
        """As `check_address`, for what a name was resolved to; an allowed name leads wherever it does."""
        host = host.lower().rstrip(".")
        if any(one.covers_name(host, port) for one in self.allowed):
            return
        why = blocked(address)
        if why and not any(one.covers(address, port) for one in self.allowed):
            raise BadTarget(f"{host} leads to {address}, which {why}: {_REMEDY}")

    def _check_port(self, host: str, port: int) -> None:
        if port not in PORTS and not any(one.host == "" and one.port == port for one in self.allowed):
            listed = ", ".join(map(str, sorted(PORTS)))
            raise BadTarget(f"port {port} of {host} is none of {listed}: {_REMEDY}")


_REMEDY = "the server must be started with --allow-webhook-target to reach it"


class CheckedResolver(AbstractResolver):
    """Looks a name up once, and gives only what was checked: aiohttp connects to nothing else."""

    def __init__(self, rules: Rules, lookup: Any = None) -> None:
        self._rules = rules
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses, or BadTarget if one of them is out of bounds. Raises OSError where there is none."""
        import asyncio

        lookup = self._lookup or asyncio.get_running_loop().getaddrinfo
        found = await lookup(host, port, type=socket.SOCK_STREAM, family=family)
        results: list[ResolveResult] = []
        for kind, _, protocol, _, place in found:
            address = ip_address(str(place[0]).partition("%")[0])
            self._rules.check_resolved(host, address, port)
            results.append(
                ResolveResult(
                    hostname=host,
                    host=str(address),
                    port=port,
                    family=kind,
                    proto=protocol,
                    flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
                )
            )
        if not results:
            raise OSError(f"{host} has no address")
        return results

    async def close(self) -> None:
        """There is nothing to let go of."""


def blocked(address: Address) -> str:
    """Why an address is out of bounds; '' if it is anybody's on the public network."""
    for network, why in _tables()[address.version]:
        if address in network:
            return why
    for inner in _inner(address):
        why = blocked(inner)
        if why:
            return f"holds {inner}, which {why}"
    if isinstance(address, IPv6Address) and _inner(address):
        return ""
    return "" if address.is_global and not address.is_reserved else "is in no public network"


def _inner(address: Address) -> tuple[Address, ...]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return ()
    found = [IPv4Address((int(address) >> shift) & 0xFFFFFFFF) for net, shift in _nested() if address in net]
    return (*found, *(address.teredo or ()))


@cache
def _tables() -> dict[int, tuple[tuple[Network, str], ...]]:
    return {
        4: tuple((ip_network(text), why) for text, why in _V4.items()),
        6: tuple((ip_network(text), why) for text, why in _V6.items()),
    }


@cache
def _nested() -> tuple[tuple[Network, int], ...]:
    return tuple((ip_network(text), shift) for text, shift in _WITHIN)


def _read(text: str) -> URL:
    """A URL that says one thing to whoever reads it. Raises BadTarget."""
    if len(text) > LONGEST or not text.isprintable() or any(sign in text for sign in " \\<>\"'`{}|^"):
        raise BadTarget("is no URL: it is too long, or has signs that no URL has")
    try:
        url = URL(text)
        port = url.port
    except ValueError as error:
        raise BadTarget(f"is no URL: {error}") from None
    if url.scheme not in ("http", "https") or not url.host or port is None:
        raise BadTarget("must be an http or https URL with a host")
    if "@" in text.partition("://")[2].partition("/")[0].partition("?")[0]:
        raise BadTarget("must have no user name or password in it: deliveries are signed")
    if "#" in text:
        raise BadTarget("must have no fragment: it would not be sent")
    host = url.host.lower().rstrip(".")
    if "%" in host:
        raise BadTarget("must have no zone in its address")
    if _literal(host) is None and not _is_name(host):
        raise BadTarget(f"{url.host!r} is no host name")
    return url


def _literal(host: str) -> Address | None:
    """The address that a host is. Raises BadTarget for an address in a writing that resolvers read and people do not:
    2130706433, 0x7f.1, 0177.0.0.1."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    if _NUMERIC.fullmatch(host.rpartition(".")[2]):
        raise BadTarget(f"{host} must be written as four decimal numbers, or as a name")
    return None


def _is_name(host: str) -> bool:
    try:
        text = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return False
    return len(text) <= 253 and all(_LABEL.fullmatch(label) for label in text.lower().split("."))
