"""Yealink: what it reads in a configuration file."""

from __future__ import annotations

from device_emulator.firmware import yealink_file_facts as known
from tests.device_emulator.desk import World
from tests.device_emulator.facts.proofs import proves
from tests.device_emulator.facts.yealinks import COMMON, HEADER, common, of, said, there


def reading(body: str) -> World:
    """A phone that is up, and has then read this as its common file."""
    desk = there("lang.wui = French", "lang.gui = French")
    desk.files[COMMON] = body
    desk.check_sync()
    return desk


@proves(known.HEADER)
def the_first_line_must_be_the_version() -> None:
    assert said(reading("# hello\nlang.gui = Greek\n"), "lang.gui") == "French"
    assert said(reading(HEADER + "lang.gui = Greek\n"), "lang.gui") == "Greek"


@proves(known.HEADER_NEEDED)
def without_the_version_nothing_of_the_file_counts() -> None:
    desk = reading("lang.gui = Greek\n")
    assert said(desk, "lang.gui") == "French"
    assert desk.phone.report is not None
    assert [name for name, _ in desk.phone.report.faults] == [COMMON]
    assert said(reading(""), "lang.gui") == "French"


@proves(known.BOM)
def a_byte_order_mark_hides_the_version() -> None:
    assert said(reading(f"\ufeff{HEADER}lang.gui = Greek\n"), "lang.gui") == "French"


@proves(known.COMMENT)
def a_line_may_be_a_comment() -> None:
    desk = reading(HEADER + "#lang.gui = Greek\nlang.wui = a#b;c=d\n")
    assert not [key for key in desk.phone.settings.keys if key.startswith("#")]
    assert said(desk, "lang.wui") == "a#b;c=d"


@proves(known.BLANKS)
def blanks_do_not_count() -> None:
    desk = reading(HEADER + "  lang.gui\t=   Modern Greek \nlang.wui= Dutch\n")
    assert (said(desk, "lang.gui"), said(desk, "lang.wui")) == ("Modern Greek", "Dutch")


@proves(known.CRLF)
def lines_may_end_as_on_windows() -> None:
    desk = reading(HEADER.strip() + "\r\nlang.gui = Greek\r\nlang.wui = %EMPTY%\r\n")
    assert (said(desk, "lang.gui"), said(desk, "lang.wui")) == ("Greek", "")


@proves(known.CASE)
def capitals_make_another_key() -> None:
    assert said(reading(HEADER + "Lang.GUI = Greek\n"), "lang.gui") == "French"


@proves(known.LAST)
def the_last_line_wins() -> None:
    assert said(reading(HEADER + "lang.gui = Greek\nlang.gui = Dutch\n"), "lang.gui") == "Dutch"


@proves(known.LIST_KEYS)
def logins_are_repeated() -> None:
    desk = reading(HEADER + "security.user_password = admin:a\nsecurity.user_password = user:b\n")
    assert said(desk, "security.user_password") == "admin:a\nuser:b"


@proves(known.BLANK_LEAVES)
def an_empty_value_leaves_what_is_there() -> None:
    assert said(reading(HEADER + "lang.gui =\n"), "lang.gui") == "French"


@proves(known.NULL)
def one_word_resets_a_key() -> None:
    assert said(reading(HEADER + "lang.gui = %NULL%\n"), "lang.gui") is None


@proves(known.EMPTY)
def one_word_empties_a_key_from_v80_on() -> None:
    assert said(reading(HEADER + "lang.gui = %EMPTY%\n"), "lang.gui") == ""
    for version, shown in (("66.73.0.50", "%EMPTY%"), ("66.80.0.95", "")):
        desk = of(version)
        common(desk, "lang.gui = %EMPTY%")
        desk.plug_in()
        assert said(desk, "lang.gui") == shown


@proves(known.STATIC)
def static_may_be_left_out() -> None:
    for prefix in ("static.", ""):
        desk = there(f"{prefix}auto_provision.power_on = 0")
        assert desk.fetched(desk.power_cycle) == []
        assert desk.phone.registered
