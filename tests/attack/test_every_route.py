"""Every route is asked by everybody: without a token, with one that is none any more, of every role, about what is his,
a colleague's, and another account's. What the platform's table does not let a role do never passes, and nothing of
another account is ever seen.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pbxsim.platforms import PLATFORMS
from pbxsim.platforms.roles import GROUPS
from pbxsim.server.app import TOKENS
from pbxsim.server.call import Route
from pbxsim.server.routes import BASE, routes
from pbxsim.server.sight import SIGHTS
from tests.api.conftest import Answer, Api
from tests.rules.test_roles import WORLDS, Office, own

ROUTES = [*routes()]
OPEN = ("POST", "/tokens")
FOREIGN = ("Zzyzx", "Queue 90", "Flow 90", "+61255501090")  # what the other account is full of

# What a write needs to be understood at all. Where nothing is here, an empty body is.
BODIES: dict[str, Any] = {
    "POST /accounts": {"name": "New", "platform": "{platform}"},
    "POST /accounts/{account}/users": {"extension": "777"},
    "POST /accounts/{account}/users/bulk": {"action": "welcome-email", "users": []},
    "POST /accounts/{account}/users/{user}/recycle": {"first_name": "A", "last_name": "B"},
    "POST /accounts/{account}/users/{user}/reset": {"clear": ["name"]},
    "POST /accounts/{account}/users/{user}/invitation": {"code": "x" * 30, "password": "abcdefgh"},
    "POST /accounts/{account}/users/{user}/apps": {"password": "abcdefgh"},
    "POST /accounts/{account}/users/{user}/setup-code": {"app": "mobile", "code": "x" * 30},
    "POST /accounts/{account}/users/import": b"extension\n778\n",
    "POST /accounts/{account}/devices": {"model": "yealink-t46s", "mac": "805ec01133ff"},
    "POST /accounts/{account}/directory": {"user": "{user}"},
    "POST /accounts/{account}/blf-keys": {"device": "{device}", "position": 3, "user": "{user}"},
    "POST /accounts/{account}/callflows": {"name": "New", "root": {"type": "hang-up"}},
    "POST /accounts/{account}/callflows/{callflow}/reassign": {"to": "{callflow}"},
    "PUT /accounts/{account}/callflows/{callflow}/versions/{version}": {"root": {"type": "hang-up"}},
    "PATCH /accounts/{account}/callflows/{callflow}/versions/{version}": {"root": {"type": "hang-up"}},
    "POST /accounts/{account}/numbers": {"e164": "+61255507777"},
    "POST /accounts/{account}/numbers/{number}/assign": {"user": "{user}"},
    "POST /accounts/{account}/queues": {"name": "New"},
    "POST /accounts/{account}/mailboxes": {"number": "7777", "name": "New"},
    "PUT /accounts/{account}/mailboxes/{mailbox}/greeting": {"greeting": "Hello"},
    "POST /accounts/{account}/calls": {"to": "{extension}"},
    "POST /accounts/{account}/calls/{call}/press": {"digits": "1"},
    "POST /accounts/{account}/requests": {"kind": "other", "text": "Please"},
    "POST /phones": {"device": "{account}/{device}"},
    "POST /phones/{phone}/power": {"on": False},
    "POST /phones/{phone}/cable": {"on": False},
    "POST /phones/{phone}/login": {"extension": "100", "pin": "1234"},
    "POST /phones/{phone}/press": {"key": "OK"},
    "POST /phones/{phone}/dial": {"number": "100"},
    "POST /phones/{phone}/stage": {"device": "{account}/{device}"},
    "POST /phones/{phone}/web": {"path": "/"},
    "PUT /faults": {"faults": []},
    "PUT /network": {"offers": {}},
    "PUT /redirects/{mac}": {"device": "{account}/{device}"},
    "POST /phones/{phone}/connect": {"offers": {}},
    "POST /worlds": {"id": "made"},
    "POST /worlds/{world}/reset": {"confirm": "main"},
    "DELETE /worlds/{world}": {"confirm": "main"},
    "POST /clock": {"rate": 0},
}

# What no command decides. Anything else that names none would be anybody's: a test demands that it stands here.
OPERATORS = (
    *("POST /phones/{phone}/web", "POST /clock", "POST /worlds", "DELETE /worlds/{world}"),
    *("POST /worlds/{world}/reset", "PUT /worlds/{world}/snapshot"),
    *("POST /webhooks", "PATCH /webhooks/{webhook}", "DELETE /webhooks/{webhook}"),
)
ONES_OWN = ("POST /tokens", "DELETE /tokens/{token}")
OF_STAFF = ("POST /accounts/{account}/users/{user}/offboarding",)

# Whose table rows they are: these name entities that the office has none of, and 404 says nothing of a role.
ABSENT = {"entry", "blf_key", "message", "mail", "job", "request", "cdr", "webhook", "delivery", "token"}


class Site:
    """A server over two accounts of a platform, and a token for everybody in the first."""

    def __init__(self, api: Api, office: Office, theirs: dict[str, str]) -> None:
        self.api, self.office, self.theirs = api, office, theirs
        self.tokens: dict[str, str] = {}

    async def ask(
        self, route: Route, ids: dict[str, str], token: str | None, tried: bool = True, **more: Any
    ) -> Answer:
        """The route, about these things, as whoever has the token; a write is only `tried`, or for real."""
        path, method = route.path.removeprefix(BASE), route.method
        body = BODIES.get(f"{method} {path}", None if method == "GET" else {})
        place = re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], "none"), path)
        if isinstance(body, dict):
            body = {name: _filled(value, ids) for name, value in body.items()}
        if method == "GET":
            query = "?app=mobile" if path.endswith("setup-code.svg") else ""
            method = "HEAD" if path == "/events" else method
        else:
            query = "?dry_run=true" if tried else ""
        header = None if token is None else f"Bearer {token}"
        data = body if isinstance(body, bytes) else None
        return await self.api(method, place + query, None if data else body, data=data, Authorization=header, **more)


def _filled(value: Any, ids: dict[str, str]) -> Any:
    return re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], value) if isinstance(value, str) else value


def _ids(office: Office, mine: dict[str, str], user: Any) -> dict[str, str]:
    extra = {"extension": user.extension, "version": "1", "member": mine["user"], "mac": mine["phone"]}
    return mine | extra | {"world": "main", "rule": "pbx.role", "file": "x.cfg"}


Opened = Callable[[str], Awaitable[Site]]


@pytest.fixture
async def opened(bare: Api) -> Opened:
    async def open_(platform: str) -> Site:
        office = Office(platform)
        office.world.accounts["other"].users.update(office.stranger, first_name="Zzyzx")
        first, office.account = office.account, office.world.accounts["other"]
        theirs = _ids(office, office._belongings(90, office.stranger), office.stranger)
        office.account = first
        await bare.engine.replace(bare.engine.main, office.world.state, "a test begins")
        site = Site(bare, office, theirs)
        for role, user in office.people.items():
            made = await bare.post("/tokens", {"actor": f"user:acme/{user.id}"})
            site.tokens[role] = made.json["token"] if made == 201 else ""
        return site

    return open_


@pytest.fixture
async def jet(opened: Opened) -> Site:
    return await opened("jet")


def test_what_no_command_decides_is_listed() -> None:
    free = {f"{r.method} {r.path.removeprefix(BASE)}" for r in ROUTES if r.command is None and r.method != "GET"}
    assert free == {*OPERATORS, *ONES_OWN, *OF_STAFF}


def test_every_path_that_is_read_has_a_row_and_every_row_a_path() -> None:
    assert {route.path.removeprefix(BASE) for route in ROUTES if route.method == "GET"} == SIGHTS.keys()


async def test_nothing_without_a_token_that_counts(jet: Site) -> None:
    """None, one that never was, one of the right form, one that is revoked; everywhere the same."""
    made = await jet.api.made("/tokens", {"actor": "operator"})
    assert await jet.api.delete(f"/tokens/{made['id']}") == 204
    expired = await jet.api.made("/tokens", {"actor": "operator", "expires_in": "PT1S"})
    held = jet.api.client.server.app[TOKENS]
    now = held._clock()
    held._clock = lambda: now + 2
    mine = _ids(jet.office, jet.office.mine["user"], jet.office.people["user"])
    bad = (None, "", "wrong", f"pbx_{made['id']}_{'A' * 32}", made["token"], expired["token"])
    for route in ROUTES:
        for token in bad:
            answer = await jet.ask(route, mine, token)
            if (route.method, route.path.removeprefix(BASE)) == OPEN and token is None:
                assert answer == 422  # it wants a login
            else:
                assert (answer, b"" if not answer.body else answer["code"]) == (401, answer.body and "unauthorized")


async def test_a_token_of_another_world_and_one_that_only_reads(jet: Site) -> None:
    await jet.api.made("/worlds", {"id": "else"})
    bound = (await jet.api.made("/tokens", {"actor": "operator", "world": "else"}))["token"]
    reads = (await jet.api.made("/tokens", {"actor": "operator", "read_only": True}))["token"]
    mine = _ids(jet.office, jet.office.mine["user"], jet.office.people["user"])
    for route in ROUTES:
        assert await jet.ask(route, mine, bound, world="main") == 403, route
        answer = await jet.ask(route, mine, reads)
        changes = route.method != "GET" or route.command is not None
        assert (answer == 403) == changes, (route, answer)


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
async def test_every_write_follows_the_platforms_table(opened: Opened, platform: str) -> None:
    site = await opened(platform)
    office, roles = site.office, PLATFORMS[platform].roles
    others = _ids(office, office.mine["somebody else"], office.people["somebody else"])
    desk = (await site.api.made("/tokens", {"actor": "service-desk"}))["token"]
    passed = refused = 0
    for route in ROUTES:
        named = f"{route.method} {route.path.removeprefix(BASE)}"
        if route.method == "GET" or named in ONES_OWN:
            continue
        answer = await site.ask(route, others, desk)
        assert (answer == 403) == (named in OPERATORS), (named, answer)
        for role, user in office.people.items():
            token = site.tokens[role]
            if role == "somebody else" or not token:
                continue
            mine = _ids(office, office.mine[role], user)
            for whose, ids in (("own", mine), ("a colleague's", others), ("another account's", site.theirs)):
                answer = await site.ask(route, ids, token)
                said = f"{role}: {named} of {whose}: {answer}"
                if not roles[role]:  # there is no portal for him at all
                    assert answer == 401, said
                    continue
                assert answer.status not in (401, 500), said
                if _may(route, named, roles[role], whose):
                    passed += 1
                    assert answer != 403 or b"pbx.role" not in answer.body, said
                else:
                    refused += 1
                    assert answer.status in (403, 404, 422), said
                    assert answer != 422 or "/device" in answer.body.decode(), said
                    before = site.api.engine.main.world.pbx
                    real = await site.ask(route, ids, token, tried=False)
                    assert real.status == answer.status, f"{said}, and for real: {real}"
                    assert site.api.engine.main.world.pbx is before, said
                if whose == "another account's" and "{account}" in named and not _beyond(roles[role]):
                    assert answer == 404, said
                _sees_nothing_foreign(answer, roles[role], said)
    assert passed > 50
    assert refused > 100


def _may(route: Route, named: str, role: Any, whose: str) -> bool:
    """What the table says."""
    if named in OPERATORS:
        return False
    if named in OF_STAFF:
        reach = role.get("DeleteUser")
        return reach == "all" or (reach == "account" and whose != "another account's")
    assert route.command is not None
    reach = role.get(route.command.__name__)
    alone = "{" not in named  # what is about no account
    if reach == "all":
        return route.command not in WORLDS
    if reach == "account":
        return whose != "another account's" and not (alone and route.command.__name__ != "AddPhone")
    return reach == "own" and whose == "own" and own(route.command)


def _beyond(role: Any) -> bool:
    return "all" in role.values()


def _sees_nothing_foreign(answer: Answer, role: Any, said: str) -> None:
    if not _beyond(role):
        assert not [word for word in FOREIGN if word.encode() in answer.body], said


# What an administrator and a user of Jet are answered: about their own, a colleague's, another account's. Of a list, of
# their account's and another's. Written down here and not computed: this is what was decided.
A = "/accounts/{account}"
THING = ((200, 200, 404), (200, 403, 404))
LIST = ((200, 200, 404), (200, 200, 404))
OFFICE = ((200, 200, 404), (403, 403, 404))  # what only an administrator looks at
EVERYBODY = ((200, 200, 200), (200, 200, 200))
NOBODY = ((403, 403, 404), (403, 403, 404))
SERVER = ((403, 403, 403), (403, 403, 403))
ABSENT_THING = ((404, 404, 404), (404, 404, 404))
READ: dict[str, Any] = {
    **dict.fromkeys(
        ("/me", "/tokens", "/rules", "/rules/{rule}", "/clock", "/events", "/accounts", "/phones"), EVERYBODY
    ),
    "/tokens/{token}": ABSENT_THING,
    **dict.fromkeys((A, f"{A}/directory"), LIST),
    f"{A}/directory/{{entry}}": ABSENT_THING,
    **dict.fromkeys((f"{A}/users", f"{A}/devices", f"{A}/mailboxes", f"{A}/queues"), LIST),
    **dict.fromkeys((f"{A}/calls", f"{A}/cdrs", f"{A}/blf-keys", f"{A}/requests"), LIST),
    **dict.fromkeys(
        (f"{A}/users/{{user}}{sub}" for sub in ("", "/login", "/logins", "/memberships", "/messages")), THING
    ),
    f"{A}/users/{{user}}/setup-code.svg": THING,
    **dict.fromkeys((f"{A}/devices/{{device}}{sub}" for sub in ("", "/registrations", "/provisioning")), THING),
    f"{A}/devices/{{device}}/preview/{{file}}": ((404, 404, 404), (404, 403, 404)),
    f"{A}/devices/{{device}}/staging": NOBODY,
    **dict.fromkeys((f"{A}/{noun}" for noun in ("callflows", "numbers", "jobs", "staleness", "reachability")), OFFICE),
    **dict.fromkeys((f"{A}/callflows/{{callflow}}{sub}" for sub in ("", "/versions", "/versions/{version}")), OFFICE),
    f"{A}/numbers/{{number}}": OFFICE,
    f"{A}/jobs/{{job}}": ((404, 404, 404), (403, 403, 404)),
    **dict.fromkeys((f"{A}/queues/{{queue}}", f"{A}/queues/{{queue}}/members"), THING),
    **dict.fromkeys((f"{A}/mailboxes/{{mailbox}}{sub}" for sub in ("", "/greeting", "/messages")), THING),
    f"{A}/mailboxes/{{mailbox}}/messages/{{message}}": ((404, 404, 404), (404, 403, 404)),
    f"{A}/calls/{{call}}": ((200, 200, 404), (200, 200, 404)),
    **dict.fromkeys((f"{A}/cdrs/{{cdr}}", f"{A}/blf-keys/{{blf_key}}", f"{A}/requests/{{request}}"), ABSENT_THING),
    **dict.fromkeys((f"{A}/outbox", f"{A}/outbox/{{mail}}"), NOBODY),
    **dict.fromkeys(("/phones/{phone}", "/phones/{phone}/screen.svg"), ((200, 200, 404), (200, 200, 404))),
    **dict.fromkeys(("/faults", "/network", "/redirects", "/worlds", "/worlds/{world}"), SERVER),
    **dict.fromkeys((path for path in SIGHTS if path.startswith(("/webhooks", "/worlds/{world}/"))), SERVER),
}


async def test_what_an_administrator_and_a_user_may_read(jet: Site) -> None:
    office = jet.office
    others = _ids(office, office.mine["somebody else"], office.people["somebody else"])
    assert READ.keys() == SIGHTS.keys()
    for route in ROUTES:
        if route.method != "GET":
            continue
        for role, expected in zip(("admin", "user"), READ[route.path.removeprefix(BASE)], strict=True):
            mine = _ids(office, office.mine[role], office.people[role])
            found = [await jet.ask(route, ids, jet.tokens[role]) for ids in (mine, others, jet.theirs)]
            assert tuple(answer.status for answer in found) == expected, (role, route.path, found)
            for answer in found:
                _sees_nothing_foreign(answer, {}, f"{role}: {route.path}")


async def test_a_user_finds_only_his_own_in_lists(jet: Site) -> None:
    mine = jet.office.mine["user"]
    token = {"Authorization": f"Bearer {jet.tokens['user']}"}
    for noun, key in (("users", "user"), ("devices", "device"), ("mailboxes", "mailbox"), ("queues", "queue")):
        for query in ("", "?limit=1", "?q=1"):
            found, cursor = [], ""
            while cursor is not None:
                answer = await jet.api.get(f"/accounts/acme/{noun}{query or '?limit=9'}{cursor}", **token)
                assert answer == 200, answer
                found += [one["id"] for one in answer["items"]]
                cursor = answer["next"] and f"&after={answer['next']}"
            assert set(found) <= {mine[key]}
            assert found or query == "?q=1"
    assert [one["id"] for one in (await jet.api.get("/accounts", **token))["items"]] == ["acme"]
    phones = {one["mac"].replace(":", "") for one in (await jet.api.get("/phones", **token))["items"]}
    assert phones == {one["phone"] for one in jet.office.mine.values()}


def test_the_routes_rows_name_groups_that_there_are() -> None:
    for path, sight in SIGHTS.items():
        assert set(sight.groups) <= GROUPS.keys(), path
        assert (
            not sight.thing
            or f"{{{sight.thing}}}" in path
            or any(f"{{{sight.thing}}}" in other for other in SIGHTS if other.startswith(path))
        ), path
