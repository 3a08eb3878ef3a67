"""The network, the redirect services and the faults over HTTP: who may, what is never told, and what goes round."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import ACME, Api

MAC = "805ec0112233"
PHONE = f"/phones/{MAC}"
PASSWORD = "hush-7f3a"
WRONG: list[Any] = [
    None,
    5,
    "x",
    [],
    [[]],
    {"66": 5},
    {"66": ["x"]},
    {"999": "http://h/"},
    {"66": ""},
    {"66": "x" * 9999},
]


@pytest.fixture
async def desk(api: Api) -> Api:
    """The phone of 1002 stands on its desk."""
    await api.made("/phones", {"device": f"acme/{MAC}"})
    return api


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/faults", {"faults": []}),
        ("PUT", "/faults", {"faults": [{"kind": "slow"}]}),
        ("DELETE", "/faults", None),
        ("PUT", "/network", {"offers": {"66": "http://h/"}}),
        ("PUT", f"/redirects/{MAC}", {"url": "http://h/"}),
        ("POST", f"{PHONE}/connect", {"offers": {"66": "http://h/"}}),
        ("POST", f"{PHONE}/web", {"path": "/servlet?key=Reset"}),
    ],
)
async def test_a_user_may_change_nothing_around_the_phones(desk: Api, method: str, path: str, body: Any) -> None:
    answer = await desk(method, path, body, X_Pbxsim_Actor="user:acme/1001")
    assert answer == 403, answer
    assert (await desk.get("/faults"))["faults"] == []
    assert (await desk.get("/network"))["offers"] == {}
    assert (await desk.get("/redirects"))["items"] == []


@pytest.mark.parametrize("value", WRONG)
async def test_wrong_values_change_nothing(desk: Api, value: Any) -> None:
    for method, path, body in (
        ("PUT", "/network", {"offers": value}),
        ("POST", f"{PHONE}/connect", {"offers": value or 5}),
        ("PUT", f"/redirects/{MAC}", {"url": value}),
        ("PUT", f"/redirects/{MAC}", {"device": value}),
        ("PUT", "/faults", {"faults": value or 5}),
        ("POST", f"{PHONE}/web", {"path": value}),
        ("POST", f"{PHONE}/web", {"path": "/", "source": value}),
    ):
        if value == "x" and path.endswith("/web"):
            continue  # a path, and an address
        answer = await desk(method, path, body)
        assert 400 <= answer.status < 500, (method, path, body, answer)
    assert (await desk.get("/network"))["offers"] == {}


@pytest.mark.parametrize("login", ["u:{}", "u:p@{}", "u:p@q:{}", "u:{}@p"])
async def test_a_password_in_an_address_is_never_told(desk: Api, login: str) -> None:
    """Nor in part, where it holds an @."""
    url = f"http://{login.format(PASSWORD)}@files.example/x/"
    await desk("PUT", "/network", {"offers": {"66": url}})
    await desk("PUT", f"/redirects/{MAC}", {"url": url})
    await desk.patch(f"{ACME}/devices/{MAC}", {"settings": {"yealink": {"static.auto_provision.server.url": url}}})
    await desk.post(f"{PHONE}/power", {"cycle": True})
    await desk.post("/clock", {"settle": True})
    for path in (
        "/network",
        "/redirects",
        "/phones",
        PHONE,
        f"{PHONE}/screen.svg",
        f"{ACME}/devices/{MAC}",
        f"{ACME}/devices/{MAC}/provisioning",
    ):
        answer = await desk.get(path)
        assert answer == 200, answer
        assert PASSWORD not in answer.body.decode(), path


@pytest.mark.parametrize(
    "url", [f"http://u:{PASSWORD}/@h/", f"file://u:{PASSWORD}@h/", f"http://u:{PASSWORD}@h:99999/"]
)
async def test_nor_when_it_is_refused(desk: Api, url: str) -> None:
    for method, path, body in (
        ("PUT", "/network", {"offers": {"66": url}}),
        ("POST", f"{PHONE}/connect", {"offers": {"66": url}}),
        ("PUT", f"/redirects/{MAC}", {"url": url}),
    ):
        answer = await desk(method, path, body)
        assert answer == 422
        assert PASSWORD not in answer.body.decode()


async def test_a_redirect_goes_round(desk: Api) -> None:
    """What is told is what may be said."""
    for device in (f"acme/{MAC}", "acme/80:5e:c0:11:22:33"):
        told = await desk("PUT", f"/redirects/{MAC}", {"device": device})
        assert told == 200, told
        (listed,) = (await desk.get("/redirects"))["items"]
        assert listed == told.json
        assert (await desk("PUT", f"/redirects/{MAC}", {"device": listed["device"]})).json == listed


async def test_a_list_of_faults_goes_round_when_a_phone_has_gone(desk: Api) -> None:
    wanted = [{"kind": "slow", "phones": [MAC]}, {"kind": "cloned-mac", "phone": MAC}]
    there = (await desk("PUT", "/faults", {"faults": wanted}))["faults"]
    await desk.post("/clock", {"settle": True})
    assert [phone["mac"] for phone in (await desk.get("/phones"))["items"]] == ["80:5e:c0:11:22:33"]  # and no twin
    assert await desk.delete(PHONE) == 204
    again = await desk("PUT", "/faults", {"faults": [*there, {"kind": "no-such-host"}]})
    assert (again, len(again["faults"])) == (200, 3)
    assert await desk("PUT", "/faults", {"faults": there[:1]}) == 200


async def test_a_hot_desk_asks_for_more_than_two_things(desk: Api) -> None:
    settings = {"linekey.5.type": "34", "linekey.5.label": "Desk"}
    await desk.patch(f"{ACME}/devices/{MAC}", {"settings": {"yealink": settings}})
    await desk.post(f"{PHONE}/power", {"cycle": True})
    await desk.post("/clock", {"settle": True})
    await desk.post(f"{PHONE}/press", {"key": "Desk"})
    assert (await desk.get(PHONE))["screen"]["title"] == "Hot Desking"
    typed = await desk.post(f"{PHONE}/login", {"extension": "204", "pin": "Ann", "more": ["secret"]})
    assert typed == 200, typed
    assert (await desk.get(PHONE))["settings"]["account.1.user_name"] == "Ann"
