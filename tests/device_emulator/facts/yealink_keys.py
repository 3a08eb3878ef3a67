"""Yealink: the keys beside the display, and hot desking by one of them."""

from __future__ import annotations

from device_emulator import models
from device_emulator.firmware import yealink_key_facts as known
from device_emulator.phone import new
from tests.device_emulator.desk import World, yealink, yealink_file
from tests.device_emulator.facts.proofs import proves
from tests.device_emulator.facts.yealinks import MAC, OWN, common, said, there

ALL = tuple(f"hotdesking.dsskey_{name}_enable = 1" for name in ["register_name", "username", "password"])


@proves(known.TYPES)
def the_type_of_a_key_is_a_number() -> None:
    codes = {1: "16", 2: "34", 3: "27", 4: "0", 5: "999", 6: "40"}
    desk = there(*(f"linekey.{number}.type = {code}" for number, code in codes.items()))
    types = [(key.name, key.type) for key in desk.phone.keys]
    assert types == [
        ("linekey1", "blf"),
        ("linekey2", "hotdesk"),
        ("linekey3", "xml"),
        ("linekey5", "999"),
        ("linekey6", "prefix"),
    ]


@proves(known.LINE_INDEX)
def a_line_key_counts_accounts_from_one() -> None:
    desk = there("linekey.3.type = 15", "linekey.3.line = 1")
    assert [(key.name, key.value) for key in desk.phone.keys] == [("linekey3", "1")]
    (button,) = [one for one in desk.phone.buttons if one.name == "linekey3"]
    assert button.label == "Bob"
    old = World(new(models.find("yealink-t38g"), MAC))
    old.stage()
    old.files[OWN] = yealink_file(linekey__3__type="15", linekey__3__line="0")
    old.plug_in()
    assert [key.value for key in old.phone.keys] == ["1"]


@proves(known.HOT_CLEARS, known.HOT_LINE)
def the_hot_desking_key_clears_every_account_and_registers_whoever_answers() -> None:
    desk = yealink()
    desk.files[OWN] = yealink_file(account__2__enable="1", account__2__user_name="205")
    common(desk, "linekey.9.type = 34", "account.2.sip_server.1.address = pbx.example")
    desk.plug_in()
    assert desk.aors == {"sip:204@pbx.example", "sip:205@pbx.example"}
    desk.press("linekey9")
    assert not desk.aors
    desk.type("300", "300", "word")
    assert desk.aors == {"sip:300@pbx.example"}
    assert [(line.account.number, line.account.user) for line in desk.phone.lines] == [(1, "300")]
    desk.power_cycle()  # the same files: what was set at the phone stays
    assert desk.aors == {"sip:300@pbx.example"}


@proves(known.HOT_FIELDS)
def it_asks_for_what_the_settings_say() -> None:
    desk = there("linekey.9.type = 34", *ALL, "hotdesking.dsskey_sip_server_enable = 1")
    desk.press("linekey9")
    prompt = desk.phone.screen.prompt
    assert prompt is not None
    assert prompt.fields == ("Register Name", "User Name", "Password", "SIP Server")
    desk.type("300", "301", "word", "other.example")
    assert desk.aors == {"sip:301@other.example"}


@proves(known.HOT_ASKED)
def without_settings_it_asks_for_names_and_password() -> None:
    desk = there("linekey.9.type = 34")
    desk.press("linekey9")
    prompt = desk.phone.screen.prompt
    assert prompt is not None
    assert len(prompt.fields) == 3
    desk.press("Cancel")
    assert desk.phone.screen.prompt is None
    assert not desk.aors  # nobody is there


@proves(known.HOT_STARTUP)
def at_a_boot_it_asks_only_if_it_is_told_to() -> None:
    desk = there()
    assert desk.phone.screen.prompt is None
    common(desk, "hotdesking.startup_username_enable = 1", "hotdesking.startup_password_enable = 1")
    desk.power_cycle()
    prompt = desk.phone.screen.prompt
    assert prompt is not None
    assert prompt.fields == ("User Name", "Password")
    desk.type("300", "word")
    assert desk.phone.screen.label == "300"
    assert said(desk, "account.1.password") == "word"


@proves(known.REGISTER_MAC)
def tells_its_mac_in_a_header_if_it_shall() -> None:
    desk = yealink()
    desk.plug_in()
    assert desk.sip[-1].mac == ""
    desk.files[OWN] = yealink_file(account__1__register_mac="1")
    desk.check_sync()
    desk.power_cycle()
    assert desk.sip[-1].mac == MAC
