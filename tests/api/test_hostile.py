"""Every field of every body takes every odd value, at every path: the answer is a problem or a success, never 500."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pbxsim.server.call import Route
from pbxsim.server.routes import routes
from tests.api.conftest import ACME, Api

ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    1e308,
    "",
    " ",
    "x" * 5000,
    "\0",
    "\u2028\u202e\ufeff",
    "😀",
    "../../etc/passwd",
    "%s{0}{{7*7}}",
    "1002",
    "u1",
    [],
    [[]],
    ["1002", None],
    {},
    {"type": "dial"},
    {"type": ["dial"]},
    {"type": {"a": 1}},
    {"type": "dial", "users": [{}], "then": []},
    {"yealink": {"\0": "x"}},
    {"yealink": {"": None}},
    {"yealink": []},
]
WRITING = [route for route in routes() if route.method not in ("GET", "HEAD")]
OTHERS = (
    *("id", "from", "confirm", "on", "cycle", "advance", "rate", "settle", "pin", "user", "to", "answered", "ring"),
    "\0",
)


def fields(route: Route) -> set[str]:
    """What its body may say, and what others' bodies may."""
    return {*(route.command.__struct_fields__ if route.command else ()), *OTHERS}


async def paths(api: Api) -> dict[str, str]:
    """Something real for every name in a path."""
    flow = await api.made(f"{ACME}/callflows", {"name": "S", "root": {"type": "dial", "users": ["1001"]}})
    queue = await api.made(f"{ACME}/queues", {"name": "Q"})
    await api.made(f"{ACME}/numbers", {"e164": "+61255501234"})
    await api.made("/phones", {"device": "acme/805ec0112233"})
    named = {
        "account": "acme",
        "user": "1002",
        "device": "805ec0112233",
        "mac": "805ec0112233",
        "callflow": flow["id"],
        "queue": queue["id"],
    }
    await api.patch(f"{ACME}/users/1002", {"email": "john@acme.example"})
    assert await api.post(f"{ACME}/users/1002/welcome-email") == 200
    named |= {"mail": (await api.get(f"{ACME}/outbox"))["items"][0]["id"], "job": "j1"}
    await api.made(f"{ACME}/calls", {"from": "+61400000000", "to": "1002", "ring": True})
    await api.post("/clock", {"advance": "PT60S"})
    named["message"] = (await api.get(f"{ACME}/mailboxes/1002/messages"))["items"][0]["id"]
    call = await api.made(f"{ACME}/calls", {"from": "1002", "to": "+61400000000", "ring": True})
    named |= {"call": call["id"], "cdr": "k1"}
    named |= {"number": "+61255501234", "mailbox": "1002", "version": "1", "member": "1001", "login": "l1"}
    named["request"] = "r1"
    await api.patch(ACME, {"policy": {"jet.directory": "kept"}})
    named["entry"] = (await api.get(f"{ACME}/directory"))["items"][0]["id"]
    named["webhook"] = (await api.made("/webhooks", {"url": "https://example.com/x"}))["id"]
    named["delivery"] = "1"
    named["token"] = (await api.made("/tokens", {"actor": "service-desk"}))["id"]
    key = {"device": "805ec0112233", "position": 2, "user": "1002"}
    named["blf_key"] = (await api.made(f"{ACME}/blf-keys", key))["id"]
    return named | {"phone": "805ec0112233", "world": "main", "file": "x", "rule": "x"}


@pytest.mark.parametrize("route", WRITING, ids=lambda route: f"{route.method} {route.path}")
async def test_odd_values(api: Api, route: Route) -> None:
    """Tried on forks of the same world, so that each meets what is there; half of them for real."""
    named = await paths(api)
    path = "/" + re.sub(r"\{(\w+)\}", lambda found: named[found[1]], route.path)
    for field in sorted(fields(route)):
        for value in ODD:
            answer = await api(route.method, f"{path}?dry_run=true", {field: value})
            assert answer.status < 500, (field, value, answer)
    await api.made("/worlds", {"id": "for-real"})
    for number, value in enumerate(ODD):
        field = sorted(fields(route))[number % len(fields(route))]
        answer = await api(route.method, path, {field: value}, world="for-real")
        assert answer.status < 500, (field, value, answer)


@pytest.mark.parametrize("route", [*routes()], ids=lambda route: f"{route.method} {route.path}")
async def test_odd_names_in_a_path(api: Api, route: Route) -> None:
    named = await paths(api)
    for odd in ("%00", "%FF", "..", "%2F", "%2e%2e", "x" * 3000, "%F0%9F%98%80", "-1", "%25", "*", "u1", "null"):
        for name in re.findall(r"\{(\w+)\}", route.path):
            place = named | {name: odd}
            path = "/" + re.sub(r"\{(\w+)\}", lambda found, place=place: place[found[1]], route.path)
            method = "HEAD" if route.path.endswith("/events") else route.method
            answer = await api(method, path if method == "GET" else f"{path}?dry_run=true")
            assert answer.status < 500, (path, answer)
