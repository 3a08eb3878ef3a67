"""Encrypted configuration files: AES in ECB with the key that the settings hold, padded with zeros or by PKCS7.

An encrypted file has no mark: whatever does not begin with the version line is tried. The cipher is the optional extra
`pbxsim[aes]`; without it such a file is ignored, and the reason says what to install. Never raises.
"""

from __future__ import annotations

from functools import lru_cache

BLOCK = 16


@lru_cache(maxsize=64)
def opened(body: bytes, key: str, sizes: tuple[str, ...], header: bytes, padding: bool) -> tuple[bytes, str]:
    """(what the file says, ''), or (the bytes as they are, why they cannot be read)."""
    if len(body) % BLOCK or not body:
        return body, ""  # no such cipher text: a plain file without its first line
    if str(len(key)) not in sizes or len(key) not in (16, 24, 32) or not key.isascii():
        return body, f"an encrypted file, and the key set for it has {len(key)} characters: file ignored"
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    except ImportError:
        return body, "an encrypted file: install pbxsim[aes] to read it; file ignored"
    cipher = Cipher(algorithms.AES(key.encode()), modes.ECB()).decryptor()  # the vendor's choice
    plain = cipher.update(body) + cipher.finalize()
    if not plain.startswith(header):
        return body, "an encrypted file, and the phone's key does not fit: file ignored"
    return (_unpadded(plain) if padding else plain), ""


def _unpadded(plain: bytes) -> bytes:
    count = plain[-1]
    if 0 < count <= BLOCK and plain.endswith(bytes([count]) * count):
        return plain[:-count]
    return plain.rstrip(b"\0")
