"""HTTP as the storm reads and writes it, cut wherever a network may cut it."""

from __future__ import annotations

import pytest

from device_emulator.fleet.wire import Answer, BadAnswer, Reader, write
from device_emulator.messages import HttpRequest

WHOLE = [
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello", True),
    (b"HTTP/1.1 200 OK\r\ncontent-length:5 \r\n\r\nhello", 200, b"hello", True),
    (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, b"", True),
    (b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", 404, b"hello", False),
    (b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello", False),
    (b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello", True),
    (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, b"hi", True),
    (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", True),
    (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, b"", True),
    (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n",
        200,
        b"hello!",
        True,
    ),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nExpires: 0\r\n\r\n", 200, b"hi", True),
]


@pytest.mark.parametrize(("wire", "status", "body", "keep"), WHOLE)
def test_an_answer_is_the_same_wherever_it_is_cut(wire: bytes, status: int, body: bytes, keep: bool) -> None:
    for cut in range(len(wire)):
        reader = Reader(1000)
        pieces = (wire[:cut], wire[cut:])
        answers = [reader.feed(piece) for piece in pieces if piece]
        assert answers[:-1] == [None] * (len(answers) - 1)
        assert isinstance(answers[-1], Answer)
        assert (answers[-1].status, answers[-1].body, answers[-1].keep) == (status, body, keep)
    reader = Reader(1000)
    bytewise = [reader.feed(bytes((one,))) for one in wire]
    assert bytewise[-1] == answers[-1]
    assert not any(bytewise[:-1])


def test_a_body_may_end_with_the_connection() -> None:
    reader = Reader(1000)
    assert reader.feed(b"HTTP/1.1 200 OK\r\nX: y\r\n\r\nhel") is None
    assert reader.feed(b"lo") is None
    assert reader.eof() == Answer(200, (("X", "y"),), b"hello", False)


def test_what_follows_an_answer_ends_the_connection() -> None:
    answer = Reader(1000).feed(WHOLE[0][0] + b"HTTP/1.1 200 OK\r\n")
    assert answer is not None
    assert (answer.body, answer.keep) == (b"hello", False)


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ],
)
def test_a_connection_that_ends_early_leaves_no_answer(wire: bytes) -> None:
    reader = Reader(1000)
    assert reader.untouched
    assert reader.feed(wire) is None
    assert reader.untouched == (not wire)
    assert reader.eof() is None


@pytest.mark.parametrize(
    ("wire", "why"),
    [
        (b"SSH-2.0-OpenSSH\r\n", "not HTTP"),
        (b"HTTP/2 200\r\n\r\n", "not HTTP"),
        (b"HTTP/1.1 20 OK\r\n\r\n", "not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n", "Content-Length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "Content-Length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "Content-Length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", "more than 1000 bytes"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001, "more than 1000 bytes"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "Transfer-Encoding"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "length"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhiho", "longer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n", "more than 1000 bytes"),
        (b"HTTP/1.1 200 OK\r\nno header\r\n\r\n", "no header"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000, "head"),
    ],
)
def test_what_is_no_answer_is_refused(wire: bytes, why: str) -> None:
    with pytest.raises(BadAnswer, match=why):
        Reader(1000).feed(wire)


def test_a_request_as_it_travels() -> None:
    get = HttpRequest(1, "GET", "http://h:81/p/x.cfg", (("User-Agent", "Yealink"), ("Accept", "*/*")))
    line = b"GET /p/x.cfg HTTP/1.1\r\nHost: h:81\r\nUser-Agent: Yealink\r\nAccept: */*\r\n"
    assert write(get, "h:81", "/p/x.cfg", True) == line + b"\r\n"
    assert write(get, "h:81", "/p/x.cfg", False) == line + b"Connection: close\r\n\r\n"
    put = HttpRequest(1, "PUT", "http://h/p/x.cfg", (), b"a = 1\n")
    assert write(put, "h", "/p/x.cfg", True) == b"PUT /p/x.cfg HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\na = 1\n"
