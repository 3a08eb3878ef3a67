"""A machine plays with a world: random commands, power, time; after each step every law holds.

What it finds becomes a row elsewhere. `make prove` plays longer.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pbxsim import PbxsimError, World
from pbxsim.callflows import dial, hang_up, ring_group, transfer, voicemail
from pbxsim.core.invariants import broken
from pbxsim.platforms import PLATFORMS
from tests.law import law

EXTENSIONS = st.sampled_from(["201", "202", "203"])
NAMES = st.sampled_from(["A", "B", ""])
MACS = st.sampled_from(["805ec0000001", "00085d000002"])
NUMBERS = st.sampled_from(["+61255501234", "+61255501235"])
INDEX = st.integers(0, 5)


class Lifecycle(RuleBasedStateMachine):
    """Commands are drawn against whatever is there; a refusal is an answer, anything else that is raised a bug."""

    world: World
    account: Any

    @initialize(platform=st.sampled_from(sorted(PLATFORMS)), devices=st.booleans())
    def begin(self, platform: str, devices: bool) -> None:
        self.world = World(seed=1)
        self.account = self.world.accounts.add("acme", platform=platform)
        if devices:
            self.world.accounts.update("acme", policy={f"{platform}.provisioning.boot-files": True})

    def ask(self, what: Any, *args: Any, **fields: Any) -> None:
        before = self.world.state
        try:
            what(*args, **fields)
        except PbxsimError:
            assert self.world.state is before, "a refusal changes nothing"

    def some(self, collection: Any, index: int) -> Any:
        things = list(collection)
        return things[index % len(things)] if things else "u0"

    def node(self, kind: str, index: int) -> Any:
        users = list(self.account.users)
        some = self.some(self.account.users, index)
        boxes = self.some(self.account.mailboxes, index)
        return {
            "dial": dial(some),
            "ring": ring_group(*users, then=voicemail(boxes)),
            "voicemail": voicemail(boxes),
            "transfer": transfer(self.some(self.account.callflows, index)),
            "empty": dial(),
            "hang up": hang_up(),
        }[kind]

    KINDS = st.sampled_from(["dial", "ring", "voicemail", "transfer", "empty", "hang up"])

    @rule(extension=EXTENSIONS, name=NAMES)
    def add_user(self, extension: str, name: str) -> None:
        self.ask(self.account.users.add, extension, first_name=name, voicemail_pin="4711", password="tr0ubador")

    @rule(index=INDEX, name=NAMES)
    def rename(self, index: int, name: str) -> None:
        self.ask(self.account.users.update, self.some(self.account.users, index), first_name=name)

    @rule(index=INDEX, extension=EXTENSIONS)
    def renumber(self, index: int, extension: str) -> None:
        self.ask(self.account.users.update, self.some(self.account.users, index), extension=extension)

    @rule(index=INDEX)
    def delete_user(self, index: int) -> None:
        self.ask(self.account.users.delete, self.some(self.account.users, index))

    @rule(index=INDEX)
    def log_in_app(self, index: int) -> None:
        self.ask(self.account.users.log_in_app, self.some(self.account.users, index), "tr0ubador")

    @rule(index=INDEX)
    def log_out_app(self, index: int) -> None:
        self.ask(self.account.users.log_out_app, self.some(self.account.users, index))

    @rule(index=INDEX)
    def end_logins(self, index: int) -> None:
        user = self.some(self.account.users, index)
        for login in getattr(user, "logins", ()):
            self.ask(self.world.end_login, login)

    @rule(mac=MACS, index=INDEX, owned=st.booleans())
    def add_device(self, mac: str, index: int, owned: bool) -> None:
        model = "aastra-6731i" if mac.startswith("0008") else "yealink-t46s"
        owner = self.some(self.account.users, index) if owned else None
        self.ask(self.account.devices.add, model=model, mac=mac, owner=owner)

    @rule(mac=MACS, index=INDEX)
    def give_device(self, mac: str, index: int) -> None:
        self.ask(self.account.devices.update, mac, owner=self.some(self.account.users, index))

    @rule(mac=MACS)
    def delete_device(self, mac: str) -> None:
        self.ask(self.account.devices.delete, mac)

    @rule(mac=MACS)
    def put_phone_on_a_desk(self, mac: str) -> None:
        self.ask(self.world.phones.add, mac) if mac not in self.account.devices else self.ask(
            self.world.phones.add, self.account.devices[mac]
        )

    @rule(mac=MACS, what=st.sampled_from(["power_on", "power_off", "power_cycle", "factory_reset", "log_out"]))
    def at_the_phone(self, mac: str, what: str) -> None:
        if mac in self.world.phones:
            self.ask(getattr(self.world.phones[mac], what))

    @rule(mac=MACS, extension=EXTENSIONS, key=st.sampled_from(["", "Retry", "Override", "Close"]))
    def log_in(self, mac: str, extension: str, key: str) -> None:
        if mac in self.world.phones:
            phone = self.world.phones[mac]
            self.ask(phone.press, key) if key else self.ask(phone.log_in, extension, "4711")

    @rule(mac=MACS)
    def stage(self, mac: str) -> None:
        if mac in self.world.phones and mac in self.account.devices:
            self.ask(self.world.phones[mac].stage, self.account.devices[mac])

    @rule(mac=MACS, reboot=st.sampled_from([None, True, False]))
    def sync(self, mac: str, reboot: bool | None) -> None:
        self.ask(self.account.devices.sync, mac, reboot)

    @rule(name=NAMES, kind=KINDS, index=INDEX, number=st.sampled_from(["300", "301"]))
    def add_callflow(self, name: str, kind: str, index: int, number: str) -> None:
        numbers = {"numbers": [number]} if self.account.platform == "piston" else {}
        self.ask(self.account.callflows.add, name, self.node(kind, index), **numbers)

    @rule(index=INDEX, kind=KINDS, other=INDEX)
    def edit(self, index: int, kind: str, other: int) -> None:
        callflow = self.some(self.account.callflows, index)
        if self.account.platform == "piston":
            self.ask(self.account.callflows.update, callflow, root=self.node(kind, other))
        else:
            self.ask(self.account.callflows.draft, callflow, self.node(kind, other))

    @rule(index=INDEX, version=INDEX, what=st.sampled_from(["make_available", "delete_version"]))
    def on_version(self, index: int, version: int, what: str) -> None:
        versions = getattr(self.some(self.account.callflows, index), "versions", ())
        if versions:
            self.ask(getattr(self.account.callflows, what), versions[version % len(versions)])

    @rule(index=INDEX)
    def delete_callflow(self, index: int) -> None:
        self.ask(self.account.callflows.delete, self.some(self.account.callflows, index))

    @rule(index=INDEX, other=INDEX)
    def reassign(self, index: int, other: int) -> None:
        flows = self.account.callflows
        self.ask(flows.reassign, self.some(flows, index), to=self.some(flows, other))

    @rule(number=NUMBERS, index=INDEX)
    def add_number(self, number: str, index: int) -> None:
        self.ask(self.account.numbers.add, number, callflow=self.some(self.account.callflows, index))
        self.ask(self.account.numbers.add, number)

    @rule(number=NUMBERS, index=INDEX, what=st.sampled_from(["point", "free", "deactivate", "activate", "delete"]))
    def on_number(self, number: str, index: int, what: str) -> None:
        numbers, callflow = self.account.numbers, self.some(self.account.callflows, index)
        if what == "point":
            self.ask(numbers.update, number, callflow=callflow)
        elif what == "free":
            self.ask(numbers.update, number, callflow=None)
        else:
            self.ask(getattr(numbers, what), number)

    @rule(name=NAMES, index=INDEX)
    def add_queue(self, name: str, index: int) -> None:
        self.ask(self.account.queues.add, name, members=[self.some(self.account.users, index)])

    @rule(index=INDEX, user=INDEX, what=st.sampled_from(["add_member", "remove_member", "log_in", "log_out"]))
    def on_queue(self, index: int, user: int, what: str) -> None:
        queue = self.some(self.account.queues, index)
        self.ask(getattr(self.account.queues, what), queue, self.some(self.account.users, user))

    @rule(index=INDEX)
    def delete_mailbox(self, index: int) -> None:
        self.ask(self.account.mailboxes.delete, self.some(self.account.mailboxes, index))

    @rule(minutes=st.sampled_from([0.01, 1, 31, 120]))
    def advance(self, minutes: float) -> None:
        self.world.advance(minutes=minutes)

    @rule()
    def settle(self) -> None:
        self.world.settle()

    @rule()
    def fork_and_go_on_in_the_fork(self) -> None:
        self.world = self.world.fork()
        self.account = self.world.accounts["acme"]

    @invariant()
    def laws_hold(self) -> None:
        if hasattr(self, "world"):
            assert broken(self.world.pbx, PLATFORMS) == []
            state = self.world.state
            assert state.busy == sum(phone.busy for phone in state.phones.values())
            for mac, phone in state.phones.items():
                assert phone.due is None or state.armed.get(f"p{mac}", phone.due + 1) <= phone.due
            for trace in self.account.reachability().traces:
                assert trace.outcome != "nobody" or trace.cause


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = law(200, stateful_step_count=40)
