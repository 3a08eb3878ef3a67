"""The HTTP client of one emulated phone: what a server answers becomes a value, and what it costs is bounded.

No server decides where requests go: other servers than the one the phone was staged at are asked only where the user
said so. Nothing is decompressed, redirected or retried here, and every way in which a request can end without an answer
ends in a reply of status 0 that says in words what happened.
"""

from __future__ import annotations

import ssl
import time
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from device_emulator.messages import HttpReply, HttpRequest
from device_emulator.wire import transfer

if TYPE_CHECKING:
    import aiohttp


class BadAuthorities(ValueError):
    """The file of authorities holds none."""


class Limits(Struct, frozen=True, gc=False):
    """What a run may cost. `timeout` is seconds per request, `body` bytes per answer, `total` of all answers; `sample`
    is how much is read of a firmware or a ring tone, which nobody needs whole."""

    requests: int = 64
    body: int = 1024 * 1024
    total: int = 16 * 1024 * 1024
    timeout: float = 30.0
    sample: int = 64 * 1024
    resources: int = 16


class Tls(Struct, frozen=True, gc=False):
    """Whose certificates count: `insecure` any, `authorities` those of a file besides the system's ('' for none)."""

    insecure: bool = False
    authorities: str = ""


def same_server(url: str, staged: str) -> bool:
    """Whether a URL is at the server the phone was staged at: scheme, host and port; https instead of http on that
    host counts as the same, for many servers redirect to it."""
    here, home = transfer.origin(url), transfer.origin(staged)
    if here == home:
        return bool(home)
    host, secure = _host(here), here.startswith("https://") and home.startswith("http://")
    return secure and bool(host) and host == _host(home)


def _host(origin: str) -> str:
    return origin.partition("://")[2].rpartition(":")[0]


class Client:
    """A session with its bounds. Close it by leaving the block: `async with Client(...) as client`."""

    def __init__(self, staged: str, limits: Limits, tls: Tls, follow: bool = False) -> None:
        self.staged, self.limits, self.tls, self.follow = staged, limits, tls, follow
        self.received = 0
        self._ssl: ssl.SSLContext | None = None
        if tls.authorities and not tls.insecure:
            self._context("https://")

    async def __aenter__(self) -> Client:
        import aiohttp

        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=self.limits.timeout),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    def refusal(self, url: str) -> str:
        """Why a URL is not asked for; '' if it is."""
        if not url.startswith(("http://", "https://")):
            return f"not fetched: {url.partition(':')[0][:20]} is neither http nor https"
        if not transfer.origin(url):
            return "not fetched: this is no address"
        if not self.follow and not same_server(url, self.staged):
            return f"not fetched: {transfer.origin(url)} is another server; --follow asks it"
        return ""

    async def ask(self, request: HttpRequest, most: int | None = None) -> HttpReply:
        """The answer, or status 0 and why there is none. At most `most` bytes of a body are read and the rest is left;
        without it an answer that is larger than the limit counts as none."""
        import aiohttp

        if why := self.refusal(request.url):
            return _none(request, why)
        wrong = ""
        try:
            try:
                return await self._send(request, most, self._context(request.url))
            except aiohttp.ClientConnectorCertificateError as error:
                wrong = getattr(error.certificate_error, "verify_message", "") or "it cannot be verified"
            # Whether such a certificate counts is the phone's to say: its settings may tell it to look at none.
            return replace(await self._send(request, most, False), certificate=wrong)
        except TimeoutError:
            return _none(request, f"no answer within {self.limits.timeout:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _none(request, explained(error))

    async def _send(self, request: HttpRequest, most: int | None, verified: ssl.SSLContext | bool) -> HttpReply:
        from yarl import URL

        target = URL(request.url, encoded=True)
        if not target.host:
            return _none(request, "not fetched: this is no address")
        if target.user is not None and any(name == "Authorization" for name, _ in request.headers):
            target = target.with_user(None)  # one of the two can be sent, and the phone has chosen
        async with self._session.request(
            request.method,
            target,
            headers=list(request.headers),
            data=request.body or None,
            allow_redirects=False,
            ssl=verified,
        ) as response:
            return await self._read(request, response, most)

    async def _read(self, request: HttpRequest, response: aiohttp.ClientResponse, most: int | None) -> HttpReply:
        import aiohttp

        headers = tuple((name, value) for name, value in response.headers.items())
        coding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if response.status == 200 and coding not in ("", "identity"):
            return _none(request, f"the answer is compressed ({coding[:20]}), which no phone asked for", headers)
        body = bytearray()
        try:
            async for chunk in response.content.iter_any():
                body += chunk
                self.received += len(chunk)
                if most is not None and len(body) >= most:
                    # What was announced is more: without it nobody takes the sample for a broken answer.
                    others = tuple(one for one in headers if one[0].lower() != "content-length")
                    return HttpReply(request.id, response.status, others, bytes(body[:most]))
                if len(body) > self.limits.body:
                    return _none(request, f"the answer is larger than {self.limits.body} bytes", headers)
                if self.received > self.limits.total:
                    return _none(request, f"all answers together are larger than {self.limits.total} bytes", headers)
        except aiohttp.ClientPayloadError:
            said = response.headers.get("Content-Length", "")
            of = f" of the {said} it had announced" if said.isdigit() and len(said) < 20 else ""
            return _none(request, f"the answer broke off after {len(body)} bytes{of}", headers)
        return HttpReply(request.id, response.status, headers, bytes(body))

    def _context(self, url: str) -> ssl.SSLContext | bool:
        """How to look at certificates; made when first needed, for loading the authorities takes a while."""
        if not url.startswith("https://"):
            return True
        if self.tls.insecure:
            return False
        if self._ssl is None:
            self._ssl = ssl.create_default_context()
            if self.tls.authorities:
                try:
                    self._ssl.load_verify_locations(self.tls.authorities)
                except (OSError, ValueError) as error:
                    reason = getattr(error, "strerror", "") or str(error) or "no PEM"
                    raise BadAuthorities(f"{self.tls.authorities} holds no certificates: {reason}") from None
        return self._ssl


def _none(request: HttpRequest, why: str, headers: tuple[tuple[str, str], ...] = ()) -> HttpReply:
    return HttpReply(request.id, 0, headers, why.encode("utf-8", "replace"))


def explained(error: BaseException) -> str:
    """An error of the network in words."""
    import aiohttp

    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"there is no host {error.host!r}"
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return f"no TLS with that port: {error.os_error.strerror or 'it does not speak it'}"
    if isinstance(error, aiohttp.ClientConnectorError):
        reason = error.os_error.strerror or str(error.os_error)
        return f"{error.host}:{error.port} cannot be reached: {reason}"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "the server closed the connection without an answer"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"the answer is no HTTP: {error.message}".splitlines()[0][:200]
    return (str(error) or type(error).__name__).splitlines()[0][:200]


def timed() -> float:
    """Seconds on a clock that only runs forward."""
    return time.perf_counter()
