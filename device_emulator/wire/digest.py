"""HTTP Basic and Digest answers (RFC 7617; RFC 7616 with MD5 and qop=auth, RFC 2617 without), and SIP's digest.

Pure: a challenge is a value, the nonce count comes in, and the client nonce is derived, since a phone here has no
randomness. Only MD5 is known, as desk phones of these generations know only MD5.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import md5

from msgspec import Struct

Schemes = tuple[str, ...]
SCHEMES: Schemes = ("digest", "basic")
"""The ways to prove who one is that a phone may know."""

_SCHEMES = re.compile(r"(?:^|,)\s*(basic|digest)(?:\s+|$)", re.IGNORECASE)
_PARAMETER = re.compile(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))')


class Challenge(Struct, frozen=True, gc=False, cache_hash=True):
    """What a server asks for. `digest` False: Basic, and the rest does not matter but for the realm."""

    digest: bool
    realm: str = ""
    nonce: str = ""
    opaque: str = ""
    qop: bool = False


def _md5(text: str) -> str:
    return md5(text.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()


@lru_cache(maxsize=1024)
def _ha1(username: str, realm: str, password: str) -> str:
    return _md5(f"{username}:{realm}:{password}")


@lru_cache(maxsize=4096)  # a phone asks for the same few addresses again and again
def _ha2(method: str, uri: str) -> str:
    return _md5(f"{method}:{uri}")


@lru_cache(maxsize=64)  # a site that boots is challenged in the same words
def choose(headers: tuple[str, ...], schemes: Schemes = SCHEMES) -> Challenge | None:
    """The strongest challenge among these WWW-Authenticate values that a phone of these schemes can answer, or None."""
    basic: Challenge | None = None
    for header in headers:
        starts = [*_SCHEMES.finditer(header)]
        for index, start in enumerate(starts):
            end = starts[index + 1].start() if index + 1 < len(starts) else len(header)
            values = {
                name.lower(): _unquoted(quoted) or token
                for name, quoted, token in _PARAMETER.findall(header, start.end(), end)
            }
            realm = values.get("realm", "")
            scheme = start[1].lower()
            if scheme not in schemes:
                continue
            if scheme == "basic":
                basic = basic or Challenge(False, realm)
                continue
            qops = [word.strip().lower() for word in values.get("qop", "").split(",") if word.strip()]
            known = values.get("algorithm", "MD5").upper() == "MD5" and (not qops or "auth" in qops)
            if known and "nonce" in values:
                return Challenge(True, realm, values["nonce"], values.get("opaque", ""), bool(qops))
    return basic


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text) if "\\" in text else text


def _quoted(text: str) -> str:
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def authorization(challenge: Challenge, username: str, password: str, method: str, uri: str, count: int) -> str:
    """The Authorization header. `uri` is the request target; `count` rises from 1 with each use of the nonce."""
    if not challenge.digest:
        return "Basic " + b64encode(f"{username}:{password}".encode("utf-8", "replace")).decode()
    nc = f"{count:08x}"
    cnonce = f"{nc}{challenge.nonce[-8:]}" if challenge.qop else ""  # any text will do: nothing here is drawn by chance
    qop = f', qop=auth, nc={nc}, cnonce="{cnonce}"' if challenge.qop else ""
    answer = response(challenge, username, password, method, uri, nc, cnonce)
    return f'{_head(challenge, username)}, uri={_quoted(uri)}{qop}, response="{answer}"'


@lru_cache(maxsize=1024)
def _head(challenge: Challenge, username: str) -> str:
    """What is the same in all answers to one challenge."""
    opaque = f", opaque={_quoted(challenge.opaque)}" if challenge.opaque else ""
    realm, nonce = _quoted(challenge.realm), _quoted(challenge.nonce)
    return f"Digest username={_quoted(username)}, realm={realm}, nonce={nonce}, algorithm=MD5{opaque}"


def response(challenge: Challenge, username: str, password: str, method: str, uri: str, nc: str, cnonce: str) -> str:
    """The digest itself, in hex."""
    middle = f"{challenge.nonce}:{nc}:{cnonce}:auth" if challenge.qop else challenge.nonce
    return _md5(f"{_ha1(username, challenge.realm, password)}:{middle}:{_ha2(method, uri)}")


def sip_response(username: str, realm: str, password: str, nonce: str, method: str, uri: str) -> str:
    """The response of a SIP digest without qop (RFC 2617): MD5(HA1:nonce:MD5(method:uri))."""
    return _md5(f"{_ha1(username, realm, password)}:{nonce}:{_ha2(method, uri)}")
