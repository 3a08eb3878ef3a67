"""The off-boarding plan (X1): what has to be done, in which order, before and until a user is gone, on any platform.

Which steps are needed follows from the platform's switches: what blocks a delete, what becomes of a deleted user's
devices, mailboxes, numbers and queue seats, and how callflows are edited. The law: no step is refused, nothing is left
pointing at what is gone, and a number that reached somebody still does unless the caller chose otherwise. There is no
shorter plan of steps that touch only what holds the user.

Nothing is done here: every step is tried on a state of its own. Who is emulated is asked of `hardware`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from msgspec import Struct

from pbxsim.core import commands as c
from pbxsim.core.entities import (
    NOUNS,
    Account,
    AppLogin,
    BlfKey,
    Callflow,
    Device,
    DirectoryEntry,
    HotDesk,
    Mailbox,
    Number,
    Queue,
    User,
    Version,
)
from pbxsim.core.hours import ALWAYS, NEVER, Moments
from pbxsim.core.logins import device_title
from pbxsim.core.platform import DELETE, RELEASE, Platform
from pbxsim.core.rearranging import NOWHERE, Wanted, rearrange
from pbxsim.core.refusals import Blocker, Fault, Forbidden, Invalid
from pbxsim.core.routing import routes
from pbxsim.core.rules.blockers import delete_blockers
from pbxsim.core.rules.common import resolve
from pbxsim.core.state import Change, State
from pbxsim.core.status import newest
from pbxsim.core.steps import Kind, Step, Work, desk, whom
from pbxsim.core.transition import may
from pbxsim.core.values import Parser, e164, value_kind

KEEP_IT, DEACTIVATE = "keep", "deactivate"

# What the hardware behind a device's registration is: an emulated phone that is up, one that is about to be, one that
# does not hold the registration any longer (no power, another server), or a phone that nobody here can see.
Hardware = Literal["ready", "busy", "off", "unknown"]


class Plan(Struct, frozen=True):
    """What takes a user away, step by step. `title` is how a list names him."""

    user: str
    title: str
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return "\n".join([f"Off-boarding of {self.title}:", *listed(self.steps)])


def listed(steps: Iterable[Step]) -> list[str]:
    """Steps as people read them, numbered."""
    return [f"  {number}. {step.text}" for number, step in enumerate(steps, 1)]


def _choices(value: Any) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError('must be an object such as {"+61255501234": "deactivate"}')
    wrong = [
        Fault(f"/{key}", f"must be text, not {value_kind(to)}") for key, to in value.items() if type(to) is not str
    ]
    if wrong:
        raise Invalid(wrong)
    return dict(value)


_CHOICES = {"type": "object", "additionalProperties": {"type": "string"}}


class Wish(Struct, frozen=True):
    """What is to become of the user's numbers. `numbers` (E.164 or id) and `default` are each a callflow (id, extension
    or name), "keep" or "deactivate". `end_logins`: the service desk ends what would have to be waited for."""

    numbers: Annotated[Mapping[str, str], Parser(_choices, schema=_CHOICES)] = {}
    default: str | None = None
    end_logins: bool = False


class Asked(Struct, frozen=True):
    """A wish about a user (by id), and who will carry it out."""

    user: str
    wish: Wish = Wish()
    actor: c.Actor = c.OPERATOR


def plan(
    state: State,
    platforms: Mapping[str, Platform],
    now: int,
    asked: Asked,
    hardware: Callable[[Device], Hardware],
) -> Plan:
    """The plan. What a number reaches is judged at every moment, in business hours and outside them. Raises Invalid
    for a number that only this user answers, if nothing was said of it."""
    user = state.the(User, asked.user)
    account = state.accounts[user.account]
    case = _Case(state, account, platforms, now, user, asked, hardware)
    goes, fallback = case.choices()
    return Plan(user.id, user.title, tuple(case.decided(goes, fallback).steps))


class _Case:
    """One user, and everything that is known of him before he goes."""

    def __init__(
        self,
        state: State,
        account: Account,
        platforms: Mapping[str, Platform],
        now: int,
        user: User,
        asked: Asked,
        hardware: Callable[[Device], Hardware],
    ) -> None:
        self.state, self.account, self.user, self.asked, self.hardware = state, account, user, asked, hardware
        self.platforms, self.platform, self.now = platforms, platforms[account.platform], now
        held = state.sources(user.id)
        self.devices = sorted((one for one in held if type(one) is Device), key=lambda d: (device_title(d), d.id))
        self.boxes = sorted((one for one in held if type(one) is Mailbox), key=lambda box: box.number)
        self.queues = sorted((one for one in held if type(one) is Queue), key=lambda queue: (queue.name, queue.id))
        blocking = self.platform.user_delete_blockers
        go = "callflow" in blocking or self.fate("mailboxes") != RELEASE
        self.gone = frozenset((user.id, *(box.id for box in self.boxes if go)))
        # Numbers straight to him that no deletion takes care of must let go of him, whatever is said about them.
        straight = [one for one in held if type(one) is Number] if self.fate("numbers") != RELEASE else []
        self.stranded = {number.id: user.id for number in straight}

    def fate(self, kind: str) -> Any:
        """What a deletion makes of his things of that kind; None or "keep": they keep the dead id."""
        return self.platform.setting(self.account, f"user.delete.{kind}")

    # --- What the caller says ------------------------------------------------------------------------------------

    def choices(self) -> tuple[dict[str, str], str | None]:
        """(where numbers go, as `Wanted` has it; what goes for all others that only he answers). Raises Invalid."""
        faults: list[Fault] = []
        touched = {number.id for number in self.affected()}
        chosen: dict[str, str] = {}
        for key, choice in self.asked.wish.numbers.items():
            try:
                number = self._number(key)
                chosen |= self._goes(number, self._choice(choice), touched)
            except ValueError as error:
                faults.append(Fault(f"/numbers/{key}", str(error)))
        fallback = None
        if self.asked.wish.default is not None:
            try:
                fallback = self._choice(self.asked.wish.default)
            except ValueError as error:
                faults.append(Fault("/default", str(error)))
        if faults:
            raise Invalid(faults)
        return chosen, fallback

    def _number(self, key: str) -> Number:
        canonical = key
        if key.lstrip("+ (").startswith(tuple("0123456789")):
            canonical = e164(key, self.account.country)
        number = resolve(self.state, self.account.id, Number, canonical)
        if number is None:
            raise ValueError(f"names no number of account {self.account.id}")
        return number

    def _choice(self, choice: str) -> str:
        """A callflow's id, KEEP_IT or DEACTIVATE. Raises ValueError."""
        if choice in (KEEP_IT, DEACTIVATE):
            return choice
        found = resolve(self.state, self.account.id, Callflow, choice)
        if found is None:
            named = [one for one in self.state.listed(self.account.id, Callflow) if one.name == choice]
            found = named[0] if len(named) == 1 else None
        if found is None:
            raise ValueError(f'must be a callflow of account {self.account.id}, "keep" or "deactivate", not {choice!r}')
        if newest(self.state, found) is None:
            raise ValueError(f"{found.name} has only a draft: make it Available first")
        return found.id

    def _goes(self, number: Number, choice: str, touched: set[str]) -> dict[str, str]:
        """Where one number goes; nothing if it is there already."""
        version = self.state.get(Version, number.version)
        if choice == KEEP_IT:
            return {number.id: self.user.id} if number.user == self.user.id else {}
        if choice == DEACTIVATE and not number.active and version is None:
            return {}
        if version is not None and version.callflow == choice:
            return {}
        if number.id not in touched:
            raise ValueError(f"does not lead to user {self.user.extension}: move it by itself")
        return {number.id: NOWHERE if choice == DEACTIVATE else choice}

    # --- What becomes of the numbers -------------------------------------------------------------------------------

    def affected(self) -> list[Number]:
        """The numbers from which a call could get to him, to a mailbox of his, to a queue that he is in, or to who sits
        at a phone of his: back along whatever leads there, forwarding too, so that it costs what is found."""
        found: dict[str, Number] = {}
        guests = [desk.user for device in self.devices for desk in self.state.pointing_at(device.id, HotDesk)]
        seen = {self.user.id, *(box.id for box in self.boxes), *guests}
        waiting = sorted(seen)
        while waiting:
            for id_ in self._leading_to(waiting.pop()):
                if id_ not in seen:
                    seen.add(id_)
                    waiting.append(id_)
                    one = self.state.entities[id_]
                    if type(one) is Number:
                        found[id_] = one
        return sorted(found.values(), key=lambda number: number.e164)

    def _leading_to(self, id_: str) -> Iterator[str]:
        """From where a call gets to something at once."""
        state, entities = self.state, self.state.entities
        for source in state.sources(id_):
            if type(source) in (Number, Queue):
                yield source.id
            elif type(source) is Version:
                yield source.callflow
        one: Any = entities[id_]
        keys: tuple[str, ...] = ()
        if type(one) is User:
            keys = (one.extension,)
        elif type(one) is Number:
            keys = (one.e164,)
        elif type(one) is Callflow:
            keys = one.dialled
            yield from one.versions
        for key in keys:
            for user in state.forwarding_to(self.account.id, key):
                yield user.id

    def decided(self, goes: Mapping[str, str], fallback: str | None) -> Work:
        """All steps, with numbers about which nothing was said going to `fallback` if they would reach nobody. Raises
        Invalid with all of them if there is none. What takes some away may cost others their way, so it is asked
        again."""
        said = {self._number(key).id for key in self.asked.wish.numbers}
        touched = self.affected()
        open_ = [number for number in touched if number.id not in said]
        while True:
            work = self.compose(goes)
            lost = [number for number in open_ if self._lost(work.state, number, fallback is not None)]
            if lost and fallback is None:
                raise Invalid([self._undecided(number, lost) for number in lost])
            if not lost:
                return work
            ids = {number.id for number in touched}
            for number in lost:
                goes = {**goes, **self._goes(number, fallback or KEEP_IT, ids)}
            open_ = [number for number in open_ if number not in lost]

    def _lost(self, after: State, number: Number, readily: bool) -> bool:
        """Is there a moment at which a number reaches nobody, where it does with him? `readily`: or never any more,
        whether it did or not."""
        still = self._reached(after, number)
        if still is ALWAYS:
            return False
        if readily and not still:
            return True
        return any(bool(self._reached(with_him, number) - still) for with_him in (self.state, self.home))

    def _reached(self, state: State, number: Number) -> Moments:
        """When a number reaches somebody."""
        found = NEVER
        for trace, moments in routes(state, self.account, number.e164, self.platform):
            if trace.reaches_somebody:
                found = moments if found is NEVER else found | moments
        return found

    @cached_property
    def home(self) -> State:
        """The present with the user reachable: what only he answers is asked about, be he at his phone or not."""
        change = Change(self.state, self.now, 0, "")
        change.put(AppLogin("l-at-home", self.account.id, self.user.id, "", self.now))
        return change.state

    def _undecided(self, number: Number, lost: list[Number]) -> Fault:
        more = len(lost) - 1
        others = "" if not more else "; so does 1 other" if more == 1 else f"; so do {more} others"
        what = 'say where it goes: a callflow, "deactivate" or "keep", or give a default'
        message = f"would reach nobody without user {self.user.title}{others}; {what}"
        return Fault(f"/numbers/{number.e164}", message)

    # --- The steps -------------------------------------------------------------------------------------------------

    def compose(self, goes: Mapping[str, str]) -> Work:
        """All steps, and the state after them."""
        work = Work(self.state, self.account, self.platforms, self.now, self.asked.actor)
        extension = self.user.extension
        rearrange(work, Wanted(self.user, self.gone, {**self.stranded, **goes}))
        if "queue" in self.platform.user_delete_blockers or self.fate("queues") != RELEASE:
            for queue in self.queues:
                work.do(f"Remove user {extension} from queue {queue.name}", c.RemoveMember(queue.id, self.user.id))
        kept = [] if self.fate("devices") in (RELEASE, DELETE) else self.devices
        for device in kept:
            work.do(f"Delete device {device_title(device)}", c.DeleteDevice(device.id))
        if self.fate("mailboxes") not in (RELEASE, DELETE):
            for box in self.boxes:
                work.do(f"Delete mailbox {box.number}", c.DeleteMailbox(box.id))
        self._names(work)
        self._logins(work)
        work.do(f"Delete user {self.user.title}", c.DeleteUser(self.user.id))
        work.steps[-1:] = [*self._rest(work.state), work.steps[-1]]
        return work

    def _names(self, work: Work) -> None:
        """Keys that watch him and entries of the directory, where a deletion would let them keep the dead id. (The keys
        of a phone that goes along go with it.)"""
        along = {device.id for device in self.devices} if self.fate("devices") == DELETE else set()
        if self.fate("blf-keys") not in (RELEASE, DELETE):
            for key in sorted(work.state.pointing_at(self.user.id, BlfKey), key=lambda key: (key.device, key.position)):
                if key.device not in along:
                    where = device_title(work.state.the(Device, key.device))
                    work.do(f"Delete key {key.position} of {where}", c.DeleteBlfKey(key.id))
        if self.fate("directory") not in (RELEASE, DELETE):
            for entry in work.state.pointing_at(self.user.id, DirectoryEntry):
                work.do(f"Delete directory entry {entry.name}", c.DeleteDirectoryEntry(entry.id))

    def _logins(self, work: Work) -> None:
        """What ends his logins, where they are in the way: what is done at once first, then what somebody else does,
        then one wait for all that only time ends."""
        change = Change(work.state, self.now, 0, "")
        change.account, change.platform = self.account, self.platform
        logins = [blocker for blocker in delete_blockers(change, self.user) if blocker.kind == "login"]
        steps = sorted((self._login(work, blocker) for blocker in logins), key=lambda step: _TURN[step.kind])
        waits = [step for step in steps if step.kind == "wait"]
        work.steps += [step for step in steps if step.kind != "wait"]
        if waits:
            work.steps.append(max(waits, key=lambda step: step.until or 0))
        for blocker in logins:
            work.apply([c.EndLogin(blocker.id)])

    def _login(self, work: Work, blocker: Blocker) -> Step:
        """What ends one login: whoever can do it at once, a reset of the phone before support is called (Jet)."""
        login = work.state.entities[blocker.id]
        if isinstance(login, AppLogin):
            return self._step(work, f"Log the app {login.app} out", c.LogOutApp(self.user.id, login.id), self.user)
        if isinstance(login, HotDesk):
            desk = work.state.the(Device, login.device)
            return self._step(work, f"Log out at {blocker.name}", c.LogOutAtDevice(desk.id), desk)
        assert isinstance(login, Device), "a login is an app's, a hot desk's or a device's"
        hardware = self.hardware(login)
        if hardware in ("ready", "busy"):
            return self._step(work, f"Factory-reset the phone {blocker.name}", c.FactoryResetPhone(login.mac), login)
        if self.asked.wish.end_logins:
            return self._step(work, f"End the registration of {blocker.name}", c.EndLogin(login.id), login)
        expires = max(binding.expires for binding in work.state.bindings[login.id])
        if hardware == "off":
            text = f"Wait until the registration of {blocker.name} has expired"
            return Step("wait", text, until=expires, device=login.id)
        text = f"Factory-reset the phone {blocker.name}, or pull its power and wait until its registration has expired"
        return Step("human", text, until=expires, device=login.id)

    def _step(self, work: Work, text: str, command: c.Command, subject: Any) -> Step:
        """A step that ends a login; somebody else's where the actor's role does not reach."""
        actor, roles = self.asked.actor, work.roles([command])
        if type(command) is c.EndLogin and actor == c.OPERATOR:
            actor = c.SERVICE_DESK  # J3a: whoever hosts the PBX lets its support do this
        try:
            if actor != c.OPERATOR:
                may(work.state, self.platforms, actor, command, subject)
        except Forbidden:
            return Step("human", f"Ask {whom(work.platform, roles)}: {text}", (command,), None, roles)
        kind: Kind = "phone" if type(command) is c.FactoryResetPhone else "command"
        return Step(kind, text, (command,), actor, roles, device=subject.id if kind == "phone" else "")

    def _rest(self, after: State) -> list[Step]:
        """Whatever else would still name him, or what goes with him: no step here changes it, so somebody is asked."""
        ids = (self.user.id, *(box.id for box in self.boxes), *(device.id for device in self.devices))
        left = [source for id_ in ids if id_ not in after.entities for source in after.sources(id_)]
        ask = f"Ask {desk(self.platform)} to change"
        return [
            Step("human", f"{ask} {NOUNS[type(one)]} {one.id}, which would still name what is gone") for one in left
        ]


_TURN = {"command": 0, "phone": 1, "human": 2, "wait": 3}
