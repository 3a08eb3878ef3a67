"""Every rule that can be switched, flipped: one row a rule, which says what is seen at either setting.

A rule without a row fails here, on every platform that has it; so does a decided rule without a switch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pbxsim import Forbidden, Invalid, Refused, World
from pbxsim.callflows import dial, hang_up, ring_group, voicemail
from pbxsim.callflows import queue as enqueue
from pbxsim.core.platform import Rule
from pbxsim.platforms import PLATFORMS, all_rules

MAC = "80:5e:c0:11:22:33"


class Office:
    """An account with one switch set, and the little that a row needs."""

    def __init__(self, platform: str, rule: Rule, value: object) -> None:
        self.platform = platform
        self.world = World(seed=2)
        self.account = self.world.accounts.add("acme", platform=platform, policy={rule.id: value})

    def user(self, extension: str = "204", **fields: Any) -> Any:
        return self.account.users.add(extension, first_name="Anna", last_name="Lee", **fields)

    def device(self, **fields: Any) -> Any:
        return self.account.devices.add(model="yealink-t46s", mac=MAC, **fields)

    def phone(self, **fields: Any) -> Any:
        phone = self.world.phones.add(self.device(**fields))
        phone.power_on()
        self.world.settle()
        return phone

    def callflow(self, name: str, root: Any, code: str = "300") -> Any:
        numbers = {"numbers": [code]} if self.platform == "piston" else {}
        return self.account.callflows.add(name, root, **numbers)


def refused(attempt: Callable[[], object]) -> bool:
    """Does a rule say no?"""
    try:
        attempt()
    except Refused:
        return True
    return False


# --- What is seen of each rule, at the setting that the office has -----------------------------------------------


def deleted_devices(office: Office) -> object:
    anna = office.user()
    office.device(owner=anna)
    office.account.users.delete(anna)
    found = office.account.devices.get(MAC)
    return "gone" if found is None else found.owner


def deleted_mailboxes(office: Office) -> object:
    anna = office.user()
    office.account.users.delete(anna)
    found = office.account.mailboxes.get("204")
    return "gone" if found is None else found.owner


def deleted_numbers(office: Office) -> object:
    anna = office.user()
    number = office.account.numbers.add("+61255501234", user=anna)
    office.account.users.delete(anna)
    return number.status, number.user


def deleted_queues(office: Office) -> object:
    anna = office.user()
    queue = office.account.queues.add("Sales", members=[anna])
    office.account.users.delete(anna)
    return queue.members


def lifetime(office: Office) -> object:
    office.phone(owner=office.user())
    binding = office.account.devices[MAC].bindings[0]
    return binding.expires - binding.since


def ownerless(office: Office) -> object:
    return office.phone().registered


def boot_files(office: Office) -> object:
    office.phone(owner=office.user())
    return office.world.now


def rendering(office: Office) -> object:
    anna = office.user()
    device = office.device(owner=anna)
    return bool(office.world.state.files.get(device.id))


def label(office: Office) -> object:
    return office.phone(owner=office.user(), name="Front desk").screen.label


def add_callflow(office: Office) -> object:
    office.user()
    return "204" in office.account.callflows


def number_in_use(office: Office) -> object:
    flow = office.callflow("Sales", hang_up())
    office.account.numbers.add("+61255501234", callflow=flow)
    return refused(lambda: office.account.numbers.delete("+61255501234"))


def number_to_user(office: Office) -> object:
    try:
        return office.account.numbers.add("+61255501234", user=office.user()).user
    except Invalid:
        return "invalid"


def incomplete(office: Office) -> object:
    return refused(lambda: office.callflow("Half", dial(office.user(), then=ring_group())))


def outdated(office: Office) -> object:
    drafted(office)
    flow = office.callflow("Sales", hang_up())
    first, second = office.account.callflows.draft(flow), office.account.callflows.draft(flow)
    office.account.callflows.make_available(second)
    return refused(lambda: office.account.callflows.make_available(first))


def in_place(office: Office) -> object:
    flow = office.callflow("Sales", hang_up())
    return refused(lambda: office.account.callflows.draft(flow))


def drafted(office: Office) -> None:
    """Give a platform drafts that has none of itself."""
    if not PLATFORMS[office.platform].versions:
        policy = {**dict(office.account.policy), f"{office.platform}.callflow.in-place": False}
        office.world.accounts.update(office.account, policy=policy)


def whole_import(office: Office) -> object:
    try:
        return len(office.account.users.import_csv("extension\n204\nx\n205\n"))
    except Invalid:
        return 0


def seats(office: Office) -> object:
    office.world.accounts.update(office.account, seats=1)
    office.user()
    return refused(lambda: office.user("205"))


def system_seats(office: Office) -> object:
    office.world.accounts.update(office.account, seats=1)
    office.user("205", system=True)
    return refused(office.user)


def mailbox_setup(office: Office) -> object:
    office.user()
    return refused(lambda: office.account.mailboxes.log_in("204"))


def mailbox_full(office: Office) -> object:
    for _ in "ab":
        office.user() if "204" not in office.account.users else None
        office.account.calls.place("204", from_="+61400000000")
        office.world.advance(minutes=1)
    return len(office.account.users["204"].messages)


def message_deleted(office: Office) -> object:
    mailbox_full(office)
    message = office.account.users["204"].messages[0]
    office.account.mailboxes.delete_message(message)
    return message.exists


def voicemail_off(office: Office) -> object:
    anna = office.user(voicemail=False)
    flow = office.callflow("Straight", voicemail(anna))
    office.account.numbers.add("+61255501234", callflow=flow)
    return office.account.call("+61255501234").outcome


def voicemail_email(office: Office) -> object:
    anna = office.user(email="anna@example.com")
    office.account.users.update(anna, email="bob@example.com")
    return anna.mailbox.email


def role(office: Office) -> object:
    seen = office.world.acting_as(office.user()).accounts["acme"]
    return refused(lambda: seen.queues.add("Sales"))


def portal_access(office: Office) -> object:
    anna = office.user()
    office.account.users.update_login(anna, portal_access=False)
    seen = office.world.acting_as(anna).accounts["acme"]
    return refused(lambda: seen.users.update("204", first_name="Ann"))


def registered_phone(office: Office) -> object:
    anna = office.user()
    office.phone(owner=anna)
    return refused(lambda: office.account.users.delete(anna))


def second_phone(office: Office) -> object:
    """Whoever is in a call: does his app ring?"""
    anna = office.user(password="tr0ubador")
    phone = office.phone(owner=anna)
    office.account.calls.place("204", from_="+61400000000").answer(anna)
    office.world.settle()
    assert phone.screen.call
    office.account.users.log_in_app(anna, "tr0ubador")
    return office.account.call("204").outcome


def outside_ringing(office: Office) -> object:
    """How long until a call to the outside is given up."""
    office.account.calls.place("+61400000000", from_=office.user())
    office.world.settle()
    return next(iter(office.account.cdrs)).end - next(iter(office.account.cdrs)).start


def silence(office: Office) -> object:
    """How long until a call ends whose phone has lost its power."""
    phone = office.phone(owner=office.user())
    office.account.calls.place("204", from_="+61400000000").answer("204")
    office.world.settle()
    phone.power_off()
    office.world.advance(minutes=10)
    return [record.end - record.start for record in office.account.cdrs]


def forwarding_team(office: Office) -> object:
    anna = office.user(password="tr0ubador", forwarding={"always": "+61400000000"})
    office.account.users.log_in_app(anna, "tr0ubador")
    flow = office.callflow("Team", ring_group(anna))
    office.account.numbers.add("+61255501234", callflow=flow)
    return office.account.call("+61255501234").rings


def agent_ringing(office: Office) -> object:
    """Who rings 20 s after a call has come to a queue of two who take turns."""
    agents = [office.user(extension, password="tr0ubador") for extension in ("204", "205")]
    queue = office.account.queues.add("Sales", members=agents, strategy="round-robin")
    for agent in agents:
        office.account.users.log_in_app(agent, "tr0ubador")
        office.account.queues.log_in(queue, agent)
    flow = office.callflow("Wait", enqueue(queue))
    office.account.numbers.add("+61255501234", callflow=flow)
    call = office.account.calls.place("+61255501234")
    office.world.advance(seconds=20)
    return call.ringing


def message_length(office: Office) -> object:
    flow = office.callflow("Box", voicemail(office.user()))
    office.account.numbers.add("+61255501234", callflow=flow)
    office.account.calls.place("+61255501234")
    office.world.settle()
    return next(iter(office.account.cdrs)).end - next(iter(office.account.cdrs)).start


def setup_code(office: Office) -> object:
    text = office.account.users.setup_code(office.user())
    office.world.advance(minutes=15)
    return refused(lambda: office.account.users.scan(text))


def invitation(office: Office) -> object:
    anna = office.user(email="anna@acme.example")
    office.account.users.send_welcome(anna)
    office.world.advance(days=4)
    return refused(lambda: office.account.users.redeem(list(office.account.outbox)[-1].body, "geheim1"))


def primary_device(office: Office) -> object:
    anna = office.user()
    office.device(owner=anna, name="Front desk")
    office.account.users.reset(anna)
    return len(anna.devices)


def reset_address(office: Office) -> object:
    anna = office.user(email="anna@acme.example")
    office.account.users.reset(anna)
    return anna.mailbox.email


def portal_security(office: Office) -> object:
    office.account.users.recycle(office.user(), "Bob", "Ray")
    return office.world.history[-2].event.detail


def deleted_keys(office: Office) -> object:
    anna, bob = office.user(), office.account.users.add("205")
    key = office.account.blf_keys.add(office.device(owner=anna), 2, bob)
    office.account.users.delete(bob)
    return key.exists and key.user


def deleted_entries(office: Office) -> object:
    policy = dict(office.account.policy) | {f"{office.platform}.directory": "kept"}
    office.world.accounts.update(office.account, policy=policy)
    anna = office.user()
    entry = office.account.directory["204"]
    office.account.users.delete(anna)
    return entry.exists


def directory(office: Office) -> object:
    anna = office.user()
    office.account.users.update(anna, first_name="Ann")
    return [entry.name for entry in office.account.directory]


def aastra(office: Office, number: int, **fields: Any) -> Any:
    """A phone that asks who is there."""
    device = office.account.devices.add(model="aastra-6731i", mac=f"00085d11220{number}", **fields)
    phone = office.world.phones.add(device)
    phone.power_on()
    office.world.settle()
    return phone


def at_two(office: Office) -> tuple[Any, Any, Any]:
    """Anna, logged in at one phone, types at another."""
    anna = office.user(voicemail_pin="4711")
    first, second = aastra(office, 1), aastra(office, 2)
    for phone in (first, second):
        phone.log_in("204", "4711")
        office.world.settle()
    return anna, first, second


def one_phone(office: Office) -> object:
    anna, _, second = at_two(office)
    return second.screen.soft_keys, len(office.account.call("204").rings), len(anna.logins)


def in_use(office: Office) -> object:
    anna = office.user(voicemail_pin="4711")
    office.phone(owner=anna)
    phone = aastra(office, 1)
    phone.log_in("204", "4711")
    office.world.settle()
    return "Override" in phone.screen.soft_keys


def unregistered(office: Office) -> object:
    """Support has ended the first phone's registration 5 s ago."""
    office.user(voicemail_pin="4711")
    first, second = aastra(office, 1), aastra(office, 2)
    first.log_in("204", "4711")
    office.world.settle()
    office.world.end_login(office.account.devices[first.mac].id)
    office.world.advance(seconds=5)
    second.log_in("204", "4711")
    office.world.settle()
    return "not registered yet" in second.screen.message, "Override" in second.screen.soft_keys


def anybody(office: Office) -> object:
    office.user(voicemail_pin="4711")
    phone = aastra(office, 1, owner=office.user("205"))
    phone.log_in("204", "4711")
    office.world.settle()
    return phone.screen.label


def forced_reboot(office: Office) -> object:
    _, first, second = at_two(office)
    second.press("Override")
    office.world.settle()
    return first.screen.label


# The rule, without its platform's name -> what is seen of it, and what a number is switched to.
FLIPS: dict[str, tuple[Callable[[Office], object], object]] = {
    "setup-code": (setup_code, 30),
    "invitation": (invitation, 10_000),
    "reset.primary-device": (primary_device, None),
    "reset.voicemail-email": (reset_address, None),
    "portal-security": (portal_security, None),
    "user.delete.devices": (deleted_devices, None),
    "user.delete.mailboxes": (deleted_mailboxes, None),
    "user.delete.numbers": (deleted_numbers, None),
    "user.delete.queues": (deleted_queues, None),
    "user.delete.blf-keys": (deleted_keys, None),
    "user.delete.directory": (deleted_entries, None),
    "directory": (directory, None),
    "user.add.callflow": (add_callflow, None),
    "hot-desk.one-phone": (one_phone, None),
    "hot-desk.in-use": (in_use, None),
    "hot-desk.unregistered-seconds": (unregistered, 2),
    "hot-desk.anybody": (anybody, None),
    "hot-desk.reboot": (forced_reboot, None),
    "registration.lifetime": (lifetime, 600),
    "registration.ownerless": (ownerless, None),
    "provisioning.boot-files": (boot_files, None),
    "rendering": (rendering, None),
    "label": (label, None),
    "number.in-use": (number_in_use, None),
    "number.to-user": (number_to_user, None),
    "callflow.incomplete": (incomplete, 50),
    "callflow.version.outdated": (outdated, None),
    "callflow.in-place": (in_place, None),
    "users.import.whole": (whole_import, None),
    "seats.exhausted": (seats, None),
    "mailbox.setup": (mailbox_setup, None),
    "mailbox.full": (mailbox_full, 1),
    "message.delete": (message_deleted, None),
    "voicemail.off": (voicemail_off, None),
    "voicemail.email": (voicemail_email, None),
    "seats.system": (system_seats, None),
    "role": (role, None),
    "call.busy": (second_phone, None),
    "call.outside-seconds": (outside_ringing, 60),
    "call.silent-seconds": (silence, 60),
    "ring-group.ignores-forwarding": (forwarding_team, None),
    "queue.agent-seconds": (agent_ringing, 60),
    "voicemail.message-seconds": (message_length, 30),
    "portal-access": (portal_access, None),
    "login.registration": (registered_phone, None),
}

SWITCHED = [(name, rule) for name, platform in PLATFORMS.items() for rule in platform.rules if rule.policy is not None]


def alternatives(rule: Rule, number: object) -> list[object]:
    """What else a rule may be switched to."""
    if isinstance(rule.policy, bool):
        return [not rule.policy]
    return [choice for choice in rule.choices if choice != rule.policy] or [number]


@pytest.mark.parametrize(("platform", "rule"), SWITCHED, ids=[f"{name}: {rule.id}" for name, rule in SWITCHED])
def test_a_switch_changes_what_is_seen(platform: str, rule: Rule) -> None:
    suffix = rule.id.partition(".")[2]
    assert suffix in FLIPS, f"{rule.id} has a switch: give it a row in FLIPS that shows what it changes"
    look, number = FLIPS[suffix]
    assert rule.policy is not None
    usual = look(Office(platform, rule, rule.policy))
    for other in alternatives(rule, number):
        assert look(Office(platform, rule, other)) != usual, f"{rule.id} switched to {other} changes nothing"


def test_a_decided_rule_has_a_switch() -> None:
    stuck = [rule.id for rule in all_rules() if "decided" in rule.source and rule.policy is None]
    assert not stuck, f"decided, and cannot be switched: {', '.join(stuck)}"


def test_every_row_is_a_rule() -> None:
    assert FLIPS.keys() <= {rule.id.partition(".")[2] for rule in all_rules() if rule.policy is not None}


def test_a_switch_takes_only_what_it_has() -> None:
    world = World()
    for value in ("perhaps", True, 7):
        with pytest.raises(Invalid, match=r"policy/jet\.user\.delete\.devices: must be one of release, delete"):
            world.accounts.add("acme", platform="jet", policy={"jet.user.delete.devices": value})


@pytest.mark.parametrize("value", [0, -1, 10**9, 10**30])
def test_a_number_has_bounds(value: int) -> None:
    """Beyond them no clock shows what follows from it, and no file holds it."""
    world = World()
    with pytest.raises(Invalid, match="a whole number above 0"):
        world.accounts.add("acme", platform="jet", policy={"jet.registration.lifetime": value})


def test_a_role_that_is_not_enforced_ends_at_the_account() -> None:
    world = World()
    for name in ("acme", "other"):
        world.accounts.add(name, platform="jet", policy={"pbx.role": False}).users.add("204")
    seen = world.acting_as(world.accounts["acme"].users["204"])
    seen.accounts["acme"].queues.add("Sales")
    with pytest.raises(Forbidden):
        seen.accounts["other"].queues.add("Sales")


@pytest.mark.parametrize(("one", "logins"), [(True, 1), (False, 2)])
def test_one_phone_is_enough_by_feature_code_as_well(one: bool, logins: int) -> None:
    """P11 and P12 have one switch."""
    account = World().accounts.add("acme", platform="piston", policy={"piston.hot-desk.one-phone": one})
    anna = account.users.add("204", voicemail_pin="4711")
    for serial in (3, 4):
        device = account.devices.add(model="yealink-t46s", mac=f"805ec011223{serial}")
        account.calls.place("*11", from_=device, digits="204#4711#")
    assert len(anna.logins) == logins
