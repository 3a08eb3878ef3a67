"""What the indexes know of each kind of entity, one row a kind: the keys that only one may have, whom it names, what it
is sorted by, and which lists it stands in.

The state keeps its indexes by these rows, and a law (`invariants.py`) makes all indexes anew from them. Nothing here
looks at a state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pbxsim.core.entities import (
    NOT_FORWARDED,
    NOUNS,
    Account,
    AppLogin,
    BlfKey,
    Callflow,
    CallRecord,
    Device,
    DirectoryEntry,
    Forwarding,
    HotDesk,
    Job,
    JobRow,
    Mail,
    Mailbox,
    Message,
    Number,
    Queue,
    Request,
    User,
    Version,
)
from pbxsim.core.nodes import targets, walk

NO_REFERENCES: frozenset[str] = frozenset()
FORWARDING_TO = "forwarding to "  # and a destination: the list of those users who forward to it
SYSTEM_USERS = "system user"  # the list of those users who take no seat
NOWHERE_ELSE: dict[tuple[str, str], Sequence[str]] = {}
MOST_WORDS = 16  # of a name that it is looked for by: of a longer one, those at its two ends
LATEST = 253402300800000  # the end of the year 9999 (ms)

SECRETS: dict[type, tuple[str, ...]] = {  # what each kind may have beside it; they go with it
    User: ("password", "invitation", "setup-code:mobile", "setup-code:desktop"),
    Device: ("sip", "provisioning"),
    Mailbox: ("pin",),
}


Keys = tuple[tuple[str, str, str], ...]  # what only one may have: (kind of key, account or '', key)


class Row(NamedTuple):
    """What the indexes know of one kind: its unique keys, the ids that it names, and what it is sorted by."""

    keys: Callable[[Any], Keys]
    names: Callable[[Any], frozenset[str]]
    shown: Callable[[Any], str]


def _none(entity: Any) -> Keys:
    return ()


def _nobody(entity: Any) -> frozenset[str]:
    return NO_REFERENCES


def _by_name(entity: Any) -> str:
    return str(entity.name).casefold()


def _of_user(user: User) -> Keys:
    key = ("extension", user.account, user.extension)
    return (key, ("login", "", user.login)) if user.login else (key,)


def _owner(thing: Device | Mailbox) -> frozenset[str]:
    return frozenset((thing.owner,)) if thing.owner else NO_REFERENCES


def _only(*ids: str | None) -> frozenset[str]:
    return frozenset([id_ for id_ in ids if id_])


def _in_nodes(version: Version) -> frozenset[str]:
    return frozenset(target for node in walk(version.root) for target in targets(node))


ROWS: dict[type, Row] = {
    Account: Row(lambda one: (("key", "", one.key),), _nobody, _by_name),
    User: Row(
        _of_user,
        lambda one: frozenset((one.caller_id,)) if one.caller_id else NO_REFERENCES,
        lambda one: f"{len(one.extension)}{one.extension}",  # as numbers: 204 before 1002
    ),
    Mailbox: Row(
        lambda one: (("mailbox", one.account, one.number),), _owner, lambda one: f"{len(one.number):02}{one.number}"
    ),
    Device: Row(lambda one: (("mac", "", one.mac),), _owner, lambda one: f"{one.name.casefold()}\0{one.mac}"),
    Number: Row(
        lambda one: (("e164", "", one.e164),), lambda one: _only(one.version, one.user), lambda one: str(one.e164)
    ),
    Callflow: Row(lambda one: tuple([("dialled", one.account, key) for key in one.dialled]), _nobody, _by_name),
    Version: Row(_none, _in_nodes, lambda one: f"{one.callflow}\0{one.number:06}"),
    Queue: Row(_none, lambda one: frozenset(one.members), _by_name),
    BlfKey: Row(
        lambda one: (("blf key", one.account, f"{one.device}/{one.position}"),),
        lambda one: _only(one.device, one.user),
        lambda one: f"{one.device}\0{one.position:03}",
    ),
    DirectoryEntry: Row(
        lambda one: (("directory", one.account, one.user),) if one.user else (), lambda one: _only(one.user), _by_name
    ),
    AppLogin: Row(_none, lambda one: _only(one.user), lambda one: f"{one.since:015}"),
    HotDesk: Row(_none, lambda one: _only(one.user, one.device), lambda one: f"{one.since:015}"),
    Message: Row(_none, _nobody, lambda one: f"{one.mailbox}\0{LATEST - one.time:015}"),
    CallRecord: Row(_none, _nobody, lambda one: f"{LATEST - one.start:015}"),  # the newest first
    Mail: Row(_none, _nobody, lambda one: f"{one.time:015}\0{len(one.id):02}"),  # of one moment: as they were written
    Request: Row(_none, _nobody, lambda one: f"{one.since:015}{int(one.id[1:]):012}"),  # as they came
    Job: Row(_none, _nobody, lambda one: f"{one.since:015}\0{len(one.id):02}"),
    JobRow: Row(_none, _nobody, lambda one: f"{one.job}\0{one.place:06}"),
}


def known(entity: Any) -> tuple[Keys, frozenset[str], str]:
    """What the indexes know of an entity: its unique keys, what it names, and its place in its list."""
    keys, names, shown = ROWS[type(entity)]
    return keys(entity), names(entity), f"{shown(entity)}\0{entity.id}"


def unique_keys(entity: Any) -> Keys:
    """What only one may have: (kind of key, account or '', key)."""
    return ROWS[type(entity)].keys(entity)


def references_of(entity: Any) -> frozenset[str]:
    """The ids that an entity names."""
    return ROWS[type(entity)].names(entity)


def order_item(entity: Any) -> str:
    """What an entity is sorted by in its list, and its id: "what a person sees, NUL, id"."""
    return f"{ROWS[type(entity)].shown(entity)}\0{entity.id}"


def listings(entity: Any) -> tuple[tuple[tuple[str, str], Sequence[str]], ...]:
    """All lists that an entity stands in, and as what: ((place, items), ...)."""
    item = order_item(entity)
    own = (place_of(entity), (item,))
    return (own, *apart(entity, item).items()) if type(entity) is User else (own,)


def apart(user: User, item: str) -> dict[tuple[str, str], Sequence[str]]:
    """The lists that a user stands in besides all users: system users, so that seats are counted at once (U9), and
    those who forward to one destination, so that whoever takes it away knows whom it concerns (X1). {place: items};
    `item` is the user's own `order_item`. (By the words of their names they stand in `words.py`.)"""
    if user.forwarding is NOT_FORWARDED and not user.system:  # as most
        return NOWHERE_ELSE
    found: dict[tuple[str, str], Sequence[str]] = {
        (user.account, FORWARDING_TO + key): (item,) for key in destinations(user.forwarding)
    }
    if user.system:
        found[user.account, SYSTEM_USERS] = (item,)
    return found


def destinations(forwarding: Forwarding) -> tuple[str, ...]:
    """Whatever a user's calls are forwarded to, each once."""
    named = (forwarding.always, forwarding.busy, forwarding.no_answer, *forwarding.also)
    return tuple(dict.fromkeys(key for key in named if key))


def word_lines(user: User) -> list[str]:
    """What a user stands as in the list of words: "word and what follows, NUL, order_item", for each of them."""
    item = order_item(user)
    return [f"{word}\0{item}" for word in name_words(user)]


def name_words(user: User) -> list[str]:
    """What a user's name is looked for by: the name, from each of its words on. Without accents, in lower case."""
    words = plain(f"{user.first_name} {user.last_name}").split()
    if len(words) == 2:  # as most names have
        return [words[1], f"{words[0]} {words[1]}"]
    if len(words) > MOST_WORDS:
        words = words[: MOST_WORDS // 2] + words[-MOST_WORDS // 2 :]
    found = words[-1:]
    for word in words[-2::-1]:
        found.append(f"{word} {found[-1]}")
    return found


def plain(text: str) -> str:
    """As it is looked for: in lower case, without accents. Zoë -> zoe."""
    if text.isascii():
        return text.lower()
    from unicodedata import combining, normalize

    return "".join([character for character in normalize("NFKD", text) if not combining(character)]).casefold()


def place_of(entity: Any) -> tuple[str, str]:
    """Which list an entity stands in: (account or '', noun)."""
    return ("" if type(entity) is Account else entity.account, NOUNS[type(entity)])
