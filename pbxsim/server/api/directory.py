"""The directory with the names that it shows, and the keys that watch users (C7).

Where a directory keeps nothing, its entries are its users under their own ids: they can be read, and there is nothing
to change.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pbxsim.core.commands import (
    AddBlfKey,
    AddDirectoryEntry,
    DeleteBlfKey,
    DeleteDirectoryEntry,
    UpdateBlfKey,
    UpdateDirectoryEntry,
)
from pbxsim.core.directory import entry_of, kept
from pbxsim.core.entities import BlfKey, DirectoryEntry, User
from pbxsim.core.refusals import NotFound
from pbxsim.server import bodies, paging, views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer
from pbxsim.server.resource import created

DIRECTORY = "/accounts/{account}/directory"
KEYS = "/accounts/{account}/blf-keys"
ROUTES = (
    ("GET", DIRECTORY, "entries"),
    ("POST", DIRECTORY, "add", AddDirectoryEntry),
    ("GET", DIRECTORY + "/{entry}", "entry"),
    ("PATCH", DIRECTORY + "/{entry}", "change_entry", UpdateDirectoryEntry),
    ("DELETE", DIRECTORY + "/{entry}", "delete", DeleteDirectoryEntry),
    ("GET", KEYS, "keys"),
    ("POST", KEYS, "add_key", AddBlfKey),
    ("GET", KEYS + "/{blf_key}", "item"),
    ("PATCH", KEYS + "/{blf_key}", "change", UpdateBlfKey),
    ("DELETE", KEYS + "/{blf_key}", "delete", DeleteBlfKey),
)


def _keeps(call: Call) -> bool:
    return kept(call.world.nature.platforms[call.account.platform], call.account)


async def entries(call: Call) -> Answer:
    """A page of it: kept entries by name, users by extension."""
    options = call.options(*paging.OPTIONS)
    if _keeps(call):
        return paging.entities(call.state, call.account.id, DirectoryEntry, options)
    state, account = call.state, call.account.id

    def listed(after: str) -> Iterator[tuple[str, DirectoryEntry]]:
        for place, user in paging.behind(state, account, User, after):
            if not user.system:
                yield place, entry_of(user)

    return paging.page(options, listed, partial(views.view, state), lambda entry: str(entry.name))


async def entry(call: Call) -> Answer:
    """One entry, by its id or by whose it is."""
    key = call.params["entry"]
    try:
        user: User | None = call.find("user", key)
    except NotFound:
        user = None
    if user is None or _keeps(call):
        return call.show(call.find("entry", key if user is None else user.id))
    if user.system:
        raise NotFound("entry", key, "Users who stand for a part of the routing are in no directory.")
    return call.show(entry_of(user))


async def change_entry(call: Call) -> Answer:
    """A name of null is the user's present one."""
    body = await call.body()
    subject = call.named("entry")
    values = bodies.values(UpdateDirectoryEntry, body, {"entry": subject.id})
    return await call.ask(values, lambda id_: call.show(call.state.the(DirectoryEntry, id_)), subject)


async def keys(call: Call) -> Answer:
    """A page of them, device by device."""
    return paging.entities(call.state, call.account.id, BlfKey, call.options(*paging.OPTIONS), call.sees)


async def add_key(call: Call) -> Answer:
    """The device by id or MAC address."""
    values = bodies.values(AddBlfKey, await call.body(), {})
    if isinstance(values.get("device"), str):
        values["device"] = call.find("device", values["device"]).id
    return await call.ask(values, lambda id_: created(call, call.state.the(BlfKey, id_)))
