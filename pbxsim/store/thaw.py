"""From rows to a world's state: the indexes made anew, the phones dark, the registrations due again.

Nothing is replayed and nothing is believed that can be computed: unique keys, references and order follow from the
entities, the agenda from the bindings. What lives in RAM is not there, as after a power cut.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import Any

from immutables import Map

from pbxsim.core.entities import User
from pbxsim.core.indexes import apart, known, name_words, place_of
from pbxsim.core.sorted import Item, Sorted
from pbxsim.core.state import NOTHING, State
from pbxsim.core.words import Words
from pbxsim.store.schema import Header
from pbxsim.store.tables import PART, Rows
from pbxsim.world.log import Log
from pbxsim.world.state import WorldState


def thaw(header: Header, rows: Rows) -> WorldState:
    """The state that a file says. Its plugged phones are yet to be given power: `rows.plugged`."""
    due = sorted((min(binding.expires for binding in bound), device) for device, bound in rows.bindings.items())
    agenda = [(at, f"b{device}") for at, device in due]
    return WorldState(
        now=header.now,
        pbx=_pbx(rows),
        files=Map(rows.files),
        phones=Map(rows.phones),
        armed=Map({key: at for at, key in agenda}),
        agenda=Sorted.of(agenda),
        last_id=header.last_id,
        history=Log.of(rows.history),
        network=rows.network,
    )


def _pbx(rows: Rows) -> State:
    """In one pass over the entities: a file of 100,000 users has twice as many, and a server starts with this."""
    unique: dict[tuple[str, str, str], str] = {}
    references: defaultdict[str, list[str]] = defaultdict(list)
    order: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    words: defaultdict[str, list[str]] = defaultdict(list)
    for entity in chain(rows.accounts.values(), rows.entities.values()):
        keys, names, item = known(entity)
        id_ = entity.id
        for key in keys:
            unique[key] = id_
        for target in names:
            references[target].append(id_)
        order[place_of(entity)].append(item)
        if type(entity) is User:
            for place, items in apart(entity, item).items():
                order[place].extend(items)
            words[entity.account] += [f"{word}\0{item}" for word in name_words(entity)]
    return State(
        accounts=_map(rows.accounts),
        entities=_map(rows.entities),
        unique=_map(unique),
        references=_map({target: tuple(sorted(sources)) for target, sources in references.items()}),
        order=_map({place: Sorted.of(_presorted(items)) for place, items in order.items()}),
        words=_map({account: Words.of(_presorted(lines)) for account, lines in words.items()}),
        secrets=_map(rows.secrets),
        bindings=_map(rows.bindings),
    )


# A snapshot is restored in a thread beside a server that goes on: one call that takes long would stop it all the same.


def _map(entries: dict[Any, Any]) -> Map[Any, Any]:
    """The same as a Map, entry by entry."""
    changing: Any = NOTHING.mutate()
    for key, value in entries.items():
        changing[key] = value
    return changing.finish()  # type: ignore[no-any-return]


def _presorted(items: list[Item]) -> list[Item]:
    """The same in runs that are in order, which are soon merged."""
    runs = [sorted(items[first : first + PART]) for first in range(0, len(items), PART)]
    return [item for run in runs for item in run]
