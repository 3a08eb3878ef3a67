"""The names of a moment: history, read backwards, undoes what it says.

An event refers to things by id, and a line of the log must call them what they were called when it happened. Each event
holds before and after of what it changed; so whoever goes through the log from its end, and undoes each line he has
read, always stands at the moment of the next.
"""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import Struct, structs

from pbxsim.core.state import Event, State

E = TypeVar("E", bound=Struct)


class Past:
    """A state as `words` sees it, some events ago."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._before: dict[str, dict[str, Any]] = {}  # id -> fields that were different

    def get(self, type_: type[E], id_: str | None) -> E | None:
        """As `State.get`, with the fields that the thing had then."""
        found = self._state.get(type_, id_)
        fields = self._before.get(id_ or "")
        return structs.replace(found, **fields) if found is not None and fields else found

    def undo(self, event: Event) -> None:
        """Go to the moment before an event."""
        if event.kind.endswith(".updated"):
            changed = {name: change[0] for name, change in event.detail if isinstance(change, tuple | list)}
            self._before.setdefault(event.subject, {}).update(changed)
