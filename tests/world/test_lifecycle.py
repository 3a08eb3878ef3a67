"""A machine plays with a world: random commands, power, time; after each step every law holds.

What it finds becomes a row elsewhere. `make prove` plays longer.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pbxsim import PbxsimError, World
from pbxsim.callflows import (
    announcement,
    dial,
    dial_by_name,
    hang_up,
    hot_desk,
    hours,
    menu,
    opening,
    queue,
    ring_group,
    transfer,
    voicemail,
)
from pbxsim.core.invariants import broken
from pbxsim.core.rules.reset import ALL
from pbxsim.platforms import PLATFORMS
from tests.law import law

EXTENSIONS = st.sampled_from(["201", "202", "203"])
NAMES = st.sampled_from(["A", "B", ""])
MACS = st.sampled_from(["805ec0000001", "00085d000002"])
NUMBERS = st.sampled_from(["+61255501234", "+61255501235"])
INDEX = st.integers(0, 5)


POWER = ["power_on", "power_off", "power_cycle"]


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
        if kind == "menu":
            return menu({"1": self.node("dial", index)}, then=self.node("queue", index))
        users = list(self.account.users)
        some = self.some(self.account.users, index)
        boxes = self.some(self.account.mailboxes, index)
        return {
            "dial": dial(some),
            "ring": ring_group(*users, then=voicemail(boxes)),
            "voicemail": voicemail(boxes),
            "transfer": transfer(self.some(self.account.callflows, index)),
            "empty": dial(),
            "queue": queue(self.some(self.account.queues, index), seconds=40),
            "turns": ring_group(*users, strategy="in-turn", then=dial_by_name()),
            "hours": hours(opening("09:00", "17:00"), open=announcement("Hello"), then=hot_desk()),
            "hang up": hang_up(),
        }[kind]

    KINDS = st.sampled_from(
        ["dial", "ring", "voicemail", "transfer", "empty", "hang up", "queue", "menu", "turns", "hours"]
    )

    @rule(extension=EXTENSIONS, name=NAMES)
    def add_user(self, extension: str, name: str) -> None:
        self.ask(self.account.users.add, extension, first_name=name, voicemail_pin="4711", password="tr0ubador")

    @rule(index=INDEX, name=NAMES)
    def rename(self, index: int, name: str) -> None:
        self.ask(self.account.users.update, self.some(self.account.users, index), first_name=name)

    @rule(index=INDEX, extension=EXTENSIONS)
    def renumber(self, index: int, extension: str) -> None:
        self.ask(self.account.users.update, self.some(self.account.users, index), extension=extension)

    @rule(mac=MACS, position=st.integers(1, 4), index=INDEX, label=NAMES)
    def program_key(self, mac: str, position: int, index: int, label: str) -> None:
        watched = self.some(self.account.users, index)
        self.ask(self.account.blf_keys.add, mac, position, watched, label=label or None)

    @rule(index=INDEX, other=INDEX, what=st.sampled_from(["update", "switch off", "delete"]))
    def on_key(self, index: int, other: int, what: str) -> None:
        key = self.some(self.account.blf_keys, index)
        if what == "delete":
            self.ask(self.account.blf_keys.delete, key)
        else:
            user = self.some(self.account.users, other) if what == "update" else None
            self.ask(self.account.blf_keys.update, key, user=user)

    @rule(index=INDEX, name=NAMES, what=st.sampled_from(["live", "kept", "add", "update", "delete"]))
    def on_directory(self, index: int, name: str, what: str) -> None:
        directory = self.account.directory
        if what in ("live", "kept"):
            policy = {**dict(self.account.policy), f"{self.account.platform}.directory": what}
            self.ask(self.world.accounts.update, self.account, policy=policy)
        elif what == "add":
            self.ask(directory.add, self.some(self.account.users, index), name or None)
        elif what == "update":
            self.ask(directory.update, self.some(directory, index), name=name or None)
        else:
            self.ask(directory.delete, self.some(directory, index))

    @rule(index=INDEX)
    def delete_user(self, index: int) -> None:
        self.ask(self.account.users.delete, self.some(self.account.users, index))

    @rule(index=INDEX, default=st.sampled_from([None, "keep", "deactivate"]), end_logins=st.booleans())
    def offboard(self, index: int, default: str | None, end_logins: bool) -> None:
        user = self.some(self.account.users, index)
        self.ask(self.account.users.offboard, user, default=default, end_logins=end_logins)

    @rule(index=INDEX, system=st.booleans())
    def set_apart(self, index: int, system: bool) -> None:
        self.ask(self.account.users.update, self.some(self.account.users, index), system=system)

    @rule(index=INDEX, number=st.one_of(NUMBERS, st.none()))
    def show_number(self, index: int, number: str | None) -> None:
        self.ask(self.account.users.update, self.some(self.account.users, index), caller_id=number)

    @rule(index=INDEX, number=NUMBERS)
    def lead_number_to_user(self, index: int, number: str) -> None:
        self.ask(self.account.numbers.update, number, user=self.some(self.account.users, index))

    @rule(first=EXTENSIONS, second=st.sampled_from(["201", "203", "x", '"']), whole=st.booleans())
    def import_users(self, first: str, second: str, whole: bool) -> None:
        policy = {**dict(self.account.policy), "pbx.users.import.whole": whole}
        self.ask(self.world.accounts.update, self.account, policy=policy)
        self.ask(self.account.users.import_csv, f"extension,system\n{first},\n{second},yes\n")

    @rule(kind=st.sampled_from(["add-user", "delete-user", "other"]), extension=EXTENSIONS)
    def ask_the_service_desk(self, kind: str, extension: str) -> None:
        wanted = {"add-user": {"extension": extension}, "delete-user": {"user": extension}}.get(kind, {})
        self.ask(self.account.requests.add, kind, wanted=wanted, text="Please")

    @rule(index=INDEX, done=st.booleans())
    def answer_a_request(self, index: int, done: bool) -> None:
        answer = self.account.requests.fulfil if done else self.account.requests.reject
        self.ask(answer, self.some(self.account.requests, index), answer="So it is")

    @rule(index=INDEX, clear=st.lists(st.sampled_from(ALL), max_size=9), name=NAMES)
    def reset_or_recycle(self, index: int, clear: list[str], name: str) -> None:
        user, users = self.some(self.account.users, index), self.account.users
        fields = {"clear": clear} if clear else {}
        self.ask(users.recycle, user, name, "Lee", **fields) if name else self.ask(users.reset, user, **fields)

    @rule(extension=EXTENSIONS, action=st.sampled_from(["reset", "recycle", "welcome-email", "force-password-reset"]))
    def begin_a_job(self, extension: str, action: str) -> None:
        users = [user.extension for user in self.account.users if user.extension <= extension]
        forms = {key: {"first_name": "Ann", "last_name": "Lee"} for key in users} if action == "recycle" else {}
        self.ask(self.account.jobs.start, action, users, identities=forms)

    @rule(index=INDEX, what=st.sampled_from(["confirm", "step", "step", "step", "cancel"]))
    def on_a_job(self, index: int, what: str) -> None:
        self.ask(getattr(self.account.jobs, what), self.some(self.account.jobs, index))

    @rule(index=INDEX, what=st.sampled_from(["send_welcome", "send_recovery", "force_password_reset"]))
    def write_to(self, index: int, what: str) -> None:
        user = self.some(self.account.users, index)
        self.ask(self.account.users.update, user, email=f"u{index}@acme.example")
        self.ask(getattr(self.account.users, what), user)

    @rule(index=INDEX)
    def follow_a_link(self, index: int) -> None:
        mail = self.some(self.account.outbox, index)
        if not isinstance(mail, str):
            self.ask(self.account.users.redeem, mail.body, "tr0ubador", voicemail_pin="4711")

    @rule(index=INDEX, app=st.sampled_from(["mobile", "desktop"]))
    def set_up_an_app(self, index: int, app: str) -> None:
        user = self.some(self.account.users, index)
        if not isinstance(user, str):
            text = self.account.users.setup_code(user, app)
            self.ask(self.account.users.scan, text)
            self.ask(self.account.users.scan, text)

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

    @rule(mac=MACS, what=st.sampled_from([*POWER, "factory_reset", "log_out", "network_off", "network_on"]))
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

    @rule(
        index=INDEX,
        to=st.one_of(EXTENSIONS, NUMBERS, st.sampled_from(["300", "*11", "*13", "*97"])),
        inside=st.booleans(),
    )
    def place_a_call(self, index: int, to: str, inside: bool) -> None:
        user = self.some(self.account.users, index) if inside else ""
        self.ask(self.account.calls.place, to, from_=user)

    @rule(index=INDEX, what=st.sampled_from(["answer", "hang_up", "press"]))
    def in_a_call(self, index: int, what: str) -> None:
        calls = list(self.account.calls)
        if calls:
            call = calls[index % len(calls)]
            self.ask(getattr(call, what), *(["1#"] if what == "press" else []))

    @rule(mac=MACS, to=EXTENSIONS, key=st.sampled_from(["", "Answer", "Reject", "End call", "1"]))
    def call_at_the_phone(self, mac: str, to: str, key: str) -> None:
        if mac in self.world.phones:
            phone = self.world.phones[mac]
            self.ask(phone.press, key) if key else self.ask(phone.dial, to)

    @rule(index=INDEX, which=INDEX, folder=st.sampled_from(["new", "saved", "deleted", ""]))
    def on_message(self, index: int, which: int, folder: str) -> None:
        box = self.some(self.account.mailboxes, index)
        messages = getattr(box, "messages", [])
        if messages and folder:
            self.ask(self.account.mailboxes.move_message, messages[which % len(messages)], folder)
        elif messages:
            self.ask(self.account.mailboxes.delete_message, messages[which % len(messages)])

    @rule(index=INDEX, setup_done=st.booleans(), pin=st.sampled_from(["4711", "0815"]))
    def set_up_mailbox(self, index: int, setup_done: bool, pin: str) -> None:
        box = self.some(self.account.mailboxes, index)
        self.ask(self.account.mailboxes.update, box, setup_done=setup_done)
        self.ask(self.account.mailboxes.log_in, box, "4711", new_pin=pin, greeting=pin)

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
            busy = [*state.phones.values(), *state.pbx.calls.values()]
            assert state.busy == sum(thing.busy for thing in busy)
            for call in state.pbx.calls.values():
                assert call.due is None or state.armed[f"c{call.id}"] <= call.due
            for mac, phone in state.phones.items():
                assert phone.due is None or state.armed.get(f"p{mac}", phone.due + 1) <= phone.due
            for trace in self.account.reachability().traces:
                assert trace.outcome != "nobody" or trace.cause


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = law(200, stateful_step_count=40)
