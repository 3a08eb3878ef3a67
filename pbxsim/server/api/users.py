"""Users, and what is theirs for a time: logins, apps, and the places that hold them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from pbxsim.core.build import build
from pbxsim.core.commands import (
    AddUser,
    DeleteUser,
    EndLogin,
    ForcePasswordReset,
    ImportUsers,
    LogInApp,
    LogOutApp,
    RecycleUser,
    RedeemInvitation,
    ResetUser,
    SendRecovery,
    SendWelcome,
    UpdateLogin,
    UpdateUser,
)
from pbxsim.core.entities import Callflow, Mailbox, Queue, User, Version
from pbxsim.core.logins import logins
from pbxsim.core.refusals import Gone, NotFound
from pbxsim.core.rules.common import path
from pbxsim.core.rules.users import app_refused
from pbxsim.core.status import status
from pbxsim.core.values import Text
from pbxsim.server import bodies, paging, views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer, malformed
from pbxsim.server.resource import nothing
from pbxsim.world import World

USERS = "/accounts/{account}/users"
ROUTES = (
    ("GET", "/me", "me"),
    ("GET", USERS, "list_users"),
    ("POST", USERS, "add", AddUser),
    ("GET", USERS + "/{user}", "item"),
    ("PATCH", USERS + "/{user}", "change", UpdateUser),
    ("DELETE", USERS + "/{user}", "delete", DeleteUser),
    ("POST", USERS + "/{user}/reset", "act", ResetUser),
    ("POST", USERS + "/{user}/recycle", "act", RecycleUser),
    ("POST", USERS + "/{user}/force-password-reset", "act", ForcePasswordReset),
    ("POST", USERS + "/{user}/welcome-email", "act", SendWelcome),
    ("POST", USERS + "/{user}/recovery-email", "act", SendRecovery),
    ("POST", USERS + "/{user}/invitation", "act", RedeemInvitation),
    ("POST", USERS + "/import", "import_csv", ImportUsers),
    ("GET", USERS + "/{user}/login", "portal_login"),
    ("PATCH", USERS + "/{user}/login", "change_portal_login", UpdateLogin),
    ("GET", USERS + "/{user}/logins", "list_logins"),
    ("DELETE", USERS + "/{user}/logins/{login}", "end_login", EndLogin),
    ("GET", USERS + "/{user}/memberships", "memberships"),
    ("GET", USERS + "/{user}/messages", "list_messages"),
    ("POST", USERS + "/{user}/apps", "log_in_app", LogInApp),
    ("DELETE", USERS + "/{user}/apps", "log_out_apps", LogOutApp),
    ("DELETE", USERS + "/{user}/apps/{login}", "log_out_app", LogOutApp),
)


async def me(call: Call) -> Answer:
    """Who asks: a portal opens at one's own extension (C2). `user` is null for the operator and the service desk."""
    user = call.state.get(User, call.actor.user)
    return Answer(200, {"actor": call.actor.kind, "user": user and views.view(call.state, user)})


async def list_users(call: Call) -> Answer:
    """`?q=` finds extensions and words of names that begin so (U1); `?system=true` or false tells users apart (U9)."""
    return paging.users(call.state, call.account.id, call.options(*paging.OPTIONS, "system"), call.sees)


async def import_csv(call: Call) -> Answer:
    """text/csv, whole or not at all; 422 names every bad line."""
    if call.request.content_type == "application/json":
        raise malformed("The body must be the CSV file itself, as text/csv.")
    try:
        text = (await call.request.read()).decode()
    except UnicodeDecodeError as error:
        raise malformed(f"The file is not text in UTF-8: {error}") from None
    command = build(ImportUsers, {"account": call.account.id, "csv": text})
    imported: dict[str, Any] = {}

    def work(world: World) -> str:
        before = world.state.recorded
        id_ = world.execute(command, call.actor)
        for number in range(world.state.recorded, before, -1):
            event = world.state.history[number].event
            if event.kind == "users.imported":
                imported.update(event.detail)
                break
        return id_

    return await call.work(work, lambda _: Answer(201, imported))


async def portal_login(call: Call) -> Answer:
    """The Login Information tab (C4): whom the portal greets, what he logs in with, and whether he may."""
    return Answer(200, views.portal_login(call.named("user")))


async def change_portal_login(call: Call) -> Answer:
    """Stores that tab only."""
    body = await call.body()
    user = call.named("user")
    values = bodies.values(call.command, bodies.merged(body, {}), {"user": user.id})
    return await call.ask(values, lambda id_: Answer(200, views.portal_login(call.state.the(User, id_))), user)


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


async def list_messages(call: Call) -> Answer:
    """What callers have left for him (U5), in all his mailboxes; `?folder=` for those of one folder."""
    boxes = call.state.pointing_at(call.named("user").id, Mailbox)
    return paging.messages(call.state, boxes, call.options(*paging.OPTIONS, "folder"))


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
    if user is not None:
        call.may({"user": user.id, "app": typed.app})  # before anything is said of a password
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
