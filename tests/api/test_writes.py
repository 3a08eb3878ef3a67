"""What every write has: revisions, trying first, and doing a thing once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pbxsim.server.once import Once
from pbxsim.server.problems import Answer
from tests.api.conftest import ACME, Api

JOHN = f"{ACME}/users/1002"


async def test_a_stale_if_match(api: Api) -> None:
    """412, and nothing is changed; the present revision, or any, is let through."""
    tag = (await api.get(JOHN)).headers["ETag"]
    assert await api.patch(JOHN, {"first_name": "Jon"}, If_Match=tag) == 200
    for stale in (tag, '"x"', "1", f"W/{tag}", f'{tag}, "77"'):
        refused = await api.patch(JOHN, {"first_name": "Jack"}, If_Match=stale)
        assert (refused, refused["code"]) == (412, "stale")
        assert await api.delete(JOHN, If_Match=stale) == 412
    present = (await api.get(JOHN)).headers["ETag"]
    await api.shows(JOHN, first_name="Jon", revision=2)
    assert await api.patch(JOHN, {"first_name": "Jo"}, If_Match=f"{tag}, {present}") == 200
    assert await api.delete(JOHN, If_Match="*") == 204


async def test_what_changes_by_itself_is_no_revision(api: Api) -> None:
    """A login does not make anybody's edit stale."""
    tag = (await api.get(JOHN)).headers["ETag"]
    await api.made(f"{JOHN}/apps", {"password": "correct horse"})
    assert await api.patch(JOHN, {"last_name": "Smythe"}, If_Match=tag) == 200


async def test_every_kind_of_thing_has_its_revision(api: Api) -> None:
    flow = await api.made(f"{ACME}/callflows", {"name": "S", "root": {"type": "dial", "users": ["1001"]}})
    queue = await api.made(f"{ACME}/queues", {"name": "Q"})
    await api.made(f"{ACME}/numbers", {"e164": "+61255501234"})
    await api.made(f"{ACME}/callflows/{flow['id']}/versions", {})
    paths = [
        "",
        "/devices/805ec0112233",
        f"/callflows/{flow['id']}",
        f"/callflows/{flow['id']}/versions/2",
        "/numbers/+61255501234",
        f"/queues/{queue['id']}",
        "/mailboxes/1002",
    ]
    for path in paths:
        answer = await api.get(ACME + path)
        assert answer.headers["ETag"] == f'"{answer["revision"]}"'
        body = {"root": {"type": "hang-up"}} if "versions" in path else {"name": "Other"}
        assert await api.patch(ACME + path, body, If_Match='"99"') == 412, path
        assert await api.patch(ACME + path, body, If_Match=answer.headers["ETag"]) == 200, path
        assert await api.patch(ACME + path, body, If_Match=answer.headers["ETag"]) == 412, path


async def test_a_dry_run_answers_the_events_and_changes_nothing(api: Api) -> None:
    before = api.engine.main.world.state
    answer = await api.post(f"{ACME}/users?dry_run=true", {"extension": "1003", "first_name": "Mary"})
    assert answer == 200
    (event,) = answer["events"]
    assert (event["kind"], event["actor"], event["account"]) == ("user.added", "operator", "acme")
    assert event["detail"] == {"extension": "1003", "name": "Mary"}
    assert event["time"].endswith("Z")
    assert api.engine.main.world.state is before
    assert await api.get(f"{ACME}/users/1003") == 404


async def test_a_dry_run_answers_the_refusal(api: Api) -> None:
    """The same refusal as the write itself, and the same faults."""
    await api.made(f"{ACME}/queues", {"name": "Demo 1", "members": ["1002"]})
    tried, done = await api.delete(f"{JOHN}?dry_run=true"), await api.delete(JOHN)
    assert (tried.status, tried.json) == (done.status, done.json)
    assert tried["code"] == "blocked"
    assert await api.post(f"{ACME}/users?dry_run=true", {"extension": "x"}) == 422
    assert await api.patch(f"{JOHN}?dry_run=true", {}, If_Match='"7"') == 412
    assert await api.post(f"{ACME}/users?dry_run=false", {"extension": "1003"}) == 201


WRITES: list[tuple[str, str, Any]] = [
    ("POST", "/accounts", {"name": "New", "platform": "jet"}),
    ("PATCH", ACME, {"name": "New"}),
    ("DELETE", ACME, None),
    ("PATCH", JOHN, {"password": "another horse"}),
    ("DELETE", JOHN, None),
    ("POST", f"{JOHN}/apps", {"password": "correct horse"}),
    ("POST", f"{ACME}/devices", {"model": "yealink-t46s", "mac": "805ec0112244"}),
    ("POST", f"{ACME}/devices/805ec0112233/sync", None),
    ("POST", f"{ACME}/queues", {"name": "Q"}),
    ("POST", f"{ACME}/numbers", {"e164": "+61255501234"}),
    ("POST", "/phones", {"device": "acme/805ec0112233"}),
    ("POST", "/clock", {"advance": "PT1H"}),
    ("POST", "/clock", {"settle": True}),
    ("POST", "/clock", {"rate": 60}),
    ("POST", "/worlds", {"id": "another"}),
    ("POST", "/worlds/main/reset", {"confirm": "main"}),
    ("DELETE", "/worlds/main", {"confirm": "main"}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
async def test_any_write_can_be_tried(api: Api, method: str, path: str, body: Any) -> None:
    before, worlds = api.engine.main.world.state, api.engine.worlds
    answer = await api(method, f"{path}?dry_run=true", body)
    assert answer == 200, answer
    assert isinstance(answer["events"], list)
    assert api.engine.main.world.state is before
    assert api.engine.worlds == worlds
    assert api.engine.main.clock.rate == 0


async def test_time_can_be_tried(api: Api) -> None:
    """What would happen within an hour: John's registration ends."""
    await api.made("/phones", {"device": "acme/805ec0112233"})
    await api.post("/phones/805ec0112233/power", {"on": True})
    await api.settle()
    await api.post("/phones/805ec0112233/power", {"on": False})
    tried = await api.post("/clock?dry_run=true", {"advance": "PT2H"})
    assert [event["kind"] for event in tried["events"]] == ["device.unregistered"]


async def test_the_same_key_gives_the_same_answer_once(api: Api) -> None:
    body = {"extension": "1003"}
    first = await api.post(f"{ACME}/users", body, Idempotency_Key="k1")
    again = await api.post(f"{ACME}/users", body, Idempotency_Key="k1")
    assert first == 201
    assert (first.status, first.json, first.headers["Location"], first.headers["ETag"]) == (
        again.status,
        again.json,
        again.headers["Location"],
        again.headers["ETag"],
    )
    other = await api.post(f"{ACME}/users", {"extension": "1004"}, Idempotency_Key="k1")
    assert (other, other["errors"][0]["pointer"]) == (422, "/Idempotency-Key")
    assert await api.post(f"{ACME}/queues", {"name": "1003"}, Idempotency_Key="k1") == 422
    assert await api.post(f"{ACME}/users", body, Idempotency_Key="k2") == 409
    assert len((await api.get(f"{ACME}/users"))["items"]) == 3


async def test_what_was_refused_may_succeed_later_under_its_key(api: Api) -> None:
    """Nothing was changed, so nothing is repeated."""
    await api.patch(ACME, {"seats": 2})
    assert await api.post(f"{ACME}/users", {"extension": "1003"}, Idempotency_Key="k") == 409
    await api.patch(ACME, {"seats": None})
    assert await api.post(f"{ACME}/users", {"extension": "1003"}, Idempotency_Key="k") == 201


async def test_requests_that_arrive_together_are_one(api: Api) -> None:
    body = {"extension": "1003", "password": "takes a while to hash"}
    answers = await asyncio.gather(*(api.post(f"{ACME}/users", body, Idempotency_Key="k") for _ in range(5)))
    assert {(answer.status, answer["id"]) for answer in answers} == {(201, answers[0]["id"])}


async def test_a_key_means_something_in_one_world(api: Api) -> None:
    await api.made("/worlds", {"id": "try"})
    for world in ("main", "try"):
        assert await api.post(f"{ACME}/users", {"extension": "1003"}, Idempotency_Key="k", world=world) == 201
    assert await api.post("/worlds/try/reset") == 200
    assert await api.get(f"{ACME}/users/1003", world="try") == 404
    assert await api.post(f"{ACME}/users", {"extension": "1003"}, Idempotency_Key="k", world="try") == 201
    assert await api.get(f"{ACME}/users/1003", world="try") == 200


async def test_a_trial_uses_no_key(api: Api) -> None:
    tried = await api.post(f"{ACME}/users?dry_run=true", {"extension": "1003"}, Idempotency_Key="k")
    assert tried == 200
    assert await api.post(f"{ACME}/users", {"extension": "1003"}, Idempotency_Key="k") == 201


async def test_the_memory_is_bounded() -> None:
    once = Once(limit=3)
    done: list[int] = []

    async def act() -> Answer:
        done.append(1)
        return Answer(201)

    for number in range(5):
        await once("main", f"k{number}", b"", act)
    await once("main", "k4", b"", act)
    assert len(done) == 5
    await once("main", "k0", b"", act)
    assert len(done) == 6


async def test_a_failure_lets_the_next_one_try() -> None:
    """Whoever waited for the first is not told of its failure: he does it himself."""
    once, begun = Once(), asyncio.Event()
    done: list[str] = []

    async def fails() -> Answer:
        begun.set()
        await asyncio.sleep(0.01)
        raise RuntimeError

    async def succeeds() -> Answer:
        done.append("second")
        return Answer(201)

    first = asyncio.create_task(once("main", "k", b"", fails))  # type: ignore[arg-type]
    await begun.wait()
    assert (await once("main", "k", b"", succeeds)).status == 201
    with pytest.raises(RuntimeError):
        await first
    assert done == ["second"]


async def test_a_patch_is_merged(api: Api) -> None:
    """RFC 7386: objects member by member, null takes one away, anything else is replaced."""
    device = f"{ACME}/devices/805ec0112233"
    two = {"yealink": {"lang.gui": "German", "account.1.label": "Desk"}}
    await api.patch(device, {"settings": two})
    answer = await api.patch(device, {"settings": {"yealink": {"lang.gui": None}, "aastra": {"language": "1"}}})
    assert answer["settings"] == {"yealink": {"account.1.label": "Desk"}, "aastra": {"language": "1"}}
    assert (await api.patch(device, {"name": "Front"}))["settings"] == answer["settings"]
    assert (await api.patch(device, {"name": None, "owner": None, "settings": None})).json["settings"] == {}
    await api.shows(device, name="", owner=None)
    rule = "jet.provisioning.boot-files"
    assert (await api.patch(ACME, {"policy": {rule: True}}))["policy"] == {rule: True}
    assert (await api.patch(ACME, {"policy": {rule: None}}))["policy"] == {}
    refused = await api.patch(JOHN, {"extension": None, "role": "admin"})
    assert [fault["pointer"] for fault in refused["errors"]] == ["/extension"]


async def test_an_empty_patch_is_a_save(api: Api) -> None:
    """PISTON renders at each save, whatever it changed; the revision stays."""
    answer = await api.patch(JOHN, {})
    assert (answer, answer["revision"]) == (200, 1)


async def test_if_match_holds_although_hashing_a_password_takes_a_while(api: Api) -> None:
    path = f"{ACME}/users/1001"
    tag = (await api.get(path)).headers["ETag"]
    tries = (
        api.patch(path, {"first_name": f"Ann {n}", "password": f"correct horse {n}"}, **{"If-Match": tag})
        for n in range(8)
    )
    statuses = sorted(answer.status for answer in await asyncio.gather(*tries))
    assert statuses == [200] + [412] * 7
