"""Queues and who is assigned to them (J4)."""

from __future__ import annotations

from msgspec import UNSET, structs

from pbxsim.core.commands import AddMember, AddQueue, DeleteQueue, LogInAgent, LogOutAgent, RemoveMember, UpdateQueue
from pbxsim.core.entities import Queue, User
from pbxsim.core.refusals import NotFound
from pbxsim.core.rules import stages
from pbxsim.core.rules.common import member_ids, named, resolve, update
from pbxsim.core.state import Change


def add(change: Change, command: AddQueue) -> str:
    """Names need not be unique: people tell queues apart themselves."""
    members = member_ids(change, command.members, "/members")
    queue = Queue(change.new_id("q"), change.account.id, command.name, members, strategy=command.strategy)
    change.put(queue)
    change.event("queue.added", queue.id, name=queue.name)
    return queue.id


def update_queue(change: Change, command: UpdateQueue) -> str:
    """Who is moved out of "assigned" and saved is no longer part of it."""
    queue = change.state.the(Queue, command.queue)
    members = command.members
    if members is not UNSET:
        members = member_ids(change, members, "/members", keep=queue.members)
        queue = _without_agents(change, queue, set(queue.agents) - set(members))
    update(change, queue, {"name": command.name, "members": members, "strategy": command.strategy})
    return queue.id


def delete(change: Change, command: DeleteQueue) -> str:
    """Nothing points at a queue yet, so nothing stands in the way."""
    queue = change.state.the(Queue, command.queue)
    change.drop(queue)
    change.event("queue.deleted", queue.id, name=queue.name)
    return queue.id


def add_member(change: Change, command: AddMember) -> str:
    """Adding who is there already changes nothing."""
    queue = change.state.the(Queue, command.queue)
    user = named(change, User, command.user, "/user")
    if user.id not in queue.members:
        change.put(structs.replace(queue, members=(*queue.members, user.id), revision=queue.revision + 1))
        change.event("queue.member_added", queue.id, name=queue.name, user=user.id)
    return queue.id


def remove_member(change: Change, command: RemoveMember) -> str:
    """Raises NotFound for somebody who is not in the queue."""
    queue = change.state.the(Queue, command.queue)
    user = resolve(change.state, change.account.id, User, command.user)
    id_ = user.id if user else command.user  # a dead id may still be a member (P4)
    if id_ not in queue.members:
        raise NotFound(f"member of queue {queue.name}:", command.user)
    without(change, queue, id_)
    return queue.id


def without(change: Change, queue: Queue, user: str) -> None:
    """A member leaves, as an agent too."""
    queue = _without_agents(change, queue, {user})
    members = tuple(member for member in queue.members if member != user)
    change.put(structs.replace(queue, members=members, revision=queue.revision + 1))
    change.event("queue.member_removed", queue.id, name=queue.name, user=user)


def log_in_agent(change: Change, command: LogInAgent) -> str:
    """Only who is assigned can take a queue's calls; being logged in already changes nothing."""
    queue = change.state.the(Queue, command.queue)
    user = named(change, User, command.user, "/user")
    if user.id not in queue.members:
        raise NotFound(f"member of queue {queue.name}:", command.user, "Assign the user to the queue first.")
    if user.id not in queue.agents:
        change.put(structs.replace(queue, agents=(*queue.agents, user.id), revision=queue.revision + 1))
        change.event("queue.agent_logged_in", queue.id, name=queue.name, user=user.id)
        stages.nudge(change)
    return queue.id


def log_out_agent(change: Change, command: LogOutAgent) -> str:
    """Whoever is not logged in stays so."""
    queue = change.state.the(Queue, command.queue)
    user = resolve(change.state, change.account.id, User, command.user)
    return _without_agents(change, queue, {user.id if user else command.user}).id


def _without_agents(change: Change, queue: Queue, gone: set[str]) -> Queue:
    """The queue after these have left it, as far as they were there."""
    for id_ in [agent for agent in queue.agents if agent in gone]:
        agents = tuple(agent for agent in queue.agents if agent != id_)
        queue = structs.replace(queue, agents=agents, revision=queue.revision + 1)
        change.put(queue)
        change.event("queue.agent_logged_out", queue.id, name=queue.name, user=id_)
    return queue
