"""Bad input and refusals, as rows: what is asked, which error, what it says; and nothing has changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pbxsim.core.rules
from pbxsim import ForeignHandle, Gone, Invalid, NotFound, PbxsimError, Refused, World
from pbxsim.callflows import dial, hang_up, ring_group, transfer, voicemail
from pbxsim.core.invariants import broken
from pbxsim.platforms import PLATFORMS, all_rules


def office() -> World:
    """A Jet and a PISTON account with a little of everything."""
    world = World(seed=3)
    acme = world.accounts.add("acme", platform="jet", country="AU", seats=3)
    john = acme.users.add("1002", first_name="John", last_name="Smith", password="tr0ubador")
    acme.callflows.add("Sales", dial(john))
    acme.numbers.add("+61255501234", callflow=acme.callflows["Sales"])
    acme.numbers.add("+61255501235")
    acme.queues.add("Demo 1", members=[john])
    device = acme.devices.add(model="yealink-t46s", mac="80:5e:c0:11:22:33", owner=john)
    world.phones.add(device)
    voxco = world.accounts.add("voxco", platform="piston")
    voxco.users.add("204", voicemail_pin="4711")
    return world


Attempt = Callable[[World], object]

INVALID: list[tuple[str, Attempt, list[str]]] = [
    ("extension of letters", lambda w: w.accounts["acme"].users.add("12a"), ["/extension"]),
    ("extension too short", lambda w: w.accounts["acme"].users.add("1"), ["/extension"]),
    ("extension too long", lambda w: w.accounts["acme"].users.add("1234567"), ["/extension"]),
    ("extension in Arabic digits", lambda w: w.accounts["acme"].users.add("١٢٣"), ["/extension"]),
    ("extension as a number", lambda w: w.accounts["acme"].users.add(1004), ["/extension"]),
    (
        "every fault at once",
        lambda w: w.accounts["acme"].users.add("x", first_name=7, email="nobody", colour="red", voicemail_pin="1"),
        ["/extension", "/first_name", "/email", "/colour", "/voicemail_pin"],
    ),
    ("a name with a newline", lambda w: w.accounts["acme"].users.update("1002", last_name="a\nb"), ["/last_name"]),
    ("a name with a surrogate", lambda w: w.accounts["acme"].users.update("1002", last_name="\ud800"), ["/last_name"]),
    ("a name too long", lambda w: w.accounts["acme"].users.update("1002", last_name="x" * 129), ["/last_name"]),
    ("no such role", lambda w: w.accounts["acme"].users.update("1002", role="king"), ["/role"]),
    ("a call to nothing", lambda w: w.accounts["acme"].call(""), ["/to"]),
    ("a call to blanks", lambda w: w.accounts["acme"].calls.place("  "), ["/to"]),
    (
        "a look from nowhere with letters pressed",
        lambda w: w.accounts["acme"].call(" ", from_="a\nb", digits="x"),
        ["/to", "/from_", "/digits"],
    ),
    ("MAC malformed", lambda w: w.accounts["acme"].devices.add(model="yealink-t46s", mac="80:5e:c0"), ["/mac"]),
    ("MAC multicast", lambda w: w.accounts["acme"].devices.add(model="yealink-t46s", mac="01005e000001"), ["/mac"]),
    ("model missing", lambda w: w.accounts["acme"].devices.add(mac="805ec0112234"), ["/model"]),
    ("unknown model", lambda w: w.accounts["acme"].devices.add(model="nokia", mac="805ec0112234"), ["/model"]),
    (
        "owner of another account",
        lambda w: w.accounts["acme"].devices.add(
            model="yealink-t46s", mac="805ec0112234", owner=w.accounts["voxco"].users["204"]
        ),
        ["/owner"],
    ),
    (
        "settings of no vendor, and a key with a newline",
        lambda w: w.accounts["acme"].devices.update("805ec0112233", settings={"nokia": {}, "yealink": {"a\nb": "1"}}),
        ["/settings/nokia", "/settings/yealink/a\nb"],
    ),
    (
        "a settings key that would end itself",
        lambda w: w.accounts["acme"].devices.update("805ec0112233", settings={"yealink": {"a = b": "1"}}),
        ["/settings/yealink/a = b"],
    ),
    (
        "an account's settings key that would end itself",
        lambda w: w.accounts.update("acme", settings={"yealink": {"a = b": "1"}}),
        ["/settings/yealink/a = b"],
    ),
    ("a policy of numbers", lambda w: w.accounts.update("acme", policy={1: True, "b": False}), ["/policy/1"]),
    ("time that is no amount", lambda w: w.advance(minutes=float("nan")), ["/advance"]),
    ("far too deep in process", lambda w: w.accounts["acme"].callflows.add("X", deep(5000)), [""]),
    ("time beyond all calendars", lambda w: w.advance(days=366 * 8000), ["/advance"]),
    ("a number of no country", lambda w: w.accounts["acme"].numbers.add("+99912"), ["/e164"]),
    ("a number of letters", lambda w: w.accounts["acme"].numbers.add("John"), ["/e164"]),
    ("national input without a country", lambda w: w.accounts["voxco"].numbers.add("0255501239"), ["/e164"]),
    ("unknown platform", lambda w: w.accounts.add("other", platform="asterisk"), ["/platform"]),
    ("platform missing", lambda w: w.accounts.add("other"), ["/platform"]),
    ("account without a name", lambda w: w.accounts.add("", platform="jet"), ["/name"]),
    ("account id that is none", lambda w: w.accounts.add("x", platform="jet", account="X!"), ["/account"]),
    ("unknown country", lambda w: w.accounts.update("acme", country="Australia"), ["/country"]),
    ("letters of no country", lambda w: w.accounts.update("acme", country="XX"), ["/country"]),
    (
        "a version where none are counted",
        lambda w: w.accounts.update("acme", platform_version=44),
        ["/platform_version"],
    ),
    (
        "a new account with one",
        lambda w: w.accounts.add("x1", platform="piston", platform_version=44),
        ["/platform_version"],
    ),
    ("unknown time zone", lambda w: w.accounts.update("acme", timezone="Mars/Phobos"), ["/timezone"]),
    ("a time zone that climbs", lambda w: w.accounts.update("acme", timezone="../../etc/passwd"), ["/timezone"]),
    ("no seats", lambda w: w.accounts.update("acme", seats=0), ["/seats"]),
    ("unknown policy", lambda w: w.accounts.update("acme", policy={"jet.fun": True}), ["/policy/jet.fun"]),
    ("policy that is no switch", lambda w: w.accounts.update("acme", policy={"x": 1}), ["/policy/x"]),
    (
        "a callflow that names a stranger",
        lambda w: w.accounts["acme"].callflows.add("X", dial("u99", then=ring_group("1002", "u98"))),
        ["/root/users/0", "/root/then/users/1"],
    ),
    ("a mailbox that is none", lambda w: w.accounts["acme"].callflows.add("X", voicemail("m99")), ["/root/mailbox"]),
    ("a transfer to nothing", lambda w: w.accounts["acme"].callflows.add("X", transfer("c99")), ["/root/callflow"]),
    (
        "no ring time",
        lambda w: w.accounts["acme"].callflows.add("X", {"type": "dial", "seconds": 0}),
        ["/root/seconds"],
    ),
    ("no such node", lambda w: w.accounts["acme"].callflows.add("X", {"type": "teleport"}), ["/root/type"]),
    ("a node that is no object", lambda w: w.accounts["acme"].callflows.add("X", "dial"), ["/root"]),
    ("too deep", lambda w: w.accounts["acme"].callflows.add("X", deep(33)), ["/root"]),
    ("far too deep", lambda w: w.accounts["acme"].callflows.add("X", deep_json(5000)), [""]),
    ("a queue member who is none", lambda w: w.accounts["acme"].queues.add("Q", members=["9999"]), ["/members/0"]),
    ("members that are no list", lambda w: w.accounts["acme"].queues.add("Q", members="1002"), ["/members"]),
    (
        "an extension in a Jet callflow's numbers",
        lambda w: w.accounts["acme"].callflows.update("Sales", numbers=["1002"]),
        ["/numbers/0"],
    ),
    (
        "numbers that are none",
        lambda w: w.accounts["voxco"].callflows.update("204", numbers=["204", "+16045550199", "abc"]),
        ["/numbers/1", "/numbers/2"],
    ),
    ("a phone of nothing", lambda w: w.phones.add(), [""]),
    ("a phone of no model", lambda w: w.phones.add(model="nokia", mac="805ec0112255"), ["/model"]),
    ("staged at no URL", lambda w: w.phones["805ec0112233"].stage(url="ftp://x"), ["/url"]),
    ("time that runs back", lambda w: w.advance(minutes=-1), ["/advance"]),
]

REFUSED: list[tuple[str, Attempt, str, list[str]]] = [
    ("extension twice", lambda w: w.accounts["acme"].users.add("1002"), "pbx.extension.taken", ["user"]),
    (
        "extension moved onto another",
        lambda w: (w.accounts["acme"].users.add("1003"), w.accounts["acme"].users.update("1003", extension="1002")),
        "pbx.extension.taken",
        ["user"],
    ),
    (
        "a mailbox number twice",
        lambda w: w.accounts["acme"].mailboxes.add("1002", name="Second"),
        "pbx.mailbox.taken",
        ["mailbox"],
    ),
    (
        "an extension that a callflow answers to",
        lambda w: (
            w.accounts["voxco"].callflows.add("Three", hang_up(), numbers=["300"]),
            w.accounts["voxco"].users.add("300"),
        ),
        "pbx.extension.taken",
        ["callflow"],
    ),
    (
        "a code twice",
        lambda w: w.accounts["voxco"].callflows.add("Again", hang_up(), numbers=["204"]),
        "pbx.number.taken",
        ["callflow"],
    ),
    (
        "MAC twice, over all accounts and spellings",
        lambda w: w.accounts["voxco"].devices.add(model="yealink-t46s", mac="80-5E-C0-11-22-33"),
        "pbx.mac.taken",
        ["device"],
    ),
    ("number twice", lambda w: w.accounts["voxco"].numbers.add("+61255501234"), "pbx.number.taken", ["number"]),
    (
        "national input is the same number",
        lambda w: w.accounts["acme"].numbers.add("02 5550 1234"),
        "pbx.number.taken",
        ["number"],
    ),
    (
        "a number in use deleted",
        lambda w: w.accounts["acme"].numbers.delete("+61255501234"),
        "pbx.number.in-use",
        ["callflow"],
    ),
    ("account twice", lambda w: w.accounts.add("acme", platform="jet"), "pbx.account.taken", ["account"]),
    (
        "a dial that names nobody",
        lambda w: w.accounts["acme"].callflows.add("X", dial()),
        "pbx.callflow.incomplete",
        ["node"],
    ),
    (
        "a callflow without a number (PISTON)",
        lambda w: w.accounts["voxco"].callflows.add("X", hang_up()),
        "piston.callflow.needs-number",
        [],
    ),
    ("a draft on PISTON", lambda w: w.accounts["voxco"].callflows.draft("204"), "piston.callflow.in-place", []),
    (
        "a version changed in service",
        lambda w: w.accounts["acme"].callflows.change(w.accounts["acme"].callflows["Sales"].newest, hang_up()),
        "pbx.callflow.version.fixed",
        [],
    ),
    (
        "a fourth user on three seats",
        lambda w: [w.accounts["acme"].users.add(str(1003 + i)) for i in range(3)],
        "pbx.seats.exhausted",
        ["seat"],
    ),
    (
        "an app with a wrong password",
        lambda w: w.accounts["acme"].users.log_in_app("1002", "wrong"),
        "pbx.app.password",
        [],
    ),
    (
        "two phones of one MAC",
        lambda w: w.phones.add(w.accounts["acme"].devices["805ec0112233"]),
        "pbx.phone.taken",
        ["phone"],
    ),
    (
        "a blocked delete",
        lambda w: w.accounts["acme"].users.delete("1002"),
        "jet.user.delete.blocked",
        ["queue", "callflow"],
    ),
]

NOT_FOUND: list[tuple[str, Attempt]] = [
    ("user", lambda w: w.accounts["acme"].users["9999"]),
    ("user to delete", lambda w: w.accounts["acme"].users.delete("9999")),
    ("user of another account", lambda w: w.accounts["acme"].users["204"]),
    ("account", lambda w: w.accounts["nobody"]),
    ("queue member", lambda w: w.accounts["acme"].queues.remove_member("Demo 1", "9999")),
    ("phone", lambda w: w.phones["80:5e:c0:99:99:99"]),
    ("phone of no MAC", lambda w: w.phones["my phone"]),
    ("login", lambda w: w.end_login("l99")),
    ("app login", lambda w: w.accounts["acme"].users.log_out_app("1002", "l99")),
]


def deep(depth: int):
    """A chain of dials, built in process."""
    node = hang_up()
    for _ in range(depth - 1):
        node = dial("1002", then=node)
    return node


def deep_json(depth: int):
    """The same as it would come over HTTP."""
    node = {"type": "hang-up"}
    for _ in range(depth - 1):
        node = {"type": "dial", "users": ["1002"], "then": node}
    return node


def attempt(what: Attempt) -> tuple[World, PbxsimError]:
    """Try it; the world it was tried in, and what it raised. Checks that the last, failing step changed nothing."""
    world = office()
    steps: list[object] = []
    world.on_change = lambda touched: steps.append(world.state)
    with pytest.raises(PbxsimError) as error:
        what(world)
    assert not steps or world.state is steps[-1]
    assert broken(world.pbx, PLATFORMS) == []
    return world, error.value


@pytest.mark.parametrize(("what", "pointers"), [row[1:] for row in INVALID], ids=[row[0] for row in INVALID])
def test_a_bad_value_is_named_by_its_field(what: Attempt, pointers: list[str]) -> None:
    _, error = attempt(what)
    assert isinstance(error, Invalid)
    assert sorted(fault.pointer for fault in error.faults) == sorted(pointers)
    assert all(fault.message for fault in error.faults)


@pytest.mark.parametrize(("what", "rule", "kinds"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_rule_says_no_and_says_which(what: Attempt, rule: str, kinds: list[str]) -> None:
    _, error = attempt(what)
    assert isinstance(error, Refused)
    assert error.rule == rule
    assert [blocker.kind for blocker in error.blockers] == kinds
    assert rule in {known.id for known in all_rules()}
    assert error.title
    assert all(blocker.do.endswith(".") for blocker in error.blockers)


@pytest.mark.parametrize("what", [row[1] for row in NOT_FOUND], ids=[row[0] for row in NOT_FOUND])
def test_what_is_not_there_is_not_found(what: Attempt) -> None:
    _, error = attempt(what)
    assert isinstance(error, NotFound)


def test_a_handle_of_another_world_is_refused_by_name_and_its_id_accepted() -> None:
    world = office()
    twin = world.fork()
    john = world.accounts["acme"].users["1002"]
    with pytest.raises(ForeignHandle, match="another world"):
        twin.accounts["acme"].users.update(john, first_name="Jack")
    with pytest.raises(ForeignHandle):
        twin.accounts["acme"].callflows.add("X", dial(john))
    twin.accounts["acme"].users.update(john.id, first_name="Jack")
    assert (john.first_name, twin.accounts["acme"].users["1002"].first_name) == ("John", "Jack")


def test_a_handle_is_gone_after_deletion() -> None:
    world = office()
    anna = world.accounts["voxco"].users["204"]
    world.accounts["voxco"].users.delete(anna)
    assert not anna.exists
    assert "deleted" in repr(anna)
    with pytest.raises(Gone, match="deleted"):
        _ = anna.first_name


def test_every_rule_has_a_text_a_source_and_a_test_that_is_there() -> None:
    root = Path(__file__).parents[2]
    rules = all_rules()
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.text.endswith(".")
        assert rule.source
        assert (root / rule.test).is_file(), rule.id


def test_every_refusal_in_the_code_names_a_rule_that_exists() -> None:
    known = {rule.id.partition(".")[2] for rule in all_rules()}
    named = set()
    for file in Path(pbxsim.core.rules.__file__).parent.glob("*.py"):
        named |= set(re.findall(r"refuse\(\s*change,\s*\"([a-z.-]+)\"", file.read_text()))
        named |= {f"{kind}.taken" for kind in re.findall(r"taken\(change, \"([a-z]+)\"", file.read_text())}
    assert len(named) > 10
    assert named <= known


def test_what_the_core_cannot_see_is_told_together_with_what_it_can(world):
    """A phone's model and a vendor's keys are known to the configuration server only; an owner to the PBX only."""
    world.accounts.add("acme", platform="jet")
    wrong = {"model": "nokia-3310", "mac": "805ec0112233", "owner": "9999", "settings": {"yealink": {"no key": "1"}}}
    with pytest.raises(Invalid) as error:
        world.accounts["acme"].devices.add(**wrong)
    assert {fault.pointer for fault in error.value.faults} == {"/owner", "/model", "/settings/yealink/no key"}


BESIDES: list[tuple[str, Attempt, list[str]]] = [
    (
        "an account",
        lambda w: w.accounts.add("x", platform="nokia", account="A B", seats=0, settings={"yealink": {"no key": "1"}}),
        ["/account", "/seats", "/platform", "/settings/yealink/no key"],
    ),
    (
        "an account's version and switches",
        lambda w: w.accounts.add("x", platform="jet", country="AUS", platform_version=3, policy={"no.such": True}),
        ["/country", "/platform_version", "/policy/no.such"],
    ),
    (
        "an account that changes",
        lambda w: w.accounts.update("acme", country="AUS", platform_version=3, policy={"jet.rendering": "never"}),
        ["/country", "/platform_version", "/policy/jet.rendering"],
    ),
    (
        "a device",
        lambda w: w.accounts["acme"].devices.add(model="nokia", mac="80:5e:c0", owner="9999", colour="red"),
        ["/mac", "/colour", "/owner", "/model"],
    ),
    (
        "a device that changes",
        lambda w: w.accounts["acme"].devices.update("805ec0112233", mac="x", model="nokia", owner="9999"),
        ["/mac", "/model", "/owner"],
    ),
    (
        "a user",
        lambda w: w.accounts["acme"].users.add(
            "1", email="x", role="king", caller_id="9", forwarding={"busy": "nobody at all"}
        ),
        ["/email", "/extension", "/role", "/caller_id", "/forwarding/busy"],
    ),
    (
        "a user who changes",
        lambda w: w.accounts["acme"].users.update(
            "1002", email="x", role="king", contacts=[{"name": "A", "number": "?"}]
        ),
        ["/email", "/role", "/contacts/0/number"],
    ),
    ("a phone", lambda w: w.phones.add(model="nokia", mac="80:5e:c0"), ["/mac", "/model"]),
    (
        "a request",
        lambda w: portal(w).requests.add("add-device", wanted={"mac": "x", "model": "nokia"}),
        ["/wanted/mac", "/wanted/model"],
    ),
    (
        "a request for a user",
        lambda w: portal(w).requests.add("add-user", wanted={"extension": "1"}),
        ["/wanted/extension"],
    ),
]


def portal(world: World) -> Any:
    """An account that asks its service desk."""
    return world.accounts.add("portal", platform="customer-portal")


@pytest.mark.parametrize(("what", "pointers"), [row[1:] for row in BESIDES], ids=[row[0] for row in BESIDES])
def test_all_that_is_wrong_is_told_at_once_whoever_knows_it(what: Attempt, pointers: list[str]) -> None:
    """What a value is by itself, what the account makes of it, what only the server's tables know."""
    with pytest.raises(Invalid) as error:
        what(office())
    assert sorted(fault.pointer for fault in error.value.faults) == sorted(pointers)


def test_who_may_not_ask_is_told_nothing_of_what_is_there() -> None:
    """Whether an extension is somebody's is the account's business."""
    world = office()
    stranger = world.acting_as(world.accounts["voxco"].users["204"]).accounts["acme"]
    for owner in ("1002", "9999"):
        with pytest.raises(Invalid) as error:
            stranger.devices.add(model="nokia", mac="x", owner=owner)
        assert [fault.pointer for fault in error.value.faults] == ["/mac"]


@pytest.mark.parametrize(("platform", "digits"), [("users-page", "2 to 4"), ("jet", "2 to 6")])
@pytest.mark.parametrize("extension", ["1", "1234567"])
def test_how_long_an_extension_may_be_is_the_platforms_to_say(platform: str, digits: str, extension: str) -> None:
    """Users page article, table 1.1: 2-4 digits only. Of the others no article speaks."""
    account = World().accounts.add("acme", platform=platform)
    with pytest.raises(Invalid, match=f"must be {digits} digits on {PLATFORMS[platform].title}, not '{extension}'"):
        account.users.add(extension)
    with pytest.raises(Invalid, match="must be 2 to 6 digits"):
        account.mailboxes.add(extension, name="Sales")
