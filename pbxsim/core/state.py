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
    NOWHERE_ELSE,
    SECRETS,
    apart,
    known,
    place_of,
)
from pbxsim.core.platform import Platform
from pbxsim.core.refusals import NotFound
from pbxsim.core.sorted import Sorted
from pbxsim.core.words import NO_WORDS, Words

E = TypeVar("E", bound=Struct)
NOTHING: Map[Any, Any] = Map()
EMPTY = Sorted()


class Subscription(Struct, frozen=True, gc=False):
    """Somebody watches a user: the Call-ID of his SUBSCRIBE, whom, under which extension, where he is told and as whom,
    and until when (ms)."""

    call: str
    user: str
    extension: str
    contact: str
    aor: str
    expires: int


class State(Struct, frozen=True, gc=False):
    """The whole PBX as one value. Ids are unique in a world, over all accounts."""

    accounts: Map[str, Account] = NOTHING
    entities: Map[str, Entity] = NOTHING  # all but accounts
    unique: Map[tuple[str, str, str], str] = NOTHING  # (kind of key, account or '', key) -> id
    references: Map[str, tuple[str, ...]] = NOTHING  # id -> the ids of those who point at it, sorted
    order: Map[tuple[str, str], Sorted] = NOTHING  # (account or '', noun) -> `order_item` of each
    words: Map[str, Words] = NOTHING  # account with users -> the words of their names
    secrets: Map[tuple[str, str], str] = NOTHING  # (id, purpose) -> a verifier, or a printable secret
    bindings: Map[str, tuple[Binding, ...]] = NOTHING  # device -> where it is registered
    calls: Map[str, LiveCall] = NOTHING  # those that are under way; not durable
    subscriptions: Map[str, Subscription] = NOTHING  # Call-ID -> who watches whom; not durable
    watchers: Map[str, tuple[str, ...]] = NOTHING  # user -> the Call-IDs of those who watch him

    # --- Questions ---------------------------------------------------------------------------------------------

    def get(self, type_: type[E], id_: str | None) -> E | None:
        """The entity of that kind and id, or None (an id that is gone is no error here)."""
        found: Any = self.accounts.get(id_) if type_ is Account else self.entities.get(id_)  # type: ignore[arg-type]
        return found if type(found) is type_ else None

    def the(self, type_: type[E], id_: str) -> E:
        """The entity of that kind and id; raises NotFound."""
        found: Any = self.accounts.get(id_) if type_ is Account else self.entities.get(id_)
        if type(found) is not type_:
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
        entities, sources = self.entities, self.references.get(id_, ())
        return [entity for source in sources if type(entity := entities[source]) is type_] if sources else []

    def sources(self, id_: str) -> list[Any]:
        """All that refer to `id_`, whatever they are, by id."""
        entities, sources = self.entities, self.references.get(id_, ())
        return [entities[source] for source in sources] if sources else []


class Change:
    """A command at work on a state. `touched` holds the keys of all that was put or dropped, for the store."""

    __slots__ = (
        "_id",
        "_state",
        "_writing",
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
        "subscriptions",
        "touched",
        "unique",
        "watchers",
        "words",
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
        """Go on from a state."""
        self._state: State | None = state  # None: the tables have changed since
        self._writing = False  # are the tables open in which a command changes several entries?
        self.accounts = state.accounts
        self.entities: Any = state.entities  # a Map; while writing, what it is changed by
        self.unique: Any = state.unique
        self.references = state.references
        self.order = state.order
        self.words = state.words
        self.secrets = state.secrets
        self.bindings = state.bindings
        self.calls = state.calls
        self.subscriptions = state.subscriptions
        self.watchers = state.watchers

    @property
    def state(self) -> State:
        """What has come of it so far."""
        if self._state is None:
            if self._writing:
                self.entities, self.unique = self.entities.finish(), self.unique.finish()
                self._writing = False
            self._state = State(
                self.accounts,
                self.entities,
                self.unique,
                self.references,
                self.order,
                self.words,
                self.secrets,
                self.bindings,
                self.calls,
                self.subscriptions,
                self.watchers,
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
        keys, refs, item = known(new)
        old_keys, old_refs, old_item = ((), NO_REFERENCES, "") if old is None else known(old)
        if refs != old_refs:
            self._refer(new, old_refs, refs)
        self._write()
        if keys != old_keys:
            self._rekey(old_keys, keys, id_)
        if item != old_item:
            place = place_of(new)
            index = self.order.get(place, EMPTY)
            self.order = self.order.set(place, (index.remove(old_item) if old_item else index).add(item))
        if type(new) is User:
            self._list_apart(new.account, old, old_item, new, item)
        if type(new) is Account:
            self.accounts = self.accounts.set(id_, new)
            self.touched.append(("account", id_))
        else:
            self.entities[id_] = new
            self.touched.append(("entity", id_))

    def _write(self) -> None:
        """The tables change from here on, until the state is read: copying the way to an entry costs more than the
        entry, and a command shares what it can of it."""
        if not self._writing:
            self.entities, self.unique = self.entities.mutate(), self.unique.mutate()
            self._writing = True
            self._state = None

    def _rekey(self, old: tuple[tuple[str, str, str], ...], new: tuple[tuple[str, str, str], ...], id_: str) -> None:
        for key in old:
            del self.unique[key]
        for key in new:
            self.unique[key] = id_

    def _list_apart(self, account: str, old: User | None, old_item: str, new: User | None, item: str) -> None:
        """Keep right what users stand in besides their own list: the words of their names, and lists of some."""
        if (
            old is None
            or new is None
            or old.first_name != new.first_name
            or old.last_name != new.last_name
            or old_item != item
        ):
            words = self.words.get(account, NO_WORDS).renamed(old, new)
            last = new is None and (account, NOUNS[User]) not in self.order
            self.words = self.words.delete(account) if last else self.words.set(account, words)
        gone = NOWHERE_ELSE if old is None else apart(old, old_item)
        come = NOWHERE_ELSE if new is None else apart(new, item)
        if gone != come:
            for place in {**gone, **come}:
                index = self.order.get(place, EMPTY).swap(gone.get(place, ()), come.get(place, ()))
                self.order = self.order.set(place, index) if index else self.order.delete(place)

    def _refer(self, new: Entity, old: frozenset[str], refs: frozenset[str]) -> None:
        references = self.references
        for target in sorted(refs - old if old else refs):
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
        self._write()
        self._rekey(keys, (), old.id)
        for target in refs:
            self.references = _unpointed(self.references, target, old.id)
        place = place_of(old)
        index = self.order[place].remove(item)
        self.order = self.order.set(place, index) if index else self.order.delete(place)
        if type(old) is User:
            self._list_apart(old.account, old, item, None, "")
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

    def subscribe(self, new: Subscription) -> None:
        """Begin a subscription, or replace it."""
        if new.call not in self.subscriptions:
            self.watchers = self.watchers.set(new.user, (*self.watchers.get(new.user, ()), new.call))
        self.subscriptions = self.subscriptions.set(new.call, new)
        self._state = None

    def unsubscribe(self, old: Subscription) -> None:
        """A subscription is over."""
        self.subscriptions = self.subscriptions.delete(old.call)
        calls = tuple([call for call in self.watchers[old.user] if call != old.call])
        self.watchers = self.watchers.set(old.user, calls) if calls else self.watchers.delete(old.user)
        self._state = None

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
