"""Secrets among configuration keys: written, rendered for the phone that may have them, and never shown again."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from tests.api.conftest import ACME, Api
from tests.api.test_events import listening

MASK = "********"
CANARY = "canary-7f3a"
SECRETS = {
    "account.1.password": f"{CANARY}-1",
    "static.wifi.1.password": f"{CANARY}-2",
    "network.wpa_psk": f"{CANARY}-3",
    "security.client_secret": f"{CANARY}-4",
    "static.auto_provision.aes_key.com": f"{CANARY}-5",
    "static.auto_provision.server.url": f"http://u:{CANARY}@files.example/",
}
PLAIN = {"account.1.label": "Desk"}
DEVICE = f"{ACME}/devices/805ec0112233"
HIDDEN = dict.fromkeys(SECRETS, MASK) | {"static.auto_provision.server.url": "http://***@files.example/"}


@pytest.fixture
async def told(api: Api) -> Api:
    """An account and a device with secrets of every kind."""
    for path in (ACME, DEVICE):
        changed = await api.patch(path, {"settings": {"yealink": SECRETS | PLAIN}})
        assert changed == 200, changed
        assert changed["settings"] == {"yealink": HIDDEN | PLAIN}
        assert CANARY not in changed.body.decode()
    return api


async def the_file(api: Api) -> str:
    """The device's own file, for the phone that may have it."""
    staging = await api.get(f"{DEVICE}/staging")
    credentials = b64encode(f"{staging['username']}:{staging['password']}".encode()).decode()
    path = staging["url"].partition("/provision")[2]
    agent = "Yealink SIP-T46S 66.86.0.15 80:5e:c0:11:22:33"
    found = await api.get(f"//provision{path}805ec0112233.cfg", Authorization=f"Basic {credentials}", User_Agent=agent)
    assert found == 200, found
    return found.body.decode()


async def test_no_answer_holds_a_secret(told: Api) -> None:
    await told.made("/phones", {"device": "acme/805ec0112233"})
    await told.made(
        f"{ACME}/devices", {"model": "yealink-t46s", "mac": "805ec0112234", "settings": {"yealink": SECRETS}}
    )
    account = await told.made(
        "/accounts", {"id": "other", "name": "Other", "platform": "jet", "settings": {"yealink": SECRETS}}
    )
    assert account["settings"] == {"yealink": HIDDEN}
    for path in (
        "/accounts",
        "/accounts/other",
        ACME,
        f"{ACME}/devices",
        DEVICE,
        f"{DEVICE}/preview/805ec0112233.cfg",
        f"{DEVICE}/provisioning",
        "/phones",
        "/phones/805ec0112233",
        f"{ACME}/staleness",
        "/events?limit=500",
    ):
        answer = await told.get(path)
        assert CANARY not in answer.body.decode(), path
    tried = await told.patch(f"{DEVICE}?dry_run=true", {"settings": {"yealink": {"account.1.password": "x" + CANARY}}})
    assert CANARY not in tried.body.decode()
    world = told.engine.main.world
    assert CANARY not in repr(world.history)


async def test_no_event_holds_a_secret(told: Api) -> None:
    async with listening(told) as stream:
        for path in (ACME, DEVICE):
            await told.patch(path, {"settings": {"yealink": {"account.1.password": f"{CANARY}-new"}}})
            _, kind, event = await stream.event()
            assert kind.endswith(".updated")
            before, after = event["detail"]["settings"]
            assert CANARY not in json.dumps(event)
            assert before == after, "that a secret has changed is all that is said"


async def test_a_request_holds_it_for_the_service_desk_and_shows_it_to_nobody(bare: Api) -> None:
    await bare.made("/accounts", {"id": "acme", "name": "Acme", "platform": "customer-portal"})
    wanted = {"model": "yealink-t46s", "mac": "805ec0112233", "settings": {"yealink": SECRETS}}
    request = await bare.made(f"{ACME}/requests", {"kind": "add-device", "wanted": wanted})
    assert request["wanted"]["settings"] == {"yealink": HIDDEN}
    assert CANARY not in (await bare.get(f"{ACME}/requests")).body.decode()
    assert await bare.post(f"{ACME}/requests/{request['id']}/fulfil", {}) == 200
    assert f"account.1.password = {CANARY}-1\n" in await the_file(bare)


async def test_the_phone_gets_them(told: Api) -> None:
    file = await the_file(told)
    for key, value in SECRETS.items():
        assert f"{key} = {value}\n" in file, key


@pytest.mark.parametrize("path", [DEVICE, ACME])
async def test_what_is_written_back_as_it_was_read_is_kept(told: Api, path: str) -> None:
    """A client that reads, changes one key and writes all of it; or only that one."""
    read: dict[str, Any] = (await told.get(path))["settings"]
    read["yealink"]["account.1.label"] = "Front desk"
    assert await told.patch(path, {"settings": read}) == 200
    assert await told.patch(path, {"settings": {"yealink": {"account.1.display_name": "Anna"}}}) == 200
    file = await the_file(told)
    assert "account.1.display_name = Anna\n" in file
    assert [key for key, value in SECRETS.items() if f"{key} = {value}\n" not in file] == []
    gone = {"yealink": {"network.wpa_psk": None, "account.1.password": "another"}}
    changed = await told.patch(path, {"settings": gone})
    assert "network.wpa_psk" not in changed["settings"]["yealink"]


async def test_a_mask_before_nothing_is_refused(told: Api) -> None:
    for path, body in (
        (DEVICE, {"settings": {"yealink": {"account.2.password": MASK}}}),
        (ACME, {"settings": {"aastra": {"sip line1 password": MASK}}}),
    ):
        refused = await told.patch(path, body)
        assert refused == 422, refused
        assert [fault["pointer"].rpartition("/")[2] for fault in refused["errors"]] == [
            next(iter(next(iter(body["settings"].values()))))
        ]
