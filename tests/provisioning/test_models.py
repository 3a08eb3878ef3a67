"""Every model's files, filled to the brim, as the model's own firmware reads them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from provisioning import models
from provisioning.plan import Key, Line, LogIn
from provisioning.render import render
from provisioning.vendors import VENDORS

MAC = "805ec0112233"
each = pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.name)
YEALINK = [model for model in models.MODELS if model.vendor == "yealink"]


def full(plan, john, model, mode="live"):
    """All the lines and all the keys that the model has; every third key is switched off again."""
    lines = tuple(replace(john, label=f"Line {n}", user_name=f"u{n}") for n in range(1, model.lines + 1))
    first = 2 if mode == "at_login" else min(model.lines, model.keys) + 1
    keys = tuple(
        Key(n, "" if n % 3 == 0 else f"2{n:03}", f"Key {n}") for n in range(max(first, 2), model.positions + 1)
    )
    log_in = LogIn("ok", "u1", lines[0]) if mode == "at_login" else None
    return replace(plan, model=model.name, mac=MAC, lines=lines, keys=keys, mode=mode, log_in=log_in)


def read(plan, model, mode="live"):
    """What the model's own firmware makes of its two files: (accounts, keys, faults)."""
    firmware = pytest.importorskip(f"device_emulator.firmware.{model.vendor}")
    contract = pytest.importorskip("device_emulator.firmware.contract")
    hardware = pytest.importorskip("device_emulator.models").find(model.name)
    names = (model.common, VENDORS[model.vendor].own_file(MAC))
    files = tuple(
        contract.Fetched(name, render(plan, kind).body) for name, kind in zip(names, ("common", "mac"), strict=True)
    )
    done = firmware.finish(hardware, contract.Flash(), files, False)
    assert done.report.faults == ()
    settings = done.flash.settings
    return firmware.accounts(hardware, settings), firmware.keys(hardware, settings)


@each
@pytest.mark.parametrize("mode", ["live", "at_save"])
def test_as_many_lines_as_it_has_and_every_key_where_it_was_put(yealink, john, model, mode):
    plan = full(yealink, john, model, mode)
    accounts, keys = read(plan, model)
    assert [(one.number, one.label, one.user, one.server) for one in accounts] == [
        (n, f"Line {n}", f"u{n}", "pbx.example.org") for n in range(1, model.lines + 1)
    ]
    watching = {}
    for key in plan.keys:
        if key.extension:
            name, number = model.key_at(key.position)
            watching[f"{name}{number}"] = (f"Key {key.position}", key.extension)
    assert {key.name: (key.label, key.value) for key in keys if key.type == "blf"} == watching
    lines = [key for key in keys if key.type == "line"]
    if model.vendor == "yealink":
        assert len(lines) == min(model.lines, model.keys)


@pytest.mark.parametrize(
    "model", [model for model in models.MODELS if model.vendor == "aastra"], ids=lambda model: model.name
)
def test_somebody_logged_in_has_one_line_a_key_to_leave_and_his_keys(yealink, john, model):
    plan = full(yealink, john, model, "at_login")
    (account,), keys = read(plan, model)
    assert (account.label, account.user) == ("Line 1", "u1")
    assert keys[0].label == "Log Out"
    assert sum(key.type == "blf" for key in keys) == sum(1 for key in plan.keys if key.extension)


@each
def test_a_file_says_no_key_twice_and_only_lines_that_the_model_has(yealink, john, model):
    many = tuple(replace(john, label=f"Line {n}") for n in range(1, model.lines + 4))
    rendered = render(replace(full(yealink, john, model), lines=many), "mac")
    keys = [key for key, _ in rendered.pairs]
    assert len(set(keys)) == len(keys)
    assert f"Line {model.lines + 1}" not in rendered.body.decode()
    beyond = replace(full(yealink, john, model), keys=(Key(model.positions + 1, "205", "Bob"),))
    assert "205" not in {value for _, value in render(beyond, "mac").pairs}


@pytest.mark.parametrize("model", YEALINK, ids=lambda model: model.name)
def test_each_release_is_told_in_its_own_words(yealink, john, model):
    plan = full(yealink, john, model)
    said = {key for file in ("common", "mac") for key, _ in render(plan, file).pairs}
    assert any(key.startswith("static.") for key in said) == (model.release >= 81)
    assert ("account.1.sip_server_host" in said, "account.1.sip_server.1.address" in said) == (
        model.release < 80,
        model.release >= 80,
    )
    files = VENDORS["yealink"].files(model, MAC)
    assert (f"{MAC}.boot" in files) == (model.release >= 81)
    if model.release < 81:
        with pytest.raises(LookupError, match="asks for no boot file"):
            VENDORS["yealink"].boot(model, MAC)


@pytest.mark.parametrize(
    ("name", "line", "blf"),
    [("yealink-t38g", "0", "0"), ("yealink-t32g", "0", "0"), ("yealink-t28p", "1", "1"), ("yealink-t46s", "1", "1")],
)
def test_two_models_count_lines_from_zero(yealink, john, name, line, blf):
    model = models.find(name)
    plan = replace(yealink, model=name, lines=(john,), keys=(Key(2, "205", "Bob"),))
    said = dict(render(plan, "mac").pairs)
    assert (said["linekey.1.line"], said["linekey.2.line"]) == (line, blf)
    assert model.first_line == int(line)


def test_a_position_counts_on_from_one_kind_of_key_to_the_next(yealink):
    t28p = models.find("yealink-t28p")
    assert [t28p.key_at(n) for n in (1, 6, 7, 16)] == [
        ("linekey", 1), ("linekey", 6), ("memorykey", 1), ("memorykey", 10),
    ]  # fmt: skip
    assert t28p.positions == 16
    with pytest.raises(LookupError, match="has 16 keys"):
        t28p.key_at(17)
    plan = replace(yealink, model="yealink-t28p", keys=(Key(7, "205", "Bob"),))
    assert dict(render(plan, "mac").pairs)["memorykey.1.value"] == "205"
    assert VENDORS["yealink"].key_label(t28p, 7) == "memorykey.1.label"


def test_a_handset_of_a_base_has_its_accounts_name(yealink, john):
    two = (john, Line(**{**{name: getattr(john, name) for name in john.__struct_fields__}, "label": "Ann"}))
    said = dict(render(replace(yealink, model="yealink-w60b", lines=two), "mac").pairs)
    assert (said["handset.1.name"], said["handset.2.name"]) == ("John Smith", "Ann")


@pytest.mark.parametrize(
    ("brand", "product", "name"),
    [
        ("yealink", "T46S", "yealink-t46s"),
        ("yealink", "VP-T49G", "yealink-t49g"),
        ("yealink", "t19p_e2", "yealink-t19p-e2"),
        ("aastra", "53i", "aastra-6753i"),
        ("mitel", "6920", "aastra-6920"),
        ("aastra", "480i Cordless", "aastra-480ict"),
        ("aastra", "T46S", None),
        ("", "", None),
    ],
)
def test_the_name_in_a_user_agent_is_a_models(brand, product, name):
    found = models.named(brand, product)
    assert (found.name if found else None) == name
