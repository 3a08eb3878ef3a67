"""Users, and what is theirs for a time: logins, apps, and the places that hold them."""

from __future__ import annotations

from msgspec import Struct

from pbxsim.core.commands import AddUser, DeleteUser, EndLogin, LogInApp, LogOutApp, UpdateUser
from pbxsim.core.entities import Callflow, Queue, User, Version
from pbxsim.core.logins import logins
from pbxsim.core.refusals import Gone, NotFound
from pbxsim.core.rules.common import path
from pbxsim.core.rules.users import app_refused
from pbxsim.core.status import status
from pbxsim.core.values import Text
from pbxsim.server import paging, views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer
from pbxsim.server.resource import nothing

USERS = "/accounts/{account}/users"
ROUTES = (
    ("GET", USERS, "items"),
    ("POST", USERS, "add", AddUser),
    ("GET", USERS + "/{user}", "item"),
    ("PATCH", USERS + "/{user}", "change", UpdateUser),
    ("DELETE", USERS + "/{user}", "delete", DeleteUser),
    ("GET", USERS + "/{user}/logins", "list_logins"),
    ("DELETE", USERS + "/{user}/logins/{login}", "end_login", EndLogin),
    ("GET", USERS + "/{user}/memberships", "memberships"),
    ("POST", USERS + "/{user}/apps", "log_in_app", LogInApp),
    ("DELETE", USERS + "/{user}/apps", "log_out_apps", LogOutApp),
    ("DELETE", USERS + "/{user}/apps/{login}", "log_out_app", LogOutApp),
)


async def list_logins(call: Call) -> Answer:
    """Registrations, then apps, then hot desks."""
    return paging.whole(views.login(login) for login in logins(call.state, call.named("user")))


async def end_login(call: Call) -> Answer:
    """The service desk ends one (J3a)."""
    id_ = call.params["login"]
    if id_ not in {login.id for login in logins(call.state, call.named("user"))}:
        raise NotFound("login", id_, "It may have ended already.")
    return await call.ask({"login": id_}, nothing)


async def memberships(call: Call) -> Answer:
    """The queues and the callflow versions that name the user."""
    state, user = call.state, call.named("user")
    queues = sorted(state.pointing_at(user.id, Queue), key=lambda queue: (queue.name, queue.id))
    flows = [(state.the(Callflow, version.callflow), version) for version in state.pointing_at(user.id, Version)]
    flows.sort(key=lambda pair: (pair[0].name, pair[0].id, pair[1].number))
    found: list[views.Json] = [{"kind": "queue", "id": queue.id, "name": queue.name} for queue in queues]
    found += [
        {
            "kind": "callflow",
            "id": callflow.id,
            "name": callflow.name,
            "version": version.number,
            "status": status(state, version),
        }
        for callflow, version in flows
    ]
    return paging.whole(found)


class _AppLogIn(Struct, frozen=True):
    password: str
    app: Text = "soft phone"


async def log_in_app(call: Call) -> Answer:
    """One answer to a wrong password and to a user who is gone (J9)."""
    typed = await call.read(_AppLogIn)
    try:
        user: User | None = call.named("user")
    except NotFound:
        user = None
    kept = user and call.state.secrets.get((user.id, "password"))
    if user is None or not kept or not await call.engine.verify(call.hosted, typed.password, kept):
        raise app_refused()

    def logged_in(id_: str) -> Answer:
        for login in logins(call.state, user):
            if login.id == id_:
                return call.created(views.login(login), f"{path(user)}/apps/{id_}")
        raise Gone("login", id_)

    return await call.ask({"user": user.id, "app": typed.app}, logged_in)


async def log_out_apps(call: Call) -> Answer:
    """All of the user's."""
    return await call.ask({"user": call.named("user").id}, nothing)


async def log_out_app(call: Call) -> Answer:
    """One of them."""
    return await call.ask({"user": call.named("user").id, "login": call.params["login"]}, nothing)
