"""Jobs, mail and QR codes over HTTP: what the scenarios do not see of it (statuses, headers, dry runs, bad bodies)."""

from __future__ import annotations

import asyncio

import pytest

from tests.api.conftest import Api
from tests.roads.http import linked
from tests.roads.qr import decode

PATH = "/accounts/snap"


@pytest.fixture
async def snap(bare: Api) -> Api:
    await bare.made("/accounts", {"id": "snap", "name": "Snap", "platform": "netsapiens"})
    for extension in ("101", "102", "103"):
        given = {"extension": extension, "first_name": "A", "last_name": "B", "email": f"u{extension}@snap.example"}
        await bare.made(f"{PATH}/users", given)
    return bare


async def done(api: Api, path: str, **more: str) -> dict:
    async with asyncio.timeout(10):
        while (answer := await api.get(path, **more))["status"] == "running":
            pass
    return answer.json


async def test_bulk_is_accepted_and_watched(snap: Api) -> None:
    answer = await snap.post(f"{PATH}/users/bulk", {"action": "reset", "users": ["101", "103"], "clear": ["name"]})
    assert answer == 202
    assert answer.headers["Location"] == f"/api/v1{PATH}/jobs/{answer['id']}"
    assert answer.headers["ETag"]
    assert (answer["status"], answer["size"], answer["clear"]) == ("running", 2, ["name"])
    job = await done(snap, f"/{answer.headers['Location']}")
    assert [(row["title"], row["status"]) for row in job["rows"]] == [("101 A B", "done"), ("103 A B", "done")]
    assert (job["status"], job["at"], job["failed"], job["by"]) == ("done", 2, 0, "operator")
    listed = await snap.get(f"{PATH}/jobs")
    assert [one["id"] for one in listed["items"]] == [job["id"]]
    assert "rows" not in listed["items"][0]


async def test_it_can_be_left_to_be_confirmed(snap: Api) -> None:
    body = {"action": "reset", "users": ["101"], "confirm": False}
    answer = await snap.post(f"{PATH}/users/bulk", body)
    assert (answer.status, answer["status"]) == (202, "to-confirm")
    place = f"{PATH}/jobs/{answer['id']}"
    await asyncio.sleep(0.02)
    await snap.shows(place, status="to-confirm", at=0)
    assert await snap.post(f"{place}/confirm", If_Match='"9"') == 412
    confirmed = await snap.post(f"{place}/confirm")
    assert confirmed == 202
    assert confirmed.headers["Location"] == f"/api/v1{place}"
    assert (await done(snap, place))["status"] == "done"
    again = await snap.post(f"{place}/confirm")
    assert (again.status, again["rule"]) == (409, "pbx.job.status")
    assert (await snap.post(f"{place}/cancel")).status == 409


async def test_in_a_fork_the_location_stays_there(snap: Api) -> None:
    await snap.made("/worlds", {"id": "try"})
    answer = await snap.post(f"//w/try/api/v1{PATH}/users/bulk", {"action": "reset", "users": ["101"]})
    assert answer.headers["Location"] == f"/w/try/api/v1{PATH}/jobs/{answer['id']}"
    await done(snap, f"/{answer.headers['Location']}")
    assert (await snap.get(f"{PATH}/jobs"))["items"] == []
    await snap.shows(f"{PATH}/users/101", first_name="A")


async def test_a_dry_run_says_what_would_be_begun(snap: Api) -> None:
    body = {"action": "reset", "users": ["101"]}
    answer = await snap.post(f"{PATH}/users/bulk?dry_run=true", body)
    assert [event["kind"] for event in answer["events"]] == ["job.started", "job.confirmed"]
    assert (await snap.get(f"{PATH}/jobs"))["items"] == []
    refused = await snap.post(f"{PATH}/users/bulk?dry_run=true", {"action": "reset", "users": ["999"]})
    assert (refused.status, refused["errors"][0]["pointer"]) == (422, "/users/0")


async def test_the_same_key_begins_one_job(snap: Api) -> None:
    body = {"action": "welcome-email", "users": ["101"]}
    first = await snap.post(f"{PATH}/users/bulk", body, Idempotency_Key="k1")
    second = await snap.post(f"{PATH}/users/bulk", body, Idempotency_Key="k1")
    assert first["id"] == second["id"]
    await done(snap, f"{PATH}/jobs/{first['id']}")
    assert len((await snap.get(f"{PATH}/outbox"))["items"]) == 1


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/action", "/users"]),
        ({"action": "reset", "users": "101"}, ["/users"]),
        ({"action": "reset", "users": ["101"], "confirm": "no"}, ["/confirm"]),
        ({"action": "reset", "users": ["101"], "account": "acme"}, ["/account"]),
        ({"action": "fire", "users": ["101"], "colour": 1}, ["/colour", "/action"]),
    ],
)
async def test_bad_bodies(snap: Api, body: dict, pointers: list[str]) -> None:
    answer = await snap.post(f"{PATH}/users/bulk", body)
    assert answer == 422
    assert [error["pointer"] for error in answer["errors"]] == pointers


async def test_below_office_manager_it_is_forbidden(snap: Api) -> None:
    body = {"action": "reset", "users": ["102"]}
    answer = await snap.post(f"{PATH}/users/bulk", body, X_Pbxsim_Actor="user:snap/101")
    assert (answer.status, answer["rule"]) == (403, "pbx.role")
    assert (await snap.get(f"{PATH}/jobs"))["items"] == []


async def test_the_outbox_a_page_at_a_time(snap: Api) -> None:
    for extension in ("101", "102", "103", "101"):
        assert await snap.post(f"{PATH}/users/{extension}/welcome-email") == 200
    page = await snap.get(f"{PATH}/outbox?limit=3")
    rest = await snap.get(f"{PATH}/outbox?after={page['next']}")
    assert [mail["to"] for mail in page["items"] + rest["items"]] == [
        f"u{n}@snap.example" for n in (101, 102, 103, 101)
    ]
    found = await snap.get(f"{PATH}/outbox?q=u102")
    assert [mail["to"] for mail in found["items"]] == ["u102@snap.example"]
    one = await snap.get(f"{PATH}/outbox/{found['items'][0]['id']}")
    assert (one["status"], one["template"], one["subject"]) == ("waiting", "welcome", "Welcome to Snap")
    assert await snap.get(f"{PATH}/outbox/u1") == 404


async def test_an_invitation_is_redeemed(snap: Api) -> None:
    assert await snap.post(f"{PATH}/users/101/welcome-email") == 200
    link = linked((await snap.get(f"{PATH}/outbox"))["items"][0]["body"], "invitation")
    path = f"{PATH}/users/{link['user']}/invitation"
    wrong = await snap.post(path, {"code": "x" * 32, "password": "geheim1"})
    assert (wrong.status, wrong["rule"]) == (409, "pbx.invitation")
    answer = await snap.post(path, {"code": link["code"], "password": "geheim1", "voicemail_pin": "4711"})
    assert (answer.status, answer["tag"]) == (200, "")
    assert await snap.post(f"{PATH}/users/101/apps", {"password": "geheim1"}) == 201
    kept = [value for key, value in snap.engine.main.world.pbx.secrets.items() if key[1] == "password"]
    assert [value[:2] for value in kept] == ["s$"], "a password on a server is kept as its scrypt verifier"


async def test_the_picture_of_a_set_up(snap: Api) -> None:
    answer = await snap.get(f"{PATH}/users/101/setup-code.svg?app=mobile")
    assert answer == 200
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert answer.headers["Cache-Control"] == "no-store"
    link = linked(decode(answer.body.decode()), "setup")
    assert link["server"].startswith("http://127.0.0.1:")
    assert (link["account"], link["app"]) == ("snap", "mobile")
    body = {"app": "mobile", "code": link["code"]}
    path = f"{PATH}/users/{link['user']}/setup-code"
    login = await snap.post(path, body)
    assert (login.status, login["name"]) == (201, "mobile app")
    assert login.headers["Location"] == f"/api/v1{PATH}/users/{link['user']}/apps/{login['id']}"
    again = await snap.post(path, body)
    assert (again.status, again["rule"]) == (409, "pbx.setup-code")


async def test_in_a_fork_the_picture_leads_there(snap: Api) -> None:
    await snap.made("/worlds", {"id": "try"})
    answer = await snap.get(f"//w/try/api/v1{PATH}/users/101/setup-code.svg?app=desktop")
    link = linked(decode(answer.body.decode()), "setup")
    assert link["server"].endswith("/w/try")


@pytest.mark.parametrize("query", ["", "?app=toaster", "?app=mobile&size=3", "?app="])
async def test_a_picture_of_nothing(snap: Api, query: str) -> None:
    answer = await snap.get(f"{PATH}/users/101/setup-code.svg{query}")
    assert answer == 422
    assert not [key for key in snap.engine.main.world.pbx.secrets if key[1].startswith("setup")]


async def test_a_users_picture_is_his_own(snap: Api) -> None:
    path = f"{PATH}/users/101/setup-code.svg?app=mobile"
    assert await snap.get(path, X_Pbxsim_Actor="user:snap/101") == 200
    assert await snap.get(path, X_Pbxsim_Actor="user:snap/102") == 403
