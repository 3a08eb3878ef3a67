"""Collections: things of one kind in an account, in the order people see them.

They read like mappings: iteration, `in`, `[key]`; a key is an id, or what people know a thing by (extension, MAC
address, number, name). `add`, `update`, `delete` and the verbs of each noun build a command.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from msgspec import Struct

from pbxsim.core import entities as e
from pbxsim.core.refusals import NotFound
from pbxsim.core.rules.common import resolve
from pbxsim.facade.handles import Handle

if TYPE_CHECKING:
    from pbxsim.facade import View

H = TypeVar("H", bound=Handle)


class Collection(Generic[H]):
    """Things of one kind, in the order people see them: iteration, `in`, `[key]`, `add`, `update`, `delete`."""

    handle: ClassVar[type[Handle]]
    adds: ClassVar[type[Struct]]
    updates: ClassVar[type[Struct]]
    deletes: ClassVar[type[Struct]]
    positional: ClassVar[tuple[str, ...]] = ()

    def __init__(self, view: View, account: str) -> None:
        self._view = view
        self._account = account

    def add(self, *values: Any, **fields: Any) -> H:
        """Add one; its handle. Fields are those of the command (`adds`), the first ones may be positional."""
        if len(values) > len(self.positional):
            raise TypeError(f"add() takes at most {len(self.positional)} positional arguments: {self.positional}")
        given = dict(zip(self.positional, values, strict=False))
        if self._account:
            given["account"] = self._account
        return self._handle(self._view.ask(self.adds, given | fields))

    def update(self, thing: H | str, **fields: Any) -> None:
        """Change the given fields; None clears one."""
        self._on(self.updates, thing, **fields)

    def delete(self, thing: H | str) -> None:
        """Delete it. Raises Refused with everything that stands in the way."""
        self._on(self.deletes, thing)

    def get(self, key: str) -> H | None:
        """The thing of that id, or of what people know it by; None if there is none."""
        found = self._find(key)
        return None if found is None else self._handle(found)

    def __getitem__(self, key: str) -> H:
        found = self.get(key)
        if found is None:
            raise NotFound(e.NOUNS[self.handle.type], key)
        return found

    def __contains__(self, key: object) -> bool:
        return self._find(key.id if isinstance(key, Handle) else str(key)) is not None

    def __iter__(self) -> Iterator[H]:
        for entity in self._view.world.pbx.listed(self._account, self.handle.type):
            yield self._handle(entity.id)

    def __len__(self) -> int:
        return len(self._view.world.pbx.order.get((self._account, e.NOUNS[self.handle.type]), ()))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}{self._account and f' of {self._account}'}: {len(self)}>"

    def _find(self, key: str) -> str | None:
        found: Any = resolve(self._view.world.pbx, self._account, self.handle.type, key)
        return found.id if found is not None else None

    def _handle(self, id_: str) -> H:
        return self.handle(self._view, id_)  # type: ignore[return-value]

    def _on(self, command: type[Any], thing: Any, **fields: Any) -> str:
        """A command about one of these, named by handle, id, or what people know it by."""
        key = thing if isinstance(thing, Handle) else self._find(thing) or thing
        return self._view.ask(command, {command.__struct_fields__[0]: key, **fields})
