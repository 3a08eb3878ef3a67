"""Calls over HTTP: a look, a call that rings, what is wrong with a body, records page by page."""

from __future__ import annotations

import pytest

from tests.api.conftest import ACME, Api
from tests.api.test_events import listening

CALLS, CDRS = f"{ACME}/calls", f"{ACME}/cdrs"


@pytest.fixture
async def john(api: Api) -> Api:
    """John has an app that rings."""
    await api.made(f"{ACME}/users/1002/apps", {"password": "correct horse"})
    return api


async def test_a_call_rings_is_answered_and_becomes_a_record(john: Api) -> None:
    call = await john.post(CALLS, {"from": "0400 000 000", "to": "1002", "ring": True})
    assert call == 201
    assert call.headers["Location"] == f"/api/v1{CALLS}/{call['id']}"
    assert (call["state"], call["from"], call["legs"][0]["kind"]) == ("ringing", "+61400000000", "app")
    assert (await john.get(CALLS))["items"] == [call.json]
    answered = await john.post(f"{CALLS}/{call['id']}/answer", {"by": "1002"})
    assert (answered["state"], answered["answered_by"], answered["ringing"]) == ("talking", "1002 John Smith", [])
    over = await john.post(f"{CALLS}/{call['id']}/hang-up")
    assert (over["state"], over["outcome"]) == ("over", "answered")
    assert (await john.get(f"{CALLS}/{call['id']}")).json == over.json
    assert (await john.get(CALLS))["items"] == []
    record = await john.get(f"{CDRS}/{call['id']}")
    assert (record["caller"], record["to"], record["answered_by"]) == ("+61400000000", "1002", "1002 John Smith")
    assert (await john.get(CDRS))["items"] == [record.json]


async def test_each_stage_is_an_event(john: Api) -> None:
    async with listening(john) as stream:
        await john.made(CALLS, {"from": "1001", "to": "1002", "ring": True})
        await john.settle()
        kinds = [await stream.event() for _ in range(4)]
    assert [kind for _, kind, _ in kinds] == ["call.placed", "call.ringing", "call.recording", "message.left"]
    assert kinds[0][2]["detail"] == {"from": "1001", "name": "Ann Lee", "to": "1002"}


async def test_a_dry_run_rings_nothing(john: Api) -> None:
    tried = await john.post(f"{CALLS}?dry_run=true", {"to": "1002", "ring": True})
    assert [event["kind"] for event in tried["events"]] == ["call.placed", "call.ringing"]
    assert (await john.get(CALLS))["items"] == []


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"to": "1002", "from": "1999"}, ["/from"]),
        ({"to": ""}, ["/to"]),
        ({"to": "  ", "ring": True, "digits": "a"}, ["/to", "/digits"]),
        ({"to": "1002", "from": "1999", "ring": True}, ["/from"]),
        ({"to": "1002", "ring": True, "answered": True}, ["/answered"]),
        ({"ring": True, "digits": "1a", "wherefrom": 1}, ["/wherefrom", "/digits", "/to"]),
    ],
)
async def test_what_is_wrong_with_a_call(john: Api, body: object, pointers: list[str]) -> None:
    refused = await john.post(CALLS, body)
    assert refused == 422
    assert [fault["pointer"] for fault in refused["errors"]] == pointers


async def test_a_call_that_is_over_or_of_another_account(john: Api) -> None:
    call = await john.made(CALLS, {"to": "1002", "ring": True})
    await john.post(f"{CALLS}/{call['id']}/hang-up")
    assert await john.post(f"{CALLS}/{call['id']}/press", {"digits": "1"}) == 404
    await john.made("/accounts", {"id": "other", "name": "Other", "platform": "jet"})
    assert await john.get(f"/accounts/other/calls/{call['id']}") == 404
    assert await john.get(f"/accounts/other/cdrs/{call['id']}") == 404
    assert await john.get(f"{CALLS}/k99") == 404


async def test_what_does_not_ring_is_not_answered(john: Api) -> None:
    call = await john.made(CALLS, {"to": "1002", "ring": True})
    refused = await john.post(f"{CALLS}/{call['id']}/answer", {"by": "1001"})
    assert (refused.status, refused["rule"], refused["code"]) == (409, "pbx.call.not-ringing", "blocked")


async def test_records_page_by_page_the_newest_first(john: Api) -> None:
    for number in range(3):
        await john.made(CALLS, {"from": f"+6140000000{number}", "to": "1002", "ring": True})
        await john.settle()
    first = await john.get(f"{CDRS}?limit=2")
    second = await john.get(f"{CDRS}?limit=2&after={first['next']}")
    assert [item["caller"][-1] for item in first["items"] + second["items"]] == ["2", "1", "0"]
    assert len((await john.get(f"{CDRS}?q=400000001"))["items"]) == 1
