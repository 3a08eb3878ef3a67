"""The law of every vendor: for any text whatever, parse(show(clean(v)))[key] == clean(v), under the same keys.

Asserted twice, against a strict reader written here from the vendors' rules, and against the phones' own firmware.
"""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from provisioning.models import MODELS, find
from provisioning.plan import Key, Plan
from provisioning.render import render
from provisioning.vendors import VENDORS, aastra, aastra_xml, yealink
from tests.law import law

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=40)
HOSTILE = [
    "", " ", "\n",
    "a\nb = c", "a\r\nb: c", "a\x00b", "#", "a #b", "a# b", "=", ": x", '"', '"a"', '" #', "'a'", "^a", "!a",
    "%NULL%",
    "%EMPTY%", "%null%", " %NULL% ", "%%NULL%%", "%\x00NULL%", "\ufeff%NULL%", "{{ 7*7 }}", "{% x %}", "{# #}",
    "\u202eevil", "\ud800", "\udfff\ud800", "\ufeff", "\ufeffa", "a\u2028b", "a\u0085b",
    "\u00a0a\u3000", "\ta\t", "\\", "\\n",
    "#!version:1.0.0.1", "include:config x", "//", ";", "<a>&amp;", "]]>", "\ufffe", "\x1c\x1d",
    "Zoë Ünal", "Иван", "山田太郎",
    "محمد", "می\u200cخواهم", "क्\u200dष", "👩\u200d👩\u200d👧", "a" * 300,
]  # fmt: skip


def strict_yealink(body: bytes) -> list[tuple[str, str]]:
    """V8x: the first line is the header; '#' comments at a line's start only; no quotes, no escapes; ASCII blanks."""
    lines = body.decode().split("\n")
    assert lines[0] == "#!version:1.0.0.1"
    pairs = []
    for line in lines[1:]:
        if line.strip(" \t\r") and not line.lstrip(" \t").startswith("#"):
            key, found, value = line.partition("=")
            assert found
            assert value.strip(" \t\r").upper() not in ("%NULL%", "%EMPTY%")
            pairs.append((key.strip(" \t\r"), value.strip(" \t\r")))
    return pairs


def strict_aastra(body: bytes) -> list[tuple[str, str]]:
    """'#' comments anywhere outside quotes; quotes are taken off; '^' and '!' are prefixes."""
    pairs = []
    for line in body.decode().split("\n"):
        quoted, text = False, ""
        for character in line:
            if character == "#" and not quoted:
                break
            if character == '"':
                quoted = not quoted
            else:
                text += character
        assert not quoted
        if text.strip(" \t\r"):
            key, found, value = text.partition(":")
            assert found
            pairs.append((key.strip(" \t\r").lstrip("^!"), value.strip(" \t\r")))
    return pairs


STRICT = {"yealink": strict_yealink, "aastra": strict_aastra}
KEYS = {
    "yealink": ("account.1.label", "account.1.display_name"),
    "aastra": ("sip line1 screen name", "sip line1 vmail"),
}


def texts(test):
    """Runs a test over all of Unicode and over what is known to be nasty."""
    for value in HOSTILE:
        test = example(value)(test)
    return law(400)(given(ANYTHING)(test))


@pytest.mark.parametrize("name", list(VENDORS))
@texts
def test_a_strict_reader_reads_what_was_written(name, value):
    vendor = VENDORS[name]
    first, second = KEYS[name]
    pairs = ((first, vendor.clean(value)), (second, "after"))
    assert STRICT[name](vendor.show(pairs)) == list(pairs)
    assert vendor.read(vendor.show(pairs)) == pairs
    reversed_pairs = ((second, "before"), (first, vendor.clean(value)))
    assert STRICT[name](vendor.show(reversed_pairs)) == list(reversed_pairs)


@pytest.mark.parametrize("name", list(VENDORS))
@texts
def test_the_phones_own_firmware_reads_what_was_written(name, value):
    firmware = pytest.importorskip(f"device_emulator.firmware.{name}")
    vendor = VENDORS[name]
    first, second = KEYS[name]
    pairs = ((first, vendor.clean(value)), (second, "after"))
    read = firmware.parse(vendor.show(pairs).decode())
    assert [(key, value) for key, value, *_ in read.pairs] == list(pairs)
    assert not read.faults


def different() -> list[str]:
    """A model of each kind whose files differ in shape; each has a key beside its line's."""
    found = {(model.vendor, model.release < 80, model.key, model.more[:1]): model for model in MODELS if model.keys > 1}
    return sorted(model.name for model in found.values())


@pytest.mark.parametrize("model", different())
@texts
def test_no_label_of_a_key_adds_a_key_to_the_file(model, value):
    believed = find(model)
    vendor = VENDORS[believed.vendor]
    mac = "805ec0112233"
    plan = Plan("d1", "acme", mac, model, mac, "x", "http://a/", keys=(Key(2, "205", value), Key(3)))
    usual = replace(plan, keys=(Key(2, "205", "Bob"), Key(3)))
    rendered = render(plan, "mac")
    assert [key for key, _ in rendered.pairs] == [key for key, _ in render(usual, "mac").pairs]
    assert dict(vendor.read(rendered.body))[vendor.key_label(believed, 2)] == (vendor.clean(value) or "205")


@pytest.mark.parametrize("name", list(VENDORS))
@texts
def test_clean_is_idempotent_and_one_line(name, value):
    clean = VENDORS[name].clean
    assert clean(clean(value)) == clean(value)
    assert len(clean(value).splitlines()) <= 1  # whatever a reader takes for the end of a line


@texts
def test_xml_reads_what_was_written(value):
    clean = aastra.clean(value)
    (item,) = ElementTree.fromstring(aastra_xml.configuration((("sip line1 screen name", clean),)))
    assert item.findtext("Parameter") == "sip line1 screen name"
    assert item.findtext("Value") == clean
    screen = ElementTree.fromstring(aastra_xml.text_screen("Title", value, value, ((value, value),)))
    assert screen.findtext("SoftKey/Label") == screen.get("doneAction")


KEPT = [
    "John Smith", "Zoë Ünal-Ødegård", "Иван Петров", "山田太郎", "محمد علی", "می\u200cخواهم", "क्\u200dष", "שלום\u200f",
    "O'Brien & Söhne",
    "50 % off", "a=b: c; d", "C# major", "{{ Bob }}", "100%", "%NULL", "e\u0301", "👩\u200d👩\u200d👧",
]  # fmt: skip


@pytest.mark.parametrize("name", list(VENDORS))
@pytest.mark.parametrize("value", KEPT)
def test_names_in_any_script_survive_unchanged(name, value):
    assert VENDORS[name].clean(value) == value


CLEANED = [
    (yealink, "Bob\naccount.1.sip_server.1.address = evil", "Bob account.1.sip_server.1.address = evil"),
    (yealink, "%NULL%", "NULL"),
    (yealink, "%empty%", "empty"),
    (yealink, "\u202eevil", "evil"),
    (yealink, "\ud83d", "\ufffd"),
    (yealink, '"Bob"', '"Bob"'),
    (aastra, '"Bob"', "'Bob'"),
    (aastra, "%NULL%", "%NULL%"),
    (aastra, " a\tb ", "a b"),
]


@pytest.mark.parametrize(("vendor", "value", "clean"), CLEANED)
def test_what_cleaning_does(vendor, value, clean):
    assert vendor.clean(value) == clean
