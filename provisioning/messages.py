"""A request to the configuration server, its response, and what else follows from serving it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

Headers = tuple[tuple[str, str], ...]
Files = Mapping[tuple[str, str], bytes]
"""Frozen and uploaded files by (device, name)."""


class Request(Struct, frozen=True, gc=False):
    """`url` is the request target as it arrived, absolute or from the root; `source` the peer's address, for
    counting misses."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""
    source: str = ""

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name, or ''."""
        for key, value in self.headers:
            if key.lower() == name:
                return value
        return ""


class Response(Struct, frozen=True, gc=False):
    """A whole answer; the body is complete, never streamed (configurations are small)."""

    status: int
    headers: Headers = ()
    body: bytes = b""


class FileFrozen(Struct, frozen=True, gc=False):
    """Keep this body for that device: it is served as it is until it is frozen anew or dropped."""

    device: str
    name: str
    body: bytes


class FileDropped(Struct, frozen=True, gc=False):
    """The frozen file is deleted."""

    device: str
    name: str


class FileStored(Struct, frozen=True, gc=False):
    """The phone has uploaded a file of its own."""

    device: str
    name: str
    body: bytes


class Downloaded(Struct, frozen=True, gc=False):
    """The device has fetched a file: 200 with that ETag, or 304."""

    device: str
    name: str
    status: int
    etag: str


class Missed(Struct, frozen=True, gc=False):
    """An authentication failed; counted per source and per account key."""

    source: str
    account: str


class LogInAsked(Struct, frozen=True, gc=False):
    """Somebody has logged in at the phone, with an extension and PIN that the plan source has found right.

    `override`: the user is to be logged out of the phone that the extension was in use on."""

    device: str
    user: str
    override: bool = False


class LogOutAsked(Struct, frozen=True, gc=False):
    """Whoever is logged in at the phone has logged out."""

    device: str


Effect = FileFrozen | FileDropped | FileStored | Downloaded | Missed | LogInAsked | LogOutAsked
