"""Queues, and who is assigned to them (J4)."""

from __future__ import annotations

from pbxsim.core.commands import AddMember, AddQueue, DeleteQueue, LogInAgent, LogOutAgent, RemoveMember, UpdateQueue
from pbxsim.core.entities import User
from pbxsim.server import paging
from pbxsim.server.call import Call
from pbxsim.server.problems import Answer
from pbxsim.server.resource import nothing

QUEUES = "/accounts/{account}/queues"
ROUTES = (
    ("GET", QUEUES, "items"),
    ("POST", QUEUES, "add", AddQueue),
    ("GET", QUEUES + "/{queue}", "item"),
    ("PATCH", QUEUES + "/{queue}", "change", UpdateQueue),
    ("DELETE", QUEUES + "/{queue}", "delete", DeleteQueue),
    ("GET", QUEUES + "/{queue}/members", "members"),
    ("PUT", QUEUES + "/{queue}/members/{member}", "assign", AddMember),
    ("DELETE", QUEUES + "/{queue}/members/{member}", "move_out", RemoveMember),
    ("PUT", QUEUES + "/{queue}/agents/{member}", "assign", LogInAgent),
    ("DELETE", QUEUES + "/{queue}/agents/{member}", "move_out", LogOutAgent),
)


async def members(call: Call) -> Answer:
    """In the order in which they were assigned; whoever has been deleted since has no extension (P4)."""
    found = [(id_, call.state.get(User, id_)) for id_ in call.named("queue").members]
    return paging.whole(
        {
            "id": id_,
            "extension": user and user.extension,
            "name": user.name if user else "",
            "logged_in": id_ in call.named("queue").agents,
        }
        for id_, user in found
    )


async def assign(call: Call) -> Answer:
    """A user, by id or extension; once more changes nothing."""
    queue, user = call.named("queue"), call.find("user", call.params["member"])
    return await call.ask({"queue": queue.id, "user": user.id}, nothing, queue)


async def move_out(call: Call) -> Answer:
    """A user, who may have been deleted since (P4)."""
    queue = call.named("queue")
    return await call.ask({"queue": queue.id, "user": call.params["member"]}, nothing, queue)
