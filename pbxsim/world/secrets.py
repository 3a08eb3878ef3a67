"""Verifiers: what is kept of a PIN or password, so that it can be checked and not read.

Two kinds, told apart by their prefix. Keyed BLAKE2b is fast and deterministic: worlds in process use it for everything,
and servers for PINs, whose few digits no slow hash protects (see docs/decisions). scrypt is for passwords on a server.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import blake2b

SLOW = "s$"  # what the verifier of a password on a server begins with
N, R, P = 1 << 14, 8, 1  # scrypt: 16 MiB, about 50 ms (OWASP's smallest advised memory)


def fast(key: bytes) -> Callable[[str], str]:
    """text -> its keyed BLAKE2b verifier."""

    def conceal(text: str) -> str:
        return "b$" + blake2b(text.encode("utf-8", "surrogatepass"), key=key, digest_size=16).hexdigest()

    return conceal


def slow(salt: bytes) -> Callable[[str], str]:
    """text -> its scrypt verifier. Takes about 50 ms: for a thread, not for an event loop."""
    from hashlib import scrypt

    def conceal(text: str) -> str:
        digest = scrypt(text.encode("utf-8", "surrogatepass"), salt=salt, n=N, r=R, p=P, dklen=32)
        return f"{SLOW}{salt.hex()}${digest.hex()}"

    return conceal


def verifier(key: bytes) -> Callable[[str, str], bool]:
    """(text, verifier) -> is it right? Compares in constant time; takes long for a scrypt verifier."""
    fast_conceal = fast(key)

    def verify(text: str, kept: str) -> bool:
        kind, _, rest = kept.partition("$")
        again = slow(bytes.fromhex(rest.partition("$")[0]))(text) if kind == "s" else fast_conceal(text)
        return hmac.compare_digest(again, kept)

    return verify
