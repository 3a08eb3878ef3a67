"""What the rules of all nouns share: finding what a command names, and saying what has changed."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, NoReturn, TypeVar

from msgspec import UNSET, Struct, structs

from pbxsim.core.entities import NOUNS, BlfKey, Callflow, Device, DirectoryEntry, Entity, Mailbox, Number, Queue, User
from pbxsim.core.masking import shown
from pbxsim.core.refusals import Blocker, Fault, Invalid, Refused
from pbxsim.core.state import EMPTY, Change, State
from pbxsim.core.values import e164, mac

E = TypeVar("E", bound=Struct)

# How a thing may be named besides by its id: the kind of unique key, and whether it is unique in a world.
_KEYS: dict[type, tuple[str, bool]] = {
    User: ("extension", False),
    Mailbox: ("mailbox", False),
    Number: ("e164", True),
    Device: ("mac", True),
    Callflow: ("dialled", False),
    DirectoryEntry: ("directory", False),  # by whose it is
}
_NUMBER = re.compile(r"[(0-9]|\+.*[^0-9]").match  # not as it is kept: as people write it, or dial it in a country
_NAMED = frozenset({Callflow, Queue})  # looked for by name as well, if only one has it


def resolve(state: State, account: str, type_: type[E], key: str) -> E | None:
    """A thing of an account by its id, or by what people know it by (extension, MAC, number, a name that only one has);
    None if there is none."""
    found: Any = state.get(type_, key)
    if found is None and type_ in _KEYS:
        kind, worldwide = _KEYS[type_]
        kept = _as_kept(state, account, type_, key) if worldwide else key
        found = state.get(type_, state.unique.get((kind, "" if worldwide else account, kept)))
    if found is None and type_ in _NAMED:
        found = _named_so(state, account, type_, key)
    return found if found is not None and found.account == account else None


def _as_kept(state: State, account: str, type_: type[Any], key: str) -> str:
    """A MAC address or a telephone number in its canonical form, however it is written; anything else as it is."""
    try:
        if type_ is Device:
            return mac(key)
        if type_ is Number and _NUMBER(key) and account in state.accounts:
            return e164(key, state.accounts[account].country)
    except ValueError:
        pass
    return key


def _named_so(state: State, account: str, type_: type[E], name: str) -> E | None:
    """The only one of that very name. Such lists are sorted by name, whatever its case."""
    start, only = f"{name.casefold()}\0", None
    for item in state.order.get((account, NOUNS[type_]), EMPTY).after(start):
        if not item.startswith(start):
            break
        found: Any = state.get(type_, item.rpartition("\0")[2])
        if found.name == name:
            if only is not None:
                return None
            only = found
    return only


def named(change: Change, type_: type[E], key: str, pointer: str) -> E:
    """The thing that a field of a command names; raises Invalid at that field."""
    found = resolve(change.state, change.account.id, type_, key)
    if found is None:
        noun = NOUNS[type_]
        raise Invalid([Fault(pointer, f"names no {noun} of account {change.account.id}: {key!r}")])
    return found


def member_ids(change: Change, keys: tuple[str, ...], pointer: str, keep: Collection[str] = ()) -> tuple[str, ...]:
    """The ids of users named by id or extension, each once; ids in `keep` may be dead. Raises Invalid."""
    ids: dict[str, None] = {}
    faults = []
    for index, key in enumerate(keys):
        user = resolve(change.state, change.account.id, User, key)
        if user is not None:
            ids[user.id] = None
        elif key in keep:
            ids[key] = None
        else:
            faults.append(Fault(f"{pointer}/{index}", f"names no user of account {change.account.id}: {key!r}"))
    if faults:
        raise Invalid(faults)
    return tuple(ids)


def update(change: Change, entity: E, fields: dict[str, Any], kind: str = "") -> E:
    """Replace an entity with the fields that differ, and say what changed (before, after); as it is now. Saving is an
    event too, where nothing differs: PISTON renders at each save."""
    detail = {
        name: (before, value)
        for name, value in fields.items()
        if value is not UNSET and (before := getattr(entity, name)) != value
    }
    saved: Any = entity
    if detail:
        differing = {name: value for name, (_, value) in detail.items()}
        saved = structs.replace(saved, **differing, revision=saved.revision + 1)
        change.put(saved)
        if "settings" in detail:  # history holds no secret
            before, after = detail["settings"]
            detail["settings"] = (shown(before), shown(after))
    change.event(kind or f"{NOUNS[type(entity)]}.updated", saved.id, **detail)
    return saved  # type: ignore[no-any-return]


def credential(change: Change, id_: str, purpose: str, value: Any) -> None:
    """Keep a new verifier, forget the old one (None), or leave it (UNSET); say that it has changed, not how."""
    if value is UNSET:
        return
    if value is None:
        change.forget_secret(id_, purpose)
    else:
        change.keep_secret(id_, purpose, value)
    change.event("credential_changed", id_, purpose=purpose)


def refuse(change: Change, rule: str, title: str, detail: str = "", blockers: list[Blocker] | None = None) -> NoReturn:
    """Raise the platform's refusal of that name."""
    raise Refused(change.platform.rule(rule), title, detail, blockers or ())


_PLURALS: dict[type, str] = {Mailbox: "mailboxes", BlfKey: "blf-keys", DirectoryEntry: "directory"}


def path(entity: Entity) -> str:
    """Where the API keeps an entity: what a blocker's `request` is made of."""
    plural = _PLURALS.get(type(entity)) or f"{NOUNS[type(entity)]}s"
    return f"/api/v1/accounts/{entity.account}/{plural}/{entity.id}"  # type: ignore[union-attr]


def taken(change: Change, kind: str, holder: Entity | None, title: str, name: str) -> None:
    """Refuse if somebody has it already."""
    if holder is not None:
        noun = NOUNS[type(holder)]
        blocker = Blocker(noun, holder.id, name, f"Use another, or change {noun} {name} first.")
        refuse(change, f"{kind}.taken", title, f"{noun} {name} has it", [blocker])
