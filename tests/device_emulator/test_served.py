"""A phone at good servers, at careless ones and at hostile ones: what it finds, and what it lets nobody make it do."""

from __future__ import annotations

import json
import time

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from device_emulator import models
from device_emulator.lint import Finding
from device_emulator.screen import DARK, Screen
from device_emulator.trial import keep, present, runner
from device_emulator.trial.asjson import as_json
from device_emulator.trial.exchanges import Boot, Exchange, Served
from device_emulator.trial.report import document
from device_emulator.trial.served import CHECKS, judge
from tests.device_emulator.servers import ACCOUNT, CERTIFICATE, HEAD, Folder, Y, raw, serving

T46S = models.find("yealink-t46s")
M6731 = models.find("aastra-6731i")
AASTRA = "00085D1610DE"
SIP_LINE = "sip line1 user name: 204\nsip line1 screen name: Bob\nsip line1 registrar ip: pbx.example\n"


async def look(url: str, model=T46S, mac=Y, user="", password="", **how) -> tuple[Boot, list[Finding]]:
    how = runner.How(**{"examine": True, "limits": runner.Limits(timeout=5), **how})
    boot = await runner.boot(model, mac, url, user, password, how=how)
    found = judge(boot, model)
    assert present.report(boot, model, found, everything=True)
    assert document(boot, model, found, 0)
    return boot, found


def said(found: list[Finding], id: str) -> str:
    """The texts of one check's findings; '' if it found nothing."""
    return "\n".join(one.text for one in found if one.id == id)


async def test_a_good_folder():
    async with serving(Folder()) as site:
        boot, found = await look(site.url)
    assert boot.usable
    assert [one.id for one in found if one.level == "error"] == []
    assert [report.outcome for report in boot.reports] == ["applied"]
    purposes = [one.purpose for one in boot.exchanges]
    assert purposes.count("boot") == purposes.count("again"), "the same again after a power cycle"
    assert {one.run for one in boot.served} == {1, 2}
    assert not said(found, "unstable-output")
    assert "account.1.password: served to whoever asks" in said(found, "secret-without-authentication")
    assert "hush" not in repr(document(boot, T46S, found, 0))
    assert "hush" in repr(document(boot, T46S, found, 0, secrets=True))


async def test_with_boot_files_only_what_they_include_is_asked_for():
    site = Folder(**{f"{Y}.boot": HEAD + f"include:config common.cfg\ninclude:config {Y}.cfg\n"})
    site.files["common.cfg"] = HEAD + "lang.gui = English\n"
    async with serving(site):
        boot, found = await look(site.url, examine=False)
    assert site.asked == [f"{Y}.boot", "common.cfg", f"{Y}.cfg"]
    assert boot.usable
    assert not [one for one in found if one.level == "error"]


async def test_the_wrong_case_is_found():
    site = Folder()
    site.files = {f"{Y.upper()}.cfg": HEAD + ACCOUNT}
    async with serving(site):
        boot, found = await look(site.url)
    assert not boot.usable
    assert f"the server has {Y.upper()}.cfg, but the phone asks for {Y}.cfg" in said(found, "wrong-case")
    site.files = {f"{AASTRA.lower()}.cfg": SIP_LINE, "aastra.cfg": "time format: 1\n"}
    async with serving(site):
        boot, found = await look(site.url, M6731, AASTRA)
    assert f"the phone asks for {AASTRA}.cfg" in said(found, "wrong-case")
    assert "gives it no account" in said(found, "no-account")


async def test_output_that_is_never_the_same():
    count = iter(range(10_000))

    class Restless(Folder):
        async def answer(self, request: web.Request) -> web.StreamResponse:
            self.files[f"{Y}.cfg"] = HEAD + f"# {next(count)}\n" + ACCOUNT
            return await super().answer(request)

    async with serving(Restless()) as site:
        boot, found = await look(site.url)
    assert boot.usable
    assert "line 2 was" in said(found, "unstable-output")
    assert not said(found, "reboot-loop")


async def test_a_key_that_restarts_the_phone_and_is_never_the_same():
    count = iter(range(10_000))

    class Restless(Folder):
        async def answer(self, request: web.Request) -> web.StreamResponse:
            self.files[f"{Y}.cfg"] = HEAD + ACCOUNT + f"static.syslog.server = h{next(count)}\n"
            return await super().answer(request)

    async with serving(Restless()) as site:
        boot, found = await look(site.url, limits=runner.Limits(requests=30))
    assert "static.syslog.server changes from fetch to fetch" in said(found, "reboot-loop")
    assert "reboot in a loop" in boot.truncated
    assert len(boot.exchanges) <= 30


async def test_secrets_that_need_a_password_and_secrets_that_only_seem_to():
    site = Folder()
    site.protected = {f"{Y}.boot", f"{Y}.cfg"}
    async with serving(site):
        _, found = await look(site.url, user="me", password="word")
    assert not said(found, "secret-without-authentication")
    site.protected = {f"{Y}.boot"}
    async with serving(site):
        boot, found = await look(site.url, user="me", password="word")
    assert "served without one as well" in said(found, "secret-without-authentication")
    assert [one.purpose for one in boot.exchanges].count("anonymous") == 1


async def test_a_server_that_never_takes_the_password():
    async def never(request: web.Request) -> web.StreamResponse:
        return web.Response(status=401, headers={"WWW-Authenticate": 'Digest realm="r", nonce="n", stale=true'})

    async with serving(Folder(), handler=never) as site:
        boot, found = await look(site.url, user="me", password="word")
    assert "refuses the phone's credentials" in said(found, "run-failed")
    assert len(boot.exchanges) == 2


async def test_redirects_end():
    site = Folder()
    site.redirects[f"{Y}.boot"] = f"{Y}.boot"
    async with serving(site):
        boot, found = await look(site.url)
    assert "more than 5 redirects" in said(found, "run-failed")
    assert len(boot.exchanges) == 6
    assert {one.file for one in boot.exchanges} == {f"{Y}.boot"}


async def test_no_server_makes_it_ask_another_one():
    """By a redirect, an include, a resource or a page: another server hears nothing, and no credentials go there."""
    other, site = Folder(), Folder()
    other.files["book.xml"] = "<Directory/>"
    async with serving(other), serving(site):
        site.protected = {f"{Y}.boot", f"{Y}.cfg"}
        site.redirects[f"{Y}.boot"] = other.url + f"{Y}.boot"
        boot, found = await look(site.url, user="me", password="word")
        assert other.asked == []
        assert "another server; --follow asks it" in said(found, "other-server")
        del site.redirects[f"{Y}.boot"]
        site.files[f"{Y}.cfg"] = HEAD + ACCOUNT + f"remote_phonebook.data.1.url = {other.url}book.xml\n"
        boot, found = await look(site.url, user="me", password="word")
        assert other.asked == []
        assert [one.outcome.partition(":")[0] for one in boot.resources] == ["not fetched"]
        boot, found = await look(site.url, user="me", password="word", follow=True)
        assert other.asked == ["book.xml"]
        assert other.authorizations == [""]
        assert boot.resources[0].outcome == "fetched"
        assert any(site.authorizations)


async def test_addresses_are_listed_and_only_those_of_http_at_the_same_server_are_fetched():
    site = Folder()
    async with serving(site):
        site.files[f"{Y}.cfg"] = (
            f"{HEAD}{ACCOUNT}static.firmware.url = {site.url}$PN.rom\nwallpaper_upload.url = tftp://10.0.0.1/x.png\n"
            f"lcd_logo.url = file:///etc/passwd\nremote_phonebook.data.1.url = {site.url}book.xml\n"
            f"action_url.off_hook = {site.url}off-hook\nlinekey.1.value = {site.url}page.xml\n"
            "ringtone.url = ftp://127.0.0.1/x.wav\nsuper_search.url = http://[::1\n"
        )
        site.files["T46S.rom"] = b"\0" * 300_000
        site.files["book.xml"] = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]><Directory>&d;</Directory>'
        boot, found = await look(site.url)
    outcomes = {one.key: one.outcome for one in boot.resources}
    assert outcomes.pop("static.firmware.url") == "fetched"
    assert outcomes.pop("remote_phonebook.data.1.url") == "fetched"
    assert len(outcomes) == 6
    assert all(outcome.startswith("not fetched") for outcome in outcomes.values())
    assert not {"off-hook", "page.xml", "x.wav"} & set(site.asked)
    rom = next(one for one in boot.resources if one.key == "static.firmware.url")
    assert rom.size == runner.Limits().sample, "nobody needs the whole firmware"
    assert "document type" in said(found, "resource-unreadable")


async def test_a_resource_that_is_not_there():
    site = Folder()
    async with serving(site):
        site.files[f"{Y}.cfg"] = HEAD + ACCOUNT + f"remote_phonebook.data.1.url = {site.url}book.xml\n"
        _, found = await look(site.url)
    assert "the server answered 404" in said(found, "resource-missing")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + HEAD.encode(), "broke off after 18 bytes of the 500"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n" + HEAD.encode(), "broke off after 18 bytes"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "no HTTP"),
        (b"this is no HTTP at all\r\n\r\n", "no HTTP"),
        (b"", "closed the connection"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", "compressed (gzip)"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n", "no HTTP"),
        (b"HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 0\r\n\r\n", "without a usable address"),
        (
            b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
            "without a usable address",
        ),
        (b"HTTP/1.1 302 Found\r\nLocation: http://[::1/\r\nContent-Length: 0\r\n\r\n", "no"),
        (b"HTTP/1.1 503 Busy\r\nRetry-After: 999999\r\nContent-Length: 0\r\n\r\n", "answered 503"),
    ],
)
async def test_a_broken_answer_ends_the_run_with_a_reason(answer, why):
    async with raw(answer) as url:
        boot, found = await look(url)
    assert why in said(found, "run-failed")
    assert not boot.usable
    assert boot.settings == {}


async def test_bodies_and_headers_without_end():
    started = time.monotonic()
    for answer, endless in (
        (b"HTTP/1.1 200 OK\r\n\r\n", b"account.1.label = x\n" * 1000),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", b"x" * 10_000),
        (b"HTTP/1.1 200 OK\r\n", b"X-More: y\r\n" * 1000),
    ):
        async with raw(answer, endless) as url:
            boot, found = await look(url)
        assert said(found, "run-failed")
        assert not boot.settings
    assert time.monotonic() - started < 10


async def test_a_body_that_trickles():
    async def trickle(request: web.Request) -> web.StreamResponse:
        import asyncio

        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"#")
            await asyncio.sleep(0.05)

    async with serving(Folder(), handler=trickle) as site:
        _, found = await look(site.url, limits=runner.Limits(timeout=0.3))
    assert "no answer within 0.3 s" in said(found, "run-failed")


async def test_all_answers_together_are_bounded():
    site = Folder(**{"y000000000066.cfg": HEAD + "#" * 900})
    async with serving(site):
        boot, found = await look(site.url, limits=runner.Limits(body=1000, total=1000))
    assert "all answers together are larger" in said(found, "run-failed")


async def test_a_certificate_of_its_own():
    async with serving(Folder(), tls=True) as site:
        boot, found = await look(site.url)
        assert not boot.usable
        assert "self-signed certificate" in said(found, "certificate")
        assert "the phone refuses it" in said(found, "certificate")
        assert "certificate" in said(found, "run-failed")
        boot, found = await look(site.url, tls=runner.Tls(authorities=str(CERTIFICATE)))
        assert boot.usable
        assert not said(found, "certificate")
        assert not said(found, "secret-in-the-clear")
        boot, found = await look(site.url, tls=runner.Tls(insecure=True))
        assert boot.usable
        boot, _ = await look(site.url.replace("https", "http"))
        assert not boot.usable


async def test_http_to_https_on_the_same_host_is_the_same_server():
    secure, site = Folder(), Folder()
    async with serving(secure, tls=True), serving(site):
        site.redirects = {name: secure.url + name for name in (f"{Y}.boot", "y000000000000.boot", f"{Y}.cfg")}
        boot, found = await look(site.url, tls=runner.Tls(insecure=True))
        assert boot.usable
        assert not said(found, "other-server")
        assert f"{Y}.cfg" in {one.file for one in boot.served}


async def test_what_a_server_says_commands_no_terminal():
    label = "Bob\x1b]0;owned\x07\x1b[2J\u202etxt"
    site = Folder(**{f"{Y}.cfg": HEAD + ACCOUNT.replace("Bob", label)})
    async with serving(site):
        boot, found = await look(site.url)
    text = present.report(boot, T46S, found, everything=True)
    assert all(one.isprintable() for one in text.replace("\n", ""))
    assert "\\x1b]0;owned" in text
    assert "\\u202e" in text


async def test_keys_that_are_gone_since_the_last_time(tmp_path):
    path = tmp_path / "phone.json"
    site = Folder(**{f"{Y}.cfg": HEAD + ACCOUNT + "features.dnd.allow = 1\n"})
    async with serving(site):
        boot, _ = await look(site.url)
        keep.save(path, boot, T46S, None)
        assert path.stat().st_mode & 0o777 == 0o600
        site.files[f"{Y}.cfg"] = HEAD + ACCOUNT
        before = keep.load(path, T46S.name, Y)
        boot, _ = await look(site.url, flash=before.flash)
    text = said(judge(boot, T46S, before), "dropped-key")
    assert "features.dnd.allow is gone: phones that read it keep '1'" in text
    assert text.endswith("in force: '1'")
    site = Folder(**{f"{AASTRA}.cfg": SIP_LINE + "time format: 1\n"})
    async with serving(site):
        boot, _ = await look(site.url, M6731, AASTRA)
        keep.save(tmp_path / "a.json", boot, M6731, None)
        site.files[f"{AASTRA}.cfg"] = SIP_LINE
        before = keep.load(tmp_path / "a.json", M6731.name, AASTRA.lower())
        boot, _ = await look(site.url, M6731, AASTRA, flash=before.flash)
    assert said(judge(boot, M6731, before), "dropped-key").endswith("no longer in force")


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"\xff", b"{" * 5000, b'{"format":1,"model":"x"}'])
def test_a_state_that_is_none_is_refused(tmp_path, body):
    path = tmp_path / "state.json"
    path.write_bytes(body)
    with pytest.raises(keep.BadState, match=r"name another file"):
        keep.load(path, T46S.name, Y)
    assert path.read_bytes() == body


async def test_the_state_of_another_phone_is_refused(tmp_path):
    path = tmp_path / "state.json"
    async with serving(Folder()) as site:
        boot, _ = await look(site.url)
    keep.save(path, boot, T46S, None)
    with pytest.raises(keep.BadState, match="not of a yealink-t54w"):
        keep.load(path, "yealink-t54w", Y)
    assert keep.load(tmp_path / "none.json", T46S.name, Y) is None


async def test_slow_and_absent():
    async with serving(Folder()) as site:
        site.files.clear()
        boot, found = await look(site.url)
    assert f"none of {Y}.boot" in said(found, "run-failed")
    assert not boot.usable
    assert len([one for one in boot.exchanges if one.purpose == "again"]) == 0


async def test_a_common_file_that_is_not_there():
    async with serving(Folder()) as site:
        _, found = await look(site.url)
    assert "y000000000066.cfg is not there" in said(found, "common-missing")


@settings(deadline=None, max_examples=100)
@given(
    bodies=st.lists(
        st.binary(max_size=200) | st.sampled_from([HEAD.encode() + b"a = http://[", b"<a>", b"#!encrypt:"])
    ),
    name=st.sampled_from([f"{Y}.cfg", f"{Y}.boot", "http://h/x", "\x1b", ""]),
    model=st.sampled_from([T46S, M6731]),
)
def test_any_bytes_can_be_judged_and_told(bodies, name, model):
    served = tuple(Served(name, f"http://h/{name}", body, run, False, str(body)) for run, body in enumerate(bodies, 1))
    exchanges = tuple(Exchange("GET", one.url, name, "boot", 1, 200, 1, 1.0, repr(one.body)) for one in served)
    settings_ = {"a": "\udcff", "\x1b": "\x00"}
    screen = Screen(True, rows=("\x1b[2J", "\u202e"), soft_keys=("",))
    boot = Boot(model.name, Y, "http://h/", True, exchanges, (), ("\x1b",), screen, settings_, 1, False, "", served)
    found = judge(boot, model)
    text = present.report(boot, model, found, everything=True)
    assert all(one.isprintable() for one in text.replace("\n", ""))
    assert json.loads(as_json(document(boot, model, found, 0)))["files"] is not None


def test_every_check_says_what_it_is_about():
    ids = [about.id for about, _ in CHECKS]
    assert len(ids) == len(set(ids))
    for about, _ in CHECKS:
        assert about.title
        assert about.source
        assert about.remedy or about.level == "note"


def test_a_screen_as_a_box():
    assert present.box(DARK, T46S) == ["(the display is dark)"]
    screen = Screen(True, rows=("山田", "e\u0301t\u00e9", "Dir  Menu"), soft_keys=("Dir", "Menu"))
    lines = present.box(screen, M6731)
    assert len({present.width(line) for line in lines}) == 1
    assert lines[0].startswith("┌")
    assert any("Dir  Menu" in line for line in lines[-2:])
