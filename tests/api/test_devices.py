"""Devices over HTTP: registrations, check-sync, what was fetched and what would be."""

from __future__ import annotations

import pytest

from tests.api.conftest import ACME, Api

DEVICE = f"{ACME}/devices/805ec0112233"
PHONE = "/phones/805ec0112233"


async def on_a_desk(api: Api) -> None:
    """The Yealink boots and registers."""
    await api.made("/phones", {"device": "acme/805ec0112233"})
    assert await api.post(f"{PHONE}/power", {"on": True}) == 200
    await api.settle()


async def test_a_device_is_added_changed_and_deleted(api: Api) -> None:
    body = {"model": "yealink-t46s", "mac": "80-5E-C0-00-00-02", "owner": "1001", "name": "Ann's"}
    made = await api.made(f"{ACME}/devices", body)
    ann = (await api.get(f"{ACME}/users/1001"))["id"]
    assert made == {
        "id": made["id"],
        "account": "acme",
        "model": "yealink-t46s",
        "mac": "80:5e:c0:00:00:02",
        "name": "Ann's",
        "owner": ann,
        "settings": {},
        "revision": 1,
    }
    for path in (made["id"], "80:5e:c0:00:00:02", "805EC0000002"):
        assert (await api.get(f"{ACME}/devices/{path}")).json == made
    assert (await api.patch(f"{ACME}/devices/{made['id']}", {"owner": None}))["owner"] is None
    assert await api.delete(f"{ACME}/devices/{made['id']}") == 204
    assert await api.get(f"{ACME}/devices/{made['id']}") == 404


async def test_a_mac_that_is_taken(api: Api) -> None:
    refused = await api.post(f"{ACME}/devices", {"model": "yealink-t46s", "mac": "805ec0112233"})
    assert (refused, refused["rule"]) == (409, "pbx.mac.taken")
    (blocker,) = refused["blockers"]
    assert (await api.get(f"{ACME}/devices/{blocker['id']}"))["mac"] == "80:5e:c0:11:22:33"


@pytest.mark.parametrize("more", [{}, {"colour": "red"}])
async def test_an_unknown_model_is_told_with_all_other_faults(api: Api, more: dict[str, str]) -> None:
    body = {"model": "nokia-3310", "mac": "x", "owner": "9999", "settings": {"yealink": {"no key": "1"}}, **more}
    refused = await api.post(f"{ACME}/devices", body)
    assert refused == 422
    found = {fault["pointer"] for fault in refused["errors"]}
    assert found == {"/model", "/mac", "/owner", "/settings/yealink/no key", *(f"/{name}" for name in more)}


async def test_registrations(api: Api) -> None:
    """Support ends one (J3a): the PBX then knows of none, whatever the phone believes."""
    await on_a_desk(api)
    (binding,) = (await api.get(f"{DEVICE}/registrations"))["items"]
    assert binding["contact"].endswith("@805ec0112233.phone")
    assert binding["user_agent"].startswith("Yealink SIP-T46S")
    assert binding["since"] < binding["expires"]
    assert await api.delete(f"{DEVICE}/registrations", X_Pbxsim_Actor="user:acme/1002") == 403
    assert await api.delete(f"{DEVICE}/registrations", X_Pbxsim_Actor="service-desk") == 204
    assert await api.delete(f"{DEVICE}/registrations") == 404
    assert (await api.get(f"{DEVICE}/registrations"))["items"] == []
    await api.shows(PHONE, registered=True)


async def test_check_sync_shows_the_new_name(api: Api) -> None:
    """The phone fetches; no power cycle is needed."""
    await on_a_desk(api)
    await api.patch(f"{ACME}/users/1002", {"first_name": "Jane"})
    assert (await api.get(PHONE))["screen"]["label"] == "John Smith"
    assert await api.post(f"{DEVICE}/sync", {"reboot": False}) == 200
    await api.settle()
    assert (await api.get(PHONE))["screen"]["label"] == "Jane Smith"
    assert await api.post(f"{DEVICE}/sync", {"reboot": "no"}) == 422


async def test_what_it_has_fetched(api: Api) -> None:
    assert (await api.get(f"{DEVICE}/provisioning"))["items"] == []
    await on_a_desk(api)
    common, own = sorted(
        (await api.get(f"{DEVICE}/provisioning"))["items"], key=lambda item: item["file"], reverse=True
    )
    assert (common["file"], own["file"]) == ("y000000000066.cfg", "805ec0112233.cfg")
    for item in (common, own):
        assert item.keys() == {"file", "time", "status", "etag"}
        assert item["status"] == 200


async def test_a_preview_says_where_each_value_comes_from(api: Api) -> None:
    await api.patch(ACME, {"settings": {"yealink": {"lang.gui": "German"}}})
    await api.patch(DEVICE, {"settings": {"yealink": {"account.1.label": "Desk 7"}}})
    own = await api.get(f"{DEVICE}/preview/805ec0112233.cfg")
    layers = {item["key"]: (item["value"], item["layer"]) for item in own["settings"]}
    assert layers["account.1.label"] == ("Desk 7", "device")
    assert layers["account.1.display_name"] == ("John Smith", "vendor")
    common = await api.get(f"{DEVICE}/preview/y000000000066.cfg")
    layers = {item["key"]: (item["value"], item["layer"]) for item in common["settings"]}
    assert layers["lang.gui"] == ("German", "account")
    assert "account.1.label = Desk 7\n" in own["text"]


async def test_a_preview_shows_no_secret(api: Api) -> None:
    """Not the device's own, wherever it is put, and nothing under a key that is named like one."""
    world = api.engine.main.world
    device = world.accounts["acme"].devices["805ec0112233"]
    sip, fetch = (world.pbx.secrets[device.id, purpose] for purpose in ("sip", "provisioning"))
    overrides = {
        "account.1.label": f"my {sip} label",
        "security.user_password": "admin:hunter2",
        "auto_provision.server.url": "http://joe:hunter2@elsewhere.example/",
        "phone_setting.lock.pin": "1234",
    }
    await api.patch(DEVICE, {"settings": {"yealink": overrides}})
    text = (await api.get(f"{DEVICE}/preview/805ec0112233.cfg")).body.decode()
    assert not [secret for secret in (sip, fetch, "hunter2", "1234") if secret in text]
    assert "account.1.password = ********" in text
    assert "http://***@elsewhere.example/" in text


@pytest.mark.parametrize("name", ["805ec0112233.boot", "x.cfg", "000000000000.cfg", "..%2Fx", "805ec0112233-local.cfg"])
async def test_no_preview_of_what_it_would_not_get(api: Api, name: str) -> None:
    assert await api.get(f"{DEVICE}/preview/{name}") == 404


async def test_a_preview_of_a_boot_file(api: Api) -> None:
    await api.patch(ACME, {"policy": {"jet.provisioning.boot-files": True}})
    answer = await api.get(f"{DEVICE}/preview/805ec0112233.boot")
    assert 'include:config "805ec0112233.cfg"' in answer["text"]
    assert answer["settings"] == []


async def test_a_preview_of_a_frozen_file_is_the_frozen_file(bare: Api) -> None:
    """PISTON renders at a save: an account's new settings wait for the next one."""
    await bare.made("/accounts", {"id": "acme", "name": "Acme", "platform": "piston"})
    await bare.made(f"{ACME}/users", {"extension": "204", "first_name": "Ann"})
    await bare.made(f"{ACME}/devices", {"model": "yealink-t46s", "mac": "805ec0112233", "owner": "204"})
    await bare.patch(ACME, {"settings": {"yealink": {"account.1.label": "Over"}}})
    answer = await bare.get(f"{DEVICE}/preview/805ec0112233.cfg")
    (label,) = [item for item in answer["settings"] if item["key"] == "account.1.label"]
    assert (answer["mode"], label["value"]) == ("at_save", "Ann")
    await bare.patch(f"{ACME}/users/204", {})
    answer = await bare.get(f"{DEVICE}/preview/805ec0112233.cfg")
    (label,) = [item for item in answer["settings"] if item["key"] == "account.1.label"]
    assert (label["value"], label["layer"]) == ("Over", "account")


async def test_before_a_log_in_an_aastra_has_no_file_of_its_own(bare: Api) -> None:
    await bare.made("/accounts", {"id": "acme", "name": "Acme", "platform": "piston"})
    await bare.made(f"{ACME}/devices", {"model": "aastra-6731i", "mac": "00085d1610de"})
    assert await bare.get(f"{ACME}/devices/00085d1610de/preview/00085D1610DE.cfg") == 404
    assert (await bare.get(f"{ACME}/devices/00085d1610de/preview/aastra.cfg"))["mode"] == "at_login"
