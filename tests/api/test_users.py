"""Users over HTTP: what comes with one, J2's refusal field by field, logins and apps."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import ACME, Api

JOHN = f"{ACME}/users/1002"


async def test_a_user_is_added_read_renamed_and_deleted(api: Api) -> None:
    made = await api.post(f"{ACME}/users", {"extension": "1003", "first_name": "Mary", "email": "mary@acme.example"})
    assert made == 201, made
    mary = made.json
    assert mary == {
        "id": mary["id"],
        "account": "acme",
        "extension": "1003",
        "name": "Mary",
        "first_name": "Mary",
        "last_name": "",
        "email": "mary@acme.example",
        "role": "user",
        "caller_id": None,
        "ring_seconds": 20,
        "voicemail": True,
        "dnd": False,
        "forwarding": {"always": "", "busy": "", "no_answer": "", "also": []},
        "login": "",
        "portal_name": "",
        "portal_access": False,
        "system": False,
        "tag": "",
        "contacts": [],
        "revision": 1,
    }
    assert made.headers["Location"] == f"/api/v1{ACME}/users/{mary['id']}"
    assert made.headers["ETag"] == '"1"'
    renamed = await api.patch(f"{ACME}/users/1003", {"last_name": "Poe", "email": None})
    assert renamed == 200, renamed
    assert (renamed["name"], renamed["email"], renamed["first_name"]) == ("Mary Poe", "", "Mary")
    assert renamed.headers["ETag"] == '"2"'
    assert await api.get(f"{ACME}/users/{mary['id']}") == 200
    gone = await api.delete(f"{ACME}/users/1003")
    assert (gone, gone.body) == (204, b"")
    assert await api.get(f"{ACME}/users/1003") == 404


async def test_john_is_not_deleted_while_anything_holds_him(api: Api) -> None:
    """J2: the refusal field by field; then each of its requests is sent as it stands, and he goes."""
    await api.made("/phones", {"device": "acme/80:5e:c0:11:22:33"})
    assert await api.post("/phones/805ec0112233/power", {"on": True}) == 200
    await api.settle()
    app = await api.made(f"{JOHN}/apps", {"password": "correct horse", "app": "Jet mobile"})
    queue = await api.made(f"{ACME}/queues", {"name": "Demo 1", "members": ["1002"]})
    root = {"type": "dial", "users": ["1002"]}
    sales = await api.made(f"{ACME}/callflows", {"name": "Sales", "root": root})
    only_ann = {"root": {"type": "dial", "users": ["1001"]}}
    draft = await api.post(f"{ACME}/callflows/{sales['id']}/versions", only_ann)
    assert draft.headers["Location"] == f"/api/v1{ACME}/callflows/{sales['id']}/versions/2"
    assert await api.post(f"{ACME}/callflows/{sales['id']}/versions/2/make-available") == 200
    john = (await api.get(JOHN)).json
    device = (await api.get(f"{ACME}/devices/805ec0112233")).json

    refused = await api.delete(JOHN)
    assert refused == 409
    assert refused.headers["Content-Type"] == "application/problem+json"
    problem = refused.json
    registration, app_login, queued, version = problem.pop("blockers")
    assert problem == {
        "type": "/rules/jet.user.delete.blocked",
        "title": "User 1002 cannot be deleted yet",
        "status": 409,
        "code": "blocked",
        "detail": "2 logins, 1 queue and 1 callflow version hold user 1002.",
        "instance": f"/api/v1{JOHN}",
        "rule": "jet.user.delete.blocked",
        "source": {"title": "Jet: deactivate a phone user"},
    }
    assert registration.pop("since") < registration.pop("expires")
    assert registration == {
        "kind": "login",
        "login": "registration",
        "id": device["id"],
        "name": "Yealink T46S 80:5e:c0:11:22:33",
        "do": "Factory-reset the phone, or pull its power and wait until its registration expires.",
        "request": None,
    }
    assert app_login == {
        "kind": "login",
        "login": "app",
        "id": app["id"],
        "name": "Jet mobile",
        "since": app["since"],
        "expires": None,
        "do": "Log the app out.",
        "request": {"method": "DELETE", "path": f"/api/v1{ACME}/users/{john['id']}/apps/{app['id']}"},
    }
    assert queued == {
        "kind": "queue",
        "id": queue["id"],
        "name": "Demo 1",
        "do": "Remove user 1002 from queue Demo 1.",
        "request": {"method": "DELETE", "path": f"/api/v1{ACME}/queues/{queue['id']}/members/{john['id']}"},
    }
    assert version == {
        "kind": "callflow",
        "id": sales["id"],
        "name": "Sales",
        "version": 1,
        "status": "AVAILABLE",
        "do": "Delete version 1 of Sales.",
        "request": {"method": "DELETE", "path": f"/api/v1{ACME}/callflows/{sales['id']}/versions/1"},
    }

    for blocker in (app_login, queued, version):
        assert await api(blocker["request"]["method"], "/" + blocker["request"]["path"]) == 204
    assert await api.post("/phones/805ec0112233/factory-reset") == 200
    await api.settle()
    assert await api.delete(JOHN) == 204


async def test_the_requests_of_a_refusal_lead_into_the_world_that_was_asked(api: Api) -> None:
    """Followed as they stand, they must not change main."""
    await api.made(f"{ACME}/queues", {"name": "Demo 1", "members": ["1002"]})
    await api.made("/worlds", {"id": "try"})
    refused = await api.delete(f"//w/try/api/v1{JOHN}")
    (blocker,) = refused["blockers"]
    assert refused["instance"] == f"/w/try/api/v1{JOHN}"
    assert blocker["request"]["path"].startswith("/w/try/api/v1/accounts/acme/queues/")
    assert await api("DELETE", "/" + blocker["request"]["path"]) == 204
    assert await api.delete(f"//w/try/api/v1{JOHN}") == 204
    assert await api.delete(JOHN) == 409


async def test_logins(api: Api) -> None:
    """What the PBX believes; the service desk may end it (J3a)."""
    await api.made("/phones", {"device": "acme/805ec0112233"})
    await api.post("/phones/805ec0112233/power", {"on": True})
    await api.settle()
    app = await api.made(f"{JOHN}/apps", {"password": "correct horse"})
    first, second = (await api.get(f"{JOHN}/logins"))["items"]
    assert (first["kind"], first["name"]) == ("registration", "Yealink T46S 80:5e:c0:11:22:33")
    assert second == {"kind": "app", "id": app["id"], "name": "soft phone", "since": app["since"], "expires": None}
    assert await api.delete(f"{ACME}/users/1001/logins/{app['id']}") == 404
    for login in (first, second):
        assert await api.delete(f"{JOHN}/logins/{login['id']}") == 204
        assert await api.delete(f"{JOHN}/logins/{login['id']}") == 404
    assert (await api.get(f"{JOHN}/logins")).json == {"items": [], "next": None}


async def test_apps(api: Api) -> None:
    """Logged in with the password, out one by one or all at once."""
    one, two, three = [await api.made(f"{JOHN}/apps", {"password": "correct horse"}) for _ in range(3)]
    assert await api.delete(f"{JOHN}/apps/{two['id']}") == 204
    assert await api.delete(f"{JOHN}/apps/{two['id']}") == 404
    assert {login["id"] for login in (await api.get(f"{JOHN}/logins"))["items"]} == {one["id"], three["id"]}
    assert await api.delete(f"{JOHN}/apps") == 204
    assert (await api.get(f"{JOHN}/logins"))["items"] == []


@pytest.mark.parametrize(("extension", "password"), [("1002", "wrong horse"), ("1001", "any horse"), ("9", "x")])
async def test_one_answer_to_a_wrong_password_and_to_nobody(api: Api, extension: str, password: str) -> None:
    """J9: who is gone is told no more than who mistypes."""
    answer = await api.post(f"{ACME}/users/{extension}/apps", {"password": password})
    assert answer == 409
    assert (answer["rule"], answer["code"], answer["detail"]) == (
        "pbx.app.password",
        "refused",
        "Wrong user or password.",
    )


async def test_memberships(api: Api) -> None:
    """J4: the pages show who is where."""
    queue = await api.made(f"{ACME}/queues", {"name": "Demo 1", "members": ["1001", "1002"]})
    root = {"type": "ring-group", "users": ["1002"], "then": {"type": "dial", "users": ["1002"]}}
    flow = await api.made(f"{ACME}/callflows", {"name": "Sales", "root": root})
    assert (await api.get(f"{JOHN}/memberships")).json == {
        "items": [
            {"kind": "queue", "id": queue["id"], "name": "Demo 1"},
            {"kind": "callflow", "id": flow["id"], "name": "Sales", "version": 1, "status": "AVAILABLE"},
        ],
        "next": None,
    }


async def test_no_secret_comes_out(api: Api) -> None:
    """Neither what was typed nor what is kept of it, in any view or event."""
    secrets = [*api.engine.main.world.pbx.secrets.values(), "correct horse", "4711"]
    for path in ("", "/users", "/users/1002", "/devices", "/mailboxes", "/users/1002/logins"):
        text = (await api.get(ACME + path)).body.decode()
        assert not [secret for secret in secrets if secret in text], path


async def test_a_user_who_acts(api: Api) -> None:
    """An operator's token may act as somebody else: then the role's table says what may be done."""
    refused = await api.post(f"{ACME}/users", {"extension": "1005"}, X_Pbxsim_Actor="user:acme/1002")
    assert refused == 403
    assert (refused["code"], refused["rule"], refused["blockers"][0]["kind"]) == ("forbidden", "pbx.role", "role")
    assert await api.patch(JOHN, {"role": "admin"}) == 200
    assert await api.post(f"{ACME}/users", {"extension": "1005"}, X_Pbxsim_Actor="user:acme/1002") == 201
    assert await api.post("/accounts", {"name": "Own", "platform": "jet"}, X_Pbxsim_Actor="user:acme/1002") == 403
    assert await api.post("/accounts", {"name": "Own", "platform": "jet"}, X_Pbxsim_Actor="service-desk") == 201
    for path, body in (("/worlds", {}), ("/worlds/main/reset", {"confirm": "main"}), ("/clock", {"settle": True})):
        assert await api.post(path, body, X_Pbxsim_Actor="user:acme/1002") == 403
    for nobody in ("user:acme/9", "user:x/1002", "user:1002", "somebody", ""):
        assert await api.post(f"{ACME}/users", {"extension": "1006"}, X_Pbxsim_Actor=nobody) == 400


async def test_who_asks_is_told_who_he_is(api: Api) -> None:
    """C2: a portal opens at one's own extension."""
    assert (await api.get("/me")).json == {"actor": "operator", "user": None}
    assert (await api.get("/me", X_Pbxsim_Actor="service-desk")).json == {"actor": "service-desk", "user": None}
    mine = await api.get("/me", X_Pbxsim_Actor="user:acme/1002")
    assert (mine["actor"], mine["user"]) == ("user", (await api.get(JOHN)).json)
    assert await api.get("/me", X_Pbxsim_Actor="user:acme/9") == 400


async def test_a_password_is_hashed_and_accepted(api: Api, monkeypatch: Any) -> None:
    """What is kept is a slow verifier; null takes nothing else with it."""
    assert await api.patch(JOHN, {"password": "another horse", "first_name": "Jon"}) == 200
    kept = {value for (_, purpose), value in api.engine.main.world.pbx.secrets.items() if purpose == "password"}
    assert all(value.startswith("s$") for value in kept)
    assert await api.post(f"{JOHN}/apps", {"password": "correct horse"}) == 409
    assert await api.post(f"{JOHN}/apps", {"password": "another horse"}) == 201
