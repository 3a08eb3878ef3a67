"""The first step: what is asked, and by whom if he can prove it. Pure: time and key are arguments.

Whoever gives no credentials, or none that can be right, gets one and the same 401 whatever he asked for: it depends on
nothing but the time. Whether credentials *are* right needs the plan, and is the next step's business.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qsl, unquote

from msgspec import Struct

from provisioning import digest, user_agents
from provisioning.digest import Digest, Proof
from provisioning.messages import Effect, Missed, Request, Response
from provisioning.plan import normal_mac
from provisioning.user_agents import Agent

PREFIX = "/provision/"
PageName = Literal["file", "startup", "login", "logout", "config", "reset"]
PAGES: dict[PageName, str] = {
    "startup": "xml/startup",
    "login": "xml/login",
    "logout": "xml/logout",
    "config": "xml/config",
    "reset": "xml/reset",
}
"""The XML pages, and where they are below the account's place. Anything else is a file."""
_BY_PATH = {path: name for name, path in PAGES.items()}
AGENT = 512
"""Characters of a User-Agent that are looked at: the longest that is known has 80, and who it is is remembered."""
_BODY = b"Credentials are needed.\n"


class Claim(Struct, frozen=True, gc=False):
    """Somebody says he is the device of MAC `username` in the account of key `account`, and wants `file`.

    `proof` is what he says it with, not yet verified. Of the XML pages, `login` carries what was typed at the phone
    (`extension`, `pin`, `override`), `config` and `reset` a page number, 0 if there is none."""

    account: str
    file: str
    username: str
    proof: Proof
    user_agent: str
    page: PageName = "file"
    extension: str = ""
    pin: str = ""
    override: bool = False
    number: int = 0

    @property
    def agent(self) -> Agent:
        """Who says he is asking: few answers depend on it."""
        return _recognised(self.user_agent)


class Deny(Struct, frozen=True, gc=False):
    """The answer is no, whatever the plan."""

    response: Response
    effects: tuple[Effect, ...] = ()


def identify(request: Request, now: int, key: bytes, prefix: str = PREFIX) -> Claim | Deny:
    """`now` is in milliseconds since the epoch, `key` signs nonces. `prefix` is where accounts are on this server;
    `request.url` is what the phone sent, prefix included, since a digest answer covers it.

    No credentials at all, or a nonce that has had its time: denied, not missed (a phone asks so each time it boots).
    Credentials of an unknown kind, ill-formed, for another URL, or not for a MAC: denied and missed."""
    target = _target(request.url)
    path, _, query = target.partition("?")
    rest = path.removeprefix(prefix) if path.startswith(prefix) else ""
    account, _, file = (unquote(rest) if "%" in rest else rest).partition("/")
    header = request.header("authorization")
    if not header:
        return deny(now, key)
    proof = digest.parse(header)
    username = normal_mac(proof.username) if proof else ""
    if proof is None or not username:
        return deny(now, key, request, account)
    if isinstance(proof, Digest):
        if proof.uri != target and _target(proof.uri) != target:  # nearly always the very same text
            return deny(now, key, request, account)
        if not digest.fresh(proof.nonce, now, key):
            return Deny(_unauthorized(now, key, stale=True))
    agent = request.header("user-agent")[:AGENT]
    page = _BY_PATH.get(file, "file")
    if page in ("file", "startup", "logout"):
        return Claim(account, file, username, proof, agent, page)
    given = dict(parse_qsl(query, keep_blank_values=True))
    number = given.get("page", "1")
    return Claim(
        account,
        file,
        username,
        proof,
        agent,
        page,
        given.get("user", "").strip(),
        given.get("password", "").strip(),
        given.get("override", "") == "1",
        int(number) if len(number) < 5 and number.isascii() and number.isdigit() else 0,
    )


def deny(now: int, key: bytes, request: Request | None = None, account: str = "") -> Deny:
    """The 401. With a request, a failed authentication that counts against its source and that account key."""
    missed = (Missed(request.source, account),) if request else ()
    return Deny(_unauthorized(now, key), missed)


def masked(url: str) -> str:
    """The URL as a log may show it: without the PIN typed at a phone and without a password in the address."""
    url, mark, query = url.partition("?")
    scheme, found, rest = url.partition("://")
    if found:
        authority, slash, path = rest.partition("/")
        user, at, host = authority.rpartition("@")
        url = f"{scheme}://{user.partition(':')[0]}{':***@' if ':' in user else at}{host}{slash}{path}"
    return f"{url}{mark}{'&'.join(map(_masked_part, query.split('&')))}"


def _masked_part(part: str) -> str:
    """A name may be percent-encoded, and still reach the server as itself."""
    name = part.partition("=")[0]
    return f"{name}=***" if unquote(name).strip("+ ").lower() == "password" else part


def _unauthorized(now: int, key: bytes, stale: bool = False) -> Response:
    headers = (
        *digest.challenge(now, key, stale),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(_BODY))),
    )
    return Response(401, headers, _BODY)


def _target(url: str) -> str:
    """Path and query: of an absolute URL (as proxies and some phones send it), what follows the host."""
    if url.startswith("/"):
        return url
    _, found, rest = url.partition("://")
    return f"/{rest.partition('/')[2]}" if found else url


_recognised = lru_cache(maxsize=4096)(user_agents.recognise)
