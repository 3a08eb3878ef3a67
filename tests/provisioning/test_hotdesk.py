"""Log-in and log-out at an Aastra (workflow P12), page by page, and what the phone makes of it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from provisioning.messages import Downloaded, FileDropped, FileFrozen, LogInAsked, LogOutAsked, Missed
from provisioning.plan import LogIn

FILE = "00085D112233.cfg"
BASE = "http://127.0.0.1/provision/acme/"
HOSTILE = 'Ann <&> "O\'Hara" ]]> # {{ x }}\n&evil;'


@pytest.fixture
def desk(desk_of, aastra, john):
    desk = desk_of(replace(aastra, mode="at_login"))
    desk.log_in = LogIn("ok", "u1", john)
    return desk


def xml(response):
    assert response.status == 200
    assert dict(response.headers)["Content-Type"] == "text/xml; charset=utf-8"
    return ElementTree.fromstring(response.body)


def items(page):
    assert page.tag == "AastraIPPhoneConfiguration"
    return {item.findtext("Parameter"): item.findtext("Value") for item in page}


def run(desk, page):
    """Everything that a page sets, its Execute items fetched in order; what else comes up is returned last."""
    settings, shown = {}, page
    if page.tag == "AastraIPPhoneExecute":
        for item in page:
            if item.get("URI").startswith("Command:"):
                continue
            more, shown = run(desk, xml(desk.ask(item.get("URI"))))
            settings |= more
    elif page.tag == "AastraIPPhoneConfiguration":
        settings, shown = items(page), None
    return settings, shown


def test_the_prompt_asks_for_extension_and_password(desk):
    page = xml(desk.ask("xml/startup"))
    assert page.tag == "AastraIPPhoneInputScreen"
    assert page.get("LockIn") == "yes"
    assert page.findtext("Title") == "Initial Startup"
    assert page.findtext("URL") == BASE + "xml/login"
    fields = [(field.findtext("Prompt"), field.findtext("Parameter"), field.get("password")) for field in page[2:]]
    assert fields == [("Extension", "user", "no"), ("Password", "password", "yes")]
    assert desk.effects == ()


def test_a_log_in_writes_the_file_and_sets_the_same_pairs_at_once(desk):
    set_now = items(xml(desk.ask("xml/login?user=204&password=1234")))
    assert desk.effects == (LogInAsked("d2", "u1", False), FileFrozen("d2", FILE, desk.files["d2", FILE]))
    assert set_now["sip line1 screen name"] == "John Smith"
    assert set_now["sip line1 password"] == "s3cret"
    assert set_now["action uri startup"] == ""
    assert set_now["prgkey1 label"] == "Log Out"
    assert set_now["prgkey1 value"] == BASE + "xml/logout"
    fetched = desk.ask(FILE)
    assert [type(effect) for effect in desk.effects] == [Downloaded]
    lines = fetched.body.decode().splitlines()
    assert lines == [f"{key}: {value}".rstrip() for key, value in set_now.items()]


def test_a_power_cycle_shows_the_old_name_and_a_new_log_in_the_new_one(desk, john):
    desk.ask("xml/login?user=204&password=1234")
    desk.log_in = LogIn("ok", "u1", replace(john, label="Unused Phone"))
    assert b"screen name: John Smith\n" in desk.ask(FILE).body
    desk.ask("xml/logout")
    assert desk.ask(FILE).status == 404
    desk.ask("xml/login?user=204&password=1234")
    assert b"screen name: Unused Phone\n" in desk.ask(FILE).body


@pytest.mark.parametrize("log_in", [None, LogIn("wrong"), LogIn("ok", "u1", None)])
def test_a_wrong_pin_says_so_and_leads_back(desk, log_in):
    desk.log_in = log_in
    page = xml(desk.ask("xml/login?user=204&password=0000"))
    assert page.tag == "AastraIPPhoneTextScreen"
    assert (page.findtext("Title"), page.findtext("Text")) == ("Authentication failed", "Wrong credentials.")
    assert page.get("doneAction") == BASE + "xml/startup"
    assert (page.findtext("SoftKey/Label"), page.findtext("SoftKey/URI")) == ("Retry", BASE + "xml/startup")
    guessed = log_in is None or log_in.outcome == "wrong"
    assert desk.effects == ((Missed("192.0.2.7", "acme"),) if guessed else ()), "whoever guesses at PINs is counted"
    assert desk.files == {}


def test_an_extension_in_use_can_be_taken_over(desk, john):
    desk.log_in = LogIn("in_use", where="6731i <Lobby>")
    page = xml(desk.ask("xml/login?user=204&password=1%26%23"))
    assert page.findtext("Text") == "Extension already in use on 6731i <Lobby>"
    override, close = page.findall("SoftKey")
    assert (close.findtext("Label"), close.findtext("URI")) == ("Close", BASE + "xml/startup")
    assert override.findtext("Label") == "Override"
    target = urlsplit(override.findtext("URI"))
    assert parse_qs(target.query) == {"user": ["204"], "password": ["1&#"], "override": ["1"]}
    desk.log_in = LogIn("ok", "u1", john)
    assert desk.ask(override.findtext("URI")).status == 200
    assert desk.effects[0] == LogInAsked("d2", "u1", True)


def test_a_log_out_takes_back_what_the_log_in_set(desk):
    desk.ask("xml/login?user=204&password=1234")
    keys = set(items(xml(desk.ask("xml/login?user=204&password=1234"))))
    page = xml(desk.ask("xml/logout"))
    assert [type(effect) for effect in desk.effects] == [FileFrozen, FileDropped, LogOutAsked]
    assert desk.effects[1:] == (FileDropped("d2", FILE), LogOutAsked("d2"))
    settings, prompt = run(desk, page)
    assert set(settings) == keys
    assert settings["sip line1 user name"] == "XXNAXX"
    assert settings["action uri startup"] == BASE + "xml/startup"
    assert settings["sip line1 screen name"] == ""
    assert settings["prgkey1 type"] == ""
    assert prompt.tag == "AastraIPPhoneInputScreen"
    assert desk.files == {}  # the prompt is up: nothing is kept


OLD = {"User-Agent": "Aastra57i MAC:00-08-5D-11-22-33 V:2.4.1.37-SIP"}


@pytest.mark.parametrize(
    ("version", "command"),
    [("2.4.1.37", "Command: FastReboot"), ("2.0.1.1055", "Command: Reset"), ("2.5.0.30", None), ("3.3.1.4322", None)],
)
def test_a_phone_without_dynamic_sip_reboots_to_read_what_the_log_in_wrote(desk, version, command):
    page = xml(
        desk.ask(
            "xml/login?user=204&password=1234", headers={"User-Agent": OLD["User-Agent"].replace("2.4.1.37", version)}
        )
    )
    assert ("d2", FILE) in desk.files
    if command is None:
        assert page.tag == "AastraIPPhoneConfiguration"
    else:
        assert [item.get("URI") for item in page] == [command]


def test_a_phone_without_dynamic_sip_reboots_to_log_out(desk):
    desk.ask("xml/login?user=204&password=1234", headers=OLD)
    page = xml(desk.ask("xml/logout", headers=OLD))
    assert [item.get("URI") for item in page][-2:] == ["Command: ClearLocal", "Command: FastReboot"]
    assert desk.effects == (FileDropped("d2", FILE), LogOutAsked("d2"))
    assert desk.files == {}


def test_a_log_out_leaves_no_numbers_of_the_visitors_behind(desk):
    desk.ask("xml/login?user=204&password=1234")
    uris = [item.get("URI") for item in xml(desk.ask("xml/logout"))]
    assert uris[:3] == ["Command: ClearCallersList", "Command: ClearDirectory", "Command: ClearRedialList"]


def test_what_is_not_a_page_takes_the_page_away_that_it_answers(desk):
    assert xml(desk.ask("xml/login?user=204&password=1234")).get("triggerDestroyOnExit") == "yes"
    assert xml(desk.ask("xml/logout")).get("triggerDestroyOnExit") == "yes"
    assert xml(desk.ask("xml/startup")).get("destroyOnExit") == "yes"


def test_a_second_log_out_only_brings_the_prompt(desk):
    page = xml(desk.ask("xml/logout"))
    assert desk.effects == (LogOutAsked("d2"),)
    assert run(desk, page)[0] == {}
    assert run(desk, page)[1].tag == "AastraIPPhoneInputScreen"


def test_more_settings_than_one_object_holds_come_in_pages(desk):
    extra = tuple((f"softkey{n} label", f"<{n}> & co") for n in range(1, 51))
    desk.plan = replace(desk.plan, model="aastra-6867i", device_settings=extra)
    page = xml(desk.ask("xml/login?user=204&password=1234"))
    assert [item.get("URI") for item in page] == [f"{BASE}xml/config?page={n}" for n in (1, 2, 3)]
    assert all(len(xml(desk.ask(item.get("URI")))) <= 30 for item in page)
    settings, _ = run(desk, page)
    assert settings["softkey50 label"] == "<50> & co"
    assert settings["topsoftkey1 label"] == "Log Out"
    taken_back, prompt = run(desk, xml(desk.ask("xml/logout")))  # in pages, cut after the file is gone
    assert set(taken_back) == set(settings)
    assert taken_back["softkey50 label"] == ""
    assert prompt.tag == "AastraIPPhoneInputScreen"


@pytest.mark.parametrize("page", ["config", "reset"])
@pytest.mark.parametrize("number", ["", "?page=0", "?page=99", "?page=x"])
def test_pages_that_nobody_needs_are_404(desk, page, number):
    assert desk.ask(f"xml/{page}{number}").status == 404


@pytest.mark.parametrize("page", ["startup", "login?user=204&password=1234", "logout", "config?page=1", "reset?page=1"])
@pytest.mark.parametrize("change", [{"mode": "live"}, {"mode": "at_save"}, {"model": "yealink-t46s"}])
def test_there_are_no_pages_without_a_log_in(desk, page, change):
    desk.plan = replace(desk.plan, **change)
    assert desk.ask(f"xml/{page}").status == 404
    assert desk.effects == ()


def test_looking_is_not_logging_in(desk):
    assert desk.ask("xml/login?user=204&password=1234", "HEAD").body == b""
    assert desk.effects == ()
    assert desk.ask("xml/login?user=204&password=1234", "POST").status == 405
    assert desk.effects == ()
    assert desk.files == {}


def test_a_hostile_name_stays_one_value_in_file_and_xml(desk, john):
    desk.log_in = LogIn("ok", "u1", replace(john, label=HOSTILE, display_name=HOSTILE))
    set_now = items(xml(desk.ask("xml/login?user=204&password=1234")))
    assert set_now["sip line1 screen name"] == "Ann <&> 'O'Hara' ]]> # {{ x }} &evil;"
    assert f'sip line1 screen name: "{set_now["sip line1 screen name"]}"\n' in desk.ask(FILE).body.decode()
    desk.log_in = LogIn("in_use", where=HOSTILE)
    text = xml(desk.ask("xml/login?user=204&password=1234")).findtext("Text")
    assert text == 'Extension already in use on Ann <&> "O\'Hara" ]]> # {{ x }} &evil;'


def test_a_real_phone_ends_up_where_a_reboot_would_put_it(desk):
    """Set at once or read at the next boot, logged in or out again: the firmware's settings are the same."""
    firmware = pytest.importorskip("device_emulator.firmware.aastra")
    contract = pytest.importorskip("device_emulator.firmware.contract")
    hardware = pytest.importorskip("device_emulator.models").find("aastra-6731i")

    def booted():
        found = tuple(
            contract.Fetched(name, answer.body if (answer := desk.ask(name)).status == 200 else None)
            for name in ("aastra.cfg", FILE)
        )
        return firmware.finish(hardware, contract.Flash(), found, False).flash

    def applied(flash, url):
        match firmware.read_answer(hardware, desk.ask(url).body, BASE + url):
            case contract.Configure(pairs):
                return firmware.configure(hardware, flash, contract.Configure(pairs))
            case contract.Execute(uris):
                for uri in uris:
                    flash = flash if uri.startswith("Command:") else applied(flash, uri)
        return flash

    def accounts(flash):
        return firmware.accounts(hardware, flash.settings)

    logged_out = booted()
    assert [(line.label, line.server) for line in accounts(logged_out)] == [("XXNAXX", "")]
    assert firmware.after_boot(hardware, "00085d112233", logged_out.settings) == (BASE + "xml/startup",)
    logged_in = applied(logged_out, "xml/login?user=204&password=1234")
    assert logged_in.settings.dict() == booted().settings.dict()
    assert [(line.label, line.server) for line in accounts(logged_in)] == [("John Smith", "pbx.example.org")]
    assert firmware.after_boot(hardware, "00085d112233", logged_in.settings) == ()
    (key,) = firmware.keys(hardware, logged_in.settings)
    assert (key.name, key.label) == ("prgkey1", "Log Out")
    again = applied(logged_in, key.value)
    assert again.settings.dict() == logged_out.settings.dict() == booted().settings.dict()
