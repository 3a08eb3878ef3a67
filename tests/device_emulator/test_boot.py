"""From power to a phone that is up: which files each model asks for, how often, and what failures leave behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from device_emulator.messages import HttpReply, PowerOn, Wake
from device_emulator.phone import step

Make = Callable[[str], Any]
Y, A = "805ec0112233", "00085D1610DE"


@pytest.mark.parametrize(
    ("model", "expected", "seconds"),
    [
        # Three requests for each absent file, five seconds apart: 20 s for two absent boot files.
        (
            "yealink-t46s",
            [f"{Y}.boot"] * 3 + ["y000000000000.boot"] * 3 + ["y000000000066.cfg", f"{Y}.cfg"],
            11 + 20,
        ),
        (
            "yealink-t54w",
            [f"{Y}.boot"] * 3 + ["y000000000000.boot"] * 3 + ["y000000000096.cfg", f"{Y}.cfg"],
            11 + 20,
        ),
        ("aastra-6731i", ["6731i.st", "aastra.cfg", "6731i.cfg", f"{A}.cfg"], 16),
        ("aastra-6867i", ["6867i.st", "startup.cfg", "aastra.cfg", "6867i.cfg", f"{A}.cfg"], 16),
    ],
)
def test_boot_order(
    make_world: Make,
    make_yealink_file: Callable[..., str],
    make_aastra_file: Callable[..., str],
    model: str,
    expected: list[str],
    seconds: int,
) -> None:
    world = make_world(model)
    world.stage()
    world.files = {
        "y000000000066.cfg": "#!version:1.0.0.1\n",
        "y000000000096.cfg": "#!version:1.0.0.1\n",
        f"{Y}.cfg": make_yealink_file(),
        "aastra.cfg": "time format: 1\n",
        f"{A}.cfg": make_aastra_file(),
    }
    start = world.now
    world.plug_in()
    assert world.paths == expected
    assert world.now - start == seconds * 1000
    assert world.phone.registered
    assert world.phone.screen.label == "Bob"


def test_6867i_with_a_startup_file_does_not_ask_for_aastra_cfg(make_world: Make) -> None:
    world = make_world("aastra-6867i")
    world.stage()
    world.files["startup.cfg"] = "time format: 1\n"
    world.plug_in()
    assert world.paths == ["6867i.st", "startup.cfg", "6867i.cfg", f"{A}.cfg"]


def test_a_boot_file_is_followed_in_order_and_nothing_else_is_fetched(t46s: Any) -> None:
    t46s.files[f"{Y}.boot"] = (
        '#!version:1.0.0.1\ninclude:config "b.cfg"\ninclude:config http://cdn.example/a.cfg\n'
        "[T54W]include:config x.cfg\n"
    )
    t46s.files["b.cfg"] = "#!version:1.0.0.1\naccount.1.label = from b\n"
    t46s.files["http://cdn.example/a.cfg"] = "#!version:1.0.0.1\naccount.1.label = from a\n"
    t46s.plug_in()
    assert t46s.paths == [f"{Y}.boot", "b.cfg", "http://cdn.example/a.cfg"]
    assert t46s.phone.settings.get("account.1.label") == "from a"  # the later file wins


def test_the_common_boot_file_is_second(t46s: Any) -> None:
    t46s.files["y000000000000.boot"] = t46s.files.pop(f"{Y}.boot")
    t46s.plug_in()
    assert t46s.paths == [f"{Y}.boot"] * 3 + ["y000000000000.boot", "y000000000066.cfg", f"{Y}.cfg"]


@pytest.mark.parametrize("model", ["yealink-t46s", "aastra-6731i"])
def test_without_a_server_it_says_so_and_waits(make_world: Make, model: str) -> None:
    world = make_world(model)
    world.plug_in()
    assert (world.phone.phase, world.phone.screen.message) == ("no-server", "No server")
    assert world.phone.due is None
    assert [seen.status for seen in world.seen] == [404]  # the vendor's redirect service does not know it


@pytest.mark.parametrize("model", ["yealink-t46s", "aastra-6731i"])
def test_staging_a_powered_phone_makes_it_boot(
    make_world: Make, make_yealink_file: Callable[..., str], make_aastra_file: Callable[..., str], model: str
) -> None:
    world = make_world(model)
    world.files = {f"{Y}.cfg": make_yealink_file(), f"{A}.cfg": make_aastra_file()}
    world.plug_in()
    world.stage()
    assert world.phone.busy
    world.settle()
    assert world.phone.screen.label == "Bob"


@pytest.mark.parametrize("model", ["yealink-t46s", "aastra-6731i"])
@pytest.mark.parametrize("status", [0, 401, 403, 500, 503])
@pytest.mark.parametrize("which", [0, 1])
def test_a_failed_run_keeps_the_whole_old_configuration_and_registers_with_it(
    t46s: Any, m6731i: Any, make_yealink_file: Callable[..., str], make_aastra_file: Callable[..., str], model: str,
    status: int, which: int,
) -> None:  # fmt: skip
    world, common, own, new = (
        (t46s, "y000000000066.cfg", f"{Y}.cfg", make_yealink_file("Eve", "999"))
        if model == "yealink-t46s"
        else (m6731i, "aastra.cfg", f"{A}.cfg", make_aastra_file("Eve", "999"))
    )
    world.plug_in()
    before = world.phone.settings
    world.files[own] = new
    world.files[common] += "# changed\n"
    world.statuses[(common, own)[which]] = status
    world.bindings.clear()
    world.power_cycle()
    assert world.phone.settings == before
    assert [line.label for line in world.phone.screen.lines] == ["Bob"]  # a prompt for credentials may cover it
    assert world.aors == {"sip:204@pbx.example"}
    assert world.phone.report.outcome == "failed"
    assert world.phone.report.reason.startswith((common, own)[which])
    said = {"yealink": "Configuration failed", "aastra": "Bad config server"}[world.phone.model.vendor]
    assert world.phone.screen.message == said
    del world.statuses[(common, own)[which]]
    world.power_cycle()
    assert (world.phone.screen.label, world.phone.screen.message) == ("Eve", "")


def test_a_server_that_never_answers_is_given_up_after_30_seconds(t46s: Any) -> None:
    t46s.plug_in()
    t46s.unplug()
    t46s.silent = True
    t46s.give(PowerOn())
    t46s.advance(10)
    start = t46s.now
    assert t46s.phone.busy
    t46s.advance(30)
    assert t46s.now - start == 30_000
    assert t46s.phone.report.outcome == "failed"
    assert "no answer" in t46s.phone.report.reason


@pytest.mark.parametrize("model", ["yealink-t46s", "aastra-6731i"])
def test_a_server_without_any_file_changes_nothing(t46s: Any, m6731i: Any, model: str) -> None:
    world = t46s if model == "yealink-t46s" else m6731i
    world.plug_in()
    before = world.phone.settings
    world.files.clear()
    world.power_cycle()
    assert world.phone.report.outcome == "absent"
    assert world.phone.settings == before


def test_a_reply_to_another_id_or_without_power_is_dropped(t46s: Any) -> None:
    t46s.holding = True
    t46s.give(PowerOn())
    t46s.now = t46s.phone.due
    t46s.give(Wake())
    (request,) = t46s.held
    waiting = t46s.phone
    assert step(waiting, HttpReply(request.id + 1, 200), t46s.now) == (waiting, ())
    t46s.unplug()
    dark = t46s.phone
    assert step(dark, HttpReply(request.id, 200), t46s.now) == (dark, ())
    # Not even after the next boot: ids are never used twice.
    t46s.give(PowerOn())
    t46s.now = t46s.phone.due
    t46s.give(Wake())
    waiting = t46s.phone
    assert step(waiting, HttpReply(request.id, 200), t46s.now) == (waiting, ())


def test_a_wake_with_nothing_due_changes_nothing(t46s: Any) -> None:
    t46s.plug_in()
    phone = t46s.phone
    assert step(phone, Wake(), phone.due - 1) == (phone, ())


def test_deadlines_are_whole_seconds_and_idle_ones_are_not_busy(t46s: Any) -> None:
    t46s.now += 123
    t46s.plug_in()
    assert t46s.phone.due % 1000 == 0
    assert not t46s.phone.busy


def test_power_loss_sends_nothing_and_keeps_flash(t46s: Any) -> None:
    t46s.plug_in()
    flash = t46s.phone.flash
    sent = len(t46s.http), len(t46s.sip)
    t46s.unplug()
    assert (len(t46s.http), len(t46s.sip)) == sent
    assert t46s.phone.flash == flash
    assert (t46s.phone.powered, t46s.phone.registered, t46s.phone.due) == (False, False, None)
    assert t46s.phone.screen.rows == ()
    assert t46s.bindings  # the ghost: the registrar knows nothing of power cuts


def test_a_factory_reset_leaves_and_forgets(t46s: Any) -> None:
    t46s.passwords["204"] = "secret"
    t46s.plug_in()
    assert t46s.aors == {"sip:204@pbx.example"}
    assert t46s.registers(t46s.factory_reset) == [("204", 0)]
    assert not t46s.bindings
    assert t46s.phone.screen.message == "No server"
    assert t46s.phone.flash.url == ""
    assert t46s.phone.settings.dict() == {}
    t46s.power_cycle()
    assert t46s.phone.screen.message == "No server"


def test_the_farewell_of_a_factory_reset_may_be_challenged_again(t46s: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    t46s.passwords["204"] = "secret"
    t46s.plug_in()
    honest = type(t46s).registrar
    stale = iter([True])

    def registrar(world: Any, request: Any) -> Any:
        if next(stale, False):
            from device_emulator.messages import SipReply

            return SipReply(request.id, 401, realm="pbx", nonce="s1")
        return honest(world, request)

    monkeypatch.setattr(type(t46s), "registrar", registrar)
    assert t46s.registers(t46s.factory_reset) == [("204", 0), ("204", 0)]
    assert not t46s.bindings
    assert t46s.phone.leaving == ()
    assert t46s.phone.phase == "no-server"


@pytest.mark.parametrize("mac", ["80:5e:c0:11:22:33", "805EC0-112233", "805e.c011.2233", " 805ec0112233 "])
def test_a_mac_in_any_usual_writing(mac: str) -> None:
    from device_emulator import models
    from device_emulator.phone import new

    assert new(models.find("yealink-t46s"), mac).mac == Y


@pytest.mark.parametrize("mac", ["", "80:5e:c0:11:22", "805ec011223g", "８05ec0112233"])
def test_what_is_no_mac_is_refused(mac: str) -> None:
    from device_emulator import models
    from device_emulator.phone import new

    with pytest.raises(ValueError, match="is not a MAC address"):
        new(models.find("yealink-t46s"), mac)


def test_an_unknown_model_says_what_is_near_or_which_series_there_are() -> None:
    from device_emulator import models

    with pytest.raises(
        models.UnknownModel, match=r"Say one such as yealink-t46s or aastra-6867i; there .* yealink-t4x"
    ):
        models.find("cisco-7960")
    with pytest.raises(models.UnknownModel, match=r"Is it yealink-t46s\?"):
        models.find("T46S")
