"""Aastra and Mitel: how a line of a file is read."""

from __future__ import annotations

from device_emulator.firmware import aastra_syntax_facts as known
from tests.device_emulator.desk import AASTRA_MAC, aastra
from tests.device_emulator.facts.aastra_files import released
from tests.device_emulator.facts.proofs import proves

OWN = f"{AASTRA_MAC.upper()}.cfg"


def read(*lines: str, key: str = "sip dial plan", eol: str = "\n") -> str:
    """What a phone makes of these lines: the value of a key."""
    desk = aastra()
    desk.files[OWN] = eol.join(lines) + eol
    desk.plug_in()
    return desk.phone.settings.get(key, "default")


@proves(known.COMMENT_AFTER)
def a_comment_after_a_value() -> None:
    assert read("time format: 0     # 1 for 24 hr", key="time format") == "0"


@proves(known.QUOTED)
def quotes_are_no_part_of_the_value() -> None:
    assert read('sip dial plan: "x+"') == "x+"


@proves(known.HASH_IN_QUOTES)
def no_comment_in_quotes() -> None:
    assert read('sip dial plan: "x+ #|xx+*"') == "x+ #|xx+*"


@proves(known.NO_BLANK)
def no_blank_after_the_colon() -> None:
    assert read("softkey1 type:xml", key="softkey1 type") == "xml"


@proves(known.INNER_BLANKS)
def two_blanks_in_a_name() -> None:
    assert read("sip \t dial  plan: x") == "x"


@proves(known.CASE)
def the_case_of_a_name() -> None:
    assert read("Sip Dial Plan: x") == "default"


@proves(known.LINE_END)
def a_file_from_windows() -> None:
    assert read("sip dial plan:\tx\t", eol="\r\n") == "x"


@proves(known.EMPTY)
def an_empty_value_is_the_default() -> None:
    assert read("time format:", key="time format") == "default"


@proves(known.LATIN_1)
def an_umlaut_in_either_encoding() -> None:
    latin, utf = "Bäcker".encode("latin-1"), "Bäcker".encode()
    for version, body in (("2.6.0.2019", latin), ("3.0.0.2049", utf), ("3.3.1.4322", utf)):
        desk = released(version)
        desk.files[OWN] = b"sip line1 user name: 204\nsip line1 screen name: " + body + b"\n"
        desk.plug_in()
        assert desk.phone.screen.label == "Bäcker", version


@proves(known.MARK)
def a_byte_order_mark() -> None:
    assert read("\ufeffsip dial plan: x", "time format: 0") == "default"
