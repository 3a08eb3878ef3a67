"""By which change? History, read backwards, and no further than revisions say that it must be.

A thing that was at revision 3 when a file was made of it, and is at 5 now, has changed twice since: the second line of
it that is met on the way back is the one that made the file old.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from pbxsim.core.state import Event
from pbxsim.world.log import Log
from pbxsim.world.state import Made, Record

# What a name on a phone can come from, in the words of events' details.
_NAMING = frozenset(
    {"first_name", "last_name", "extension", "name", "owner", "label", "user", "position", "settings", "policy"}
)


class Changes:
    """Say first what has changed (`expect`), then ask: the history is walked once."""

    def __init__(self, history: Log) -> None:
        self._history = history
        self._expected: dict[str, int] = {}  # subject -> how many of its changes are to be met

    def expect(self, made: Made | None, present: Made) -> None:
        """These have changed since `made`; where that is not known, whatever has changed last is told."""
        now = _things(present)
        if made is None:
            self._expected |= dict.fromkeys(now.keys() - self._expected.keys(), 1)
            return
        before = _things(made)
        for id_ in sorted(now.keys() | before.keys()):
            old, new = before.get(id_), now.get(id_)
            if old is not new:
                gone = old is None or new is None
                count = 1 if gone else getattr(new, "revision", 1) - getattr(old, "revision", 0)
                self._expected[id_] = max(count, self._expected.get(id_, 1))

    def first(self, subjects: Iterable[str]) -> Record | None:
        """The first of the changes of any of these; None if history has none."""
        met = [self._met[subject] for subject in subjects if subject in self._met]
        return min(met, key=lambda record: record.number, default=None)

    @cached_property
    def _met(self) -> dict[str, Record]:
        """Subject -> the first change of it that counts."""
        met: dict[str, Record] = {}
        left = dict(self._expected)
        for number in range(self._history.last, self._history.first - 1, -1):
            if not left:
                break
            record = self._history[number]
            subject = record.event.subject
            if subject in left:
                if _names(record.event):
                    met[subject] = record
                if record.event.detail and record.event.kind.endswith((".updated", ".added", ".deleted")):
                    left[subject] -= 1
                    if left[subject] <= 0:
                        del left[subject]
        return met

    def last(self, subject: str, *details: str) -> Record | None:
        """The last change of a thing that was about one of these details."""
        for record in self._by_subject.get(subject, ()):
            if any(name in details for name, _ in record.event.detail):
                return record
        return None

    @cached_property
    def _by_subject(self) -> dict[str, list[Record]]:
        """Every change of every thing, the last one first."""
        found: dict[str, list[Record]] = {}
        for number in range(self._history.last, self._history.first - 1, -1):
            record = self._history[number]
            if record.event.kind.endswith(".updated"):
                found.setdefault(record.event.subject, []).append(record)
        return found


def _things(made: Made) -> dict[str, Any]:
    things: list[Any] = [made.device, made.account, *made.named]
    if made.owner is not None:
        things.append(made.owner)
    return {one.id: one for one in things}


def _names(event: Event) -> bool:
    """Can it have changed a name on a phone?"""
    return event.kind.startswith(("blf_key.", "hotdesk.")) or any(name in _NAMING for name, _ in event.detail)
