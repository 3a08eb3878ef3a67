"""HTTP authentication as desk phones do it: Basic, and Digest (RFC 7616; also RFC 2069, without qop) with MD5.

Nonces are stateless: a time and its keyed hash, so that forks and restarts need nothing. The price is that a request
can be repeated, word for word, within a nonce's life; it would read the same file again. Nobody here knows passwords or
clocks: both arrive as arguments. Times are milliseconds since the epoch.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from functools import lru_cache
from hashlib import md5

from msgspec import Struct

REALM = "provisioning"
"""One for all accounts: the realm must not say which of them exist."""
LIFE = 300_000
"""Milliseconds. A boot, and a wait at the log-in prompt, fit in it (decided)."""


class Basic(Struct, frozen=True, gc=False):
    """A name and a password, as sent."""

    username: str
    password: str


class Digest(Struct, frozen=True, gc=False):
    """What a client proves with. `qop` is 'auth', or '' from clients that do not know it (then so are the next two)."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    qop: str = ""
    nc: str = ""
    cnonce: str = ""


Proof = Basic | Digest


def nonce(now: int, key: bytes) -> str:
    """Good from `now` for `LIFE`."""
    time = f"{now:x}"
    return f"{time}.{_signature(time, key)}"


def fresh(text: str, now: int, key: bytes) -> bool:
    """Whether the nonce is ours and made within its life of `now`, before or after: a world's clock can be set back,
    and what was said then must not be good for ever."""
    time, _, signature = text.partition(".")
    if len(time) > 16:  # none of ours; what is signed is remembered, and must not be as long as somebody likes
        return False
    if not (signature.isascii() and hmac.compare_digest(signature, _signature(time, key))):
        return False
    return abs(now - int(time, 16)) <= LIFE


def challenge(now: int, key: bytes, stale: bool = False) -> tuple[tuple[str, str], ...]:
    """The two headers of a 401. Digest first: a client takes the first it understands. Basic is for phones that do no
    digest (FusionPBX's successor lists Aastra, Algo, Panasonic, Snom, Dinstar)."""
    digest = f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{nonce(now, key)}"'
    return (
        ("WWW-Authenticate", digest + ", stale=true" if stale else digest),
        ("WWW-Authenticate", f'Basic realm="{REALM}", charset="UTF-8"'),
    )


# RFC 9110: auth-param = token BWS "=" BWS ( token / quoted-string ), in a list; what is no parameter is the last group.
# Possessive throughout: a hostile header costs its length.
_PARAM = re.compile(
    r"""([!#$%&'*+.^_`|~0-9A-Za-z-]++)[ \t]*+=[ \t]*+"""
    r"""(?:"([^"\\]*+(?:\\.[^"\\]*+)*+)"|([^\s,"]++))[ \t]*+(?:,[ \t,]*+|\Z)|(.++)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def parse(header: str) -> Proof | None:
    """The value of an Authorization header; None if it is neither, or not well-formed. Never raises."""
    scheme, _, rest = header.strip(" \t").partition(" ")
    match scheme.lower():
        case "basic":
            return _basic(rest.strip(" "))
        case "digest":
            return _digest(rest)
    return None


def verify(proof: Proof, method: str, password: str) -> bool:
    """Whether the client knows the password. The same work for any proof of its kind, right or wrong."""
    if isinstance(proof, Basic):
        return hmac.compare_digest(_bytes(proof.password), _bytes(password))
    right = response(proof, method, password)
    return proof.response.isascii() and hmac.compare_digest(proof.response, right)


def response(proof: Digest, method: str, password: str) -> str:
    """What `response` has to be, in lower-case hex."""
    secret = _md5(f"{proof.username}:{proof.realm}:{password}")
    asked = _asked(method, proof.uri)
    if proof.qop:
        return _md5(f"{secret}:{proof.nonce}:{proof.nc}:{proof.cnonce}:{proof.qop}:{asked}")
    return _md5(f"{secret}:{proof.nonce}:{asked}")


def _basic(text: str) -> Basic | None:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    try:
        name, found, password = raw.decode().partition(":")
    except UnicodeDecodeError:  # clients from before RFC 7617 send Latin-1
        name, found, password = raw.decode("latin-1").partition(":")
    return Basic(name, password) if found else None


def _digest(text: str) -> Digest | None:
    found = _PARAM.findall(text.strip(" \t,"))
    given = {name.lower(): quoted or token for name, quoted, token, _ in found}
    if not found or found[-1][3] or len(given) != len(found):  # junk (which ends the list), or a name twice
        return None
    if "\\" in text:
        given = {name: _ESCAPE.sub(r"\1", value) for name, value in given.items()}
    qop = given.get("qop", "")
    if qop not in ("", "auth") or given.get("algorithm", "MD5").upper() != "MD5" or given.get("realm") != REALM:
        return None
    try:
        return Digest(
            given["username"],
            REALM,
            given["nonce"],
            given["uri"],
            given["response"].lower(),
            qop,
            given["nc"] if qop else "",
            given["cnonce"] if qop else "",
        )
    except KeyError:  # one that is needed is not there
        return None


@lru_cache(maxsize=1024)  # no secret is in it, and it is asked again by whoever was answered 404
def _asked(method: str, uri: str) -> str:
    return _md5(f"{method}:{uri}")


@lru_cache(maxsize=1024)  # a phone uses one nonce for all of a boot's requests
def _signature(time: str, key: bytes) -> str:
    return hmac.digest(key, _bytes(time), "sha256")[:16].hex()


def _md5(text: str) -> str:
    return md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _bytes(text: str) -> bytes:
    """UTF-8; lone surrogates (how some servers hand over bytes that are not UTF-8) included, so that nothing raises."""
    return text.encode("utf-8", "surrogatepass")
