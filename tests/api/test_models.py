"""Phones of any model over HTTP: added as a device, booted against the server, previewed."""

from __future__ import annotations

import pytest

from device_emulator import models
from device_emulator.trial import runner
from tests.api.conftest import ACME, Api

# One of each dialect and kind of key: before boot files and after, memory keys, none at all, both brands' names.
YEALINK = ["yealink-t28p", "yealink-t19p-e2", "yealink-w60b", "yealink-t77u"]
AASTRA = ["aastra-6755i", "aastra-6863i", "aastra-6940"]
MAC = "805ec0000002"


@pytest.mark.parametrize("name", YEALINK + AASTRA)
async def test_a_device_of_any_model_is_added_and_boots(api: Api, name: str) -> None:
    made = await api.made(f"{ACME}/devices", {"model": name, "mac": MAC, "owner": "1002"})
    acme = api.engine.main.world.accounts["acme"]
    secret = api.engine.main.world.pbx.secrets[made["id"], "provisioning"]
    url = str(api.client.make_url(f"/provision/{acme.key}/"))
    report = await runner.boot(models.find(name), MAC, url, MAC, secret)
    assert report.fetched
    assert report.screen.label == "John Smith"
    fetched = [item["file"] for item in (await api.get(f"{ACME}/devices/{made['id']}/provisioning"))["items"]]
    assert len(fetched) == 2
    for file in fetched:
        preview = await api.get(f"{ACME}/devices/{made['id']}/preview/{file}")
        assert preview == 200
        assert all(setting["layer"] for setting in preview["settings"])


async def test_a_phone_without_keys_watches_nobody(api: Api) -> None:
    made = await api.made(f"{ACME}/devices", {"model": "yealink-w60b", "mac": MAC, "owner": "1002"})
    refused = await api.post(f"{ACME}/blf-keys", {"device": made["id"], "position": 2, "user": "1001"})
    assert refused == 422
    assert "has none beside its line's" in str(refused["errors"])


@pytest.mark.parametrize(
    ("name", "told"),
    [("t46s", "Use yealink-t46s."), ("mitel-6920", "Use aastra-6920."), ("nokia-3310", "of the series yealink-t1x")],
)
async def test_an_unknown_model_is_told_what_is_near_not_all_of_them(api: Api, name: str, told: str) -> None:
    refused = await api.post(f"{ACME}/devices", {"model": name, "mac": MAC})
    (fault,) = refused["errors"]
    assert fault["pointer"] == "/model"
    assert told in fault["message"]
    assert len(fault["message"]) < 400
