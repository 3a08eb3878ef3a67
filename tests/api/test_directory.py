"""The directory, BLF keys and staleness over HTTP: what the scenarios do not say."""

from __future__ import annotations

from tests.api.conftest import ACME, Api

DEVICE = f"{ACME}/devices/805ec0112233"
DIRECTORY = f"{ACME}/directory"


async def keep(api: Api) -> None:
    assert await api.patch(ACME, {"policy": {"jet.directory": "kept"}}) == 200


async def test_a_live_directory_is_its_users_and_there_is_nothing_to_change(api: Api) -> None:
    await api.made(f"{ACME}/users", {"extension": "900", "first_name": "Auto", "system": True})
    page = await api.get(f"{DIRECTORY}?limit=1")
    assert [entry["name"] for entry in page["items"]] == ["Ann Lee"]
    page = await api.get(f"{DIRECTORY}?limit=5&after={page['next']}")
    assert ([entry["name"] for entry in page["items"]], page["next"]) == (["John Smith"], None)
    john = (await api.get(f"{ACME}/users/1002"))["id"]
    for key in ("1002", john):
        assert (await api.get(f"{DIRECTORY}/{key}"))["id"] == john
    assert await api.get(f"{DIRECTORY}/900") == 404
    assert await api.patch(f"{DIRECTORY}/{john}", {"name": "Jack"}) == 404
    refused = await api.post(DIRECTORY, {"user": "1002", "name": "Jack"})
    assert (refused, refused["rule"]) == (409, "jet.directory")


async def test_what_is_shown_when_names_are_switched_to_kept_is_kept(api: Api) -> None:
    await keep(api)
    await api.patch(f"{ACME}/users/1002", {"first_name": "Jack"})
    (ann, john) = (await api.get(DIRECTORY))["items"]
    assert (ann["name"], ann["old"], john["name"], john["old"]) == ("Ann Lee", False, "John Smith", True)
    path = f"{DIRECTORY}/{john['id']}"
    assert (await api.get(f"{DIRECTORY}/1002"))["id"] == john["id"]
    assert await api.patch(path, {"name": " "}) == 422
    assert await api.patch(path, {"nickname": "J"}) == 422
    assert await api.patch(path, {"name": "J."}, If_Match='"7"') == 412
    changed = await api.patch(path, {"name": None}, If_Match='"1"')
    assert (changed["name"], changed["old"], changed.headers["ETag"]) == ("Jack Smith", False, '"2"')
    taken = await api.post(DIRECTORY, {"user": "1002"})
    assert (taken, [error["pointer"] for error in taken["errors"]]) == (422, ["/user"])
    assert await api.delete(path) == 204
    assert (await api.made(DIRECTORY, {"user": "1002"}))["name"] == "Jack Smith"
    assert await api.patch(ACME, {"policy": None}) == 200
    assert [entry["name"] for entry in (await api.get(DIRECTORY))["items"]] == ["Ann Lee", "Jack Smith"]


async def test_a_key_by_the_devices_mac_and_what_is_wrong_with_others(api: Api) -> None:
    body = {"device": "80:5E:C0:11:22:33", "position": 2, "user": "1001"}
    key = await api.made(f"{ACME}/blf-keys", body)
    assert (key["label"], key["shows"], key["old"]) == ("", "Ann Lee", False)
    assert await api.post(f"{ACME}/blf-keys", body) == 409
    for wrong in ({"device": "nobody's"}, {"device": 7}, {"position": 1}, {"position": 99}, {"user": "9"}, {"x": 1}):
        assert (await api.post(f"{ACME}/blf-keys", {**body, "position": 3, **wrong})).status in (404, 422), wrong
    changed = await api.patch(f"{ACME}/blf-keys/{key['id']}", {"label": "Front", "position": 4})
    assert (changed["shows"], changed["position"]) == ("Front", 4)
    assert (await api.patch(f"{ACME}/blf-keys/{key['id']}", {"user": None}))["shows"] == ""
    assert await api.delete(f"{ACME}/blf-keys/{key['id']}") == 204


async def test_a_devices_provisioning_tells_how_far_each_name_has_got(api: Api) -> None:
    await api.made("/phones", {"device": "acme/805ec0112233"})
    await api.post("/phones/805ec0112233/power", {"on": True})
    await api.settle()
    await api.patch(f"{ACME}/users/1002", {"first_name": "Jack"})
    told = (await api.get(f"{DEVICE}/provisioning")).json
    assert {item["file"] for item in told["items"]} == {"805ec0112233.cfg", "y000000000066.cfg"}
    label = told["staleness"]["fields"][0]
    assert (label["pbx"], label["screen"], label["stale"]) == ("Jack Smith", "John Smith", True)
    assert await api.get(f"{ACME}/staleness?suggest=nobody") == 404
    assert await api.get(f"{ACME}/staleness?q=x") == 422


async def test_a_rename_that_is_only_tried_warns_of_the_old_address(api: Api) -> None:
    await api.patch(f"{ACME}/mailboxes/1002", {"email": "john@acme.example"})
    tried = await api.patch(f"{ACME}/users/1002?dry_run=true", {"first_name": "Cleo", "last_name": "Day"})
    warning = tried["events"][-1]
    assert (warning["kind"], warning["detail"]["email"]) == ("mailbox.address_kept", "john@acme.example")
