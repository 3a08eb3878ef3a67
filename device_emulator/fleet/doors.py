"""Before a storm: where is the server, may it be stormed, is anybody there, and can this machine hold so many
connections?

A storm against somebody else's server is an attack. So only loopback addresses are stormed unless whoever asks says
that he may.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from device_emulator.fleet.live import Target
from device_emulator.wire import transfer

SPARE = 64  # file handles for everything that is no connection


class CannotStorm(ValueError):
    """There can be no storm; the text says why and what to do."""


async def find(urls: Iterable[str], allow_remote: bool, wait: float = 5.0) -> dict[str, Target]:
    """The servers of these URLs, by origin. Raises `CannotStorm`."""
    found: dict[str, Target] = {}
    for url in urls:
        origin = transfer.origin(url)
        if origin not in found:
            found[origin] = await _target(url, origin, allow_remote, wait)
    return found


async def _target(url: str, origin: str, allow_remote: bool, wait: float) -> Target:
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CannotStorm(f"{host} has no address: {getattr(error, 'strerror', None) or error}.") from None
    addresses = list(dict.fromkeys(str(row[4][0]) for row in rows))
    strange = [address for address in addresses if not ip_address(address.partition("%")[0]).is_loopback]
    if strange and not allow_remote:
        raise CannotStorm(
            f"{host} is {strange[0]}, another machine. A storm against a server that is not yours is an attack: "
            "say --allow-remote if it is yours, or its owner has agreed."
        )
    header = parts.netloc.rpartition("@")[2]
    for address in addresses:
        if await _listens(address, port, wait):
            return Target(origin, host, header, address, port, secure)
    raise CannotStorm(f"nobody listens at {host} port {port}. Start the server first, or correct the address.")


async def _listens(address: str, port: int, wait: float) -> bool:
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(wait):
            _, writer = await asyncio.open_connection(address, port)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return True
    return False


def make_room(connections: int) -> None:
    """See to it that so many connections can be open. Raises `CannotStorm` if this machine does not let us."""
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + SPARE
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise CannotStorm(
            f"{connections:,} connections need {wanted:,} open files, and this system allows {hard:,}: "
            f"say --connections {max(1, hard - SPARE)}, or raise the limit (ulimit -n)."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
