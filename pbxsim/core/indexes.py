"""What the indexes know of each kind of entity, one row a kind: the keys that only one may have, whom it names, what it
is sorted by, and which lists it stands in.

The state keeps its indexes by these rows, and a law (`invariants.py`) makes all indexes anew from them. Nothing here
looks at a state.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
    Entity,
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
USER_WORDS = "user by word"  # the list of users by the words of their names: "word and what follows, NUL, order_item"
MOST_WORDS = 16  # of a name that it is looked for by: of a longer one, those at its two ends
LATEST = 253402300800000  # the end of the year 9999 (ms)

SECRETS: dict[type, tuple[str, ...]] = {  # what each kind may have beside it; they go with it
    User: ("password", "invitation", "setup-code:mobile", "setup-code:desktop"),
    Device: ("sip", "provisioning"),
    Mailbox: ("pin",),
}


def known(entity: Entity) -> tuple[tuple[tuple[str, str, str], ...], frozenset[str], str]:
    """What the indexes know of an entity: its unique keys, what it names, and its place in its list."""
    return unique_keys(entity), references_of(entity), order_item(entity)


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
    if kind is BlfKey:
        return (("blf key", entity.account, f"{entity.device}/{entity.position}"),)
    if kind is DirectoryEntry and entity.user:
        return (("directory", entity.account, entity.user),)
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
    if kind is BlfKey:
        return frozenset((entity.device, entity.user)) if entity.user else frozenset((entity.device,))
    if kind is DirectoryEntry:
        return frozenset((entity.user,)) if entity.user else NO_REFERENCES
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
    if kind is CallRecord:
        return f"{LATEST - entity.start:015}"  # the newest first
    if kind is Mail:
        return f"{entity.time:015}\0{len(entity.id):02}"  # of one moment: as they were written
    if kind is Message:
        return f"{entity.mailbox}\0{LATEST - entity.time:015}"
    if kind is Request:
        return f"{entity.since:015}{int(entity.id[1:]):012}"  # as they came
    if kind is Job:
        return f"{entity.since:015}\0{len(entity.id):02}"
    if kind is JobRow:
        return f"{entity.job}\0{entity.place:06}"
    if kind is BlfKey:
        return f"{entity.device}\0{entity.position:03}"
    return str(entity.name).casefold()


def listings(entity: Any) -> tuple[tuple[tuple[str, str], Sequence[str]], ...]:
    """All lists that an entity stands in, and as what: ((place, items), ...)."""
    item = order_item(entity)
    own = (place_of(entity), (item,))
    return (own, *apart(entity, item).items()) if type(entity) is User else (own,)


def apart(user: User, item: str) -> dict[tuple[str, str], Sequence[str]]:
    """The lists that a user stands in besides all users: system users, so that seats are counted at once (U9), names by
    each of their words, so that a search costs what it shows (U1), and those who forward to one destination, so that
    whoever takes it away knows whom it concerns (X1). {place: items}; `item` is the user's own `order_item`."""
    found: dict[tuple[str, str], Sequence[str]] = {}
    words = name_words(user)
    if words:
        found[user.account, USER_WORDS] = [f"{word}\0{item}" for word in words]
    if user.forwarding is not NOT_FORWARDED:
        for key in destinations(user.forwarding):
            found[user.account, FORWARDING_TO + key] = (item,)
    if user.system:
        found[user.account, SYSTEM_USERS] = (item,)
    return found


def destinations(forwarding: Forwarding) -> tuple[str, ...]:
    """Whatever a user's calls are forwarded to, each once."""
    named = (forwarding.always, forwarding.busy, forwarding.no_answer, *forwarding.also)
    return tuple(dict.fromkeys(key for key in named if key))


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
