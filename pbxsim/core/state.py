"""The state of the PBX, and the only way to change it.

A state is a handful of persistent maps. `Change` is one command at work on it: every `put` and `drop` keeps the unique
keys, the reverse references (who points at this user?) and the order indexes right, so that a refusal costs what its
blockers number and a page of a list costs a page. What is named must exist, unless it was already named before and
has been deleted since: dangling references can only arise by deletion (PISTON P4).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from immutables import Map
from msgspec import Struct

from pbxsim.core.calls import NOWHERE, LiveCall
from pbxsim.core.commands import Actor
from pbxsim.core.entities import NOUNS, Account, Binding, Entity, User
from pbxsim.core.indexes import (
    FORWARDING_TO,
    NO_REFERENCES,
    SECRETS,
    apart,
    known,
    order_item,
    place_of,
    references_of,
    unique_keys,
)
from pbxsim.core.platform import Platform
from pbxsim.core.refusals import NotFound
from pbxsim.core.sorted import Sorted

E = TypeVar("E", bound=Struct)
NOTHING: Map[Any, Any] = Map()
EMPTY = Sorted()


class State(Struct, frozen=True, gc=False):
    """The whole PBX as one value. Ids are unique in a world, over all accounts."""

    accounts: Map[str, Account] = NOTHING
    entities: Map[str, Entity] = NOTHING  # all but accounts
    unique: Map[tuple[str, str, str], str] = NOTHING  # (kind of key, account or '', key) -> id
    references: Map[str, tuple[str, ...]] = NOTHING  # id -> the ids of those who point at it, sorted
    order: Map[tuple[str, str], Sorted] = NOTHING  # (account or '', noun) -> `order_item` of each
    secrets: Map[tuple[str, str], str] = NOTHING  # (id, purpose) -> a verifier, or a printable secret
    bindings: Map[str, tuple[Binding, ...]] = NOTHING  # device -> where it is registered
    calls: Map[str, LiveCall] = NOTHING  # those that are under way; not durable

    # --- Questions ---------------------------------------------------------------------------------------------

    def get(self, type_: type[E], id_: str | None) -> E | None:
        """The entity of that kind and id, or None (an id that is gone is no error here)."""
        found: Any = self.accounts.get(id_) if type_ is Account else self.entities.get(id_)  # type: ignore[arg-type]
        return found if type(found) is type_ else None

    def the(self, type_: type[E], id_: str) -> E:
        """The entity of that kind and id; raises NotFound."""
        found = self.get(type_, id_)
        if found is None:
            raise NotFound(NOUNS[type_], id_)
        return found

    def find(self, kind: str, account: str, key: str) -> str | None:
        """The id under a unique key: extension, mac, e164, dialled, mailbox, ..."""
        return self.unique.get((kind, account, key))

    def listed(self, account: str, type_: type[E]) -> Iterator[E]:
        """All of that kind in an account, in the order people see."""
        for item in self.order.get((account, NOUNS[type_]), EMPTY):
            yield self.get(type_, item.rpartition("\0")[2])  # type: ignore[misc]

    def forwarding_to(self, account: str, key: str) -> list[User]:
        """The users whose calls may be forwarded to what is dialled so, in the order people see."""
        items = self.order.get((account, FORWARDING_TO + key), EMPTY)
        return [self.entities[item.rpartition("\0")[2]] for item in items]  # type: ignore[misc]

    def pointing_at(self, id_: str, type_: type[E]) -> list[E]:
        """Those of that kind that refer to `id_`, by id. Sort them by what a person sees before showing them."""
        return [entity for entity in self.sources(id_) if type(entity) is type_]

    def sources(self, id_: str) -> list[Any]:
        """All that refer to `id_`, whatever they are, by id."""
        entities = self.entities
        return [entities[source] for source in self.references.get(id_, ())]


class Change:
    """A command at work on a state. `touched` holds the keys of all that was put or dropped, for the store."""

    __slots__ = (
        "_id",
        "_state",
        "account",
        "accounts",
        "actor",
        "bindings",
        "calls",
        "entities",
        "events",
        "now",
        "order",
        "outside",
        "platform",
        "references",
        "salt",
        "secrets",
        "touched",
        "unique",
    )

    def __init__(self, state: State, now: int, first_id: int, salt: str) -> None:
        self._open(state)
        self.outside = NOWHERE
        self.now = now
        self.salt = salt
        self.events: list[Event] = []
        self.touched: list[tuple[str, Any]] = []
        self._id = first_id
        self.actor: Actor  # who asked, where somebody did
        self.account: Account
        self.platform: Platform

    def _open(self, state: State) -> None:
        """Go on from a state. Tables in which a command changes several entries are open for writing until the state is
        read."""
        self._state: State | None = state  # None: the tables have changed since
        self.accounts = state.accounts
        self.entities = state.entities.mutate()
        self.unique = state.unique.mutate()
        self.references = state.references
        self.order = state.order
        self.secrets = state.secrets
        self.bindings = state.bindings
        self.calls = state.calls

    @property
    def state(self) -> State:
        """What has come of it so far."""
        if self._state is None:
            entities, unique = self.entities.finish(), self.unique.finish()
            self.entities, self.unique = entities.mutate(), unique.mutate()
            self._state = State(
                self.accounts,
                entities,
                unique,
                self.references,
                self.order,
                self.secrets,
                self.bindings,
                self.calls,
            )
        return self._state

    def mark(self) -> tuple[State, int, int]:
        """Where the command stands: what `back` goes back to."""
        return self.state, len(self.events), len(self.touched)

    def back(self, mark: tuple[State, int, int]) -> None:
        """Undo all that was done since: a part of the command has been refused, and the rest goes on. Ids that were
        given meanwhile stay given."""
        state, events, touched = mark
        self._open(state)
        del self.events[events:], self.touched[touched:]

    def new_id(self, prefix: str) -> str:
        """The next id: d3, q7, ..."""
        self._id += 1
        return f"{prefix}{self._id}"

    @property
    def last_id(self) -> int:
        """The highest number that an id has taken."""
        return self._id

    def token(self, purpose: str, length: int = 16) -> str:
        """A secret for a device or an account, from the chance that came with the command. Letters and digits."""
        from hashlib import blake2b

        return blake2b(f"{self.salt}/{purpose}/{self._id}".encode(), digest_size=length // 2).hexdigest()

    def event(self, kind: str, subject: str, **detail: Any) -> None:
        """Something has happened to `subject`; `detail` says what, without secrets."""
        account = self.account.id if hasattr(self, "account") else ""
        self.events.append(Event(kind, account, subject, tuple(detail.items())))

    def put(self, new: Entity) -> None:
        """Add or replace an entity. Raises NotFound if it newly names something that does not exist in its account."""
        id_ = new.id
        old: Any = self.accounts.get(id_) if type(new) is Account else self.entities.get(id_)
        keys, refs, item = unique_keys(new), references_of(new), order_item(new)
        old_keys, old_refs, old_item = ((), NO_REFERENCES, "") if old is None else known(old)
        if refs != old_refs:
            self._refer(new, old_refs, refs)
        if keys != old_keys:
            for key in old_keys:
                del self.unique[key]
            for key in keys:
                self.unique[key] = id_
        if item != old_item:
            place = place_of(new)
            index = self.order.get(place, EMPTY)
            self.order = self.order.set(place, (index.remove(old_item) if old_item else index).add(item))
        if type(new) is User and (
            old is None
            or old.system != new.system
            or item != old_item
            or old.name != new.name
            or old.forwarding != new.forwarding
        ):
            self._list_apart(old, old_item, new, item)
        if type(new) is Account:
            self.accounts = self.accounts.set(id_, new)
            self.touched.append(("account", id_))
        else:
            self.entities[id_] = new
            self.touched.append(("entity", id_))
        self._state = None

    def _list_apart(self, old: User | None, old_item: str, new: User | None, item: str) -> None:
        """Keep the lists right that users stand in besides their own."""
        gone = {} if old is None else apart(old, old_item)
        come = {} if new is None else apart(new, item)
        for place in come if old is None or come.keys() == gone.keys() else {**gone, **come}:
            index = self.order.get(place, EMPTY).swap(gone.get(place, ()), come.get(place, ()))
            self.order = self.order.set(place, index) if index else self.order.delete(place)

    def _refer(self, new: Entity, old: frozenset[str], refs: frozenset[str]) -> None:
        references = self.references
        for target in sorted(refs - old):
            named = self.entities.get(target)
            if named is None or named.account != new.account:  # type: ignore[union-attr]
                raise NotFound("thing with the id", target, "What is named must be in the same account.")
            sources = references.get(target)
            references = references.set(target, tuple(sorted((*sources, new.id))) if sources else (new.id,))
        for target in old - refs:
            references = _unpointed(references, target, new.id)
        self.references = references

    def drop(self, old: Entity) -> None:
        """Take an entity away. Whoever still points at it keeps the dead id."""
        keys, refs, item = known(old)
        for key in keys:
            del self.unique[key]
        for target in refs:
            self.references = _unpointed(self.references, target, old.id)
        place = place_of(old)
        index = self.order[place].remove(item)
        self.order = self.order.set(place, index) if index else self.order.delete(place)
        if type(old) is User:
            self._list_apart(old, item, None, "")
        for purpose in SECRETS.get(type(old), ()):
            self.forget_secret(old.id, purpose)
        if type(old) is Account:
            self.accounts = self.accounts.delete(old.id)
            self._touch("account", old.id)
        else:
            del self.entities[old.id]
            self._touch("entity", old.id)

    def keep_secret(self, id_: str, purpose: str, value: str) -> None:
        """Store a verifier, or a secret that must be printable."""
        self.secrets = self.secrets.set((id_, purpose), value)
        self._touch("secret", (id_, purpose))

    def forget_secret(self, id_: str, purpose: str) -> None:
        """Drop a secret, if there is one."""
        if (id_, purpose) in self.secrets:
            self.secrets = self.secrets.delete((id_, purpose))
            self._touch("secret", (id_, purpose))

    def bind(self, device: str, bindings: tuple[Binding, ...]) -> None:
        """Replace the registrations of a device; () for none."""
        if bindings:
            self.bindings = self.bindings.set(device, bindings)
        elif device in self.bindings:
            self.bindings = self.bindings.delete(device)
        self._touch("binding", device)

    def put_call(self, call: LiveCall) -> None:
        """Begin a call, or replace it."""
        self.calls = self.calls.set(call.id, call)
        self._touch("call", call.id)

    def drop_call(self, call: LiveCall) -> None:
        """A call is over."""
        self.calls = self.calls.delete(call.id)
        self._touch("call", call.id)

    def _touch(self, table: str, key: Any) -> None:
        self.touched.append((table, key))
        self._state = None


class Event(Struct, frozen=True, gc=False):
    """What happened, to whom. Events refer to entities and hold no secret: they say `credential_changed`."""

    kind: str
    account: str
    subject: str
    detail: tuple[tuple[str, Any], ...] = ()


def _unpointed(references: Map[str, tuple[str, ...]], target: str, source: str) -> Map[str, tuple[str, ...]]:
    sources = tuple([other for other in references[target] if other != source])
    return references.set(target, sources) if sources else references.delete(target)
