"""Provisioning servers as people run them, and as attackers do: real sockets on loopback, each one fault at a time."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

Y = "805ec0112233"
HEAD = "#!version:1.0.0.1\n"
ACCOUNT = """\
account.1.enable = 1
account.1.label = Bob
account.1.user_name = 204
account.1.password = hush
account.1.sip_server.1.address = pbx.example
"""
CERTIFICATE = Path(__file__).parents[1] / "configs" / "self-signed.pem"
"""A certificate of its own for 127.0.0.1 with its key, until 2120; it protects nothing."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Folder:
    """A folder behind a web server. `files` is what it holds; `asked` what it was asked for, and by whom."""

    def __init__(self, **files: str) -> None:
        self.files: dict[str, str | bytes] = {f"{Y}.cfg": HEAD + ACCOUNT, **files}
        self.asked: list[str] = []
        self.authorizations: list[str] = []
        self.redirects: dict[str, str] = {}
        self.url = ""
        self.protected: set[str] = set()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        name = request.path.removeprefix("/p/")
        self.asked.append(name)
        self.authorizations.append(request.headers.get("Authorization", ""))
        if name in self.redirects:
            return web.Response(status=302, headers={"Location": self.redirects[name]})
        if name in self.protected and not self.authorizations[-1]:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="p"'})
        if name not in self.files:
            return web.Response(status=404)
        body = self.files[name]
        return web.Response(body=body.encode() if isinstance(body, str) else body)


@asynccontextmanager
async def serving(site: Folder, tls: bool = False, handler: Handler | None = None) -> AsyncIterator[Folder]:
    """The folder at http (or https), or a handler in its place."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler or site.answer)
    context = None
    if tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE)
    server = TestServer(app, host="127.0.0.1", scheme="https" if tls else "http")
    await server.start_server(ssl=context)
    try:
        site.url = str(server.make_url("/p/"))
        yield site
    finally:
        await server.close()


@asynccontextmanager
async def raw(answer: bytes, endless: bytes = b"") -> AsyncIterator[str]:
    """A server that answers every request with these very bytes and hangs up; or with `endless` ones after them."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            while endless:
                writer.write(endless)
                await writer.drain()
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/p/"
    finally:
        server.close()
