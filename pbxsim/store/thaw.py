"""From rows to a world's state: the indexes made anew, the phones dark, the registrations due again.

Nothing is replayed and nothing is believed that can be computed: unique keys, references and order follow from the
entities, the agenda from the bindings. What lives in RAM is not there, as after a power cut.
"""

from __future__ import annotations

from collections import defaultdict

from immutables import Map

from pbxsim.core.entities import User
from pbxsim.core.indexes import listings, references_of, unique_keys, word_lines
from pbxsim.core.sorted import Item, Sorted
from pbxsim.core.state import State
from pbxsim.core.words import Words
from pbxsim.store.schema import Header
from pbxsim.store.tables import Rows
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
    unique: dict[tuple[str, str, str], str] = {}
    references: defaultdict[str, dict[str, None]] = defaultdict(dict)
    order: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    words: defaultdict[str, list[str]] = defaultdict(list)
    for entity in (*rows.accounts.values(), *rows.entities.values()):
        for key in unique_keys(entity):
            unique[key] = entity.id
        for target in references_of(entity):
            references[target][entity.id] = None
        for place, items in listings(entity):
            order[place].extend(items)
        if type(entity) is User:
            words[entity.account].extend(word_lines(entity))
    return State(
        accounts=Map(rows.accounts),
        entities=Map(rows.entities),
        unique=Map(unique),
        references=Map({target: tuple(sorted(sources)) for target, sources in references.items()}),
        order=Map({place: Sorted.of(items) for place, items in order.items()}),
        words=Map({account: Words.of(lines) for account, lines in words.items()}),
        secrets=Map(rows.secrets),
        bindings=Map(rows.bindings),
    )
