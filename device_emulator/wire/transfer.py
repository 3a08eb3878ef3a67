"""One HTTP fetch as a phone does it: redirects (at most five), and an answer to the server's challenge.

A `Call` is a request under way and a `Session` what the phone remembers of a server that challenged it, so that only
the first request of a run is challenged. Neither knows why something is fetched. Credentials go to no other server.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from device_emulator.messages import Headers, HttpReply, HttpRequest
from device_emulator.wire.digest import SCHEMES, Challenge, Schemes, authorization, choose

MAX_REDIRECTS = 5
_SAFE = "%/:=&?~#+!$,;'@()*[]"
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*").fullmatch
REDIRECTS = frozenset((301, 302, 303, 307, 308))


class Login(Struct, frozen=True, gc=False):
    """Who the phone says it is, and to which server only (`https://host:port`)."""

    origin: str
    username: str
    password: str


class Session(Struct, frozen=True, gc=False):
    """A server's last challenge, and how often it has been answered."""

    origin: str = ""
    challenge: Challenge | None = None
    count: int = 0


class Fetch(Struct, frozen=True, gc=False):
    """A request under way. `answered`: its credentials answer a challenge made to this very fetch. A `body` is what a
    PUT uploads; nobody looks at what a `quiet` one is answered."""

    id: int
    url: str
    hops: int = 0
    answered: bool = False
    method: str = "GET"
    body: bytes = b""
    quiet: bool = False


class Done(Struct, frozen=True, gc=False):
    """The end of a fetch. Status 0: there was no answer; `why` says what went wrong, if anything did."""

    status: int
    body: bytes = b""
    why: str = ""


NO_SESSION = Session()


def origin(url: str) -> str:
    """Scheme, host and port of a URL; '' if it is none."""
    scheme, _, rest = url.partition("://")
    return _origin(f"{scheme}://{rest.partition('/')[0]}")


@lru_cache(maxsize=1024)
def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}" if parts.scheme and parts.hostname else ""


def split_login(url: str) -> tuple[str, str, str]:
    """(URL without credentials, user name, password) of a URL that may carry them, as DHCP option 66 does. What of them
    is percent-encoded is decoded (RFC 3986): that is how an @ or a / gets there."""
    head, scheme, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    login, at, host = authority.rpartition("@")
    if not scheme or not at:
        return url, "", ""
    username, _, password = login.partition(":")
    return f"{head}://{host}{slash}{path}", unquote(username), unquote(password)


def resolve(base: str, name: str) -> str:
    """The URL of a file: its own, or relative to the server's. Never raises; what is no URL is returned as it is."""
    if _PLAIN(name) and base.endswith("/") and "?" not in base and "#" not in base:
        return base + name  # nearly every file of a run; the general way costs twenty times as much
    try:
        url = name if "://" in name else urljoin(base, name)
    except ValueError:
        return name
    if url.isascii() and url.isprintable() and " " not in url:
        return url
    return quote(url, safe=_SAFE, errors="replace")


def send(fetch: Fetch, session: Session, login: Login, agent: str, accept: str = "*/*") -> tuple[Session, HttpRequest]:
    """The request of a fetch, with credentials if its server has asked for some before."""
    headers: Headers = (("User-Agent", agent), ("Accept", accept)) if accept else (("User-Agent", agent),)
    challenge = session.challenge
    if challenge is not None and session.origin == login.origin:
        here, target = _parts(fetch.url)
        if here == login.origin:
            count = session.count + 1
            session = Session(here, challenge, count)
            answer = authorization(challenge, login.username, login.password, fetch.method, target, count)
            headers += (("Authorization", answer),)
    return session, HttpRequest(fetch.id, fetch.method, fetch.url, headers, fetch.body)


@lru_cache(maxsize=4096)  # a file that is not there is asked for again, and every file in the next run
def _parts(url: str) -> tuple[str, str]:
    """Origin, and target: path and query, as the request line has them."""
    rest = url.partition("://")[2].partition("#")[0]
    host, slash, path = rest.partition("/")
    return origin(url), f"/?{host.partition('?')[2]}{slash}{path}" if "?" in host else f"/{path}"


def receive(
    fetch: Fetch,
    session: Session,
    login: Login,
    reply: HttpReply,
    redirects: int = MAX_REDIRECTS,
    schemes: Schemes = SCHEMES,
) -> tuple[Fetch, Session] | Done:
    """What a reply means: the next request of the same fetch (its id is for the caller to give), or its end. The phone
    follows so many redirects, and can say who it is in these ways."""
    status = reply.status
    if status == 200:
        announced = reply.header("content-length")
        if announced and announced != str(len(reply.body)):
            # Fewer bytes than announced never come; more are not taken for a part of this answer (decided).
            return Done(0, b"", f"{len(reply.body)} bytes came where {announced[:20]} were announced")
        return Done(200, reply.body)
    if status == 401:
        return _challenged(fetch, login, reply, schemes)
    if status in REDIRECTS:
        if fetch.hops >= redirects:
            return Done(status, b"", f"more than {redirects} redirects")
        location = reply.header("location").strip()
        url = resolve(fetch.url, location)
        if not location or not url.startswith(("http://", "https://")):
            return Done(status, b"", "a redirect without a usable address")
        return replace(fetch, url=url, hops=fetch.hops + 1, answered=False), session
    if status == 0:
        return Done(0, b"", reply.body.decode("utf-8", "replace")[:200] or "no answer")
    return Done(status, b"", f"the server answered {status}")


def _challenged(fetch: Fetch, login: Login, reply: HttpReply, schemes: Schemes) -> tuple[Fetch, Session] | Done:
    here = origin(fetch.url)
    if not login.username:
        return Done(401, b"", "the server asks for credentials and the phone has none")
    if here != login.origin:
        return Done(401, b"", "another server asks for credentials: they are not for it")
    if fetch.answered:
        return Done(401, b"", "the server refuses the phone's credentials")
    headers = tuple(value for name, value in reply.headers if name.lower() == "www-authenticate")
    challenge = choose(headers, schemes)
    if challenge is None:
        return Done(401, b"", "the server asks for credentials in a way the phone does not know")
    return replace(fetch, answered=True), Session(here, challenge)
