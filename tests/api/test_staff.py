"""Importing users, the Login Information tab, requests to the service desk; and two administrators at once."""

from __future__ import annotations

import asyncio

import pytest

from tests.api.conftest import ACME, Api
from tests.api.test_hostile import ODD

CSV = {"Content_Type": "text/csv"}
DESK = {"X_Pbxsim_Actor": "service-desk"}
PORTAL = "/accounts/portal"


@pytest.fixture
async def portal(bare: Api) -> Api:
    """A Customer Portal account with a PBX Admin, 100, and an End User, 102."""
    await bare.made("/accounts", {"id": "portal", "name": "Portal", "platform": "customer-portal"})
    for extension, role in (("100", "pbx-admin"), ("102", "end-user")):
        person = {"extension": extension, "role": role, "email": f"{extension}@example.com"}
        await bare.made(f"{PORTAL}/users", person)
    return bare


async def test_a_file_of_users(api: Api) -> None:
    answer = await api.post(f"{ACME}/users/import", data=b"extension,first_name\r\n1010,Zo\xc3\xab\r\n", **CSV)
    assert answer == 201
    (added,) = answer["users"]
    assert answer["left_out"] == []
    await api.shows(f"{ACME}/users/{added}", extension="1010", first_name="Zoë")


async def test_a_file_with_bad_lines_is_told_line_by_line(api: Api) -> None:
    answer = await api.post(f"{ACME}/users/import", data=b"extension\n1010\n1001\nx\n", **CSV)
    assert (answer, answer["code"]) == (422, "invalid")
    assert [error["pointer"] for error in answer["errors"]] == ["/lines/3/extension", "/lines/4/extension"]
    assert await api.get(f"{ACME}/users/1010") == 404


async def test_trying_a_file_changes_nothing(api: Api) -> None:
    answer = await api.post(f"{ACME}/users/import?dry_run=true", data=b"extension\n1010\n", **CSV)
    assert answer == 200
    assert answer["events"][-1]["kind"] == "users.imported"
    assert await api.get(f"{ACME}/users/1010") == 404


async def test_a_file_that_is_none(api: Api) -> None:
    for body, headers, status in (
        (b"\xff\xfe", CSV, 400),
        (b'{"csv": "extension"}', {"Content_Type": "application/json"}, 400),
        (b"", CSV, 422),
        (b"extension\n\x00\n", CSV, 422),
        (b"extension\n" + b"1\n" * 600_000, CSV, 413),
    ):
        assert await api.post(f"{ACME}/users/import", data=body, **headers) == status, body[:20]


async def test_whoever_may_not_add_users_imports_none(api: Api) -> None:
    actor = {"X_Pbxsim_Actor": "user:acme/1002"}
    assert await api.post(f"{ACME}/users/import", data=b"extension\n1010\n", **CSV, **actor) == 403


async def test_the_login_information_tab(portal: Api) -> None:
    path = f"{PORTAL}/users/102/login"
    assert (await portal.get(path))["login"] == "102@example.com"
    told = await portal.patch(path, {"first_name": "Jane", "last_name": "Doe", "portal_access": True})
    assert (told, told["name"], told["portal_access"]) == (200, "Jane Doe", True)
    await portal.shows(f"{PORTAL}/users/102", name="", portal_name="Jane Doe")
    assert "password" not in told.json
    tag = (await portal.get(f"{PORTAL}/users/102")).headers["ETag"]
    assert await portal.patch(path, {"portal_access": False}, If_Match=tag) == 200
    assert await portal.patch(path, {"portal_access": True}, If_Match=tag) == 412


async def test_a_request_from_the_refusal_to_its_answer(portal: Api) -> None:
    actor = {"X_Pbxsim_Actor": "user:portal/100"}
    refused = await portal.post(f"{PORTAL}/users", {"extension": "104"}, **actor)
    assert (refused, refused["rule"]) == (403, "customer-portal.request")
    (blocker,) = refused["blockers"]
    path = blocker["request"]["path"].removeprefix("/api/v1")
    body = {"kind": blocker["wish"], "wanted": {"extension": "104", "first_name": "Ann"}}
    made = await portal.made(path, body, **actor)
    assert (made["status"], made["wanted"]) == ("open", {"extension": "104", "first_name": "Ann"})
    assert await portal.post(f"{path}/{made['id']}/fulfil", {}, **actor) == 403
    done = await portal.post(f"{path}/{made['id']}/fulfil", {"answer": "Here she is."}, **DESK)
    assert (done, done["status"], done["answer"]) == (200, "fulfilled", "Here she is.")
    await portal.shows(f"{PORTAL}/users/104", id=done["result"], first_name="Ann")
    other = await portal.made(path, {"kind": "other", "text": "A fax"}, **actor)
    assert await portal.post(f"{path}/{other['id']}/reject", {}, **DESK) == 422
    assert (await portal.post(f"{path}/{other['id']}/reject", {"answer": "No."}, **DESK))["status"] == "rejected"
    assert [item["title"] for item in (await portal.get(path))["items"]] == ["Add user 104", "A fax"]
    assert (await portal.get(f"{path}?q=rejected"))["items"][0]["id"] == other["id"]


KINDS = [
    "add-user",
    "delete-user",
    "add-device",
    "delete-device",
    "update-directory-entry",
    "update-blf-key",
    "other",
]


@pytest.mark.parametrize("kind", KINDS)
async def test_odd_wishes(portal: Api, kind: str) -> None:
    """Whatever is asked for: a problem or a request, never 500; and the service desk can answer what there is."""
    for value in ODD:
        for name in (
            "extension",
            "user",
            "device",
            "mac",
            "model",
            "owner",
            "role",
            "forwarding",
            "settings",
            "entry",
            "blf_key",
            "label",
        ):
            answer = await portal.post(f"{PORTAL}/requests", {"kind": kind, "text": "x", "wanted": {name: value}})
            assert answer.status in (201, 400, 422), answer
        for field in ("wanted", "text", "kind"):
            answer = await portal.post(f"{PORTAL}/requests", {"kind": kind, "text": "x", field: value})
            assert answer.status in (201, 400, 422), answer
    for request in (await portal.get(f"{PORTAL}/requests"))["items"]:
        answer = await portal.post(f"{PORTAL}/requests/{request['id']}/fulfil", {}, **DESK)
        assert answer.status in (200, 409, 422), answer


async def test_a_number_is_assigned_to_a_user_where_that_is_known(portal: Api) -> None:
    await portal.made(f"{PORTAL}/numbers", {"e164": "+61255501234"})
    path = f"{PORTAL}/numbers/+61255501234"
    user = (await portal.get(f"{PORTAL}/users/102"))["id"]
    told = await portal.post(f"{path}/assign", {"user": "102"})
    assert (told, told["user"], told["state"]) == (200, user, "ACTIVE")
    assert await portal.post(f"{path}/assign", {}) == 422
    assert (await portal.post(f"{path}/assign", {"user": None}))["user"] is None


async def test_two_administrators_race_on_one_user(portal: Api) -> None:
    """Both have seen the same revision: exactly one outcome, whatever the order."""
    path = f"{PORTAL}/users/102"
    for _ in range(5):
        seen = await portal.get(path)
        tag, names = seen.headers["ETag"], ("Ann", "Bo")
        answers = await asyncio.gather(
            *(
                portal.patch(path, {"first_name": name, "password": f"{name}'s own {seen['revision']}"}, If_Match=tag)
                for name in names
            )
        )
        assert sorted(answer.status for answer in answers) == [200, 412]
        winner = next(name for name, answer in zip(names, answers, strict=True) if answer == 200)
        await portal.shows(path, first_name=winner)
        await portal.patch(path, {"first_name": ""})


async def test_of_a_change_and_a_deletion_at_once_one_wins(portal: Api) -> None:
    path = f"{PORTAL}/users/102"
    tag = (await portal.get(path)).headers["ETag"]
    changed, deleted = await asyncio.gather(
        portal.patch(path, {"first_name": "Ann"}, If_Match=tag), portal.delete(path, If_Match=tag)
    )
    assert {changed.status, deleted.status} in ({200, 412}, {204, 404}, {204, 410}, {204, 412})
    assert (await portal.get(path) == 404) == (deleted == 204)


async def test_of_two_who_add_the_same_extension_or_number_one_is_refused(portal: Api) -> None:
    for path, body, rule in (
        (f"{PORTAL}/users", {"extension": "110"}, "pbx.extension.taken"),
        (f"{PORTAL}/numbers", {"e164": "+61255501234"}, "pbx.number.taken"),
    ):
        answers = await asyncio.gather(*(portal.post(path, body) for _ in range(2)))
        assert sorted(answer.status for answer in answers) == [201, 409]
        (refused,) = [answer for answer in answers if answer == 409]
        assert refused["rule"] == rule
