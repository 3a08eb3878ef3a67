"""Who may ask: one token, this machine's names, and nothing without them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.api.conftest import TOKEN, Api


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer \u00e9"],
)
@pytest.mark.parametrize("path", ["/accounts", "/nothing", "//api/", "//w/main/api/v1/accounts", "//w/x/api/nothing"])
async def test_nothing_under_api_without_the_token(bare: Api, header: str | None, path: str) -> None:
    """Nor whether there is anything at a path, or which world."""
    answer = await bare.get(path, Authorization=header)
    assert (answer, answer["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="pbxsim"')


async def test_a_wrong_token_and_none_are_told_apart(bare: Api) -> None:
    """RFC 6750, section 3.1."""
    none, wrong = [await bare.get("/accounts", Authorization=header) for header in (None, "Bearer x")]
    assert none.headers["WWW-Authenticate"] == 'Bearer realm="pbxsim"'
    assert wrong.headers["WWW-Authenticate"] == 'Bearer realm="pbxsim", error="invalid_token"'


async def test_the_scheme_is_read_without_case(bare: Api) -> None:
    assert await bare.get("/accounts", Authorization=f"bearer {TOKEN}") == 200


async def test_whether_the_process_is_well_needs_no_token(bare: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await bare.get("//healthz", Authorization=None)).json == {"status": "ok"}
    assert (await bare.get("//readyz", Authorization=None)).json == {"status": "ready"}
    monkeypatch.setattr(type(bare.engine), "ready", False)
    assert await bare.get("//readyz", Authorization=None) == 503


@pytest.mark.parametrize("path", ["/accounts", "//provision/key/file", "//nothing"])
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 0),
        ("LOCALHOST:8080", 0),
        ("127.0.0.1:8080", 0),
        ("127.9.9.9", 0),
        ("[::1]:8080", 0),
        ("app.localhost", 0),
        ("pbx.example.com", 0),
        ("PBX.example.com:80", 0),
        ("evil.example", 421),
        ("pbx.example.com.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("10.0.0.1", 421),
        ("localhost@evil.example", 421),
        ("localhost:80:80", 421),
        ("[::1", 421),
        ("", 400),
    ],
)
async def test_the_host_must_be_this_one(
    serve: Callable[..., Awaitable[Api]], path: str, host: str, status: int
) -> None:
    """A page elsewhere may make its own name point here; it cannot make the browser send ours."""
    api = await serve(hosts=["Pbx.Example.com"])
    answer = await api.get(path, Host=host)
    if status:
        assert answer == status, answer
    else:
        assert answer.status in (200, 401, 404)
