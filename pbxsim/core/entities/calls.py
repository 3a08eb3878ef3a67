"""What is left of a call that is over."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Step(Struct, frozen=True, gc=False):
    """One step of a call: at what (`number`, `version`, a node's type), which one, and what happened there."""

    at: str
    name: str
    what: str


class CallRecord(Struct, frozen=True, gc=False):
    """A call that is over, with the names of its moment: it refers to nobody and survives everybody (J10).

    `caller` and `to` are numbers as they were dialled; `user` is who called and `answered_user` who answered, by ids
    that may be dead by now ('' for nobody). Times in ms since the epoch; `answer` None if nobody answered."""

    id: str
    account: str
    caller: str
    to: str
    start: int
    end: int
    outcome: Literal["answered", "voicemail", "served", "hang-up", "abandoned", "busy", "nobody"]
    name: str = ""
    user: str = ""
    answer: int | None = None
    answered_by: str = ""
    answered_user: str = ""
    queue: str = ""
    cause: str = ""
    steps: tuple[Step, ...] = ()
    revision: int = 1

    @property
    def seconds(self) -> int:
        """How long the two talked."""
        return 0 if self.answer is None else (self.end - self.answer) // 1000
