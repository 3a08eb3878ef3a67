"""Drives a fleet: starts each phone when the plan says, wakes it at its deadlines, and hands its requests to a carrier.

The engine knows neither clock nor sockets: instants come in (seconds since the beginning), asks go out, and the same
engine plays in real and in virtual time. A request's planned start is the instant at which the phone would send it,
given what it has been answered; waiting for a free connection, or for a generator that is late, counts as latency from
there.

Registration is not real: every REGISTER is granted at once, as `pbxsim phone` does. Nothing leaves for another server.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from typing import Any

from msgspec import Struct

from device_emulator.fleet.plan import Pattern
from device_emulator.fleet.roster import Desk
from device_emulator.fleet.tally import Tally
from device_emulator.messages import (
    HttpReply,
    HttpRequest,
    Input,
    PowerLost,
    PowerOn,
    SipReply,
    SipRequest,
    Staged,
    Wake,
)
from device_emulator.phone import Phone, new, step
from device_emulator.wire import transfer

EPOCH = 1_735_689_600_000  # ms; every phone's clock begins here, on a whole second
RETRIED = frozenset(("refused", "reset", "closed early", "429", "503"))
LONGEST = 60.0  # s; nobody waits longer between two tries, whatever a server asks for


class Manners(Struct, frozen=True):
    """How the fleet behaves where firmware does not decide. `connections` is the most requests under way at once;
    `retries` how often a request that was refused, reset or answered 429 or 503 is sent again before its phone hears of
    it, after `back_off` seconds that double each time and vary by half, or after the server's Retry-After.
    `skip_waits`: phones' own waits take no time. `requests` ends a phone that goes round in circles."""

    connections: int = 512
    retries: int = 3
    back_off: float = 1.0
    skip_waits: bool = False
    requests: int = 64
    seed: int = 1


class Unit:
    """One phone of the fleet. Its own clock stands still while it waits for answers and moves by its own waits alone,
    so that it stays on whole seconds, which is what a phone's deadlines are rounded to."""

    __slots__ = ("asked", "began", "clock", "desk", "origin", "phone", "state", "steps", "why")

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.phone: Phone = new(desk.model, desk.mac)
        self.clock = EPOCH
        self.phone, _ = step(self.phone, Staged(desk.url, desk.user, desk.password), self.clock)
        self.origin = transfer.origin(desk.url)
        self.renew()

    def renew(self) -> None:
        """Ready for another storm."""
        self.state = "waiting"  # then under-way, then ready or gave-up
        self.why = ""
        self.asked = self.steps = 0
        self.began = 0.0


class Ask:
    """One try of a request on its way. `planned` and `sent` are instants; `attempt` counts from 0."""

    __slots__ = ("attempt", "planned", "request", "sent", "unit")

    def __init__(self, unit: Unit, request: HttpRequest, planned: float, attempt: int = 0) -> None:
        self.unit, self.request, self.planned, self.attempt = unit, request, planned, attempt
        self.sent = planned


Carrier = Callable[[Ask, float], None]


class Engine:
    """A fleet, its agenda and its connections. `carrier(ask, now)` sends; whoever carries calls `answered` once for
    each."""

    def __init__(self, units: Sequence[Unit], manners: Manners, carrier: Carrier) -> None:
        self.units, self.manners, self.carrier = units, manners, carrier
        self.chance = random.Random(manners.seed)
        self.agenda: list[tuple[float, int, Unit | Ask]] = []
        self.serial = 0
        self.waiting: deque[Ask] = deque()
        self.busy = 0
        self.begin_with: tuple[Input, ...] = (PowerLost(), PowerOn())
        self.reset([], "power-cut")

    def reset(self, starts: Iterable[float], pattern: Pattern) -> None:
        """A new storm of the same phones; nothing may be on its way."""
        self.tally = Tally()
        self.agenda.clear()
        self.under_way = len(self.units)
        if pattern == "check-sync":
            self.begin_with = (SipRequest(0, "NOTIFY", "sip:phone", "sip:phone", event="check-sync"),)
        else:
            self.begin_with = (PowerLost(), PowerOn())
        for unit, start in zip(self.units, starts, strict=False):
            unit.renew()
            self._at(start, unit)

    @property
    def over(self) -> bool:
        """Has every phone come to an end?"""
        return self.under_way == 0

    @property
    def due(self) -> float | None:
        """The next instant at which something is planned."""
        return self.agenda[0][0] if self.agenda else None

    def advance(self, now: float) -> None:
        """Do everything that is due by now."""
        agenda, came_due = self.agenda, self.tally.came_due
        while agenda and agenda[0][0] <= now:
            at, _, what = heappop(agenda)
            came_due(at, now)
            if isinstance(what, Ask):
                self._send(what, at, now)
            elif what.state == "waiting":
                self._start(what, at, now)
            else:
                phone = what.phone
                what.clock = max(what.clock, phone.due or 0)
                self._give(what, Wake(), at, now)

    def _at(self, instant: float, what: Unit | Ask) -> None:
        self.serial += 1
        heappush(self.agenda, (instant, self.serial, what))

    def _start(self, unit: Unit, at: float, now: float) -> None:
        unit.state, unit.began = "under-way", at
        self.tally.cell(at).powered += 1
        for input in self.begin_with[:-1]:
            unit.phone, _ = step(unit.phone, input, unit.clock)
        self._give(unit, self.begin_with[-1], at, now)

    def _give(self, unit: Unit, input: Any, at: float, now: float) -> None:
        """One input, and what follows from it at the same instant; `at` is when it was to happen."""
        inputs: list[Any] = [input]
        request: HttpRequest | None = None
        while inputs:
            phase = unit.phone.phase
            unit.phone, outputs = step(unit.phone, inputs.pop(), unit.clock)
            if unit.phone.phase == "booting" and phase not in ("off", "booting"):
                self.tally.reboots += 1  # by itself, for a key that asks for it
            for output in outputs:
                if isinstance(output, HttpRequest):
                    refusal = self._refusal(unit, output)
                    if refusal:
                        inputs.append(HttpReply(output.id, 0, body=refusal))
                    else:
                        request = output
                elif isinstance(output, SipRequest):
                    inputs.append(SipReply(output.id, 200, "OK (simulated)", output.expires, call=output.call))
            unit.steps += 1
            if unit.steps > 40 * self.manners.requests:
                self._end(unit, now, "it never comes to an end")
                return
        if request is not None:
            unit.asked += 1
            if unit.asked > self.manners.requests:
                self._end(unit, now, f"more than {self.manners.requests} requests: does it reboot in a loop?")
                return
            self._send(Ask(unit, request, at), at, now)
        elif unit.phone.busy:
            due = unit.phone.due or unit.clock
            self._at(at if self.manners.skip_waits else at + max(0, due - unit.clock) / 1000, unit)
        else:
            self._end(unit, now)

    def _refusal(self, unit: Unit, request: HttpRequest) -> bytes:
        """Why a request is not sent at all; empty if it is."""
        if transfer.origin(request.url) == unit.origin:
            return b""
        self.tally.failures["another server (not asked)"] += 1
        return b"it leads to another server, which a storm does not touch"

    # ---- requests

    def _send(self, ask: Ask, planned: float, now: float) -> None:
        ask.planned = planned
        self.tally.requests += 1
        cell = self.tally.cell(planned)
        cell.planned += 1
        if self.busy < self.manners.connections:
            self._carry(ask, now)
        else:
            self.waiting.append(ask)
            if len(self.waiting) > cell.holding:
                cell.holding = len(self.waiting)

    def _carry(self, ask: Ask, now: float) -> None:
        self.busy += 1
        ask.sent = now
        cell = self.tally.cell(now)
        cell.sent += 1
        if self.busy > cell.in_flight:
            cell.in_flight = self.busy
        self.carrier(ask, now)

    def answered(self, ask: Ask, reply: HttpReply, now: float, failure: str = "") -> None:
        """What came of an ask, at last. `failure`: there was no answer, by its kind; then `reply` has status 0."""
        self.busy -= 1
        if self.waiting:
            waited = self.waiting.popleft()
            self.tally.held.add(now - waited.planned)
            self._carry(waited, now)
        tally, status = self.tally, reply.status
        cell, planned = tally.cell(now), tally.cell(ask.planned)
        tally.last_answer = now
        if status:
            tally.statuses[status] += 1
            tally.answers += 1
            tally.body_bytes += len(reply.body)
            cell.answered += 1
            cell.received += len(reply.body)
            if status >= 400 and status not in (401, 404):  # these two are part of how phones ask
                failure = str(status)
        if not failure or failure == "timeout":  # a quick refusal is no fast answer
            planned.service.add(now - ask.sent)
            planned.planned_from.add(now - ask.planned)
        if failure:
            tally.failures[failure] += 1
            cell.failed += 1
            if failure in RETRIED and ask.attempt < self.manners.retries:
                tally.again += 1
                self._at(now + self._pause(ask, reply), Ask(ask.unit, ask.request, now, ask.attempt + 1))
                return
        if ask.unit.state == "under-way":
            self._give(ask.unit, reply, now, now)

    def _pause(self, ask: Ask, reply: HttpReply) -> float:
        asked = reply.header("retry-after").strip() if reply.status else ""
        if asked.isascii() and asked.isdigit():
            return min(float(asked[:6]), LONGEST) + self.chance.random() * self.manners.back_off
        pause = self.manners.back_off * 2.0 ** min(ask.attempt, 20) * (0.5 + self.chance.random())
        return float(min(pause, LONGEST))

    # ---- the end of a phone

    def _end(self, unit: Unit, now: float, why: str = "") -> None:
        report = unit.phone.report
        if not why and not unit.asked:
            why = "it asked for no configuration: its settings say so"
        if not why and (report is None or report.outcome not in ("applied", "unchanged")):
            why = report.reason if report is not None else "its run had no result"
        if not why and not unit.phone.settings.keys:
            why = "nothing that it fetched is a setting"
        unit.state, unit.why = ("gave-up" if why else "ready"), why.replace(unit.desk.mac, "<mac>")
        self.under_way -= 1
        tally = self.tally
        cell = tally.cell(now)
        if why:
            cell.gave_up += 1
            tally.reasons[unit.why.replace(unit.desk.mac.upper(), "<MAC>")] += 1
        else:
            cell.ready += 1
            tally.boots.add(now - unit.began)
            tally.last_ready = now
        tally.last_end = now
