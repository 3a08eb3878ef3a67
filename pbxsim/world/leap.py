"""Long stretches in which phones do nothing but keep themselves registered are leapt over.

A registered line that refreshes comes round to what it was: same request, same answer, everything so much later.
So a whole stretch until something else happens is arithmetic: how many refreshes there are, when the last of them is,
and on which of them the registrar's nonce is too old and it asks anew. What comes out is, to the last number, what
playing each message would have made of it (a law compares the two); the agenda alone may name other instants, and it is
an index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from device_emulator.firmware import patience
from device_emulator.phone import Phone
from device_emulator.wire.registration import Line
from pbxsim.core import registrar
from pbxsim.core.entities import Account, Binding
from pbxsim.world.state import SYSTEM

if TYPE_CHECKING:
    from pbxsim.world.run import Run

WORTH_IT = 2 * 3_600_000
"""A leap that is shorter, in ms, costs as much as it saves: every phone is looked at."""


class _Round(Struct, gc=False):
    """A line that comes round: where the phone has it, when it is due (ms), for how long it is granted (s)."""

    index: int
    line: Line
    device: str
    account: Account
    binding: Binding
    due: int
    granted: int
    part: int  # it is refreshed when one part of so many of that is over
    refreshes: int = 0
    challenges: int = 0
    bound: int = 0  # when the registrar last had a REGISTER, in ms


def leap(run: Run, end: int) -> int:
    """Leap as far as only refreshes are due, at most to `end` (ms), where the world then stands; when to look again."""
    if run.unsettled or run.faults or run.pbx.calls or end - run.now < WORTH_IT:
        return run.now + WORTH_IT
    rounds: list[tuple[Phone, list[_Round]]] = []
    horizon = end + 1
    for phone in run.every_phone():
        coming, other = _coming_round(run, phone)
        rounds.append((phone, coming))
        horizon = min(horizon, other)
    known = {(one.device, one.binding.contact) for _, coming in rounds for one in coming}
    for device, bindings in run.pbx.bindings.items():
        for binding in bindings:
            if (device, binding.contact) not in known:
                horizon = min(horizon, binding.expires)
    for subscription in run.pbx.subscriptions.values():
        horizon = min(horizon, subscription.expires)
    if horizon - run.now < WORTH_IT:
        return run.now + WORTH_IT
    change = run.change()
    for phone, coming in rounds:
        for one in coming:
            _go(run, one, horizon)
        moved = [one for one in coming if one.refreshes]
        if moved:
            _put(run, phone, moved)
            for one in moved:
                fresh = replace(one.binding, expires=one.bound + one.granted * 1000)
                present = change.state.bindings[one.device]
                # A refreshed binding comes after the others, as `registrar.register` puts it.
                others = tuple(binding for binding in present if binding.contact != fresh.contact)
                change.bind(one.device, (*others, fresh))
    run.accept(change, SYSTEM)
    run.now = max(run.now, min(end, horizon - 1))
    return run.now + WORTH_IT


def _coming_round(run: Run, phone: Phone) -> tuple[list[_Round], int]:
    """The lines of a phone that only refresh, and the earliest instant at which it does anything else."""
    deadlines = phone.deadlines
    if not deadlines:
        return [], 1 << 62
    quiet = phone.phase == "idle" and phone.place.connected
    quiet = quiet and not (phone.fetch or phone.todo or phone.again or phone.leaving or phone.in_call)
    coming = []
    other = 1 << 62
    for name, at, _ in deadlines:
        kind, _, number = name.partition(":")
        one = _round(run, phone, int(number), at) if quiet and kind == "again" else None
        if one is None:
            other = min(other, at)
        else:
            coming.append(one)
    return coming, other


def _round(run: Run, phone: Phone, number: int, due: int) -> _Round | None:
    """The line of that number, if its next REGISTER is answered as its last one was."""
    found = next(((place, one) for place, one in enumerate(phone.lines) if one.account.number == number), None)
    if found is None:
        return None
    index, line = found
    account = line.account
    if line.state != "registered" or line.request or line.answered or not line.nonce:
        return None
    if line.messages:
        return None  # each refresh is followed by a NOTIFY
    aor, contact = f"sip:{account.user}@{account.server}", f"sip:{account.user}@{phone.address}.phone"
    binding = next((one for one in run.pbx.bindings.get(account.user, ()) if one.contact == contact), None)
    admitted = registrar.admit(run.pbx, aor, account.expires, run.nature.platforms)
    if binding is None or isinstance(admitted, registrar.SipReply):
        return None
    device, owner, platform = admitted
    if (account.auth, account.password) != (device.id, run.pbx.secrets[device.id, "sip"]) or line.realm != owner.realm:
        return None
    granted = min(account.expires, platform.registration_seconds(owner))
    if granted <= 0:
        return None
    return _Round(index, line, device.id, owner, binding, due, granted, patience.of(phone.model).refresh_part)


def _go(run: Run, one: _Round, horizon: int) -> None:
    """Refresh as often as is over before the horizon."""
    wire = run.nature.latency
    step = _whole(2 * wire + one.granted * 1000 // one.part)
    line, due = one.line, one.due
    while True:
        until = registrar.fresh_until(line.nonce, run.nature.key)
        # So many in a row need no challenge and are answered in time.
        count = min((horizon - 1 - 2 * wire - due) // step, (until - wire - due) // step) + 1
        if count > 0:
            one.refreshes += count
            one.bound = due + (count - 1) * step + wire
            due += count * step
        if due + wire <= until or due + 4 * wire >= horizon:
            break
        line = replace(line, nonce=registrar.nonce(due + wire, run.nature.key))
        one.refreshes += 1
        one.challenges += 1
        one.bound = due + 3 * wire
        due += _whole(4 * wire + one.granted * 1000 // one.part)
    one.line, one.due = line, due


def _whole(span: int) -> int:
    """Deadlines are on whole seconds."""
    return span + -span % 1000


def _put(run: Run, phone: Phone, moved: list[_Round]) -> None:
    """The phone after its refreshes; a challenge is one more request."""
    lines = list(phone.lines)
    deadlines = dict.fromkeys(name for name, _, _ in phone.deadlines)
    kept = {name: deadline for deadline in phone.deadlines for name in deadline[:1]}
    requests = 0
    # The line that refreshed last has its deadline last, as `state.arm` leaves it.
    for one in sorted(moved, key=lambda one: one.bound):
        lines[one.index] = one.line
        name = f"again:{one.line.account.number}"
        del deadlines[name]
        deadlines[name] = None
        kept[name] = (name, one.due, False)
        requests += one.refreshes + one.challenges
    run.sent(2 * requests)
    run.put_phone(
        replace(
            phone,
            serial=phone.serial + requests,
            lines=tuple(lines),
            deadlines=tuple(kept[name] for name in deadlines),
        )
    )
