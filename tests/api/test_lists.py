"""Lists: pages, searches, and what others do between two pages."""

from __future__ import annotations

from typing import Any

import pytest

from pbxsim.server import paging
from tests.api.conftest import ACME, Api

KINDS: dict[str, list[dict[str, Any]]] = {
    "users": [{"extension": str(extension)} for extension in (20, 31, 204, 1003, 99999)],
    "devices": [{"model": "yealink-t46s", "mac": f"805ec000000{digit}", "name": f"Desk {digit}"} for digit in "2468a"],
    "callflows": [{"name": name, "root": {"type": "hang-up"}} for name in ("alpha", "Beta", "gamma", "Zeta", "ünder")],
    "numbers": [{"e164": f"+6125550123{digit}"} for digit in "02468"],
    "queues": [{"name": name} for name in ("alpha", "Beta", "gamma", "Zeta", "ünder")],
    "mailboxes": [{"number": number, "name": f"Box {number}"} for number in ("30", "41", "304", "9003", "99998")],
}


async def pages(api: Api, path: str, limit: int = 2, **more: Any) -> list[Any]:
    """Everything, page by page."""
    found: list[Any] = []
    after = ""
    while True:
        answer = await api.get(f"{path}{'&' if '?' in path else '?'}limit={limit}{after}", **more)
        assert answer == 200, answer
        assert len(answer["items"]) <= limit
        found += answer["items"]
        if answer["next"] is None:
            return found
        after = f"&after={answer['next']}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", [1, 2, 1000])
async def test_pages_hold_everything_once_in_order(api: Api, kind: str, limit: int) -> None:
    for body in reversed(KINDS[kind]):
        await api.made(f"{ACME}/{kind}", body)
    whole = (await api.get(f"{ACME}/{kind}"))["items"]
    assert await pages(api, f"{ACME}/{kind}", limit) == whole
    key = next(iter(KINDS[kind][0])) if kind != "devices" else "name"
    wanted = [body[key] for body in KINDS[kind]]
    assert [item[key] for item in whole if item[key] in wanted] == wanted


async def test_a_rename_between_pages_loses_and_repeats_nobody(api: Api) -> None:
    """People are listed by extension: whatever becomes of the last one of a page, the next page is the others."""
    for extension in range(2000, 2010):
        await api.made(f"{ACME}/users", {"extension": str(extension)})
    first = await api.get(f"{ACME}/users?limit=5")
    assert [user["extension"] for user in first["items"]] == ["1001", "1002", "2000", "2001", "2002"]
    await api.patch(f"{ACME}/users/2002", {"first_name": "Zoe", "last_name": "Abel"})
    await api.patch(f"{ACME}/users/2003", {"first_name": "Abe"})
    second = await api.get(f"{ACME}/users?limit=3&after={first['next']}")
    assert [user["extension"] for user in second["items"]] == ["2003", "2004", "2005"]
    await api.delete(f"{ACME}/users/2005")  # the place of the cursor itself
    await api.made(f"{ACME}/users", {"extension": "1500"})  # behind us
    third = await api.get(f"{ACME}/users?limit=100&after={second['next']}")
    assert [user["extension"] for user in third["items"]] == ["2006", "2007", "2008", "2009"]
    assert third["next"] is None


async def test_a_rename_moves_only_the_renamed(api: Api) -> None:
    """Queues are listed by name."""
    for name in "abcdef":
        await api.made(f"{ACME}/queues", {"name": name})
    first = await api.get(f"{ACME}/queues?limit=3")
    moved = first["items"][2]["id"]
    await api.patch(f"{ACME}/queues/{moved}", {"name": "a2"})
    rest = await api.get(f"{ACME}/queues?after={first['next']}")
    assert [queue["name"] for queue in rest["items"]] == ["d", "e", "f"]


SEARCHES = {
    "users?q=smith": ["1002"],
    "users?q=JOHN%20S": ["1002"],
    "users?q=mith": [],
    "users?q=100": ["1001", "1002"],
    "users?q=002": [],
    "users?q=nobody": [],
    "users?q=%CC%81": ["1001", "1002"],
    "users?q=": ["1001", "1002"],
    "devices?q=80:5E:C0": ["80:5e:c0:11:22:33"],
    "devices?q=t46s": ["80:5e:c0:11:22:33"],
    "mailboxes?q=1002": ["1002"],
}


@pytest.mark.parametrize("search", SEARCHES)
async def test_searches(api: Api, search: str) -> None:
    key = {"u": "extension", "d": "mac", "m": "number"}[search[0]]
    assert [item[key] for item in (await api.get(f"{ACME}/{search}"))["items"]] == SEARCHES[search]


async def test_a_search_looks_at_so_many_and_goes_on_behind_them(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page may be empty and have a next one: others are served in between."""
    monkeypatch.setattr(paging, "LOOKED_AT", 3)
    for extension in range(2000, 2010):
        await api.made(f"{ACME}/users", {"extension": str(extension)})
    first = await api.get(f"{ACME}/mailboxes?q=008")
    assert (first["items"], first["next"] is None) == ([], False)
    assert [box["number"] for box in await pages(api, f"{ACME}/mailboxes?q=008")] == ["2008"]


async def test_a_search_for_users_goes_straight_to_them(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Extensions that begin so, in their order; then words of names, in theirs; each user once, on whatever page."""
    monkeypatch.setattr(paging, "LOOKED_AT", 5)
    people = {"2400": "Zoë 24h", "24": "24 24", "300": "24 Hours", "301": "Ola 2400", "302": "Ola"}
    for extension, name in people.items():
        first, _, last = name.partition(" ")
        await api.made(f"{ACME}/users", {"extension": extension, "first_name": first, "last_name": last})
    for limit in (1, 2, 1000):
        found = await pages(api, f"{ACME}/users?q=24", limit)
        assert [user["extension"] for user in found] == ["24", "2400", "300", "301"]
    assert [user["extension"] for user in await pages(api, f"{ACME}/users?q=OLA")] == ["302", "301"]
    assert [user["extension"] for user in await pages(api, f"{ACME}/users?q=zoe")] == ["2400"]


async def test_a_rename_between_pages_of_a_search_loses_and_repeats_nobody_else(api: Api) -> None:
    for number, name in enumerate(("Smart", "Smee", "Smiley", "Smith", "Smythe")):
        await api.made(f"{ACME}/users", {"extension": str(2000 + number), "first_name": "A", "last_name": name})
    first = await api.get(f"{ACME}/users?q=sm&limit=2")
    assert [user["last_name"] for user in first["items"]] == ["Smart", "Smee"]
    await api.patch(f"{ACME}/users/2001", {"last_name": "Abel"})  # the place of the cursor itself
    await api.patch(f"{ACME}/users/2002", {"last_name": "Smoot"})
    await api.patch(f"{ACME}/users/2000", {"first_name": "B"})
    rest = await api.get(f"{ACME}/users?q=sm&after={first['next']}")
    assert [user["last_name"] for user in rest["items"]] == [
        "Smith",
        "Smith",
        "Smoot",
        "Smythe",
    ]  # John Smith, and 2003


async def test_system_users_are_told_apart(api: Api) -> None:
    """U9."""
    for extension in ("2000", "2001"):
        await api.made(f"{ACME}/users", {"extension": extension, "first_name": "Auto", "system": True})

    async def listed(search: str) -> list[str]:
        return [user["extension"] for user in await pages(api, f"{ACME}/users?{search}", 1)]

    assert await listed("system=true") == ["2000", "2001"]
    assert await listed("system=false") == ["1001", "1002"]
    assert await listed("q=20&system=true") == await listed("q=auto") == ["2000", "2001"]
    assert await listed("q=auto&system=false") == []
    await api.patch(f"{ACME}/users/2001", {"system": False})
    assert await listed("system=true") == ["2000"]
    assert await api.get(f"{ACME}/users?system=perhaps") == 422


async def test_messages_are_listed_by_mailbox_and_by_user(api: Api) -> None:
    """U5. A message is found in its own mailbox only."""
    box = f"{ACME}/mailboxes/1002"
    for seconds in (2, 3, 4):
        await api.post(f"{ACME}/calls", {"to": "1002", "from": f"+6140000000{seconds}", "ring": True})
        await api.post("/clock", {"advance": "PT40S"})
    for path in (f"{box}/messages", f"{ACME}/users/1002/messages"):
        callers = [message["caller"] for message in await pages(api, path, 2)]
        assert callers == ["+61400000004", "+61400000003", "+61400000002"]
    id_ = (await api.get(f"{box}/messages?limit=1"))["items"][0]["id"]
    saved = await api.patch(f"{box}/messages/{id_}", {"folder": "saved"})
    assert (saved["folder"], saved["revision"]) == ("saved", 2)
    assert [message["id"] for message in (await api.get(f"{box}/messages?folder=saved"))["items"]] == [id_]
    assert len((await api.get(f"{ACME}/users/1002/messages?folder=new&q=003"))["items"]) == 1
    assert await api.get(f"{ACME}/mailboxes/1001/messages/{id_}") == 404
    assert await api.patch(f"{ACME}/mailboxes/1001/messages/{id_}", {"folder": "new"}) == 404
    assert await api.get(f"{box}/messages?folder=spam") == 422
    assert await api.patch(f"{box}/messages/{id_}", {"folder": "spam", "colour": "red"}) == 422
    assert await api.patch(f"{box}/messages/{id_}", {"folder": "new"}, **{"If-Match": '"1"'}) == 412
    assert await api.delete(f"{box}/messages/{id_}") == 204
    assert (await api.get(f"{box}/messages/{id_}"))["folder"] == "deleted"
    assert await api.delete(f"{box}/messages/{id_}") == 204
    assert await api.get(f"{box}/messages/{id_}") == 404


async def test_a_greeting_has_a_path_of_its_own_and_a_pin_has_none(api: Api) -> None:
    box = f"{ACME}/mailboxes/1002"
    assert (await api.put(f"{box}/greeting", {"greeting": "John is away"})).json == {"greeting": "John is away"}
    assert (await api.get(box))["greeting"] == "John is away"
    assert await api.delete(f"{box}/greeting") == 204
    assert (await api.get(f"{box}/greeting")).json == {"greeting": ""}
    assert await api.put(f"{box}/greeting", {"greeting": 7}) == 422
    await api.patch(box, {"pin": "4711"})
    assert "pin" not in (await api.get(box)).json
    assert await api.post(f"{box}/log-in", {"pin": "0815"}) == 409
    assert await api.post(f"{box}/log-in", {"pin": 4711}) == 422
    assert await api.post(f"{box}/log-in", {"pin": "4711", "voice": "low"}) == 422
    assert await api.post(f"{box}/log-in", {"pin": "4711"}) == 200


async def test_numbers_of_one_status(api: Api) -> None:
    """J12: all AVAILABLE numbers are listed."""
    flow = await api.made(f"{ACME}/callflows", {"name": "Sales", "root": {"type": "hang-up"}})
    await api.made(f"{ACME}/numbers", {"e164": "+61255501230", "callflow": flow["id"]})
    await api.made(f"{ACME}/numbers", {"e164": "+61255501231"})

    async def listed(state: str) -> list[str]:
        return [number["e164"] for number in (await api.get(f"{ACME}/numbers{state}"))["items"]]

    assert await listed("?state=available") == ["+61255501231"]
    assert await listed("?state=active") == ["+61255501230"]
    assert await listed("") == ["+61255501230", "+61255501231"]
    assert await api.get(f"{ACME}/numbers?state=lost") == 422


async def test_accounts_phones_and_worlds_are_lists_too(api: Api) -> None:
    for digit in "123":
        await api.made("/accounts", {"id": f"b{digit}", "name": f"Zed {digit}", "platform": "piston"})
        await api.made("/phones", {"model": "yealink-t46s", "mac": f"805ec000000{int(digit) * 2}"})
        await api.made("/worlds", {"id": f"fork-{digit}"})
    assert [account["id"] for account in await pages(api, "/accounts")] == ["acme", "b1", "b2", "b3"]
    assert [phone["mac"][-2:] for phone in await pages(api, "/phones")] == ["02", "04", "06"]
    assert [world["id"] for world in await pages(api, "/worlds")] == ["fork-1", "fork-2", "fork-3", "main"]
    assert [account["id"] for account in await pages(api, "/accounts?q=zed")] == ["b1", "b2", "b3"]
