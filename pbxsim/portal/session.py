"""Who is logged in on the page: a cookie holds a random session id, and this process remembers which ids it gave.

A session stands for the token that it was begun with, and ends with it. The cookie is sent by the browser whoever makes
it ask, so it counts only for requests that this server's own pages make: see `same_origin`; and what is more than
reading must carry the session's CSRF token, which only such a page knows. Nothing is written down: after a restart
everybody logs in again.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from hashlib import sha256
from time import monotonic
from urllib.parse import urlsplit

from aiohttp import web

from pbxsim.server.auth import SAFE
from pbxsim.server.problems import Problem
from pbxsim.server.tokens import Grant, Tokens

COOKIE = "pbxsim"
UNUSED = 12 * 3600.0  # s: decided; a working day with its evening
MOST = 1_000  # sessions: whoever logs in more often than that logs his oldest out
CSRF = "X-Pbxsim-CSRF"


class Sessions:
    """The sessions of one server process, the longest unused first. Ids are kept as hashes, as tokens are."""

    def __init__(self, tokens: Tokens, clock: Callable[[], float] = monotonic) -> None:
        self._tokens = tokens
        self._clock = clock
        self._used: dict[bytes, tuple[float, Grant]] = {}

    def begin(self, request: web.Request, response: web.StreamResponse, grant: Grant) -> None:
        """Log in: a new id, whatever the browser had before; and that one ends."""
        self._used.pop(_key(_id(request)), None)
        id_ = secrets.token_urlsafe(32)
        self._used[_key(id_)] = (self._clock(), grant)
        while len(self._used) > MOST:
            del self._used[next(iter(self._used))]
        response.set_cookie(COOKIE, id_, httponly=True, samesite="Lax", secure=request.secure, path="/")

    def end(self, request: web.Request, response: web.StreamResponse) -> None:
        """Log out: the id means nothing any more."""
        self._used.pop(_key(_id(request)), None)
        response.del_cookie(COOKIE, httponly=True, samesite="Lax", path="/")

    def knows(self, request: web.Request) -> Grant | None:
        """What the session stands for whose id the request carries, if it has not ended."""
        key, now = _key(_id(request)), self._clock()
        used, grant = self._used.pop(key, (0.0, None))
        if grant is None or now - used > UNUSED or self._tokens.lives(grant) is None:
            return None
        self._used[key] = (now, grant)
        return grant

    def allows(self, request: web.Request) -> Grant | None:
        """May it ask the API? The session must be known, and one of this server's own pages must be asking. Raises
        Problem where that would change something and the page's token is not there.

        Whoever sends an Authorization header asks as that header says, and a wrong token stays wrong."""
        if "Authorization" in request.headers or not same_origin(request):
            return None
        grant = self.knows(request)
        if grant is not None and request.method not in SAFE:
            check_csrf(request, request.headers.get(CSRF, ""))
        return grant


def csrf_token(request: web.Request) -> str:
    """What a page of the request's session sends along with what is more than reading. It follows from the session's
    id, which no page of another session has, and no script can read."""
    return hmac.new(_id(request).encode("utf-8", "surrogateescape"), b"csrf", sha256).hexdigest()


def check_csrf(request: web.Request, sent: str) -> None:
    """403 unless `sent` is the token of the request's session."""
    if not hmac.compare_digest(csrf_token(request).encode(), sent.encode("utf-8", "surrogateescape")):
        raise Problem(403, "csrf", f"This came without the page's own token, the header {CSRF}. Load the page again.")


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


def _id(request: web.Request) -> str:
    return request.cookies.get(COOKIE, "")


def _key(id_: str) -> bytes:
    return sha256(id_.encode("utf-8", "surrogateescape")).digest()
