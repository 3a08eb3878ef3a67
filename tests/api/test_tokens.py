"""Tokens by HTTP: logged in for, made by the operator, narrowed, listed, revoked; and what guessing gets."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from pbxsim.server import tokens as kept
from pbxsim.server.app import TOKENS
from pbxsim.server.engine import Engine
from pbxsim.server.throttle import LIMITS
from tests.api.conftest import ACME, ORIGIN, TOKEN, Api
from tests.api.test_events import listening

JOHN = {"login": "1002@acme", "password": "correct horse"}


async def logged_in(api: Api, body: dict[str, Any], **more: Any) -> Any:
    answer = await api.post("/tokens", body, Authorization=None, **more)
    assert answer == 201, answer
    return answer.json


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def works(api: Api, token: str, **more: Any) -> bool:
    answer = await api.get("/me", **bearing(token), **more)
    assert answer.status in (200, 401), answer
    return answer == 200


@pytest.fixture
async def people(api: Api) -> Api:
    """Somebody on each platform, who logs in as his platform has it."""
    for platform, person in (
        ("piston", {"extension": "204"}),
        ("netsapiens", {"extension": "205"}),
        ("customer-portal", {"extension": "206", "email": "Ann@Portal.example"}),
        ("users-page", {"extension": "207", "email": "bob@page.example"}),
    ):
        await api.made("/accounts", {"id": f"{platform}-1", "name": platform, "platform": platform})
        await api.made(f"/accounts/{platform}-1/users", person | {"password": "correct horse"})
    return api


LOGINS = [
    "1002@acme",
    "204@piston-1",
    "205@netsapiens-1",
    "ann@portal.example",
    "ANN@PORTAL.EXAMPLE",
    "bob@page.example",
]


@pytest.mark.parametrize("login", LOGINS)
async def test_what_people_log_in_with(people: Api, login: str) -> None:
    made = await logged_in(people, {"login": login, "password": "correct horse"})
    me = await people.get("/me", **bearing(made["token"]))
    assert me["actor"] == "user"
    assert me["user"]["id"] == made["user"]


@pytest.mark.parametrize(
    "login",
    [
        "1002",
        "u1",
        "1002@nowhere",
        "@acme",
        "1002@",
        "",
        "206@customer-portal-1",
        "207@users-page-1",
        "1001@acme",
        "\0",
    ],
)
async def test_what_nobody_logs_in_with(people: Api, login: str) -> None:
    """Where people log in with an e-mail address, the extension is no log-in; 1001 has no password."""
    answer = await people.post("/tokens", {"login": login, "password": "correct horse"}, Authorization=None)
    assert answer == 401


async def test_a_token_is_shown_once_and_kept_as_its_hash(api: Api) -> None:
    made = await api.post("/tokens", JOHN | {"name": "laptop"}, Authorization=None)
    token = made["token"]
    assert re.fullmatch(r"pbx_[0-9a-f]{12}_[A-Za-z0-9_-]{32}", token)  # 192 bits of secret
    assert made.headers["Location"] == f"/api/v1/tokens/{made['id']}"
    assert made.headers["Cache-Control"] == "no-store"
    shown = {name: value for name, value in made.json.items() if name != "token"}
    assert (shown["name"], shown["actor"], shown["world"], shown["read_only"]) == ("laptop", "user", "main", False)
    assert shown["expires"] > shown["created"]
    for path in ("/tokens", f"/tokens/{made['id']}"):
        answer = await api.get(path)
        assert token.split("_", 2)[2] not in answer.body.decode()
    assert (await api.get(f"/tokens/{made['id']}")).json == shown
    assert hashlib.sha256(token.encode()).hexdigest() in api.engine.kept("token")[made["id"]]
    assert token.split("_", 2)[2] not in repr(api.engine.kept("token"))


async def test_each_sees_and_revokes_his_own(api: Api) -> None:
    await api.patch(f"{ACME}/users/1001", {"password": "battery staple"})
    john, again = [await logged_in(api, JOHN) for _ in range(2)]
    ann = await logged_in(api, {"login": "1001@acme", "password": "battery staple"})
    listed = await api.get("/tokens", **bearing(john["token"]))
    assert {one["id"] for one in listed["items"]} == {john["id"], again["id"]}
    for method in ("GET", "DELETE"):
        assert await api(method, f"/tokens/{ann['id']}", **bearing(john["token"])) == 404
        assert await api(method, "/tokens/operator", **bearing(john["token"])) == 404
    assert await api.delete(f"/tokens/{again['id']}", **bearing(john["token"])) == 204
    assert not await works(api, again["token"])
    assert await api.delete(f"/tokens/{john['id']}", **bearing(john["token"])) == 204  # a log-out
    assert not await works(api, john["token"])
    assert {one["id"] for one in (await api.get("/tokens"))["items"]} == {"operator", ann["id"]}
    assert await api.delete(f"/tokens/{ann['id']}") == 204
    assert not await works(api, ann["token"])
    assert await api.get(f"/tokens/{ann['id']}") == 404


async def test_lists_have_pages(api: Api) -> None:
    made = [await api.made("/tokens", {"actor": "service-desk", "name": f"n{number}"}) for number in range(3)]
    found, cursor = [], ""
    while cursor is not None:
        page = await api.get(f"/tokens?limit=2{f'&after={cursor}' if cursor else ''}")
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert sorted(found) == sorted(["operator", *(one["id"] for one in made)])
    assert [one["name"] for one in (await api.get("/tokens?q=n1"))["items"]] == ["n1"]


async def test_the_operator_makes_them_for_anybody(api: Api) -> None:
    for named, kind in (("operator", "operator"), ("service-desk", "service-desk"), ("user:acme/1002", "user")):
        made = await api.made("/tokens", {"actor": named})
        assert (made["actor"], made["expires"]) == (kind, None)
        assert (await api.get("/me", **bearing(made["token"])))["actor"] == kind
    for odd in ("king", "user:acme/9", "user:nowhere/1002", "user:1002", ""):
        answer = await api.post("/tokens", {"actor": odd})
        assert (answer, answer["errors"][0]["pointer"]) == (422, "/actor")


async def test_nobody_else_does(api: Api) -> None:
    desk = await api.made("/tokens", {"actor": "service-desk"})
    john = await logged_in(api, JOHN)
    for token in (desk["token"], john["token"]):
        for actor in ("operator", "service-desk", "user:acme/1001", "user:acme/1002"):
            assert await api.post("/tokens", {"actor": actor}, **bearing(token)) == 403
        assert await api.get("/me", **bearing(token), X_Pbxsim_Actor="operator") == 403
    assert await api.post("/tokens", {"actor": "operator"}, Authorization=None) == 401
    assert await api.post("/tokens", {"actor": "operator", "login": "x"}, Authorization=None) == 401
    assert await api.post("/tokens", {"actor": "operator"}, X_Pbxsim_Actor="service-desk") == 403


async def test_the_first_one_can_be_replaced_while_the_server_runs(api: Api) -> None:
    other = await api.made("/tokens", {"actor": "operator"})
    assert await api.delete("/tokens/operator", **bearing(other["token"])) == 204
    assert not await works(api, TOKEN)
    assert "operator" not in api.engine.kept("token")
    assert await works(api, other["token"])


async def test_one_that_only_reads(api: Api) -> None:
    for body in ({"actor": "operator", "read_only": True}, JOHN | {"read_only": True}):
        token = (await api.made("/tokens", body))["token"]
        assert await api.get(f"{ACME}/users/1002", **bearing(token)) == 200
        for method, path in (
            ("PATCH", f"{ACME}/users/1002"),
            ("POST", f"{ACME}/users?dry_run=true"),
            ("DELETE", "/tokens/operator"),
            ("POST", "/tokens"),
            ("GET", f"{ACME}/users/1002/setup-code.svg?app=mobile"),  # a look at it makes a code
        ):
            answer = await api(method, path, None if method == "GET" else {"actor": "operator"}, **bearing(token))
            assert (answer, answer["blockers"][0]["kind"]) == (403, "token"), path


async def test_one_for_a_world(api: Api) -> None:
    """It is for that world if it names none, and gets one answer for any other, existing or not."""
    await api.made("/worlds", {"id": "one"})
    await api.made("/worlds", {"id": "two"})
    token = (await api.made("/tokens", {"actor": "operator", "world": "one"}))["token"]
    assert await api.patch(f"{ACME}/users/1002", {"last_name": "Forked"}, **bearing(token)) == 200
    assert (await api.get(f"{ACME}/users/1002"))["last_name"] == "Smith"
    assert (await api.get(f"{ACME}/users/1002", world="one"))["last_name"] == "Forked"
    for world in ("two", "main", "none"):
        assert await api.get("/accounts", world=world, **bearing(token)) == 403
        assert await api.get(f"//w/{world}/api/v1/accounts", **bearing(token)) == 403
        assert await api.post("/tokens", {"actor": "operator", "world": world}, **bearing(token)) == 403
    narrower = await api.made("/tokens", {"actor": "service-desk"}, **bearing(token))
    assert narrower["world"] == "one"
    assert await api.get("/worlds", **bearing(token)) == 403
    assert await api.post("/worlds", {}, **bearing(token)) == 403
    assert await api.get("/worlds/two", **bearing(token)) == 403
    assert await api.delete("/worlds/two", **bearing(token)) == 403
    assert await api.get("/worlds/one", **bearing(token)) == 200
    assert {one["world"] for one in (await api.get("/tokens", **bearing(token)))["items"]} == {"one"}


async def test_a_users_ends_with_his_world_or_when_it_is_another(api: Api) -> None:
    """Ids are given anew there: who was u1 may be somebody else."""
    for end in (lambda: api.delete("/worlds/one"), lambda: api.post("/worlds/one/reset")):
        await api.made("/worlds", {"id": "one"})
        made = await logged_in(api, JOHN, world="one")
        assert await works(api, made["token"], world="one")
        assert not await works_in_main(api, made["token"])
        assert (await end()).status < 300
        assert await api.get("/me", **bearing(made["token"])) == 401
        if (await api.get("/worlds/one")) == 200:
            assert await api.delete("/worlds/one") == 204
    made = await logged_in(api, JOHN)
    assert await api.post("/worlds/main/reset", {"confirm": "main"}) == 200
    assert await api.get("/me", **bearing(made["token"])) == 401
    assert set(api.engine.kept("token")) <= {"operator"}
    assert await works(api, TOKEN)


async def works_in_main(api: Api, token: str) -> bool:
    answer = await api.get("/me", world="main", **bearing(token))
    assert answer.status in (200, 403)
    return answer == 200


WAYS_OUT = {
    "another password": ("PATCH", f"{ACME}/users/1002", {"password": "another one"}),
    "no password": ("PATCH", f"{ACME}/users/1002", {"password": None}),
    "deleted": ("DELETE", f"{ACME}/users/1002", None),
    "the account is deleted": ("DELETE", ACME, None),
    "he stands for the routing": ("PATCH", f"{ACME}/users/1002", {"system": True}),
}


@pytest.mark.parametrize("way", WAYS_OUT)
async def test_it_lives_as_long_as_he_may_log_in_so(api: Api, way: str) -> None:
    made = await logged_in(api, JOHN)
    assert await works(api, made["token"])
    method, path, body = WAYS_OUT[way]
    answer = await api(method, path, body)
    assert answer.status < 300, answer
    assert not await works(api, made["token"])


async def test_whom_the_portal_does_not_let_in(people: Api) -> None:
    """C4, and NetSapiens' role without a portal. One who is let in again goes on with what he had."""
    portal = {"login": "ann@portal.example", "password": "correct horse"}
    made = await logged_in(people, portal)
    path = "/accounts/customer-portal-1/users/206/login"
    for access, status in ((False, 401), (True, 201)):
        assert await people.patch(path, {"portal_access": access}) == 200
        assert await works(people, made["token"]) == access
        assert await people.post("/tokens", portal, Authorization=None) == status
    assert await people.patch("/accounts/netsapiens-1/users/205", {"role": "no-portal"}) == 200
    nobody = {"login": "205@netsapiens-1", "password": "correct horse"}
    assert await people.post("/tokens", nobody, Authorization=None) == 401


async def test_it_ends_in_its_time(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's time: a world's clock may be moved by whoever holds a token of it."""
    now = [1_900_000_000.0]
    monkeypatch.setattr(api.client.server.app[TOKENS], "_clock", lambda: now[0])
    short = await logged_in(api, JOHN | {"expires_in": "PT10M"})
    usual = await logged_in(api, JOHN)
    desk = await api.made("/tokens", {"actor": "operator", "expires_in": "PT1H"})
    later = await api.made("/tokens", {"actor": "operator"}, **bearing(desk["token"]))
    assert later["expires"] == desk["expires"], "nobody makes what outlives him"
    assert await api.post("/clock", {"advance": "P1D"}) == 200
    assert await works(api, short["token"])
    now[0] += 599
    assert await works(api, short["token"])
    now[0] += 1
    assert not await works(api, short["token"])
    assert short["id"] not in {one["id"] for one in (await api.get("/tokens"))["items"]}
    now[0] += 11 * 3600
    assert await works(api, usual["token"])
    now[0] += 3600
    assert not await works(api, usual["token"])
    for span in ("PT0.5S", "P367D", "P1Y", 5):
        assert (await api.post("/tokens", JOHN | {"expires_in": span}, Authorization=None)) == 422


async def test_a_stream_ends_with_its_token(api: Api) -> None:
    made = await api.made("/tokens", {"actor": "service-desk"})
    async with listening(api, **bearing(made["token"])) as stream:
        await api.patch(f"{ACME}/users/1002", {"last_name": "Told"})
        _, kind, _ = await stream.event()
        assert kind == "user.updated"
        assert await api.delete(f"/tokens/{made['id']}") == 204
        await api.patch(f"{ACME}/users/1002", {"last_name": "Not told"})
        assert await stream.block() == {}


async def test_they_outlive_the_server_and_a_forks_do_not(tmp_path: Path, serve: Any) -> None:
    file = tmp_path / "world.sqlite3"
    engine = await Engine.open(file, origin=ORIGIN)
    api = await serve(engine)
    await api.made("/accounts", {"id": "acme", "name": "Acme", "platform": "jet"})
    await api.made(f"{ACME}/users", {"extension": "1002", "password": "correct horse"})
    await api.made("/worlds", {"id": "one"})
    john, forked = await logged_in(api, JOHN), await logged_in(api, JOHN, world="one")
    desk, gone = [await api.made("/tokens", {"actor": "service-desk"}) for _ in range(2)]
    assert await api.delete(f"/tokens/{gone['id']}") == 204
    await engine.close()
    engine = await Engine.open(file, origin=ORIGIN)
    api = await serve(engine)
    found = [await works(api, one["token"]) for one in (john, desk, forked, gone)]
    assert found == [True, True, False, False]
    for token in (john, desk):
        assert token["token"].encode() not in file.read_bytes()
    await engine.close()


async def test_too_many_log_ins_end_the_oldest(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_OF_A_USER", 3)
    made = [await logged_in(api, JOHN) for _ in range(5)]
    assert sorted([await works(api, one["token"]) for one in made]) == [False, False, True, True, True]
    assert await works(api, made[-1]["token"])
    assert len(api.engine.kept("token")) == 3


# --- Guessing ------------------------------------------------------------------------------------------------------


WRONG = {
    "the password": (JOHN | {"password": "wrong horse"}, None),
    "the login": ({"login": "9999@acme", "password": "correct horse"}, None),
    "the account": ({"login": "1002@nowhere", "password": "correct horse"}, None),
    "there is no password": ({"login": "1001@acme", "password": "correct horse"}, None),
    "a long password": (JOHN | {"password": "correct horse" * 5000}, None),
    "an empty one": (JOHN | {"password": ""}, None),
    "the world": (JOHN, "nowhere"),
    "a world that has ended": (JOHN, "ended"),
    "another world than the token is asked for": (JOHN | {"world": "elsewhere"}, None),
}


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What scrypt was computed of."""
    done: list[str] = []
    scrypt = hashlib.scrypt

    def counted(password: bytes, **more: Any) -> bytes:
        done.append(password.decode())
        return scrypt(password, **more)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    return done


@pytest.mark.parametrize("what", WRONG)
async def test_one_answer_whatever_is_wrong_after_the_same_work(api: Api, hashed: list[str], what: str) -> None:
    """Work is counted, not timed: one scrypt, of no more than a password may have."""
    await api.made("/worlds", {"id": "ended"})
    await api.delete("/worlds/ended")
    usual = await api.post("/tokens", WRONG["the password"][0], Authorization=None)
    hashed.clear()
    body, world = WRONG[what]
    answer = await api.post("/tokens", body, Authorization=None, world=world)
    assert answer == 401
    assert answer.json == usual.json
    assert len(hashed) == 1
    assert len(hashed[0]) <= 129
    same = [name for name in usual.headers if name not in ("Date", "X-Request-ID")]
    assert {name: answer.headers.get(name) for name in same} == {name: usual.headers[name] for name in same}


async def test_a_seeds_fast_verifier_costs_the_same(serve: Any, hashed: list[str]) -> None:
    """Seeds keep passwords by the fast hash; nobody learns which users came from one."""

    def seed(world: Any) -> None:
        world.accounts.add("Acme", platform="jet", account="acme").users.add("1002", password="correct horse")

    engine = await Engine.open(None, origin=ORIGIN, seed=seed, clock="virtual")
    api = await serve(engine)
    for password, status in (("correct horse", 201), ("wrong horse", 401)):
        hashed.clear()
        assert await api.post("/tokens", JOHN | {"password": password}, Authorization=None) == status
        assert len(hashed) == 1
    await engine.close()


async def test_who_guesses_waits(api: Api) -> None:
    most, _ = LIMITS["login"]
    wrong = JOHN | {"password": "wrong horse"}
    for _ in range(most):
        assert await api.post("/tokens", wrong, Authorization=None) == 401
    for body in (wrong, JOHN):  # not even with the right one, or guessing would go on
        answer = await api.post("/tokens", body, Authorization=None)
        assert (answer, answer["code"]) == (429, "throttled")
        assert 0 < int(answer.headers["Retry-After"]) <= 30
    told = [record for record in api.engine.main.world.history if record.event.kind == "login.throttled"]
    (record,) = told  # once, not for each
    assert (record.event.account, record.event.subject) == ("acme", (await api.get(f"{ACME}/users/1002"))["id"])
    detail = dict(record.event.detail)
    assert (detail["by"], detail["source"]) == ("login", "127.0.0.1")
    assert "horse" not in repr(told)
    unknown = {"login": "9999@acme", "password": "wrong horse"}
    for _ in range(most):
        assert await api.post("/tokens", unknown, Authorization=None) == 401
    assert await api.post("/tokens", unknown, Authorization=None) == 429  # one that is nobody's, alike


async def test_one_source_tries_few_logins(api: Api) -> None:
    most, _ = LIMITS["source"]
    found = [
        await api.post("/tokens", {"login": f"{number}@acme", "password": "wrong horse"}, Authorization=None)
        for number in range(most + 5)
    ]
    assert [answer.status for answer in found] == [401] * most + [429] * 5


async def test_whoever_logs_in_rightly_is_not_counted(api: Api) -> None:
    for _ in range(LIMITS["source"][0] + 5):
        await logged_in(api, JOHN)


async def test_no_other_path_tells_whether_a_password_is_right(api: Api) -> None:
    """An app's log-in and a mailbox's PIN are checked only for whoever may use them."""
    await api.patch(f"{ACME}/users/1001", {"password": "battery staple"})
    token = (await logged_in(api, {"login": "1001@acme", "password": "battery staple"}))["token"]
    for password in ("correct horse", "wrong horse"):
        answer = await api.post(f"{ACME}/users/1002/apps", {"password": password}, **bearing(token))
        assert (answer, answer["rule"]) == (403, "pbx.role")
    for pin in ("4711", "4712"):
        answer = await api.post(f"{ACME}/mailboxes/1002/log-in", {"pin": pin}, **bearing(token))
        assert (answer, answer["rule"]) == (403, "pbx.role")


async def test_an_answer_that_was_kept_is_nobody_elses(api: Api) -> None:
    """Idempotency keys of two tokens are two keys; a log-in is done anew each time."""
    john, again = [await logged_in(api, JOHN, Idempotency_Key="k") for _ in range(2)]
    assert john["token"] != again["token"]
    body = {"app": "desk"}
    first = await api.post(f"{ACME}/users/1002/apps", body | {"password": "correct horse"}, Idempotency_Key="k")
    for token in (john["token"], again["token"]):
        answer = await api.post(
            f"{ACME}/users/1002/apps", body | {"password": "correct horse"}, Idempotency_Key="k", **bearing(token)
        )
        assert answer == 201
        assert answer["id"] != first["id"]
