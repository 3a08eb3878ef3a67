"""Who rings: the phones of a user, of several, of a queue's agents, and what rings together with them elsewhere.

Which devices ring for a user, and that those of one who has been deleted still do, without his settings, is KAZOO's
behaviour (P5). That forwarding is ignored in ring groups and queues is KAZOO's too (`ignore_forward`). Where a call
goes when nobody answers is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable

from pbxsim.core.calls import Leg, Waiting, engaged
from pbxsim.core.entities import (
    Account,
    AppLogin,
    Callflow,
    Device,
    HotDesk,
    Number,
    Queue,
    Step,
    Switch,
    User,
    Version,
)
from pbxsim.core.logins import device_title
from pbxsim.core.nodes import Dial
from pbxsim.core.platform import Platform
from pbxsim.core.state import State
from pbxsim.core.status import newest


class Ringer:
    """A call that looks for telephones. What it remembers between two stages is public, so that a live call can keep
    it: the digits that no node has taken yet, who has forwarded it, how many callflows it has entered."""

    __slots__ = (
        "_engaged",
        "account",
        "caller",
        "digits",
        "forwarded",
        "hops",
        "inside",
        "now",
        "offset",
        "platform",
        "state",
        "steps",
    )

    def __init__(
        self,
        state: State,
        account: Account,
        platform: Platform | None = None,
        now: int | None = None,
        offset: Callable[[str, int], int] | None = None,
        caller: str = "",
        inside: bool = False,
        digits: str = "",
        forwarded: tuple[str, ...] = (),
        hops: int = 0,
    ) -> None:
        self.state, self.account, self.platform = state, account, platform
        self.now, self.offset = now, offset
        self.caller, self.inside, self.digits = caller, inside, digits
        self.forwarded, self.hops = forwarded, hops
        self.steps: list[Step] = []
        self._engaged: set[str] | None = None

    def step(self, at: str, name: str, what: str) -> None:
        """Something has happened."""
        self.steps.append(Step(at, name, what))

    def setting(self, rule: str, default: Switch) -> Switch:
        """What a rule is switched to; its default where no platform is known."""
        found = self.platform.setting(self.account, rule) if self.platform is not None else None
        return default if found is None else found

    def together(self, users: tuple[str, ...], at: str, forwards: bool) -> tuple[Leg, ...]:
        """What rings for several users at once. Whoever forwards all calls, or those while he is busy, rings there."""
        legs: dict[str, Leg] = {}
        for id_ in users:
            user = self.state.get(User, id_)
            for leg in self._one(id_, user, at, forwards):
                legs[leg.id] = leg
        return tuple(legs.values())

    def _one(self, id_: str, user: User | None, at: str, forwards: bool) -> tuple[Leg, ...]:
        if user is None:
            return self.legs(id_, None, at)
        to = user.forwarding
        if forwards and to.always:
            self.step(at, user.title, f"forwards all calls to {to.always}")
            return self.destination(user, to.always)
        if user.dnd:
            self.step(at, user.title, "does not want to be disturbed: no phone rings")
            return ()
        if self.busy_is(id_):
            self.step(at, user.title, "is in a call")
            return self.destination(user, to.busy) if forwards and to.busy else ()
        legs = self.legs(id_, user, at)
        return legs + self.also(user, legs) if forwards and to.also else legs

    def also(self, user: User, legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
        """All destinations at once (U4): what rings together with a user's own phones."""
        known = {leg.id for leg in legs}
        found: dict[str, Leg] = {}
        for key in user.forwarding.also:
            found |= {leg.id: leg for leg in self.destination(user, key) if leg.id not in known}
        return tuple(found.values())

    def destination(self, user: User, key: str) -> tuple[Leg, ...]:
        """What rings at a destination when it rings together with others: a user's phones or a telephone outside, and
        no further forwarding. A callflow with more to it than users cannot ring: it would answer at once."""
        state, account = self.state, self.account.id
        number = state.get(Number, state.find("e164", "", key))
        version: Version | None = None
        target = None
        if number is not None and number.account == account:
            target, version = state.get(User, number.user), state.get(Version, number.version)
        elif key.startswith("+"):
            self.step("outside", key, "rings outside")
            return (Leg("outside", key, key, user.id),)
        else:
            target = state.get(User, state.find("extension", account, key))
            callflow = state.get(Callflow, state.find("dialled", account, key))
            version = newest(state, callflow) if callflow is not None and target is None else None
        if target is not None and target.id != user.id:
            return self._one(target.id, target, "forwarded", forwards=False)
        if version is not None and isinstance(version.root, Dial):
            return self.together(version.root.users, "forwarded", forwards=False)
        self.step("forwarded", key, "cannot ring together with phones: left out")
        return ()

    def legs(self, id_: str, user: User | None, at: str) -> tuple[Leg, ...]:
        """The registered devices and the apps of a user; of one who has been deleted what is left of him (P5)."""
        legs = telephones(self.state, id_)
        if self.state.calls:  # a telephone has one call at a time, whatever is switched
            legs = [leg for leg in legs if leg.id not in self.engaged]
        titles = ", ".join([leg.title for leg in legs])
        if user is not None:
            self.step(at, user.title, f"rings {titles}" if legs else "has no registered phone and no app")
        elif legs:
            self.step(at, id_, f"has been deleted; rings what is left: {titles}, without the user's settings")
        else:
            self.step(at, id_, "has been deleted; no device is left")
        return tuple(legs)

    def busy_is(self, user: str) -> bool:
        """Is somebody in a call, so that none of his phones ring?"""
        return bool(self.state.calls) and user in self.engaged and bool(self.setting("call.busy", default=True))

    def team(self, users: tuple[str, ...]) -> tuple[Leg, ...]:
        """What rings for a ring group."""
        ignores = bool(self.setting("ring-group.ignores-forwarding", default=True))
        return self.together(users, "ring group", forwards=not ignores)

    @property
    def engaged(self) -> set[str]:
        """The users who are on the phone, and the telephones that they are on."""
        if self._engaged is None:
            self._engaged = engaged(self.state.calls.values())
        return self._engaged

    def agents(self, queue: str, tried: tuple[str, ...] = (), call: str = "") -> tuple[Leg, ...]:
        """What rings now for a caller who waits: for all agents who are free, for the next one, or for the one who has
        been idle longest and has not rung in this round (`tried`). `call` is the one that waits, if it is live."""
        found = self.state.get(Queue, queue)
        if found is None:
            self.step("queue", queue, "has been deleted")
            return ()
        order = [id_ for id_ in found.members if id_ in found.agents]
        if found.strategy == "round-robin" and found.rung in found.members:
            behind = found.members[found.members.index(found.rung) + 1 :]
            order.sort(key=lambda id_: id_ not in behind)  # stable: those behind him first, each part in its order
        elif found.strategy == "longest-idle":
            ended = dict(found.ended)
            order.sort(key=lambda id_: (id_ in tried, ended.get(id_, 0)))
        if not order:
            self.step("queue", found.name, "no agent is logged in")
            return ()
        taken = self.engaged | self._rung_elsewhere(call)
        legs: dict[str, Leg] = {}
        for id_ in order:
            user = self.state.get(User, id_)
            if user is None or user.dnd or id_ in taken:
                why = "has been deleted" if user is None else "is in a call" if id_ in taken else "is not disturbed"
                self.step("queue", user.title if user else id_, why)
                continue
            legs |= {leg.id: leg for leg in self.legs(id_, user, "queue")}
            if legs and found.strategy != "ring-all":
                break
        return tuple(legs.values())

    def _rung_elsewhere(self, call: str) -> set[str]:
        """The agents who ring for another caller in a queue."""
        calls = self.state.calls.values()
        return {leg.user for other in calls if other.id != call and type(other.stage) is Waiting for leg in other.legs}


def telephones(state: State, user: str) -> list[Leg]:
    """What would ring for a user id now: registered devices by name, then apps.

    One pass over what refers to him, because every call goes through here; which devices are his to ring is
    `devices_ringing_for`'s rule, and a test compares the two."""
    devices: list[Device] = []
    apps: list[AppLogin] = []
    bindings, references = state.bindings, state.references
    for source in state.sources(user):
        kind = type(source)
        if kind is Device:
            if source.id in bindings and (source.id not in references or not state.pointing_at(source.id, HotDesk)):
                devices.append(source)
        elif kind is AppLogin:
            apps.append(source)
        elif kind is HotDesk and source.device in bindings:
            devices.append(state.the(Device, source.device))
    if len(devices) > 1:
        devices.sort(key=lambda device: (device_title(device), device.id))
    legs = [Leg("device", device.id, device_title(device), user) for device in devices]
    return legs + [Leg("app", app.id, app.app, user) for app in apps] if apps else legs
