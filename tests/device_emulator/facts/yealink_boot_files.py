"""Yealink: boot files, what they include, and when files count at all."""

from __future__ import annotations

from device_emulator.firmware import yealink_file_facts as known
from tests.device_emulator.desk import yealink, yealink_file
from tests.device_emulator.facts.proofs import proves
from tests.device_emulator.facts.yealinks import BOOT, COMMON, HEADER, OWN, RUN, common, of, said, there

ALL = "y000000000000.boot"


@proves(known.BOOT_NAMES, known.OLD_NAMES)
def without_a_boot_file_it_asks_for_two_of_them_and_then_for_the_usual_names() -> None:
    desk = yealink()
    del desk.files[BOOT]
    desk.plug_in()
    assert list(dict.fromkeys(desk.paths)) == [BOOT, ALL, COMMON, OWN]


@proves(known.BOOT_FILES)
def boot_files_came_with_v81() -> None:
    older, newer = of("66.80.0.95"), of("66.81.0.110")
    older.plug_in()
    newer.plug_in()
    assert older.paths == [COMMON, OWN]
    assert newer.paths[0] == BOOT


@proves(known.BOOT_REPLACES)
def a_boot_file_takes_the_place_of_the_usual_names() -> None:
    desk = yealink()
    desk.files[BOOT] = HEADER + "include:config a.cfg\ninclude:config b.cfg\n"
    desk.files["a.cfg"] = desk.files["b.cfg"] = HEADER
    desk.plug_in()
    assert desk.paths == [BOOT, "a.cfg", "b.cfg"]


@proves(known.BOOT_HEADER)
def a_boot_file_without_its_first_line_is_as_good_as_none() -> None:
    desk = yealink()
    desk.files[BOOT] = "include:config a.cfg\n"
    desk.plug_in()
    assert "a.cfg" not in desk.paths
    assert desk.phone.screen.label == "Bob"


@proves(known.BOOT_QUOTES)
def names_may_be_quoted_and_may_be_addresses() -> None:
    desk = yealink()
    desk.files[BOOT] = HEADER + 'include:config "sub/a.cfg"\ninclude:config   http://cdn.example/b.cfg\n'
    desk.plug_in()
    assert list(dict.fromkeys(desk.paths)) == [BOOT, "sub/a.cfg", "http://cdn.example/b.cfg"]


@proves(known.BOOT_FILTERS)
def an_include_may_be_for_some_products_only() -> None:
    desk = yealink()
    desk.files[BOOT] = HEADER + "[T54W]include:config a.cfg\n[T46S, T23G]include:config b.cfg\n"
    desk.files["b.cfg"] = HEADER
    desk.plug_in()
    assert desk.paths == [BOOT, "b.cfg"]


@proves(known.EXCLUDED)
def what_is_for_all_is_for_them_as_well_unless_they_are_excluded() -> None:
    desk = yealink()
    desk.files["b.cfg"] = HEADER
    desk.files[BOOT] = HEADER + f"include:config {OWN}\n[T46S]include:config b.cfg\n"
    desk.plug_in()
    assert desk.paths == [BOOT, OWN, "b.cfg"]
    desk.files[BOOT] = (
        HEADER + f"static.specific_model.excluded_mode=1\ninclude:config {OWN}\n[T46S]include:config b.cfg"
    )
    assert desk.fetched(desk.check_sync) == [BOOT, "b.cfg"]


@proves(known.OVERWRITE)
def what_the_files_leave_out_stays_unless_they_own_the_configuration() -> None:
    desk = there("lang.wui = French")
    desk.files[COMMON] = HEADER + "sip.notify_reboot_enable = 0\n"
    desk.check_sync()
    assert said(desk, "lang.wui") == "French"
    desk.files[BOOT] = f"{desk.files[BOOT]!s}overwrite_mode = 1\n"
    common(desk, "# changed")
    desk.check_sync()
    assert said(desk, "lang.wui") is None


@proves(known.OVERWRITE_BLANK)
def an_empty_value_resets_its_key_where_the_files_own_the_configuration() -> None:
    desk = there()
    common(desk, "lang.wui = French")
    desk.files[OWN] = yealink_file(lang__wui="")
    desk.check_sync()
    assert said(desk, "lang.wui") == "French"
    desk.files[BOOT] = f"{desk.files[BOOT]!s}overwrite_mode = 1\n"
    common(desk, "# changed", "#lang.gui = Greek")
    desk.check_sync()
    assert said(desk, "lang.wui") is None


@proves(known.BOOT_PARAMETERS)
def keys_in_a_boot_file_are_ignored() -> None:
    desk = yealink()
    desk.files[BOOT] = f"{desk.files[BOOT]!s}lang.wui = Greek\n"
    desk.plug_in()
    assert said(desk, "lang.wui") is None


@proves(known.NESTED)
def an_include_in_a_configuration_is_not_followed() -> None:
    desk = there(f"include:config {OWN}", "include:config more.cfg")
    assert desk.paths == RUN


@proves(known.INCLUDES)
def a_boot_file_without_end_does_not_keep_it_busy_for_ever() -> None:
    desk = yealink()
    desk.files[BOOT] = HEADER + "".join(f"include:config {number}.cfg\n" for number in range(100))
    desk.files |= {f"{number}.cfg": HEADER for number in range(100)}
    desk.plug_in()
    assert desk.paths[-1] == "31.cfg"


@proves(known.MD5)
def the_same_files_are_not_applied_again() -> None:
    desk = there()
    desk.set_locally("account.1.label", "By hand")
    desk.check_sync()
    assert desk.phone.screen.label == "By hand"
    common(desk, "# another byte")
    desk.check_sync()
    assert desk.phone.screen.label == "Bob"


@proves(known.MD5_REBOOTS)
def before_v70_any_change_reboots_the_phone() -> None:
    older, newer = of("66.61.0.10"), of("66.70.0.10")
    for desk in (older, newer):
        desk.plug_in()
        common(desk, "sip.notify_reboot_enable = 0")
        desk.check_sync()
        desk.seen.clear()
        common(desk, "lang.gui = French")
        desk.check_sync()
    assert older.paths == [COMMON, OWN, COMMON, OWN]
    assert newer.paths == [COMMON, OWN]
