"""Calls as a program sees them: those that run, and the records of those that are over.

`account.calls.place("1002", from_="+61400000000")` gives a handle that stays: while the call runs it reads the call,
and afterwards its record.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pbxsim.core import calls as live
from pbxsim.core import commands as c
from pbxsim.core import entities as e
from pbxsim.core.refusals import Gone, NotFound
from pbxsim.facade.collections import Collection
from pbxsim.facade.handles import Handle

if TYPE_CHECKING:
    from pbxsim.facade import View


class CallRecord(Handle):
    """A call that is over, with the names of its moment."""

    __slots__ = ()
    type = e.CallRecord

    def _shown(self) -> str:
        return f"from {self.caller or 'somebody who hides his number'} to {self.to}, {self.outcome}"


class CallRecords(Collection[CallRecord]):
    """The call records of an account, the newest first, by id."""

    handle = CallRecord


class Call(Handle):
    """A call, from the moment it is placed; what it was is read from its record."""

    __slots__ = ()
    type = e.CallRecord

    def snapshot(self) -> live.LiveCall | e.CallRecord:
        """The plain value: a running call, or a record. Raises Gone where a restart has lost it."""
        pbx = self._view.world.pbx
        found = pbx.calls.get(self.id) or pbx.get(e.CallRecord, self.id)
        if found is None:
            raise Gone("call", self.id)
        return found

    @property
    def exists(self) -> bool:
        """Is it known, running or over?"""
        pbx = self._view.world.pbx
        return self.id in pbx.calls or pbx.get(e.CallRecord, self.id) is not None

    @property
    def state(self) -> str:
        """ringing, waiting, prompting, playing, recording, serving, talking; over."""
        found = self.snapshot()
        return found.phase if isinstance(found, live.LiveCall) else "over"

    @property
    def ringing(self) -> tuple[str, ...]:
        """The ids of the devices and app logins, and the numbers outside, that ring now."""
        found = self.snapshot()
        return tuple(leg.id for leg in found.legs) if isinstance(found, live.LiveCall) else ()

    @property
    def answered_by(self) -> str:
        """Who has answered, as he was called then; '' for nobody."""
        found = self.snapshot()
        return found.answered_title if isinstance(found, live.LiveCall) else found.answered_by

    @property
    def outcome(self) -> str:
        """answered, voicemail, served, hang-up, abandoned, busy or nobody; '' while it runs."""
        return getattr(self.snapshot(), "outcome", "")

    @property
    def cause(self) -> str:
        """Why it has reached nobody, or has ended by itself."""
        return getattr(self.snapshot(), "cause", "")

    @property
    def trace(self) -> tuple[e.Step, ...]:
        """What has happened so far, step by step."""
        return self.snapshot().steps

    def answer(self, by: Any = "") -> None:
        """Pick up: at a device, an app's log-in or a number outside, or for a user; "" where only one thing rings."""
        self._view.ask(c.AnswerCall, {"call": self.id, "by": by})

    def hang_up(self) -> None:
        """End it, whoever does."""
        self._view.ask(c.HangUpCall, {"call": self.id})

    def press(self, digits: str) -> None:
        """The caller presses keys."""
        self._view.ask(c.PressDigits, {"call": self.id, "digits": digits})

    def __repr__(self) -> str:
        return f"<Call {self.id} {self.state if self.exists else 'gone'}>"


class Calls:
    """The running calls of an account, the oldest first."""

    def __init__(self, view: View, account: str) -> None:
        self._view = view
        self._account = account

    def place(self, to: str, *, from_: Any = "", digits: str = "") -> Call:
        """Call a number, an extension or a code: from a user, a device or a telephone outside (E.164). It takes virtual
        time: `world.settle()` lets it ring out."""
        values = {"account": self._account, "to": to, "from_": from_, "digits": digits}
        return Call(self._view, self._view.ask(c.PlaceCall, values))

    def __iter__(self) -> Iterator[Call]:
        return iter([Call(self._view, call.id) for call in self._running()])

    def __len__(self) -> int:
        return len(self._running())

    def __getitem__(self, id_: str) -> Call:
        call = Call(self._view, id_)
        if not call.exists or call.snapshot().account != self._account:
            raise NotFound("call", id_)
        return call

    def __repr__(self) -> str:
        return f"<Calls of {self._account}: {len(self)}>"

    def _running(self) -> list[live.LiveCall]:
        return live.running(self._view.world.pbx.calls.values(), self._account)
