"""HTTP/1.1 as bytes: a request written, an answer read, however it arrives. No sockets, no clock.

As small as honesty allows: Content-Length, chunked, bodies that end with the connection, 1xx, keep-alive and its
refusal (RFC 9112). An answer that breaks the rules is a `BadAnswer`, never a guess.
"""

from __future__ import annotations

import re

from msgspec import Struct

from device_emulator.messages import Headers, HttpRequest

MAX_HEAD = 64 * 1024
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-9]\d\d)(?: |$)").match
_HEX = re.compile(rb"[0-9A-Fa-f]{1,8}").fullmatch


class BadAnswer(ValueError):
    """The server said what is no HTTP answer; the text says what."""


class Answer(Struct, frozen=True, gc=False):
    """A whole answer. `keep`: the connection may carry another request."""

    status: int
    headers: Headers
    body: bytes
    keep: bool


def write(request: HttpRequest, host: str, target: str, keep: bool) -> bytes:
    """The request as it goes over the wire. `host` is the Host header, `target` path and query."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in request.headers])
    if not keep:
        lines += "Connection: close\r\n"
    if request.body or request.method != "GET":
        lines += f"Content-Length: {len(request.body)}\r\n"
    head = f"{request.method} {target} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n".encode("latin-1", "replace")
    return head + request.body if request.body else head


class Reader:
    """Reads the answers of one connection, one at a time."""

    __slots__ = ("body", "chunked", "data", "headers", "keep", "limit", "need", "status")

    def __init__(self, limit: int) -> None:
        self.limit = limit  # bytes of a body
        self.reset()

    def reset(self) -> None:
        """Before each request."""
        self.data = b""  # what has come and is not used up
        self.status = 0  # of the head that has been read; 0: none yet
        self.headers: Headers = ()
        self.need = -1  # length of the body; -1: it ends with the connection
        self.chunked = self.keep = False
        self.body = bytearray()  # of chunks

    @property
    def untouched(self) -> bool:
        """Has not one byte of an answer come?"""
        return not self.data and not self.status

    def feed(self, data: bytes) -> Answer | None:
        """More bytes; the answer, once it is whole. Raises `BadAnswer`."""
        data = self.data + data if self.data else data
        while not self.status:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                if len(data) > MAX_HEAD:
                    raise BadAnswer(f"a head of more than {MAX_HEAD} bytes")
                if len(data) >= 9 and not data.startswith(b"HTTP/1."):
                    raise BadAnswer("not HTTP/1.1")
                self.data = data
                return None
            self._head(data[:end])
            data = data[end + 4 :]
        if self.chunked:
            return self._chunks(data)
        if 0 <= self.need <= len(data):
            return self._answer(data[: self.need], len(data) == self.need)
        if len(data) > self.limit:
            raise BadAnswer(f"a body of more than {self.limit} bytes")
        self.data = data
        return None

    def eof(self) -> Answer | None:
        """The server has closed the connection: the answer if that is its end, None if it is cut short."""
        if self.status and self.need < 0 and not self.chunked:
            return self._answer(self.data, False)
        return None

    def _answer(self, body: bytes, clean: bool) -> Answer:
        return Answer(self.status, self.headers, body, self.keep and clean)

    def _head(self, head: bytes) -> None:
        first, _, rest = head.partition(b"\r\n")
        found = _STATUS(first)
        if found is None:
            raise BadAnswer("not HTTP/1.1")
        status = int(found[2])
        if 100 <= status < 200:
            return  # what counts is still to come
        need, chunked, keep = -1, False, found[1] == b"1"
        headers = []
        for line in rest.decode("latin-1").split("\r\n") if rest else ():
            name, colon, value = line.partition(":")
            value = value.strip(" \t")
            headers.append((name, value))
            match name.lower():
                case "content-length":
                    length = int(value) if value.isascii() and value.isdigit() and len(value) < 16 else -1
                    if length < 0 or need not in (-1, length):
                        raise BadAnswer("Content-Length is no number, or two")
                    need = length
                case "transfer-encoding":
                    if value.lower() != "chunked":
                        raise BadAnswer(f"an unknown Transfer-Encoding: {value[:40]}")
                    chunked = True
                case "connection":
                    words = value.lower()
                    keep = "close" not in words and (keep or "keep-alive" in words)
                case _ if not colon or not name or name != name.strip():
                    raise BadAnswer("a line of the head is no header")
        if status in (204, 304):
            need, chunked = 0, False
        if need > self.limit:
            raise BadAnswer(f"a body of more than {self.limit} bytes")
        self.status, self.headers = status, tuple(headers)
        self.need, self.chunked, self.keep = -1 if chunked else need, chunked, keep

    def _chunks(self, data: bytes) -> Answer | None:
        at = 0
        while True:
            end = data.find(b"\r\n", at)
            if end < 0:
                break
            size = data[at:end].partition(b";")[0].strip()
            if not _HEX(size):
                raise BadAnswer("a chunk without a length")
            length = int(size, 16)
            if length == 0:  # trailers, which nobody needs, end with an empty line
                last = end if data[end + 2 : end + 4] == b"\r\n" else data.find(b"\r\n\r\n", end)
                if last < 0 or len(data) < last + 4:
                    break
                return self._answer(bytes(self.body), len(data) == last + 4)
            if len(self.body) + length > self.limit:
                raise BadAnswer(f"a body of more than {self.limit} bytes")
            stop = end + 2 + length
            if len(data) < stop + 2:
                break
            if data[stop : stop + 2] != b"\r\n":
                raise BadAnswer("a chunk that is longer than it says")
            self.body += data[end + 2 : stop]
            at = stop + 2
        self.data = data[at:]
        if len(self.data) > self.limit + MAX_HEAD:
            raise BadAnswer("a chunk without an end")
        return None
