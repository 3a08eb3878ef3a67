"""Handles: a thing of a world as (world, kind, id), read anew at each look.

A handle compares by id, raises Gone after deletion, and is refused in another world, where the same id may be something
else (its id is accepted there).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pbxsim.core import entities as e
from pbxsim.core.nodes import Node, Option, Voicemail
from pbxsim.core.platform import Platform
from pbxsim.core.refusals import ForeignHandle, Gone

if TYPE_CHECKING:
    from pbxsim.facade import View
    from pbxsim.world import World


class Handle:
    """A thing of a world: reads its present value, attribute by attribute."""

    __slots__ = ("_view", "id")
    type: ClassVar[type[Any]]
    _view: View
    id: str

    def __init__(self, view: View, id_: str) -> None:
        _set_view(self, view)  # not by `__setattr__`, which is for those who take a handle for the thing
        _set_id(self, id_)

    def snapshot(self) -> Any:
        """The plain value, as it is now. Raises Gone after deletion."""
        value = self._view.world.pbx.get(self.type, self.id)
        if value is None:
            raise Gone(e.NOUNS[self.type], self.id)
        return value

    @property
    def exists(self) -> bool:
        """Has it not been deleted?"""
        return self._view.world.pbx.get(self.type, self.id) is not None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.snapshot(), name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Handle) and self.id == other.id and self._view.world is other._view.world

    def __hash__(self) -> int:
        return hash((id(self._view.world), self.id))

    def __dir__(self) -> list[str]:
        fields = self.snapshot().__struct_fields__ if self.exists else ()
        return sorted({*super().__dir__(), *fields})

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a handle is for reading; say {type(self).__name__.lower()}s.update(..., {name}=...)")

    def __repr__(self) -> str:
        if not self.exists:
            return f"<{type(self).__name__} {self.id}, deleted>"
        return f"<{type(self).__name__} {self.id} {self._shown()}".rstrip() + ">"

    def _shown(self) -> str:
        """What people know it by."""
        value = self.snapshot()
        shown: str = getattr(value, "title", "") or getattr(value, "name", "") or getattr(value, "e164", "")
        return shown


_set_view: Any = vars(Handle)["_view"].__set__
_set_id: Any = vars(Handle)["id"].__set__


def account_platform(world: World, account: str) -> Platform:
    """The platform of an account."""
    return world.nature.platforms[world.pbx.accounts[account].platform]


def key_of(world: World, thing: Any) -> str:
    """The id of a handle of this world, or a key as it is. Raises ForeignHandle for a handle of another world."""
    if isinstance(thing, Handle):
        if thing._view.world is not world:
            raise ForeignHandle(type(thing).__name__.lower(), thing.id)
        return thing.id
    return str(thing)


def plain(world: World, value: Any) -> Any:
    """Values as commands take them: every handle in them an id."""
    if isinstance(value, Handle):
        return key_of(world, value)
    if isinstance(value, dict):
        return {key: plain(world, part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(plain(world, item) for item in value)
    if isinstance(value, Voicemail):
        box: Any = value.mailbox
        return Voicemail(key_of(world, (box.mailbox or box) if isinstance(box, Handle) and box.type is e.User else box))
    if isinstance(value, Node | Option):
        parts = {name: plain(world, getattr(value, name)) for name in value.__struct_fields__}
        return type(value)(**parts)
    return value
