"""Callflows, numbers, queues and mailboxes over HTTP, and the calls that go through them."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import ACME, Api

DIAL_JOHN = {"type": "dial", "users": ["1002"]}
DIAL_ANN = {"type": "dial", "users": ["1001"], "seconds": 30, "then": {"type": "hang-up"}}


async def sales(api: Api, **more: Any) -> Any:
    return await api.made(f"{ACME}/callflows", {"name": "Sales", "root": DIAL_JOHN, **more})


async def test_a_callflow_and_its_first_version(api: Api) -> None:
    """Users are named by extension, and shown by id; the version is no draft."""
    made = await sales(api)
    john = (await api.get(f"{ACME}/users/1002"))["id"]
    assert made == {
        "id": made["id"],
        "account": "acme",
        "name": "Sales",
        "status": "AVAILABLE",
        "numbers": [],
        "versions": [
            {
                "version": 1,
                "status": "AVAILABLE",
                "percent": 100,
                "numbers": [],
                "root": {"type": "dial", "users": [john], "seconds": 20, "then": None},
                "revision": 1,
            }
        ],
        "revision": 1,
    }
    renamed = await api.patch(f"{ACME}/callflows/{made['id']}", {"name": "Sales 2"})
    assert (renamed["name"], renamed["revision"]) == ("Sales 2", 2)
    assert await api.delete(f"{ACME}/callflows/{made['id']}") == 204


async def test_what_a_view_shows_may_be_sent_back(api: Api) -> None:
    """A tree with every kind of node."""
    other = await sales(api)
    roots = [
        DIAL_ANN,
        {"type": "ring-group", "users": ["1001", "1002"], "strategy": "in-turn", "then": {"type": "dial"} | DIAL_JOHN},
        {"type": "dial", "users": ["1001"], "then": {"type": "voicemail", "mailbox": "1002"}},
        {"type": "transfer", "callflow": other["id"]},
        {"type": "hang-up"},
    ]
    for root in roots:
        made = await sales(api, root=root)
        shown = made["versions"][0]["root"]
        again = await sales(api, root=shown)
        assert again["versions"][0]["root"] == shown


async def test_an_edit_is_a_draft_and_then_available(api: Api) -> None:
    """J7, J8: it takes every number; the old version stays until it is deleted."""
    flow = await sales(api)
    path = f"{ACME}/callflows/{flow['id']}"
    await api.made(f"{ACME}/numbers", {"e164": "+61255501234", "callflow": flow["id"]})
    assert await api.patch(path, {"root": DIAL_ANN}) == 409
    draft = await api.post(f"{path}/versions", {})
    assert (draft, draft["status"], draft["version"]) == (201, "DRAFT", 2)
    assert draft.headers["Location"] == f"/api/v1{path}/versions/2"
    emptied = await api.patch(f"{path}/versions/2", {"root": {"type": "dial"}})
    assert (emptied["percent"], emptied.headers["ETag"]) == (0, '"2"')
    refused = await api.post(f"{path}/versions/2/make-available")
    assert (refused, refused["rule"], refused["blockers"][0]["kind"]) == (409, "pbx.callflow.incomplete", "node")
    assert await api.put(f"{path}/versions/2", {"root": DIAL_ANN}) == 200
    served = await api.post(f"{path}/versions/2/make-available")
    assert (served["status"], served["numbers"]) == ("ACTIVE", ["+61255501234"])
    assert await api.put(f"{path}/versions/2", {"root": DIAL_JOHN}) == 409
    first, second = (await api.get(f"{path}/versions"))["items"]
    assert (first["status"], second["status"]) == ("AVAILABLE", "ACTIVE")
    refused = await api.delete(f"{path}/versions/2")
    assert (refused, refused["rule"]) == (409, "jet.callflow.delete.active")
    assert await api.delete(f"{path}/versions/1") == 204
    assert await api.get(f"{path}/versions/1") == 404
    assert await api.get(f"{path}/versions/x") == 404
    await api.shows(path, status="ACTIVE", numbers=["+61255501234"])


async def test_reassign(api: Api) -> None:
    """J5: all numbers in one step; the emptied callflow turns AVAILABLE."""
    one, two = await sales(api), await sales(api, name="Support")
    for digit in "01":
        await api.made(f"{ACME}/numbers", {"e164": f"+6125550123{digit}", "callflow": one["id"]})
    answer = await api.post(f"{ACME}/callflows/{one['id']}/reassign", {"to": two["id"], "version": 1})
    assert (answer["id"], answer["numbers"]) == (two["id"], ["+61255501230", "+61255501231"])
    await api.shows(f"{ACME}/callflows/{one['id']}", status="AVAILABLE", numbers=[])
    assert await api.post(f"{ACME}/callflows/{one['id']}/reassign", {"to": "c99"}) == 422
    assert await api.post(f"{ACME}/callflows/{one['id']}/reassign", {}) == 422


async def test_a_numbers_life(api: Api) -> None:
    """J12, J13: national input, a service name, activated without a user, deactivated, assigned, deleted."""
    flow = await sales(api)
    made = await api.post(f"{ACME}/numbers", {"e164": "(02) 5550 1234", "name": "Front"})
    assert made == 201
    number = {
        "id": made["id"],
        "account": "acme",
        "e164": "+61255501234",
        "name": "Front",
        "status": "AVAILABLE",
        "state": "AVAILABLE",
        "callflow": None,
        "version": None,
        "user": None,
        "revision": 1,
    }
    assert made.json == number
    path = f"{ACME}/numbers/+61255501234"
    for spelling in ("+61255501234", "%2B61255501234", "+61%202%205550%201234", "0255501234", made["id"]):
        assert (await api.get(f"{ACME}/numbers/{spelling}")).json == number, spelling
    assert (await api.post(f"{path}/activate", {"name": "Main line"}))["status"] == "ACTIVE"
    await api.shows(path, name="Main line", callflow=None)
    assert (await api.post(f"{path}/assign", {"callflow": flow["id"]}))["callflow"] == flow["id"]
    refused = await api.delete(path)
    assert (refused, refused["rule"]) == (409, "pbx.number.in-use")
    assert (await api.post(f"{path}/assign", {"callflow": None}))["callflow"] is None
    assert await api.post(f"{path}/assign", {}) == 422
    assert await api.post(f"{path}/assign", {"callflow": flow["id"], "name": "x"}) == 422
    assert (await api.patch(path, {"callflow": flow["id"]}))["version"] == 1
    assert (await api.post(f"{path}/deactivate"))["status"] == "AVAILABLE"
    assert await api.delete(path) == 204
    assert await api.get(path) == 404


async def test_pistons_numbers_are_told_apart(bare: Api) -> None:
    """P2, P3: E.164 numbers and extensions in one list; a number must leave before another takes it."""
    await bare.made("/accounts", {"id": "acme", "name": "Acme", "platform": "piston", "country": "AU"})
    await bare.made(f"{ACME}/users", {"extension": "204"})
    await bare.made(f"{ACME}/numbers", {"e164": "+61255501234"})
    (flow,) = (await bare.get(f"{ACME}/callflows"))["items"]
    path = f"{ACME}/callflows/{flow['id']}"
    taken = await bare.patch(path, {"numbers": ["204", "+61255501234"]})
    assert (taken["numbers"], taken["status"]) == (["+61255501234", "204"], "ACTIVE")
    assert (await bare.get(f"{ACME}/callflows/204"))["id"] == flow["id"]
    free = {"name": "FREE", "root": {"type": "hang-up"}, "numbers": ["+61255501234"]}
    refused = await bare.post(f"{ACME}/callflows", free)
    assert (refused, refused["rule"]) == (409, "piston.number.held")
    assert refused["blockers"][0]["request"] == {"method": "PATCH", "path": f"/api/v1{path}"}
    await bare.patch(path, {"numbers": ["204"]})
    assert await bare.post(f"{ACME}/callflows", free) == 201
    assert await bare.patch(path, {"numbers": []}) == 409
    assert await bare.post(f"{path}/versions", {}) == 409


async def test_queues(api: Api) -> None:
    """J4: assigned one by one, or all at once."""
    queue = await api.made(f"{ACME}/queues", {"name": "Demo 1", "members": ["1001"]})
    path = f"{ACME}/queues/{queue['id']}"
    ann, john = [(await api.get(f"{ACME}/users/{extension}")).json for extension in ("1001", "1002")]
    shown = {"account": "acme", "name": "Demo 1", "members": [ann["id"]], "agents": [], "revision": 1}
    shown |= {"strategy": "ring-all"}
    assert queue == {"id": queue["id"], **shown}
    for _ in range(2):
        assert await api.put(f"{path}/members/1002") == 204
    assert (await api.get(f"{path}/members"))["items"] == [
        {"id": ann["id"], "extension": "1001", "name": "Ann Lee", "logged_in": False},
        {"id": john["id"], "extension": "1002", "name": "John Smith", "logged_in": False},
    ]
    assert await api.put(f"{path}/members/9999") == 404
    assert await api.delete(f"{path}/members/1001") == 204
    assert await api.delete(f"{path}/members/{ann['id']}") == 404
    assert (await api.patch(path, {"members": ["1001"], "name": "Demo"}))["members"] == [ann["id"]]
    assert (await api.patch(path, {"members": None}))["members"] == []
    assert await api.delete(path) == 204


async def test_a_member_who_is_gone_can_be_moved_out(bare: Api) -> None:
    """P4: nothing cascades on PISTON, so the queue keeps the dead id."""
    await bare.made("/accounts", {"id": "acme", "name": "Acme", "platform": "piston"})
    user = await bare.made(f"{ACME}/users", {"extension": "204"})
    queue = await bare.made(f"{ACME}/queues", {"name": "Q", "members": ["204"]})
    assert await bare.delete(f"{ACME}/users/204") == 204
    path = f"{ACME}/queues/{queue['id']}/members"
    assert (await bare.get(path))["items"] == [{"id": user["id"], "extension": None, "name": "", "logged_in": False}]
    assert await bare.delete(f"{path}/{user['id']}") == 204
    assert (await bare.get(path))["items"] == []


async def test_mailboxes(api: Api) -> None:
    """P10: "Already Setup" is the mailbox dialog's; the PIN goes in and never comes out."""
    box = await api.made(f"{ACME}/mailboxes", {"number": "5000", "name": "Sales", "owner": "1002", "pin": "4711"})
    assert box.keys() == {"id", "account", "number", "name", "owner", "setup_done", "email", "greeting", "revision"}
    assert box["setup_done"] is True
    assert (await api.patch(f"{ACME}/mailboxes/5000", {"setup_done": False, "owner": None}))["setup_done"] is False
    assert await api.patch(f"{ACME}/mailboxes/5000", {"pin": "47"}) == 422
    assert await api.patch(f"{ACME}/mailboxes/5000", {"pin": "0815"}) == 200
    assert await api.delete(f"{ACME}/mailboxes/{box['id']}") == 204


async def test_a_call_and_its_trace(api: Api) -> None:
    """Where it goes, step by step; nobody picks up where that is asked for."""
    flow = await sales(api, root=DIAL_JOHN | {"then": {"type": "voicemail", "mailbox": "1002"}})
    await api.made(f"{ACME}/numbers", {"e164": "+61255501234", "callflow": flow["id"]})
    app = await api.made(f"{ACME}/users/1002/apps", {"password": "correct horse"})
    call = {"from": "+61400000000", "to": "02 5550 1234"}
    answered = await api.post(f"{ACME}/calls", call)
    assert answered == 200
    assert (answered["from"], answered["outcome"], answered["rings"]) == ("+61400000000", "rings", [app["id"]])
    assert [step["at"] for step in answered["steps"]] == ["number", "version", "dial"]
    in_vain = await api.post(f"{ACME}/calls", call | {"answered": False})
    assert (in_vain["outcome"], in_vain["reaches_somebody"]) == ("voicemail", True)
    nowhere = await api.post(f"{ACME}/calls", {"to": "9999"})
    assert (nowhere["outcome"], nowhere["cause"]) == ("nobody", "number 9999: is not on account acme")
    refused = await api.post(f"{ACME}/calls", {"from": 7, "wherefrom": 1})
    assert [fault["pointer"] for fault in refused["errors"]] == ["/wherefrom", "/from", "/to"]


async def test_reachability(bare: Api) -> None:
    """X3: every destination, the dead ends, and what still names somebody who is gone (P5)."""
    await bare.made("/accounts", {"id": "acme", "name": "Acme", "platform": "piston"})
    user = await bare.made(f"{ACME}/users", {"extension": "204"})
    await bare.made(f"{ACME}/numbers", {"e164": "+61255501234"})
    await bare.delete(f"{ACME}/users/204")
    answer = await bare.get(f"{ACME}/reachability")
    assert [trace["to"] for trace in answer["traces"]] == ["+61255501234", "204"]
    assert answer["dead_ends"] == ["+61255501234"]
    assert {"kind": "node", "name": "dial in 204 1", "gone": user["id"]} in answer["orphans"]
