"""Strict headers stand on everything that this server answers, but to phones, which need none."""

from __future__ import annotations

from base64 import b64encode

import pytest

from pbxsim.server.app import STRICT
from tests.api.conftest import ACME, Api
from tests.api.test_events import listening

USUAL = dict(STRICT)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/accounts", 200),
        ("GET", f"{ACME}/users/1002", 200),
        ("HEAD", f"{ACME}/users/1002", 200),
        ("DELETE", f"{ACME}/users/1001", 204),
        ("GET", f"{ACME}/users/9", 404),
        ("GET", "/nothing", 404),
        ("PUT", "/accounts", 405),
        ("POST", "/accounts", 422),
        ("POST", "/tokens", 422),
        ("GET", "//", 404),
        ("GET", "//healthz", 200),
        ("GET", "//readyz", 200),
        ("GET", f"{ACME}/devices/805ec0112233/staging", 200),
        ("GET", f"{ACME}/users/1002/setup-code.svg?app=mobile", 200),
    ],
)
async def test_every_answer_is_strict(api: Api, method: str, path: str, status: int) -> None:
    answer = await api(method, path)
    assert answer == status
    assert {name: answer.headers.get(name) for name in USUAL} == USUAL
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_what_nobody_may_ask_and_what_is_misdirected_are_strict_too(api: Api) -> None:
    for answer in (
        await api.get("/accounts", Authorization=None),
        await api.get("/accounts", Host="evil.example"),
        await api.post("/accounts", data=b"{" * 10),
        await api.post("/tokens", {"login": "x", "password": "y"}, Authorization=None),
        await api("OPTIONS", "/accounts", Origin="https://evil.example", Access_Control_Request_Method="GET"),
    ):
        assert answer.status >= 400
        assert {name: answer.headers.get(name) for name in USUAL} == USUAL
        assert not [name for name in answer.headers if name.startswith("Access-Control")]


async def test_a_stream_is_strict(api: Api) -> None:
    async with listening(api) as stream:
        assert {name: stream.response.headers.get(name) for name in USUAL} == USUAL


async def test_a_picture_may_have_a_style_and_nothing_else(api: Api) -> None:
    """An SVG document styles itself; it runs and loads nothing, and a browser may keep it if it asks again."""
    await api.made("/phones", {"device": "acme/805ec0112233"})
    headers = (await api.get("/phones/805ec0112233/screen.svg")).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_a_phone_is_answered_as_ever(api: Api) -> None:
    """It knows none of these headers; its answers are short, and 401 is the same for everybody."""
    staging = await api.get(f"{ACME}/devices/805ec0112233/staging")
    path = staging["url"].partition("/provision")[2]
    credentials = b64encode(f"{staging['username']}:{staging['password']}".encode()).decode()
    for authorization in (None, f"Basic {credentials}"):
        answer = await api.get(f"//provision{path}805ec0112233.cfg", Authorization=authorization)
        assert answer.status in (200, 401)
        assert not USUAL.keys() & set(answer.headers) - {"Cache-Control"}
