"""Provisioning servers as other projects lay them out: what a phone asks for there, and what it is told.

Only the layout is theirs: paths, who is known by what, which files there are. The contents are written here.
"""

from __future__ import annotations

import re

import pytest
from aiohttp import web

from device_emulator import models
from tests.device_emulator.servers import ACCOUNT, HEAD, Folder, Y, serving
from tests.device_emulator.test_served import AASTRA, M6731, SIP_LINE, look, said

COMMON = "y000000000066.cfg"


class Fusion(Folder):
    """FusionPBX: everything under one path, by Basic; the phone is known by the MAC in the path, and for files of all
    phones by that in its User-Agent. A template prints the time, which is no one's wish (its own does)."""

    def __init__(self, ticking: bool = False) -> None:
        super().__init__()
        self.ticking = ticking
        self.clock = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if not request.path.startswith("/app/provision/"):
            return web.Response(status=404)
        name = request.path.rpartition("/")[2]
        if not request.headers.get("Authorization", "").startswith("Basic "):
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="fusion"'})
        agent = request.headers.get("User-Agent", "").lower().replace("-", "").replace(":", "")
        known = {Y, AASTRA.lower()}
        mac = next((mac for mac in known if mac in name.lower()), next((mac for mac in known if mac in agent), ""))
        if not mac:
            return web.Response(status=404, text="device not found")  # whoever hides his MAC
        self.clock += 1
        stamp = f"# {self.clock}\n" if self.ticking else ""
        files = {
            f"{Y}.boot": HEAD + f'include:config {COMMON}\ninclude:config "{Y}.cfg"\n',
            COMMON: HEAD + stamp + "lang.gui = English\n",
            f"{Y}.cfg": HEAD + stamp + ACCOUNT,
            "aastra.cfg": stamp + "time format: 0     # 1 for 24 hr\n",
            f"{AASTRA}.cfg": stamp + SIP_LINE,
        }
        return web.Response(text=files[name]) if name in files else web.Response(status=404)


class Wazo(Folder):
    """wazo-provd: each plugin's own folder or none, no log-in; the phone is known by its User-Agent and nothing else. A
    phone that it has never seen is given the configuration of one that dials a code to be bound."""

    YEALINK = re.compile(r"^[yY]ealink\s+SIP-(\w+)\s+([\d.]+)\s+([\da-f:]{17})$")
    AASTRA = re.compile(r"^(?:Aastra|Mitel)(\w+) MAC:([^ ]+) V:([^ ]+)-SIP$")

    def __init__(self, *macs: str) -> None:
        super().__init__()
        self.macs = macs

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        agent = request.headers.get("User-Agent", "")
        yealink, aastra = self.YEALINK.match(agent), self.AASTRA.match(agent)
        if yealink:
            mac, files = yealink[3].replace(":", ""), self.of_yealink
        elif aastra:
            mac, files = aastra[2].replace("-", "").lower(), self.of_aastra
        else:
            return web.Response(status=404)  # no phone
        body = files(mac).get(request.path)
        return web.Response(text=body) if body is not None else web.Response(status=404)

    def of_yealink(self, mac: str) -> dict[str, str]:
        own = ACCOUNT if mac in self.macs else ACCOUNT.replace("Bob", "autoprov").replace("204", "ap1234")
        common = HEAD + "sip.notify_reboot_enable = 0\nlang.gui = English\n"
        return {f"/{COMMON}": common, f"/{mac}.cfg": HEAD + own}

    def of_aastra(self, mac: str) -> dict[str, str]:
        own = SIP_LINE if mac in self.macs else SIP_LINE.replace("Bob", "autoprov").replace("204", "ap1234")
        server = "upgrade uri: http://127.0.0.1/Aastra\ntime format: 1\n"
        return {"/Aastra/aastra.cfg": server, f"/Aastra/{mac.upper()}.cfg": own}


# ---- FusionPBX


async def test_a_yealink_at_fusionpbx():
    async with serving(Fusion()) as site:
        boot, found = await look(site.url.replace("/p/", "/app/provision/"), user="u", password="p")
    assert boot.usable
    assert boot.screen.label == "Bob"
    asked = [one.file for one in boot.exchanges if one.purpose == "boot"]
    assert asked == [f"{Y}.boot", f"{Y}.boot", COMMON, f"{Y}.cfg"], "one challenge, and nothing beside the boot file's"
    assert not said(found, "secret-without-authentication")
    assert not said(found, "run-failed")


async def test_without_credentials_the_screen_asks_for_them():
    async with serving(Fusion()) as site:
        boot, found = await look(site.url.replace("/p/", "/app/provision/"))
    assert not boot.usable
    assert boot.screen.prompt is not None
    assert "401" in said(found, "run-failed")


async def test_a_template_that_prints_the_time_there():
    async with serving(Fusion(ticking=True)) as site:
        boot, found = await look(site.url.replace("/p/", "/app/provision/"), user="u", password="p")
    assert boot.usable
    assert "line 2 was" in said(found, "unstable-output")


async def test_an_aastra_at_fusionpbx():
    async with serving(Fusion()) as site:
        url = site.url.replace("/p/", "/app/provision/")
        boot, _ = await look(url, M6731, AASTRA, user="u", password="p")
    assert boot.usable
    assert boot.screen.label == "Bob"
    assert boot.settings["time format"] == "0"
    got = [one.file for one in boot.exchanges if one.purpose == "boot" and one.status == 200]
    assert got == ["aastra.cfg", f"{AASTRA}.cfg"]


async def test_a_phone_that_hides_its_mac_gets_no_common_file_there():
    """`user_agent_mac.enable = 0` from a first run: the file of all phones then says nothing of who asks."""

    class Hiding(Fusion):
        async def answer(self, request: web.Request) -> web.StreamResponse:
            response = await super().answer(request)
            if request.path.endswith(f"/{Y}.cfg") and response.status == 200:
                text = HEAD + ACCOUNT + "static.auto_provision.user_agent_mac.enable = 0\n"
                return web.Response(text=text)
            return response

    async with serving(Hiding()) as site:
        boot, _ = await look(site.url.replace("/p/", "/app/provision/"), user="u", password="p")
    again = {one.file: one.status for one in boot.exchanges if one.purpose == "again" and one.status != 401}
    assert again[COMMON] == 404
    assert again[f"{Y}.cfg"] == 200


# ---- wazo-provd


async def test_a_yealink_at_wazo():
    """No boot files: both are asked for three times, and then the two that there are."""
    async with serving(Wazo(Y)) as site:
        boot, found = await look(site.url.replace("/p/", "/"))
    assert boot.usable
    asked = [one.file for one in boot.exchanges if one.purpose == "boot"]
    assert asked == [f"{Y}.boot"] * 3 + ["y000000000000.boot"] * 3 + [COMMON, f"{Y}.cfg"]
    assert "account.1.password" in said(found, "secret-without-authentication")


async def test_a_phone_that_wazo_has_never_seen():
    async with serving(Wazo()) as site:
        boot, _ = await look(site.url.replace("/p/", "/"))
    assert boot.usable
    assert (boot.screen.label, boot.registrations) == ("autoprov", ("sip:ap1234@pbx.example",))


@pytest.mark.parametrize("staged", ["/Aastra", "/Aastra/"])
async def test_an_aastra_at_wazo_in_its_plugins_folder(staged: str):
    async with serving(Wazo(AASTRA.lower())) as site:
        boot, _ = await look(site.url.replace("/p/", staged), M6731, AASTRA)
    assert boot.usable
    assert boot.screen.label == "Bob"
    got = [one.file for one in boot.exchanges if one.purpose == "boot" and one.status == 200]
    assert got == ["aastra.cfg", f"{AASTRA}.cfg"]


async def test_every_model_is_known_to_wazo_by_what_it_says():
    """Those whose User-Agent its patterns know get their files; nobody else there does."""
    names = (
        "yealink-t28p",
        "yealink-t38g",
        "yealink-t54w",
        "aastra-6731i",
        "aastra-6757i",
        "aastra-6867i",
        "aastra-6920",
    )
    for name in names:
        mac = Y if name.startswith("yealink") else AASTRA
        model = models.find(name)
        site = Wazo(mac.lower())
        common = f"y000000000{model.common}.cfg"
        mine = site.of_yealink
        site.of_yealink = lambda mac, mine=mine, common=common: mine(mac) | {f"/{common}": HEAD + "a = 1\n"}
        async with serving(site):
            url = site.url.replace("/p/", "/" if name.startswith("yealink") else "/Aastra/")
            boot, _ = await look(url, model, mac)
        assert boot.screen.label == "Bob", name
