"""Who may see the page and press its buttons: whoever logged in, from this server's own pages, and nobody else."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from pbxsim.portal import words
from pbxsim.portal.past import Past
from pbxsim.portal.session import COOKIE, CSRF, MOST, UNUSED, Sessions, same_origin
from pbxsim.server.throttle import LIMITS
from pbxsim.server.tokens import Grant
from tests.portal.conftest import PASSWORD, SAME, Site

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
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert not cookie["secure"]  # plain HTTP; over TLS it is
    assert PASSWORD not in cookie.value
    assert len(cookie.value) >= 43  # 256 bits


async def test_each_log_in_is_another_session(site):
    first = (await site.log_in()).cookies[COOKIE].value
    site.client.session.cookie_jar.clear()
    assert (await site.log_in()).cookies[COOKIE].value != first


async def test_who_logs_out_is_out_even_with_the_old_cookie(site):
    cookie = (await site.log_in()).cookies[COOKIE].value
    token = {"csrf": (await site.pressing())[CSRF]}
    assert (await site.ask("POST", "/logout", SAME, data=token)).headers["Location"] == "/login"
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
    token = {CSRF: (await site.pressing())[CSRF]}
    assert (await site.ask(*RENAME, sent | token, json=NAME)).status == (200 if changes else 401)
    assert (await site.ask("GET", "/api/v1/accounts", sent)).status == (200 if reads else 401)
    assert site.world.accounts["acme"].users["1003"].last_name == ("Brown" if changes else "Jones")


async def test_a_foreign_page_can_neither_log_in_nor_out(site):
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert (await site.ask("POST", "/login", cross, data={"password": PASSWORD})).status == 403
    await site.log_in()
    await site.ask("POST", "/logout", cross, data={"csrf": (await site.pressing())[CSRF]})
    assert "Acme" in await site.page()


async def test_nothing_is_changed_without_the_pages_own_token(site):
    """Whatever the browser says of where the request comes from: the cookie alone is not enough."""
    await site.log_in()
    others = (await site.pressing())[CSRF]
    site.client.session.cookie_jar.clear()
    await site.log_in()
    for sent in ({}, {CSRF: ""}, {CSRF: others}, {CSRF: "\u00e9"}, {CSRF: PASSWORD}):
        for method, path in (RENAME, ("POST", "/api/v1/tokens"), ("DELETE", "/api/v1/tokens/operator")):
            response = await site.ask(method, path, SAME | sent, json=NAME)
            assert response.status == 403, (method, path, sent)
            assert (await response.json())["code"] == "csrf"
        assert (await site.ask("POST", "/logout", SAME, data={"csrf": sent.get(CSRF, "")})).status == 403
    assert site.world.accounts["acme"].users["1003"].last_name == "Jones"
    assert (await site.ask(*RENAME, await site.pressing(), json=NAME)).status == 200


async def test_every_unsafe_way_into_the_api_wants_it(site):
    from pbxsim.server.routes import routes

    await site.log_in()
    unsafe = [route for route in routes() if route.method != "GET"]
    assert len(unsafe) > 60
    for route in unsafe:
        response = await site.ask(route.method, route.path.replace("{", "").replace("}", ""), SAME, json={})
        assert (response.status, (await response.json())["code"]) == (403, "csrf"), route


async def test_a_cookie_that_somebody_else_chose_is_worth_nothing(site):
    """Session fixation: whatever id a browser brings to its log-in, it gets another, and the one it brought ends."""
    chosen = "chosen-by-somebody-else-0123456789abcdefghi"
    response = await site.ask("POST", "/login", {**SAME, "Cookie": f"{COOKIE}={chosen}"}, data={"password": PASSWORD})
    assert response.cookies[COOKIE].value != chosen
    site.client.session.cookie_jar.clear()  # from here on the cookie is what we say
    assert (await site.ask("GET", "/", {"Cookie": f"{COOKIE}={chosen}"})).status == 303
    first = response.cookies[COOKIE].value
    again = await site.ask("POST", "/login", {**SAME, "Cookie": f"{COOKIE}={first}"}, data={"password": PASSWORD})
    assert again.cookies[COOKIE].value not in (chosen, first)
    site.client.session.cookie_jar.clear()
    assert (await site.ask("GET", "/", {"Cookie": f"{COOKIE}={first}"})).status == 303


async def test_a_session_ends_with_its_token(site):
    bearer = {"Authorization": f"Bearer {PASSWORD}"}
    made = await (await site.ask("POST", "/api/v1/tokens", bearer, json={"actor": "operator"})).json()
    assert (await site.log_in(made["token"])).status == 303
    assert "Acme" in await site.page()
    assert (await site.ask("DELETE", f"/api/v1/tokens/{made['id']}", bearer)).status == 204
    assert (await site.ask("GET", "/")).status == 303
    assert (await site.ask("GET", "/api/v1/accounts", SAME)).status == 401


@pytest.mark.parametrize("narrow", [{"read_only": True}, {"world": "main"}, {"actor": "service-desk"}])
async def test_the_page_shows_all_there_is_so_it_opens_to_nothing_less(site, narrow):
    bearer = {"Authorization": f"Bearer {PASSWORD}"}
    made = await (await site.ask("POST", "/api/v1/tokens", bearer, json={"actor": "operator"} | narrow)).json()
    assert (await site.log_in(made["token"])).status == 401


async def test_who_guesses_waits(site: Site):
    """And somebody who logs in rightly is not counted."""
    most, _ = LIMITS["login"]
    for _ in range(most + 5):
        assert (await site.log_in()).status == 303
    for _ in range(most):
        assert (await site.log_in("wrong")).status == 401
    for _ in range(3):
        response = await site.log_in()  # not even with the right one
        assert response.status == 429
        assert 0 < int(response.headers["Retry-After"]) <= 30
    (told,) = [record.event for record in site.world.history if record.event.kind == "login.throttled"]
    said = words.sentence(Past(site.world.pbx), told)
    assert said.startswith("Log-ins from")
    assert "127.0.0.1" in said


async def test_a_wrong_token_is_not_mended_by_a_cookie(site):
    await site.log_in()
    assert (await site.ask("GET", "/api/v1/accounts", {**SAME, "Authorization": "Bearer wrong"})).status == 401


async def test_a_token_needs_no_session_and_no_origin(site):
    assert (await site.ask(*RENAME, {"Authorization": f"Bearer {PASSWORD}"}, json=NAME)).status == 200


@pytest.mark.parametrize("path", ["/", "/login", "/static/page.css"])
async def test_a_name_that_is_not_ours_is_not_answered(site, path):
    assert (await site.ask("GET", path, {"Host": "evil.example"})).status == 421


# --- The table of sessions, by itself --------------------------------------------------------------------------


OPERATORS = Grant("t1", "", "operator")


class Living:
    """Tokens that all count, but for those in `revoked`."""

    def __init__(self):
        self.revoked = set()

    def lives(self, grant):
        return None if grant.id in self.revoked else grant


def asking(cookie="", host="localhost", secure=False):
    headers = {"Cookie": f"{COOKIE}={cookie}", "Host": host}
    request = make_mocked_request("GET", "/", headers)
    return request.clone(scheme="https") if secure else request


def began(sessions: Sessions, secure: bool = False) -> str:
    response = web.Response()
    sessions.begin(asking(secure=secure), response, OPERATORS)
    assert bool(response.cookies[COOKIE]["secure"]) == secure, "over TLS the cookie stays on TLS"
    return response.cookies[COOKIE].value


def test_a_session_ends_when_it_is_not_used():
    now = [0.0]
    sessions = Sessions(Living(), lambda: now[0])
    cookie = began(sessions)
    now[0] += UNUSED
    assert sessions.knows(asking(cookie)) is OPERATORS
    now[0] += UNUSED
    assert sessions.knows(asking(cookie))  # it was used meanwhile
    now[0] += UNUSED + 1
    assert not sessions.knows(asking(cookie))


def test_sessions_do_not_fill_the_memory():
    sessions = Sessions(Living())
    first, *rest = [began(sessions) for _ in range(MOST + 1)]
    assert not sessions.knows(asking(first))
    assert sessions.knows(asking(rest[0]))


def test_over_tls_the_cookie_stays_on_tls():
    began(Sessions(Living()), secure=True)


def test_reading_without_any_header_is_left_to_the_cookie():
    """An old browser's EventSource says neither; SameSite has kept the cookie from other sites' requests already."""
    assert same_origin(make_mocked_request("GET", "/", {"Host": "localhost"}))
    assert not same_origin(make_mocked_request("DELETE", "/", {"Host": "localhost"}))
