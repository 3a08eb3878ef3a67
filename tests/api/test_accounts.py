"""Accounts over HTTP."""

from __future__ import annotations

import pytest

from tests.api.conftest import ACME, Api


async def test_an_account_comes_and_goes(bare: Api) -> None:
    made = await bare.post("/accounts", {"name": "Acme Pty. Ltd.", "platform": "piston", "country": "au"})
    assert made == 201
    assert made.headers["Location"] == "/api/v1/accounts/acme-pty-ltd"
    account = made.json
    assert account.pop("key").startswith("acme-pty-ltd-")
    assert account == {
        "id": "acme-pty-ltd",
        "name": "Acme Pty. Ltd.",
        "platform": "piston",
        "platform_version": 0,
        "country": "AU",
        "timezone": "UTC",
        "seats": None,
        "policy": {},
        "settings": {},
        "realm": "acme-pty-ltd.pbx.example",
        "revision": 1,
    }
    changed = await bare.patch("/accounts/acme-pty-ltd", {"name": "Acme", "timezone": "Australia/Sydney", "seats": 5})
    assert (changed["name"], changed["timezone"], changed["seats"], changed["revision"]) == (
        "Acme",
        "Australia/Sydney",
        5,
        2,
    )
    cleared = await bare.patch("/accounts/acme-pty-ltd", {"country": None, "timezone": None, "seats": None})
    assert (cleared["country"], cleared["timezone"], cleared["seats"]) == ("", "UTC", None)
    assert await bare.delete("/accounts/acme-pty-ltd") == 204
    assert (await bare.get("/accounts")).json == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/name", "/platform"]),
        ({"name": "A b", "platform": "jet", "id": "A B"}, ["/id"]),
        ({"name": "A b", "platform": "jet", "id": "a", "account": "b"}, ["/account", "/id"]),
        ({"name": "...", "platform": "jet"}, ["/id"]),
        ({"name": "A b", "platform": "none"}, ["/platform"]),
        ({"name": "A b", "platform": "jet", "policy": {"no.such": True, "jet.user": None}}, ["/policy/jet.user"]),
        ({"name": "A b", "platform": "jet", "policy": {"no.such": True}}, ["/policy/no.such"]),
        ({"name": "A b", "platform": "jet", "seats": 0, "country": "AUS"}, ["/seats", "/country"]),
        ({"id": "A B", "platform": "none", "colour": 1}, ["/colour", "/id", "/name", "/platform"]),
        ({"id": "A B", "platform": "none"}, ["/id", "/name", "/platform"]),
    ],
)
async def test_faults_point_at_the_body(bare: Api, body: object, pointers: list[str]) -> None:
    """`id` in the body is the command's `account`: a fault names what was sent."""
    refused = await bare.post("/accounts", body)
    assert refused == 422, refused
    assert [fault["pointer"] for fault in refused["errors"]] == pointers


async def test_an_id_that_is_taken(api: Api) -> None:
    refused = await api.post("/accounts", {"id": "acme", "name": "Other", "platform": "jet"})
    assert (refused, refused["rule"]) == (409, "pbx.account.taken")
    assert "Account realm already in use" in refused["source"]["title"]


async def test_seats(api: Api) -> None:
    """J11: refused with both numbers."""
    await api.patch(ACME, {"seats": 2})
    refused = await api.post(f"{ACME}/users", {"extension": "1003"})
    assert (refused, refused["rule"], refused["detail"]) == (409, "pbx.seats.exhausted", "2 of 2 seats are taken.")
    assert refused["blockers"][0]["request"] is None


async def test_an_account_may_be_called_like_a_users_id(api: Api) -> None:
    """Ids of accounts and of what is in them are two kinds of name."""
    john = (await api.get(f"{ACME}/users/1002")).json
    await api.made("/accounts", {"id": john["id"], "name": "Other", "platform": "jet"})
    assert (await api.patch(f"{ACME}/users/{john['id']}", {"first_name": "Jon"}))["extension"] == "1002"
    assert (await api.patch(f"/accounts/{john['id']}", {"name": "Another"}))["platform"] == "jet"
