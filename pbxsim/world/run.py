"""A stretch of time in which things happen: messages land, deadlines fall due, phones step, the PBX answers.

A `Run` opens a world's state, works on it with a few mutable locals, and closes it into the next state; nothing else
changes a world. Events are played in order of time: deadlines by whose they are, messages as they were sent; so the
same happens into however many slices a run is cut. One table says what a message's kind means and one what the PBX's
events set off outside it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from immutables import Map
from msgspec import structs

from device_emulator import messages as em
from device_emulator.phone import Phone
from device_emulator.phone import step as phone_step
from pbxsim.core import registrar
from pbxsim.core.calls import LiveCall
from pbxsim.core.commands import (
    OPERATOR,
    Actor,
    Command,
    LogInAtDevice,
    LogOutAtDevice,
    Stamped,
)
from pbxsim.core.entities import Binding, Device
from pbxsim.core.refusals import Fault, Forbidden, Invalid, Refused
from pbxsim.core.sorted import Sorted
from pbxsim.core.state import NOTHING, Change, State
from pbxsim.core.transition import transition
from pbxsim.world import calls, plans
from pbxsim.world.reactions import REACTIONS
from pbxsim.world.state import SYSTEM, Download, Files, InFlight, Made, Nature, Record, WorldState
from provisioning import messages as pm
from provisioning.hotdesk import RESET
from provisioning.identify import Deny, identify
from provisioning.respond import respond

NEVER = 1 << 62

WAKE = em.Wake()
Entry = tuple[int, str]  # of the agenda: when (ms), whose


class Run:
    """`touched` holds the keys of all that changed, in order: for the store what is durable (`account`, `entity`,
    `secret`, `binding`, `file`, `phone`), for whoever watches also `screen`."""

    __slots__ = (
        "_agenda",
        "_armed",
        "_busy",
        "_dirty",
        "_first",
        "_fresh",
        "_last_id",
        "_phones",
        "_sequence",
        "_state",
        "_wire",
        "downloads",
        "files",
        "history",
        "hung_up",
        "misses",
        "nature",
        "now",
        "pbx",
        "rendered",
        "told",
        "touched",
    )

    def __init__(self, nature: Nature, state: WorldState) -> None:
        self.nature = nature
        self._state = state
        self.now = state.now
        self.pbx = state.pbx
        self.files = state.files
        self.downloads = state.downloads
        self.rendered = state.rendered
        self.told = state.told
        self.misses = state.misses
        self.history = state.history
        self._phones = state.phones.mutate()
        self._armed = state.armed.mutate()
        self._agenda = state.agenda
        self._first = _first(state.agenda)
        self._fresh: list[Entry] = []  # a heap: most of what a run adds to the agenda falls due before it ends
        self._wire: deque[InFlight] = deque(state.in_flight)
        self._busy = state.busy
        self._sequence = state.sequence
        self._last_id = state.last_id
        self.hung_up = ""  # the phone that ends a call now, and need not be told
        self._dirty: dict[str, None] = {}
        self.touched: dict[tuple[str, Any], None] = {}

    def close(self) -> WorldState:
        """The state that has come of it."""
        self._arm()
        for entry in sorted({*self._fresh}):
            if entry not in self._agenda:  # a deadline may come back to where it was
                self._agenda = self._agenda.add(entry)
        return structs.replace(
            self._state,
            now=self.now,
            pbx=self.pbx,
            files=self.files,
            downloads=self.downloads,
            rendered=self.rendered,
            told=self.told,
            misses=self.misses,
            phones=self._phones.finish(),
            armed=self._armed.finish(),
            agenda=self._agenda,
            in_flight=tuple(self._wire),
            busy=self._busy,
            sequence=self._sequence,
            last_id=self._last_id,
            history=self.history,
        )

    # --- Time ----------------------------------------------------------------------------------------------------

    @property
    def unsettled(self) -> bool:
        """Is a message under way, or a phone busy?"""
        return bool(self._wire) or self._busy > 0

    def next_instant(self) -> int:
        """When something happens next, in ms; NEVER if nothing is due."""
        instant = self._wire[0][0] if self._wire else NEVER
        self._arm()
        if self._fresh and self._fresh[0][0] < instant:
            instant = self._fresh[0][0]
        return min(instant, self._first)

    def play(self, instant: int, horizon: int = 0, enough: Callable[[], bool] | None = None) -> None:
        """Everything due until `instant`, which no event precedes; and the messages that follow at once, until
        `horizon`. `enough` is asked after each event, and ends it early: what is left is still due, in its order."""
        self.now = max(self.now, instant)
        due = self._due(instant)
        for place, (_, key) in enumerate(due, 1):
            self._fall_due(key, instant)
            if enough is not None and enough():
                for entry in due[place:]:
                    heappush(self._fresh, entry)
                return
        wire, fresh = self._wire, self._fresh
        # Phones set their deadlines for later than now, and round up to whole seconds: none that is not armed yet comes
        # before a message that lands within the present second.
        last = min(horizon, self._first - 1, self.now // 1000 * 1000 + 999)
        while wire:
            landing = wire[0][0]
            if landing > self.now:
                if landing > last or (fresh and landing >= fresh[0][0]):
                    return
                self.now = landing
            _, _, kind, mac, message = wire.popleft()
            _DELIVER[kind](self, mac, message)
            if enough is not None and enough():
                return

    def _due(self, instant: int) -> list[Entry]:
        """The agenda's entries until `instant`, in order; they leave it."""
        due: list[Entry] = []
        if self._first <= instant:
            due, self._agenda = self._agenda.split((instant + 1,))
            self._first = _first(self._agenda)
        if self._fresh and self._fresh[0][0] <= instant:
            while self._fresh and self._fresh[0][0] <= instant:
                due.append(heappop(self._fresh))
            due.sort()
        return due

    def _fall_due(self, key: str, instant: int) -> None:
        if self._armed.get(key, NEVER) > instant:
            return  # no longer anybody's deadline
        del self._armed[key]
        target = key[1:]
        if key[0] == "b":
            self._expire(target)
        elif key[0] == "c":
            calls.wake(self, target, instant)
        elif target in self._phones:
            if (self._phones[target].due or NEVER) <= instant:
                self.tell(target, WAKE)
            self._dirty[target] = None

    def _arm(self) -> None:
        """Give every phone that has moved its place in the agenda, unless it has an earlier one already."""
        for mac in self._dirty:
            phone = self._phones.get(mac)
            due = phone.due if phone is not None else None
            if due is not None:
                self._arm_at("p" + mac, due)
        self._dirty.clear()

    def _arm_at(self, key: str, due: int) -> None:
        if due < self._armed.get(key, NEVER):
            self._armed[key] = due
            heappush(self._fresh, (due, key))

    # --- Phones --------------------------------------------------------------------------------------------------

    def phone(self, mac: str) -> Phone | None:
        """The emulated phone of that MAC, as it is now."""
        return self._phones.get(mac)

    def put_phone(self, phone: Phone) -> None:
        """Add a phone, or replace it."""
        self._put(self._phones.get(phone.mac), phone)

    def _put(self, before: Phone | None, phone: Phone) -> None:
        mac = phone.mac
        self._busy += phone.busy - (before is not None and before.busy)
        self._phones[mac] = phone
        self._dirty[mac] = None
        self.touched["screen", mac] = None
        if before is None or before.flash is not phone.flash or before.powered != phone.powered:
            self.touched["phone", mac] = None

    def drop_phone(self, mac: str) -> None:
        """Take a phone away; what is still under way to it is lost."""
        self._busy -= self._phones[mac].busy
        del self._phones[mac]
        self.touched["phone", mac] = None

    def tell(self, mac: str, message: em.Input) -> None:
        """One input to a phone; what it says in return goes on the wire."""
        phone = self._phones.get(mac)
        if phone is None:
            return
        after, outputs = phone_step(phone, message, self.now)
        if after is not phone:
            self._put(phone, after)
        for output in outputs:
            self.send(_KIND[type(output)], mac, output)

    def send(self, kind: str, mac: str, message: Any) -> None:
        """Put a message on the wire."""
        self._sequence += 1
        self._wire.append((self.now + self.nature.latency, self._sequence, kind, mac, message))

    # --- The provisioning server -----------------------------------------------------------------------------------

    def provision(self, request: pm.Request, origin: str = "") -> pm.Response:
        """Answer a phone's request, emulated or real. Its effects are applied before the answer is known."""
        response, effects = answer(self.nature, self.pbx, self.files, self.now, request, origin)
        self.follow(effects)
        return response

    def follow(self, effects: tuple[pm.Effect, ...]) -> None:
        """What follows from having served a request, or from a save."""
        for effect in effects:
            match effect:
                case pm.FileFrozen() | pm.FileStored():
                    names = self.files.get(effect.device, NOTHING).set(effect.name, effect.body)
                    self.files = self.files.set(effect.device, names)
                    self.touched["file", (effect.device, effect.name)] = None
                    if type(effect) is pm.FileFrozen and effect.name != RESET:
                        self.rendered = self.rendered.set(effect.device, self._made(effect.device))
                case pm.FileDropped():
                    self.drop_file(effect.device, effect.name)
                case pm.Downloaded():
                    download = Download(self.now, effect.status, effect.etag)
                    self.told = plans.told(self.nature, self.told, self.rendered, effect)
                    self.downloads = self.downloads.set((effect.device, effect.name), download)
                case pm.Missed():
                    self.misses = self.misses.set(effect.source, self.misses.get(effect.source, 0) + 1)
                case pm.LogInAsked():
                    command = LogInAtDevice(effect.device, effect.user, effect.override)
                    self.execute(command, Actor("user", effect.user))
                case pm.LogOutAsked():
                    self.execute(LogOutAtDevice(effect.device), OPERATOR)

    def drop_file(self, device: str, name: str) -> None:
        """Delete a file that is kept for a device; none is no error."""
        names = self.files.get(device, NOTHING)
        if name in names:
            names = names.delete(name)
            self.files = self.files.set(device, names) if names else self.files.delete(device)
            self.touched["file", (device, name)] = None
            if name != RESET and device in self.rendered:
                self.rendered = self.rendered.delete(device)

    def _made(self, id_: str) -> Made:
        device = self.pbx.the(Device, id_)
        return plans.made_of(self.pbx, device, self.nature.offset(self.pbx.accounts[device.account].timezone, self.now))

    # --- The PBX -------------------------------------------------------------------------------------------------

    def execute(self, command: Command, actor: Actor) -> str:
        """Carry out a command of the PBX; the id it was about. Raises PbxsimError, and then nothing has changed."""
        stamped = Stamped(command, actor, self.now, self._last_id, self.nature.salt(self._last_id))
        unseen = plans.faults(command)
        if unseen:
            raise Invalid([*self._faults(stamped), *unseen])
        change, id_ = transition(self.pbx, stamped, self.nature.platforms, self.nature)
        plans.check(command, change, id_)
        self.accept(change, str(actor))
        return id_

    def _faults(self, stamped: Stamped) -> tuple[Fault, ...]:
        """What the PBX finds wrong with a command's values besides. Raises Forbidden."""
        try:
            transition(self.pbx, stamped, self.nature.platforms, self.nature)
        except Forbidden:
            raise
        except Invalid as error:
            return error.faults
        except Refused:
            pass  # a rule says no as well; first the values must be right
        return ()

    def accept(self, change: Change, who: str) -> None:
        """Take over a change of the PBX: keep its history, and let its events set off what they do."""
        before, self.pbx = self.pbx, change.state
        self._last_id = change.last_id
        for key in change.touched:
            self.touched[key] = None
        for event in change.events:
            record = Record(self.history.last + 1, self.now, who, event)
            self.history = self.history.append(record, self.nature.history_limit)
        for event in change.events:
            reaction = REACTIONS.get(event.kind)
            if reaction is not None:
                reaction(self, event)
        if before.calls is not self.pbx.calls:
            for table, id_ in dict.fromkeys(change.touched):
                if table == "call":
                    self._follow(before.calls.get(id_), self.pbx.calls.get(id_))

    def _follow(self, before: LiveCall | None, after: LiveCall | None) -> None:
        self._busy += (after is not None and after.busy) - (before is not None and before.busy)
        calls.follow(self, before, after)

    def change(self, account: str = "") -> Change:
        """Something happens to the PBX that nobody has asked for by a command."""
        change = Change(self.pbx, self.now, self._last_id, "")
        change.outside = self.nature
        if account:
            change.account = self.pbx.accounts[account]
            change.platform = self.nature.platforms[change.account.platform]
        return change

    def _expire(self, device: str) -> None:
        change = self.change()
        bound = self.pbx.get(Device, device)
        if bound is not None:
            change.account = self.pbx.accounts[bound.account]
        following = registrar.expire(change, device)
        if change.touched:
            self.accept(change, SYSTEM)
        if following is not None:
            self._arm_at("b" + device, following)

    # --- What arrives --------------------------------------------------------------------------------------------

    def _http_request(self, mac: str, request: em.HttpRequest) -> None:
        if not request.url.startswith(f"{self.nature.origin}/"):
            reply = em.HttpReply(request.id, 0, body=b"no such host")
        else:
            wanted = pm.Request(request.method, request.url, request.headers, request.body, source=mac)
            response = self.provision(wanted)
            reply = em.HttpReply(request.id, response.status, response.headers, response.body)
        self.send("http reply", mac, reply)

    def _sip_request(self, mac: str, request: em.SipRequest) -> None:
        if request.method in ("INVITE", "INFO", "BYE"):
            calls.asked(self, mac, request)
            return
        if request.method != "REGISTER":
            self.send("sip reply", mac, em.SipReply(request.id, 501, "Not Implemented", call=request.call))
            return
        answer = self.register(registrar.SipRequest(*structs.astuple(request)))
        self.send("sip reply", mac, em.SipReply(*structs.astuple(answer)))

    def register(self, request: registrar.SipRequest) -> registrar.SipReply:
        """Answer a REGISTER, and let what it binds expire in its time."""
        change = self.change()
        answer = registrar.register(change, request, self.nature.platforms, self.nature.key)
        if change.touched:
            self.accept(change, SYSTEM)
            bindings = self.pbx.bindings.get(device := registrar.device_of(request.aor), ())
            if bindings:
                self._arm_at("b" + device, min(binding.expires for binding in bindings))
        return answer

    def _sip_reply(self, mac: str, reply: em.SipReply) -> None:
        if reply.call:
            calls.replied(self, mac, reply)

    def macs(self, device: str) -> list[str]:
        """Where a device is registered: the phones' MAC addresses."""
        return [_mac_of(binding.contact) for binding in self.pbx.bindings.get(device, ())]

    def to_device(self, device: str, method: str, call: str, caller: str = "", except_for: str = "") -> None:
        """A request of a call to wherever a device is registered."""
        for mac in self.macs(device):
            if mac != except_for:
                self.to_phone(mac, device, method, call, caller)

    def to_phone(self, mac: str, device: str, method: str, call: str, caller: str = "") -> None:
        """A request of a call to one phone. An answer names only the request's id: what begins a call has a positive
        one, what ends it a negative one, and so the answers are told apart."""
        self._sequence += 1
        id_ = self._sequence if method == "INVITE" else -self._sequence
        found = self.pbx.get(Device, device)
        realm = self.pbx.accounts[found.account].realm if found is not None else ""
        aor = f"sip:{device}@{realm}"
        self.send("to phone", mac, em.SipRequest(id_, method, aor, aor, call=call, caller=caller))

    def arm_call(self, call: LiveCall) -> None:
        """Give a call its place among what falls due."""
        assert call.due is not None
        self._arm_at("c" + call.id, call.due)

    def notify(self, binding: Binding, event: str) -> None:
        """A NOTIFY to where a device is registered; lost if that is no emulated phone."""
        self._sequence += 1
        aor = binding.contact
        self.send("to phone", _mac_of(binding.contact), em.SipRequest(self._sequence, "NOTIFY", aor, aor, event=event))


def answer(
    nature: Nature, pbx: State, files: Map[str, Map[str, bytes]], now: int, request: pm.Request, origin: str
) -> tuple[pm.Response, tuple[pm.Effect, ...]]:
    """The configuration server's answer, and what follows from it. `origin` is where it was asked, '' in process."""
    claim = identify(request, now, nature.key, nature.prefix)
    if isinstance(claim, Deny):
        return claim.response, claim.effects
    plan = plans.answer(nature, pbx, now, claim, origin)
    return respond(request, claim, plan, Files(files), now, nature.key)


def _first(agenda: Sorted) -> int:
    """When the agenda's first entry is due; NEVER if it is empty."""
    first = agenda.first()
    return NEVER if first is None else int(first[0])


def _mac_of(contact: str) -> str:
    """sip:d3@805ec0112233.phone -> 805ec0112233."""
    return contact.partition("@")[2].partition(".")[0]


_KIND = {em.HttpRequest: "http request", em.SipRequest: "sip request", em.SipReply: "answer to the pbx"}
_DELIVER: dict[str, Callable[[Run, str, Any], None]] = {
    "http request": Run._http_request,
    "http reply": Run.tell,
    "sip request": Run._sip_request,
    "sip reply": Run.tell,
    "to phone": Run.tell,
    "answer to the pbx": Run._sip_reply,
}
