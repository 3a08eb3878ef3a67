"""Webhooks: a real receiver on loopback (allowed by name) is told what happens in main, in order, signed, at least
once; nothing else ever leaves."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from pbxsim.server.courier import Courier, Patience
from pbxsim.server.engine import Engine
from pbxsim.server.targets import Rules
from tests.api.conftest import ACME, ORIGIN, Api

SECRET = "whsec_" + base64.b64encode(b"canary-of-a-webhook-secret").decode()
QUICK = Patience(attempts=3, first=0.01, factor=2.0, answer=0.5)


class Receiver:
    """What somebody else's server has been told, and what it answers next."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[web.Response | float] = []
        self.port = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.told.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        answer = self.answers.pop(0) if self.answers else web.Response(status=204)
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            return web.Response()
        return answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.told]

    @property
    def names(self) -> list[str]:
        """Of the queues that were added, as they came."""
        return [body["data"]["detail"]["name"] for body in self.bodies if body["type"] == "queue.added"]

    async def heard(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.told) < count:
                await asyncio.sleep(0.005)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_post("/hook", made.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    yield made
    await runner.cleanup()


@pytest.fixture
def rules(receiver: Receiver) -> Rules:
    return Rules.of([f"127.0.0.1:{receiver.port}"])


@pytest.fixture
async def api(serve: Callable[..., Awaitable[Api]], rules: Rules) -> Api:
    started = await serve(webhook_rules=rules)
    await started.made("/accounts", {"id": "acme", "name": "Acme", "platform": "jet"})
    return started


@asynccontextmanager
async def running(api: Api, rules: Rules, patience: Patience = QUICK) -> AsyncIterator[None]:
    async with Courier(api.engine, rules, patience):
        yield


async def hook(api: Api, receiver: Receiver, **more: Any) -> Any:
    return await api.made("/webhooks", {"url": receiver.url, "secret": SECRET, **more})


async def queues(api: Api, *names: str, **more: Any) -> None:
    for name in names:
        await api.made(f"{ACME}/queues", {"name": name}, **more)


async def state(api: Api, id_: str, wanted: str) -> Any:
    """Once the hook is in that state."""
    async with asyncio.timeout(10):
        while (answer := await api.get(f"/webhooks/{id_}"))["state"] != wanted:
            await asyncio.sleep(0.005)
    return answer.json


def verified(headers: dict[str, str], body: bytes, secret: str = SECRET) -> bool:
    """As a receiver does it (docs/http-api.md)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, "sha256").digest()).decode()
    return any(hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split(" "))


async def test_what_happens_is_told_in_order_and_signed(api: Api, receiver: Receiver, rules: Rules) -> None:
    async with running(api, rules):
        made = await hook(api, receiver)
        await queues(api, *"abcdefgh")
        await receiver.heard(8)
    assert receiver.names == list("abcdefgh")
    headers, body = receiver.told[0]
    assert verified(headers, body)
    assert not verified(headers, body + b" ")
    assert not verified(headers | {"webhook-timestamp": "1"}, body)
    assert not verified(headers, body, "whsec_" + base64.b64encode(b"another" * 5).decode())
    told = json.loads(body)
    assert (told["type"], told["data"]["world"], told["data"]["account"]) == ("queue.added", "main", "acme")
    assert headers["webhook-id"] == f"msg_{made['id'][3:]}_{told['data']['event']}"
    items = (await api.get(f"/webhooks/{made['id']}/deliveries"))["items"]
    assert [one["status"] for one in items] == ["delivered"] * 8
    assert items[-1]["attempts"][0]["status"] == 204
    whole = await api.get(f"/webhooks/{made['id']}/deliveries/{items[-1]['id']}")
    assert whole["request"]["body"] == body.decode()
    assert verified(whole["request"]["headers"], body)


async def test_a_secret_goes_in_and_never_comes_out(api: Api, receiver: Receiver) -> None:
    """But for one that the server has made, which is shown once."""
    given = await hook(api, receiver)
    made = await api.made("/webhooks", {"url": receiver.url})
    assert made["secret"].startswith("whsec_")
    for path in ("/webhooks", f"/webhooks/{given['id']}", f"/webhooks/{made['id']}"):
        text = (await api.get(path)).body.decode()
        assert SECRET[6:] not in text
        assert made["secret"][6:] not in text
        assert '"secret"' not in text
    assert "secret" not in given


async def test_a_filter(api: Api, receiver: Receiver, rules: Rules) -> None:
    async with running(api, rules):
        await hook(api, receiver, events=["user.*", "queue.deleted"])
        await queues(api, "one")
        await api.made(f"{ACME}/users", {"extension": "1001"})
        await api.delete(f"{ACME}/queues/one")
        await receiver.heard(2)
        await asyncio.sleep(0.05)
    assert [body["type"] for body in receiver.bodies] == ["user.added", "queue.deleted"]


async def test_a_failure_is_tried_again_and_nothing_overtakes(api: Api, receiver: Receiver, rules: Rules) -> None:
    receiver.answers = [web.Response(status=500), web.Response(status=302, headers={"Location": "/hook"})]
    async with running(api, rules):
        made = await hook(api, receiver)
        await queues(api, "one", "two")
        await receiver.heard(4)
        await state(api, made["id"], "delivering")
    assert receiver.names == ["one", "one", "one", "two"], "a redirect is a failure, and is not followed"
    ids = [headers["webhook-id"] for headers, _ in receiver.told]
    assert ids[0] == ids[1] == ids[2] != ids[3], "an attempt is known by its id"
    last = (await api.get(f"/webhooks/{made['id']}/deliveries"))["items"][-1]
    assert [one["status"] for one in last["attempts"]] == [500, 302, 204]


async def test_a_receiver_that_hangs_is_left(api: Api, receiver: Receiver, rules: Rules) -> None:
    receiver.answers = [5.0]
    async with running(api, rules, Patience(attempts=3, first=0.01, answer=0.1)):
        made = await hook(api, receiver)
        await queues(api, "one")
        await receiver.heard(2)
        await state(api, made["id"], "delivering")
    attempts = (await api.get(f"/webhooks/{made['id']}/deliveries"))["items"][0]["attempts"]
    assert "no answer within 0.1 s" in attempts[0]["error"]


async def test_a_hook_dies_says_so_and_goes_on_where_it_was(api: Api, receiver: Receiver, rules: Rules) -> None:
    receiver.answers = [web.Response(status=500) for _ in range(3)]
    async with running(api, rules):
        made = await hook(api, receiver)
        await queues(api, "one", "two")
        dead = await state(api, made["id"], "dead")
        assert dead["why"] == "3 attempts: it answered 500"
        assert dead["behind"] >= 2
        await asyncio.sleep(0.05)
        assert len(receiver.told) == 3, "nothing more is sent"
        (event,) = [one.event for one in api.engine.main.world.history if one.event.kind == "webhook.dead"]
        assert (event.subject, dict(event.detail)) == (made["id"], {"why": "3 attempts: it answered 500"})
        assert (await api.get(f"/webhooks/{made['id']}/deliveries"))["items"][0]["status"] == "dead"
        assert await api.patch(f"/webhooks/{made['id']}", {"active": True}) == 200
        await receiver.heard(6)
    assert receiver.names == ["one", "one", "one", "one", "two"]
    assert receiver.bodies[-1]["type"] == "webhook.dead"


async def test_gone_means_never_again(api: Api, receiver: Receiver, rules: Rules) -> None:
    receiver.answers = [web.Response(status=410)]
    async with running(api, rules):
        made = await hook(api, receiver)
        await queues(api, "one")
        assert (await state(api, made["id"], "dead"))["why"] == "1 attempt: it answered 410"
    assert len(receiver.told) == 1


async def test_one_that_is_dead_holds_up_no_other(api: Api, receiver: Receiver, rules: Rules) -> None:
    async with running(api, rules, Patience(attempts=2, first=60.0)):
        other = await api.made("/webhooks", {"url": f"http://127.0.0.1:{receiver.port}/nothing"})
        await hook(api, receiver)
        await queues(api, "one", "two", "three")
        await receiver.heard(3)
        assert (await state(api, other["id"], "retrying"))["why"] == "it answered 404"
    assert receiver.names == ["one", "two", "three"]


async def test_a_pause_and_another_url(api: Api, receiver: Receiver, rules: Rules) -> None:
    async with running(api, rules):
        made = await hook(api, receiver)
        assert (await api.patch(f"/webhooks/{made['id']}", {"active": False}))["state"] == "paused"
        await queues(api, "unheard")
        changed = await api.patch(f"/webhooks/{made['id']}", {"active": True, "description": "CRM"}, If_Match='"2"')
        assert (changed["revision"], changed["description"]) == (3, "CRM")
        assert await api.patch(f"/webhooks/{made['id']}", {"active": True}, If_Match='"1"') == 412
        await queues(api, "heard")
        await receiver.heard(1)
        assert await api.delete(f"/webhooks/{made['id']}") == 204
        await queues(api, "after")
        await asyncio.sleep(0.05)
    assert receiver.names == ["heard"]
    assert await api.get(f"/webhooks/{made['id']}") == 404


async def test_a_fork_records_and_sends_nothing(api: Api, receiver: Receiver, rules: Rules) -> None:
    """It begins with main's hooks, and what it would have sent can be read, signed."""
    made = await hook(api, receiver, events=["queue.*"])
    await queues(api, "before")
    await api.made("/worlds", {"id": "try"})
    async with running(api, rules):
        await queues(api, "one", "two", world="try")
        await receiver.heard(1)
        await asyncio.sleep(0.05)
    assert receiver.names == ["before"]
    assert (await api.get(f"/webhooks/{made['id']}", world="try"))["state"] == "recording"
    items = (await api.get(f"/webhooks/{made['id']}/deliveries", world="try"))["items"]
    assert [(one["status"], one["type"]) for one in items] == [("recorded", "queue.added")] * 2
    whole = await api.get(f"/webhooks/{made['id']}/deliveries/{items[0]['id']}", world="try")
    assert json.loads(whole["request"]["body"])["data"]["detail"]["name"] == "two"
    assert verified(whole["request"]["headers"], whole["request"]["body"].encode())
    assert await api.delete(f"/webhooks/{made['id']}", world="try") == 204
    assert await api.get(f"/webhooks/{made['id']}") == 200, "main's is another"


async def test_nothing_is_lost_over_a_restart(
    serve: Callable[..., Awaitable[Api]], receiver: Receiver, rules: Rules, tmp_path: Path
) -> None:
    """The hook, its secret and its place are in main's file; what it was not told waits in the history."""
    db = tmp_path / "world.sqlite3"
    engine = await Engine.open(db, origin=ORIGIN, clock="virtual")
    api = await serve(engine, webhook_rules=rules)
    await api.made("/accounts", {"id": "acme", "name": "Acme", "platform": "jet"})
    async with running(api, rules):
        made = await hook(api, receiver, events=["queue.*"])
        await queues(api, "one")
        await receiver.heard(1)
    await queues(api, "two", "three")  # nobody delivers
    await engine.close()
    engine = await Engine.open(db, origin=ORIGIN)
    api = await serve(engine, webhook_rules=rules)
    async with running(api, rules):
        await receiver.heard(3)
        await queues(api, "four")
        await receiver.heard(4)
        assert (await state(api, made["id"], "delivering"))["url"] == receiver.url
    await engine.close()
    assert receiver.names == ["one", "two", "three", "four"]
    assert all(verified(headers, body) for headers, body in receiver.told)


async def test_a_reset_is_told_and_the_hook_stays(api: Api, receiver: Receiver, rules: Rules) -> None:
    async with running(api, rules):
        await hook(api, receiver, events=["queue.*"])
        await api.post("/worlds/main/reset", {"confirm": "main"})
        await receiver.heard(1)
    assert receiver.bodies[0]["type"] == "world.reset"


async def test_what_is_not_allowed_any_more_is_not_reached(api: Api, receiver: Receiver) -> None:
    """The server was started again, without the flag: what was kept gains nothing."""
    async with running(api, Rules()):
        made = await hook(api, receiver)
        await queues(api, "one")
        assert "127.0.0.1 is loopback" in (await state(api, made["id"], "dead"))["why"]
    assert receiver.told == []


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"url": "http://127.0.0.1:1/"}, ["/url"]),
        ({"url": "http://localhost/", "secret": "short", "events": []}, ["/url", "/events", "/secret"]),
        ({"url": "http://example.com/", "events": ["user.added", "User Added", "a.b.c", "\r\n"]}, None),
        ({"url": "http://example.com/", "secret": "whsec_YQ=="}, ["/secret"]),
        ({"url": "http://example.com/", "colour": "red"}, ["/colour"]),
        ({}, ["/url"]),
    ],
)
async def test_what_can_be_none_is_told_at_once(api: Api, body: Any, pointers: list[str] | None) -> None:
    answer = await api.post("/webhooks", body)
    assert answer == 422, answer
    assert [one["pointer"] for one in answer["errors"]] == (pointers or ["/events/1", "/events/2", "/events/3"])
    assert (await api.get("/webhooks"))["items"] == []


async def test_they_are_the_operators(api: Api, receiver: Receiver) -> None:
    made = await hook(api, receiver)
    for method, path in (("GET", "/webhooks"), ("POST", "/webhooks"), ("DELETE", f"/webhooks/{made['id']}")):
        assert await api(method, path, X_Pbxsim_Actor="service-desk") == 403
    assert await api.post("/webhooks?dry_run=true", {"url": receiver.url}) == 200
    assert len((await api.get("/webhooks"))["items"]) == 1


async def test_a_world_has_so_many(api: Api, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    from pbxsim.server import webhooks

    monkeypatch.setattr(webhooks, "MOST", 2)
    await hook(api, receiver)
    await hook(api, receiver)
    assert await api.post("/webhooks", {"url": receiver.url}) == 422


def test_waits_grow_and_differ() -> None:
    patience = Patience()
    least = [patience.wait(tried, 0.0) for tried in range(1, 9)]
    most = [patience.wait(tried, 1.0) for tried in range(1, 9)]
    assert most == [2.0, 8.0, 32.0, 128.0, 512.0, 2048.0, 3600.0, 3600.0]
    assert least == [wait / 2 for wait in most]
