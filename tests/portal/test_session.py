"""Who may see the page and press its buttons: whoever logged in, from this server's own pages, and nobody else."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from pbxsim.portal.session import COOKIE, MOST, UNUSED, Sessions, same_origin
from tests.portal.conftest import PASSWORD, SAME

RENAME = ("PATCH", "/api/v1/accounts/acme/users/1003")
NAME = {"last_name": "Brown"}


async def test_the_page_wants_a_log_in(site):
    response = await site.ask("GET", "/")
    assert (response.status, response.headers["Location"]) == (303, "/login")
    assert (await site.ask("GET", "/api/v1/accounts", SAME)).status == 401


async def test_a_wrong_password_opens_nothing(site):
    response = await site.log_in("wrong")
    assert response.status == 401
    assert "Set-Cookie" not in response.headers
    assert "not the password" in await response.text()
    assert (await site.ask("GET", "/")).status == 303


async def test_the_password_is_the_token(site):
    response = await site.log_in(f" {PASSWORD}\n")  # as it comes from a terminal
    assert (response.status, response.headers["Location"]) == (303, "/")
    assert "Acme" in await site.page()
    assert (await site.ask("GET", "/api/v1/accounts", SAME)).status == 200


async def test_the_cookie_is_for_this_server_alone(site):
    response = await site.log_in()
    cookie = response.cookies[COOKIE]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/", "")
    assert not cookie["secure"]  # plain HTTP; over TLS it is
    assert PASSWORD not in cookie.value
    assert len(cookie.value) >= 43  # 256 bits


async def test_each_log_in_is_another_session(site):
    first = (await site.log_in()).cookies[COOKIE].value
    site.client.session.cookie_jar.clear()
    assert (await site.log_in()).cookies[COOKIE].value != first


async def test_who_logs_out_is_out_even_with_the_old_cookie(site):
    cookie = (await site.log_in()).cookies[COOKIE].value
    assert (await site.ask("POST", "/logout", SAME)).headers["Location"] == "/login"
    assert (await site.ask("GET", "/", {"Cookie": f"{COOKIE}={cookie}"})).status == 303
    assert (await site.ask("GET", "/api/v1/accounts", {**SAME, "Cookie": f"{COOKIE}={cookie}"})).status == 401


HERE = "HERE"  # stands for the Host header
REQUESTS = [
    # headers, may change something, may read
    ({"Sec-Fetch-Site": "same-origin"}, True, True),
    ({"Sec-Fetch-Site": "none"}, True, True),
    ({"Sec-Fetch-Site": "same-site"}, False, False),
    ({"Sec-Fetch-Site": "cross-site"}, False, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": f"http://{HERE}"}, False, False),
    ({"Origin": f"http://{HERE}"}, True, True),
    ({"Origin": f"https://{HERE}"}, True, True),  # a proxy in front speaks TLS
    ({"Origin": "http://evil.example"}, False, False),
    ({"Origin": f"http://{HERE}.evil.example"}, False, False),
    ({"Origin": f"http://evil.example/{HERE}"}, False, False),
    ({"Origin": "null"}, False, False),
    ({"Origin": ""}, False, False),
    ({}, False, True),
]


@pytest.mark.parametrize(("headers", "changes", "reads"), REQUESTS)
async def test_only_our_own_pages_press_buttons(site, headers, changes, reads):
    await site.log_in()
    here = f"{site.client.host}:{site.client.port}"
    sent = {name: value.replace(HERE, here) for name, value in headers.items()}
    assert (await site.ask(*RENAME, sent, json=NAME)).status == (200 if changes else 401)
    assert (await site.ask("GET", "/api/v1/accounts", sent)).status == (200 if reads else 401)
    assert site.world.accounts["acme"].users["1003"].last_name == ("Brown" if changes else "Jones")


async def test_a_foreign_page_can_neither_log_in_nor_out(site):
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert (await site.ask("POST", "/login", cross, data={"password": PASSWORD})).status == 403
    await site.log_in()
    await site.ask("POST", "/logout", cross)
    assert "Acme" in await site.page()


async def test_a_wrong_token_is_not_mended_by_a_cookie(site):
    await site.log_in()
    assert (await site.ask("GET", "/api/v1/accounts", {**SAME, "Authorization": "Bearer wrong"})).status == 401


async def test_a_token_needs_no_session_and_no_origin(site):
    assert (await site.ask(*RENAME, {"Authorization": f"Bearer {PASSWORD}"}, json=NAME)).status == 200


@pytest.mark.parametrize("path", ["/", "/login", "/static/page.css"])
async def test_a_name_that_is_not_ours_is_not_answered(site, path):
    assert (await site.ask("GET", path, {"Host": "evil.example"})).status == 421


# --- The table of sessions, by itself --------------------------------------------------------------------------


def began(sessions: Sessions, secure: bool = False) -> str:
    response = web.Response()
    sessions.begin(response, secure)
    return response.cookies[COOKIE].value


def carrying(cookie: str) -> web.Request:
    return make_mocked_request("GET", "/", {"Cookie": f"{COOKIE}={cookie}", "Host": "localhost"})


def test_a_session_ends_when_it_is_not_used():
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    cookie = began(sessions)
    now[0] += UNUSED
    assert sessions.knows(carrying(cookie))
    now[0] += UNUSED
    assert sessions.knows(carrying(cookie))  # it was used meanwhile
    now[0] += UNUSED + 1
    assert not sessions.knows(carrying(cookie))


def test_sessions_do_not_fill_the_memory():
    sessions = Sessions()
    first, *rest = [began(sessions) for _ in range(MOST + 1)]
    assert not sessions.knows(carrying(first))
    assert sessions.knows(carrying(rest[0]))


def test_over_tls_the_cookie_stays_on_tls():
    response = web.Response()
    Sessions().begin(response, secure=True)
    assert response.cookies[COOKIE]["secure"]


def test_reading_without_any_header_is_left_to_the_cookie():
    """An old browser's EventSource says neither; SameSite=Strict has kept the cookie from other sites already."""
    assert same_origin(make_mocked_request("GET", "/", {"Host": "localhost"}))
    assert not same_origin(make_mocked_request("DELETE", "/", {"Host": "localhost"}))
