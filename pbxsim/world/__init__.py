"""The world: a small cell that holds the present value, and the only place that sees all three programs.

`execute` is the only way in, `settle` and `advance` let time pass, `fork` copies a reference, `provision` answers a
phone that asks over a real network. Everything outside (sockets, SQLite, the real clock, browsers) is a thin shell
around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from msgspec import structs

from device_emulator.messages import HttpReply, HttpRequest
from pbxsim.core.build import build, partly
from pbxsim.core.commands import OPERATOR, Actor, Command, PlaceCall, PowerPhone
from pbxsim.core.entities import Account, Device
from pbxsim.core.offboarding import Hardware
from pbxsim.core.platform import Platform
from pbxsim.core.refusals import Fault, Invalid, NotSettled
from pbxsim.core.registrar import SipReply, SipRequest
from pbxsim.core.routing import Trace, route
from pbxsim.core.rules.callers import caller_of
from pbxsim.core.state import State
from pbxsim.facade import View
from pbxsim.platforms import PLATFORMS
from pbxsim.world import phones, plans, secrets, sip, web
from pbxsim.world.leap import leap
from pbxsim.world.run import NEVER, Run
from pbxsim.world.state import SYSTEM, Download, Nature, Record, WorldState
from provisioning.messages import Downloaded, Request, Response

START = datetime(2025, 1, 1, tzinfo=UTC)
SETTLE_LIMIT = timedelta(minutes=10)


class World(View):
    """A PBX, its provisioning server and its phones. Needs no socket, no event loop and no file.

    `seed` makes everything that looks like chance repeatable; `start` is where the clock stands at first. A world acts
    as the operator; `acting_as(user)` gives the same world as somebody else sees it. `latency` is that of each message
    on the wire, `history_limit` how many lines of history are remembered, `platforms` the hosted PBXs there are."""

    def __init__(
        self,
        seed: int = 0,
        *,
        start: datetime = START,
        latency: timedelta = timedelta(milliseconds=1),
        history_limit: int = 100_000,
        platforms: Mapping[str, Platform] | None = None,
    ) -> None:
        key = blake2b(str(seed).encode(), digest_size=16, person=b"pbxsim").digest()
        nature = Nature(
            platforms=platforms or PLATFORMS,
            key=key,
            conceal=secrets.fast(key),
            verify=secrets.verifier(key),
            salt=lambda last_id: f"{seed}:{last_id}",
            offset=utc_offset,
            draw=lambda about: blake2b(f"{seed}:{about}".encode(), digest_size=16, person=b"pbxsim code").hexdigest(),
            latency=milliseconds(latency),
            history_limit=history_limit,
        )
        self._begin(nature, WorldState(now=to_ms(start)))

    @classmethod
    def of(cls, nature: Nature, state: WorldState) -> World:
        """A world that goes on from a state: what forks, stores and snapshots are made of."""
        world = cls.__new__(cls)
        world._begin(nature, state)
        return world

    def _begin(self, nature: Nature, state: WorldState) -> None:
        self.actor = OPERATOR
        self.nature = nature
        self.state = state
        self.on_change: Callable[[dict[tuple[str, Any], None]], None] | None = None

    @property
    def world(self) -> World:
        """Itself: a world is a view of it."""
        return self

    # --- What is ---------------------------------------------------------------------------------------------------

    @property
    def pbx(self) -> State:
        """The present state of the PBX."""
        return self.state.pbx

    @property
    def now(self) -> datetime:
        """Where the clock stands."""
        return to_datetime(self.state.now)

    @property
    def settled(self) -> bool:
        """Has every message landed, and is no phone busy?"""
        return not self.state.in_flight and self.state.busy == 0

    @property
    def history(self) -> list[Record]:
        """What has happened, oldest first: when, who, what, to whom."""
        return list(self.state.history.values())

    def hardware(self, device: Device) -> Hardware:
        """What is behind a device's registrations: an emulated phone that holds the one there is, or is about to
        (`busy`), or holds it no longer (`off`); or a phone that is not emulated here."""
        phone, bindings = self.state.phones.get(device.mac), self.pbx.bindings.get(device.id, ())
        if phone is None or any(f"@{device.mac}." not in binding.contact for binding in bindings):
            return "unknown"
        if not phone.powered:
            return "off"
        if phone.phase in ("booting", "fetching"):
            return "busy"
        lines = [line for line in phone.lines if line.account.user == device.id]
        if any(line.state == "registered" for line in lines):
            return "ready"
        return "busy" if lines or phone.busy else "off"

    def fork(self) -> World:
        """Another world that begins as this one is now, in constant time. What happens there stays there."""
        return World.of(self.nature, self.state)

    def snapshot(self, secrets: bool = True) -> bytes:
        """All of it that lasts, as a file: what is in the PBX, files, phones' flash, the network, the history, the
        clock. What a power cut takes is not in it. Without secrets it can be shown, and still be restored."""
        from pbxsim.store.snapshot import Header, pack  # a shell outside, loaded when it is needed

        state = self.state
        header = Header(self.nature.key.hex(), state.now, state.last_id, state.recorded, "virtual", 0.0)
        return b"".join(pack(header, state, "" if secrets else self.nature.draw(f"veil {state.last_id} {state.now}")))

    @classmethod
    def restore(cls, snapshot: bytes, seed: int = 0, **knobs: Any) -> World:
        """A world that goes on from a snapshot, its clock where it was; plugged phones boot, as after a power cut.
        `seed` and the knobs are those of a new world. Raises Invalid for what is no snapshot, is damaged or was made by
        a later pbxsim. Where secrets were left out, devices get new ones, and passwords and PINs are gone."""
        from pbxsim.store.snapshot import Reader

        def draw(id_: str, purpose: str) -> str:
            return blake2b(f"{seed}/{id_}/{purpose}".encode(), digest_size=10, person=b"pbxsim").hexdigest()

        reader = Reader()
        reader.feed(snapshot)
        saved = reader.finish(draw=draw)
        nature = cls(seed, **knobs).nature
        if saved.header.key:
            key = bytes.fromhex(saved.header.key)
            nature = structs.replace(nature, key=key, conceal=secrets.fast(key), verify=secrets.verifier(key))
        world = cls.of(nature, saved.state)
        for mac in saved.plugged:
            world.execute(PowerPhone(mac, on=True))
        return world

    def look(self, account: Account, to: str, from_: str = "", answered: bool = True, digits: str = "") -> Trace:
        """Where a call would go now; nothing rings. Raises Invalid as placing it would."""
        asked = build(PlaceCall, {"account": account.id, "to": to, "from_": from_, "digits": digits})
        caller = caller_of(self.pbx, account, asked.from_)
        platform, now = self.nature.platforms[account.platform], self.state.now
        return route(self.pbx, account, asked.to, answered, platform, now, self.nature.offset, caller, digits)

    # --- What happens ----------------------------------------------------------------------------------------------

    def execute(self, command: Command, actor: Actor = OPERATOR) -> str:
        """The only way in. The id that the command was about; raises PbxsimError, and then nothing has changed."""
        run = Run(self.nature, self.state)
        if type(command) in phones.HANDLERS:
            id_ = phones.execute(run, command, actor)
        else:
            id_ = run.execute(command, actor)
        self._take(run)
        return id_

    def besides(self, type_: type[Command], values: Mapping[str, Any], actor: Actor = OPERATOR) -> list[Fault]:
        """What else is wrong with the values of a command, where `build` has found faults in some: so that all are told
        at once. Nothing for whoever may not ask."""
        if type_ in phones.HANDLERS:
            return phones.faults(partly(type_, values))
        return plans.besides(self.nature, self.pbx, self.state.now, type_, values, actor)

    def provision(self, request: Request, origin: str = "") -> Response:
        """Answer a configuration request that came over a real network. `origin` is the scheme and host it came to."""
        state = self.state
        response, effects = web.answer(self.nature, state.pbx, state.files, state.now, request, origin)
        effect = effects[0] if len(effects) == 1 else None
        if isinstance(effect, Downloaded):  # nearly always, and a site boots at once
            download = Download(state.now, effect.status, effect.etag)
            told = plans.told(self.nature, state.told, state.rendered, effect)
            downloads = state.downloads.set((effect.device, effect.name), download)
            self.state = structs.replace(state, downloads=downloads, told=told)
        elif effects:
            run = Run(self.nature, state)
            web.follow(run, effects)
            self._take(run)
        return response

    def note(self, kind: str, subject: str, *, account: str = "", **detail: Any) -> None:
        """Something that whoever runs this world has seen of it goes into its history; `account` whom it concerns."""
        run = Run(self.nature, self.state)
        change = run.change(account)
        change.event(kind, subject, **detail)
        run.accept(change, SYSTEM)
        self._take(run)

    def register(self, request: SipRequest) -> SipReply:
        """Answer a REGISTER from outside: of a phone that is not emulated here."""
        run = Run(self.nature, self.state)
        reply = sip.register(run, request)
        self._take(run)
        return reply

    def visit(self, mac: str, path: str, source: str, body: bytes = b"") -> HttpReply:
        """Ask a phone's own web server for a path, as somebody at the address `source`; with a body by POST. Status 0
        where nobody answers: there is no such phone, or it has no power, or is not up."""
        request = HttpRequest(0, "POST" if body else "GET", f"http://{mac}.phone{path}", (), body, source)
        run = Run(self.nature, self.state)
        reply = run.visit(mac, request)
        self._take(run)
        return reply

    def settle(self, limit: timedelta = SETTLE_LIMIT) -> None:
        """Until every message has landed and no phone is busy. Moves the clock: a Yealink spends 20 s on two absent
        boot files. Raises NotSettled, with the clock at the limit, and says who is busy with what."""
        run = Run(self.nature, self.state)
        end = run.now + milliseconds(limit)
        while run.unsettled:
            instant = run.next_instant()
            if instant > end:
                run.now = end
                self._take(run)
                raise NotSettled(limit.total_seconds(), self.state.busy_with)
            run.play(instant, end)
        self._take(run)

    def advance(self, by: timedelta | None = None, **amount: float) -> None:
        """Let time pass: `advance(timedelta)` or `advance(minutes=61)`. Runs everything due until then, and leaves the
        clock exactly there."""
        if not (isinstance(by, timedelta) or (by is None and amount)):
            raise TypeError("advance takes a timedelta, or an amount such as minutes=61")
        try:
            step = by if by is not None else timedelta(**amount)
        except (ValueError, OverflowError) as error:
            raise Invalid([Fault("/advance", f"must be an amount of time: {error}")]) from None
        end = instant_after(self.state.now, step)
        while not self.advance_slice(end, 0.0):
            raise AssertionError("a slice without a budget ends at its end")

    def advance_slice(self, end: int, seconds: float) -> bool:
        """Advance to `end` (ms), or for about so many seconds of real time (0: no limit); True if it has got there."""
        from time import perf_counter  # the only clock in here, and it decides nothing that happens

        if self._quiet(end):  # as for nearly every request that a server answers
            self.state = structs.replace(self.state, now=max(self.state.now, end))
            return True
        run = Run(self.nature, self.state)
        until = perf_counter() + seconds if seconds else None

        def enough() -> bool:
            return until is not None and perf_counter() > until

        done = True
        look = leap(run, end)
        while (instant := run.next_instant()) <= end:
            if instant > look:
                look = leap(run, end)
                continue
            run.play(instant, end, enough if until is not None else None)
            if enough():
                done = run.next_instant() > end
                break
        if done:
            run.now = max(run.now, end)
        self._take(run)
        return done

    def _quiet(self, end: int) -> bool:
        """Does nothing happen until then?"""
        first = self.state.agenda.first()
        return not self.state.in_flight and (first is None or first[0] > end)

    @property
    def next_instant(self) -> int | None:
        """When something happens next, in ms since the epoch; None if nothing is due."""
        instant = Run(self.nature, self.state).next_instant()
        return None if instant == NEVER else instant

    def _take(self, run: Run) -> None:
        self.state = run.close()
        if self.on_change is not None and run.touched:
            self.on_change(run.touched)


def milliseconds(span: timedelta) -> int:
    """A span of time in whole milliseconds."""
    return span // timedelta(milliseconds=1)


def instant_after(start: int, by: timedelta) -> int:
    """The instant that far from another one, both in ms since the epoch. Raises Invalid for one that no clock shows."""
    end = start + milliseconds(by)
    if end < start:
        raise Invalid([Fault("/advance", "must not be negative: time does not run back; fork an earlier world")])
    try:
        to_datetime(end)
    except OverflowError:
        raise Invalid([Fault("/advance", "leads beyond the year 9999")]) from None
    return end


def iso(ms: int) -> str:
    """1735689600000 -> 2025-01-01T00:00:00.000Z."""
    return to_datetime(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_ms(moment: datetime) -> int:
    """Milliseconds since the epoch; a moment without a time zone is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def to_datetime(ms: int) -> datetime:
    """The moment in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)


def utc_offset(timezone: str, now: int) -> int:
    """Minutes east of UTC, in that time zone at that instant (ms)."""
    return 0 if timezone == "UTC" else _offset(timezone, now // 900_000)  # zones change on quarters of an hour


@lru_cache(maxsize=1024)
def _offset(timezone: str, quarter: int) -> int:
    from zoneinfo import ZoneInfo

    try:
        offset = to_datetime(quarter * 900_000).astimezone(ZoneInfo(timezone)).utcoffset()
    except OverflowError:  # the first or last day of all, where the zone's clock has left the calendar
        return 0
    return int(offset.total_seconds() // 60) if offset else 0


__all__ = ["START", "World", "instant_after", "iso", "milliseconds", "to_datetime", "to_ms"]
