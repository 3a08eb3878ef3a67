"""Callflows and their versions: drafted, made Available, reassigned, deleted one by one (J5 to J8)."""

from __future__ import annotations

from typing import Any

from pbxsim.core.commands import (
    AddCallflow,
    DeleteCallflow,
    DeleteVersion,
    DraftVersion,
    MakeAvailable,
    ReassignCallflow,
    UpdateCallflow,
    UpdateVersion,
)
from pbxsim.core.entities import Callflow, Version
from pbxsim.core.refusals import NotFound
from pbxsim.core.rules.common import path
from pbxsim.server import bodies, paging, views
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer
from pbxsim.server.resource import nothing

CALLFLOWS = "/accounts/{account}/callflows"
VERSIONS = CALLFLOWS + "/{callflow}/versions"
ROUTES = (
    ("GET", CALLFLOWS, "items"),
    ("POST", CALLFLOWS, "add", AddCallflow),
    ("GET", CALLFLOWS + "/{callflow}", "item"),
    ("PATCH", CALLFLOWS + "/{callflow}", "change", UpdateCallflow),
    ("DELETE", CALLFLOWS + "/{callflow}", "delete", DeleteCallflow),
    ("POST", CALLFLOWS + "/{callflow}/reassign", "reassign", ReassignCallflow),
    ("GET", VERSIONS, "versions"),
    ("POST", VERSIONS, "draft", DraftVersion),
    ("GET", VERSIONS + "/{version}", "version"),
    ("PUT", VERSIONS + "/{version}", "edit", UpdateVersion),
    ("PATCH", VERSIONS + "/{version}", "edit", UpdateVersion),
    ("DELETE", VERSIONS + "/{version}", "delete_version", DeleteVersion),
    ("POST", VERSIONS + "/{version}/make-available", "make_available", MakeAvailable),
)


async def reassign(call: Call) -> Answer:
    """All numbers follow the other callflow, which is the answer."""
    body = await call.body()
    callflow = call.named("callflow")
    values = bodies.values(ReassignCallflow, body, {"callflow": callflow.id})
    return await call.ask(values, lambda id_: call.show(call.state.the(Callflow, id_)), callflow)


async def versions(call: Call) -> Answer:
    """Oldest first."""
    state, callflow = call.state, call.named("callflow")
    return paging.whole(views.version(state, state.the(Version, id_)) for id_ in callflow.versions)


async def version(call: Call) -> Answer:
    """One version."""
    return call.show(_version(call))


async def draft(call: Call) -> Answer:
    """A draft, with the root that is given or a copy of the newest version's."""
    body = await call.body()
    callflow = call.named("callflow")
    values = bodies.values(DraftVersion, body, {"callflow": callflow.id})

    def drafted(id_: str) -> Answer:
        made = call.state.the(Version, id_)
        shown = call.show(made)
        return call.created(shown.value, f"{path(callflow)}/versions/{made.number}", shown.headers)

    return await call.ask(values, drafted)


async def edit(call: Call) -> Answer:
    """Its root: a tree is replaced, whichever the method."""
    body = await call.body()
    found = _version(call)
    values = bodies.values(UpdateVersion, body, {"version": found.id})
    return await call.ask(values, lambda id_: call.show(call.state.the(Version, id_)), found)


async def make_available(call: Call) -> Answer:
    """It takes every number of the versions before it."""
    body = await call.body()
    found = _version(call)
    values = bodies.values(MakeAvailable, body, {"version": found.id})
    return await call.ask(values, lambda id_: call.show(call.state.the(Version, id_)), found)


async def delete_version(call: Call) -> Answer:
    """With its last version a callflow is gone."""
    found = _version(call)
    return await call.ask({"version": found.id}, nothing, found)


def _version(call: Call) -> Any:
    """The version of that number, as the path names it."""
    callflow, number = call.named("callflow"), call.params["version"]
    for id_ in callflow.versions:
        found = call.state.the(Version, id_)
        if str(found.number) == number:
            return found
    raise NotFound(f"version of callflow {callflow.name}:", number)
