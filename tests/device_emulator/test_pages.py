"""XML pages on an Aastra: log in, log out, override, and pages nobody can read."""

from __future__ import annotations

from typing import Any

import pytest

from device_emulator import models
from device_emulator.firmware import aastra_xml
from device_emulator.firmware.contract import Configure, Execute, Show, Unreadable

A = "00085D1610DE"
OWN = f"{A}.cfg"
A6731I = models.find("aastra-6731i")
HOST = "http://pbx.example/xml/"
FORM = f"""<AastraIPPhoneInputScreen type="string" LockIn="yes" destroyOnExit="yes">
<Title>Phone Login</Title><URL>{HOST}login?phone=1</URL>
<InputField type="number"><Prompt>Extension</Prompt><Parameter>ext</Parameter></InputField>
<InputField type="number" password="yes"><Prompt>PIN</Prompt><Parameter>pin</Parameter></InputField>
</AastraIPPhoneInputScreen>"""
WRONG = f"""<AastraIPPhoneTextScreen doneAction="{HOST}startup"><Title>Authentication failed</Title>
<Text>Wrong PIN</Text></AastraIPPhoneTextScreen>"""
IN_USE = f"""<AastraIPPhoneTextScreen LockIn="yes" destroyOnExit="yes"><Title>In use</Title>
<Text>In use on another phone</Text>
<SoftKey index="1"><Label>Override</Label><URI>{HOST}login?ext=204&amp;pin=1&amp;override=1</URI></SoftKey>
<SoftKey index="2"><Label>Close</Label><URI>{HOST}startup</URI></SoftKey></AastraIPPhoneTextScreen>"""
ITEM = "<ConfigurationItem><Parameter>{}</Parameter><Value>{}</Value></ConfigurationItem>"
LOG_IN = {
    "sip line1 screen name": "Bob",
    "sip line1 user name": "204",
    "sip line1 password": "secret",
    "sip line1 registrar ip": "pbx.example",
    "prgkey1 type": "xml",
    "prgkey1 label": "Log Out",
    "prgkey1 value": HOST + "logout",
    "action uri startup": "",
}


def configuration(items: dict[str, str]) -> str:
    rows = "".join(ITEM.format(key, value) for key, value in items.items())
    return f'<AastraIPPhoneConfiguration triggerDestroyOnExit="yes">{rows}</AastraIPPhoneConfiguration>'


@pytest.fixture
def hotdesk(m6731i: Any) -> Any:
    """A phone that nobody is logged in at: no file of its own, the common one asks for the log-in page."""
    m6731i.files = {
        "aastra.cfg": "dynamic sip: 1\nsip line1 user name: XXNAXX\nsip registrar ip: 0.0.0.0\n"
        f"action uri startup: {HOST}startup\n",
        HOST + "startup": FORM,
        HOST + "login?phone=1&ext=204&pin=0": WRONG,
        HOST + "login?phone=1&ext=204&pin=1": configuration(LOG_IN),
        HOST + "login?phone=1&ext=205&pin=1": IN_USE,
        HOST + "login?ext=204&pin=1&override=1": configuration(LOG_IN),
    }
    return m6731i


def test_the_prompt_comes_at_the_end_of_a_boot_and_is_not_busy(hotdesk: Any) -> None:
    hotdesk.plug_in()
    screen = hotdesk.phone.screen
    assert (screen.prompt.title, screen.prompt.fields) == ("Phone Login", ("Extension", "PIN"))
    assert "Phone Login" in screen.text
    assert screen.label == ""
    assert not hotdesk.phone.busy
    assert not hotdesk.sip


def test_a_wrong_pin_is_said_and_done_brings_the_prompt_back(hotdesk: Any) -> None:
    hotdesk.plug_in()
    hotdesk.type("204", "0")
    assert hotdesk.phone.screen.prompt is None
    assert hotdesk.phone.screen.message == "Wrong PIN"
    assert "Wrong PIN" in hotdesk.phone.screen.text
    hotdesk.press("Done")
    assert hotdesk.phone.screen.prompt.title == "Phone Login"


def test_log_in_shows_the_name_and_registers_without_a_reboot(hotdesk: Any) -> None:
    hotdesk.plug_in()
    start = hotdesk.now
    assert hotdesk.registers(lambda: hotdesk.type("204", "1")) == [("204", 3600)]
    assert hotdesk.now == start
    assert (hotdesk.phone.screen.label, hotdesk.phone.screen.prompt) == ("Bob", None)
    assert [(key.name, key.label) for key in hotdesk.phone.keys] == [("prgkey1", "Log Out")]


def test_what_the_log_in_set_is_gone_at_the_next_boot_unless_a_file_says_it(hotdesk: Any) -> None:
    hotdesk.plug_in()
    hotdesk.type("204", "1")
    hotdesk.power_cycle()
    assert hotdesk.phone.screen.prompt is not None
    hotdesk.type("204", "1")
    hotdesk.files[OWN] = "".join(f"{key}: {value}\n" for key, value in LOG_IN.items())
    hotdesk.power_cycle()  # the file blanks the start-up address: nobody is asked
    assert (hotdesk.phone.screen.label, hotdesk.phone.screen.prompt) == ("Bob", None)
    assert hotdesk.phone.registered


def test_log_out_leaves_and_brings_the_prompt_back(hotdesk: Any) -> None:
    hotdesk.plug_in()
    hotdesk.type("204", "1")
    blank = dict.fromkeys(LOG_IN, "") | {"sip line1 user name": "XXNAXX", "action uri startup": HOST + "startup"}
    hotdesk.files[HOST + "logout"] = (
        f'<AastraIPPhoneExecute><ExecuteItem URI="{HOST}blank"/><ExecuteItem URI="Command: ClearCallersList"/>'
        f'<ExecuteItem URI="{HOST}startup"/></AastraIPPhoneExecute>'
    )
    hotdesk.files[HOST + "blank"] = configuration(blank)
    assert hotdesk.registers(lambda: hotdesk.press("prgkey1")) == [("204", 0)]
    assert hotdesk.phone.screen.prompt.title == "Phone Login"
    assert not hotdesk.bindings


def test_log_out_by_reset_reads_the_files_again(hotdesk: Any) -> None:
    hotdesk.plug_in()
    hotdesk.type("204", "1")
    hotdesk.files[HOST + "logout"] = '<AastraIPPhoneExecute><ExecuteItem URI="Command: Reset"/></AastraIPPhoneExecute>'
    start = hotdesk.now
    hotdesk.press("prgkey1")
    assert hotdesk.now - start == 15_000
    assert hotdesk.phone.screen.prompt.title == "Phone Login"


def test_override(hotdesk: Any) -> None:
    hotdesk.plug_in()
    hotdesk.type("205", "1")
    assert hotdesk.phone.screen.message == "In use on another phone"
    assert hotdesk.phone.screen.soft_keys == ("Override", "Close")
    hotdesk.press("prgkey1")  # locked in: nothing else works
    hotdesk.press("Override")
    assert hotdesk.phone.screen.label == "Bob"


def test_close_instead_of_override(hotdesk: Any) -> None:
    hotdesk.plug_in()
    hotdesk.type("205", "1")
    hotdesk.press("Close")
    assert hotdesk.phone.screen.prompt.title == "Phone Login"


def test_without_dynamic_sip_lines_do_not_change(hotdesk: Any) -> None:
    hotdesk.files["aastra.cfg"] = hotdesk.files["aastra.cfg"].replace("dynamic sip: 1", "dynamic sip: 0")
    hotdesk.plug_in()
    assert hotdesk.registers(lambda: hotdesk.type("204", "1")) == []
    assert hotdesk.phone.screen.label == "XXNAXX"


@pytest.mark.parametrize("status", [0, 403, 404, 500])
def test_a_page_that_cannot_be_fetched_changes_nothing_else(hotdesk: Any, status: int) -> None:
    hotdesk.plug_in()
    hotdesk.type("204", "1")
    hotdesk.statuses[HOST + "logout"] = status
    before = hotdesk.phone
    hotdesk.press("prgkey1")
    assert hotdesk.phone.screen.message.startswith("Cannot fetch page")
    assert (hotdesk.phone.settings, hotdesk.phone.lines) == (before.settings, before.lines)


def test_a_form_that_cannot_be_submitted_says_so_and_stays(hotdesk: Any) -> None:
    hotdesk.plug_in()
    hotdesk.type("999", "1")
    screen = hotdesk.phone.screen
    assert screen.prompt.title == "Phone Login"
    assert screen.message == "Cannot fetch page (404)"
    assert "Cannot fetch" in screen.text
    hotdesk.type("204", "1")
    assert (hotdesk.phone.screen.label, hotdesk.phone.screen.message) == ("Bob", "")


def test_an_empty_answer_does_nothing(hotdesk: Any) -> None:
    hotdesk.plug_in()
    hotdesk.type("204", "1")
    hotdesk.files[HOST + "logout"] = ""
    screen = hotdesk.phone.screen
    hotdesk.press("prgkey1")
    assert hotdesk.phone.screen == screen


def test_registered_action_comes_once_per_boot_with_its_variables(hotdesk: Any) -> None:
    hotdesk.files = {
        "aastra.cfg": "sip line1 user name: 204\nsip registrar ip: pbx.example\nsip line1 screen name: B B\n"
        f"action uri registered: {HOST}reg?u=$$SIPUSERNAME$$&n=$$DISPLAYNAME$$\n",
        HOST + "reg?u=204&n=B%20B": "",
    }
    hotdesk.plug_in()
    assert hotdesk.paths[-1] == HOST + "reg?u=204&n=B%20B"
    assert hotdesk.fetched(lambda: hotdesk.advance(4000)) == []


def test_an_answer_that_lists_itself_does_not_grow(hotdesk: Any) -> None:
    loop = f'<ExecuteItem URI="{HOST}startup"/>' * 200
    hotdesk.files[HOST + "startup"] = f"<AastraIPPhoneExecute>{loop}</AastraIPPhoneExecute>"
    hotdesk.holding = True
    from device_emulator.messages import HttpRequest, PowerOn, Wake

    hotdesk.give(PowerOn())
    hotdesk.now = hotdesk.phone.due
    hotdesk.give(Wake())
    for _ in range(50):
        held, hotdesk.held = hotdesk.held, []
        for output in held:
            assert isinstance(output, HttpRequest)
            hotdesk.give(hotdesk.web(output))
    assert len(hotdesk.phone.todo) <= 64


# ---- reading objects


def test_reading_rows() -> None:
    old_style = (
        "<AastraIPPhoneInputScreen type='password' destroyOnExit='yes'><Title>T</Title><Prompt>PIN</Prompt>"
        "<URL>/x?a=1</URL><Parameter>p</Parameter><Default>0</Default></AastraIPPhoneInputScreen>"
    )
    answer = aastra_xml.read_answer(A6731I, old_style.encode(), "http://h/y/z")
    assert isinstance(answer, Show)
    page = answer.page
    assert (page.url, page.locked, page.title) == ("http://h/x?a=1", False, "T")
    (field,) = page.fields
    assert (field.label, field.parameter, field.default, field.password) == ("PIN", "p", "0", True)
    menu = (
        b"<AastraIPPhoneTextMenu><MenuItem><Prompt>One</Prompt><URI>http://h/1</URI></MenuItem></AastraIPPhoneTextMenu>"
    )
    shown = aastra_xml.read_answer(A6731I, menu, "")
    assert isinstance(shown, Show)
    assert shown.page.soft_keys[0].uri == "http://h/1"
    assert aastra_xml.read_answer(A6731I, configuration({"a b": "&lt;c&gt;"}).encode(), "") == Configure(
        (("a b", "<c>"),), closes=True
    )
    assert aastra_xml.read_answer(A6731I, b"<AastraIPPhoneExecute/>", "") == Execute(())
    assert aastra_xml.read_answer(A6731I, b" \r\n", "") is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<a", "Cannot read page"),
        (b"\xff\xfe\x00", "Cannot read page"),
        (b"<AastraIPPhoneImageScreen/>", "Cannot show this kind of page"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><AastraIPPhoneExecute/>', "declares a document type"),
        (b"<a>" * 20 + b"</a>" * 20, "too large"),
        (b"<a>" + b"<b/>" * 3000 + b"</a>", "too large"),
        (b"<a>" + b" " * 70000 + b"</a>", "too large"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "Cannot read page"),
    ],
)
def test_pages_nobody_can_read(body: bytes, why: str) -> None:
    answer = aastra_xml.read_answer(A6731I, body, "")
    assert isinstance(answer, Unreadable)
    assert why in answer.why


def test_a_latin_1_page() -> None:
    header = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    body = header + "<AastraIPPhoneTextScreen><Title>Ä</Title></AastraIPPhoneTextScreen>"
    answer = aastra_xml.read_answer(A6731I, body.encode("latin-1"), "")
    assert isinstance(answer, Show)
    assert answer.page.title == "Ä"
