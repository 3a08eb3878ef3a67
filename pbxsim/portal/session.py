"""Who is logged in on the page: a cookie holds a random session id, and this process remembers which ids it gave.

The cookie is sent by the browser whoever makes it ask, so it counts only for requests that this server's own pages
make: see `same_origin`. Nothing is written down: after a restart everybody logs in again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from hashlib import sha256
from time import monotonic
from urllib.parse import urlsplit

from aiohttp import web

COOKIE = "pbxsim"
UNUSED = 12 * 3600.0  # s: decided; a working day with its evening
MOST = 1_000  # sessions: whoever logs in more often than that logs his oldest out

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Sessions:
    """The sessions of one server process, the longest unused first. Ids are kept as hashes, as tokens are."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._used: dict[bytes, float] = {}

    def begin(self, response: web.StreamResponse, secure: bool) -> None:
        """Log in: a new id, whatever the browser had before."""
        id_ = secrets.token_urlsafe(32)
        self._used[_key(id_)] = self._clock()
        while len(self._used) > MOST:
            del self._used[next(iter(self._used))]
        response.set_cookie(COOKIE, id_, httponly=True, samesite="Strict", secure=secure, path="/")

    def end(self, request: web.Request, response: web.StreamResponse) -> None:
        """Log out: the id means nothing any more."""
        self._used.pop(_key(request.cookies.get(COOKIE, "")), None)
        response.del_cookie(COOKIE, httponly=True, samesite="Strict", path="/")

    def knows(self, request: web.Request) -> bool:
        """Does the request carry the id of a session that has not ended?"""
        key, now = _key(request.cookies.get(COOKIE, "")), self._clock()
        used = self._used.pop(key, None)
        if used is None or now - used > UNUSED:
            return False
        self._used[key] = now
        return True

    def allows(self, request: web.Request) -> bool:
        """May it ask the API? The session must be known, and one of this server's own pages must be asking.

        Whoever sends an Authorization header asks as that header says, and a wrong token stays wrong."""
        return "Authorization" not in request.headers and same_origin(request) and self.knows(request)


def same_origin(request: web.Request) -> bool:
    """Does a page of this server ask, or a person directly, and no page elsewhere?

    Browsers say so in Sec-Fetch-Site; those that do not (and any browser on plain HTTP beyond this machine) send Origin
    with whatever changes something. A change without either is refused; reading is left to the cookie's SameSite.
    Source: Fetch Metadata Request Headers, W3C; OWASP's cheat sheet on cross-site request forgery."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() == request.headers.get("Host", "").lower() != ""
    return request.method in SAFE


def _key(id_: str) -> bytes:
    return sha256(id_.encode("utf-8", "surrogateescape")).digest()
