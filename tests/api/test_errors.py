"""Whatever is sent, the answer is a problem of one shape, and never 500."""

from __future__ import annotations

import asyncio
import json
import zlib
from typing import Any

import pytest

from pbxsim.core import refusals
from pbxsim.server.problems import describe
from tests.api.conftest import ACME, TOKEN, Answer, Api

MEMBERS = {"type", "title", "status", "code", "detail", "instance"}


def problem(answer: Answer, status: int, code: str) -> Any:
    """The document, once its shape has been checked."""
    assert answer == status, answer
    assert answer.headers["Content-Type"] == "application/problem+json"
    document = answer.json
    assert document.keys() >= MEMBERS
    assert (document["status"], document["code"]) == (status, code)
    assert document["title"]
    assert document["detail"].endswith(".")
    return document


BODIES: dict[str, tuple[bytes, int, str]] = {
    "no JSON": (b"{", 400, "malformed"),
    "not UTF-8": (b'{"name": "\xff"}', 400, "malformed"),
    "half a character": (b'{"name": "\\ud800"}', 400, "malformed"),
    "half a character as a name": (b'{"\\ud800": 1}', 400, "malformed"),
    "a list": (b"[]", 400, "malformed"),
    "text": (b'"x"', 400, "malformed"),
    "null": (b"null", 400, "malformed"),
    "a number": (b"1", 400, "malformed"),
    "NaN": (b'{"seats": NaN}', 400, "malformed"),
    "a name twice": (b'{"name": "a", "name": "b"}', 400, "malformed"),
    "deep": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400, "malformed"),
    "deep lists": (b'{"name":' + b"[" * 100_000, 400, "malformed"),
    "fairly deep": (b'{"name":' + b"[" * 500 + b"]" * 500 + b"}", 422, "invalid"),
    "a long number": (b'{"seats": ' + b"9" * 5000 + b"}", 400, "malformed"),
    "infinite": (b'{"seats": 1e999}', 422, "invalid"),
    "large": (b'{"name": "' + b"x" * 1024 * 1024 + b'"}', 413, "too-large"),
    "nothing": (b"", 422, "invalid"),
    "two values": (b"{} {}", 400, "malformed"),
}


@pytest.mark.parametrize("name", BODIES)
async def test_bodies(bare: Api, name: str) -> None:
    body, status, code = BODIES[name]
    problem(await bare.post("/accounts", data=body), status, code)
    assert (await bare.get("/accounts"))["items"] == []


async def test_all_faults_at_once(api: Api) -> None:
    """Unknown names, wrong values and what is missing, each with its pointer."""
    body = {"first_name": 7, "email": "x", "id": "u1", "a/b~c": 1, "account": "acme", "password": "p"}
    document = problem(await api.post(f"{ACME}/users", body), 422, "invalid")
    assert [fault["pointer"] for fault in document["errors"]] == [
        "/id",
        "/a~1b~0c",
        "/account",
        "/first_name",
        "/email",
        "/password",
        "/extension",
    ]
    unknown = document["errors"][0]["message"]
    assert "extension" in unknown
    assert "account" not in unknown  # the path has said it
    assert document["detail"] == "7 values are invalid; nothing was changed."


async def test_faults_inside_values(api: Api) -> None:
    """The pointer leads to the place, however deep."""
    body = {"name": "S", "root": {"type": "dial", "users": ["1002", "9999"], "then": {"type": "what"}}}
    document = problem(await api.post(f"{ACME}/callflows", body), 422, "invalid")
    assert [fault["pointer"] for fault in document["errors"]] == ["/root/then/type"]
    body["root"]["then"] = {"type": "voicemail", "mailbox": "7"}  # type: ignore[index]
    document = problem(await api.post(f"{ACME}/callflows", body), 422, "invalid")
    assert [fault["pointer"] for fault in document["errors"]] == ["/root/users/1", "/root/then/mailbox"]
    device = {"settings": {"yealink": {"account.1.label": 7, "a b": "x"}, "snom": {}}}
    document = problem(await api.patch(f"{ACME}/devices/805ec0112233", device), 422, "invalid")
    assert {fault["pointer"] for fault in document["errors"]} >= {"/settings/yealink/account.1.label", "/settings/snom"}


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/nobody",
        "/accounts/nobody/users",
        f"{ACME}/users/9999",
        f"{ACME}/users/d1",
        f"{ACME}/devices/000000000000",
        f"{ACME}/callflows/c9",
        f"{ACME}/numbers/+61255501234",
        f"{ACME}/queues/q9",
        f"{ACME}/mailboxes/9",
        f"{ACME}/users/1002/logins/x/y",
        "/phones/805ec0112233",
        "/phones/x",
        "/worlds/nowhere",
        "/rules/nothing",
        "/nothing",
        "//api/v2/accounts",
        "//api/",
        "//nothing",
        f"{ACME}/users/%ff%00%2F..",
        f"{ACME}/users/1002%2Flogins",
    ],
)
async def test_what_is_not_there(api: Api, path: str) -> None:
    problem(await api.get(path), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/accounts", "GET, HEAD, POST"),
        ("POST", "/accounts/acme", "DELETE, GET, HEAD, PATCH"),
        ("DELETE", "/clock", "GET, HEAD, POST"),
        ("OPTIONS", f"{ACME}/users", "GET, HEAD, POST"),
        ("GET", f"{ACME}/numbers/x/assign", "POST"),
        ("PATCH", f"//w/main/api/v1{ACME}/users", "GET, HEAD, POST"),
        ("DELETE", "//healthz", "GET, HEAD"),
    ],
)
async def test_a_method_that_means_nothing(api: Api, method: str, path: str, allow: str) -> None:
    answer = await api(method, path)
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == allow


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("?limit=0", "/limit"),
        ("?limit=1001", "/limit"),
        ("?limit=x", "/limit"),
        ("?limit=-1", "/limit"),
        ("?limit=%C2%B2", "/limit"),
        ("?after=x", "/after"),
        ("?after=!!!", "/after"),
        ("?after=" + "W" * 4000, "/after"),
        ("?after=bnVsbA", "/after"),
        ("?after=WzEsMl0", "/after"),
        ("?colour=red", "/colour"),
    ],
)
async def test_query_parameters(api: Api, path: str, pointer: str) -> None:
    document = problem(await api.get(f"{ACME}/users{path}"), 422, "invalid")
    assert [fault["pointer"] for fault in document["errors"]] == [pointer]


async def test_a_mistyped_dry_run_writes_nothing(api: Api) -> None:
    for query in ("?dryrun=true", "?dry_run=yes", "?dry_run="):
        problem(await api.delete(f"{ACME}/users/1002{query}"), 422, "invalid")
    assert await api.get(f"{ACME}/users/1002") == 200


async def test_a_compressed_body(bare: Api) -> None:
    """Understood, but not as a way around the limit, and broken it is malformed."""
    good = zlib.compress(json.dumps({"name": "Acme", "platform": "jet"}).encode())
    assert await bare.post("/accounts", data=good, Content_Encoding="deflate") == 201
    problem(await bare.post("/accounts", data=b"nonsense", Content_Encoding="deflate"), 400, "malformed")
    bomb = zlib.compress(b'{"name": "' + b" " * 50 * 1024 * 1024)
    problem(await bare.post("/accounts", data=bomb, Content_Encoding="deflate"), 413, "too-large")


RAW = [
    b"GET /api/v1/accounts/\xff\xfe HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer TOKEN\r\n",
    b"GET /api/v1/accounts/a?q=\xff HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer TOKEN\r\n",
    b"GET /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer TOKEN\r\nX-Pbxsim-World: \xff\r\n",
    b"GET /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \xff\r\n",
    b"GET /api/v1/accounts HTTP/1.1\r\nHost: \xff\r\nAuthorization: Bearer TOKEN\r\n",
    b"POST /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer TOKEN\r\n"
    b"Idempotency-Key: k\r\nX-Pbxsim-Actor: \xff\r\nContent-Length: 2\r\n\r\n{}",
    b"GET /w/\xff/provision/x HTTP/1.1\r\nHost: localhost\r\n",
    b"GET /provision/\xff?\xfe HTTP/1.1\r\nHost: localhost\r\nAuthorization: Digest \xff\r\n",
    b"GET //api//v1 HTTP/1.1\r\nHost: localhost\r\n",
    b"GET http://localhost/api/v1/accounts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer TOKEN\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n",
    b"DELETE /api/v1/accounts/acme HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer TOKEN\r\nIf-Match: \xff\r\n",
    b"POST /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer TOKEN\r\n"
    b"Idempotency-Key: \xff\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer TOKEN\r\n"
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
]


@pytest.mark.parametrize("head", RAW, ids=range(len(RAW)))
async def test_bytes_that_are_no_text(api: Api, head: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """As no client library would send them."""
    server = api.client.server
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(head.replace(b"TOKEN", TOKEN.encode()) + b"Connection: close\r\n\r\n")
    status = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    await writer.wait_closed()
    assert status.split()[1] in (b"200", b"400", b"401", b"404", b"405", b"412", b"421", b"422"), status
    assert not [record for record in caplog.records if record.name == "pbxsim.server"]


ERRORS: list[tuple[Exception, int, str]] = [
    (refusals.Invalid([refusals.Fault("/a", "b")]), 422, "invalid"),
    (refusals.NotFound("user", "7"), 404, "not-found"),
    (refusals.Gone("world", "w"), 410, "gone"),
    (refusals.ForeignHandle("user", "u1"), 422, "invalid"),
    (refusals.Refused("pbx.role", "No"), 409, "refused"),
    (refusals.Forbidden("pbx.role", "No"), 403, "forbidden"),
    (refusals.NotReady("No server"), 409, "not-ready"),
    (refusals.NotSettled(600, {"805ec0112233": "booting"}), 409, "not-settled"),
    (refusals.Unavailable(), 503, "unavailable"),
    (RuntimeError("a secret"), 500, "internal"),
]


@pytest.mark.parametrize(("error", "status", "code"), ERRORS, ids=lambda value: type(value).__name__)
def test_every_error_of_the_tree(error: Exception, status: int, code: str) -> None:
    answer = describe(error, "/api/v1/x")
    assert (answer.status, answer.value["status"], answer.value["code"]) == (status, status, code)
    assert answer.value["instance"] == "/api/v1/x"
    assert "a secret" not in json.dumps(answer.value)


def test_no_error_of_the_tree_is_forgotten() -> None:
    tree = {kind for kind in vars(refusals).values() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert {type(error) for error, _, _ in ERRORS} - {RuntimeError} == tree - {refusals.PbxsimError}


async def test_the_store_cannot_commit(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: Any) -> None:
        raise refusals.Unavailable("The disk is full.")

    monkeypatch.setattr(type(api.engine), "ask", fails)
    answer = await api.post(f"{ACME}/users", {"extension": "1007"})
    problem(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "1"


async def test_an_error_of_ours_is_logged_and_told_to_nobody(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: Any) -> None:
        raise KeyError("inside")

    monkeypatch.setattr(type(api.engine), "ask", fails)
    answer = await api.post(f"{ACME}/users", {"extension": "1007"})
    assert "inside" not in str(problem(answer, 500, "internal"))
    assert "inside" in caplog.text
