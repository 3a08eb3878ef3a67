"""Lists, a page at a time: `{"items": [...], "next": cursor or null}`.

A cursor is the place behind the last item in the order that people see, so a page costs a page, and what others add,
delete or rename between two pages neither loses nor repeats the rest. It is opaque: clients send it back as it came.
"""

from __future__ import annotations

import base64
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from pbxsim.core import entities as e
from pbxsim.core.indexes import SYSTEM_USERS
from pbxsim.core.logins import device_title
from pbxsim.core.messages import messages as in_mailboxes
from pbxsim.core.refusals import Fault, Invalid
from pbxsim.core.search import people, sought
from pbxsim.core.state import EMPTY, State
from pbxsim.core.values import colons
from pbxsim.server import views
from pbxsim.server.problems import Answer

LIMIT, MOST = 100, 1000
LOOKED_AT = 10_000  # of these at most is one page chosen, however few fit a search: others wait meanwhile

OPTIONS = ("limit", "after", "q")

# What a search looks at: the text that a list shows.
_SHOWN: dict[type, Callable[[Any], str]] = {
    e.Account: lambda account: f"{account.id} {account.name}",
    e.User: lambda user: user.title,
    e.Device: lambda device: f"{device_title(device)} {device.model} {colons(device.mac)}",
    e.Callflow: lambda callflow: " ".join((callflow.name, *callflow.dialled)),
    e.Number: lambda number: f"{number.e164} {number.name}",
    e.Request: lambda request: f"{request.title} {request.status}",
    e.Queue: lambda queue: queue.name,
    e.DirectoryEntry: lambda entry: str(entry.name),
    e.BlfKey: lambda key: f"{key.position} {key.label}",
    e.Mailbox: lambda box: f"{box.number} {box.name}",
    e.Message: lambda message: f"{message.caller} {message.caller_name}",
    e.Mail: lambda mail: f"{mail.to} {mail.name} {mail.subject}",
    e.Job: lambda job: job.action,
    e.CallRecord: lambda record: f"{record.caller} {record.name} {record.to} {record.answered_by}",
}

Place = str  # "what the list is ordered by, NUL, id", as in the order indexes; '' is before all
Listed = Callable[[Place], Iterable[tuple[Place, Any]]]  # what a list holds behind a place, in order


def page(
    options: Mapping[str, str],
    listed: Listed,
    show: Callable[[Any], Any],
    text: Callable[[Any], str],
    fits: Callable[[Any], bool] = lambda item: True,
) -> Answer:
    """A page of what fits, and whose text holds what is searched for.

    A page may be short, or empty, and have a `next` all the same."""
    limit, wanted = _limit(options), options.get("q", "").casefold()
    items: list[Any] = []
    last = ""
    for looked_at, (place, item) in enumerate(listed(_place(options))):
        if len(items) == limit or looked_at == LOOKED_AT:
            return _answer(items, last)
        if (not wanted or wanted in text(item).casefold()) and fits(item):
            items.append(show(item))
        last = place
    return _answer(items, "")


def entities(
    state: State,
    account: str,
    type_: type,
    options: Mapping[str, str],
    fits: Callable[[Any], bool] = lambda entity: True,
) -> Answer:
    """A page of everything of that kind in an account ('' for the accounts themselves)."""
    listed = partial(behind, state, account, type_)
    return page(options, listed, partial(views.view, state), _SHOWN[type_], fits)


def behind(state: State, account: str, type_: type, after: Place) -> Iterator[tuple[Place, Any]]:
    """Everything of that kind behind a place, in order."""
    for place in state.order.get((account, e.NOUNS[type_]), EMPTY).after(after):
        yield place, state.get(type_, place.rpartition("\0")[2])


def users(
    state: State, account: str, options: Mapping[str, str], sees: Callable[[Any], bool] = lambda user: True
) -> Answer:
    """A page of users; `system` for system users or people only. A search costs what it shows: it finds extensions and
    words of names that begin so, by extension and then by that word."""
    system = options.get("system", "")
    if system not in ("", "true", "false"):
        raise Invalid([Fault("/system", f"must be true or false, not {system!r}")])
    begins = sought(options.get("q", ""))
    rest = {name: value for name, value in options.items() if name != "q"}

    def listed(after: Place) -> Iterator[tuple[Place, Any]]:
        if begins:
            return people(state, account, begins, after)
        if system != "true":
            return behind(state, account, e.User, after)
        apart = state.order.get((account, SYSTEM_USERS), EMPTY).after(after)
        return ((place, state.get(e.User, place.rpartition("\0")[2])) for place in apart)

    def fits(user: e.User | None) -> bool:
        return user is not None and system in ("", "true" if user.system else "false") and sees(user)

    return page(rest, listed, partial(views.view, state), _SHOWN[e.User], fits)


FOLDERS = typing.get_args(e.Folder)


def messages(state: State, boxes: Iterable[e.Mailbox], options: Mapping[str, str]) -> Answer:
    """A page of what callers have left in these mailboxes, the newest first in each; `folder` for one folder."""
    folder = options.get("folder", "")
    if folder not in ("", *FOLDERS):
        raise Invalid([Fault("/folder", f"must be one of {', '.join(FOLDERS)}, not {folder!r}")])
    of_owner = list(boxes)
    return page(
        options,
        lambda after: in_mailboxes(state, of_owner, after),
        partial(views.view, state),
        _SHOWN[e.Message],
        lambda message: folder in ("", message.folder),
    )


def few(options: Mapping[str, str], things: Mapping[str, Any], show: Callable[[Any], Any]) -> Answer:
    """A page of things that no index keeps in order, by their ids."""

    def listed(after: Place) -> Iterator[tuple[Place, Any]]:
        for place in sorted(place for id_ in things if (place := f"{id_}\0") > after):
            yield place, (place[:-1], things[place[:-1]])

    return page(options, listed, lambda item: show(item[1]), lambda item: str(item[0]))


def whole(items: Iterable[Any]) -> Answer:
    """A short list, in one page."""
    return _answer(list(items), "")


def _answer(items: list[Any], last: Place) -> Answer:
    return Answer(200, {"items": items, "next": _cursor(last) if last else None})


def _cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place(options: Mapping[str, str]) -> Place:
    cursor = options.get("after")
    if cursor is None:
        return ""
    try:
        place = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except ValueError:
        place = ""
    if "\0" not in place:
        raise Invalid([Fault("/after", "must be the `next` of another page of this list")])
    return place


def _limit(options: Mapping[str, str]) -> int:
    said = options.get("limit", str(LIMIT))
    if said.isascii() and said.isdigit() and len(said) <= 4 and 1 <= int(said) <= MOST:
        return int(said)
    raise Invalid([Fault("/limit", f"must be a whole number from 1 to {MOST}, not {said!r}")])
