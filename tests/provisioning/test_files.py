"""Which device gets which file, when it is rendered, and how HTTP says so."""

from __future__ import annotations

from hashlib import md5

import pytest
from msgspec.structs import replace

from provisioning import models
from provisioning.messages import Downloaded, FileFrozen, FileStored
from provisioning.respond import UPLOAD_LIMIT, saved
from provisioning.vendors import VENDORS

MAC = "805ec0112233"
NAMES = [
    # model, file as the phone asks for it, status
    ("yealink-t46s", "y000000000066.cfg", 200),
    ("yealink-t46s", "y000000000096.cfg", 404),  # another model's
    ("yealink-t46s", f"{MAC}.cfg", 200),
    ("yealink-t46s", f"{MAC.upper()}.cfg", 404),
    ("yealink-t46s", "Y000000000066.cfg", 404),
    ("yealink-t46s", "y00000000066.cfg", 404),  # one digit short
    ("yealink-t46s", f"{MAC}.boot", 404),  # no boot files in this plan
    ("yealink-t46s", "y000000000000.boot", 404),
    ("yealink-t46s", f"{MAC}-local.cfg", 404),  # nothing uploaded yet
    ("yealink-t46s", "", 404),
    ("yealink-t46s", "xml/startup", 404),
    ("yealink-t46s", f"../acme/{MAC}.cfg", 404),
    ("yealink-t46s", f"%2e%2e/acme/{MAC}.cfg", 404),
    ("yealink-t54w", "y000000000096.cfg", 200),
    ("yealink-t54w", f"{MAC}.cfg", 200),
    ("aastra-6731i", "aastra.cfg", 200),
    ("aastra-6731i", "Aastra.cfg", 404),
    ("aastra-6731i", "6731i.cfg", 404),
    ("aastra-6731i", f"{MAC.upper()}.cfg", 200),
    ("aastra-6731i", f"{MAC}.cfg", 404),
    ("aastra-6731i", f"{MAC.upper()}-local.cfg", 404),
    ("aastra-6731i", "xml/startup", 404),  # no log-in on a live account
    ("aastra-6867i", "aastra.cfg", 200),
    ("aastra-6867i", f"{MAC.upper()}.cfg", 200),
]


@pytest.mark.parametrize(("model", "file", "status"), NAMES)
def test_names_are_exactly_what_the_model_asks_for(desk_of, yealink, model, file, status):
    desk = desk_of(replace(yealink, model=model))
    assert desk.ask(file).status == status
    assert not any(isinstance(effect, Downloaded) for effect in desk.effects) or status == 200


def test_every_model_has_a_vendor_and_few_uploads():
    for model in models.MODELS:
        vendor = VENDORS[model.vendor]
        assert len(vendor.uploads(MAC)) <= 8
        assert vendor.files(model, MAC)[vendor.own_file(MAC)] == "mac"
        assert vendor.files(model, MAC)[model.common] == "common"
        assert not set(vendor.files(model, MAC)) & set(vendor.uploads(MAC))


@pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.name)
def test_the_server_has_the_names_that_the_hardware_asks_for(model):
    """Two tables on purpose; what one has wrong, the other says."""
    hardware = pytest.importorskip("device_emulator.models").find(model.name)
    firmware = pytest.importorskip(f"device_emulator.firmware.{model.vendor}")
    contract = pytest.importorskip("device_emulator.firmware.contract")
    fetched, asked = (), []
    while name := firmware.next_file(hardware, MAC, contract.Flash(), fetched, False):
        asked.append(name)
        fetched = (*fetched, contract.Fetched(name, None))
    vendor = VENDORS[model.vendor]
    assert asked[-1] == vendor.own_file(MAC)
    assert set(vendor.files(model, MAC)) <= set(asked)


@pytest.mark.parametrize(
    "model", [model for model in models.MODELS if model.vendor == "yealink"], ids=lambda model: model.name
)
def test_a_first_boot_is_no_reason_to_restart(desk_of, yealink, model):
    firmware = pytest.importorskip("device_emulator.firmware.yealink")
    contract = pytest.importorskip("device_emulator.firmware.contract")
    hardware = pytest.importorskip("device_emulator.models").find(model.name)
    desk = desk_of(replace(yealink, model=model.name))
    fetched = tuple(contract.Fetched(name, desk.ask(name).body) for name in (model.common, f"{MAC}.cfg"))
    done = firmware.finish(hardware, contract.Flash(), fetched, False)
    restarts = model.release < 70  # the firmware of that time restarts for any other file
    assert (done.reboot, done.report.outcome, done.report.faults) == (restarts, "applied", ())
    (line,) = firmware.accounts(hardware, done.flash.settings)
    assert (line.label, line.user, line.server) == ("John Smith", "204", "pbx.example.org")


UNKNOWN = [
    # what somebody asks for, what he is told to use
    ("t46s", "Use yealink-t46s."),
    ("Yealink-T46S", "Use yealink-t46s."),
    ("mitel-6920", "Use aastra-6920."),
    ("aastra-57i", r"Use .*aastra-6757i.*\."),
    ("yealink-t46x", r"Use .*yealink-t46s.*\."),
    ("nokia-3310", r"Use one such as yealink-t46s or aastra-6867i: 107, of the series yealink-t1x, .*aastra-69xx\."),
    ("", "Use one such as yealink-t46s"),
]


@pytest.mark.parametrize(("name", "told"), UNKNOWN)
def test_an_unknown_model_is_told_the_nearest_or_the_series(name, told):
    with pytest.raises(LookupError, match=rf"^There is no phone model {name!r}\. {told}") as caught:
        models.find(name)
    assert len(str(caught.value)) < 400


def test_anothers_file_is_a_404_like_any_that_does_not_exist(desk_of, yealink):
    desk = desk_of(yealink)
    assert desk.ask("805ec0999999.cfg") == desk.ask("no-such-file")


def test_boot_files_name_the_two_others(desk_of, yealink):
    desk = desk_of(replace(yealink, boot_files=True))
    body = desk.ask(f"{MAC}.boot").body
    assert body == desk.ask("y000000000000.boot").body
    assert body == (b'#!version:1.0.0.1\ninclude:config "y000000000066.cfg"\ninclude:config "805ec0112233.cfg"\n')


def test_an_etag_is_the_md5_and_saves_the_second_download(desk_of, yealink, header_of):
    desk = desk_of(yealink)
    first = desk.ask(f"{MAC}.cfg")
    tag = header_of(first, "etag")
    assert tag == f'"{md5(first.body, usedforsecurity=False).hexdigest()}"'
    assert header_of(first, "content-length") == str(len(first.body))
    assert header_of(first, "content-type") == "text/plain; charset=utf-8"
    assert desk.effects == (Downloaded("d1", f"{MAC}.cfg", 200, tag),)
    for wanted in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = desk.ask(f"{MAC}.cfg", headers={"If-None-Match": wanted})
        assert (again.status, again.body, again.headers) == (304, b"", (("ETag", tag),))
        assert desk.effects == (Downloaded("d1", f"{MAC}.cfg", 304, tag),)
    assert desk.ask(f"{MAC}.cfg", headers={"If-None-Match": '"other"'}) == first


def test_head_says_what_get_would_and_downloads_nothing(desk_of, yealink):
    desk = desk_of(yealink)
    got, told = desk.ask(f"{MAC}.cfg"), desk.ask(f"{MAC}.cfg", "HEAD")
    assert (told.status, told.headers, told.body) == (200, got.headers, b"")
    assert desk.effects == ()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
def test_other_methods_are_named_what_to_use_instead(desk_of, yealink, header_of, method):
    desk = desk_of(yealink)
    response = desk.ask(f"{MAC}.cfg", method, body=b"x")
    assert (response.status, header_of(response, "allow")) == (405, "GET, HEAD")
    assert desk.effects == ()
    if method != "PUT":
        assert header_of(desk.ask(f"{MAC}-local.cfg", method), "allow") == "GET, HEAD, PUT"


@pytest.mark.parametrize("name", [f"{MAC}-local.cfg", f"{MAC}-contact.xml", f"{MAC}-calllog.xml"])
def test_what_a_phone_uploads_it_gets_back(desk_of, yealink, name):
    desk = desk_of(yealink)
    assert desk.ask(name).status == 404
    assert desk.ask(name, "PUT", body=b"mine").status == 201
    assert desk.effects == (FileStored("d1", name, b"mine"),)
    assert desk.ask(name).body == b"mine"
    assert desk.ask(name, "PUT", body=b"").status == 204
    assert desk.ask(name).body == b""


def test_an_upload_may_be_as_big_as_the_limit_and_no_bigger(desk_of, yealink):
    desk = desk_of(yealink)
    assert desk.ask(f"{MAC}-local.cfg", "PUT", body=b"x" * UPLOAD_LIMIT).status == 201
    assert desk.ask(f"{MAC}-local.cfg", "PUT", body=b"x" * (UPLOAD_LIMIT + 1)).status == 413
    assert desk.effects == ()
    assert desk.ask("other.cfg", "PUT", body=b"x").status == 404


def test_live_is_rendered_at_each_fetch(desk_of, yealink, john):
    desk = desk_of(yealink)
    assert b"account.1.label = John Smith\n" in desk.ask(f"{MAC}.cfg").body
    desk.plan = replace(yealink, lines=(replace(john, label="Unused Phone"),))
    assert b"account.1.label = Unused Phone\n" in desk.ask(f"{MAC}.cfg").body
    assert desk.files == {}


def test_at_save_is_rendered_when_the_pbx_saves(desk_of, yealink, john, now):
    plan = replace(yealink, mode="at_save")
    renamed = replace(plan, lines=(replace(john, label="Unused Phone"),), account_settings=(("lang.gui", "German"),))
    desk = desk_of(plan)
    first = desk.ask(f"{MAC}.cfg")
    assert [type(effect) for effect in desk.effects] == [FileFrozen, Downloaded]
    desk.plan = renamed
    assert desk.ask(f"{MAC}.cfg") == first
    assert [type(effect) for effect in desk.effects] == [Downloaded]
    assert b"lang.gui = German\n" in desk.ask("y000000000066.cfg").body  # common files are always live
    desk.happen(saved(renamed, desk.files, now))
    assert b"account.1.label = Unused Phone\n" in desk.ask(f"{MAC}.cfg").body


@pytest.mark.parametrize("mode", ["live", "at_login"])
def test_saving_freezes_nothing_in_the_other_modes(yealink, now, mode):
    assert saved(replace(yealink, mode=mode), {}, now) == ()


def test_at_login_there_is_no_file_before_somebody_logs_in(desk_of, aastra):
    desk = desk_of(replace(aastra, mode="at_login"))
    assert desk.ask("00085D112233.cfg").status == 404
    assert desk.ask("aastra.cfg").status == 200
