"""A stretch of time in which things happen: messages land, deadlines fall due, phones step, the PBX answers.

A `Run` opens a world's state, works on it with a few mutable locals, and closes it into the next state; nothing else
changes a world. Events are played in order of time: deadlines by whose they are, messages as they were sent; so the
same happens into however many slices a run is cut. One table says what a message's kind means and one what the PBX's
events set off outside it.
"""

from __future__ import annotations

from bisect import bisect
from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from operator import itemgetter
from typing import Any

from msgspec import structs

from device_emulator import messages as em
from device_emulator.phone import Phone
from device_emulator.phone import step as phone_step
from pbxsim.core import registrar
from pbxsim.core.calls import LiveCall
from pbxsim.core.commands import (
    Actor,
    Command,
    Stamped,
)
from pbxsim.core.refusals import Fault, Forbidden, Invalid, Refused
from pbxsim.core.sorted import Sorted
from pbxsim.core.state import Change
from pbxsim.core.transition import transition
from pbxsim.world import calls, faults, plans, presence, sip
from pbxsim.world.reactions import REACTIONS
from pbxsim.world.state import InFlight, Nature, Record, WorldState

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
        "faults",
        "files",
        "history",
        "hung_up",
        "misses",
        "nature",
        "network",
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
        self.network = state.network
        self.faults = state.faults
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
            network=self.network,
            faults=self.faults,
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
            sip.expire(self, target)
        elif key[0] == "c":
            calls.wake(self, target, instant)
        elif key[0] == "s":
            presence.expire(self, target)
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
                self.arm("p" + mac, due)
        self._dirty.clear()

    def arm(self, key: str, due: int) -> None:
        if due < self._armed.get(key, NEVER):
            self._armed[key] = due
            heappush(self._fresh, (due, key))

    # --- Phones --------------------------------------------------------------------------------------------------

    def phone(self, mac: str) -> Phone | None:
        """The emulated phone of that MAC, as it is now."""
        return self._phones.get(mac)

    def put_phone(self, phone: Phone) -> None:
        """Add a phone, or replace it."""
        self._put(self._phones.get(phone.address), phone)

    def _put(self, before: Phone | None, phone: Phone) -> None:
        mac = phone.address
        self._busy += phone.busy - (before is not None and before.busy)
        self._phones[mac] = phone
        self._dirty[mac] = None
        self.touched["screen", mac] = None
        if (
            before is None
            or before.flash is not phone.flash
            or before.powered != phone.powered
            or before.place is not phone.place
            or before.model is not phone.model
        ):
            self.touched["phone", mac] = None

    def every_phone(self) -> list[Phone]:
        """All that were there when the run began, by address."""
        return [phone for address in sorted(self._state.phones) if (phone := self._phones.get(address)) is not None]

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
            if self.faults:
                faults.stepped(self, phone, after)
        for output in outputs:
            self.send(_KIND[type(output)], mac, output)

    def visit(self, mac: str, request: em.HttpRequest) -> em.HttpReply:
        """Ask a phone's own web server; it answers at once, and what else it does goes on the wire."""
        phone = self._phones.get(mac)
        after, outputs = phone_step(phone, request, self.now) if phone is not None else (None, ())
        if after is not None and after is not phone:
            self._put(phone, after)
        answered = em.HttpReply(request.id, 0, body=b"nobody answers")
        for output in outputs:
            if isinstance(output, em.HttpReply):
                answered = output
            else:
                self.send(_KIND[type(output)], mac, output)
        return answered

    def send(self, kind: str, mac: str, message: Any, late: int = 0) -> int:
        """Put a message on the wire; it lands so many ms later than others. The number by which it can be recalled."""
        self._sequence += 1
        landing = self.now + self.nature.latency + late
        wire = self._wire
        sent: InFlight = (landing, self._sequence, kind, mac, message)
        if wire and wire[-1][0] > landing:  # something is late already
            place = bisect(wire, landing, key=itemgetter(0))
            wire.insert(place, sent)
        else:
            wire.append(sent)
        return self._sequence

    def recall(self, number: int) -> bool:
        """Take a message off the wire again; was it still there?"""
        for place, sent in enumerate(self._wire):
            if sent[1] == number:
                del self._wire[place]
                return True
        return False

    def sent(self, messages: int) -> None:
        """So many messages have come and gone."""
        self._sequence += messages

    def number(self) -> int:
        """A number that no message has had yet."""
        self._sequence += 1
        return self._sequence

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
            moved = [id_ for table, id_ in dict.fromkeys(change.touched) if table == "call"]
            after = self.pbx
            for id_ in moved:
                self._follow(before.calls.get(id_), after.calls.get(id_))
            if after.watchers:
                presence.follow(self, before, after, [(before.calls.get(id_), after.calls.get(id_)) for id_ in moved])

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

    # --- What arrives --------------------------------------------------------------------------------------------

    def _sip_request(self, mac: str, request: em.SipRequest) -> None:
        if request.method in ("INVITE", "INFO", "BYE"):
            calls.asked(self, mac, request)
            return
        if request.method == "SUBSCRIBE":
            presence.asked(self, mac, request)
            return
        if request.method != "REGISTER":
            self.send("sip reply", mac, em.SipReply(request.id, 501, "Not Implemented", call=request.call))
            return
        answer = sip.register(self, registrar.SipRequest(*structs.astuple(request)))
        self.send("sip reply", mac, em.SipReply(*structs.astuple(answer)))
        if answer.expires:
            presence.registered(self, request)

    def _sip_reply(self, mac: str, reply: em.SipReply) -> None:
        if reply.call in self.pbx.subscriptions:
            presence.replied(self, reply)
        elif reply.call:
            calls.replied(self, mac, reply)


def _first(agenda: Sorted) -> int:
    """When the agenda's first entry is due; NEVER if it is empty."""
    first = agenda.first()
    return NEVER if first is None else int(first[0])


_KIND = {em.HttpRequest: "http request", em.SipRequest: "sip request", em.SipReply: "answer to the pbx"}
_DELIVER: dict[str, Callable[[Run, str, Any], None]] = {
    "http request": faults.carry,
    "http reply": Run.tell,
    "sip request": Run._sip_request,
    "sip reply": Run.tell,
    "to phone": Run.tell,
    "answer to the pbx": Run._sip_reply,
}
