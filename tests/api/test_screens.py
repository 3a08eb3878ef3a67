"""A phone's picture, lamps and keys over HTTP."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.api.conftest import ACME, Api

PHONE = "/phones/80:5e:c0:11:22:33"
SVG = "{http://www.w3.org/2000/svg}"


async def staged(api: Api) -> None:
    await api.made("/phones", {"device": "acme/805ec0112233"})
    await api.post(f"{PHONE}/power", {"on": True})
    await api.settle()


async def test_the_picture_and_its_tag(api: Api) -> None:
    await staged(api)
    seen = await api.get(f"{PHONE}/screen.svg?time=10:24&width=480")
    assert seen == 200
    assert seen.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert "default-src 'none'" in seen.headers["Content-Security-Policy"]
    root = ElementTree.fromstring(seen.body)
    assert (root.tag, root.get("width")) == (f"{SVG}svg", "480")
    said = [one.text for one in root.iter(f"{SVG}text")]
    assert "John Smith" in said
    assert "10:24" in said
    tag = seen.headers["ETag"]
    path = f"{PHONE}/screen.svg?time=10:24&width=480"
    assert await api.get(path, If_None_Match=tag) == 304
    assert await api.get(path, If_None_Match=f'W/{tag}, "x"') == 304
    assert await api.get(path, If_None_Match='"x"') == 200
    await api.post(f"{PHONE}/power", {"on": False})
    assert await api.get(path, If_None_Match=tag) == 200


@pytest.mark.parametrize("query", ["width=39", "width=4001", "width=1e3", "width=-5", "height=5", "time=aaaaaaaaaaaaa"])
async def test_a_picture_that_cannot_be_drawn(api: Api, query: str) -> None:
    await staged(api)
    assert await api.get(f"{PHONE}/screen.svg?{query}") == 422


async def test_nobodys_picture(api: Api) -> None:
    assert await api.get("/phones/805ec0999999/screen.svg") == 404


async def test_lamps_and_buttons(api: Api) -> None:
    """A BLF key that watches the phone's own user."""
    await api.made(f"{ACME}/blf-keys", {"device": "805ec0112233", "position": 2, "user": "1002"})
    await staged(api)
    idle = (await api.get(PHONE)).json
    assert idle["lamps"] == {"message": "off", "linekey2": "green"}
    line, blf = idle["buttons"]
    assert (line["name"], line["type"], line["label"], line["state"]) == ("linekey1", "line", "John Smith", "idle")
    assert (blf["type"], blf["value"], blf["state"], blf["lamp"]) == ("blf", "1002", "terminated", "green")


async def test_a_fork_has_its_own_picture(api: Api) -> None:
    await staged(api)
    fork = (await api.made("/worlds", {}))["id"]
    assert await api.delete(PHONE) == 204
    assert await api.get(f"{PHONE}/screen.svg") == 404
    assert await api.get(f"//w/{fork}/api/v1{PHONE}/screen.svg") == 200
