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
    "users?q=100": ["1001", "1002"],
    "users?q=nobody": [],
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
    first = await api.get(f"{ACME}/users?q=2008")
    assert (first["items"], first["next"] is None) == ([], False)
    assert [user["extension"] for user in await pages(api, f"{ACME}/users?q=2008")] == ["2008"]


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
