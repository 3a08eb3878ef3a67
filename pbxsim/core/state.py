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
from msgspec import Struct, structs

from pbxsim.core.entities import (
    NOUNS,
    Account,
    AppLogin,
    Binding,
    Callflow,
    Device,
    Entity,
    HotDesk,
    Mailbox,
    Number,
    Queue,
    User,
    Version,
)
from pbxsim.core.nodes import targets, walk
from pbxsim.core.platform import Platform
from pbxsim.core.refusals import NotFound
from pbxsim.core.sorted import Sorted

E = TypeVar("E", bound=Struct)
NOTHING: Map[Any, Any] = Map()
EMPTY = Sorted()
NO_REFERENCES: frozenset[str] = frozenset()


class State(Struct, frozen=True, gc=False):
    """The whole PBX as one value. Ids are unique in a world, over all accounts."""

    accounts: Map[str, Account] = NOTHING
    entities: Map[str, Entity] = NOTHING  # all but accounts
    unique: Map[tuple[str, str, str], str] = NOTHING  # (kind of key, account or '', key) -> id
    references: Map[str, tuple[str, ...]] = NOTHING  # id -> the ids of those who point at it, sorted
    order: Map[tuple[str, str], Sorted] = NOTHING  # (account or '', noun) -> `order_item` of each
    secrets: Map[tuple[str, str], str] = NOTHING  # (id, purpose) -> a verifier, or a printable secret
    bindings: Map[str, tuple[Binding, ...]] = NOTHING  # device -> where it is registered

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

    def pointing_at(self, id_: str, type_: type[E]) -> list[E]:
        """Those of that kind that refer to `id_`, by id. Sort them by what a person sees before showing them."""
        return [entity for entity in self.sources(id_) if type(entity) is type_]

    def sources(self, id_: str) -> list[Any]:
        """All that refer to `id_`, whatever they are, by id."""
        entities = self.entities
        return [entities[source] for source in self.references.get(id_, ())]


class Change:
    """A command at work on a state. `touched` holds the keys of all that was put or dropped, for the store."""

    __slots__ = ("_id", "account", "events", "now", "platform", "salt", "state", "touched")

    def __init__(self, state: State, now: int, first_id: int, salt: str) -> None:
        self.state = state
        self.now = now
        self.salt = salt
        self.events: list[Event] = []
        self.touched: list[tuple[str, Any]] = []
        self._id = first_id
        self.account: Account
        self.platform: Platform

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
        if type(new) is Account:
            old: Any = self.state.accounts.get(new.id)
            tables: dict[str, Any] = {"accounts": self.state.accounts.set(new.id, new)}
        else:
            old = self.state.entities.get(new.id)
            tables = {"entities": self.state.entities.set(new.id, new)}
        old_keys, new_keys = (unique_keys(old) if old else ()), unique_keys(new)
        if old_keys != new_keys:
            unique = self.state.unique
            for key in old_keys:
                unique = unique.delete(key)
            for key in new_keys:
                unique = unique.set(key, new.id)
            tables["unique"] = unique
        old_refs, new_refs = (references_of(old) if old else NO_REFERENCES), references_of(new)
        if old_refs != new_refs:
            tables["references"] = self._refer(new, old_refs, new_refs)
        place, old_item, new_item = place_of(new), old and order_item(old), order_item(new)
        if old_item != new_item:
            index = self.state.order.get(place, EMPTY)
            if old_item:
                index = index.remove(old_item)
            tables["order"] = self.state.order.set(place, index.add(new_item))
        self.state = structs.replace(self.state, **tables)
        self.touched.append(("account" if type(new) is Account else "entity", new.id))

    def _refer(self, new: Entity, old: frozenset[str], refs: frozenset[str]) -> Map[str, tuple[str, ...]]:
        references = self.state.references
        for target in sorted(refs - old):
            named = self.state.entities.get(target)
            if named is None or named.account != new.account:  # type: ignore[union-attr]
                raise NotFound("thing with the id", target, "What is named must be in the same account.")
            references = references.set(target, tuple(sorted((*references.get(target, ()), new.id))))
        for target in sorted(old - refs):
            references = _unpointed(references, target, new.id)
        return references

    def drop(self, old: Entity) -> None:
        """Take an entity away. Whoever still points at it keeps the dead id."""
        unique, references = self.state.unique, self.state.references
        for key in unique_keys(old):
            unique = unique.delete(key)
        for target in references_of(old):
            references = _unpointed(references, target, old.id)
        place = place_of(old)
        index = self.state.order[place].remove(order_item(old))
        order = self.state.order.set(place, index) if index else self.state.order.delete(place)
        secrets = self.state.secrets
        for purpose in SECRETS.get(type(old), ()):
            if (old.id, purpose) in secrets:
                secrets = secrets.delete((old.id, purpose))
                self.touched.append(("secret", (old.id, purpose)))
        tables: dict[str, Any] = {
            "unique": unique,
            "references": references,
            "order": order,
            "secrets": secrets,
        }
        if type(old) is Account:
            tables["accounts"] = self.state.accounts.delete(old.id)
        else:
            tables["entities"] = self.state.entities.delete(old.id)
        self.state = structs.replace(self.state, **tables)
        self.touched.append(("account" if type(old) is Account else "entity", old.id))

    def keep_secret(self, id_: str, purpose: str, value: str) -> None:
        """Store a verifier, or a secret that must be printable."""
        self.state = structs.replace(self.state, secrets=self.state.secrets.set((id_, purpose), value))
        self.touched.append(("secret", (id_, purpose)))

    def forget_secret(self, id_: str, purpose: str) -> None:
        """Drop a secret, if there is one."""
        if (id_, purpose) in self.state.secrets:
            self.state = structs.replace(self.state, secrets=self.state.secrets.delete((id_, purpose)))
            self.touched.append(("secret", (id_, purpose)))

    def bind(self, device: str, bindings: tuple[Binding, ...]) -> None:
        """Replace the registrations of a device; () for none."""
        table = self.state.bindings
        if bindings:
            table = table.set(device, bindings)
        elif device in table:
            table = table.delete(device)
        self.state = structs.replace(self.state, bindings=table)
        self.touched.append(("binding", device))


class Event(Struct, frozen=True, gc=False):
    """What happened, to whom. Events refer to entities and hold no secret: they say `credential_changed`."""

    kind: str
    account: str
    subject: str
    detail: tuple[tuple[str, Any], ...] = ()


SECRETS: dict[type, tuple[str, ...]] = {
    User: ("password",),
    Device: ("sip", "provisioning"),
    Mailbox: ("pin",),
}


def _unpointed(references: Map[str, tuple[str, ...]], target: str, source: str) -> Map[str, tuple[str, ...]]:
    sources = tuple([other for other in references[target] if other != source])
    return references.set(target, sources) if sources else references.delete(target)


# --- What the indexes know of each kind: one row each ------------------------------------------------------------


def unique_keys(entity: Any) -> tuple[tuple[str, str, str], ...]:
    """What only one may have: (kind of key, account or '', key)."""
    kind = type(entity)
    if kind is User:
        key = ("extension", entity.account, entity.extension)
        return (key, ("login", "", entity.login)) if entity.login else (key,)
    if kind is Mailbox:
        return (("mailbox", entity.account, entity.number),)
    if kind is Device:
        return (("mac", "", entity.mac),)
    if kind is Number:
        return (("e164", "", entity.e164),)
    if kind is Callflow:
        return tuple(("dialled", entity.account, key) for key in entity.dialled)
    if kind is Account:
        return (("key", "", entity.key),)
    return ()


def references_of(entity: Any) -> frozenset[str]:
    """The ids that an entity names."""
    kind = type(entity)
    if kind is Device or kind is Mailbox:
        return frozenset((entity.owner,)) if entity.owner else NO_REFERENCES
    if kind is Version:
        return frozenset(target for node in walk(entity.root) for target in targets(node))
    if kind is User:
        return frozenset((entity.caller_id,)) if entity.caller_id else NO_REFERENCES
    if kind is Number:
        return frozenset(target for target in (entity.version, entity.user) if target)
    if kind is Queue:
        return frozenset(entity.members)
    if kind is AppLogin:
        return frozenset((entity.user,))
    if kind is HotDesk:
        return frozenset((entity.user, entity.device))
    return NO_REFERENCES


def order_item(entity: Any) -> str:
    """What an entity is sorted by in its list, and its id: "what a person sees, NUL, id"."""
    return f"{_visible(entity)}\0{entity.id}"


def _visible(entity: Any) -> str:
    kind = type(entity)
    if kind is User:
        return f"{len(entity.extension)}{entity.extension}"  # as numbers: 204 before 1002
    if kind is Mailbox:
        return f"{len(entity.number):02}{entity.number}"
    if kind is Number:
        return str(entity.e164)
    if kind is Device:
        return f"{entity.name.casefold()}\0{entity.mac}"
    if kind is Version:
        return f"{entity.callflow}\0{entity.number:06}"
    if kind is AppLogin or kind is HotDesk:
        return f"{entity.since:015}"
    return str(entity.name).casefold()


def place_of(entity: Any) -> tuple[str, str]:
    """Which list an entity stands in: (account or '', noun)."""
    return ("" if type(entity) is Account else entity.account, NOUNS[type(entity)])
