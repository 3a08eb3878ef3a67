"""What a file says: layers, overrides, and where each value came from."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

import provisioning
from provisioning import models
from provisioning.plan import LogIn
from provisioning.render import render, render_afresh
from provisioning.vendors import VENDORS


def said(plan, file):
    """The file as {key: (value, layer)}; no key twice."""
    rendered = render(plan, file)
    keys = [key for key, _ in rendered.pairs]
    assert len(set(keys)) == len(keys)
    return {key: (value, layer) for (key, value), layer in zip(rendered.pairs, rendered.provenance, strict=True)}


def test_a_yealink_file_says_who_sits_there(yealink):
    own = said(yealink, "mac")
    assert own["account.1.label"] == ("John Smith", "vendor")
    assert own["account.1.sip_server.1.address"] == ("pbx.example.org", "vendor")
    assert own["account.1.sip_server.1.transport_type"] == ("0", "vendor")
    assert own["linekey.1.type"] == ("15", "vendor")
    assert [own[f"account.{n}.enable"][0] for n in range(1, 17)] == ["1"] + ["0"] * 15
    body = render(yealink, "mac").body
    assert body.startswith(b"#!version:1.0.0.1\naccount.1.enable = 1\n")
    assert body.endswith(b"\n")


def test_every_line_of_the_plan_and_no_more_than_the_model_has(yealink, john):
    many = replace(yealink, lines=tuple(replace(john, label=f"line {n}") for n in range(1, 20)))
    own = said(many, "mac")
    assert own["account.16.label"][0] == "line 16"
    assert own["voice_mail.number.16"][0] == "*97"
    assert "account.17.enable" not in own


def test_a_common_file_has_what_a_check_sync_needs(yealink):
    common = said(replace(yealink, utc_offset=330), "common")
    assert common["sip.notify_reboot_enable"] == ("0", "vendor")
    assert common["static.auto_provision.power_on"] == ("1", "vendor")
    assert common["local_time.time_zone"] == ("+5:30", "vendor")
    assert common["phone_setting.backlight_time"] == ("30", "family")


ZONES = [(0, "0", "0"), (60, "+1", "-60"), (-300, "-5", "300"), (330, "+5:30", "-330"), (-210, "-3:30", "210")]


@pytest.mark.parametrize(("minutes", "yealinks", "aastras"), ZONES)
def test_time_zones_are_written_as_the_vendor_counts(yealink, aastra, minutes, yealinks, aastras):
    assert said(replace(yealink, utc_offset=minutes), "common")["local_time.time_zone"][0] == yealinks
    assert said(replace(aastra, utc_offset=minutes), "common")["time zone minutes"][0] == aastras


def test_layers_win_over_those_before_them(yealink):
    plan = replace(
        yealink,
        model="yealink-t54w",
        account_settings=(("lang.gui", "German"), ("account.1.label", "Account"), ("features.new", "1")),
        device_settings=(("account.1.label", "Device"), ("lang.gui", "French")),
    )
    common, own = said(plan, "common"), said(plan, "mac")
    assert common["lang.wui"] == ("English", "vendor")
    assert common["features.power_saving.enable"] == ("1", "family")
    assert common["static.wifi.function.enable"] == ("0", "model")
    assert common["lang.gui"] == ("German", "account")
    assert common["features.new"] == ("1", "account")
    assert common["account.1.label"] == ("Account", "account")
    assert own["lang.gui"] == ("French", "device")
    assert own["account.1.label"] == ("Device", "device")
    assert "features.new" not in own


def test_an_account_override_wins_over_the_devices_own_template(yealink):
    own = said(replace(yealink, account_settings=(("account.1.label", "Front"),)), "mac")
    assert own["account.1.label"] == ("Front", "account")


def test_an_empty_override_is_printed_empty(yealink, aastra):
    plan = replace(yealink, device_settings=(("account.1.label", ""),))
    assert b"\naccount.1.label =\n" in render(plan, "mac").body
    plan = replace(aastra, account_settings=(("sip line1 screen name", " "),))
    assert b"\nsip line1 screen name:\n" in render(plan, "mac").body


def test_a_list_of_a_yealink_keeps_an_entry_per_name(yealink):
    users = (("security.user_password", "admin:a"), ("security.user_password", "user:b"))
    plan = replace(yealink, account_settings=(*users, ("security.user_password", "admin:c")))
    lines = render(plan, "common").body.decode().split("\n")
    assert [line for line in lines if line.startswith("security")] == [
        "security.user_password = admin:c",
        "security.user_password = user:b",
    ]


ATTEMPTS = [
    # vendor, key, what becomes of it: the key as it is printed, or None
    ("yealink", " lang.gui ", "lang.gui"),
    ("yealink", "account.1.codec.G722_1_24kpbs.enable", "account.1.codec.G722_1_24kpbs.enable"),
    ("yealink", "a\nb", None),
    ("yealink", "a = b", None),
    ("yealink", "a=b", None),
    ("yealink", "", None),
    ("yealink", "#a", None),
    ("yealink", "include:config", None),
    ("yealink", "#!version:1.0.0.1", None),
    ("yealink", "[T46S]x", None),
    ("yealink", "a\x00", None),
    ("yealink", "ключ", None),
    ("yealink", "{{ label }}", None),
    ("aastra", "sip line1 screen name 2", "sip line1 screen name 2"),
    ("aastra", "a\nb", None),
    ("aastra", "a: b", None),
    ("aastra", "!a", None),
    ("aastra", "^a", None),
    ("aastra", "a #", None),
    ("aastra", 'a"', None),
    ("aastra", "a\u2028b", None),
]


@pytest.mark.parametrize(("vendor", "key", "printed"), ATTEMPTS)
@pytest.mark.parametrize("where", ["account_settings", "device_settings"])
def test_an_override_cannot_say_more_than_one_key(request, vendor, key, printed, where):
    plan = request.getfixturevalue(vendor)
    file = "common" if where == "account_settings" else "mac"
    rendered = render(replace(plan, **{where: ((key, "evil"),)}), file)
    before = dict(render(plan, file).pairs)
    assert set(dict(rendered.pairs)) == set(before) | ({printed} if printed else set())
    assert rendered.refused == (() if printed else (key,))


@pytest.mark.parametrize("vendor", ["yealink", "aastra"])
def test_an_override_is_data_and_no_template(request, vendor):
    plan = request.getfixturevalue(vendor)
    evil = "{{ 7 * 7 }}{% raw %}\nsip.evil = 1\r\nsip evil: 1"
    rendered = render(replace(plan, device_settings=(("x", evil),)), "mac")
    assert dict(rendered.pairs)["x"] == "{{ 7 * 7 }}{% raw %} sip.evil = 1  sip evil: 1"
    assert VENDORS[vendor].read(rendered.body) == rendered.pairs


def test_aastra_logged_out_and_live_differ_in_the_log_in_keys_only(aastra):
    keys = {"dynamic sip", "sip line1 user name", "sip registrar ip", "action uri startup"}
    live, at_login = said(aastra, "common"), said(replace(aastra, mode="at_login"), "common")
    assert set(at_login) - set(live) == keys
    assert not keys & set(live)
    assert at_login["action uri startup"][0] == "http://127.0.0.1/provision/acme/xml/startup"
    assert at_login["sip registrar ip"][0] == "0.0.0.0"
    assert not [key for key in said(aastra, "mac") if key.startswith(("prgkey", "action uri"))]


def test_aastra_logged_in_has_its_visitors_line(aastra, john):
    visitor = replace(john, label="Ann #1")
    plan = replace(aastra, model="aastra-6867i", mode="at_login", log_in=LogIn("ok", "u1", visitor))
    own = said(plan, "mac")
    assert own["sip line1 screen name"][0] == "Ann #1"
    assert own["action uri startup"][0] == ""
    assert own["topsoftkey1 label"][0] == "Log Out"
    assert b'sip line1 screen name: "Ann #1"\n' in render(plan, "mac").body


def test_the_dial_plan_is_quoted_because_of_its_hash(aastra):
    assert b'sip dial plan: "x+#|xx+*"\n' in render(aastra, "common").body


def test_transport(aastra, yealink, john):
    tls = replace(john, transport="tls")
    assert said(replace(aastra, lines=(tls,)), "mac")["sip transport protocol"][0] == "4"
    assert said(replace(yealink, lines=(tls,)), "mac")["account.1.sip_server.1.transport_type"][0] == "2"


def test_devices_share_the_common_file_and_a_second_fetch_is_a_look_up(yealink):
    other = replace(yealink, device="d9", mac="805ec0999999", password="x", lines=())
    assert render(yealink, "common") is render(other, "common")
    assert render(yealink, "mac") is render(replace(yealink), "mac")
    fresh = render_afresh(yealink, "mac")
    assert fresh == render(yealink, "mac")
    assert fresh is not render(yealink, "mac")


@pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.name)
def test_keys_are_the_vendors_and_none_needs_a_restart(reference, yealink, john, model):
    rows = [
        row.split("\t") for row in (reference / f"{model.vendor}_keys.tsv").read_text(encoding="utf-8").splitlines()
    ]
    known = {row[0]: row[1] for row in rows}
    known["dynamic sip"] = ""  # public log-in scripts 2.3.1; not among the guides' keys
    plan = replace(yealink, model=model.name, mode="at_login", log_in=LogIn("ok", "u1", john))
    for file in ("common", "mac"):
        for key, _ in render(plan if model.vendor == "aastra" else replace(yealink, model=model.name), file).pairs:
            if model.vendor == "yealink":
                name = re.sub(r"(?<=\.)\d+(?=\.|$)", "N", key)
                name = re.sub(r"^(account|linekey)\.\d+", r"\1.N", name)
            else:
                name = re.sub(r"\d+", "N", key)
            candidates = {key, name, name.replace("codec.N", "codec")}
            assert candidates & set(known), f"no such {model.vendor} key: {key}"
            assert "reboot" not in {known.get(candidate) for candidate in candidates}, key


def test_a_template_may_say_a_fact_but_not_ask_it():
    from jinja2 import UndefinedError

    from provisioning.compiled import _environment

    assert _environment().from_string("a = {{ label }}").render() != "a = "
    for template in ("{% if label %}a = 1{% endif %}", "{% for x in label %}{% endfor %}", "{{ label.upper() }}"):
        with pytest.raises(UndefinedError):
            _environment().from_string(template).render()


def test_a_value_that_looks_like_a_place_is_a_value(yealink, john):
    for label in ("\ue000password\ue001", "{{ password }}", "{password}"):
        own = render(replace(yealink, lines=(replace(john, label=label),)), "mac")
        assert dict(own.pairs)["account.1.label"] == label


def test_every_template_is_some_models():
    folder = Path(provisioning.__file__).parent / "templates"
    parts = ("common", "line", "mac", "key")
    known = {f"{model.vendor}/{part}.cfg" for model in models.MODELS for part in parts}
    known |= {f"{model.vendor}/family-{model.family}.{part}.cfg" for model in models.MODELS for part in parts}
    known |= {f"{model.vendor}/model-{model.name}.{part}.cfg" for model in models.MODELS for part in parts}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.cfg")}
    assert there <= known
    assert len(there) >= 12


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, provisioning.render, provisioning.respond, provisioning.answer, provisioning.app;"
        "print([m for m in ('jinja2', 'aiohttp', 'asyncio', 'yaml', 'sqlite3') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
