"""Aastra and Mitel: XML objects, and how one reaches a phone."""

from __future__ import annotations

from urllib.parse import quote

from device_emulator.firmware import aastra_xml_facts as known
from device_emulator.messages import SipRequest
from tests.device_emulator.desk import AASTRA_MAC, World, aastra
from tests.device_emulator.facts.aastra_files import asks, released
from tests.device_emulator.facts.proofs import proves

OWN = f"{AASTRA_MAC.upper()}.cfg"
HOST = "http://pbx.example/"
FORM = (
    "<AastraIPPhoneInputScreen {}><Title>Who</Title><URL>" + HOST + "who</URL><InputField type='{}'>"
    "<Prompt>Extension</Prompt><Parameter>e</Parameter></InputField></AastraIPPhoneInputScreen>"
)
NEWS = "<AastraIPPhoneTextScreen {}><Title>News</Title><Text>Hello</Text></AastraIPPhoneTextScreen>"


def sets(*items: tuple[str, str] | tuple[str, str, str], attributes: str = "") -> str:
    """A Configuration object; an item's third part is its own setType."""
    rows = "".join(
        f"<ConfigurationItem {f'setType={item[2]!r}' if len(item) == 3 else ''}>"
        f"<Parameter>{item[0]}</Parameter><Value>{item[1]}</Value></ConfigurationItem>"
        for item in items
    )
    return f"<AastraIPPhoneConfiguration {attributes}>{rows}</AastraIPPhoneConfiguration>"


def does(*uris: str, attributes: str = "") -> str:
    """An Execute object."""
    rows = "".join(f"<ExecuteItem URI='{uri}'/>" for uri in uris)
    return f"<AastraIPPhoneExecute {attributes}>{rows}</AastraIPPhoneExecute>"


def with_key(answer: str = "", *lines: str, desk: World | None = None) -> World:
    """A phone that is up, whose key 1 fetches an answer."""
    desk = desk or aastra()
    desk.files["aastra.cfg"] = "\n".join(("time format: 1", "prgkey1 type: xml", f"prgkey1 value: {HOST}x", *lines))
    desk.files[HOST + "x"] = answer
    desk.plug_in()
    return desk


def shows(desk: World) -> str:
    return desk.phone.pages[-1].title if desk.phone.pages else ""


# ---- pages


@proves(known.TIMEOUT)
def a_page_leaves_after_45_seconds() -> None:
    desk = with_key(NEWS.format(""))
    desk.press("prgkey1")
    desk.advance(44)
    assert shows(desk) == "News"
    desk.advance(2)
    assert shows(desk) == ""
    desk.files[HOST + "x"] = NEWS.format("Timeout='0'")
    desk.press("prgkey1")
    desk.advance(3_000)
    assert shows(desk) == "News"


@proves(known.TIMEOUT_AGAIN)
def a_key_starts_the_time_anew() -> None:
    desk = with_key(NEWS.format("Timeout='30'"))
    desk.press("prgkey1")
    desk.advance(20)
    desk.press("5")
    desk.advance(20)
    assert shows(desk) == "News"


@proves(known.LOCKED_IN)
def a_locked_page_stays() -> None:
    desk = with_key(NEWS.format("LockIn='yes'"))
    desk.press("prgkey1")
    fetched = desk.fetched(lambda: desk.press("prgkey1"))
    assert fetched == []
    desk.advance(3_000)
    assert shows(desk) == "News"


@proves(known.DESTROY)
def what_takes_a_page_away() -> None:
    """The form stays under an answer that is no page, unless both say otherwise."""
    kept, gone = "LockIn='yes'", "LockIn='yes' destroyOnExit='yes'"
    triggers = "triggerDestroyOnExit='yes'"
    for form, answer, left in (
        (gone, sets(("time format", "0")), "Who"),
        (kept, sets(("time format", "0"), attributes=triggers), "Who"),
        (gone, sets(("time format", "0"), attributes=triggers), ""),
        (gone, does(attributes=triggers), ""),
    ):
        desk = with_key(FORM.format(form, "string"))
        desk.files[HOST + "who?e=204"] = answer
        desk.press("prgkey1")
        desk.type("204")
        assert shows(desk) == left, (form, answer)


@proves(known.NUMBERS)
def only_digits_into_a_number() -> None:
    for kind, sent in (("number", "2*4"), ("string", "a2*4"), ("IP", "24")):
        desk = with_key(FORM.format("", kind))
        desk.press("prgkey1")
        fetched = desk.fetched(lambda: desk.type("a2*4"))  # noqa: B023
        assert fetched == [HOST + "who?e=" + quote(sent)], kind


@proves(known.SESSIONS)
def messages_on_the_idle_screen() -> None:
    def says(session: str, index: int, text: str) -> str:
        return (
            f"<AastraIPPhoneStatus><Session>{session}</Session><Message index='{index}'>{text}</Message>"
            "</AastraIPPhoneStatus>"
        )

    desk = with_key()
    for answer in (says("a", 0, "Away"), says("b", 0, "2 new"), says("a", 1, "Back at 5"), says("a", 0, "")):
        desk.files[HOST + "x"] = answer
        desk.press("prgkey1")
    assert desk.phone.status == (("a", 1, "Back at 5"), ("b", 0, "2 new"))
    assert desk.phone.screen.message == "Back at 5"


@proves(known.ENTITIES)
def a_document_type_is_not_read() -> None:
    desk = with_key('<!DOCTYPE a [<!ENTITY b "Hello">]>' + NEWS.format("").replace("Hello", "&b;"))
    desk.press("prgkey1")
    assert shows(desk) == ""
    assert "declares a document type" in desk.phone.notice


# ---- settings


@proves(known.SET_TYPES, known.LOCAL)
def local_is_kept_from_2_4_on() -> None:
    for version, after in (("2.4.1.37", "0"), ("2.3.0.96", "1")):
        desk = with_key(sets(("time format", "0"), attributes="setType='local'"), desk=released(version))
        desk.press("prgkey1")
        assert desk.phone.settings.get("time format") == "0"
        desk.power_cycle()
        assert desk.phone.settings.get("time format") == after, version


@proves(known.REMOTE)
def remote_is_gone_at_the_next_boot() -> None:
    desk = with_key(sets(("time format", "0")))
    desk.press("prgkey1")
    assert desk.phone.settings.get("time format") == "0"
    desk.statuses["aastra.cfg"] = 500
    desk.power_cycle()
    assert desk.phone.settings.get("time format") == "1"


@proves(known.ONE_BOOT)
def one_boot_counts_once() -> None:
    desk = with_key(sets(("time format", "0", "oneBoot"), ("date format", "3")))
    start = desk.now
    desk.press("prgkey1")
    assert desk.now - start >= 15_000
    assert (desk.phone.settings.get("time format"), desk.phone.settings.get("date format")) == ("0", "")
    desk.power_cycle()
    assert desk.phone.settings.get("time format") == "1"


@proves(known.OVERRIDE)
def override_takes_the_hands_place() -> None:
    desk = with_key(sets(("time format", "0"), attributes="setType='override'"))
    desk.set_locally("time format", "2")
    desk.press("prgkey1")
    assert desk.phone.settings.get("time format") == "0"
    desk.power_cycle()
    assert desk.phone.settings.get("time format") == "1"


@proves(known.DYNAMIC_SIP)
def lines_change_at_once_from_2_5_on() -> None:
    for version, shown in (("2.5.0.30", "Ann"), ("2.4.1.37", "Bob")):
        answer = sets(("sip line1 screen name", "Ann"))
        desk = with_key(answer, "dynamic sip: 1", desk=released(version))
        desk.press("prgkey1")
        assert desk.phone.screen.label == shown, version


@proves(known.RANGE)
def a_range_of_keys() -> None:
    answer = (
        "<AastraIPPhoneConfiguration><ConfigurationItem><Parameter firstItem='2' lastItem='4'>prgkey# type</Parameter>"
        "<Value>speeddial</Value></ConfigurationItem></AastraIPPhoneConfiguration>"
    )
    desk = with_key(answer)
    desk.press("prgkey1")
    assert [key.name for key in desk.phone.keys] == ["prgkey1", "prgkey2", "prgkey3", "prgkey4"]
    desk.files[HOST + "x"] = answer.replace("'4'", "'9999'").replace("speeddial", "xml")
    desk.press("prgkey1")
    assert len(desk.phone.settings.keys) < 2_100


@proves(known.LOCKED)
def a_locked_key_is_not_set() -> None:
    desk = with_key(sets(("date format", "3"), attributes="setType='local'"), "!date format: 1")
    desk.press("prgkey1")
    assert desk.phone.settings.get("date format") == "1"


@proves(known.COMMANDS)
def commands() -> None:
    desk = with_key(does("Command: ClearCallersList", "Command: ClearRedialList", "Command:Lock"))
    desk.ring()
    desk.ask("CANCEL")
    desk.dial("1003")
    desk.reply(486)
    desk.press("OK")
    assert (desk.phone.flash.callers, desk.phone.flash.redial) == (("1002",), ("1003",))
    desk.press("prgkey1")
    assert (desk.phone.flash.callers, desk.phone.flash.redial) == ((), ())
    assert desk.phone.screen.message == "Phone is locked"
    desk.dial("1003")
    assert desk.phone.call is None


# ---- pushed


@proves(known.PUSH)
def pushed_by_whoever_is_on_the_list() -> None:
    desk = with_key("", "xml application post list: 10.0.0.5, pbx.example")
    body = b"xml=" + quote(NEWS.format("")).encode()
    assert asks(desk, "http://phone/", body, "10.0.0.6") == 403
    assert shows(desk) == ""
    assert asks(desk, "http://phone/", body, "10.0.0.5") == 200
    assert shows(desk) == "News"
    assert asks(desk, "http://phone/", b"what=ever", "pbx.example") == 400
    assert asks(desk, "http://phone/admin", body, "10.0.0.5") == 404


@proves(known.NOTIFY)
def a_notify_where_it_is_switched_on() -> None:
    for line, statuses, fetched in (("", (489, 489), 0), ("sip xml notify event: 1", (200, 200), 1)):
        desk = with_key("", line, f"action uri xml sip notify: {HOST}notified")
        desk.give(SipRequest(1, "NOTIFY", "", "", event="aastra-xml", body=NEWS.format("").encode()))
        desk.settle()
        assert shows(desk) == ("News" if fetched else ""), line
        desk.give(SipRequest(2, "NOTIFY", "", "", event="aastra-xml"))
        desk.settle()
        assert desk.paths.count(HOST + "notified") == fetched
        assert tuple(answer.status for answer in desk.answers[-2:]) == statuses
