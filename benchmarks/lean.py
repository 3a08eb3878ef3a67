"""The server that a storm is measured against: configurations made beforehand, and nothing else.

    python -m benchmarks.lean 150       files of 150 lines

It says one line of JSON when it listens: its port. It stands on a core of its own and is several times as fast as who
asks, so that it is never what is measured. Each phone's own file differs, so that it has to be parsed.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import cast

from benchmarks.processes import HOST, pin

ABSENT = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nnot found"
LABEL = b"805ec0000000"  # stands for the phone's own


def own(lines: int) -> tuple[bytes, bytes]:
    """A phone's own file as the answer that carries it: what comes before its name, and what comes after."""
    keys = "".join(f"linekey.{number}.label = Somebody {number}\n" for number in range(1, lines - 5))
    text = (
        f"#!version:1.0.0.1\naccount.1.enable = 1\naccount.1.label = {LABEL.decode()}\naccount.1.user_name = 204\n"
        f"account.1.password = secret\naccount.1.sip_server.1.address = pbx.invalid\n{keys}"
    )
    before, _, after = found(text.encode()).partition(LABEL)
    return before, after


def found(body: bytes) -> bytes:
    """200, and a body."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Client(asyncio.Protocol):
    """One connection. Requests come whole: they are small, and their senders wait for each answer."""

    common: bytes
    before: bytes
    after: bytes

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        name = data[: data.index(b" HTTP/1.1")].rpartition(b"/")[2]
        if not name.endswith(b".cfg"):
            self.transport.write(ABSENT)
        elif name.startswith(b"y0000"):
            self.transport.write(self.common)
        else:
            self.transport.write(self.before + name[:12].ljust(12) + self.after)


async def serve(lines: int) -> None:
    """Listen until killed."""
    Client.common = found(b"#!version:1.0.0.1\nlang.gui = English\n")
    Client.before, Client.after = own(lines)
    server = await asyncio.get_running_loop().create_server(Client, HOST, 0, backlog=4096)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """On the faster loop, where there is one."""
    pin(1)
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve(int(sys.argv[1])))
    else:
        uvloop.run(serve(int(sys.argv[1])))


if __name__ == "__main__":
    main()
