"""Reading configuration files: nothing is lost, nothing raises, and what was ignored is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_emulator import models
from device_emulator.firmware import aastra, yealink
from device_emulator.firmware.textfile import Settings, decode, encode
from device_emulator.firmware.yealink_boot import read_boot
from tests.law import law

T46S = models.find("yealink-t46s")

CONFIGS = Path(__file__).parents[1] / "configs"
PARSERS = {"yealink": yealink.parse, "aastra": aastra.parse}


def pairs(name: str) -> list[tuple[str, str]]:
    body = (CONFIGS / name).read_bytes()
    file = PARSERS[name.partition("/")[0]](decode(body))
    assert encode(str(file)) == body
    assert "".join(file.lines) == file.text
    return [(key, value) for key, value, _ in file.pairs]


def faults(name: str) -> list[tuple[int, str]]:
    file = PARSERS[name.partition("/")[0]](decode((CONFIGS / name).read_bytes()))
    return [(fault.line, fault.text) for fault in file.faults]


def test_yealink_duplicates_spaces_and_values_with_any_character() -> None:
    assert pairs("yealink/duplicates.cfg") == [
        ("account.1.label", "first"),
        ("account.1.label", "second"),
        ("account.1.cid_source_ppi", "1"),
        ("account.1.display_name", "a = b; # c"),
    ]
    assert faults("yealink/duplicates.cfg") == [
        (6, "no '=' in this line"),
        (7, "no '=' in this line"),
        (8, "no key before '='"),
    ]


def test_yealink_crlf_and_cyrillic() -> None:
    assert pairs("yealink/crlf.cfg") == [("account.1.label", "Борис Ёлкин"), ("account.1.enable", "1")]
    assert faults("yealink/crlf.cfg") == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("yealink/bom.cfg", "a byte order mark hides the #!version: line: file ignored"),
        ("yealink/no_header.cfg", "the first line is not #!version:1.0.0.1: file ignored"),
    ],
)
def test_yealink_ignores_a_whole_file_without_its_header(name: str, why: str) -> None:
    file = yealink.read((CONFIGS / name).read_bytes())
    assert not file.accepted
    assert [(fault.line, fault.text) for fault in file.faults] == [(1, why)]


def test_yealink_names_an_encrypted_file() -> None:
    file = yealink.parse("#!encrypt:1.0.0.0\n#!conf_encryption:AES_256\n")
    assert not file.accepted
    assert "encrypted" in file.faults[0].text


def test_aastra_marks_and_comments() -> None:
    file = aastra.parse((CONFIGS / "aastra/marks.cfg").read_text())
    assert file.pairs == (
        ("time format", "0", 1),
        ("sip line1 screen name", "Server says", 2),
        ("admin password", "22222", 3),
        ("contact rcs", "0", 4),
    )
    assert file.marks == ((2, "^"), (3, "!"), (4, "!"))


def test_aastra_quotes_tabs_and_crlf() -> None:
    assert pairs("aastra/quotes.cfg") == [
        ("sip dial plan", "x+#|xx+*"),
        ("softkey1 type", "xml"),
        ("softkey1 value", "http://h/a?b=c#d"),
        ("sip proxy ip", ""),
        ("sip line1 user name", "204"),
        ("title", "a#b"),
    ]


def test_aastra_says_what_it_ignored() -> None:
    assert pairs("aastra/junk.cfg") == [("directory 1", "list.csv"), ("directory 1", "other.csv")]
    assert faults("aastra/junk.cfg") == [
        (1, "no ':' in this line"),
        (2, "no name before ':'"),
        (3, "a name cannot be quoted"),
    ]
    assert pairs("aastra/bom.cfg") == [("sip line1 screen name", "Зоя")]
    assert faults("aastra/bom.cfg") == [(1, "a byte order mark makes this line unreadable")]


def test_boot_file_model_filters() -> None:
    body = (CONFIGS / "yealink/filtered.boot").read_bytes()
    t46s, t54w = read_boot(body, T46S), read_boot(body, models.find("yealink-t54w"))
    assert t46s is not None
    assert t54w is not None
    assert t46s.includes == ("everyone.cfg", "t46s.cfg", "http://other.example/extra.cfg")
    assert t54w.includes == ("everyone.cfg", "t54w.cfg", "http://other.example/extra.cfg")
    alone = read_boot(body + b"static.specific_model.excluded_mode = 1\n", T46S)
    assert alone is not None
    assert alone.includes == ("t46s.cfg",)


@pytest.mark.parametrize("body", [b"", b"include:config a.cfg\n", b"\xef\xbb\xbf#!version:1.0.0.1\n"])
def test_boot_file_without_header_is_none(body: bytes) -> None:
    assert read_boot(body, T46S) is None


def test_real_files_parse_without_loss(real_configs: Path) -> None:
    read = 0
    for vendor, parse in PARSERS.items():
        for path in sorted((real_configs / vendor).glob("*.cfg")):
            body = path.read_bytes()
            file = parse(decode(body))
            assert encode(str(file)) == body, path.name
            assert file.accepted, path.name
            assert len(file.pairs) >= 10, path.name
            assert not file.faults, path.name
            for key, value, line in file.pairs:
                assert key in file.lines[line - 1] or " ".join(file.lines[line - 1].split()).startswith(key)
                assert value in file.lines[line - 1]
                assert "\t" not in key
            read += 1
    assert read >= 7


def test_a_real_aastra_file_loses_its_comments(real_configs: Path) -> None:
    file = aastra.read((real_configs / "aastra" / "chasemixon__aastra.cfg").read_bytes())
    values = {key: value for key, value, _ in file.pairs}
    assert values["time zone code"] == "CST"
    assert values["sip proxy ip"] == ""
    assert values["download protocol"] == "TFTP"


LINES = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            ["#!version:1.0.0.1", "a = b", "^a: b", "!a: b", 'a: "x # y" # z', "\ufeff", "[T46S]include:config x"]
        ),
    )
).map("\n".join)


@given(LINES)
@law()
def test_any_text_parses_without_loss(text: str) -> None:
    for parse in PARSERS.values():
        file = parse(text)
        assert str(file) == text
        assert "".join(file.lines) == text
        assert all(key and 1 <= line <= text.count("\n") + 1 for key, _, line in file.pairs)


@given(st.binary(max_size=200))
@law()
def test_any_bytes_decode_without_loss(body: bytes) -> None:
    assert encode(decode(body)) == body
    yealink.read(body)
    aastra.read(body)
    read_boot(b"#!version:1\n" + body, T46S)


@given(st.dictionaries(st.text(), st.text()))
@law()
def test_settings_are_the_mapping_they_were_made_of(mapping: dict[str, str]) -> None:
    made = Settings.of(mapping)
    assert made.dict() == mapping
    assert all(made.get(key) == value for key, value in mapping.items())
    assert made.some((*mapping, "no such key" * 20)) == (*mapping.values(), "")
    assert made == Settings.of(dict(mapping))


def test_what_is_not_utf_8_is_kept_in_the_file_and_replaced_in_the_value() -> None:
    body = (CONFIGS / "yealink/latin1.cfg").read_bytes()
    file = yealink.read(body)
    assert encode(str(file)) == body
    assert file.pairs == (("account.1.label", "J\ufffdrgen", 2),)
    alone = "#!version:\na\ud800 = \udcff\n"
    assert (str(yealink.parse(alone)), yealink.parse(alone).pairs) == (alone, (("a\ufffd", "\ufffd", 2),))


def test_phones_share_one_column_of_keys() -> None:
    one = Settings.of({"".join(["a", "b"]): "1"})
    other = Settings.of({"".join(["a", "b"]): "2"})
    assert one.keys is other.keys


def test_phones_share_the_values_that_they_have_in_common() -> None:
    def settings(label: str) -> Settings:
        return Settings.of({"expires": str(len(label) * 900), "label": label})

    john, mary, jane = settings("John"), settings("Mary"), settings("Jane")
    assert [one.dict() for one in (john, mary, jane)] == [
        {"expires": "3600", "label": name} for name in ("John", "Mary", "Jane")
    ]
    assert john.values[0] is mary.values[0] is jane.values[0]
    assert settings("Jane").values is not jane.keys
    assert settings("Jane").values[1] is jane.values[1]
